"""The benchmark of the pages opens every page, weighs it, and says what is too slow."""

from benchmarks.desk_addresses import NOT_OPENED, Addresses, pages_of
from benchmarks.desk_pages import Opened, application, filled, first_load_kilobytes, table, verdict

TRIED = (
    *("start.show", "people.show", "cases.show", "cases.move", "referrals.proposal", "agreements.show"),
    *("provider.read", "network.actor", "imports.show", "planning.run", "admin.account", "audit.show"),
)
"""A page of each area; all are opened by the benchmark itself."""


def test_pages_of_a_large_office_open_and_are_light(tmp_path):
    store, _, large = filled(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "desk.key", 200)
    app = application(store)
    pages = pages_of(app, Addresses(store, large), 1)
    client, wrong = app.test_client(), {}
    for name in TRIED:
        ((path, token),) = pages[name]
        client.set_cookie("sitzung", token, domain="127.0.0.1")
        answer = client.get(path, base_url="http://127.0.0.1")
        if answer.status_code != 200 or first_load_kilobytes(answer.data) > 150:
            wrong[name] = answer.status_code, first_load_kilobytes(answer.data)
    store.engine.dispose()
    assert wrong == {}
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert endpoints == pages.keys() | NOT_OPENED


def test_what_is_too_slow_or_too_heavy_is_named_and_stands_first():
    found = {
        "schnell": Opened((10.0, 20.0), (5.0, 6.0), 90.0),
        "langsam": Opened((10.0, 250.0), (5.0, 90.0), 160.0),
    }
    assert verdict(found) == (
        "Over 200 ms at p95 by the clock: langsam; of the processor alone: none. Over 150 kB: langsam."
    )
    assert table(found).index("langsam") < table(found).index("schnell")

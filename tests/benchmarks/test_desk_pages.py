"""The benchmark of the pages opens every page, weighs it, and says what is too slow."""

from benchmarks.desk_addresses import NOT_OPENED, Addresses, pages_of
from benchmarks.desk_pages import Opened, application, filled, first_load_kilobytes, table, verdict


def test_every_page_opens_and_is_light(tmp_path):
    store, _, large = filled(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "desk.key", 200)
    app = application(store)
    pages = pages_of(app, Addresses(store, large), 1)
    pages.pop("referrals.best")  # the first one waits for the compiler of the engine
    client, wrong = app.test_client(), {}
    for name, ((path, token),) in pages.items():
        client.set_cookie("sitzung", token, domain="127.0.0.1")
        answer = client.get(path, base_url="http://127.0.0.1")
        if answer.status_code != 200:
            wrong[name] = answer.status_code
    store.engine.dispose()
    assert wrong == {}
    assert first_load_kilobytes(answer.data) < 150
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert endpoints == pages.keys() | NOT_OPENED | {"referrals.best"}


def test_what_is_too_slow_or_too_heavy_is_named_and_stands_first():
    found = {"schnell": Opened((10.0, 20.0), 90.0), "langsam": Opened((10.0, 250.0), 160.0)}
    assert verdict(found) == "Over 200 ms at p95: langsam. Over 150 kB: langsam."
    assert table(found).index("langsam") < table(found).index("schnell")

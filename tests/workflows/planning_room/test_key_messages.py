"""What a council reads first: each sentence from a table that is shown, and none from what is hidden."""

import pytest

from workflows.planning_room.key_messages import key_messages
from workflows.planning_room.tables import Column, FigureTable, Report, words_of
from workflows.small_cells import Hidden

LOOKS = {
    **dict.fromkeys(("waiting_median", "saved_days", "at_least_days", "at_most_days"), "number"),
    **dict.fromkeys(("promised_wait_days", "came_wait_days"), "number"),
    **dict.fromkeys(("people", "people_unmet", "lost_people"), "count"),
    **dict.fromkeys(("promise_kept", "within_30_km"), "share"),
    **{"kind": "kind", "breaks_at": "kind", "mostly_because": "reason", "start": "date", "who": "who"},
}


def a_table(key, *rows, bar=None):
    columns = tuple(Column(name, LOOKS.get(name, "text")) for name in rows[0])
    return FigureTable(key, columns, [list(row.values()) for row in rows], bar)


def wait(kind, people, median):
    return {"kind": kind, "people": people, "waiting_median": median}


def gap(kind, people, why=None):
    return {"kind": kind, "people_unmet": people, "mostly_because": why}


def a_report(*tables):
    return Report(("title.actual", {}), [], tables)


PARTS = {
    "figures": a_report(
        a_table("actual-all", {"who": "everybody", "waiting_median": 14.6}),
        a_table("actual-kind", wait("placement-test", 30, 8.0), wait("job/intake", 9, 77.0)),
    ),
    "forecast": a_report(
        a_table(
            "forecast-all",
            {"who": "everybody", "promised_wait_days": 14.0, "came_wait_days": 23.0, "promise_kept": 0.65},
        )
    ),
    "gaps": a_report(
        a_table("missing-kind", gap("placement-test", 6, "full"), gap("job/intake", 9, "half-day")),
        a_table(
            "group-savings",
            {"offering": "Kurs", "actor": "vhs", "start": None, "saved_days": 66.4}
            | {"at_least_days": 50.0, "at_most_days": 81.0},
        ),
    ),
    "analysis": a_report(
        a_table("failures", {"actor": "Jobcenter", "lost_people": 22}),
        a_table(
            "coverage",
            {"who": "everybody", "within_30_km": 0.68, "breaks_at": "job/intake"},
            bar="within_30_km",
        ),
    ),
}


def said(parts, lang="de"):
    return {message.key: message.told(words_of(lang), {}) for message in key_messages(parts)}


def changed(part, *tables):
    keys = {table.key for table in tables}
    kept = [table for table in PARTS[part].tables if table.key not in keys]
    return {**PARTS, part: a_report(*kept, *tables)}


def test_every_sentence_has_its_figure_and_names_what_is_greatest():
    found = said(PARTS)
    assert {key: figure for key, (figure, _) in found.items()} == {
        **{
            "wait": "77 Tage",
            "gap": "9 Menschen",
            "group": "66 Tage",
            "kept": "65\N{NO-BREAK SPACE}% gehalten",
        },
        **{"failure": "22 Menschen", "coverage": "68\N{NO-BREAK SPACE}% erreicht", "uncertain": "Vorbehalt"},
    }
    assert "„Aufnahme bei der Arbeitsvermittlung“" in found["wait"][1] and "15 Tage" in found["wait"][1]
    assert "falsche Tageszeit" in found["gap"][1] and "innerhalb von 30 km" in found["coverage"][1]
    assert "mindestens 50 und höchstens 81 Tage" in found["group"][1]
    assert said(PARTS, "en")["wait"][0] == "77 days"


@pytest.mark.parametrize("hidden", Hidden)
def test_what_is_hidden_is_never_said(hidden):
    waits = a_table("actual-kind", wait("placement-test", 30, 8.0), wait("job/intake", hidden, None))
    assert said(changed("figures", waits))["wait"][0] == "8 Tage"
    gaps = a_table("missing-kind", gap("placement-test", 6, None), gap("job/intake", hidden, None))
    found = said(changed("gaps", gaps))
    assert "gap" not in found and found["gap-alone"][0] == "6 Menschen"
    assert "sind 1 verdeckt" in found["uncertain"][1]
    assert not {"gap", "gap-alone"} & said(changed("gaps", a_table("missing-kind", gap("x", hidden)))).keys()


def test_a_share_that_is_hidden_gives_way_to_the_waits():
    row = {"who": "everybody", "promised_wait_days": 14.0, "came_wait_days": 23.0, "promise_kept": None}
    found = said(changed("forecast", a_table("forecast-all", row)))
    assert "kept" not in found and found["promised"][0] == "23 Tage"
    row |= {"promised_wait_days": None}
    assert not {"kept", "promised"} & said(changed("forecast", a_table("forecast-all", row))).keys()


def test_without_a_plan_or_figures_the_rest_is_said():
    parts = {name: report for name, report in PARTS.items() if name != "gaps"}
    assert said(parts).keys() == {"wait", "kept", "failure", "coverage", "uncertain"}
    assert said({name: Report(("title.actual", {}), [], []) for name in parts}).keys() == {"uncertain"}

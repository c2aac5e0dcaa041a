"""How full groups were, which were cancelled, who did not come: by hand, never about fewer than five."""

from dataclasses import replace
from datetime import date, timedelta

from plans.referral_table import Reason, ReferralState
from store import tables as t
from store.queries.planning_room import Appeared, BegunGroup
from tests.store.builders import TODAY, a_referral, described
from tests.workflows.planning_runs.builders import a_place
from workflows.kept import KEPT_FOR
from workflows.planning_room.running import (
    Running,
    is_cancelled,
    read_running,
    read_running_tables,
    running_tables,
)
from workflows.planning_room.tables import table_data
from workflows.small_cells import Hidden

DAY = date(2026, 2, 2)
NOBODY_ELSE = {"kind": {}, "month": {}, "": {}}


def a_group(begun=6, elsewhere=0, minimum=0, gone_on=None, seats=12, kind="integration-course"):
    return BegunGroup(kind, DAY, seats, elsewhere, minimum, gone_on, begun)


def tables(groups=(), starts=(), beside=NOBODY_ELSE):
    return [table_data(table) for table in running_tables(Running(tuple(groups), tuple(starts)), beside)]


def test_use_is_counted_over_the_groups_that_opened():
    (row,) = tables([a_group(), a_group(begun=3, elsewhere=3), a_group(begun=0, minimum=8)])[0]
    assert (row["groups"], row["cancelled_groups"], row["seats"], row["used_share"]) == (3, 1, 24, 0.5)


def test_a_group_is_cancelled_where_it_was_taken_back_by_its_start_or_nobody_came():
    assert is_cancelled(a_group(gone_on=DAY))
    assert is_cancelled(a_group(begun=0, minimum=1))
    assert not is_cancelled(a_group(gone_on=DAY + timedelta(days=1)))
    assert not is_cancelled(a_group(begun=0))


def test_seats_used_by_fewer_than_five_are_no_share():
    assert tables([a_group(begun=4)])[0][0]["used_share"] is None
    assert tables([a_group(begun=0)])[0][0]["used_share"] == 0.0


def test_no_shows_are_a_share_where_both_sides_are_many():
    starts = [Appeared(f"p{n}", DAY, came=n >= 5) for n in range(20)]
    assert tables(starts=starts)[1] == [
        {"month": "everybody", "no_shows": 0.25},
        {"month": "2026-02-01", "no_shows": 0.25},
    ]
    assert tables(starts=starts[1:])[1] == [{"month": "everybody", "no_shows": "hidden"}], "four did not come"
    assert tables(starts=[*starts, Appeared("p20", DAY, True)])[1][0]["no_shows"] == 0.25, "of 21, not exact"
    later = [Appeared(f"q{n}", DAY + timedelta(days=40), came=n >= 3) for n in range(9)]
    assert tables(starts=[*starts, *later])[1] == [{"month": "everybody", "no_shows": 0.3}], "three in March"


def test_what_would_count_out_few_beside_those_who_have_begun_is_hidden():
    """Two of twelve have begun otherwise than by referral; or the number of all who have is hidden."""
    starts = [Appeared(f"p{n}", DAY, came=True) for n in range(10)]
    month, kind = DAY.replace(day=1), "integration-course"
    for many, shown in ((10, True), (12, False), (Hidden.PROTECTING, False), (15, True)):
        beside = {"kind": {kind: many}, "month": {month: many}, "": {"everybody": many}}
        use, missed = tables([a_group(begun=10)], starts, beside)
        assert (missed[0]["no_shows"] != "hidden", use[0]["used_share"] is not None) == (shown, shown)


def test_groups_and_starts_are_read_from_the_store(store):
    place = a_place(store)
    slot = place.group(start_in_days=-10)
    place.group(start_in_days=10)
    came, missed = place.person()[0], place.person()[0]
    with place.unit() as uow:
        a_referral(uow, came, slot, ReferralState.COMPLETED, started_on=TODAY, ended_on=TODAY)
        a_referral(uow, missed, slot, ReferralState.FAILED, reason=Reason.NO_SHOW, ended_on=TODAY)
        described(uow).commit()
    running = read_running(place.planner(), "musterkreis")
    assert [(group.seats, group.begun) for group in running.groups] == [(20, 1)]
    assert sorted(one.came for one in running.appearances) == [False, True]
    assert place.row(t.slot, slot)["kind"].startswith(running.groups[0].kind)


def test_tables_that_are_kept_follow_every_change_of_a_group_or_a_referral(store):
    place = a_place(store)
    slot = place.group(start_in_days=-10)

    def shown():
        use, missed = read_running_tables(place.planner(), "musterkreis")
        running = read_running(place.planner(), "musterkreis")
        assert (use, missed) == running_tables(running, NOBODY_ELSE)
        return table_data(use)[0]["groups"], [row["no_shows"] for row in table_data(missed)]

    assert shown() == (1, [])
    needs = [place.person()[0] for _ in range(5)]
    with place.unit() as uow:
        for need in needs:
            a_referral(uow, need, slot, ReferralState.COMPLETED, started_on=TODAY, ended_on=TODAY)
        described(uow).commit()
    assert shown() == (1, [0.0, 0.0])
    group = place.group(start_in_days=-20)
    assert shown() == (2, [0.0, 0.0])
    soon = place.store.now() + KEPT_FOR / 2
    place.store = replace(place.store, now=lambda: soon)
    place.changed(t.slot_group, place.row(t.slot, group)["slot_group_id"], start_on=TODAY + timedelta(days=9))
    assert shown() == (1, [0.0, 0.0])

"""Whatever people do with one group in whatever order, no seat is given twice and none is lost."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext, suppress
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.fault import PlanFault
from plans.referral_table import Reason, ReferralState
from store import tables as t
from store.engine import make_engine
from store.faults import NoSeat
from store.seats import resize
from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.store.builders import a_unit, described
from tests.workflows.referrals.towns import DAY, TODAY, a_town
from workflows.consents.giving import withdraw_consent
from workflows.referrals import advancing, office, provider

PEOPLE, MOST_SEATS = 3, 3
Steps = list[tuple[str, int]]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "join", "accept", "reject", "wait", "cancel", "withdraw", "resize"]),
        st.integers(0, PEOPLE - 1),
    ),
    min_size=4,
    max_size=14,
)


class Group:
    """A new group of the town, and people who want to get into it."""

    def __init__(self, town, number: int, seats: int) -> None:
        self.town = town
        self.id, self.slot = town.with_group(f"mix-{number}", seats=seats)
        self.people = [town.with_person(f"Person Muster {number}-{n}") for n in range(PEOPLE)]
        self.consents = [town.with_consent(person) for person, _ in self.people]
        self.referrals: dict[int, str] = {}

    @property
    def row(self) -> dict:
        return self.town.row(t.slot_group, self.id)

    @property
    def free(self) -> int:
        return self.row["seats"] - self.row["booked_elsewhere"] - self.row["taken"]

    def state(self, n: int) -> ReferralState | None:
        """Where the open referral of somebody stands."""
        if n not in self.referrals:
            return None
        state = self.town.row(t.referral, self.referrals[n])["state"]
        return None if state.is_end else state

    def do(self, step: str, n: int) -> None:
        """Do a step; what the rules refuse is refused, and leaves nothing behind."""
        with suppress(PlanFault):
            getattr(self, step)(n)

    def ask(self, n: int) -> None:
        if self.state(n) is None:
            drafted = office.draft_referral(self.town.anna, self.people[n][1], self.slot)
            self.referrals[n] = drafted["referral_id"]
        self._taking(office.request_seat, self.town.anna, n, False)

    def join(self, n: int) -> None:
        if self.state(n) is ReferralState.DRAFT:
            self._act(office.join_waitlist, self.town.anna, n, TODAY + 10 * DAY)

    def accept(self, n: int) -> None:
        if self.state(n) is ReferralState.WAITLISTED:
            self._taking(provider.accept_referral, self.town.vhs_desk, n)
        elif self.state(n) is ReferralState.REQUESTED:
            self._act(provider.accept_referral, self.town.vhs_desk, n)

    def reject(self, n: int) -> None:
        if self.state(n) in (ReferralState.REQUESTED, ReferralState.WAITLISTED):
            self._act(provider.reject_referral, self.town.vhs_desk, n, Reason.NO_CAPACITY)

    def wait(self, n: int) -> None:
        if self.state(n) is ReferralState.REQUESTED:
            self._act(provider.waitlist_referral, self.town.vhs_desk, n, TODAY + 10 * DAY)

    def cancel(self, n: int) -> None:
        if self.state(n) is not None:
            self._act(office.cancel_referral, self.town.anna, n, Reason.TOOK_A_JOB)

    def withdraw(self, n: int) -> None:
        version = self.town.row(t.consent, self.consents[n])["version"]
        withdraw_consent(self.town.anna, self.consents[n], version)

    def resize(self, seats: int) -> None:
        """The provider changes how many seats there are; never below those that are taken."""
        fits = self.row["taken"] <= seats
        with a_unit(self.town.store) as uow, _refused_unless(fits):
            resize(uow, self.id, seats)
            described(uow).commit()

    def check(self) -> None:
        """The count of the group is that of the referrals that hold a seat of it."""
        states = Counter(row["state"] for row in self.town.rows(t.referral, slot_group_id=self.id))
        holding = sum(number for state, number in states.items() if state.has_seat)
        assert self.row["taken"] == holding <= self.row["seats"] - self.row["booked_elsewhere"]

    def _taking(self, workflow, desk, n: int, *more) -> None:
        if self.state(n) in (ReferralState.DRAFT, ReferralState.WAITLISTED):
            with _refused_unless(self.free > 0):
                self._act(workflow, desk, n, *more)

    def _act(self, workflow, desk, n: int, *more) -> None:
        workflow(desk, self.referrals[n], self.town.version(self.referrals[n]), *more)


def _refused_unless(possible: bool):
    return nullcontext() if possible else pytest.raises(NoSeat)


@pytest.fixture
def town(make_url):
    """On SQLite: races on both databases are in ``tests/reliability``."""
    engine = make_engine(make_url("sqlite"))
    yield a_town(Store(engine, KeyRing.make()))
    engine.dispose()


def test_seats_are_counted_right_in_every_order_of_steps(town):
    numbers = count()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(1, MOST_SEATS), STEPS)
    def in_every_order(seats: int, steps: Steps) -> None:
        group = Group(town, next(numbers), seats)
        for step, n in steps:
            group.do(step, n)
            group.check()

    in_every_order()


def test_a_seat_that_is_not_given_back_would_be_seen(town, monkeypatch):
    """Control of the test before."""
    monkeypatch.setattr(advancing, "give_back", lambda unit, group_id: None)
    group = Group(town, 0, seats=1)
    group.do("ask", 0)
    group.check()
    group.do("cancel", 0)
    with pytest.raises(AssertionError):
        group.check()

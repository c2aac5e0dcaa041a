from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import ClassVar

import pytest

from network.distance import distance_km
from network.kinds import SLOT_KINDS
from network.model import Region, Slot, Supply
from plans.fault import PlanFault
from plans.fictional import fiction
from plans.generator import PARENT, PARTNERS, deal_profiles, fictional_households
from plans.model import Gender, Household, Need, Person
from plans.templates import profiles
from tests.plans.builders import TODAY, TOWN, a_region


def people_of(households: tuple[Household, ...]) -> list[Person]:
    return [person for household in households for person in household.members]


def supply_of(region: Region) -> Supply:
    return region.slots(TODAY, TODAY + timedelta(days=730))


@pytest.fixture(scope="module")
def many() -> tuple[Household, ...]:
    return fictional_households(a_region(), 600, seed=7)


def test_the_same_seed_gives_the_same_households() -> None:
    region = a_region()
    supply = supply_of(region)
    assert fictional_households(region, 60, 3, supply=supply) == fictional_households(
        region, 60, 3, supply=supply
    )


def test_another_seed_gives_other_households() -> None:
    assert fictional_households(a_region(), 60, 3) != fictional_households(a_region(), 60, 4)


@pytest.mark.parametrize("people", [0, 1, 2, 37, 150])
def test_there_are_as_many_people_as_asked_for(people: int) -> None:
    assert len(people_of(fictional_households(a_region(), people, 1))) == people


def test_a_negative_number_of_people_is_refused() -> None:
    with pytest.raises(PlanFault, match="people"):
        fictional_households(a_region(), -1, 1)


def test_a_region_without_towns_is_refused() -> None:
    with pytest.raises(PlanFault, match="no towns"):
        fictional_households(a_region(towns=()), 3, 1)


def test_150_people_have_about_600_needs() -> None:
    needs = sum(len(person.needs) for person in people_of(fictional_households(a_region(), 150, 1)))
    assert 500 <= needs <= 700


@pytest.mark.parametrize("people", [8, 150, 1001])
def test_profiles_are_dealt_by_their_shares(people: int) -> None:
    dealt = Counter(entry.key for entry in deal_profiles(people, Random(1)))
    assert all(abs(dealt[entry.key] - entry.share * people) < 1 for entry in profiles())
    assert dealt.total() == people


def test_progress_is_told_up_to_the_last_person() -> None:
    told: list[tuple[int, int]] = []
    fictional_households(a_region(), 20, 1, lambda done, total: told.append((done, total)))
    assert told[-1] == (20, 20)
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_everybody_is_recognisably_fictional_and_can_be_told_apart(many: tuple[Household, ...]) -> None:
    names = [person.name for person in people_of(many)]
    assert len(set(names)) == len(names)
    surnames = {name.split()[1] for name in names}
    assert all(surname.startswith(("Muster", "Beispiel")) for surname in surnames)


def test_ids_are_unique(many: tuple[Household, ...]) -> None:
    for ids in (
        [household.id for household in many],
        [person.id for person in people_of(many)],
        [need.id for household in many for need in household.needs()],
    ):
        assert len(set(ids)) == len(ids)


def test_about_55_percent_are_women_and_the_tag_agrees(many: tuple[Household, ...]) -> None:
    people = people_of(many)
    women = [person for person in people if person.gender is Gender.FEMALE]
    assert 0.48 < len(women) / len(people) < 0.62
    assert {person.id for person in people if "female" in person.tags} == {person.id for person in women}


def test_everybody_under_27_and_nobody_else_is_tagged_so(many: tuple[Household, ...]) -> None:
    for person in people_of(many):
        assert ("under27" in person.tags) == (person.age_years(TODAY) < 27)


def test_homes_lie_near_the_towns_and_the_larger_town_has_more(many: tuple[Household, ...]) -> None:
    towns = {town.place.name: town.place for town in a_region().towns}
    assert all(distance_km(household.home, towns[household.home.name]) < 15 for household in many)
    homes = Counter(household.home.name for household in many)
    assert homes["Probestadt"] > homes["Probedorf"] > 0


def test_most_people_go_as_far_as_the_largest_town(many: tuple[Household, ...]) -> None:
    reaching = [
        distance_km(household.home, TOWN) <= person.max_travel_km
        for household in many
        for person in household.members
    ]
    assert 0.85 < sum(reaching) / len(reaching) < 1


def test_most_wait_already_and_some_are_announced(many: tuple[Household, ...]) -> None:
    first = [person.needs[0].earliest_on for person in people_of(many)]
    waiting = sum(day <= TODAY for day in first) / len(first)
    assert 0.6 < waiting < 0.8
    assert max(first) <= TODAY + timedelta(days=240)


def test_arrival_entitlement_and_registration_follow_each_other(many: tuple[Household, ...]) -> None:
    for person in people_of(many):
        for need in person.needs:
            assert need.entitled_on is not None
            assert person.arrived_on <= need.entitled_on <= need.earliest_on


def test_nobody_was_analysed_in_the_future_and_everybody_has_a_next_appointment(
    many: tuple[Household, ...],
) -> None:
    for person in people_of(many):
        assert person.analysis.analysed_on <= TODAY
        assert person.plan.next_appointment_on is not None
        assert person.plan.next_appointment_on > TODAY


def test_some_have_their_first_steps_behind_them(many: tuple[Household, ...]) -> None:
    courses = [
        p for p in people_of(many) if p.needs[0].kind.startswith(("integration-course", "literacy-course"))
    ]
    assert 0.05 < len(courses) / len(people_of(many)) < 0.3
    assert all(person.needs[0].after is None for person in courses)


def test_couples_share_childcare_in_one_household(many: tuple[Household, ...]) -> None:
    shared = [household for household in many if household.shared_childcare]
    assert len(shared) > 10
    for household in shared:
        first, second = household.members
        assert first.profile == PARENT
        assert second.profile in PARTNERS
        assert "parent" in second.tags
        assert any(child.needs_care and child.age_years(TODAY) < 6 for child in household.children)
    assert all(len(household.members) == 1 for household in many if not household.shared_childcare)


def test_every_need_is_of_a_kind_that_the_network_knows(many: tuple[Household, ...]) -> None:
    assert {need.kind for household in many for need in household.needs()} <= SLOT_KINDS.keys()


def test_every_profile_and_every_first_language_is_drawn(many: tuple[Household, ...]) -> None:
    assert {person.profile for person in people_of(many)} == {entry.key for entry in profiles()}
    languages = {person.analysis.languages[0] for person in people_of(many)}
    assert languages == set(fiction().given_names)


def test_without_a_supply_nothing_is_booked(many: tuple[Household, ...]) -> None:
    assert all(not need.fixed_slot and not need.proposed_slot for h in many for need in h.needs())


class TestBookings:
    """Bookings keep the rules of the planning problem."""

    supply = supply_of(a_region())
    slots: ClassVar[dict[str, Slot]] = {slot.id: slot for slot in supply.slots}
    households = fictional_households(a_region(), 400, 5, supply=supply)

    def booked(self) -> list[tuple[Household, Person, Need, Slot]]:
        return [
            (household, person, need, self.slots[slot_id])
            for household in self.households
            for person in household.members
            for need in person.needs
            if (slot_id := need.fixed_slot or need.proposed_slot)
        ]

    def test_a_few_first_steps_are_booked_or_proposed(self) -> None:
        fixed = [need for _, _, need, _ in self.booked() if need.fixed_slot]
        proposed = [need for _, _, need, _ in self.booked() if need.proposed_slot]
        assert 3 < len(fixed) < 40
        assert 5 < len(proposed) < 80
        assert all(need.after is None for need in fixed + proposed)

    def test_every_booking_suits_the_person(self) -> None:
        for household, person, need, slot in self.booked():
            assert slot.kind == need.kind
            assert slot.start_on >= max(TODAY, need.earliest_on)
            assert slot.times <= person.times
            assert slot.requires <= person.tags
            assert need.features <= slot.features
            assert slot.place is not None
            assert distance_km(household.home, slot.place) <= person.max_travel_km

    def test_no_more_is_booked_than_there_are_free_seats(self) -> None:
        seats = {capacity.id: capacity for capacity in self.supply.capacities}
        taken = Counter(use for _, _, need, slot in self.booked() if need.fixed_slot for use in slot.uses)
        assert all(count <= seats[use].seats for use, count in taken.items())
        assert all(seats[use].min_participants <= 1 for use in taken)


def test_the_day_of_waiting_can_be_chosen() -> None:
    today = date(2027, 3, 1)
    earliest = [
        p.needs[0].earliest_on for p in people_of(fictional_households(a_region(), 80, 1, today=today))
    ]
    assert min(earliest) < today < max(earliest)

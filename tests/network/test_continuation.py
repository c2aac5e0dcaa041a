"""An announced programme goes on: the last year of each offering comes again, services do not stop."""

from datetime import date, timedelta

from region_builders import TODAY, a_group, a_region, a_service, a_stock, an_actor, an_offering

from network.continuation import YEAR, continued

UNTIL = TODAY + timedelta(days=1000)


def a_region_with(*dated):
    offerings = [
        an_offering("kurs", "vhs", "integration-course"),
        an_offering("test", "vhs", "placement-test"),
        an_offering("kita", "vhs", "childcare/place"),
    ]
    return a_region([an_actor("vhs")], offerings, dated)


def starts(region):
    return sorted(group.start_on for group in region.groups.values())


def test_a_group_comes_again_on_the_same_weekday_until_the_last_day():
    first = TODAY + timedelta(days=14)
    found = starts(continued(a_region_with(a_group("g", "kurs", first)), UNTIL))
    assert found == [first, first + YEAR, first + 2 * YEAR]
    assert {day.weekday() for day in found} == {first.weekday()}


def test_only_the_last_announced_year_of_an_offering_comes_again():
    early, late = TODAY + timedelta(days=14), TODAY + timedelta(days=14 + 400)
    found = starts(continued(a_region_with(a_group("a", "kurs", early), a_group("b", "kurs", late)), UNTIL))
    assert found == [early, late, late + YEAR]


def test_what_runs_already_is_not_repeated():
    running = TODAY - timedelta(days=14)
    assert starts(continued(a_region_with(a_group("g", "kurs", running)), UNTIL)) == [running]


def test_places_come_again_with_their_number():
    stock = continued(a_region_with(a_stock("k", "kita", TODAY, number=3)), UNTIL).stock
    assert [(one.free_on, one.number) for one in stock.values()] == [(TODAY + n * YEAR, 3) for n in range(3)]


def test_a_service_of_a_year_goes_on_and_a_short_one_ends():
    long = a_service("long", "test", TODAY, TODAY + timedelta(days=400))
    short = a_service("short", "test", TODAY, TODAY + timedelta(days=60))
    services = continued(a_region_with(long, short), UNTIL).services
    assert services["long"].last_on == UNTIL
    assert services["short"].last_on == date(2027, 1, 22)


def test_every_way_in_keeps_an_id_of_its_own():
    region = continued(a_region_with(a_group("g", "kurs", TODAY), a_stock("k", "kita", TODAY)), UNTIL)
    slots = region.slots(TODAY, UNTIL).slots
    assert len({slot.id for slot in slots}) == len(slots) == 6

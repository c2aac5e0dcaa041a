"""Which chains lead from a situation to a goal, and where they break."""

from datetime import date

import pytest
from region_builders import TODAY, a_group, a_network, a_service, an_actor, an_offering, refers

from network.chains import BreakCode, chains_to, kind_routes

LAST = date(2028, 6, 1)
TEST_DATES = {
    "counsel": a_service("c", "counsel", TODAY, TODAY),
    "test": a_service("t", "test", date(2026, 12, 1), date(2026, 12, 1)),
    "kurs": a_group("k", "kurs", date(2027, 1, 4), modules=7),
    "b2": a_group("b", "b2", date(2027, 8, 2), module_days=100),
}


def a_chain(actors="abcd", links=("ab", "bc", "cd"), without=(), b2_level="B1"):
    """Counselling, test, course and B2 at four actors that hand on to each other."""
    kinds = ("counselling/case-management", "placement-test", "integration-course", "vocational-language/B2")
    offerings = [
        an_offering(name, actor, kind)
        for name, actor, kind in zip(("counsel", "test", "kurs"), actors, kinds[:3], strict=False)
    ]
    offerings[2] = an_offering("kurs", actors[2], kinds[2], level_out="B1")
    offerings.append(an_offering("b2", actors[3], kinds[3], level_in=b2_level))
    offerings = [offering for offering in offerings if offering.id not in without]
    kept = {offering.id for offering in offerings}
    dated = [row for name, row in TEST_DATES.items() if name in kept and f"{name}-dates" not in without]
    network = a_network(
        [an_actor(actor) for actor in sorted(set(actors))],
        offerings,
        dated,
        [refers(*link) for link in links],
    )
    chains = chains_to(network, "B2", {"arrived"}, TODAY)
    route = kinds
    return next(chain for chain in chains if tuple(step.kind for step in chain.steps) == route)


def test_a_whole_chain_holds_and_says_when_it_is_done():
    chain = a_chain()
    assert chain.holds
    assert [step.earliest.id for step in chain.steps] == [
        "c-2026-11-23",
        "t-2026-12-01",
        "k-from-1",
        "b-from-1",
    ]
    assert chain.done_on == date(2027, 11, 9)


def breaks_of(chain):
    return [(one.code, one.kind, one.after) for one in chain.breaks]


def test_a_kind_that_nobody_offers_breaks_the_chain():
    assert breaks_of(a_chain(without=("test",))) == [
        (BreakCode.NO_OFFERING, "placement-test", "counselling/case-management")
    ]


def test_an_offering_without_a_slot_in_time_breaks_the_chain_and_says_from_when():
    chain = a_chain(without=("b2-dates",))
    assert breaks_of(chain) == [(BreakCode.NO_SLOT, "vocational-language/B2", "integration-course")]
    assert chain.breaks[0].from_on == date(2027, 7, 19)
    assert chain.breaks[0].evidence == ("b2",)


def test_actors_that_do_not_work_together_break_the_chain():
    assert breaks_of(a_chain(links=("ab", "cd"))) == [
        (BreakCode.NO_COOPERATION, "integration-course", "placement-test")
    ]


def test_one_actor_needs_no_cooperation_with_itself():
    assert a_chain(actors="aabb", links=("ab",)).holds


def test_an_offering_that_asks_for_more_than_the_step_before_reaches_is_a_level_gap():
    assert breaks_of(a_chain(b2_level="B2")) == [
        (BreakCode.LEVEL_GAP, "vocational-language/B2", "integration-course")
    ]


def test_a_level_that_nobody_states_is_no_gap():
    assert a_chain(b2_level=None).holds


def test_a_full_slot_is_no_way_in():
    offerings = [an_offering("c", "a", "counselling/case-management")]
    network = a_network([an_actor("a")], offerings, [a_service("s", "c", TODAY, LAST, seats=0)])
    chains = chains_to(network, "counselled", {"arrived"}, TODAY)
    assert BreakCode.NO_SLOT in [one.code for chain in chains for one in chain.breaks]


@pytest.mark.parametrize(
    ("goal", "held", "routes"),
    [
        ("tested", {"informed"}, {("placement-test",)}),
        ("C1", {"B1"}, {("vocational-language/B2", "vocational-language/C1")}),
        ("qualified", {"assessed"}, {("qualification/adaptation",)}),
        ("working", {"B2"}, {("job/intake",)}),
        ("B1", {"B2"}, {()}),
    ],
)
def test_routes_start_from_what_is_reached_already(goal, held, routes):
    assert set(kind_routes(goal, held)) == routes


def test_no_route_has_a_step_that_it_could_do_without():
    for route in kind_routes("working", {"arrived"}):
        assert len(set(route)) == len(route)
        assert not {"vocational-language/C1", "childcare/place"} & set(route)
        assert not {"integration-course", "vocational-language/A2-B1"} <= set(route)


def test_an_unknown_goal_is_refused():
    with pytest.raises(KeyError):
        kind_routes("rich", {"arrived"})


def test_a_course_may_be_joined_only_at_the_level_brought_along():
    course = a_group("k", "kurs", date(2026, 10, 1), modules=7, module_days=60, entry_modules=(1, 3, 5))
    network = a_network([an_actor("a")], [an_offering("kurs", "a", "integration-course")], [course])
    beginners = chains_to(network, "B1", {"tested"}, TODAY)[0]
    assert beginners.steps[0].earliest is None
    advanced = chains_to(network, "B1", {"tested", "A2"}, TODAY)
    course_chain = next(c for c in advanced if c.steps[0].kind == "integration-course")
    assert course_chain.steps[0].earliest.kind == "integration-course/from-3"

"""The coordinator's filter hides only what is known not to fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from network.graph import SupportNetwork
from network.kinds import kind_of
from network.model import CEFR_LEVELS, Region, Slot
from web.map_drawing import draw_map
from workflows.network_view import NetworkView, actor_view, network_choices, network_view, read_network_filter
from workflows.offer_fit import NetworkFilter, in_band
from workflows.session import RegionDesk


def seen(desk: RegionDesk, **asked: str) -> NetworkView:
    found, faults = read_network_filter(asked, network_choices(desk.network))
    assert not faults
    return network_view(desk.network, found)


def with_slots(desk: RegionDesk, region: Region, slots: Iterable[Slot]) -> SupportNetwork:
    return SupportNetwork(region, replace(desk.network.supply, slots=tuple(slots)))


def test_without_a_filter_every_offering_is_listed(desk: RegionDesk, sparse_desk: RegionDesk) -> None:
    for one in (desk, sparse_desk):
        assert {offer.offering.id for offer in seen(one).offers} == set(one.region.offerings)


def test_a_kind_lists_just_that_kind(desk: RegionDesk) -> None:
    assert {offer.offering.kind for offer in seen(desk, kind="integration-course").offers} == {
        "integration-course"
    }


def test_evenings_list_only_ways_in_on_evenings(desk: RegionDesk) -> None:
    for offer in seen(desk, kind="integration-course", half_day="ev").offers:
        for start in offer.starts:
            assert offer.call_first or all(in_band(time, "ev") for time in start.slot.times)


def test_a_level_lists_what_somebody_with_it_can_join_and_gains_from(desk: RegionDesk) -> None:
    offers = seen(desk, level="A2").offers
    kinds = {offer.offering.kind for offer in offers}
    assert {"childcare/place", "integration-course"} <= kinds  # what asks for no level stays
    for offer in offers:
        goal = offer.offering.level_out or kind_of(offer.offering.kind).level_out
        assert goal is None or CEFR_LEVELS.index(goal) > CEFR_LEVELS.index("A2")
    beginners = {start.slot.kind for offer in seen(desk, level="A0").offers for start in offer.starts}
    assert "integration-course/from-1" in beginners
    assert not any(kind.startswith("integration-course/from-3") for kind in beginners)


def test_a_level_that_nobody_has_stated_never_hides_an_offer(desk: RegionDesk) -> None:
    offering = next(one for one in desk.region.offerings.values() if one.kind == "coaching/voucher")
    row = replace(offering, level_in=None, level_out="B2")
    region = replace(desk.region, offerings={**desk.region.offerings, row.id: row})
    view = network_view(with_slots(desk, region, desk.slots.values()), NetworkFilter(level="B1"))
    assert [offer.unknown for offer in view.offers if offer.offering.id == row.id] == [("level",)]


def test_free_seats_leave_out_full_dates(desk: RegionDesk) -> None:
    assert all(start.free_seats > 0 for offer in seen(desk, free="1").offers for start in offer.starts)


def test_the_distance_is_kept_and_online_offers_stay(desk: RegionDesk) -> None:
    offers = seen(desk, town="Musterstadt", km="5").offers
    assert all(offer.travel_km is None or offer.travel_km <= 5 for offer in offers)
    assert any(offer.place is None for offer in offers)
    assert any(offer.travel_km is not None for offer in offers)


def test_what_a_partner_has_not_said_never_hides_an_offer(desk: RegionDesk) -> None:
    offering = next(one for one in desk.region.offerings.values() if not one.features)
    silent = replace(offering, features=frozenset(), unstated=offering.unstated | {"features"})
    stating = replace(silent, unstated=silent.unstated - {"features"})
    for row, call_first in ((silent, True), (stating, False)):
        region = replace(desk.region, offerings={**desk.region.offerings, row.id: row})
        slots = [
            replace(slot, features=frozenset()) if slot.offering_id == row.id else slot
            for slot in desk.slots.values()
        ]
        view = network_view(with_slots(desk, region, slots), NetworkFilter(feature="childcare"))
        assert [offer.unknown for offer in view.offers if offer.offering.id == row.id] == (
            [("features",)] if call_first else []
        )


def test_an_offering_without_dates_is_shown_with_call_first(desk: RegionDesk) -> None:
    offering = next(iter(desk.region.offerings.values()))
    slots = [slot for slot in desk.slots.values() if slot.offering_id != offering.id]
    view = network_view(with_slots(desk, desk.region, slots), NetworkFilter())
    assert [offer.unknown for offer in view.offers if offer.offering.id == offering.id] == [("dates",)]
    assert view.offers[-1].call_first


def test_the_earliest_start_comes_first(desk: RegionDesk) -> None:
    sure = [offer for offer in seen(desk).offers if not offer.call_first and offer.starts]
    starts = [offer.starts[0].slot.start_on for offer in sure]
    assert starts == sorted(starts)


def test_an_actor_shows_its_cooperation_in_both_directions(desk: RegionDesk) -> None:
    link = desk.region.cooperations[0]
    sender, receiver = actor_view(desk.network, link.from_actor), actor_view(desk.network, link.to_actor)
    assert sender and receiver
    assert link in [one for one, _ in sender.outgoing]
    assert link in [one for one, _ in receiver.incoming]
    assert actor_view(desk.network, "nobody") is None


def test_the_map_shows_every_place_and_names_each_town_once(
    desk: RegionDesk, sparse_desk: RegionDesk
) -> None:
    for one in (desk, sparse_desk):
        view = network_view(one.network, NetworkFilter())
        drawing = draw_map(view, None, None)
        assert drawing is not None
        assert sum(point.offers for point in drawing.points) == len(view.offers) - view.online_offers
        assert all(0 <= p.x <= drawing.width and 0 <= p.y <= drawing.height for p in drawing.points)
        names = [label.text for label in drawing.labels]
        assert len(names) == len(set(names)) > 0

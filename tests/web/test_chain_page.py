"""The counsellor sees the chain as the plan has it, with true waits and true reasons."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient

from web.timeline import draw_timeline
from workflows.chain_view import StepState, chain_view
from workflows.people_view import people_view
from workflows.referral_view import referral_view
from workflows.session import RegionDesk


def test_waits_and_unserved_steps_are_those_of_the_independent_check(desk: RegionDesk) -> None:
    waits, unserved = {}, []
    for person_id in desk.people:
        chain = chain_view(desk, person_id, with_reasons=False)
        assert chain is not None
        for step in chain.steps:
            if step.state is StepState.PROPOSED:
                waits[step.need.id] = step.waiting_days
            elif step.state is StepState.OPEN:
                unserved.append(step.need.id)
    assert waits == desk.best.check.waiting_days
    assert sorted(unserved) == sorted(desk.best.check.unserved)


def test_every_step_has_a_reason_in_both_languages(desk: RegionDesk) -> None:
    for person_id in desk.people:
        chain = chain_view(desk, person_id)
        assert chain is not None
        for step in chain.steps:
            assert step.reasons
            for reason in step.reasons:
                assert reason.text("de") != reason.text("en")
                assert "{" not in reason.text("de") + reason.text("en")


def test_earliest_is_only_said_where_nothing_earlier_was_possible(desk: RegionDesk) -> None:
    for need_id, step in desk.steps.items():
        view = referral_view(desk, step.person.id, need_id)
        assert view is not None
        if any(reason.code == "earliest" for reason in view.step.reasons):
            assert view.step.slot is not None
            offers = desk.advice.recommendation(need_id).offers
            assert all(offer.start_on >= view.step.slot.start_on for offer in offers)


def test_the_chosen_slot_of_a_proposed_step_is_marked_once(desk: RegionDesk) -> None:
    for need_id, slot_id in desk.best.plan.items():
        chosen = [offer.slot for offer in desk.advice.recommendation(need_id).offers if offer.chosen]
        assert chosen == ([slot_id] if slot_id else [])


def test_a_step_shows_at_most_five_referrals_and_every_other_slot_of_its_kind_with_a_rule(
    desk: RegionDesk,
) -> None:
    need_id, step = next(iter(desk.steps.items()))
    view = referral_view(desk, step.person.id, need_id)
    assert view is not None
    assert len(view.cards) <= 5
    of_kind = [slot for slot in desk.slots.values() if slot.kind == step.need.kind]
    assert len(view.cards) + view.more_offers + sum(group.count for group in view.excluded) == len(of_kind)
    for group in view.excluded:
        for excluded in group.shown:
            assert "{" not in excluded.text("de") + excluded.text("en")


def test_the_timeline_keeps_within_its_axis_and_in_order(desk: RegionDesk) -> None:
    for person_id in desk.people:
        chain = chain_view(desk, person_id, with_reasons=False)
        assert chain is not None
        drawing = draw_timeline(chain, desk.today)
        assert 0 <= drawing.today <= 100
        assert len(drawing.labelled) <= 6
        for row in drawing.rows:
            for span in (row.access, row.wait, row.bar):
                assert span is None or (span.at >= 0 and span.width > 0 and span.at + span.width <= 100.7)
            if row.wait and row.bar:
                assert abs(row.wait.at + row.wait.width - row.bar.at) < 0.05


def test_a_person_page_shows_each_date_of_the_chain(client: FlaskClient, desk: RegionDesk) -> None:
    person_id = next(iter(desk.people))
    chain = chain_view(desk, person_id, with_reasons=False)
    assert chain is not None
    german, english = (client.get(f"/people/{person_id}?lang={lang}").text for lang in ("de", "en"))
    for step in chain.steps:
        if step.slot:
            day: date = step.slot.start_on
            assert f"{day:%d.%m.%Y}" in german
            assert f"{day.day} {day:%b %Y}" in english


def test_the_list_puts_first_who_lacks_a_seat_then_who_waits_longest(desk: RegionDesk) -> None:
    view, _, faults = people_view(desk, {})
    assert not faults and len(view.rows) == view.total == len(desk.people)
    order = [(["open", "late", "fine"].index(row.state), -row.waited_days) for row in view.rows]
    assert order == sorted(order)
    assert sum(view.counts.values()) == view.total


def test_the_list_filters_by_state_town_and_name(desk: RegionDesk) -> None:
    everybody, _, _ = people_view(desk, {})
    row = everybody.rows[0]
    asked = {"state": row.state, "town": row.chain.household.home.name, "text": row.chain.person.name}
    view, _, _ = people_view(desk, asked)
    assert [one.chain.person.id for one in view.rows] == [row.chain.person.id]

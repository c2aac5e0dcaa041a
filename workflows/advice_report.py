"""What is said of one need (Auskunft in Worten): lines of text, and the same as data for other programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import matching
from workflows.advice import PlannedProblem
from workflows.wording import Words, date_text, number_text

TEXTS = Path(__file__).parent / "advice_texts", Path(__file__).parent / "texts"
Rows = list[list[str]]


def offer_rows(planned: PlannedProblem, found: matching.Recommendation, lang: str) -> Rows:
    """Return a table of the offers, its header first; empty where there are none."""
    words = Words(lang, *TEXTS)
    if not found.offers:
        return []
    columns = ("slot", "start", "wait", "way", "own", "chain", "others", "total", "actor", "mark")
    rows = [[words(f"column.{name}") for name in columns]]
    for offer in found.offers:
        facts = planned.slot_facts(offer.slot)
        costs = (offer.own_cost, offer.chain_cost, offer.others_cost, offer.total)
        rows.append(
            [
                offer.slot,
                date_text(offer.start_on, lang),
                words.count("days", offer.waiting_days),
                _way(offer.travel_km, words),
                *(number_text(cost, lang, 1) for cost in costs),
                facts.actor,
                words("planned") if offer.chosen else "",
            ]
        )
    return rows


def offer_lines(planned: PlannedProblem, found: matching.Recommendation, lang: str) -> tuple[str, list[str]]:
    """Return the line above the table of offers, and the lines below it."""
    words = Words(lang, *TEXTS)
    about = {"need": found.need, "person": planned.person_of(found.need), "kind": planned.kind_of(found.need)}
    above = words("offers" if found.offers else "no-offers", **about)
    counts = Counter(one.rule for one in found.excluded)
    below = [words("units")] if found.offers else []
    return above, below + _excluded(counts, words)


def explanation_lines(planned: PlannedProblem, found: matching.Explanation, lang: str) -> list[str]:
    """Return why a need has its slot, or why it has none, in a few lines."""
    words = Words(lang, *TEXTS)
    lines = [words("about", need=found.need, kind=planned.kind_of(found.need))]
    if found.offer:
        offer = found.offer
        wait = words.count("days", offer.waiting_days)
        lines[0] += " " + words("slot", slot=offer.slot, start=offer.start_on, wait=wait)
    else:
        lines[0] += " " + words("none")
    lines.append(found.text(lang))
    lines += _excluded(found.refused, words)
    if found.before:
        lines += explanation_lines(planned, found.before, lang)
    if found.alternative:
        lines += _alternative(found.alternative, words)
    if not found.before:
        lines += _help(found, words)
    return lines


def _excluded(counts: dict[str, int] | Counter[str] | Any, words: Words) -> list[str]:
    if not counts:
        return []
    parts = (
        f"{matching.rule_text(rule, words.lang)} ({number_text(n, words.lang)})" for rule, n in counts.items()
    )
    return [words("excluded", n=sum(counts.values()), rules="; ".join(parts))]


def _alternative(one: matching.Alternative, words: Words) -> list[str]:
    lines = [
        words("alternative.taken" if one.taken else "alternative.free", slot=one.slot, start=one.start_on)
    ]
    own, chain = _signed(one.own_cost, words), _signed(one.chain_cost, words)
    if one.others_cost is None:
        lines[0] += " " + words("alternative.nobody", own=own, chain=chain)
    else:
        others, total = _signed(one.others_cost, words), _signed(one.total, words)
        lines[0] += " " + words("alternative.cost", own=own, chain=chain, others=others, total=total)
    if one.gives_way:
        lines[0] += " " + words("alternative.gives-way", need=one.gives_way)
    return lines


def _help(found: matching.Explanation, words: Words) -> list[str]:
    if found.offer or found.cause == "not-worth":
        return []
    if not found.help:
        return [words("help.nothing")]
    lines = [words("help.some")]
    for one in found.help:
        changes = f" {words('help.and')} ".join(remedy.text(words.lang) for remedy in one.remedies)
        text = words("help.one", changes=changes, slot=one.offer.slot, start=one.offer.start_on)
        lines.append(text + ("" if one.serves else " " + words("help.only-before")))
    return lines


def _way(travel_km: float | None, words: Words) -> str:
    return words("online") if travel_km is None else f"{number_text(travel_km, words.lang, 1)} km"


def _signed(cost: float, words: Words) -> str:
    text = number_text(cost, words.lang, 1)
    return text if text.startswith("-") or cost < 0.05 else f"+{text}"


def recommendation_data(planned: PlannedProblem, found: matching.Recommendation) -> dict[str, Any]:
    """Return a recommendation as plain data: ids, ISO dates, weighted waiting days."""
    return {
        "need": found.need,
        "person": planned.person_of(found.need),
        "kind": planned.kind_of(found.need),
        "offers": [_offer_data(planned, offer) for offer in found.offers],
        "excluded": [
            {"slot": one.slot, "rule": one.rule, "values": dict(one.values)} for one in found.excluded
        ],
    }


def explanation_data(planned: PlannedProblem, found: matching.Explanation) -> dict[str, Any]:
    """Return an explanation as plain data."""
    return {
        "need": found.need,
        "kind": planned.kind_of(found.need),
        "cause": found.cause,
        "values": dict(found.values),
        "text": {lang: found.text(lang) for lang in ("de", "en")},
        "offer": _offer_data(planned, found.offer) if found.offer else None,
        "excluded": dict(found.refused),
        "alternative": _alternative_data(found.alternative) if found.alternative else None,
        "help": [_help_data(planned, one) for one in found.help],
        "before": explanation_data(planned, found.before) if found.before else None,
    }


def _offer_data(planned: PlannedProblem, offer: matching.Offer) -> dict[str, Any]:
    facts = planned.slot_facts(offer.slot)
    return {
        **asdict(offer),
        "start_on": offer.start_on.isoformat(),
        "total": offer.total,
        "offering": facts.offering,
        "actor": facts.actor,
    }


def _alternative_data(one: matching.Alternative) -> dict[str, Any]:
    total = None if one.others_cost is None else one.total
    return {**asdict(one), "start_on": one.start_on.isoformat(), "total": total}


def _help_data(planned: PlannedProblem, one: matching.Help) -> dict[str, Any]:
    return {
        "changes": [
            {
                "code": remedy.code,
                "values": dict(remedy.values),
                "text": {lang: remedy.text(lang) for lang in ("de", "en")},
            }
            for remedy in one.remedies
        ],
        "effort": one.effort,
        "serves": one.serves,
        "offer": _offer_data(planned, one.offer),
    }

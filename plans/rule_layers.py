"""Regeln in Schichten: what an office sets goes before what comes with the project, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches

from plans.fault import Fault, PlanFault
from plans.rules import SIMILAR_SHOWN, Rule, RuleBook

_A_DAY = timedelta(days=1)


def overlaid(base: RuleBook, above: RuleBook) -> RuleBook:
    """Lay one rule book over another.

    Parameters
    ----------
    base : RuleBook
        Holds on every day for which the other one says nothing of a rule.
    above : RuleBook
        Goes before it.

    Raises
    ------
    PlanFault
        Where a rule does not fit (see `check_fits`).
    """
    check_fits(base, above)
    kept = [
        (part, base.place(rule))
        for key in base.known()
        for rule in base.history(key)
        for part in _outside(rule, above.entries(key))
    ]
    set_here = [(rule, above.place(rule)) for key in above.known() for rule in above.history(key)]
    # A special rule of either layer may end: the general one holds then.
    return RuleBook((*kept, *set_here), may_have_gaps=True)


def check_fits(base: RuleBook, above: RuleBook) -> None:
    """Refuse rules that nobody would ask for, or that are counted otherwise than the code expects.

    Raises
    ------
    PlanFault
        Names every entry of `above` whose unit, or name (up to a dot), is not in `base`.
    """
    faults: list[Fault] = []
    for key in above.known():
        units = {rule.unit for rule in base.entries(key.partition(".")[0])}
        for rule in above.history(key):
            place = above.place(rule)
            if not units:
                similar = ", ".join(get_close_matches(key, base.known(), SIMILAR_SHOWN, cutoff=0))
                faults.append(place.fault("unknown-rule", key=key, allowed=similar))
            elif rule.unit not in units:
                allowed = ", ".join(sorted(units))
                faults.append(place.fault("unknown-value", field="unit", value=rule.unit, allowed=allowed))
    if faults:
        raise PlanFault(*faults)


def check_bounds(book: RuleBook, bounds: Mapping[str, tuple[float, float]]) -> None:
    """Refuse values with which nobody could work.

    Parameters
    ----------
    book : RuleBook
        What is checked.
    bounds : mapping of str to tuple of float
        Lowest and highest value by name of the rule.

    Raises
    ------
    PlanFault
        Names every entry outside.
    """
    faults = [
        book.place(rule).fault(
            "out-of-range", field="value", value=f"{rule.value:g}", allowed=f"{low:g}–{high:g}"
        )
        for key, (low, high) in bounds.items()
        for rule in book.entries(key)
        if not low <= rule.value <= high
    ]
    if faults:
        raise PlanFault(*faults)


def _outside(rule: Rule, upper: tuple[Rule, ...]) -> Iterator[Rule]:
    """What remains of an entry outside of the days for which the upper layer has one."""
    if not upper:
        yield rule
        return
    first_on, last_on = upper[0].valid_from, upper[-1].valid_until
    if rule.valid_from < first_on:
        day_before = first_on - _A_DAY
        yield replace(rule, valid_until=min(rule.valid_until or day_before, day_before))
    if last_on is not None and (rule.valid_until is None or rule.valid_until > last_on):
        yield replace(rule, valid_from=max(rule.valid_from, last_on + _A_DAY))

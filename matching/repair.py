"""An earlier plan made allowed again (Planreparatur): what may stay stays, the rest is booked anew.

1. Everybody keeps what they held, as far as the rules and the seats still allow; where seats have become
   fewer, who has waited longest keeps theirs.
2. Groups that have fallen below their minimum are filled by the people to whom that costs least.
3. Whoever has lost a slot, or had none, is booked by the exact program over the seats left.
4. Groups that are still below their minimum are filled or dissolved, whichever is cheaper.

Leaving an earlier slot costs ``reluctance`` extra days in all of this, so nobody moves for a small gain.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit

from matching.booking import State, load_values, new_state, occupy, release, shortage, solve_unit
from matching.candidates import Candidates
from matching.pricing import INFINITE, Longs
from matching.problem import Flags, Floats, Parameters, Plan, Problem

NODES = 60  # overlap branches for one booking
KEPT = 1e9  # worth of an old slot in the first step: as many as possible stay
JOINED = 1e7  # worth of joining a group that is to be filled
PUSH = 25.0  # cost of a missing participant while the others are booked, weighted waiting days
NEEDED = 1e5  # the same for who might join another group: nobody leaves one that needs them
LATER = 200.0  # the same where two ways out of a short group are compared
WORTH_FILLING = 0.5  # a group with a smaller share of its minimum is dissolved without trying to fill it


@dataclass(frozen=True)
class Repair:
    """What has become of an earlier plan.

    Parameters
    ----------
    choice : array of int, one for each need of the candidates
        Its pair, -1 = none. Breaks no rule.
    wish : array of int, one for each need of the candidates
        The pair of its old slot where the old slot still serves it, everybody else left aside; else -1.
    lost : array of bool, one for each need of the candidates
        True where the old slot no longer serves it.
    unknown_needs : list of str
        Needs of the earlier plan that the problem does not have; ignored.
    unknown_slots : list of (need, slot)
        Slots of the earlier plan that the problem does not have; ignored.
    """

    choice: Longs
    wish: Longs
    lost: Flags
    unknown_needs: list[str]
    unknown_slots: list[tuple[str, str]]


def repaired_choice(problem: Problem, c: Candidates, plan: Plan, price: Floats | None = None) -> Longs:
    """Pair of each need (-1 = none) nearest to an earlier plan; breaks no rule, whatever the plan holds.

    Parameters
    ----------
    price : array of float, one for each capacity, optional
        What a seat costs others, in weighted waiting days: steers who is booked where.
    """
    return repair(problem, c, plan, price).choice


def repair(problem: Problem, c: Candidates, plan: Plan, price: Floats | None = None) -> Repair:
    """Repair an earlier plan and say what had to be ignored; for the arguments see ``repaired_choice``."""
    wish, lost, unknown_slots = wishes(problem, c, plan)
    state = repaired_state(reluctant(c, wish, reluctance(problem.parameters)), wish, price)
    known = problem.need_row
    unknown_needs = [need for need in plan if need not in known]
    return Repair(state.choice.copy(), wish, lost, unknown_needs, unknown_slots)


def reluctance(parameters: Parameters) -> float:
    """Days that nobody is moved for (weight 1): half as bad as no slot from today to the horizon.

    So an old slot is given up only for somebody who would lose very much without it.
    """
    p = parameters
    horizon_days = float((p.horizon_end - p.today).days)
    return max(p.change_penalty, (p.unserved_penalty + p.waiting_cost(horizon_days)) / 2)


def reluctant(c: Candidates, wish: Longs, days: float) -> Candidates:
    """The same problem in which leaving the wished pair costs so many days more (times the weight)."""
    held = (wish >= 0) & ~c.fixed
    fee = np.where(held, days * c.weight, 0.0)
    static = c.static_cost + np.repeat(fee, np.diff(c.pair_ptr))
    static[wish[held]] -= fee[held]
    return c._replace(static_cost=static, unserved_cost=c.unserved_cost + fee)


def wishes(problem: Problem, c: Candidates, plan: Plan) -> tuple[Longs, Flags, list[tuple[str, str]]]:
    """Pair of each need's old slot, where it is no pair any more, and the slots that do not exist."""
    slot_row, unknown = problem.slot_row, []
    old = np.full(c.needs, -1, np.int64)
    for i, row in enumerate(c.row.tolist()):
        need = problem.needs.ids[row]
        slot = plan.get(need)
        if slot is None:
            continue
        old[i] = slot_row.get(slot, -2)
        if old[i] == -2:
            unknown.append((need, slot))
    wish = _pairs_of(c, old)
    wish[c.fixed] = c.pair_ptr[:-1][c.fixed]
    return wish, (old != -1) & (wish < 0), sorted(unknown)


def repaired_state(
    c: Candidates, wish: Longs, price: Floats | None = None, stop: Callable[[], bool] = lambda: False
) -> State:
    """Bookings nearest to the wished pairs that break no rule.

    Parameters
    ----------
    c : Candidates
        With costs that make leaving a wished pair dear (``reluctant``).
    stop : callable
        True: short groups are dissolved without trying to fill them.
    """
    state, order = new_state(c, price), by_arrival(c)
    fade = 0.0 if price is None else 1.0
    _keep(c, state, wish, order)
    _fill_first(c, state, fade, stop)  # before others take the seats that this needs
    _book(c, state, order[unserved(c, state.choice)[order]], fade, PUSH)
    _settle(c, state, fade, stop)
    _book(c, state, order[unserved(c, state.choice)[order]], fade, INFINITE)
    return state


def by_arrival(c: Candidates) -> Longs:
    """Units in the order in which their first need arose."""
    if not c.units:
        return np.zeros(0, np.int64)
    arrival = np.minimum.reduceat(c.earliest, c.unit_ptr[:-1])
    return np.lexsort((np.arange(c.units), arrival)).astype(np.int64)


def unserved(c: Candidates, choice: Longs) -> Flags:
    """Which units have a need without a slot that some slot could serve."""
    found = np.zeros(c.units, np.bool_)
    found[c.unit[(choice < 0) & (np.diff(c.pair_ptr) > 0)]] = True
    return found


def _settle(c: Candidates, s: State, fade: float, stop: Callable[[], bool]) -> None:
    """Fill or dissolve every short group."""
    tried: set[int] = set()
    while True:
        short = _short(c, s)
        if not short.size:
            break
        share = s.load[short] / c.minimum[short]
        thin = short[share < WORTH_FILLING]
        if thin.size:  # emptiest first: their people may fill others
            _dissolve(c, s, int(short[np.argmin(share)]), fade)
            continue
        missing = (c.minimum - s.load)[short]
        u = int(short[np.argmax(missing)])  # who joins the widest gap of a course fills its later modules too
        if u in tried or stop():
            _dissolve(c, s, u, fade)
            continue
        tried.add(u)
        before = s.choice.copy()
        filled = _filled(c, s, u, fade)
        if filled is None:
            _go_to(c, s, before)
            _dissolve(c, s, u, fade)
        else:
            _go_to(c, s, filled)
    s.totals[1] = 0.0


def _short(c: Candidates, s: State) -> Longs:
    """Groups that have begun to fill and miss participants."""
    return np.flatnonzero((s.load > 0) & (s.load < c.minimum))


def _fill_first(c: Candidates, s: State, fade: float, stop: Callable[[], bool]) -> None:
    """Fill the short groups for which that is cheaper than to dissolve them; leave the others as they are."""
    missing, room = c.minimum - s.load, _room(c, s)
    for u in sorted(_short(c, s).tolist(), key=lambda u: (int(room[u] - missing[u]), u)):
        if s.load[u] < c.minimum[u] * WORTH_FILLING or s.load[u] >= c.minimum[u] or stop():
            continue
        before = s.choice.copy()
        filled = _filled(c, s, u, fade)
        _go_to(c, s, before if filled is None else filled)


def _room(c: Candidates, s: State) -> Longs:
    """How many could still join each group by one of its slots, the other groups of the slot considered."""
    room = np.zeros(len(s.left), np.int64)
    if len(c.use_ptr) > 1:
        narrowest = np.minimum.reduceat(s.left[c.uses], c.use_ptr[:-1])
        np.maximum.at(room, c.uses, np.repeat(narrowest, np.diff(c.use_ptr)))
    return room


def _filled(c: Candidates, s: State, u: int, fade: float) -> Longs | None:
    """Bookings with a short group filled, None where dissolving it costs less; leaves any bookings behind."""
    before, cost = s.choice.copy(), _cost(s)
    filled = _fill(c, s, u)
    filled_cost, filled_choice = _cost(s) - cost, s.choice.copy()
    _go_to(c, s, before)
    _dissolve(c, s, u, fade)
    s.closed[u] = False
    return filled_choice if filled and filled_cost <= _cost(s) - cost else None


def _cost(s: State) -> float:
    return float(s.totals[0] + LATER * s.totals[1])


@njit(cache=True)
def _pairs_of(c: Candidates, slots: Longs) -> Longs:  # pragma: no cover - compiled
    """The pair of each need with its slot in ``slots``, -1 where there is none."""
    found = np.full(len(slots), -1, np.int64)
    for i in range(len(slots)):
        if slots[i] >= 0:
            for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
                if c.slot[p] == slots[i]:
                    found[i] = p
                    break
    return found


@njit(cache=True)
def _has_room(c: Candidates, s: State, slot: int) -> bool:  # pragma: no cover - compiled
    for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
        if s.left[c.uses[x]] <= 0 or s.closed[c.uses[x]]:
            return False
    return True


@njit(cache=True)
def _keep(c: Candidates, s: State, wish: Longs, order: Longs) -> None:  # pragma: no cover - compiled
    """Let every unit keep as many of its wished pairs as the rules and the seats left allow."""
    for unit in order:
        release(c, s, unit)
        for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
            s.own[c.pair_ptr[i] : c.pair_ptr[i + 1]] = INFINITE
            p = wish[i]
            if p >= 0 and c.fixed[i]:
                s.own[p] = c.static_cost[p]
            elif p >= 0 and _has_room(c, s, c.slot[p]):
                s.own[p] = c.static_cost[p] - KEPT
        solve_unit(c, s, unit, NODES)
        occupy(c, s, unit, s.best)


@njit(cache=True)
def _missing_in(  # pragma: no cover - compiled
    c: Candidates, s: State, begin: int, stop: int, choice: Longs
) -> float:
    """Participants that the groups of these bookings miss."""
    total = 0.0
    for i in range(begin, stop):
        if choice[i] >= 0 and not c.fixed[i]:
            slot = c.slot[choice[i]]
            for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
                total += shortage(c, s, c.uses[x])
    return total


@njit(cache=True)
def _book(c: Candidates, s: State, units: Longs, fade: float, push: float) -> None:  # pragma: no cover
    """Book units anew, one after another; whoever is needed where they are stays there."""
    old = np.empty(len(c.row), np.int64)
    for unit in units:
        begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
        old[begin:stop] = s.choice[begin:stop]
        short = _missing_in(c, s, begin, stop, old)
        release(c, s, unit)
        load_values(c, s, unit, fade, push)
        solve_unit(c, s, unit, NODES)
        occupy(c, s, unit, s.best)
        if _missing_in(c, s, begin, stop, old) > short + 1e-9:
            release(c, s, unit)
            occupy(c, s, unit, old)


@njit(cache=True)
def _holders(c: Candidates, s: State, u: int) -> Longs:  # pragma: no cover - compiled
    """Units that hold a seat of a capacity, each once."""
    units = np.empty(s.load[u], np.int64)
    for k in range(len(units)):
        units[k] = c.unit[s.holders[s.holder_ptr[u] + k]]
    return np.unique(units)


@njit(cache=True)
def _dissolve(c: Candidates, s: State, u: int, fade: float) -> None:  # pragma: no cover - compiled
    """Close a group and book its people elsewhere."""
    units = _holders(c, s, u)
    s.closed[u] = True
    for unit in units:
        release(c, s, unit)
    _book(c, s, units, fade, PUSH)


@njit(cache=True)
def _go_to(c: Candidates, s: State, choice: Longs) -> None:  # pragma: no cover - compiled
    """Give everybody the pairs of an earlier moment."""
    changed = np.zeros(len(c.unit_ptr) - 1, np.bool_)
    for i in range(len(choice)):
        if choice[i] != s.choice[i]:
            changed[c.unit[i]] = True
    for unit in range(len(changed)):
        if changed[unit]:
            release(c, s, unit)
    for unit in range(len(changed)):
        if changed[unit]:
            occupy(c, s, unit, choice)


@njit(cache=True)
def _join(c: Candidates, s: State, unit: int, u: int, joins: Flags) -> bool:  # pragma: no cover - compiled
    """Book a unit anew with one more seat in group u; false, and nothing done, where it cannot help."""
    begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
    old, short, load = s.choice.copy(), s.totals[1], s.load[u]
    needed = _missing_in(c, s, begin, stop, old)
    release(c, s, unit)
    load_values(c, s, unit, 0.0, NEEDED)
    for i in range(begin, stop):
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            if joins[c.slot[p]] and not c.fixed[i]:
                s.own[p] -= JOINED
    solve_unit(c, s, unit, NODES)
    occupy(c, s, unit, s.best)
    helps = s.load[u] > load and s.totals[1] < short - 1e-9
    if helps and _missing_in(c, s, begin, stop, old) <= needed + 1e-9:
        return True
    release(c, s, unit)
    occupy(c, s, unit, old)
    return False


@njit(cache=True)
def _fill(c: Candidates, s: State, u: int) -> bool:  # pragma: no cover - compiled
    """Let the units to whom it costs least join a short group; true where it then has its minimum."""
    joins = np.zeros(len(c.use_ptr) - 1, np.bool_)
    for slot in range(len(joins)):
        uses = False
        for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
            uses = uses or c.uses[x] == u
        joins[slot] = uses and _has_room(c, s, slot)
    units = len(c.unit_ptr) - 1
    who, extra, count = np.empty(units, np.int64), np.empty(units), 0
    for unit in range(units):
        begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
        can = False
        for p in range(c.pair_ptr[begin], c.pair_ptr[stop]):
            if joins[c.slot[p]]:
                can = True
                break
        if not can:
            continue
        old, cost = s.choice[begin:stop].copy(), s.totals[0]
        if _join(c, s, int(unit), u, joins):
            who[count], extra[count] = unit, s.totals[0] - cost
            count += 1
            release(c, s, unit)
            s.best[begin:stop] = old
            occupy(c, s, unit, s.best)
    for k in np.argsort(extra[:count], kind="mergesort"):
        if s.load[u] >= c.minimum[u]:
            break
        _join(c, s, int(who[k]), u, joins)
    return s.load[u] >= c.minimum[u]

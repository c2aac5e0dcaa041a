"""An earlier plan made allowed again (Planreparatur): what may stay stays, the rest is booked anew.

1. Everybody keeps what they held, as far as the rules and the seats still allow; where seats have become
   fewer, who has waited longest keeps theirs.
2. Groups that have fallen below their minimum are filled by the people to whom that costs least.
3. Whoever has lost a slot, or had none, is booked by the exact program over the seats left; whom it saves
   most comes first.
4. Groups that are still below their minimum are filled or dissolved, whichever is cheaper.

Leaving an earlier slot costs ``reluctance`` extra days in all of this, so nobody moves for a small gain.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit

from matching.booking import State, load_values, new_state, occupy, release, solve_unit
from matching.candidates import Candidates
from matching.filling import NODES, PUSH, book, fill_first, has_room, settle
from matching.pricing import INFINITE, Longs
from matching.problem import Flags, Floats, Parameters, Plan, Problem

KEPT = 1e9  # worth of an old slot in the first step: as many as possible stay


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
    fill_first(c, state, fade, stop)  # before others take the seats that this needs
    lacking = order[unserved(c, state.choice)[order]]
    book(c, state, lacking[np.argsort(-_gains(c, state, lacking), kind="stable")], fade, PUSH)
    settle(c, state, fade, stop)
    book(c, state, order[unserved(c, state.choice)[order]], fade, INFINITE)
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
def _keep(c: Candidates, s: State, wish: Longs, order: Longs) -> None:  # pragma: no cover - compiled
    """Let every unit keep as many of its wished pairs as the rules and the seats left allow."""
    for unit in order:
        release(c, s, unit)
        for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
            s.own[c.pair_ptr[i] : c.pair_ptr[i + 1]] = INFINITE
            p = wish[i]
            if p >= 0 and c.fixed[i]:
                s.own[p] = c.static_cost[p]
            elif p >= 0 and has_room(c, s, c.slot[p]):
                s.own[p] = c.static_cost[p] - KEPT
        solve_unit(c, s, unit, NODES)
        occupy(c, s, unit, s.best)


@njit(cache=True)
def _gains(c: Candidates, s: State, units: Longs) -> Floats:  # pragma: no cover - compiled
    """What each unit alone would save if it were booked anew over the seats left; changes nothing."""
    gain = np.empty(len(units))
    for k in range(len(units)):
        unit = units[k]
        old, cost = s.choice[c.unit_ptr[unit] : c.unit_ptr[unit + 1]].copy(), s.unit_cost[unit]
        release(c, s, unit)
        load_values(c, s, unit, 0.0, PUSH)
        solve_unit(c, s, unit, NODES)
        occupy(c, s, unit, s.best)
        gain[k] = cost - s.unit_cost[unit]
        release(c, s, unit)
        s.best[c.unit_ptr[unit] : c.unit_ptr[unit + 1]] = old
        occupy(c, s, unit, s.best)
    return gain

"""From a problem to a plan with a proof (Planung): baseline, prices, master, search, best plan and bound.

Whatever happens, the best plan found so far is never lost: it starts with first come, first served, and a
stop, a time limit or an interrupt returns it with the best bound proven.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

import numpy as np

from matching.annealing import FROM_MASTER, POLISH, Round, Schedule, run_all, state_of
from matching.ascent import FIRST_TAU, LAST_TAU, Ascent, markets
from matching.booking import State, booking_costs, copy_of
from matching.bound import Interrupted, Pricer
from matching.branching import branch
from matching.candidates import MANY_UNITS, SOME_UNITS, Candidates, candidates
from matching.carried import carried_prices
from matching.check import Check, check
from matching.columns import Generator
from matching.course import Course
from matching.diving import dive, rounded
from matching.filling import book
from matching.first_come import first_come_choice, first_come_slots, plan_of
from matching.guide import Prices
from matching.insertion import booked_at_prices
from matching.large import MOST, Large
from matching.links import Multipliers, without_links
from matching.offers import pairs_of_slots, slots_for_offers, slots_of
from matching.opening_bookings import booked_in_turn
from matching.prices import wanted
from matching.pricing import INFINITE, Longs
from matching.problem import Floats, Ints, Plan, Problem
from matching.proof import Proof
from matching.repair import repaired_choice
from matching.result import Progress, Result, SolveOptions, peak_mib, relative_gap
from matching.search import dissolve
from matching.second_chance import longer, losers, with_free_seats
from matching.shortlist import Shortlist, best_pairs_and, shortlist
from matching.waves import HASTE, PACE, Pace, Waves

SOLVER = "foerderkette 0.1"
VAST_PEOPLE = 50_000  # from here on not all pairs are held one by one
PASSES = 400
LATE = 0.95  # share of the price passes after which the bookings are kept as first columns
PRICES_UNTIL, ROOT_UNTIL, DIVE_UNTIL = 0.2, 0.5, 0.7  # shares of the time limit
Shares = tuple[float, tuple[float, ...], float, float, float]
# For more units: coarse, fine prices, groups, bookings, and when no group may miss participants any more.
SHARES: Shares = (0.2, (0.26, 0.32), 0.38, 0.48, 0.68)
VAST_SHARES: Shares = (0.34, (), 0.38, 0.46, 0.53)  # the same where a pass over all pairs takes seconds
CLOSING = 3.0  # times as long as the first check: making, checking and handing over the last plan
SETTLED_AFTER_DIVE = 0.8  # the same after a dive of the linear program
TIED = 0.01  # multiplier from which a link is a row of the master from the beginning
QUICK_ROOT = 0.2  # a root that needed less than this share of the time is worth branching
STEPS_PER_UNIT = 3000  # of one round of search
STEPS_AFTER_DIVE = 600  # of the round that follows a dive
FEWEST_STEPS = 10_000
MASTER_ROUNDS = 60  # where work is counted in steps
WARM_TAU = 4.0  # first step of prices that go out from earlier ones, weighted waiting days
POLISH_SECONDS = 0.03  # a unit: with less time an earlier plan is polished, not made anew by the master


def solve(
    problem: Problem,
    options: SolveOptions | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    start: Plan | None = None,
    prices: Mapping[str, float] | None = None,
) -> Result:
    """Find a plan, a bound and seat prices.

    Parameters
    ----------
    progress : callable, optional
        Told where the run stands, some times a second.
    stop : callable, optional
        Asked some times a second; true ends the run with the best plan and bound found.
    start : mapping of need id to slot id or None, optional
        An earlier plan, of any quality: repaired, it is the first plan that is never lost.
    prices : mapping of capacity id to float, optional
        Earlier multipliers of the bound, to go out from.

    Returns
    -------
    Result
        Its plan is feasible and its cost recomputed by ``check``, not by the search.
    """
    run = _Run(problem, options or SolveOptions(), progress, stop)
    run.go_out_from(start, prices)
    return run.result()


class _Run(Course):
    def __init__(
        self,
        problem: Problem,
        options: SolveOptions,
        progress: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        super().__init__(problem, options, progress, stop)
        self.rounds = 0
        whole = candidates(problem, by_offer=len(problem.people.ids) > VAST_PEOPLE)
        self.all = whole if len(whole.members) else None  # all pairs, where only some of them are in ``c``
        self.c, self.best = whole, np.zeros(0, np.int64)
        if self.all is None:
            self.best = first_come_choice(self.c)
        else:
            self.make_plans_with(first_come_slots(self.all))
        checking = self.seconds
        self.first_come = self._checked(self.best)
        self.closing = CLOSING * (self.seconds - checking)  # seconds kept for the check of what comes out
        self.cost = self.first_come.cost
        self.price: Floats = np.zeros(len(self.c.seats))
        self.is_large = self.c.units > MANY_UNITS or self.all is not None
        links = without_links(whole) if self.is_large else None
        self.pricer = Pricer(whole, self.options.workers, links, self.breaks_off)
        self.short: Shortlist | None = None
        self.pace: Pace = PACE if self.all is None else HASTE
        self.guiding: Prices | None = None  # where there are regions to be searched
        self.late: list[Longs] = []  # everybody's bookings in the late price passes
        self.seat: Floats | None = None  # earlier prices
        self.proven_by: Multipliers | None = None  # the bound; without links where there are very many units
        self.started = False  # from an earlier plan
        self.ready = self.seconds  # from here on shares of the time count

    def go_out_from(self, start: Plan | None, prices: Mapping[str, float] | None) -> None:
        """Take an earlier plan and earlier prices as the beginning."""
        if start is not None and self.c.units:
            if self.all is not None:
                slot_row = self.problem.slot_row
                earlier = [slot_row.get(start.get(need) or "", -1) for need in self.problem.needs.ids]
                self.make_plans_with(slots_of(self.c, self.best), np.array(earlier, np.int32)[self.c.row])
            self.take(repaired_choice(self.problem, self.c, start))
            self.started = True
        if prices is not None:
            self.seat = carried_prices(self.problem, self.c, prices)

    def make_plans_with(self, *plans: Ints) -> None:
        """Make plans of the slots of some plans alone, the best one first; slots of each need, -1 = none."""
        if self.all is not None:
            nothing = np.zeros(self.all.pairs, np.bool_)
            self.c = slots_for_offers(self.all, nothing, np.zeros(len(self.all.seats)), np.stack(plans))
            self.best = pairs_of_slots(self.c, plans[0])

    @property
    def working(self) -> Candidates:
        """The pairs that plans are made of."""
        return self.c if self.short is None else self.short.c

    def result(self) -> Result:
        with suppress(Interrupted):
            if self.c.units:
                self.make_plan()
        return self.answer()

    def breaks_off(self) -> bool:
        """True where a pass is to end in the middle: somebody has asked for it, and there is a bound."""
        return self.bound > 0 and self.is_interrupted()

    def make_plan(self) -> None:
        """Prices, plans from them, and search until the end."""
        if self.is_large:
            self.plan_large()
        else:
            self.find_prices()
            if not self.in_haste and not self.finished():
                self.use_master()
        while not self.finished():
            if self.guiding is not None:
                self.phase = "search"
                Waves(self, self._best_state(), self.guiding, self.pace).polish()
            else:
                self.search(self._best_state(), POLISH)

    def _best_state(self) -> State:
        return state_of(self.working, self.best_here(), self.price)

    def give_second_chance(self, prices: Prices) -> tuple[Prices, Longs]:
        """Let whoever the best plan leaves without a slot see all seats that are free, and book there.

        Returns the prices and everybody's pairs, with the new ones among the pairs at work.
        """
        c, choice, workers = self.working, self.best_here(), self.options.workers
        lost = losers(c, choice, prices.wishes(np.zeros(len(c.seats), np.bool_)).pair)
        if not lost.any():
            return prices, choice
        if self.short is None:
            best = slots_of(c, self.best)
            self.c = with_free_seats(self.problem, c, choice, lost, workers)
            self.best = pairs_of_slots(self.c, best)
        else:
            self.short = longer(self.short, self.c, choice, lost, workers)
        self.guiding = Prices.of_some(prices.pricer, prices.m, self.working)
        state = self._best_state()
        book(self.working, state, np.flatnonzero(lost), 0.0, INFINITE)
        return self.guiding, state.choice

    @property
    def in_haste(self) -> bool:
        """True where there is an earlier plan and too little time to make a better one anew."""
        enough = self.options.time_limit_seconds >= POLISH_SECONDS * self.c.units
        return self.started and self.timed and not enough

    def plan_large(self) -> None:
        """Prices and plans of a problem with too many units for the linear program."""
        large = Large(self.problem, self.pricer, self.stopped, self.raise_bound, self.seat)
        self._plan_by(large)
        self.price = large.proven_by.seat
        self.proven_by = replace(large.proven_by, link=np.zeros(0))

    def _plan_by(self, large: Large) -> None:
        is_vast = self.all is not None
        coarse, fine, decided, booked, settled = VAST_SHARES if is_vast else SHARES
        if not self._prices_by(large, coarse, fine):
            return
        self.shorten(large)
        if is_vast:  # no bound is proven any more, and bookings need the memory
            large.forget_all_pairs()
            self.all, self.pricer = None, large.ascent.pricer
        self.guiding = Prices(large.ascent.pricer, large.ascent.now)
        if self.in_haste:
            return
        self.phase = "groups"
        forced = large.decided(self.spent(decided))
        self.guiding = Prices(large.ascent.pricer, large.ascent.now)
        self.price = large.ascent.now.seat
        if not self.finished():
            self.phase = "booking"
            state = booked_in_turn(large.turn, forced, self.spent(booked), self.stopped)
            self.phase = "search"
            Waves(self, state, self.guiding, self.pace).settle(settled)

    def _prices_by(self, large: Large, coarse: float, fine: tuple[float, ...]) -> bool:
        """Let prices rise until these shares of the time; false where the run is to end then."""
        self.phase = "prices"
        large.coarse(self.spent(coarse))
        for until in fine:
            self.price = large.ascent.now.seat
            if self.finished():
                return False
            self.shorten(large)
            if self.all is None:  # or there is no memory for bookings yet
                self.plan_early()
            self.phase = "prices"
            large.fine(self.spent(until))
        self.price = large.ascent.now.seat
        return not self.finished()

    def shorten(self, large: Large) -> None:
        """Make plans of the best pairs of each need and those of the best plan from now on."""
        if self.all is None:
            self.short = large.shortened(self.best)
        else:
            slots = slots_of(self.c, self.best)
            self.c = large.shortened_to_slots(slots[np.newaxis])
            self.best = pairs_of_slots(self.c, slots)

    def improve(self, choice: Longs) -> None:
        """Keep bookings of the pairs at work if they cost less; they break no rule."""
        cost = float(booking_costs(self.working, choice).sum())
        if cost < self.cost:
            self.best, self.cost = self._in_all(choice), cost

    def best_here(self) -> Longs:
        """The best plan, in pairs that plans are made of."""
        return self.best if self.short is None else self.short.here(self.best)

    def _in_all(self, choice: Longs) -> Longs:
        return choice if self.short is None else self.short.in_all(choice)

    def find_prices(self) -> None:
        self.phase = "prices"
        self.ascent = Ascent(self.pricer, markets(self.problem, self.c), self.seat)
        self.risen = self.ascent.rise(
            PASSES,
            self.spent(PRICES_UNTIL),
            self.finished,  # the first plan may be proven best before the prices are
            self.raise_bound,
            seen=self.keep_late,
            heat=(FIRST_TAU if self.seat is None else WARM_TAU, LAST_TAU),
        )
        steering = self.risen.multipliers if self.risen.multipliers.seat.any() else self.ascent.now
        self.price, self.proven_by = steering.seat, self.risen.multipliers

    def keep_late(self, share: float, choice: Longs) -> None:
        if share >= LATE:
            self.late.append(choice.copy())

    def plan_early(self) -> None:
        """A plan from the prices alone, for whoever stops the run before the master is done."""
        self.phase = "booking"
        state = booked_at_prices(self.working, self.price, self.options.seed, self.stopped)
        dissolve(self.working, state, len(self.c.seats))
        self.improve(state.choice)

    def use_master(self) -> None:
        """Root of the master, dive, search from there, and branching where the problem is small."""
        self.plan_early()
        self.phase = "master"
        generator = Generator(self.pricer, self.stopped)
        generator.learn(self.best)
        for choice in self.late:
            generator.learn(choice)
        for link in np.flatnonzero(self.risen.multipliers.link > TIED).tolist():
            generator.master.tie(link)
        began = self.seconds
        rounds = 10**9 if self.timed else MASTER_ROUNDS
        generator.converge(
            self.bound,
            lambda: self.left(ROOT_UNTIL),
            told=self.raise_bound,
            most_rounds=rounds,
            centre=self.risen.multipliers,
        )
        if generator.duals is not None:
            self.price, self.proven_by = np.maximum(0.0, generator.duals.seat), generator.duals
        quick = self.seconds - began < QUICK_ROOT * self.options.time_limit_seconds
        if self.finished():
            return
        self.phase = "groups"
        forced = dive(generator, lambda: self.left(DIVE_UNTIL))
        state = rounded(self.c, generator.master, self.price, forced)
        if self.c.units > SOME_UNITS and generator.duals is not None:
            self.search_regions(state, generator.duals)
        else:
            self.search(state, FROM_MASTER, STEPS_AFTER_DIVE)
        if self.timed and quick and self.short is None and not self.finished():
            self.phase = "branching"
            generator.learn(self.best)
            branch(generator, self.bound, lambda: self.cost, self.left, self.take, self.raise_bound)

    def search_regions(self, state: State, m: Multipliers) -> None:
        """The first waves of search, on the best pairs of each need, from bookings of all pairs."""
        self.short = shortlist(self.c, best_pairs_and(self.pricer, m, MOST, state.choice, self.best))
        self.guiding = Prices.of_some(self.pricer, m, self.short.c)
        short = state_of(self.short.c, self.short.here(state.choice), state.price)
        short.closed[:] = state.closed
        self.phase = "search"
        Waves(self, short, self.guiding).settle(SETTLED_AFTER_DIVE)

    def take(self, choice: Longs) -> None:
        """Keep a plan that somebody has found, if it is better and breaks no rule."""
        checked = check(self.problem, plan_of(self.problem, self.c, choice))
        if checked.feasible and checked.cost < self.cost:
            self.best, self.cost = choice.copy(), checked.cost

    def search(self, state: State, schedule: Schedule, steps: int = STEPS_PER_UNIT) -> None:
        """One round of search from a state; several streams where there are several workers."""
        self.phase = "search"
        total = max(FEWEST_STEPS, steps * self.c.units)
        streams = 2 if self.options.workers > 1 or not self.timed else 1
        if self.options.steps is not None:
            total = max(1, min(total, self.options.steps - self.steps_done) // streams)
        rounds = [
            Round(
                self.working,
                state if k == 0 else copy_of(state),
                schedule,
                self.options.seed + 7919 * self.rounds + 104_729 * k,
                self.best_here().copy(),
                self.cost,
            )
            for k in range(streams)
        ]
        self.rounds += 1
        best = run_all(rounds, self.options.workers, total, max(0.0, self.left()), self.stopped, self.timed)
        self.steps_done += max(1, sum(one.steps for one in rounds))
        self.best, self.cost = self._in_all(best.best), best.cost

    def _checked(self, choice: Longs) -> Check:
        return check(self.problem, plan_of(self.problem, self.c, choice))

    def answer(self) -> Result:
        plan = plan_of(self.problem, self.c, self.best)
        checked = check(self.problem, plan)
        if not checked.feasible:
            raise AssertionError(f"the search broke a rule: {dict(checked.violations)}")
        bound = min(self.bound, checked.cost)
        return Result(
            plan,
            checked.cost,
            bound,
            self.seconds,
            peak_mib(),
            self.options.seed,
            self.status(relative_gap(checked.cost, bound)),
            SOLVER,
            dict(zip(self.problem.capacities.ids, self.seat_prices().tolist(), strict=True)),
            self.first_come.cost,
            self.first_come,
            proof=self.proof(),
        )

    def proof(self) -> Proof:
        """What proves the bound."""
        if self.proven_by is None:
            return Proof()
        return Proof.of(self.problem, self.c, self.pricer.links, self.proven_by)

    def seat_prices(self) -> Floats:
        """The prices where the plan takes the last seat; elsewhere a further seat would save nothing."""
        left = self.c.seats - wanted(self.c, self.best)
        return np.where((left <= 0) & (self.c.seats > 0), self.price, 0.0)

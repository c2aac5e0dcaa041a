"""How far a run has come (Ablauf): its time, its steps, the best cost and bound, and whether it is to end."""

import time
from collections.abc import Callable

from matching.problem import Problem
from matching.result import Progress, SolveOptions, Status, relative_gap

PROVEN = 1e-9  # gap below which cost and bound are the same but for rounding


class Course:
    """One run of the solver, as far as it does not depend on how plans are made.

    Parameters
    ----------
    progress : callable, optional
        Told where the run stands.
    stop : callable, optional
        Asked whether somebody wants it to end.
    """

    def __init__(
        self,
        problem: Problem,
        options: SolveOptions,
        progress: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.began = time.monotonic()
        self.problem, self.options, self.timed = problem, options, options.steps is None
        self.report, self.asked_to_stop = progress or (lambda _: None), stop or (lambda: False)
        self.interrupted, self.phase, self.steps_done = False, "baseline", 0
        self.cost = self.bound = 0.0
        self.ready = 0.0  # seconds after which shares of the time count
        self.closing = 0.0  # seconds kept for the check of what comes out

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    def left(self, share: float = 1.0) -> float:
        """Seconds until this share of the time after preparation; where steps are counted, of the whole."""
        limit = self.options.time_limit_seconds - self.closing
        return self.ready + (share if self.timed else 1.0) * (limit - self.ready) - self.seconds

    def spent(self, until: float) -> Callable[[], float]:
        """Share that is gone of the time from now until a share of the limit; 0 where steps are counted."""
        began, whole = self.seconds, max(1e-9, self.left(until))
        return lambda: (self.seconds - began) / whole if self.timed else 0.0

    def stopped(self) -> bool:
        """Tell where the run stands; true when it is to end at once."""
        self.report(Progress(self.seconds, self.phase, self.cost, self.bound))
        return self.is_interrupted() or self.left() <= 0

    def is_interrupted(self) -> bool:
        """True as soon as somebody has asked the run to stop; threads may ask."""
        self.interrupted = self.interrupted or self.asked_to_stop()
        return self.interrupted

    def finished(self) -> bool:
        """True when the run is to end: stopped, or good enough, or all its steps made."""
        steps = self.options.steps
        counted = steps is not None and self.steps_done >= steps
        gap = max(self.options.gap, PROVEN)
        return counted or self.stopped() or relative_gap(self.cost, self.bound) <= gap

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is the best."""
        self.bound = max(self.bound, bound)

    def status(self, gap: float) -> Status:
        """How the run has ended, with this gap."""
        if gap <= PROVEN:
            return Status.OPTIMAL
        if gap <= self.options.gap:
            return Status.GAP_REACHED
        if self.interrupted:
            return Status.INTERRUPTED
        if self.options.steps is not None and self.steps_done >= self.options.steps:
            return Status.STEP_LIMIT
        return Status.TIME_LIMIT

"""What a solver is asked and what it answers (Auftrag und Ergebnis)."""

import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from matching.check import Check
from matching.proof import Proof


class Status(StrEnum):
    """How a run ended."""

    OPTIMAL = "optimal"
    GAP_REACHED = "gap-reached"
    TIME_LIMIT = "time-limit"
    STEP_LIMIT = "step-limit"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class SolveOptions:
    """How long and how well to plan.

    Parameters
    ----------
    time_limit_seconds : float
        Wall time, > 0; the best plan and bound found until then are returned.
    gap : float
        Accepted (cost - lower_bound) / cost, 0 to 1; the run ends as soon as it is reached.
    workers : int
        Threads, >= 1.
    seed : int
        >= 0; the same seed and ``steps`` give the same plan.
    steps : int or None
        Work instead of time: booking steps of the search, > 0. The time limit still holds.
    """

    time_limit_seconds: float = 60.0
    gap: float = 0.0001
    workers: int = 1
    seed: int = 0
    steps: int | None = None

    def __post_init__(self) -> None:
        if not self.time_limit_seconds > 0:
            raise ValueError(f"time_limit_seconds must be > 0, not {self.time_limit_seconds}")
        if not 0 <= self.gap <= 1:
            raise ValueError(f"gap must lie between 0 and 1, not {self.gap}")
        if self.workers < 1:
            raise ValueError(f"workers must be >= 1, not {self.workers}")
        if self.seed < 0:
            raise ValueError(f"seed must be >= 0, not {self.seed}")
        if self.steps is not None and self.steps < 1:
            raise ValueError(f"steps must be >= 1, not {self.steps}")


@dataclass(frozen=True)
class Progress:
    """Where a run stands; costs in weighted waiting days."""

    seconds: float
    phase: str
    cost: float
    lower_bound: float

    @property
    def gap(self) -> float:
        """Share of the cost that may still be avoidable, 0 to 1."""
        return relative_gap(self.cost, self.lower_bound)


@dataclass(frozen=True)
class Result:
    """A plan and what is proven of it.

    Parameters
    ----------
    plan : mapping of need id to slot id or None
        Feasible.
    cost, lower_bound : float
        Weighted waiting days; no feasible plan costs less than ``lower_bound``.
    seconds : float
        Wall time of the run.
    peak_mib : float
        Highest memory of the process, MiB.
    seat_prices : mapping of capacity id to float
        Multipliers of the bound, weighted waiting days, >= 0: what a taken seat costs others, and at least
        what one more seat there would save.
    first_come_cost : float
        Cost of the plan by first come, first served, for comparison.
    first_come : Check or None
        What that plan's check has found; None where it was not kept.
    savings : mapping of capacity id to float
        What one more seat there saves, weighted waiting days, >= 0, where it was measured
        (``seat_values.with_savings``).
    proof : Proof
        What proves the bound, for a later run to begin with; of more than 4,000 units without links.
    """

    plan: Mapping[str, str | None]
    cost: float
    lower_bound: float
    seconds: float
    peak_mib: float
    seed: int
    status: Status
    solver: str
    seat_prices: Mapping[str, float]
    first_come_cost: float
    first_come: Check | None = None
    savings: Mapping[str, float] = field(default_factory=dict)
    proof: Proof = field(default_factory=Proof)

    @property
    def gap(self) -> float:
        """(cost - lower_bound) / cost: share of the cost that may still be avoidable, 0 to 1."""
        return relative_gap(self.cost, self.lower_bound)

    def figures(self) -> dict[str, object]:
        """What ``result.json`` holds."""
        return {
            "cost": self.cost,
            "lower_bound": self.lower_bound,
            "gap": self.gap,
            "seconds": round(self.seconds, 3),
            "peak_mib": round(self.peak_mib, 1),
            "solver": self.solver,
            "status": str(self.status),
            "seed": self.seed,
            "first_come_cost": self.first_come_cost,
        }


def relative_gap(cost: float, lower_bound: float) -> float:
    """(cost - bound) / cost, 0 where nothing costs anything."""
    return max(0.0, (cost - lower_bound) / cost) if cost > 0 else 0.0


def peak_mib() -> float:
    """Highest memory of this process so far, MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10

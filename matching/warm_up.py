"""Compile the kernels once, after the installation, so that the first plan does not wait for it."""

from matching.reading import problem_from_tables
from matching.recommend import recommend
from matching.result import SolveOptions
from matching.solve import solve


def main() -> None:
    """Solve a problem of one person and two slots; the compiled code stays in the cache."""
    place = {"lat": "50.0", "lon": "8.0"}
    slot = {"kind": "a", "end": "2026-01-20", "online": "0", "times": "mo-am", **place}
    tables = {
        "problem": {
            "format": "support-chain-problem/1",
            "today": "2026-01-05",
            "horizon_end": "2026-12-31",
            "long_wait_days": 42,
            "long_wait_factor": 0.5,
            "overdue_factor": 0.5,
            "km_factor": 0.2,
            "change_penalty": 14,
            "unserved_penalty": 60,
        },
        "capacities": [{"capacity": "c", "seats": "1", "min_participants": "0"}],
        "slots": [
            {**slot, "slot": s, "start": d, "uses": "c"}
            for s, d in (("s", "2026-01-12"), ("t", "2026-01-19"))
        ],
        "people": [{"person": p, "max_km": "5", "times": "mo-am", **place} for p in ("p", "q")],
        "needs": [
            {"need": f"n{p}", "person": p, "kind": "a", "earliest": "2026-01-01", "weight": "1"}
            for p in ("p", "q")
        ],
    }
    problem = problem_from_tables(tables)
    result = solve(problem, SolveOptions(time_limit_seconds=60, gap=0.0, steps=100))
    recommend(problem, result.plan, result.seat_prices, "np")


if __name__ == "__main__":
    main()

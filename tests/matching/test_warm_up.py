"""After the installation nothing is compiled any more: no first plan waits for the compiler."""

import subprocess
import sys
from pathlib import Path

import numba.core.config

from matching.compiled import home_of_kernels

WALK = """
import sys
from numba.core.registry import CPUDispatcher

import matching
from matching import warm_up
from tests.matching.builders import a_crowd_with_twins, a_random_crowd


def compiled():
    return {
        f"{name}.{attribute}: {signature}"
        for name, module in list(sys.modules.items())
        if name.startswith("matching")
        for attribute, kernel in vars(module).items()
        if isinstance(kernel, CPUDispatcher) and kernel.py_func.__module__ == name
        for signature in kernel.signatures
    }


if "--cold" not in sys.argv:
    warm_up.main()
before = compiled()
problem = matching.problem_from_tables(a_random_crowd(2, households=60))
result = matching.solve(problem, matching.SolveOptions(time_limit_seconds=60, gap=0.0, steps=2000))
solver, prepared = sys.modules["matching.solve"], sys.modules["matching.candidates"]
solver.SOME_UNITS = prepared.SOME_UNITS = 0
for solver.MANY_UNITS in (10**9, 0):
    matching.solve(problem, matching.SolveOptions(time_limit_seconds=60, gap=0.0, steps=2000))
solver.VAST_PEOPLE = 0
vast = matching.problem_from_tables(a_crowd_with_twins(2))
matching.solve(vast, matching.SolveOptions(time_limit_seconds=60, gap=0.0, steps=500))
need = problem.needs.ids[0]
matching.recommend(problem, result.plan, result.seat_prices, need)
matching.explain(problem, result.plan, result.seat_prices, need)
for mode in (matching.Mode.NEW, matching.Mode.FEWEST):
    matching.replan(problem, result.plan, mode=mode, options=matching.SolveOptions(steps=500))
print(*sorted(compiled() - before), sep="\\n")
"""


def compiled_after(*arguments):
    walk = subprocess.run(
        [sys.executable, "-c", WALK, *arguments],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return walk.stdout.split("\n")[:-1]


def test_after_the_warm_up_no_kernel_is_compiled():
    assert compiled_after() == [""]


def test_without_the_warm_up_kernels_are_compiled():
    assert len(compiled_after("--cold")) > 20


def test_kernels_of_other_sources_are_never_taken(tmp_path):
    (tmp_path / "kernel.py").write_text("@njit\ndef one(): return 1\n")
    (tmp_path / "plain.py").write_text("two = 2\n")
    before = home_of_kernels(tmp_path)
    (tmp_path / "plain.py").write_text("two = 3\n")
    assert home_of_kernels(tmp_path) == before
    (tmp_path / "kernel.py").write_text("@njit\ndef one(): return 11\n")
    assert home_of_kernels(tmp_path) != before
    assert Path(numba.core.config.CACHE_DIR) == home_of_kernels()

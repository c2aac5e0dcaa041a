"""General solvers on the compact model: CP-SAT, and HiGHS through MathOpt."""

import math
import time
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from benchmarks.compact import INFINITY, Compact, compact
from matching.candidates import Candidates
from matching.pricing import Longs

SCALE = 1000  # CP-SAT counts in thousandths of a weighted waiting day, rounded down: its bound stays valid


class Answer(NamedTuple):
    """Pair of each need (-1 = none) or None where no plan was found, and a proven bound or None."""

    choice: Longs | None
    bound: float | None


def cp_sat(c: Candidates, hint: Longs, seconds: float, workers: int, seed: int) -> Answer:
    """CP-SAT with the first-come plan as hint."""
    began = time.monotonic()
    program = compact(c, hint)
    model = cp_model.CpModel()
    part = Fraction(c.long_wait_days).limit_denominator(1000).denominator  # waits count in parts of a day
    size = [1 if binary else part for binary in program.binary]
    columns = [
        model.new_int_var(int(low), math.ceil(n * high), "")
        for n, low, high in zip(size, program.lower, program.upper, strict=True)
    ]
    for row in program.rows:
        parts = max(size[k] for k in row.columns)
        whole = [round(a * parts / size[k]) for k, a in zip(row.columns, row.coefficients, strict=True)]
        total = cp_model.LinearExpr.weighted_sum([columns[k] for k in row.columns], whole)
        low = cp_model.INT_MIN if row.low == -INFINITY else int(row.low)
        high = cp_model.INT_MAX if row.high == INFINITY else int(row.high)
        model.add_linear_constraint(total, low, high)
    floors = [math.floor(SCALE * a / n) for n, a in zip(size, program.cost, strict=True)]
    model.minimize(cp_model.LinearExpr.weighted_sum(columns, floors))
    for column, n, value in zip(columns, size, program.hint, strict=True):
        model.add_hint(column, round(n * value))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds - (time.monotonic() - began))
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.relative_gap_limit = 1e-9
    status = solver.solve(model)
    bound = program.constant + solver.best_objective_bound / SCALE
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, None)
    return Answer(_choice(c, np.array([solver.value(columns[p]) for p in range(c.pairs)])), bound)


def highs(c: Candidates, hint: Longs, seconds: float, workers: int, seed: int) -> Answer:
    """HiGHS with the first-come plan as hint; it decides about its threads itself."""
    began = time.monotonic()
    program = compact(c, hint)
    model = mathopt.Model.from_model_proto(_proto(program))
    columns = list(model.variables())
    hint = mathopt.SolutionHint(variable_values=dict(zip(columns, program.hint, strict=True)))
    result = mathopt.solve(
        model,
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            time_limit=timedelta(seconds=max(0.1, seconds - (time.monotonic() - began))),
            random_seed=seed,
            relative_gap_tolerance=1e-9,
        ),
        model_params=mathopt.ModelSolveParameters(solution_hints=[hint]),
    )
    bound = result.termination.objective_bounds.dual_bound
    proven = float(bound) + program.constant if math.isfinite(bound) else None
    if not result.has_primal_feasible_solution():
        return Answer(None, proven)
    values = result.variable_values()
    return Answer(_choice(c, np.array([values[x] for x in columns[: c.pairs]])), proven)


def _proto(program: Compact) -> model_pb2.ModelProto:
    """The program in the sparse form that MathOpt reads, row by row."""
    proto = model_pb2.ModelProto()
    v, rows, matrix = proto.variables, proto.linear_constraints, proto.linear_constraint_matrix
    v.ids.extend(range(len(program.cost)))
    v.lower_bounds.extend(program.lower)
    v.upper_bounds.extend(program.upper)
    v.integers.extend(program.binary)
    costing = [k for k, a in enumerate(program.cost) if a]
    proto.objective.linear_coefficients.ids.extend(costing)
    proto.objective.linear_coefficients.values.extend(program.cost[k] for k in costing)
    rows.ids.extend(range(len(program.rows)))
    rows.lower_bounds.extend(row.low for row in program.rows)
    rows.upper_bounds.extend(row.high for row in program.rows)
    for number, row in enumerate(program.rows):
        merged: dict[int, float] = {}
        for k, a in zip(row.columns, row.coefficients, strict=True):
            merged[k] = merged.get(k, 0.0) + a
        entries = sorted((k, a) for k, a in merged.items() if a)
        matrix.row_ids.extend([number] * len(entries))
        matrix.column_ids.extend(k for k, _ in entries)
        matrix.coefficients.extend(a for _, a in entries)
    return proto


def _choice(c: Candidates, booked: np.ndarray) -> Longs:  # type: ignore[type-arg]
    choice = np.full(c.needs, -1, np.int64)
    for p in np.flatnonzero(booked > 0.5).tolist():
        choice[int(np.searchsorted(c.pair_ptr, p, side="right")) - 1] = p
    return choice

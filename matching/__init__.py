"""The engine (Vermittlungsrechnung): which slot for which need, and why.

A planning problem goes in, a plan with a proof comes out. This room knows the planning problem of
``docs/model.md`` and nothing else: no database, no names, no clock beyond a time limit.
"""

import matching.compiled  # noqa: F401  (first: says where the kernels of all others are kept)

# isort: split
from matching.check import Check, check
from matching.difference import Change, ChangeKind, difference
from matching.explain import Alternative, Explanation, explain, explain_with
from matching.faults import Fault, ProblemFault
from matching.first_come import first_come
from matching.price_file import read_prices, write_prices
from matching.problem import Parameters, Plan, Problem
from matching.proof import Proof, read_proof, write_proof
from matching.reading import problem_from_tables, read_problem
from matching.recommend import Adviser, Exclusion, Offer, Recommendation, recommend
from matching.remedies import Help, Remedy
from matching.replan import Mode, Replan, replan
from matching.result import Progress, Result, SolveOptions, Status
from matching.revisions import with_declines, with_proposals
from matching.rules import rule_text
from matching.seat_values import with_savings
from matching.solve import solve
from matching.tables import read_plan, write_plan, write_result, write_tables

__all__ = [
    "Adviser",
    "Alternative",
    "Change",
    "ChangeKind",
    "Check",
    "Exclusion",
    "Explanation",
    "Fault",
    "Help",
    "Mode",
    "Offer",
    "Parameters",
    "Plan",
    "Problem",
    "ProblemFault",
    "Progress",
    "Proof",
    "Recommendation",
    "Remedy",
    "Replan",
    "Result",
    "SolveOptions",
    "Status",
    "check",
    "difference",
    "explain",
    "explain_with",
    "first_come",
    "problem_from_tables",
    "read_plan",
    "read_prices",
    "read_problem",
    "read_proof",
    "recommend",
    "replan",
    "rule_text",
    "solve",
    "with_declines",
    "with_proposals",
    "with_savings",
    "write_plan",
    "write_prices",
    "write_proof",
    "write_result",
    "write_tables",
]

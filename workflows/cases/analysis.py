"""Kompetenz- und Sozialanalyse aufnehmen: each one is kept, the last one counts."""

from __future__ import annotations

from typing import Any

from plans.actions import Action
from plans.analysis import Analysis
from workflows.acting import Work, workflow
from workflows.cases.days import check_has_been
from workflows.cases.plans import take_plan
from workflows.cases.records import keep_case


@workflow(Action.RECORD_ANALYSIS)
def record_analysis(work: Work, person_id: str, version: int, analysis: Analysis) -> dict[str, Any]:
    """Record what was found out in a talk; marks the plan for a re-plan where it matters to open steps.

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version of the help plan that was read.
    analysis : Analysis
        What a person brings along, and what stands in the way.

    Returns
    -------
    dict
        ``number`` of the analysis from 1, and the new ``version`` of the help plan.
    """
    file = take_plan(work, person_id, version)
    check_has_been(work, "analysed_on", analysis.analysed_on)
    after = keep_case(work, file, file.case.analyse(analysis))
    number = len(after.case.analyses)
    work.record("help_plan", file.plan["id"], file.plan["region_id"], analysis=number)
    return {"number": number, "version": after.plan["version"]}

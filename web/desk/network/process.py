"""Referenzprozess: who does what in which order by when, as a swim lane with the actual times."""

from __future__ import annotations

from flask import render_template

from plans.process import reference_process
from web.desk.guard import the_desk
from web.desk.network.frame import blueprint, my_regions
from workflows.process import YEAR_DAYS, read_process


@blueprint.get("/<region_id>/referenzprozess")
def process(region_id: str) -> str:
    """Show the lanes from top to bottom, the steps from left to right."""
    steps = read_process(the_desk(), region_id)
    names = {region["region_id"]: region for region in my_regions()}
    return render_template(
        "desk/network/process.html",
        region_id=region_id,
        region=names[region_id],
        lanes=reference_process().lanes,
        steps=steps,
        days=YEAR_DAYS,
    )

"""Bilanz und Vorhersage: what agreements have come to, and whether plans have kept what they promised."""

from __future__ import annotations

from flask import g
from werkzeug.wrappers import Response

from web.desk.guard import the_desk
from web.desk.planning.frame import blueprint, name_of
from web.desk.planning.shown import report_answer
from workflows.planning_room.balance import read_balance_report
from workflows.planning_room.forecast import read_forecast_report


@blueprint.get("/<region_id>/bilanz")
def balance(region_id: str) -> str | Response:
    """Show the interim balance, what became of agreed steps, and the talks and agreements of each month."""
    report = read_balance_report(the_desk(), region_id, name_of(region_id, g.words.lang))
    return report_answer("balance", region_id, report)


@blueprint.get("/<region_id>/vorhersage")
def forecast(region_id: str) -> str | Response:
    """Show the starts that released plans promised, against those that came, by month and kind."""
    report = read_forecast_report(the_desk(), region_id, name_of(region_id, g.words.lang))
    return report_answer("forecast", region_id, report)

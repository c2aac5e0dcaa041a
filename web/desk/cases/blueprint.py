"""Bauplan der Fallseiten: one blueprint to which every module of this folder adds its pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cases", __name__, url_prefix="/faelle")

"""Every page says in a few words what it is for, in both languages."""

import pytest

from web.language import DESK_TEXTS
from workflows.wording import catalogue

NO_PAGES = frozenset(
    (
        *("static", "health.show", "planning.progress", "network.graph_data"),
        *("planning.reckoning_progress", "planning.report_file"),
        *("agreements.paper", "cases.sheet", "audit.export", "imports.export"),
    )
)
"""Endpoints that give a file or data."""


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_page_has_its_help_and_every_help_its_page(office, lang):
    pages = {rule.endpoint for rule in office.app.url_map.iter_rules() if "GET" in rule.methods} - NO_PAGES
    keys = (key for folder in DESK_TEXTS for key in catalogue(folder, lang))
    assert {key.removeprefix("desk.help.") for key in keys if key.startswith("desk.help.")} == pages

"""Fall: everything about one person on one page, and the forms that change it."""

from web.desk.cases import analysis, consents, goals, pages, people, placement, sheet, steps, talks
from web.desk.cases.blueprint import blueprint

__all__ = [
    "analysis",
    "blueprint",
    "consents",
    "goals",
    "pages",
    "people",
    "placement",
    "sheet",
    "steps",
    "talks",
]

"""What can be put right by whoever uses the product (Bedienfehler), gathered for the command line."""

from __future__ import annotations

from typing import Any

import matching
from network.partner_files import PartnerFault
from plans.fault import PlanFault

READABLE_FAULTS = (matching.ProblemFault, PartnerFault, PlanFault)
"""Each has ``faults``; each of those says itself in one line by ``text(lang)``."""


class CommandFault(Exception):
    """A command cannot be carried out as asked.

    Parameters
    ----------
    code : str
        Key of the message in the catalogue of the command line.
    values : dict
        What the message quotes.
    """

    def __init__(self, code: str, values: dict[str, Any] | None = None) -> None:
        self.code = code
        self.values = values or {}
        super().__init__(f"{code}: {self.values}")

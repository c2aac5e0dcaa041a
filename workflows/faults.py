"""What can be put right by whoever uses the product (Bedienfehler), gathered for the command line."""

from __future__ import annotations

from typing import Any

import matching
from network.partner_files import PartnerFault
from plans.fault import PlanFault
from store.faults import StoreFault
from workflows.refusal import Refusal

READABLE_FAULTS = (matching.ProblemFault, PartnerFault, PlanFault, StoreFault, Refusal)
"""Faults of files, of what is in them, of the store and of workflows; `fault_lines` says them."""

ReadableFault = matching.ProblemFault | PartnerFault | PlanFault | StoreFault | Refusal


def fault_lines(error: ReadableFault, lang: str) -> list[str]:
    """Return every fault in one line: where, what, and what to do, in ``de`` or ``en``."""
    if isinstance(error, StoreFault | Refusal):
        return [error.text(lang)]
    if isinstance(error, matching.ProblemFault):
        return error.lines(lang)
    placed = ((fault.where(lang), fault.text(lang)) for fault in error.faults)
    return [": ".join(part for part in parts if part) for parts in placed]


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

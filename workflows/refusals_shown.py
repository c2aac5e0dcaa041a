"""Absagen für Seiten und Schnittstellen: which status and sentence a refusal of any room has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from plans.fault import PlanFault
from store.faults import (
    CannotOpen,
    Conflict,
    KeyReused,
    Missing,
    NoSeat,
    NotAllowed,
    Stale,
    StoreBusy,
    StoreFault,
)
from workflows.refusal import Forbidden, Refusal

REFUSALS = (Refusal, PlanFault, StoreFault)
"""Everything that a workflow may refuse with."""

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (Forbidden, 403),
    (Missing, 404),
    (Stale, 409),
    (NoSeat, 409),
    (Conflict, 409),
    (KeyReused, 422),
    (NotAllowed, 400),
    (StoreBusy, 503),
    (CannotOpen, 503),
    (Refusal, 422),
    (PlanFault, 422),
)


@dataclass(frozen=True)
class Shown:
    """Absage, wie sie gezeigt wird.

    Parameters
    ----------
    status : int
        Status of the answer over HTTP.
    sentence : str
        What is wrong and what to do.
    current : mapping of str to object
        For a stale edit the row as it stands now; else empty.
    """

    status: int
    sentence: str
    current: Mapping[str, Any] = field(default_factory=dict)


def was_sent_before(error: Exception) -> bool:
    """Whether a request is refused because the same form was sent before, and its answer is not kept."""
    return isinstance(error, KeyReused)


def shown(error: Exception, lang: str) -> Shown:
    """Return how a refusal is shown.

    Parameters
    ----------
    error : Exception
        One of `REFUSALS`; what is missing for the caller is said without an id.
    lang : str
        ``de`` or ``en``.
    """
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    if isinstance(error, PlanFault):
        sentence = " ".join(fault.sentence(lang) for fault in error.faults)
    elif isinstance(error, Refusal | StoreFault):
        sentence = error.text(lang)
    else:
        raise TypeError(f"{type(error).__name__} is no refusal")
    return Shown(status, sentence, error.current if isinstance(error, Stale) else {})

"""Vereinbarungen der Vorführung: drafted for a household, signed, reviewed with the steps, amended, ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from plans.agreement import AgreementState
from plans.agreement_records import Side
from plans.steps import Finding
from store import tables as t
from workflows.acting import Desk
from workflows.agreements.drafting import amend_agreement, draft_agreement
from workflows.agreements.life import end_agreement, record_signature, review_agreement
from workflows.demo.lives import Life

AGREES_SHARE = 0.65
Row = dict[str, Any]


@dataclass
class Agreeing:
    """Vereinbaren: leads the agreement of one household.

    Parameters
    ----------
    lives : list of Life
        Its persons; they are added before the first talk.
    rng : Random
        Of the household.
    agreement_id : str
        Empty as long as there is none.
    """

    rng: Random
    lives: list[Life] = field(default_factory=list)
    agreement_id: str = ""
    _analysed: int = 0

    def analysed(self) -> None:
        """Draft the agreement once the last person of the household has had the first talk."""
        self._analysed += 1
        if self._analysed == len(self.lives) and self._happens("a household agrees", AGREES_SHARE):
            self._after(self.rng.randint(1, 9), self._draft)

    def reviewed(self, found: Mapping[str, Finding]) -> None:
        """State for each step agreed what was found in a talk with one person of the household."""
        row = self._row()
        if row is None or row["state"] is not AgreementState.IN_FORCE or row["review_due_on"] > self._today:
            return
        review_agreement(self._desk, row["id"], row["version"], self._today, self._findings(found))
        if self._happens("an agreement is amended", 0.12):
            self.amend()

    def closed(self) -> None:
        """End the agreement when the last help plan of the household is closed."""
        row = self._row()
        if row is None or row["state"] is AgreementState.ENDED:
            return
        if not all(life.is_closed for life in self.lives):
            return
        why = "Alle Hilfepläne des Haushalts sind abgeschlossen."
        end_agreement(self._desk, row["id"], row["version"], Side.OFFICE, self._today, why)

    def amend(self) -> bool:
        """Change what is agreed; returns whether something was agreed that could be changed."""
        row = self._row()
        is_in_force = row is not None and row["state"] is AgreementState.IN_FORCE
        if row is None or not is_in_force or not any(life.open_steps() for life in self.lives):
            return False
        amend_agreement(self._desk, row["id"], row["version"], "Ein Schritt ist anders gekommen als geplant.")
        if self._happens("an amendment is signed", 0.8):
            self._after(self.rng.randint(2, 8), self._sign)
        return True

    def _draft(self) -> None:
        parties = [life for life in self.lives if not life.is_closed and life.open_steps()]
        if len(parties) < len(self.lives):
            return
        language = self.lives[0].person.plan.analysis.languages[0]
        made = draft_agreement(
            self._desk, self.lives[0].household_id, [life.id for life in self.lives], language
        )
        self.agreement_id = made["id"]
        if self._happens("an agreement is signed", 0.92):
            self._after(self.rng.randint(2, 10), self._sign)
        if self._happens("an agreement is ended", 0.08):
            self._after(self.rng.randint(60, 200), self._end)

    def _sign(self) -> None:
        row = self._row()
        if row is None or row["state"] is AgreementState.ENDED:
            return
        office_id = row["organisation_id"]
        parties = [(Side.PERSON, life.id, life.person.name) for life in self.lives]
        label = self._desk.caller.label
        for side, party_id, name in (*parties, (Side.OFFICE, office_id, label)):
            version = self._row_now()["version"]
            record_signature(self._desk, self.agreement_id, version, side, party_id, name, self._today)

    def _end(self) -> None:
        """A household goes on without an agreement: it is voluntary."""
        row = self._row_now()
        if row["state"] is not AgreementState.ENDED:
            end_agreement(self._desk, row["id"], row["version"], Side.PERSON, self._today)

    def _findings(self, found: Mapping[str, Finding]) -> dict[str, tuple[Finding, str]]:
        """For every step of the version in force: as found now, else as the help plan says."""
        simulation = self.lives[0].world.simulation
        versions = simulation.rows(t.agreement_version, agreement_id=self.agreement_id)
        number = max(row["number"] for row in versions)
        (version,) = (row for row in versions if row["number"] == number)
        answers = {}
        for measure in simulation.rows(t.measure, agreement_version_id=version["id"]):
            is_over = simulation.row(t.need, measure["need_id"])["done_on"] is not None
            finding = Finding.DONE if is_over else found.get(measure["need_id"], Finding.OPEN)
            why = "Noch kein Platz gefunden." if finding is Finding.OBSTRUCTED else ""
            answers[measure["need_id"]] = (finding, why)
        return answers

    def _row(self) -> Row | None:
        return self._row_now() if self.agreement_id else None

    def _row_now(self) -> Row:
        return self.lives[0].world.simulation.row(t.agreement, self.agreement_id)

    def _happens(self, what: str, share: float) -> bool:
        return self.lives[0].happens(what, share)

    def _after(self, days: int, action: Callable[[], None]) -> None:
        self.lives[0].world.simulation.after(days, action)

    @property
    def _desk(self) -> Desk:
        return self.lives[0].desk

    @property
    def _today(self) -> date:
        return self.lives[0].today

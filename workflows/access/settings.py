"""Einstellungen der Anmeldung: the dated rules of sign-in and sessions, as one object of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from plans.roles import Role
from plans.rules import RuleBook

SIGN_IN_MINUTES = 10
"""So long a sign-in may remain unfinished: code, first password or second factor still to come."""

BOUNDS: Mapping[str, tuple[float, float]] = {
    "retention-case-days": (1, 36500),
    "retention-draft-days": (1, 36500),
    "retention-audit-days": (365, 36500),
    "retention-request-key-days": (1, 90),
    "retention-seat-record-days": (1, 36500),
    "password-minimum-characters": (8, 64),
    "password-temporary-days": (1, 30),
    "lockout-attempts": (3, 100),
    "lockout-minutes": (1, 1440),
    "lockout-longest-minutes": (1, 10080),
    "session-idle-minutes": (1, 720),
    "session-longest-minutes": (5, 1440),
    **{f"sign-in-proofs-{role}": (1, 2) for role in Role},
}
"""Lowest and highest value that an office may set, so that a typing error neither keeps everybody out nor
deletes everything at once. For passwords and failures the ends are those of OWASP ASVS 5.0 (6.2.1: 8
characters) and NIST SP 800-63B (at most 100 failures)."""

INSTALLATION_ONLY = frozenset(BOUNDS) - {
    "retention-case-days",
    "retention-draft-days",
    "retention-seat-record-days",
}
"""Rules that no region sets for itself: one sign-in and one audit serve all regions."""


@dataclass(frozen=True)
class AccessRules:
    """Regeln der Anmeldung an einem Tag.

    Parameters
    ----------
    password_characters : int
        Least length of a password.
    temporary_for : timedelta
        So long a temporary password can be used.
    lock_attempts : int
        Failures in a row that lock an account.
    lock_minutes, longest_lock_minutes : int
        Length of the first lock, and of the longest, minutes.
    idle_for, longest_for : timedelta
        A session ends so long after its last request, and after its beginning.
    two_proofs : frozenset of Role
        Roles that need a second factor.
    """

    password_characters: int
    temporary_for: timedelta
    lock_attempts: int
    lock_minutes: int
    longest_lock_minutes: int
    idle_for: timedelta
    longest_for: timedelta
    two_proofs: frozenset[Role]

    @classmethod
    def of(cls, book: RuleBook, on: date) -> AccessRules:
        """Read the rules of a day from a rule book."""

        def value(key: str) -> int:
            return round(book.rule(key, on).value)

        return cls(
            password_characters=value("password-minimum-characters"),
            temporary_for=timedelta(days=value("password-temporary-days")),
            lock_attempts=value("lockout-attempts"),
            lock_minutes=value("lockout-minutes"),
            longest_lock_minutes=value("lockout-longest-minutes"),
            idle_for=timedelta(minutes=value("session-idle-minutes")),
            longest_for=timedelta(minutes=value("session-longest-minutes")),
            two_proofs=frozenset(role for role in Role if value(f"sign-in-proofs-{role}") > 1),
        )

    def need_second_factor(self, roles: Iterable[Role]) -> bool:
        """Answer whether somebody with these roles must have a second factor."""
        return not self.two_proofs.isdisjoint(roles)

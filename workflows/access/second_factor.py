"""Zweiter Faktor: codes that change every 30 seconds (TOTP, RFC 6238), made by an app on a phone."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp

ISSUER = "Förderkette"
STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A clock may be wrong by one step, 30 seconds, either way."""
DIGITS = 6


@dataclass(frozen=True)
class Enrolment:
    """Einrichtung: what the app of the person needs; shown once.

    Parameters
    ----------
    secret : str
        Base32, to be typed in.
    uri : str
        The same as an address, to be drawn as a QR code.
    """

    secret: str
    uri: str

    def __repr__(self) -> str:
        return "Enrolment(…)"


def new_enrolment(login_name: str) -> Enrolment:
    """Make a new random secret of 160 bits for an account."""
    secret = pyotp.random_base32()
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS, name=login_name, issuer=ISSUER)
    return Enrolment(secret, totp.provisioning_uri())


def matching_step(secret: str | None, code: str, now: datetime) -> int | None:
    """Answer for which time step a code is right.

    Parameters
    ----------
    secret : str or None
        Base32; None = there is no second factor, and no code is right.
    code : str
        As typed; spaces do not matter.
    now : datetime
        The clock, UTC.

    Returns
    -------
    int or None
        The step, counted from 1970, within `DRIFT_STEPS` of now; None where the code is wrong.
    """
    typed = "".join(code.split())
    if secret is None or len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    at = int(now.timestamp()) // STEP_SECONDS
    for step in range(at - DRIFT_STEPS, at + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            return step
    return None

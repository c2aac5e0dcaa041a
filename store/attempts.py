"""Fehlversuche und verbrauchte Codes: counted by single guarded UPDATEs, so that two at once cannot cheat.

They are no edits of an account by people: its `version` stays, and whoever edits it is not disturbed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from store.tables import account
from store.unit_of_work import UnitOfWork

_MOST_DOUBLINGS = 20


def hold(uow: UnitOfWork, account_id: str) -> None:
    """Let nobody else sign in to an account or change it until the unit of work ends."""
    uow.execute(sa.select(account.c.id).where(account.c.id == account_id).with_for_update())


def failed(
    uow: UnitOfWork, account_id: str, *, attempts: int, lock_minutes: int, longest_lock_minutes: int
) -> datetime | None:
    """Count a failed attempt; at every `attempts`-th in a row the account is locked, each time twice as long.

    Parameters
    ----------
    uow : UnitOfWork
        Must be committed, or the attempt does not count.
    account_id : str
        Whose.
    attempts : int
        Failures in a row that lock, >= 1.
    lock_minutes, longest_lock_minutes : int
        Length of the first lock, and of the longest, minutes, >= 1.

    Returns
    -------
    datetime or None
        Until when it is locked now; None where it is not.
    """
    counted = (
        account.update()
        .where(account.c.id == account_id)
        .values(failed_attempts=account.c.failed_attempts + 1, updated_at=uow.now)
        .returning(account.c.failed_attempts)
    )
    locks, rest = divmod(int(uow.execute(counted).scalar_one()), attempts)
    if rest:
        return None
    minutes = min(longest_lock_minutes, lock_minutes * 2 ** min(locks - 1, _MOST_DOUBLINGS))
    locked_until_at = uow.now + timedelta(minutes=minutes)
    _set(uow, account_id, locked_until_at=locked_until_at)
    return locked_until_at


def passed(uow: UnitOfWork, account_id: str) -> None:
    """Forget the failed attempts of an account: it signed in, or somebody lets it in again."""
    _set(uow, account_id, failed_attempts=0, locked_until_at=None)


def use_code(uow: UnitOfWork, account_id: str, step: int) -> bool:
    """Use up a code of the second factor, and all older ones.

    Parameters
    ----------
    step : int
        Its time step, counted from 1970.

    Returns
    -------
    bool
        False where this one or a later one was used already; of two at once only one gets True.
    """
    is_newer = sa.or_(account.c.totp_last_step.is_(None), account.c.totp_last_step < step)
    used = account.update().where(account.c.id == account_id, is_newer)
    return uow.execute(used.values(totp_last_step=step, updated_at=uow.now)).rowcount == 1


def _set(uow: UnitOfWork, account_id: str, **values: object) -> None:
    uow.execute(account.update().where(account.c.id == account_id).values(updated_at=uow.now, **values))

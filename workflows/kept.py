"""Behaltenes: what takes long to read or to reckon is kept in this process until a row of it changes.

Changes are seen by a stamp that is cheap to read. Two changes of one instant that balance each other in it
would not be seen, so nothing is kept for longer than `KEPT_FOR`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from workflows.acting import Look

KEPT_FOR = timedelta(minutes=1)
"""Something is made anew after this time also where no change of it was seen."""

T = TypeVar("T")


@dataclass(frozen=True)
class _One(Generic[T]):
    """What was made last: by which stamp, when, and what."""

    stamp: Hashable
    at: datetime
    value: T


class Kept(Generic[T]):
    """Behaltenes: for each database and key the newest; whoever comes at once makes it twice at most."""

    def __init__(self) -> None:
        self._of: WeakKeyDictionary[Any, dict[Hashable, _One[T]]] = WeakKeyDictionary()

    def get(self, look: Look, key: Hashable, stamp: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept for a key, made anew where the stamp is another one or it is too old.

        Parameters
        ----------
        look : Look
            Whose store and clock count; permissions are asked before.
        key, stamp : hashable
            What it is about, such as a region; and what changes with what it is made of.
        make : callable
            Makes it.
        """
        here = self._of.setdefault(look.desk.store.engine, {})
        one = here.get(key)
        if one is None or one.stamp != stamp or not timedelta(0) <= look.now - one.at < KEPT_FOR:
            one = here[key] = _One(stamp, look.now, make())
        return one.value

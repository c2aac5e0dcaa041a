"""Übergabe: a store as a text that another process of the same machine opens it from; holds the keys."""

from __future__ import annotations

import json

from store.engine import make_engine
from store.secrets import KeyRing
from store.unit_of_work import Store


def handed_over(store: Store) -> str:
    """Return address and keys of a store; they go through a pipe, never into an argument, a file or a log."""
    address = store.engine.url.render_as_string(hide_password=False)
    return json.dumps({"database": address, "keys": store.keys.written()})


def taken_over(text: str) -> Store:
    """Open the store that another process has handed over."""
    given = json.loads(text)
    return Store(make_engine(given["database"]), KeyRing.read(given["keys"], "handover"))

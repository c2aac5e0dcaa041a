"""Listen: one page of a list as it is given to pages and programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.queries.paging import Page as Page
from workflows.plain import plain


@dataclass(frozen=True)
class Listed:
    """Seite einer Liste: its rows, and where the next one begins.

    Parameters
    ----------
    rows : list of dict
        As JSON values.
    after : tuple of (object, str) or None
        Give it back to get the next page; None = this is the last one.
    """

    rows: list[dict[str, Any]]
    after: tuple[Any, str] | None


def listed(rows: Sequence[Mapping[str, Any]], page: Page, ordered_by: str, id: str = "id") -> Listed:
    """Make a page from the rows of a query of `store.queries`, which reads one row more than asked for."""
    shown = rows[: page.size]
    last = shown[-1] if len(rows) > len(shown) else None
    after = None if last is None else (last[ordered_by], str(last[id]))
    return Listed([{name: plain(value) for name, value in row.items()} for row in shown], after)

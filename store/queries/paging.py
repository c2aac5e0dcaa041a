"""Seiten von Listen: a list is read page by page, each beginning after the last row of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

LARGEST_PAGE = 200
"""Rows that a page has at most."""


@dataclass(frozen=True)
class Page:
    """Seite: which part of a list is asked for.

    Parameters
    ----------
    limit : int
        Rows at most; within 1 to `LARGEST_PAGE` in any case.
    after : tuple of (object, str) or None
        What the list is ordered by, and the id, of the last row of the page before; None = the first page.
    """

    limit: int = 50
    after: tuple[Any, str] | None = None

    @property
    def size(self) -> int:
        """Rows at most."""
        return min(max(self.limit, 1), LARGEST_PAGE)

    def of(self, query: sa.Select[Any], value: sa.ColumnElement[Any], id: sa.ColumnElement[str]) -> Any:
        """Order a query by a value and an id, and take this page of it.

        One row more than the page has is read, so that its reader knows whether there is a next one.
        """
        if self.after is not None:
            last = sa.tuple_(sa.literal(self.after[0], value.type), sa.literal(self.after[1]))
            query = query.where(sa.tuple_(value, id) > last)
        return query.order_by(value, id).limit(self.size + 1)

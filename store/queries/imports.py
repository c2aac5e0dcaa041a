"""Einspielungen auflisten: without the files themselves and all that they changed, which can be large."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from store.rows import ReadRows
from store.tables import import_run


def newest_imports(unit: ReadRows, region_id: str, limit: int) -> list[dict[str, Any]]:
    """Return the imports of a region, newest first.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    region_id : str
        Which region.
    limit : int
        At most so many.

    Returns
    -------
    list of dict
        Columns of `import_run` but its contents; ``organisation`` and ``counts`` are taken out of the
        differences by the database. By ``ix_import_run_region_id_created_at``.
    """
    run = import_run.c
    of = run.differences
    query = (
        sa.select(
            *(run.id, run.version, run.state, run.created_at, run.applied_at, run.undone_at),
            of["organisation"].label("organisation"),
            of["counts"].label("counts"),
        )
        .where(run.region_id == region_id)
        .order_by(run.created_at.desc(), run.id.desc())
        .limit(limit)
    )
    return [dict(row._mapping) for row in unit.execute(query)]

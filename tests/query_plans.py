"""How a database answers a query: by index, or by reading whole tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from store.rows import ReadRows


def whole_tables_read(unit: ReadRows, ask: Callable[[], object]) -> list[Any]:
    """Ask, with one query.

    Returns
    -------
    list
        Steps of the database that read a table, or an index, from one end to the other.
    """
    asked: list[Any] = []

    @sa.event.listens_for(unit.connection, "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *more: Any) -> None:
        asked.append((statement, parameters))

    ask()
    sa.event.remove(unit.connection, "before_cursor_execute", note)
    ((statement, parameters),) = asked
    if unit.connection.dialect.name == "sqlite":
        plan = unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[3] for row in plan if row[3].startswith("SCAN")]
    unit.connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
    plan = unit.connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    return [node for node in nodes(plan[0]["Plan"]) if "Scan" in node["Node Type"] and is_whole(node)]


def nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(found for below in node.get("Plans", ()) for found in nodes(below))]


def is_whole(node: dict[str, Any]) -> bool:
    return node["Node Type"] != "Bitmap Heap Scan" and "Index Cond" not in node

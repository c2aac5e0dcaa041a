"""How a database answers: by index or by reading a large table from end to end, and how much it reads.

An index alone says little: a search over a whole region goes by an index and may still read everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from store.tables import metadata

LARGE = frozenset(
    (
        *("household", "person", "help_plan", "need", "appointment", "agreement", "consent"),
        *("referral", "waiting_list_entry", "proposal", "audit_entry"),
    )
)
"""Tables that grow with the people who are helped."""

_ALIASES = {"follower": "need"}
_OF_A_PART = frozenset(
    index.name
    for table in metadata.sorted_tables
    for index in table.indexes
    if index.dialect_options["postgresql"]["where"] is not None
)
"""Indexes on a part of a table, such as what is open: reading one of them is not reading the table."""


READ_FOR_ONE, READ_FOR_NOTHING = 20, 200
"""Rows that a statement may read for each row that it returns, and beside these."""

_STEPS_A_ROW = 10
"""Steps of SQLite's machine that reading a row takes, about; a row that is returned takes some more."""


@dataclass
class Explained:
    """Erklärt: what the statements of a block did.

    Parameters
    ----------
    whole : list of str
        Large tables that were read from one end to the other.
    greedy : list of str
        Statements that read many more rows than they returned, with both figures.
    """

    whole: list[str] = field(default_factory=list)
    greedy: list[str] = field(default_factory=list)


@contextmanager
def explained(engine: Engine, *, small: bool = False, more: int = 0) -> Iterator[Explained]:
    """Note every SELECT within a block; after it, each is explained and counted.

    Parameters
    ----------
    engine : Engine
        Whose statements.
    small : bool
        Whether PostgreSQL is told to go by index wherever it can, because the tables are so small here that
        it would be right to read them whole.
    more : int
        So many rows more than others its statements may read, for a reason.
    """
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *more: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    found = Explained()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        if small and connection.dialect.name == "postgresql":
            for way in ("seqscan", "mergejoin", "hashjoin"):
                connection.execute(sa.text(f"SET LOCAL enable_{way} = off"))
        for statement, parameters in {text: (text, values) for text, values in asked}.values():
            found.whole += read_whole(connection, statement, parameters)
            read, returned = rows_read(connection, statement, parameters)
            if read > READ_FOR_ONE * returned + READ_FOR_NOTHING + more:
                tables = " ".join(statement.split("FROM", 1)[-1].split())[:80]
                found.greedy.append(f"{read:,} rows read for {returned:,} from {tables}")
        connection.rollback()


def rows_read(connection: Connection, statement: str, parameters: Any) -> tuple[int, int]:
    """Return how many rows of large tables a statement reads, and how many it returns or counts.

    SQLite tells the steps of its machine only: about how many rows of all tables that makes.
    """
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        ticks: list[None] = []
        raw.set_progress_handler(lambda: ticks.append(None), _STEPS_A_ROW)
        try:
            rows = connection.exec_driver_sql(statement, parameters).all()
        finally:
            raw.set_progress_handler(None, 0)
        return len(ticks), _returned(statement, rows)
    rows = connection.exec_driver_sql(statement, parameters).all()
    plan = connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", parameters
    ).scalar_one()
    read = json.loads(plan) if isinstance(plan, str) else plan
    return sum(_read_by_nodes(read[0]["Plan"])), _returned(statement, rows)


def _returned(statement: str, rows: Sequence[Any]) -> int:
    """Rows; what was counted stands for as many."""
    counted = [value for row in rows for value in row if isinstance(value, int)]
    return max(len(rows), sum(counted)) if "count(" in statement.lower() else len(rows)


def _read_by_nodes(node: dict[str, Any]) -> Iterator[int]:
    if node.get("Relation Name") in LARGE:
        removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        yield round((node["Actual Rows"] + removed) * node["Actual Loops"])
    for below in node.get("Plans", ()):
        yield from _read_by_nodes(below)


def read_whole(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """Return the large tables that a statement reads from one end to the other."""
    if connection.dialect.name == "sqlite":
        return _by_sqlite(connection, statement, parameters)
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    read = json.loads(plan) if isinstance(plan, str) else plan
    return list(_by_postgresql(read[0]["Plan"], stops_early=False))


def _by_sqlite(connection: Connection, statement: str, parameters: Any) -> list[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    steps = [str(row[3]) for row in rows]
    # Read in the order asked for, and left after some rows.
    stops_early = "LIMIT" in statement and not any("ORDER BY" in step for step in steps)
    scans = (step.split() for step in steps if step.startswith("SCAN"))
    tables = (words[1] for words in scans if _OF_A_PART.isdisjoint(words))
    found = [_ALIASES.get(table, table) for table in tables]
    return [] if stops_early else [table for table in found if table in LARGE]


def _by_postgresql(node: dict[str, Any], *, stops_early: bool) -> Iterator[str]:
    kind, table = node["Node Type"], node.get("Relation Name")
    is_ordered = kind in ("Index Scan", "Index Only Scan")
    of_a_part = node.get("Index Name") in _OF_A_PART
    is_endless = is_ordered and "Index Cond" not in node and not stops_early and not of_a_part
    is_whole = kind == "Seq Scan" or is_endless
    if is_whole and table in LARGE:
        yield str(table)
    stops_early = kind == "Limit" or (stops_early and kind not in ("Sort", "Hash", "Aggregate"))
    for below in node.get("Plans", ()):
        yield from _by_postgresql(below, stops_early=stops_early)

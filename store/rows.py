"""Zeilen: reads and writes rows of any table, with encryption, versions and stamps done in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, CursorResult
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.sql.base import Executable

from store.engine import is_busy, wait_seconds_of
from store.faults import Conflict, Missing, NotAllowed, Stale, StoreBusy, Unstorable
from store.integrity import broken_rule
from store.row_shapes import secrets_of, shape_of
from store.secrets import KeyRing
from store.tables.columns import new_id

Values = Mapping[str, Any]
QUERIES_KEPT = 500
_OWN = ("id", "version", "created_at", "updated_at")


class ReadRows:
    """Zeilen lesen: what every unit of work can do.

    Parameters
    ----------
    connection : Connection
        Of one transaction.
    keys : KeyRing
        Opens secret columns.
    """

    def __init__(self, connection: Connection, keys: KeyRing) -> None:
        self.connection = connection
        self.keys = keys

    def execute(
        self, statement: Executable, rows: Sequence[Values] | Values | None = None
    ) -> CursorResult[Any]:
        """Run a statement of the store; what the database refuses becomes a `StoreFault`.

        Raises
        ------
        Conflict
            Where a constraint would be broken.
        StoreBusy
            Where somebody else held a row for too long.
        Unstorable
            Where a value can be in no column, such as a text with a zero byte.
        """
        try:
            return self.connection.execute(statement, rows)
        except IntegrityError as error:
            table, rule = broken_rule(error)
            raise Conflict("conflict", table=table, rule=rule) from error
        except (DataError, UnicodeEncodeError, OverflowError) as error:
            raise Unstorable("unstorable") from error
        except DBAPIError as error:
            if is_busy(error):
                raise StoreBusy("busy", seconds=wait_seconds_of(self.connection)) from error
            raise

    def get(self, table: sa.Table, id: str) -> dict[str, Any]:
        """Return one row, secrets in clear.

        Raises
        ------
        Missing
            Where there is none of this id.
        """
        found = self.find(table, id=id)
        if not found:
            raise Missing("missing", table=table.name, id=id)
        return found[0]

    def find(
        self,
        table: sa.Table,
        *conditions: sa.ColumnElement[bool],
        order_by: sa.ColumnElement[Any] | Sequence[Any] = (),
        limit: int | None = None,
        **equal: Any,
    ) -> list[dict[str, Any]]:
        """Return the rows that meet all conditions, secrets in clear.

        Parameters
        ----------
        table : Table
            Of `store.tables`.
        *conditions : ColumnElement
            Such as ``need.c.target_on < day``.
        order_by : column or sequence of columns
            Order; the id by default, so that it is always the same.
        limit : int, optional
            At most so many.
        **equal : object
            Columns and the values they must have; None = empty.
        """
        _check_columns(table, equal)
        query, values = _equal_to(table, equal)
        order = order_by if isinstance(order_by, list | tuple) else (order_by,)
        if conditions or order or limit is not None:
            query = query.where(*conditions).order_by(None)
            query = query.order_by(*order, *table.primary_key.columns).limit(limit)
        return [self._clear(table, dict(row._mapping)) for row in self.execute(query, values)]

    def count(self, table: sa.Table, *conditions: sa.ColumnElement[bool], **equal: Any) -> int:
        """Return how many rows meet all conditions."""
        _check_columns(table, equal)
        same = (table.c[name] == value for name, value in equal.items())
        query = sa.select(sa.func.count()).select_from(table).where(*conditions, *same)
        return int(self.execute(query).scalar_one())

    def look_up(self, index: sa.Column[Any], *values: object, **equal: Any) -> list[dict[str, Any]]:
        """Return the rows whose encrypted columns have exactly these values, by a blind index.

        Parameters
        ----------
        index : Column
            Such as ``person.c.name_birth_index``.
        *values : object
            Values of the columns it covers, such as full name and birth date.
        **equal : object
            Further columns and their values, such as ``region_id``.
        """
        table = index.table
        assert isinstance(table, sa.Table)
        return self.find(table, index.in_(self.keys.blind_indexes(*values)), **equal)

    def _clear(self, table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
        for name, holds in secrets_of(table):
            if (sealed := row[name]) is not None:
                clear = self.keys.decrypt(sealed, table.name, name, row["id"])
                row[name] = date.fromisoformat(clear) if holds == "day" else clear
        return row


class WriteRows(ReadRows):
    """Zeilen schreiben: what a writing unit of work can do beside reading.

    Parameters
    ----------
    connection, keys : Connection, KeyRing
        See `ReadRows`.
    now : datetime
        Instant of the unit of work, UTC; stamps every row.
    """

    def __init__(self, connection: Connection, keys: KeyRing, now: datetime) -> None:
        super().__init__(connection, keys)
        self.now = now

    def insert(self, table: sa.Table, **values: Any) -> str:
        """Insert a row; id, version, stamps and blind indexes are filled in. Returns the id.

        Raises
        ------
        Conflict
            Where a constraint would be broken, such as a reference into another region.
        NotAllowed
            Where a column is unknown, or starts at a fixed value.
        """
        return self.insert_all(table, [values])[0]

    def insert_all(self, table: sa.Table, rows: Iterable[Values]) -> list[str]:
        """Insert several rows with one statement, like `insert`. Returns their ids in the same order."""
        ready = [self._new(table, row) for row in rows]
        if ready:
            self.execute(table.insert(), ready)
        return [row["id"] for row in ready]

    def change(
        self, table: sa.Table, id: str, version: int | None = None, /, **values: Any
    ) -> dict[str, Any]:
        """Change some columns of a row, if it is still as it was read.

        Parameters
        ----------
        table, id : Table, str
            Which row.
        version : int or None
            The version that was read; needed exactly where the table has one.
        **values : object
            Columns and their new values.

        Returns
        -------
        dict
            The row as it is now, secrets in clear.

        Raises
        ------
        Missing
            Where there is no such row.
        Stale
            Where somebody changed it since; carries the row as it stands.
        NotAllowed
            Where the version is missing, a column is unknown, or belongs to another module.
        """
        _check_change(table, id, version, values)
        values = {**values, **self._indexes(table, id, values), "updated_at": self.now}
        if version is not None:
            values["version"] = version + 1
        update = _update_of(table, tuple(values), version is not None)
        to = {f"to_{name}": value for name, value in self._sealed(table, id, values).items()}
        changed = self.execute(update, {**to, "is_id": id, "is_version": version}).first()
        if changed is not None:
            return self._clear(table, dict(changed._mapping))
        row = self.get(table, id)
        raise Stale(row, table=table.name, id=id, version=version, current_version=row["version"])

    def delete(self, table: sa.Table, id: str) -> None:
        """Delete a row and what it owns.

        Raises
        ------
        Missing
            Where there is no such row.
        Conflict
            Where another row still refers to it.
        """
        if not self.execute(table.delete().where(table.c.id == id)).rowcount:
            raise Missing("missing", table=table.name, id=id)

    def _new(self, table: sa.Table, values: Values) -> dict[str, Any]:
        _check_columns(table, values)
        shape = shape_of(table)
        for name in shape.owners.keys() & values.keys():
            raise NotAllowed("guarded-column", table=table.name, column=name, owner=shape.owners[name])
        own = {"created_at": self.now, "updated_at": self.now, "id": new_id(shape.prefix)}
        row = {**shape.first, **own, **values}
        for name, covered in shape.indexes:
            row[name] = self.keys.blind_index(*(row[one] for one in covered))
        return self._sealed(table, row["id"], row)

    def _indexes(self, table: sa.Table, id: str, values: Values) -> dict[str, bytes]:
        found = {}
        for index, covered in shape_of(table).indexes:
            if not set(covered).isdisjoint(values):
                row = {**self.get(table, id), **values}
                found[index] = self.keys.blind_index(*(row[name] for name in covered))
        return found

    def _sealed(self, table: sa.Table, id: str, values: Values) -> dict[str, Any]:
        row = dict(values)
        for name, _ in secrets_of(table):
            if (value := row.get(name)) is not None:
                row[name] = self.keys.encrypt(value, table.name, name, id)
        return row


def _equal_to(table: sa.Table, equal: Values) -> tuple[sa.Select[Any], dict[str, Any]]:
    """The query for rows with these values, ordered by their ids, and the values that it asks for."""
    empty = frozenset(name for name, value in equal.items() if value is None)
    query = _query_by(table, tuple(equal), empty)
    return query, {f"is_{name}": value for name, value in equal.items() if name not in empty}


@lru_cache(maxsize=QUERIES_KEPT)
def _query_by(table: sa.Table, names: tuple[str, ...], empty: frozenset[str]) -> sa.Select[Any]:
    """Built once for each set of columns: building it takes as long as running it."""
    columns = ((name, table.c[name]) for name in names)
    conditions = (
        column.is_(None) if name in empty else column == sa.bindparam(f"is_{name}", type_=column.type)
        for name, column in columns
    )
    return sa.select(table).where(*conditions).order_by(*table.primary_key.columns)


@lru_cache(maxsize=QUERIES_KEPT)
def _update_of(table: sa.Table, names: tuple[str, ...], is_versioned: bool) -> sa.Update:
    """Changes these columns of one row, if it has the version, and returns it; built once, as above."""
    to = {name: sa.bindparam(f"to_{name}", type_=table.c[name].type) for name in names}
    update = table.update().where(table.c.id == sa.bindparam("is_id")).values(to).returning(*table.c)
    return update.where(table.c.version == sa.bindparam("is_version")) if is_versioned else update


def _check_columns(table: sa.Table, values: Iterable[str]) -> None:
    for name in values:
        if name not in table.c:
            known = ", ".join(column.name for column in table.c)
            raise NotAllowed("unknown-column", table=table.name, column=name, known=known)


def _check_change(table: sa.Table, id: str, version: int | None, values: Values) -> None:
    _check_columns(table, values)
    has_version = "version" in table.c
    if has_version and version is None:
        raise NotAllowed("version-needed", table=table.name, id=id)
    if version is not None and not has_version:
        raise NotAllowed("no-version", table=table.name)
    own = {
        "id": "store.rows",
        "version": "store.rows",
        "created_at": "store.rows",
        "updated_at": "store.rows",
    }
    for name in values:
        owner = table.c[name].info.get("owner") or own.get(name)
        if owner:
            raise NotAllowed("guarded-column", table=table.name, column=name, owner=owner)

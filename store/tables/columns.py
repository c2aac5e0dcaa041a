"""Spalten: what the tables are made of: ids, tenants, versions, terms, secrets, references."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""All tables of the store; every constraint gets a name, so that a migration can change it."""

Table = sa.Table
"""Type of every table, for rooms that know no database library."""

Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON value."""


class Instant(sa.types.TypeDecorator[datetime]):
    """Zeitpunkt: an instant in UTC; one without a time zone is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn an instant into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone – give an instant in UTC")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Read an instant as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Term(sa.types.TypeDecorator[StrEnum]):
    """Begriff: a term of the other rooms, kept by its value."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, terms: type[StrEnum]) -> None:
        super().__init__()
        self.terms = terms

    def process_bind_param(self, value: StrEnum | str | None, dialect: sa.Dialect) -> str | None:
        """Take a term or its value; anything else is refused."""
        return None if value is None else self.terms(value).value

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> StrEnum | None:
        """Read the term."""
        return None if value is None else self.terms(value)


class TermSet(sa.types.TypeDecorator[frozenset[Any]]):
    """Begriffe: a set of terms or of words, kept as a sorted JSON list."""

    impl = Json
    cache_ok = True

    def __init__(self, terms: type[StrEnum] | None = None) -> None:
        super().__init__()
        self.terms = terms

    def process_bind_param(self, value: Iterable[str] | None, dialect: sa.Dialect) -> list[str] | None:
        """Take any collection of terms."""
        return None if value is None else sorted({str(self._read(word)) for word in value})

    def process_result_value(self, value: list[str] | None, dialect: sa.Dialect) -> frozenset[Any] | None:
        """Read the set."""
        if value is None:
            return None
        return frozenset(value) if self.terms is None else frozenset(map(self.terms, value))

    def _read(self, word: str) -> str:
        return word if self.terms is None else self.terms(word)


def new_id(prefix: str) -> str:
    """Make a new id: prefix, milliseconds since 1970, 80 random bits; ids of a table sort by their making."""
    return f"{prefix}-{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def own_id(prefix: str) -> sa.Column[str]:
    """Id of the row; `prefix` begins the ids that `UnitOfWork.insert` makes."""
    return sa.Column("id", sa.Text, primary_key=True, info={"prefix": prefix})


def stamps() -> tuple[sa.Column[Any], ...]:
    """When the row was made and last changed (UTC); set by the unit of work."""
    return (
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
    )


def edited() -> tuple[sa.Column[Any], ...]:
    """Stamps and version of a row that people edit: a change must name the version it was made from."""
    return (sa.Column("version", sa.Integer, nullable=False), *stamps())


def region_id() -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    """Region (tenant) that the row belongs to; other rows are referred to within it only."""
    return (
        sa.Column("region_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
    )


def within_region() -> sa.UniqueConstraint:
    """What lets other rows refer to this one together with its region."""
    return sa.UniqueConstraint("id", "region_id")


def refers(
    table: str, column: str = "", *, optional: bool = False, owned: bool = False, indexed: bool = True
) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    """Refer to a row of the same region.

    Parameters
    ----------
    table : str
        Name of the other table.
    column : str
        Name of the column; ``<table>_id`` by default.
    optional : bool
        Whether it may be empty.
    owned : bool
        Whether this row goes when the other one goes.
    indexed : bool
        Whether rows are looked up by it; leave it out where another index begins with the column.
    """
    name = column or f"{table}_id"
    return (
        sa.Column(name, sa.Text, nullable=optional, index=indexed or None),
        sa.ForeignKeyConstraint(
            [name, "region_id"], [f"{table}.id", f"{table}.region_id"], ondelete="CASCADE" if owned else None
        ),
    )


def account_id(
    column: str = "account_id", *, optional: bool = False, indexed: bool = False
) -> sa.Column[str]:
    """Refer to an account; accounts belong to the installation, not to a region."""
    return sa.Column(column, sa.Text, sa.ForeignKey("account.id"), nullable=optional, index=indexed or None)


def term(
    name: str, terms: type[StrEnum], *, optional: bool = False
) -> tuple[sa.Column[Any], sa.CheckConstraint]:
    """Column for one term, which the database itself checks."""
    allowed = ", ".join(f"'{entry.value}'" for entry in terms)
    return (
        sa.Column(name, Term(terms), nullable=optional),
        sa.CheckConstraint(f"{name} IN ({allowed})", name=name),
    )


def term_set(name: str, terms: type[StrEnum] | None = None) -> sa.Column[Any]:
    """Column for a set of terms, or of words."""
    return sa.Column(name, TermSet(terms), nullable=False)


def day(name: str, *, optional: bool = True) -> sa.Column[Any]:
    """Column for a day."""
    return sa.Column(name, sa.Date, nullable=optional)


def instant(name: str, *, optional: bool = True) -> sa.Column[Any]:
    """Column for an instant (UTC)."""
    return sa.Column(name, Instant, nullable=optional)


def text(name: str, *, optional: bool = False) -> sa.Column[Any]:
    """Column for words."""
    return sa.Column(name, sa.Text, nullable=optional)


def number(name: str, *, optional: bool = False) -> sa.Column[Any]:
    """Column for a whole number."""
    return sa.Column(name, sa.Integer, nullable=optional)


def real(name: str, *, optional: bool = False) -> sa.Column[Any]:
    """Column for a number."""
    return sa.Column(name, sa.Double, nullable=optional)


def flag(name: str) -> sa.Column[Any]:
    """Column for yes or no."""
    return sa.Column(name, sa.Boolean, nullable=False)


def json(name: str, *, optional: bool = False) -> sa.Column[Any]:
    """Column for a JSON value that is read whole, never searched."""
    return sa.Column(name, Json, nullable=optional)


def secret(name: str, *, optional: bool = True, holds_day: bool = False) -> sa.Column[Any]:
    """Column that is encrypted at rest; the unit of work takes and gives the clear value.

    Parameters
    ----------
    name : str
        Name of the column.
    optional : bool
        Whether it may be empty.
    holds_day : bool
        Whether the clear value is a `date`; otherwise it is any JSON value.
    """
    return sa.Column(name, sa.LargeBinary, nullable=optional, info={"secret": "day" if holds_day else "json"})


def blind_index(name: str, of: tuple[str, ...]) -> sa.Column[Any]:
    """Column by which encrypted ones can be looked up exactly; the unit of work fills it."""
    return sa.Column(name, sa.LargeBinary, nullable=True, info={"index_of": of})


def guarded(name: str, owner: str, *, starts_at: int | None = None) -> sa.Column[Any]:
    """Column for a whole number that only one module may change.

    Parameters
    ----------
    name, owner : str
        Name of the column, and who changes it.
    starts_at : int, optional
        Value of every new row; without it a new row states its own.
    """
    info = {"owner": owner, "starts_at": starts_at}
    return sa.Column(name, sa.Integer, nullable=False, info=info)


def only_while(condition: str) -> dict[str, Any]:
    """Arguments of an `Index` that only holds rows that meet a condition, on both databases."""
    clause = sa.text(condition)
    return {"sqlite_where": clause, "postgresql_where": clause}


def among(column: str, terms: Iterable[StrEnum]) -> str:
    """SQL condition that a column is one of some terms."""
    return f"{column} IN ({', '.join(sorted(repr(entry.value) for entry in terms))})"

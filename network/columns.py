"""Which tables a folder of partner files has, and which columns each table.

This is the one list that the reader follows; ``data/partners/README.md`` explains the same columns to people.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from network import cells

MANY = 100_000_000
"""Upper end of a population."""


_PLAIN_OF = {"ä": "ae", "ö": "oe", "ü": "ue"}
_UMLAUTS = tuple(
    (unicodedata.normalize(form, umlaut), plain)
    for umlaut, plain in _PLAIN_OF.items()
    for form in ("NFD", "NFC")
)
"""Each written as one sign or as two."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name, german
        English and German heading; both are accepted, as are ``aliases``.
    read
        Turns the text of a cell into its value, or raises :class:`network.cells.CellError`.
    required
        The column must exist and its cells must not be empty.
    default
        Value of an empty cell.
    """

    name: str
    german: str
    read: Callable[[str], Any]
    required: bool = False
    default: Any = None
    aliases: tuple[str, ...] = ()

    def headings(self) -> frozenset[str]:
        """Every heading that means this column, folded."""
        return frozenset(folded(heading) for heading in (self.name, self.german, *self.aliases))


@dataclass(frozen=True, slots=True)
class Table:
    """One file of a folder of partner files."""

    name: str
    german: str
    columns: tuple[Column, ...]
    optional: bool = False
    needs_rows: bool = False
    _by_heading: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Folded once, not for every line of headings that is read; the first column of a heading counts.
        known = {one: column for column in reversed(self.columns) for one in column.headings()}
        object.__setattr__(self, "_by_heading", known)

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"{self.name}.csv"

    def files(self) -> frozenset[str]:
        """Every file name that means this table, folded."""
        return frozenset({f"{self.name}.csv", f"{self.german}.csv"})

    def column_of(self, heading: str) -> Column | None:
        """The column that a heading means, or None."""
        return self._by_heading.get(folded(heading))

    def header(self) -> str:
        """Headings as a message lists them."""
        return ", ".join(column.name for column in self.columns)


def folded(heading: str) -> str:
    """A heading without capitals, umlauts, spaces and signs, so that ``Plätze`` and ``plaetze`` are one."""
    text = heading.casefold().strip()
    for umlaut, plain in _UMLAUTS:
        text = text.replace(umlaut, plain)
    return "".join(c for c in text if c.isalnum())


_NONE: frozenset[str] = frozenset()


def _id() -> Column:
    return Column("id", "Kennung", cells.identifier, required=True, aliases=("Kürzel",))


def _origin(*, dated: bool) -> tuple[Column, ...]:
    columns = (
        Column("source", "Quelle", cells.plain, default=""),
        Column("illustrative", "beispielhaft", cells.yes_no, default=False),
    )
    return (*columns, Column("as_of", "Stand", cells.day)) if dated else columns


def _place(*, required: bool) -> tuple[Column, ...]:
    return (
        Column("place", "Ort", cells.plain, required=required, default=""),
        Column("lat", "Breite", cells.degrees, aliases=("latitude", "Breitengrad")),
        Column("lon", "Länge", cells.degrees, aliases=("lng", "longitude", "Längengrad")),
    )


def _conditions() -> tuple[Column, ...]:
    return (
        Column("requires", "Voraussetzungen", cells.tags, default=_NONE),
        Column("features", "Merkmale", cells.features, default=_NONE),
    )


def _offering() -> Column:
    return Column("offering", "Angebot", cells.plain, required=True)


def _times() -> Column:
    return Column("times", "Zeiten", cells.half_days, default=_NONE, aliases=("Halbtage",))


def _online() -> Column:
    return Column("online", "online", cells.yes_no, default=False)


def _languages() -> Column:
    return Column("languages", "Sprachen", cells.languages, default=_NONE)


def _duration(high: int) -> Column:
    return Column("duration_days", "Dauer Tage", cells.whole(1, high), required=True)


REGION = Table(
    "region",
    "region",
    (
        _id(),
        Column("name_de", "Name deutsch", cells.plain, required=True),
        Column("name_en", "Name englisch", cells.plain, required=True),
        Column("population", "Einwohner", cells.whole(0, MANY)),
        Column("ags", "AGS", cells.plain, default="", aliases=("Gemeindeschlüssel",)),
        Column("today", "Stichtag", cells.day, required=True),
        Column("licence", "Lizenz", cells.plain, required=True, aliases=("license",)),
        Column("fictional", "erfunden", cells.yes_no, required=True),
        *_origin(dated=False),
    ),
    needs_rows=True,
)
TOWNS = Table(
    "towns",
    "orte",
    (
        Column("place", "Ort", cells.plain, required=True),
        Column("lat", "Breite", cells.degrees, required=True, aliases=("latitude", "Breitengrad")),
        Column("lon", "Länge", cells.degrees, required=True, aliases=("lng", "longitude", "Längengrad")),
        Column("population", "Einwohner", cells.whole(0, MANY)),
        *_origin(dated=False),
    ),
    optional=True,
)
ACTORS = Table(
    "actors",
    "akteure",
    (
        _id(),
        Column("name", "Name", cells.plain, required=True),
        Column("type", "Art", cells.actor_type, required=True),
        *_place(required=True),
        _languages(),
        Column("phone", "Telefon", cells.plain, default=""),
        Column("email", "E-Mail", cells.email, default="", aliases=("mail",)),
        Column("website", "Webseite", cells.website, default="", aliases=("internet", "homepage")),
        *_origin(dated=True),
    ),
    needs_rows=True,
)
OFFERINGS = Table(
    "offerings",
    "angebote",
    (
        _id(),
        Column("actor", "Akteur", cells.plain, required=True),
        Column("name", "Bezeichnung", cells.plain, required=True),
        Column("kind", "Angebotsart", cells.kind, required=True),
        Column("level_in", "Eingangsniveau", cells.level),
        Column("level_out", "Zielniveau", cells.level),
        *_conditions(),
        _languages(),
        _online(),
        *_origin(dated=True),
    ),
    needs_rows=True,
)
GROUPS = Table(
    "groups",
    "gruppen",
    (
        _id(),
        _offering(),
        Column("start", "Beginn", cells.day, required=True),
        Column("modules", "Module", cells.whole(1, 60), default=1),
        Column("module_days", "Tage je Modul", cells.whole(1, 366), required=True),
        Column("entry_modules", "Einstiegsmodule", cells.modules, default=(1,)),
        Column("seats", "Plätze", cells.whole(0, 10_000), required=True),
        Column("booked", "belegt", cells.whole(0, 10_000), required=True),
        Column("minimum", "Mindestzahl", cells.whole(0, 10_000), default=0),
        _times(),
        _online(),
        *_place(required=False),
        *_conditions(),
        *_origin(dated=True),
    ),
)
SERVICES = Table(
    "services",
    "termine",
    (
        _id(),
        _offering(),
        Column("first", "erster Termin", cells.day, required=True),
        Column("last", "letzter Termin", cells.day, required=True),
        Column("every_days", "alle Tage", cells.whole(1, 366), required=True),
        Column("seats", "freie Plätze", cells.whole(0, 10_000), required=True),
        _duration(1_500),
        _times(),
        _online(),
        *_place(required=False),
        *_conditions(),
        *_origin(dated=True),
    ),
)
STOCK = Table(
    "stock",
    "bestand",
    (
        _id(),
        _offering(),
        Column("free_from", "frei ab", cells.day, required=True),
        Column("number", "Anzahl", cells.whole(0, 10_000), required=True),
        _duration(5_000),
        *_place(required=False),
        *_conditions(),
        *_origin(dated=True),
    ),
)
COOPERATION = Table(
    "cooperation",
    "kooperation",
    (
        Column("from", "von", cells.plain, required=True),
        Column("to", "an", cells.plain, required=True),
        Column("kind", "Art", cells.cooperation_kind, required=True),
        Column("agreement", "Vereinbarung", cells.plain, default=""),
        Column("since", "seit", cells.day),
        *_origin(dated=False),
    ),
)

TABLES: tuple[Table, ...] = (REGION, TOWNS, ACTORS, OFFERINGS, GROUPS, SERVICES, STOCK, COOPERATION)
TABLE: Mapping[str, Table] = {table.name: table for table in TABLES}

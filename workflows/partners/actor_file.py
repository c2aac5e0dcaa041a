"""Akteursblatt: one organisation with every row that is its own, to be read and to be changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from network.graph import SupportNetwork
from network.partner_rows import Rows, key_of, rows_of
from plans.actions import Action
from plans.roles import ObjectScope, may
from store import tables as t
from store.faults import Missing
from store.queries.audit import newest_entries
from store.queries.network import cooperations_of
from store.rows import ReadRows
from store.tables import GroupShape
from workflows.acting import Look, question
from workflows.partners.from_store import organisation_from_store
from workflows.partners.opened import OpenNetwork
from workflows.planning import HORIZON_DAYS

NEWEST_CHANGES = 20
_DATED = {GroupShape.GROUP: "groups", GroupShape.STOCK: "stock"}


@dataclass(frozen=True)
class Entry:
    """Eintrag: one row of the partner files, as it stands in the store.

    Parameters
    ----------
    table : str
        Of `network.columns.TABLES`.
    id, version : str, int
        To change it with.
    key : str
        What names it in the partner files.
    cells : mapping of str to str
        Text by column; an empty one is not stated.
    as_of : date or None
        When its partner last confirmed it; None = never.
    taken : int
        Seats that referrals hold; 0 where it has none.
    """

    table: str
    id: str
    version: int
    key: str
    cells: Mapping[str, str]
    as_of: date | None
    taken: int = 0


@dataclass(frozen=True)
class Link:
    """Kooperation: with whom, seen from one of the two.

    Parameters
    ----------
    entry : Entry
        The row.
    key, name : str
        The other organisation.
    is_outgoing : bool
        Whether the row leads to the other.
    """

    entry: Entry
    key: str
    name: str
    is_outgoing: bool


@dataclass(frozen=True)
class ActorFile:
    """Akteursblatt.

    Parameters
    ----------
    opened : OpenNetwork
        What it offers and when, without its cooperation.
    actor : Entry
        The organisation itself.
    offerings : tuple of (Entry, tuple of Entry)
        What it offers, each with its groups, dates and stock.
    links : tuple of Link
        With whom it works.
    may_edit : bool
        Whether whoever asks may change its rows.
    may_link : bool
        Whether whoever asks may change its cooperation.
    """

    opened: OpenNetwork
    actor: Entry
    offerings: tuple[tuple[Entry, tuple[Entry, ...]], ...]
    links: tuple[Link, ...]
    may_edit: bool
    may_link: bool

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every row of its own that can be confirmed."""
        own = [entry for offering, dated in self.offerings for entry in (offering, *dated)]
        return (self.actor, *own)

    @property
    def old(self) -> tuple[Entry, ...]:
        """Rows that nobody has confirmed for long."""
        return tuple(entry for entry in self.entries if self.opened.is_old(entry.as_of))

    def entry(self, table: str, id: str) -> Entry | None:
        """Return one of its rows, or None."""
        links = [link.entry for link in self.links]
        return next((one for one in (*self.entries, *links) if (one.table, one.id) == (table, id)), None)


@question(Action.READ_NETWORK)
def read_actor(look: Look, region_id: str, key: str) -> ActorFile:
    """Akteursblatt lesen: one organisation of a region with every row of its own.

    Parameters
    ----------
    region_id, key : str
        Its region, and its id in the partner files.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    Missing
        Where the region has no such organisation.
    """
    look.allow_new(ObjectScope(region_id))
    return _file(look, _organisation(look.unit, region_id, key))


@question(Action.EDIT_OFFERING)
def actor_to_edit(look: Look, region_id: str, key: str) -> ActorFile:
    """Akteursblatt zum Ändern: as `read_actor`, for whoever may change its rows.

    Raises
    ------
    Forbidden
        Where none of the caller's roles may change any.
    Missing
        Where there is no such organisation, or it is none of the caller's: both look the same.
    """
    return _file(look, _own(look, region_id, key))


@question(Action.EDIT_COOPERATION)
def links_to_edit(look: Look, region_id: str, key: str) -> ActorFile:
    """Kooperation zum Ändern: as `actor_to_edit`, for whoever may change with whom it works."""
    return _file(look, _own(look, region_id, key))


def _file(look: Look, row: Mapping[str, Any]) -> ActorFile:
    scope = ObjectScope(row["region_id"], row["id"])
    cells = rows_of(organisation_from_store(look.unit, row, counts_referrals=False))
    return ActorFile(
        opened=_opened(look, row),
        actor=_entries("actors", [row], cells)[0],
        offerings=_offerings(look.unit, row, cells),
        links=_links(look.unit, row),
        may_edit=_may(look, Action.EDIT_OFFERING, scope),
        may_link=_may(look, Action.EDIT_COOPERATION, scope),
    )


@question(Action.EDIT_ACTOR)
def list_changes(look: Look, region_id: str, key: str) -> list[dict[str, Any]]:
    """Verlauf: who changed which row of an organisation, newest first, for whoever may change them too.

    Returns
    -------
    list of dict
        `at` (instant), `who`, `action`, and `columns` that were changed.

    Raises
    ------
    Missing
        Where the region has no such organisation, or it is none of the caller's.
    """
    row = _own(look, region_id, key)
    offerings = look.unit.find(t.offering, region_id=region_id, organisation_id=row["id"])
    about = [("organisation", row["id"]), *(("offering", one["id"]) for one in offerings)]
    for table in (t.service, t.slot_group):
        within = table.c.offering_id.in_([one["id"] for one in offerings])
        shape = [t.slot_group.c.shape != GroupShape.SERVICE] if table is t.slot_group else []
        about += [(table.name, one["id"]) for one in look.unit.find(table, within, *shape)]
    changes = (Action.EDIT_ACTOR, Action.EDIT_OFFERING, Action.EDIT_SLOTS)
    return [
        {
            "at": entry["at"],
            "who": entry["actor_label"],
            "action": entry["action"],
            "columns": tuple(entry["details"].get("columns", ())),
        }
        for entry in newest_entries(look.unit, limit=NEWEST_CHANGES, about_any=about, actions=changes)
    ]


def _organisation(unit: ReadRows, region_id: str, key: str) -> dict[str, Any]:
    found = unit.find(t.organisation, region_id=region_id, key=key, gone_on=None)
    if not found:
        raise Missing("missing", table=t.organisation.name, id=key)
    return found[0]


def _own(look: Look, region_id: str, key: str) -> dict[str, Any]:
    """An organisation that the caller may change; a foreign one looks like none."""
    look.reach()
    row = _organisation(look.unit, region_id, key)
    look.allow(ObjectScope(region_id, row["id"]), t.organisation, key)
    return row


def _may(look: Look, action: Action, scope: ObjectScope) -> bool:
    return look.caller.is_machine or may(look.caller.grants, action, scope)


def _opened(look: Look, organisation: Mapping[str, Any]) -> OpenNetwork:
    region = organisation_from_store(look.unit, organisation, counts_referrals=True)
    supply = region.slots(look.today, look.today + timedelta(days=HORIZON_DAYS))
    age = look.book.rule("partner-figure-age-days", look.today).days
    return OpenNetwork(SupportNetwork(region, supply), look.today, look.today - timedelta(days=age))


def _entries(table: str, rows: Iterable[Mapping[str, Any]], cells: Rows) -> list[Entry]:
    """Rows of the store with their cells as partner files write them."""
    return [
        Entry(
            table=table,
            id=row["id"],
            version=row["version"],
            key=row["key"],
            cells=cells[table][row["key"]],
            as_of=row["as_of_on"],
            taken=row.get("taken", 0),
        )
        for row in rows
    ]


def _offerings(
    unit: ReadRows, organisation: Mapping[str, Any], cells: Rows
) -> tuple[tuple[Entry, tuple[Entry, ...]], ...]:
    within = {"region_id": organisation["region_id"], "gone_on": None}
    rows = unit.find(t.offering, organisation_id=organisation["id"], order_by=t.offering.c.name, **within)
    found = []
    for offering in _entries("offerings", rows, cells):
        dated: list[Entry] = []
        for shape, table in _DATED.items():
            start = t.slot_group.c.start_on
            groups = unit.find(t.slot_group, offering_id=offering.id, shape=shape, order_by=start, **within)
            dated += _entries(table, groups, cells)
        services = unit.find(t.service, offering_id=offering.id, order_by=t.service.c.first_on, **within)
        dated += _entries("services", services, cells)
        found.append((offering, tuple(dated)))
    return tuple(found)


def _links(unit: ReadRows, organisation: Mapping[str, Any]) -> tuple[Link, ...]:
    rows = cooperations_of(unit, organisation["id"])
    ends = {row[f"{end}_organisation_id"] for row in rows for end in ("from", "to")}
    others = unit.find(t.organisation, t.organisation.c.id.in_(ends), gone_on=None) if ends else []
    names = {one["id"]: one for one in others}
    links = []
    for row in rows:
        is_outgoing = row["from_organisation_id"] == organisation["id"]
        other = names.get(row["to_organisation_id" if is_outgoing else "from_organisation_id"])
        if other is not None:
            keys = {end: names[row[f"{end}_organisation_id"]]["key"] for end in ("from", "to")}
            links.append(Link(_link_entry(row, keys), other["key"], other["name"], is_outgoing))
    return tuple(sorted(links, key=lambda link: (not link.is_outgoing, link.name, link.entry.key)))


def _link_entry(row: Mapping[str, Any], keys: Mapping[str, str]) -> Entry:
    cells = {
        **keys,
        "kind": row["kind"].value,
        "agreement": row["agreement"],
        "since": row["since_on"].isoformat() if row["since_on"] else "",
        "source": row["source"],
        "illustrative": "yes" if row["illustrative"] else "no",
    }
    return Entry("cooperation", row["id"], row["version"], key_of("cooperation", cells), cells, None)

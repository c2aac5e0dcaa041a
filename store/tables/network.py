"""Tabellen des Netzwerks: regions, their organisations, offerings, groups with seats, dated ways in."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from network.model import ActorType, CooperationKind
from store.tables import columns as c


class GroupShape(StrEnum):
    """Herkunft der Plätze: which table of the partner files they come from."""

    GROUP = "group"
    SERVICE = "service"
    STOCK = "stock"


def _place(*, optional: bool) -> tuple[sa.Column[str], ...]:
    return (
        c.text("place_name", optional=optional),
        c.real("lat", optional=optional),
        c.real("lon", optional=optional),
    )


def _origin() -> tuple[sa.Column[str], ...]:
    return (c.text("source"), c.flag("illustrative"), c.day("as_of_on"), c.term_set("unstated"))


region = sa.Table(
    "region",
    c.metadata,
    c.own_id("reg"),
    c.text("name_de"),
    c.text("name_en"),
    c.number("population", optional=True),
    c.text("ags"),
    c.day("today_on", optional=False),
    c.text("licence"),
    c.text("source"),
    c.flag("fictional"),
    c.json("towns"),
    *c.edited(),
)
"""Region: the tenant. Its id is that of its folder of partner files."""

organisation = sa.Table(
    "organisation",
    c.metadata,
    c.own_id("org"),
    *c.region_id(),
    c.text("key"),
    c.text("name"),
    *c.term("type", ActorType),
    *_place(optional=False),
    c.term_set("languages"),
    c.text("phone"),
    c.text("email"),
    c.text("website"),
    *_origin(),
    c.day("gone_on"),
    *c.edited(),
    c.within_region(),
    sa.UniqueConstraint("region_id", "key"),
)
"""Akteur: an organisation of a region. `key` is its id in the partner files; `gone_on` the day on which the
files no longer named it (it stays, since referrals name it)."""

offering = sa.Table(
    "offering",
    c.metadata,
    c.own_id("off"),
    *c.region_id(),
    *c.refers("organisation"),
    c.text("key"),
    c.text("name"),
    c.text("kind"),
    c.text("level_in", optional=True),
    c.text("level_out", optional=True),
    c.term_set("requires"),
    c.term_set("features"),
    c.term_set("languages"),
    c.flag("online"),
    *_origin(),
    c.day("gone_on"),
    *c.edited(),
    c.within_region(),
    sa.UniqueConstraint("region_id", "key"),
)
"""Angebot: a programme without dates; its kind is of `network.kinds`, without the entry module."""

service = sa.Table(
    "service",
    c.metadata,
    c.own_id("srv"),
    *c.region_id(),
    *c.refers("offering"),
    c.text("key"),
    c.day("first_on", optional=False),
    c.day("last_on", optional=False),
    c.number("interval_days"),
    c.number("seats"),
    c.number("duration_days"),
    *_place(optional=True),
    c.flag("online"),
    c.term_set("requires"),
    c.term_set("features"),
    c.term_set("times"),
    *_origin(),
    c.day("gone_on"),
    *c.edited(),
    sa.UniqueConstraint("region_id", "key"),
    sa.CheckConstraint("last_on >= first_on AND interval_days >= 1 AND duration_days >= 1", name="dates"),
    sa.CheckConstraint("seats >= 0", name="seats"),
)
"""Termin-Angebot: dates that come again and again, as the partner wrote them; each date is a group with its
own seats, whose `row_key` is the `key` here."""

slot_group = sa.Table(
    "slot_group",
    c.metadata,
    c.own_id("grp"),
    *c.region_id(),
    *c.refers("offering", indexed=False),
    c.text("key"),
    c.text("row_key"),
    *c.term("shape", GroupShape),
    c.day("start_on", optional=False),
    c.day("end_on", optional=False),
    c.number("modules"),
    c.number("module_days"),
    c.json("entry_modules"),
    c.guarded("seats", "store.seats.resize"),
    c.guarded("booked_elsewhere", "store.seats.resize"),
    c.guarded("taken", "store.seats", starts_at=0),
    c.number("minimum"),
    c.number("waitlist_limit", optional=True),
    *_place(optional=True),
    c.flag("online"),
    c.term_set("requires"),
    c.term_set("features"),
    c.term_set("times"),
    *_origin(),
    c.day("gone_on"),
    *c.edited(),
    c.within_region(),
    sa.UniqueConstraint("region_id", "key"),
    sa.CheckConstraint("taken >= 0 AND taken + booked_elsewhere <= seats", name="taken"),
    sa.CheckConstraint("booked_elsewhere >= 0 AND minimum >= 0", name="counts"),
    sa.CheckConstraint("modules >= 1 AND module_days >= 1 AND end_on >= start_on", name="dates"),
    sa.Index(None, "offering_id", "start_on"),
)
"""Gruppe: what can be full: a course group, one date of a service, places that become free on a day.

Whoever joins at any module stays to the last, so the last module is the fullest and one count does for the
group. `taken` are the seats that referrals hold, `booked_elsewhere` those that the partner gave away itself;
`row_key` is the row of the partner files (a service has one group a date). Only `store.seats` changes counts.
"""

slot = sa.Table(
    "slot",
    c.metadata,
    c.own_id("slt"),
    *c.region_id(),
    *c.refers("slot_group", owned=True),
    *c.refers("offering"),
    *c.refers("organisation"),
    c.text("key"),
    c.text("kind"),
    c.number("entry_module"),
    c.day("start_on", optional=False),
    c.day("end_on", optional=False),
    *_place(optional=True),
    c.flag("online"),
    c.term_set("requires"),
    c.term_set("features"),
    c.term_set("times"),
    c.day("gone_on"),
    *c.edited(),
    c.within_region(),
    sa.UniqueConstraint("region_id", "key"),
    sa.CheckConstraint("end_on >= start_on", name="dates"),
    sa.CheckConstraint("online OR lat IS NOT NULL", name="place"),
    sa.Index(None, "region_id", "kind", "start_on"),
)
"""Einstieg: a dated way into a group; its kind names the entry module (``integration-course/from-3``)."""

cooperation = sa.Table(
    "cooperation",
    c.metadata,
    c.own_id("coo"),
    *c.region_id(),
    *c.refers("organisation", "from_organisation_id"),
    *c.refers("organisation", "to_organisation_id"),
    *c.term("kind", CooperationKind),
    c.text("agreement"),
    c.day("since_on"),
    c.text("source"),
    c.flag("illustrative"),
    c.day("gone_on"),
    *c.edited(),
    sa.UniqueConstraint("region_id", "from_organisation_id", "to_organisation_id", "kind"),
)
"""Kooperation: one direction of working together."""

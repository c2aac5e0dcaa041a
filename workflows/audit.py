"""Protokoll: who saw and changed what; read by auditors, verified by whoever may, changed by nobody."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from plans.actions import Action
from store import journal
from store.journal import Anchor
from store.queries.audit import newest_entries
from workflows.acting import Desk, Look, question
from workflows.planning_room.tables import disarmed
from workflows.refusal import Refusal

LARGEST_PAGE = 1000

_COLUMNS = (
    *("sequence", "at", "account_id", "actor_label", "purpose", "action"),
    *("object_type", "object_id", "region_id", "details"),
)


@question(Action.READ_AUDIT)
def read_audit(
    look: Look,
    *,
    limit: int = 100,
    before: int | None = None,
    about: tuple[str | None, str | None] | None = None,
    account_id: str | None = None,
) -> list[dict[str, Any]]:
    """Protokoll lesen: entries that the caller's roles reach, newest first.

    Parameters
    ----------
    limit : int
        At most so many, 1 to `LARGEST_PAGE`.
    before : int, optional
        Only entries with a smaller number, for the next page.
    about : tuple of str, optional
        Only entries about this object: its type and id, or one of both.
    account_id : str, optional
        Only entries of this account.

    Returns
    -------
    list of dict
        ``sequence``, ``at`` (ISO instant, UTC), ``account_id``, ``actor_label``, ``purpose``, ``action``,
        ``object_type``, ``object_id``, ``region_id``, ``details``.
    """
    regions = [grant.region_id if grant else None for _, grant in look.reach()]
    rows = newest_entries(
        look.unit,
        limit=max(1, min(limit, LARGEST_PAGE)),
        before=before,
        region_ids=None if None in regions else [region for region in regions if region],
        about=about,
        account_id=account_id,
    )
    return [{**row, "at": row["at"].isoformat(timespec="seconds")} for row in rows]


def export_audit(desk: Desk, **wanted: Any) -> Iterator[str]:
    """Protokoll ausführen: every entry that `read_audit` gives, as lines of CSV, page by page.

    Parameters
    ----------
    **wanted
        ``about`` and ``account_id`` as for `read_audit`.

    Yields
    ------
    str
        A header, then one line an entry; what a spreadsheet would take for a formula is disarmed.
    """
    rows = read_audit(desk, limit=LARGEST_PAGE, **wanted)
    yield _csv_line(_COLUMNS)
    while rows:
        for row in rows:
            cells = {**row, "details": json.dumps(row["details"], ensure_ascii=False, sort_keys=True)}
            yield _csv_line([cells[name] for name in _COLUMNS])
        before = rows[-1]["sequence"]
        rows = read_audit(desk, limit=LARGEST_PAGE, before=before, **wanted)


@question(Action.VERIFY_AUDIT)
def verify_audit(look: Look, anchor: str | None = None) -> dict[str, Any]:
    """Protokoll prüfen: find everything that was changed, taken out, moved or cut off.

    It says nothing of what the entries hold, so that an administrator of one region may ask for the whole.

    Parameters
    ----------
    anchor : str, optional
        An earlier end that was kept elsewhere, as this question gave it: must still be in the chain.

    Returns
    -------
    dict
        ``entries`` (how many were read), ``is_whole``, ``flaws`` (the first 20, each with ``flaw`` and
        ``sequence``), ``anchor`` (the end as it is now, to be kept elsewhere).

    Raises
    ------
    Refusal
        Where `anchor` cannot be read.
    """
    look.reach()
    verdict = journal.verify(look.unit.connection, look.unit.keys, _anchor(anchor))
    return {
        "entries": verdict.entries,
        "is_whole": verdict.is_whole,
        "flaws": [{"flaw": one.flaw.value, "sequence": one.sequence} for one in verdict.flaws],
        "anchor": str(verdict.anchor),
    }


def _csv_line(cells: Iterable[Any]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow([disarmed(cell) for cell in cells])
    return file.getvalue()


def _anchor(text: str | None) -> Anchor | None:
    if text is None:
        return None
    try:
        read = Anchor.read(text)
    except ValueError as error:
        raise Refusal("bad-anchor") from error
    if len(read.hash) != len(journal.GENESIS):
        raise Refusal("bad-anchor")
    return read

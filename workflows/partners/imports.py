"""Einspielung: partner files are previewed, applied as previewed, and undone; each whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from network.faults import Fault, PartnerFault
from network.partner_files import region_of
from network.partner_rows import Rows, rows_of, sheets_of
from network.uploads import read_upload
from plans.actions import Action
from plans.roles import ObjectScope
from store import tables as t
from store.queries.imports import newest_imports
from store.queries.network import referred_groups
from store.tables import ImportState
from workflows.acting import Look, Work, question, workflow
from workflows.partners.comparison import Change, below_taken, compare, differences_between
from workflows.partners.from_store import region_as_handed_in
from workflows.partners.to_store import lock_network, write_network
from workflows.refusal import Refusal
from workflows.versions import check_read

SHOWN_IMPORTS = 100
"""So many imports are listed, unless more are asked for."""

Files = Mapping[str, bytes]
"""Content by file name."""


class ImportRefused(Refusal):
    """Einspielung abgelehnt: an import cannot be applied or undone any more; says every reason.

    Parameters
    ----------
    code : str
        Key of the sentence.
    reasons : iterable of Fault
        What stands against it.
    """

    def __init__(self, code: str, reasons: Iterable[Fault] = ()) -> None:
        self.reasons = tuple(reasons)
        super().__init__(code)

    def title(self, lang: str) -> str:
        """What is refused, without the reasons."""
        return super().text(lang)

    def text(self, lang: str) -> str:
        """One line: what is refused, then every reason with its place."""
        reasons = "; ".join(f"{one.where(lang)}: {one.text(lang)}" for one in self.reasons)
        return self.title(lang) + (f" – {reasons}" if reasons else "")


@question(Action.PREVIEW_IMPORT)
def look_over_import(
    look: Look, region_id: str, files: Files, organisation_key: str | None = None
) -> dict[str, Any]:
    """Probelauf ohne Spur: what partner files would change; nothing is kept.

    Parameters
    ----------
    region_id : str
        Into which region.
    files : mapping of str to bytes
        Content by file name; tables that do not come stay as they are.
    organisation_key : str, optional
        The organisation whose files they are; None for files of the whole region.

    Returns
    -------
    dict
        `counts` (added, changed, gone), `differences` (see `comparison.differences_between`) and `problems`:
        each with `file`, `line`, `column`, and `where` and `text` in both languages.

    Raises
    ------
    Forbidden
        Where the region, or the organisation, is none of the caller's.
    Missing
        Where there is no such region.
    """
    return _look_over(look, region_id, files, organisation_key)


@workflow(Action.PREVIEW_IMPORT)
def preview_import(
    work: Work, region_id: str, files: Files, organisation_key: str | None = None
) -> dict[str, Any]:
    """Probelauf: what partner files would change, kept so that exactly this can be applied.

    Returns
    -------
    dict
        As `look_over_import`, with the `import_id` and its `version`; both None where there are problems.

    Raises
    ------
    Forbidden, Missing
        See `look_over_import`.
    """
    found = _look_over(work, region_id, files, organisation_key)
    if found["problems"]:
        work.record("region", region_id, region_id, problems=len(found["problems"]))
        return {"import_id": None, "version": None, **found}
    content = _packed({name: data.hex() for name, data in files.items()})
    id = work.unit.insert(
        t.import_run,
        region_id=region_id,
        state=ImportState.PREVIEWED,
        content=content,
        content_hash=hashlib.sha256(content).hexdigest(),
        differences={
            "organisation": organisation_key,
            "counts": found["counts"],
            "rows": found["differences"],
        },
        imported_by=work.caller.account_id,
    )
    work.record("import_run", id, region_id, **found["counts"])
    return {"import_id": id, "version": 1, **found}


@workflow(Action.APPLY_IMPORT)
def apply_import(work: Work, import_id: str, version: int) -> dict[str, Any]:
    """Einspielen: apply what was previewed, all of it or nothing.

    Parameters
    ----------
    import_id : str
        Of `preview_import`.
    version : int
        As it was read.

    Returns
    -------
    dict
        `import_id`, its new `version`, and `counts`.

    Raises
    ------
    ImportRefused
        Where it would do something else by now than was previewed, or has been applied.
    Missing, Stale
        Where it is none of the caller's, or was changed since.
    """
    run = _take_up(work, import_id, version, ImportState.PREVIEWED)
    if hashlib.sha256(run["content"]).hexdigest() != run["content_hash"]:
        raise ImportRefused("import-altered")
    lock_network(work, run["region_id"])
    upload = read_upload({name: bytes.fromhex(data) for name, data in _unpacked(run["content"]).items()})
    found = compare(work.unit, run["region_id"], upload, run["differences"]["organisation"])
    if found.problems or found.after is None or found.differences != run["differences"]["rows"]:
        raise ImportRefused("import-outdated", found.problems)
    write_network(work, found.before, found.after)
    counts = _counts(found.differences)
    changed = work.unit.change(
        t.import_run,
        import_id,
        version,
        state=ImportState.APPLIED,
        applied_at=work.now,
        before=_packed(_touched(rows_of(found.before), rows_of(found.after), found.differences)),
    )
    work.record("import_run", import_id, run["region_id"], **counts)
    return {"import_id": import_id, "version": changed["version"], "counts": counts}


@workflow(Action.UNDO_IMPORT)
def undo_import(work: Work, import_id: str, version: int) -> dict[str, Any]:
    """Einspielung zurücknehmen: every row it touched becomes what it was before.

    Returns
    -------
    dict
        `import_id`, its new `version`, and `counts` of the rows that were put back.

    Raises
    ------
    ImportRefused
        Where later work forbids it; names every row that was changed since, that others need by now, or to
        which somebody is referred.
    Missing, Stale
        Where it is none of the caller's, or was changed since.
    """
    run = _take_up(work, import_id, version, ImportState.APPLIED)
    lock_network(work, run["region_id"])
    touched = _unpacked(run["before"])
    before = region_as_handed_in(work.unit, run["region_id"])
    now = rows_of(before)
    reasons = [_reason("undo_changed", one) for one in touched if _row(now, one) != one["after"]]
    reasons += _still_referred(work, run["region_id"], touched)
    if reasons:
        raise ImportRefused("undo-forbidden", reasons)
    sheets = sheets_of(_put_back(now, touched))
    try:
        after = region_of(sheets)
    except PartnerFault as fault:
        raise ImportRefused("undo-forbidden", fault.faults) from fault
    if reasons := list(below_taken(work.unit, before, after, sheets)):
        raise ImportRefused("undo-forbidden", reasons)
    write_network(work, before, after)
    changed = work.unit.change(t.import_run, import_id, version, state=ImportState.UNDONE, undone_at=work.now)
    counts = _counts(differences_between(now, rows_of(after)))
    work.record("import_run", import_id, run["region_id"], **counts)
    return {"import_id": import_id, "version": changed["version"], "counts": counts}


@question(Action.UNDO_IMPORT)
def list_imports(look: Look, region_id: str, limit: int = SHOWN_IMPORTS) -> list[dict[str, Any]]:
    """Einspielungen: what was previewed, applied and undone in a region, newest first, at most so many."""
    look.allow_new(ObjectScope(region_id))
    return [outline_of(run) for run in newest_imports(look.unit, region_id, limit)]


def outline_of(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return an import in short; `run` has its ``organisation`` and ``counts`` beside the columns."""
    return {
        "import_id": run["id"],
        **{name: run[name] for name in ("version", "organisation", "counts")},
        "state": run["state"].value,
        **{name: run[name] and run[name].isoformat() for name in ("created_at", "applied_at", "undone_at")},
    }


def _look_over(look: Look, region_id: str, files: Files, organisation_key: str | None) -> dict[str, Any]:
    look.allow_new(ObjectScope(region_id, _organisation_id(look, region_id, organisation_key)))
    found = compare(look.unit, region_id, read_upload(files), organisation_key)
    differences = found.differences
    return {
        "counts": _counts(differences),
        "differences": differences,
        "problems": [problem(one) for one in found.problems],
    }


def problem(fault: Fault) -> dict[str, Any]:
    """Return a fault as pages and the command line show it."""
    return {
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "where": {lang: fault.where(lang) for lang in ("de", "en")},
        "text": {lang: fault.text(lang) for lang in ("de", "en")},
    }


def _organisation_id(look: Look, region_id: str, key: str | None) -> str | None:
    """Id of an organisation; an unknown one is nobody's."""
    if key is None:
        return None
    found = look.unit.find(t.organisation, region_id=region_id, key=key)
    return str(found[0]["id"]) if found else ""


def _take_up(work: Work, import_id: str, version: int, state: ImportState) -> dict[str, Any]:
    work.reach()
    run = work.unit.get(t.import_run, import_id)
    work.allow(ObjectScope(run["region_id"]), t.import_run, import_id)
    check_read(t.import_run, run, version)
    if run["state"] is not state:
        raise ImportRefused(f"import-is-{run['state'].value}")
    return run


def _counts(differences: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counted = Counter(one["change"] for one in differences)
    return {change.value: counted[change.value] for change in Change}


def _touched(before: Rows, after: Rows, differences: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows that differ, with all their cells before and after; None where there was or is none.

    What the first import says of the region itself stays: before it, the region was only a name.
    """
    is_first = not before["actors"]
    return [
        {
            "table": one["table"],
            "key": one["key"],
            "before": before[one["table"]].get(one["key"]),
            "after": after[one["table"]].get(one["key"]),
        }
        for one in differences
        if not (is_first and one["table"] == "region")
    ]


def _row(rows: Rows, one: Mapping[str, Any]) -> Mapping[str, str] | None:
    return rows[one["table"]].get(one["key"])


def _put_back(now: Rows, touched: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    rows = {table: dict(own) for table, own in now.items()}
    for one in touched:
        rows[one["table"]].pop(one["key"], None)
        if one["before"] is not None:
            rows[one["table"]][one["key"]] = one["before"]
    return rows


def _still_referred(work: Work, region_id: str, touched: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Rows that the import brought, and to which somebody is referred by now."""
    added = {
        one["key"]: one
        for one in touched
        if one["before"] is None and one["table"] in ("groups", "services", "stock")
    }
    referred = referred_groups(work.unit, region_id)
    groups = work.unit.find(t.slot_group, region_id=region_id, gone_on=None) if added and referred else []
    keys = {group["row_key"] for group in groups if group["id"] in referred}
    return [_reason("undo_referred", added[key]) for key in sorted(keys & added.keys())]


def _reason(code: str, one: Mapping[str, Any]) -> Fault:
    return Fault(f"{one['table']}.csv", None, None, code, {"value": one["key"]})


def _packed(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return gzip.compress(text.encode(), mtime=0)


def _unpacked(data: bytes) -> Any:
    return json.loads(gzip.decompress(data))

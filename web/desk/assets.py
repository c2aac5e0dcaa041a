"""Style sheets and scripts (Gestaltung) as the build made them: names with a hash, to be kept for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BUILT = Path(__file__).parent.parent / "static" / "built"


class NotBuilt(Exception):
    """Nicht gebaut: the front end was not built; ``make setup`` does it."""


@dataclass(frozen=True)
class Bundle:
    """Bündel: what a page loads for one entry of the build.

    Parameters
    ----------
    script : str
        File of the script, below ``static``.
    styles : tuple of str
        Files of its style sheets.
    """

    script: str
    styles: tuple[str, ...]


class Assets:
    """Look-up of bundles by the name of their entry, such as ``desk``.

    Parameters
    ----------
    built : Path
        Folder that the build writes.

    Raises
    ------
    NotBuilt
        Where there is no build.
    """

    def __init__(self, built: Path = BUILT) -> None:
        manifest = built / "manifest.json"
        if not manifest.is_file():
            raise NotBuilt(f"{manifest} is missing: run `make setup`")
        chunks: Mapping[str, Mapping[str, Any]] = json.loads(manifest.read_text("utf-8"))
        self._bundles = {
            chunk["name"]: Bundle(f"built/{chunk['file']}", tuple(self._styles(chunks, chunk)))
            for chunk in chunks.values()
            if chunk.get("isEntry")
        }

    def __getitem__(self, entry: str) -> Bundle:
        return self._bundles[entry]

    def _styles(self, chunks: Mapping[str, Mapping[str, Any]], chunk: Mapping[str, Any]) -> list[str]:
        """Style sheets of an entry and of what it imports, each once."""
        found = [f"built/{file}" for file in chunk.get("css", ())]
        for imported in chunk.get("imports", ()):
            found += self._styles(chunks, chunks[imported])
        return list(dict.fromkeys(found))

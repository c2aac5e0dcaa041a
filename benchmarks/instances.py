"""Which planning problems are measured, and where their folders are.

The reference instances stand in ``../shared/planning/instances`` beside a checkout. Without them the contest
runs on problems that this project makes itself from its fictional county, of the same sizes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from workflows.planning_folder import make_planning_folder

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = Path(os.environ.get("FOERDERKETTE_PLANNING", ROOT.parent / "shared" / "planning"))
INSTANCES = ("city-60-1", "rural-150-1", "city-600-1", "rural-600-1", "squeeze-600-1", "land-2000-1")
OWN = ("musterkreis-60-1", "musterkreis-150-1", "musterkreis-600-1")


def default_names() -> tuple[str, ...]:
    """The reference instances where they are, else problems of our own."""
    return INSTANCES if (REFERENCE / "instances").is_dir() else OWN


@contextmanager
def folder_of(name: str) -> Iterator[Path]:
    """Folder of an instance: a reference one, a folder given by path, or one made for the occasion.

    Parameters
    ----------
    name : str
        ``city-60-1``, a path, or ``region-people-seed`` such as ``musterkreis-60-1``.
    """
    for known in (REFERENCE / "instances" / name, Path(name)):
        if (known / "problem.json").exists():
            yield known
            return
    with TemporaryDirectory() as made:
        _write_own(name, Path(made))
        yield Path(made)


def _write_own(name: str, folder: Path) -> None:
    region, people, seed = name.rsplit("-", 2)
    make_planning_folder(region, int(people), int(seed), folder)

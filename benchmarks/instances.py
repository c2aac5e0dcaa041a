"""Which planning problems are measured, and where their folders are.

The reference instances stand in ``../shared/planning/instances`` beside a checkout. Without them the contest
runs on problems that this project makes itself from its fictional county, of the same sizes.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from workflows.planning_folder import make_planning_folder

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = Path(os.environ.get("FOERDERKETTE_PLANNING", ROOT.parent / "shared" / "planning"))
INSTANCES = ("city-60-1", "rural-150-1", "city-600-1", "rural-600-1", "squeeze-600-1", "land-2000-1")
OWN = ("musterkreis-60-1", "musterkreis-150-1", "musterkreis-600-1")
LARGE = "nation-20000-1"
FAMILIES = ("city", "squeeze", "rural", "land", "nation")  # of make_problem.py, beside the instances
SECONDS = ((600, 60.0), (2000, 120.0), (20_000, 300.0))  # people at most, and the time to plan them
LONGEST = 900.0


def default_names() -> tuple[str, ...]:
    """The reference instances where they are, else problems of our own."""
    return INSTANCES if (REFERENCE / "instances").is_dir() else OWN


def people_in(name: str) -> int:
    """People of an instance by its name, ``city-60-1``; 0 where the name does not say it."""
    parts = Path(name).name.split("-")
    return int(parts[-2]) if len(parts) > 2 and parts[-2].isdecimal() else 0


def limit_of(name: str) -> float:
    """Seconds to plan an instance of this name: more for more people."""
    return next((seconds for most, seconds in SECONDS if people_in(name) <= most), LONGEST)


@contextmanager
def folder_of(name: str) -> Iterator[Path]:
    """Folder of an instance: a reference one, a folder given by path, or one made for the occasion.

    Parameters
    ----------
    name : str
        ``city-60-1``, a path, ``family-people-seed`` where the generator of the reference instances is there,
        or ``region-people-seed`` such as ``musterkreis-60-1``.
    """
    for known in (REFERENCE / "instances" / name, Path(name)):
        if (known / "problem.json").exists():
            yield known
            return
    with TemporaryDirectory() as made:
        _make(name, Path(made))
        yield Path(made)


def _make(name: str, folder: Path) -> None:
    """Write a problem by the generator of the reference instances, or of our own county."""
    kind, people, seed = name.rsplit("-", 2)
    maker = REFERENCE / "make_problem.py"
    if kind in FAMILIES and maker.exists():
        command = [sys.executable, str(maker), kind, people, seed, str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    else:
        make_planning_folder("musterkreis" if kind in FAMILIES else kind, int(people), int(seed), folder)

"""Finds a Chromium by itself: an installed one, else Debian's package, else playwright's own download."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
WHAT_TO_DO = (
    "No Chromium found and none could be installed: `apt-get install chromium` as root, "
    "or `.venv/bin/python -m playwright install --with-deps chromium`, then run the tests again."
)
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # No name but the own machine's is looked up, so that no test can reach another host.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
_APT_SECONDS = 600


class NoBrowser(Exception):
    """Kein Browser: there is none and none can be had; the sentence says what to do."""


def must_have_browser() -> bool:
    """Whether a missing browser is a fault (in CI) or these tests are skipped with a sentence (elsewhere)."""
    return bool(os.environ.get("FOERDERKETTE_BROWSER") or os.environ.get("CI"))


def flags() -> list[str]:
    """Flags of the browser; root has no sandbox."""
    return [*FLAGS, *(["--no-sandbox"] if _is_root() else [])]


def find_chromium(downloaded: Path, sources: Iterable[Callable[[Path], Path | None]] | None = None) -> Path:
    """Return the program of a Chromium.

    Parameters
    ----------
    downloaded : Path
        Where playwright keeps its own, if it has one.
    sources : iterable of callable, optional
        Ways to have one, tried in turn; by default the three that the module names.

    Raises
    ------
    NoBrowser
        Where there is none, and none can be had.
    """
    for source in sources or (installed, from_package, from_playwright):
        found = source(downloaded)
        if found is not None:
            return found
    raise NoBrowser(WHAT_TO_DO)


def installed(downloaded: Path) -> Path | None:
    """One that is there already."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return Path(found)
    return downloaded if downloaded.exists() else None


def from_package(downloaded: Path) -> Path | None:
    """Debian's package, where this user may install it."""
    if not (_is_root() and shutil.which("apt-get")):
        return None
    package = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"]
    if not _done(package):
        _done(["apt-get", "update", "--quiet"])
        _done(package)
    return installed(downloaded)


def from_playwright(downloaded: Path) -> Path | None:
    """The one that playwright downloads for this user."""
    _done([sys.executable, "-m", "playwright", "install", "chromium"])
    return installed(downloaded)


def _done(command: list[str]) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, env=quiet, capture_output=True, timeout=_APT_SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0

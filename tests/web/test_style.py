"""The colours can be read: WCAG 2.1 AA contrast, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web

CSS = (Path(web.__file__).parent / "static" / "style.css").read_text("utf-8")
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "quiet", "accent") for ground in ("ground", "raised")),
    *((ink, "accent-soft") for ink in ("ink", "accent")),
    *((ink, "warn-soft") for ink in ("ink", "warn", "quiet")),
    ("good", "good-soft"),
    ("ground", "accent"),
]
GRAPHIC_PAIRS = [(ink, "ground") for ink in ("edge", "bar", "bar-other", "wait", "focus", "good", "warn")]


def colours(dark: bool) -> dict[str, str]:
    blocks = re.findall(r":root \{([^}]*)\}", CSS)
    block = blocks[1] if dark else blocks[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_and_graphics_have_enough_contrast(dark: bool) -> None:
    known = colours(dark)
    for pairs, least in ((TEXT_PAIRS, 4.5), (GRAPHIC_PAIRS, 3.0)):
        for ink, ground in pairs:
            assert contrast(known[ink], known[ground]) >= least, (ink, ground)

"""Where measured figures are shown: marked sections of ``docs/figures.md``, and curves as small SVG files."""

import math
import os
import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.instances import ROOT

DOCUMENT = ROOT / "docs" / "figures.md"
WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 720, 420, 70, 48, 18, 190
COLOURS = ("#1b5e8c", "#b3541e", "#3d7a3a", "#7a3d75")
Curve = Sequence[tuple[float, float]]


def write_section(name: str, text: str, document: Path = DOCUMENT) -> None:
    """Replace what stands between the marks of a section.

    Raises
    ------
    ValueError
        The document has no such section.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    whole = document.read_text("utf-8")
    if begin not in whole or end not in whole:
        raise ValueError(f"{document.name} has no section between {begin} and {end}")
    before, after = whole.split(begin)[0], whole.split(end)[1]
    document.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


def machine(packages: Sequence[str] = ("ortools", "numpy", "numba")) -> str:
    """On what and beside what it was measured: processor, cores, memory, versions, and how busy it is.

    Parameters
    ----------
    packages : sequence of str
        Whose versions matter.
    """
    cpuinfo, memory = Path("/proc/cpuinfo"), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    named = re.search(r"model name\s*: (.+)", cpuinfo.read_text("utf-8")) if cpuinfo.exists() else None
    used = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{named[1] if named else platform.processor() or 'a processor'}, {os.cpu_count()} cores, "
        f"{memory / 2**30:.0f} GiB; {platform.system()}, Python {platform.python_version()}, {used}. "
        f"Load of the machine over the last minute: {os.getloadavg()[0]:.1f} (a measurement by itself: "
        "1 to 2)."
    )


def log_log(curves: Mapping[str, Curve], x_title: str, y_title: str) -> str:
    """Curves on two logarithmic axes, as an SVG picture; the name of each stands at its last point.

    Parameters
    ----------
    curves : mapping of name to points
        All coordinates > 0.
    """
    points = [point for curve in curves.values() for point in curve]
    if not points:
        raise ValueError("there is nothing to draw")
    x_low, x_high = _decades([x for x, _ in points])
    y_low, y_high = _decades([y for _, y in points])

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - x_low) / (x_high - x_low)
        up = (math.log10(y) - y_low) / (y_high - y_low)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12" aria-label="{y_title} by {x_title}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for decade in range(x_low, x_high + 1):
        x, y = place(10.0**decade, 10.0**y_low)
        parts.append(f'<path d="M{x:.1f} {TOP}V{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{10.0**decade:,g}</text>')
    for decade in range(y_low, y_high + 1):
        x, y = place(10.0**x_low, 10.0**decade)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{10.0**decade:g}</text>')
    for colour, (name, curve) in zip(COLOURS * len(curves), curves.items(), strict=False):
        placed = [place(x, y) for x, y in sorted(curve)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
        x, y = placed[-1]
        parts.append(f'<text x="{x + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{name}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{x_title}</text>')
    up = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(
        f'<text x="16" y="{up}" text-anchor="middle" transform="rotate(-90 16 {up})">{y_title}</text></svg>'
    )
    return "\n".join(parts) + "\n"


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Whole powers of ten that hold all values, at least one decade apart."""
    low = math.floor(math.log10(min(values)) + 1e-9)
    return low, max(low + 1, math.ceil(math.log10(max(values)) - 1e-9))


def growth_exponent(curve: Curve) -> float:
    """Exponent b of the best line ``y = a * x**b`` through the points (least squares of logarithms)."""
    logs = [(math.log(x), math.log(y)) for x, y in curve]
    if len(logs) < 2:
        raise ValueError("an exponent needs two points")
    mean_x, mean_y = (sum(column) / len(logs) for column in zip(*logs, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / spread

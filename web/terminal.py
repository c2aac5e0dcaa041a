"""What the command line shows (Ausgabe): tables, progress on a terminal, a first and a second Ctrl-C."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Protocol, TypeVar

from rich.console import Console
from rich.text import Text

GAP = "  "

Shown = TypeVar("Shown")


class RunProgress(Protocol):
    """Where a planning run stands; costs in weighted waiting days."""

    @property
    def seconds(self) -> float:
        """Wall time so far."""

    @property
    def cost(self) -> float:
        """Cost of the best plan so far."""

    @property
    def lower_bound(self) -> float:
        """No plan costs less."""

    @property
    def gap(self) -> float:
        """Share of the cost that may still be avoidable."""


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Align rows of text in columns; the columns numbered in `right` (from 0) are set flush right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append(GAP.join(cells).rstrip())
    return "\n".join(lines)


class Interrupts:
    """The first Ctrl-C asks the work to end well, the second ends it at once."""

    def __init__(self) -> None:
        self.asked = False

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def stop(self) -> bool:
        """Return whether somebody has asked to end."""
        return self.asked

    @contextmanager
    def listening(self) -> Iterator[Interrupts]:
        """Listen to Ctrl-C and to the request to terminate, and give both back afterwards."""
        before = {number: signal.signal(number, self._heard) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def progress_shown(
    line: Callable[[Shown], str], waiting: str, every_seconds: float | None = None
) -> Iterator[Callable[[Shown], None]]:
    """Give a callable that shows where a run stands, on standard error.

    Parameters
    ----------
    line : callable
        Says it in words.
    waiting : str
        What is said until then.
    every_seconds : float, optional
        Where standard error is no terminal: say it in a line of its own as often as this at most, >= 0; left
        out, nothing is said there.
    """
    console = Console(stderr=True)
    if not (console.is_terminal and sys.stderr.isatty()):
        yield (lambda progress: None) if every_seconds is None else _lines(line, waiting, every_seconds)
        return
    with console.status(Text(waiting)) as status:
        yield lambda progress: status.update(Text(line(progress)))


def _lines(line: Callable[[Shown], str], waiting: str, every_seconds: float) -> Callable[[Shown], None]:
    """Write where a run stands into what may be a file."""
    print(waiting, file=sys.stderr, flush=True)
    told_at = time.monotonic()

    def tell(progress: Shown) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= every_seconds:
            print(line(progress), file=sys.stderr, flush=True)
            told_at = time.monotonic()

    return tell


@contextmanager
def counted_progress(
    line: Callable[[str, int, int], str], waiting: str
) -> Iterator[Callable[[str, int, int], None]]:
    """Give a callable that shows a part of the work, what is done of it and of how much; else as above."""
    console = Console(stderr=True)
    if not (console.is_terminal and sys.stderr.isatty()):
        yield lambda part, done, of: None
        return
    with console.status(Text(waiting)) as status:
        yield lambda part, done, of: status.update(Text(line(part, done, of)))

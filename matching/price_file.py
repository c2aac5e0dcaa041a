"""The file of seat prices (Preisdatei): what a planning run says of every capacity, for whoever asks later.

Two figures stand side by side, because they answer two questions. ``seat_price`` is what one more seat would
save, for whoever plans seats. ``multiplier`` is what a taken seat costs others and what proves the bound, for
recommendations and for the next run. ``docs/engine.md`` says why they differ.
"""

import math
from collections.abc import Mapping
from pathlib import Path

from matching.faults import ProblemFault
from matching.tables import Table, read_csv, write_rows

HIGHEST = 1e12  # a price above says that something went wrong
COLUMNS = ("capacity", "seat_price", "measured", "multiplier")
WRITTEN = ".6g"
_NOTHING_MEASURED: Mapping[str, float] = {}


def write_prices(
    multipliers: Mapping[str, float], path: Path, savings: Mapping[str, float] = _NOTHING_MEASURED
) -> None:
    """Write ``prices.csv``, one row for every capacity, in the order of their ids.

    Parameters
    ----------
    multipliers : mapping of capacity id to float
        ``Result.seat_prices``, weighted waiting days.
    savings : mapping of capacity id to float, optional
        ``Result.savings``: what one more seat saves where that was measured. Elsewhere the multiplier stands
        as seat price, which is never too small, and ``measured`` is 0.
    """
    rows = (
        (
            capacity,
            format(savings.get(capacity, multipliers[capacity]), WRITTEN),
            int(capacity in savings),
            format(multipliers[capacity], WRITTEN),
        )
        for capacity in sorted(multipliers)
    )
    write_rows(path, COLUMNS, rows)


def read_prices(path: Path, column: str = "multiplier") -> dict[str, float]:
    """Read ``prices.csv``, plain or gzipped: capacity id -> weighted waiting days.

    Parameters
    ----------
    column : str
        ``multiplier``, or ``seat_price``; a file without multipliers, from elsewhere, has only the latter.

    Raises
    ------
    ProblemFault
        The file cannot be read, names a capacity twice, or a price is no number from 0 on.
    """
    table, column = _table(path, column)
    prices: dict[str, float] = {}
    faults = []
    for row, (capacity, text) in enumerate(zip(table["capacity"], table[column], strict=True)):
        price = number(text)
        if not 0 <= price <= HIGHEST:
            faults.append(table.fault("bad-number", row, column, value=text, low=0, high=f"{HIGHEST:g}"))
        if capacity in prices:
            faults.append(table.fault("twice", row, "capacity", value=capacity))
        prices[capacity] = price
    if faults:
        raise ProblemFault(faults)
    return prices


def _table(path: Path, column: str) -> tuple[Table, str]:
    """The table with the column asked for, or with ``seat_price`` where there is no other."""
    try:
        return read_csv(path, ("capacity", column)), column
    except ProblemFault as found:
        if ("missing-column", column) not in {(fault.code, fault.column) for fault in found.faults}:
            raise
    return read_csv(path, ("capacity", "seat_price")), "seat_price"


def number(text: str) -> float:
    """A number as it is written; NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan

"""The file of seat prices (Preisdatei) read back: what a planning run has written, for whoever asks later."""

import math
from pathlib import Path

from matching.faults import ProblemFault
from matching.tables import read_csv

HIGHEST = 1e12  # a price above says that something went wrong
COLUMNS = ("capacity", "seat_price")


def read_prices(path: Path) -> dict[str, float]:
    """Read ``prices.csv``, plain or gzipped: capacity id -> weighted waiting days.

    Raises
    ------
    ProblemFault
        The file cannot be read, names a capacity twice, or a price is no number from 0 on.
    """
    table = read_csv(path, COLUMNS)
    prices: dict[str, float] = {}
    faults = []
    for row, (capacity, text) in enumerate(zip(table["capacity"], table["seat_price"], strict=True)):
        price = _number(text)
        if not 0 <= price <= HIGHEST:
            faults.append(
                table.fault("bad-number", row, "seat_price", value=text, low=0, high=f"{HIGHEST:g}")
            )
        if capacity in prices:
            faults.append(table.fault("twice", row, "capacity", value=capacity))
        prices[capacity] = price
    if faults:
        raise ProblemFault(faults)
    return prices


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan

"""Small planned folders for the tests of the planning room."""

from pathlib import Path

import matching
from tests.matching.builders import tables
from workflows.planning_room.folder import PlannedFolder, read_planned_folder


def a_planned_folder(folder: Path, needs, slots, people, capacities, plan, **prices) -> PlannedFolder:
    """Write a problem with a plan and prices, and read both."""
    matching.write_tables(tables(needs, slots, people, capacities), folder / "problem")
    out = folder / "plan"
    out.mkdir()
    matching.write_plan({need["need"]: plan.get(need["need"]) for need in needs}, out / "plan.csv")
    all_prices = {row["capacity"]: 0.0 for row in capacities} | {
        name.replace("_", "-"): price for name, price in prices.items()
    }
    matching.write_prices(all_prices, out / "prices.csv")
    return read_planned_folder(folder / "problem", out)

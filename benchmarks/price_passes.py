"""What prices prove after some passes, by two ways: ``python -m benchmarks.price_passes``.

Either everybody books at the same prices (``matching.ascent``), or one unit after another (``in_turn``).
Both go out from prices of 0, look at all pairs, and leave links and conflicts out. Counted are seconds of the
processor in one process, so other work on the machine disturbs little. A part is proven by no prices at all;
shown is how far prices get from there to first come, first served.
"""

import argparse
import time
from dataclasses import dataclass

import matching
from benchmarks.figures import machine, write_section
from benchmarks.instances import folder_of
from matching.ascent import Ascent, markets
from matching.bound import Pricer
from matching.candidates import candidates
from matching.first_come import first_come_choice, plan_of
from matching.in_turn import InTurn
from matching.large import COARSE_HEAT
from matching.links import without_links

INSTANCES = ("rural-600-1", "land-2000-1", "nation-20000-1")
AT_ONCE, IN_TURN = (20, 80, 320), (5, 10, 20)


@dataclass(frozen=True)
class Proven:
    """What a way has proven after some passes; share from the bound without prices (0) to first come (1)."""

    instance: str
    way: str
    passes: int
    seconds: float
    bound: float
    share: float


def measure(
    instance: str, at_once: tuple[int, ...] = AT_ONCE, in_turn: tuple[int, ...] = IN_TURN
) -> list[Proven]:
    """Measure both ways on one instance."""
    with folder_of(instance) as folder:
        problem = matching.read_problem(folder)
    c = candidates(problem)
    first_come = matching.check(problem, plan_of(problem, c, first_come_choice(c))).cost

    def ascent() -> Ascent:
        return Ascent(Pricer(c, 1, without_links(c)), markets(problem, c))

    free, found = _bound(ascent()), []
    for way, many, rise in (("at once", at_once, _at_once), ("in turn", in_turn, _in_turn)):
        for passes in many:
            going = ascent()
            began = time.process_time()
            bound = rise(going, passes)
            seconds = time.process_time() - began
            share = (bound - free) / (first_come - free)
            found.append(Proven(instance, way, passes, seconds, bound, share))
    return found


def _bound(ascent: Ascent) -> float:
    return ascent.pricer.bound(ascent.now, nodes=0)


def _at_once(ascent: Ascent, passes: int) -> float:
    return ascent.rise(passes, lambda: 0.0, blind=1.0).lower_bound


def _in_turn(ascent: Ascent, passes: int) -> float:
    InTurn(ascent).rise(passes, lambda: 0.0, lambda: False, COARSE_HEAT)
    return _bound(ascent)


def table(found: list[Proven]) -> str:
    """The table for people."""
    rows = [
        "| instance | bookings | passes | processor s | bound | share of the way |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    rows += [
        f"| {x.instance} | {x.way} | {x.passes} | {x.seconds:.2f} | {x.bound:,.0f} | {x.share:.1%} |"
        for x in found
    ]
    return "\n".join(rows)


def main() -> None:
    """Measure, and put the table into docs/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instances", nargs="*", default=list(INSTANCES))
    found: list[Proven] = []
    measure("musterkreis-60-1", (1,), (1,))  # everything is compiled before
    for instance in parser.parse_args().instances:
        found += measure(instance)
        print(table(found[-len(AT_ONCE + IN_TURN) :]), flush=True)
    write_section("machine, price passes", machine())
    write_section("price passes", table(found))


if __name__ == "__main__":
    main()

"""What proves a bound (Beweis), by ids: so that a later run begins where an earlier one has ended.

Any multipliers prove a bound of any problem, and those of nearly the same problem nearly the best. Seat
prices alone are not enough: without what minimums and links pay, groups open by a fraction again, and the
bound of a problem with many groups falls by a quarter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from matching.candidates import Candidates
from matching.carried import carried_prices, deciding
from matching.faults import ProblemFault
from matching.links import Links, Multipliers
from matching.price_file import HIGHEST, number
from matching.problem import Problem
from matching.tables import read_csv, write_rows

COLUMNS = ("limit", "capacity", "need", "multiplier")
SEAT, MINIMUM, LINK = "seat", "minimum", "link"
SMALLEST = 1e-9
WRITTEN = ".12g"


@dataclass(frozen=True)
class Proof:
    """Multipliers of a bound, weighted waiting days; what is not named is 0.

    Parameters
    ----------
    seat, minimum : mapping of capacity id to float
        What a taken seat pays, and what a participant of a group that needs some is paid; >= 0.
    link : mapping of (need id, capacity id) to float
        What a need pays for joining a group that opens by a fraction, >= 0.
    """

    seat: Mapping[str, float] = field(default_factory=dict)
    minimum: Mapping[str, float] = field(default_factory=dict)
    link: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem, c: Candidates, links: Links, m: Multipliers) -> "Proof":
        """Name the multipliers of the candidates of a problem."""
        names, needs = problem.capacities.ids, problem.needs.ids
        paid = np.flatnonzero(m.link > SMALLEST)
        of_need, of_group = c.row[links.need[paid]].tolist(), links.capacity[paid].tolist()
        return cls(
            {names[u]: float(m.seat[u]) for u in np.flatnonzero(m.seat > SMALLEST).tolist()},
            {names[u]: float(m.minimum[u]) for u in np.flatnonzero(m.minimum > SMALLEST).tolist()},
            {
                (needs[i], names[u]): value
                for i, u, value in zip(of_need, of_group, m.link[paid].tolist(), strict=True)
            },
        )

    def on(self, problem: Problem, c: Candidates, links: Links) -> Multipliers:
        """The same multipliers where they have a place in a problem; what is new there is 0."""
        decides = deciding(problem, c)
        place = {name: int(decides[u]) for u, name in enumerate(problem.capacities.ids)}
        here = {problem.needs.ids[row]: i for i, row in enumerate(c.row.tolist())}
        link = np.zeros(links.total)
        for (need, name), value in self.link.items():
            i, u = here.get(need, -1), place.get(name, -1)
            if i >= 0 and u >= 0:
                mine = slice(int(links.ptr[i]), int(links.ptr[i + 1]))
                link[mine][links.capacity[mine] == u] += value
        return Multipliers(
            carried_prices(problem, c, self.seat),
            np.where(links.grouped, carried_prices(problem, c, self.minimum), 0.0),
            link,
        )

    def with_copies(self, of: Mapping[str, str]) -> "Proof":
        """The same, capacities that are copies of others paying what those pay.

        Parameters
        ----------
        of : mapping of capacity id to capacity id
            Copy, and what it is a copy of.
        """
        copies: dict[str, list[str]] = {}
        for copy, original in of.items():
            copies.setdefault(original, []).append(copy)

        def also(values: Mapping[str, float]) -> dict[str, float]:
            return {**values, **{copy: values[of[copy]] for copy in of if of[copy] in values}}

        link = dict(self.link)
        for (need, name), value in self.link.items():
            link |= {(need, copy): value for copy in copies.get(name, ())}
        return Proof(also(self.seat), also(self.minimum), link)


def write_proof(proof: Proof, path: Path) -> None:
    """Write ``proof.csv``: one row for each multiplier that is not 0."""
    rows = [(SEAT, name, "", value) for name, value in sorted(proof.seat.items())]
    rows += [(MINIMUM, name, "", value) for name, value in sorted(proof.minimum.items())]
    rows += [(LINK, name, need, value) for (need, name), value in sorted(proof.link.items())]
    write_rows(path, COLUMNS, ((*named, format(value, WRITTEN)) for *named, value in rows))


def read_proof(path: Path) -> Proof:
    """Read ``proof.csv``, plain or gzipped.

    Raises
    ------
    ProblemFault
        The file cannot be read, a limit is none, or a multiplier is no number from 0 on.
    """
    table, faults = read_csv(path, COLUMNS), []
    by_limit: dict[str, dict[str, float]] = {SEAT: {}, MINIMUM: {}}
    link: dict[tuple[str, str], float] = {}
    for row, (limit, name, need, text) in enumerate(zip(*(table[c] for c in COLUMNS), strict=True)):
        value = number(text)
        if not 0 <= value <= HIGHEST:
            faults.append(
                table.fault("bad-number", row, "multiplier", value=text, low=0, high=f"{HIGHEST:g}")
            )
        elif limit == LINK:
            link[need, name] = value
        elif limit in by_limit:
            by_limit[limit][name] = value
        else:
            words = ", ".join((SEAT, MINIMUM, LINK))
            faults.append(table.fault("bad-word", row, "limit", value=limit, words=words))
    if faults:
        raise ProblemFault(faults)
    return Proof(by_limit[SEAT], by_limit[MINIMUM], link)

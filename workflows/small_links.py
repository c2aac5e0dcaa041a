"""Two tables that hang together (verbundene Tabellen): what one hides, the other may give away.

Kinds of offering and levels of German are shown in tables of their own, but a kind has only certain levels.
Where all people of a level come from two kinds, one of them hidden, the level less the other kind is the
hidden number. So every small number of both tables must be able to **change places**: one person of it
could as well belong to another hidden number of the same table (or the other way round), in a way that leaves
everything shown as it is, both tables included. Where nobody could, one more number is hidden, the smallest
that helps; where none helps, the second table is not shown at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workflows.small_cells import SMALLEST_SHOWN, Count, Hidden, SafeCounts

Value = object
Fact = tuple[str, Value, Value]
"""A person, and the values of one thing that is counted in the first and in the second table."""


@dataclass
class _Table:
    """One of the tables: persons of each value, what is shown of it, and what the other says of each."""

    safe: SafeCounts
    cells: dict[Value, Count]
    persons: dict[Value, set[str]] = field(default_factory=lambda: defaultdict(set))
    beside: dict[tuple[Value, str], set[Value]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, keys: Sequence[Value], safe: SafeCounts, facts: Iterator[Fact]) -> _Table:
        """Count persons by the first value of some facts; the second is that of the other table."""
        table = cls(safe, dict(zip(keys, safe.cells, strict=True)))
        for person, value, other in facts:
            table.persons[value].add(person)
            table.beside[value, person].add(other)
        return table

    def count(self, value: Value) -> int:
        """Persons of a value."""
        return len(self.persons[value])

    def hidden(self) -> list[Value]:
        """Values whose numbers are not shown."""
        return [value for value, cell in self.cells.items() if isinstance(cell, Hidden)]

    def small(self) -> list[Value]:
        """Values whose numbers are hidden for themselves."""
        return [value for value, cell in self.cells.items() if cell is Hidden.SMALL]

    def may_be(self, value: Value, count: int) -> bool:
        """Whether a hidden number could be this one, by the reason for which it is hidden."""
        return 0 < count < SMALLEST_SHOWN if self.cells[value] is Hidden.SMALL else count >= SMALLEST_SHOWN

    def without(self, value: Value, person: str) -> int:
        """Persons of a value but one."""
        return len(self.persons[value] - {person})

    def with_one(self, value: Value, person: str) -> int:
        """Persons of a value and one."""
        return len(self.persons[value] | {person})

    def changed(self) -> SafeCounts:
        """The numbers as they may be shown."""
        return SafeCounts(tuple(self.cells.values()), self.safe.total)


def linked_counts(
    facts: Sequence[Fact],
    first: tuple[Sequence[Value], SafeCounts],
    second: tuple[Sequence[Value], SafeCounts],
    possible: set[tuple[Value, Value]],
) -> tuple[SafeCounts, SafeCounts | None]:
    """Hide what two tables would give away together.

    Parameters
    ----------
    facts : sequence of (str, value, value)
        What is counted; a person counts once in each number.
    first, second : pair of values and SafeCounts
        Each table as it may be shown by itself.
    possible : set of (value, value)
        Which values of both can go together at all, as anybody knows.

    Returns
    -------
    SafeCounts, and SafeCounts or None
        Both tables; None where the second is not to be shown.
    """
    a = _Table.of(*first, iter(facts))
    b = _Table.of(*second, ((person, value, other) for person, other, value in facts))
    pairs = possible | {(x, y) for _, x, y in facts}
    turned = {(y, x) for x, y in pairs}
    for mine, other, goes in ((a, b, pairs), (b, a, turned)):
        for value in mine.small():
            if not _protect(mine, other, goes, value):
                return a.changed(), None
    return a.changed(), b.changed()


def _protect(mine: _Table, other: _Table, goes: set[tuple[Value, Value]], value: Value) -> bool:
    """Let a small number change places, if need be by hiding one more; false where none helps."""
    if any(_changes(mine, other, goes, value, partner) for partner in mine.hidden()):
        return True
    shown = [one for one, cell in mine.cells.items() if isinstance(cell, int) and cell >= SMALLEST_SHOWN]
    for partner in sorted(shown, key=mine.count):
        before, mine.cells[partner] = mine.cells[partner], Hidden.PROTECTING
        if _changes(mine, other, goes, value, partner):
            return True
        mine.cells[partner] = before
    return False


def _changes(
    mine: _Table, other: _Table, goes: set[tuple[Value, Value]], value: Value, partner: Value
) -> bool:
    """Whether one person could belong to the other of two hidden numbers, nothing shown being changed."""
    if partner == value:
        return False
    for here, there in ((value, partner), (partner, value)):
        for person in sorted(mine.persons[here]):
            if person in mine.persons[value] & mine.persons[partner]:
                continue  # one of the numbers would stay
            fits = mine.may_be(here, mine.without(here, person))
            fits = fits and mine.may_be(there, mine.with_one(there, person))
            if fits and _stays(other, goes, person, mine.beside[here, person], there):
                return True
    return False


def _stays(
    other: _Table, goes: set[tuple[Value, Value]], person: str, beside: set[Value], there: Value
) -> bool:
    """Whether the other table can look the same: all values stay, or one changes places unseen as well."""
    if all((there, one) in goes for one in beside):
        return True
    if len(beside) > 1:
        return False
    (old,) = beside
    if len(other.beside[old, person]) > 1 or not isinstance(other.cells[old], Hidden):
        return False
    return any(
        (there, new) in goes
        and new != old
        and other.may_be(old, other.without(old, person))
        and other.may_be(new, other.with_one(new, person))
        for new in other.hidden()
    )

"""Tables that hang together (verbundene Tabellen): what one hides, another may give away.

Kinds of offering, levels of German and places of offerings are shown in tables of their own, but a kind has
only certain levels, and is offered in certain places only. Where all people of a level come from two kinds,
one of them hidden, the level less the other kind is the hidden number. So every small number of all the
tables must be able to **change places**: one person of it could as well belong to another hidden number of
the same table (or the other way round), in a way that leaves everything shown as it is, in all tables. Where
nobody could, one more number is hidden, the smallest that helps; where none helps, one of the other tables is
not shown at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from workflows.small_cells import SMALLEST_SHOWN, Count, Hidden, SafeCounts

Value = object
Fact = tuple[object, ...]
"""A person, and the values of what is counted: in the first table, then in each of the others."""
Goes = set[tuple[Value, Value]]
"""Which values of two tables can go together."""


@dataclass
class _Table:
    """One of the tables: persons of each value, and what is shown of them."""

    safe: SafeCounts
    cells: dict[Value, Count]
    persons: dict[Value, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, keys: Sequence[Value], safe: SafeCounts, held: Iterable[tuple[str, Value]]) -> _Table:
        """Count persons by what they have."""
        table = cls(safe, dict(zip(keys, safe.cells, strict=True)))
        for person, value in held:
            table.persons[value].add(person)
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


@dataclass
class _Link:
    """The first table and one of the others: what can go together, and what goes together for each person."""

    first: _Table
    other: _Table
    pairs: Goes
    others_of: dict[tuple[Value, str], set[Value]] = field(default_factory=lambda: defaultdict(set))
    firsts_of: dict[tuple[Value, str], set[Value]] = field(default_factory=lambda: defaultdict(set))

    def goes(self, first: Value, others: Iterable[Value]) -> bool:
        """Whether a value of the first table can go with all of these."""
        return all((first, other) in self.pairs for other in others)

    def other_stays(self, person: str, here: Value, there: Value) -> bool:
        """Whether the other table looks the same where a person has another value of the first one.

        All values of the other table stay, or one changes places unseen as well.
        """
        beside = self.others_of[here, person]
        if self.goes(there, beside):
            return True
        if len(beside) > 1:
            return False
        (old,) = beside
        return len(self.firsts_of[old, person]) == 1 and any(
            (there, new) in self.pairs for new in _unseen(self.other, old, person)
        )

    def first_stays(self, person: str, here: Value, there: Value, links: Sequence[_Link]) -> bool:
        """Whether the first table looks the same where a person has another value of the other one.

        All values of the first table stay, or one changes places unseen and still goes with all other tables.
        """
        beside = self.firsts_of[here, person]
        if all((old, there) in self.pairs for old in beside):
            return True
        if len(beside) > 1:
            return False
        (old,) = beside
        return self.others_of[old, person] == {here} and any(
            (new, there) in self.pairs
            and all(link.goes(new, link.others_of[old, person]) for link in links if link is not self)
            for new in _unseen(self.first, old, person)
        )


def linked_counts(
    facts: Sequence[Fact],
    first: tuple[Sequence[Value], SafeCounts],
    others: Sequence[tuple[Sequence[Value], SafeCounts]],
    possible: Sequence[Goes],
) -> tuple[SafeCounts, list[SafeCounts | None]]:
    """Hide what some tables would give away together.

    Parameters
    ----------
    facts : sequence of (str, value, value, ...)
        What is counted; a person counts once in each number.
    first : pair of values and SafeCounts
        The table with which all others hang together, as it may be shown by itself.
    others : sequence of pair of values and SafeCounts
        The other tables, in the order in which they are worth showing.
    possible : sequence of set of (value, value)
        For each other table which values of the first can go with its own, as anybody knows.

    Returns
    -------
    SafeCounts, and list of SafeCounts or None
        All tables; None where one is not to be shown.
    """
    for shown in range(len(others), -1, -1):
        tables = _protected(facts, first, others[:shown], possible)
        if tables is not None:
            return tables[0].changed(), [
                *(one.changed() for one in tables[1:]),
                *[None] * (len(others) - shown),
            ]
    raise AssertionError("the first table by itself gives something away")


def _protected(
    facts: Sequence[Fact],
    first: tuple[Sequence[Value], SafeCounts],
    others: Sequence[tuple[Sequence[Value], SafeCounts]],
    possible: Sequence[Goes],
) -> list[_Table] | None:
    """The tables with one more number hidden wherever that is needed; None where it does not help."""
    held = [[(str(fact[0]), fact[1 + place]) for fact in facts] for place in range(1 + len(others))]
    tables = [_Table.of(*one, having) for one, having in zip((first, *others), held, strict=True)]
    links = []
    for number, other in enumerate(tables[1:]):
        link = _Link(tables[0], other, possible[number] | {(fact[1], fact[2 + number]) for fact in facts})
        for person, value, beside in ((str(fact[0]), fact[1], fact[2 + number]) for fact in facts):
            link.others_of[value, person].add(beside)
            link.firsts_of[beside, person].add(value)
        links.append(link)
    if not links:
        return tables

    def rest_stays(table: _Table, person: str, here: Value, there: Value) -> bool:
        if table is tables[0]:
            return all(link.other_stays(person, here, there) for link in links)
        return any(link.first_stays(person, here, there, links) for link in links if link.other is table)

    for table in tables:
        for value in table.small():
            if not _protect(table, value, rest_stays):
                return None
    return tables


Stays = Callable[[_Table, str, Value, Value], bool]
"""Whether all other tables look the same where a person of one table has another value of it."""


def _protect(table: _Table, value: Value, rest_stays: Stays) -> bool:
    """Let a small number change places, if need be by hiding one more; false where none helps."""
    if any(_changes(table, value, partner, rest_stays) for partner in table.hidden()):
        return True
    shown = [one for one, cell in table.cells.items() if isinstance(cell, int) and cell >= SMALLEST_SHOWN]
    for partner in sorted(shown, key=table.count):
        before, table.cells[partner] = table.cells[partner], Hidden.PROTECTING
        if _changes(table, value, partner, rest_stays):
            return True
        table.cells[partner] = before
    return False


def _changes(table: _Table, value: Value, partner: Value, rest_stays: Stays) -> bool:
    """Whether one person could belong to the other of two hidden numbers, nothing shown being changed."""
    if partner == value:
        return False
    for here, there in ((value, partner), (partner, value)):
        for person in sorted(table.persons[here]):
            if person in table.persons[value] & table.persons[partner]:
                continue  # one of the numbers would stay
            fits = table.may_be(here, table.without(here, person))
            fits = fits and table.may_be(there, table.with_one(there, person))
            if fits and rest_stays(table, person, here, there):
                return True
    return False


def _unseen(table: _Table, old: Value, person: str) -> Iterator[Value]:
    """Hidden values that a person could have instead of a hidden one, the reasons for hiding them kept."""
    if isinstance(table.cells[old], Hidden) and table.may_be(old, table.without(old, person)):
        for new in table.hidden():
            if new != old and table.may_be(new, table.with_one(new, person)):
                yield new

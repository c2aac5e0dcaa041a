"""Waits, promises, seats and no-shows are of mostly the same people: no small number follows from all tables.

Everybody has one step, which is the hardest case: then counts add up, and shares times counts are persons.
Whoever wants to know a small number looks for all worlds that show the same tables, as a solver does here.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import product, starmap
from typing import NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ortools.sat.python.cp_model import INFEASIBLE, OPTIMAL, CpModel, CpSolver, Domain

from store.queries.planning_room import Appeared, BegunGroup, PromisedStart
from tests.workflows.planning_room.test_actual import a_step
from workflows.planning_room import actual, forecast
from workflows.planning_room.actual import DIMENSIONS, EVERYBODY, actual_table, alone, safe, shown_counts
from workflows.planning_room.forecast import EXACT_STEP, ROUGH_STEP, forecast_table
from workflows.planning_room.running import NO_SHOW_STEP, Running, running_tables
from workflows.small_cells import SMALLEST_SHOWN, Hidden, is_small

KINDS = ("placement-test", "job/intake", "coaching/voucher")
MONTHS = (date(2026, 9, 1), date(2026, 10, 1))
REFERRED, OTHERWISE, NEVER, MISSED = "by referral", "otherwise", "never", "missed"
KEPT, LATE = "kept", "late"
SEATS = 100
MOST = 40


class Life(NamedTuple):
    """What became of a person's one step: who never began was promised a start, who missed one was not."""

    kind: str
    month: date
    fate: str
    is_slow: bool = False
    promise: str = ""
    promised_in: date = MONTHS[0]

    @property
    def has_begun(self):
        return self.fate in (REFERRED, OTHERWISE)

    @property
    def is_promised(self):
        return self.fate == NEVER or (self.has_begun and self.promise)

    @property
    def is_possible(self):
        """Nobody who comes in a later month has kept a promise, nor is who comes earlier late."""
        if not self.has_begun or not self.promise:
            return True
        return self.month <= self.promised_in if self.promise == KEPT else self.month >= self.promised_in


FIELDS = {
    "kind": KINDS,
    "month": MONTHS,
    "fate": (REFERRED, OTHERWISE, NEVER, MISSED),
    "is_slow": (False, True),
    "promise": ("", KEPT, LATE),
    "promised_in": MONTHS,
}
EVERY_LIFE = [life for life in starmap(Life, product(*FIELDS.values())) if life.is_possible]
LIVES = st.sampled_from(EVERY_LIFE)
WORLDS = st.dictionaries(LIVES, st.integers(1, 9), min_size=2, max_size=7).map(Counter)


def tables_of(world):
    """The tables as planners see them."""
    people = [(f"p{n}", life) for n, life in enumerate(world.elements())]
    begun = [(person, life, life.month.replace(day=15)) for person, life in people if life.has_begun]
    steps = [
        a_step(person, waited=60 if life.is_slow else 20, kind=life.kind)._replace(
            started_on=day, registered_on=day - timedelta(days=60 if life.is_slow else 20)
        )
        for person, life, day in begun
    ]
    started = {person: day for person, _, day in begun}
    promised = [
        PromisedStart(
            person,
            life.kind,
            life.promised_in.replace(day=1 if life.promise == LATE else 15),
            None,
            started.get(person),
        )
        for person, life in people
        if life.is_promised
    ]
    starts = [
        Appeared(person, life.month, life.fate == REFERRED)
        for person, life in people
        if life.fate in (REFERRED, MISSED)
    ]
    groups = [
        BegunGroup(kind, MONTHS[0], SEATS, 0, 0, None, numbers(world)["referred", kind]) for kind in KINDS
    ]
    return steps, promised, Running(tuple(groups), tuple(starts))


def counted_in(life):
    """Every number of persons in which a life counts: that a table shows, or that a share is made of."""
    if life.has_begun:
        for name, value in (("kind", life.kind), ("month", life.month), ("profile", "parent")):
            yield "begun", name, value
            yield "slow" if life.is_slow else "fast", name, value
    if life.is_promised:
        outcome = life.promise if life.has_begun else NEVER
        for name, value in (("kind", life.kind), ("month", life.promised_in), ("", "everybody")):
            yield "promised", name, value
            yield outcome, name, value
    if life.fate in (REFERRED, MISSED):
        yield "started" if life.fate == REFERRED else "missed", life.month
        yield "started" if life.fate == REFERRED else "missed", EVERYBODY
    if life.fate == REFERRED:
        yield "referred", life.kind
    if life.fate == OTHERWISE:
        yield "otherwise", life.kind
        yield "otherwise", life.month


LIVES_IN = defaultdict(list)
for _number, _life in enumerate(EVERY_LIFE):
    for _at in counted_in(_life):
        LIVES_IN[_at].append(_number)


def numbers(world):
    """Every number of persons that a table shows, or that a share is made of."""
    found = Counter()
    for life, many in world.items():
        for at in counted_in(life):
            found[at] += many
    return found


def shown_of(world):
    """What is shown: number or share, by what it is made of; a hidden number where its reason is told."""
    steps, promised, running = tables_of(world)
    beside = shown_counts(steps)
    found = {}
    for name in ("kind", "month", "profile"):
        keys, counts = alone(steps, name)[0], safe(steps, name)
        for key, cell in zip(keys, counts.cells if counts else (), strict=False):
            found["begun", name, key] = cell
        for row in actual_table(steps, name).rows:
            found |= share(row[5], ("fast", name, row[0]), ("slow", name, row[0]))
    everybody = [row[1] for row in forecast_table(promised, "", beside).rows]
    step = ROUGH_STEP if Hidden.PROTECTING in everybody else EXACT_STEP
    for name in ("", "kind", "month"):
        for row in forecast_table(promised, name, beside).rows:
            found["promised", name, row[0]] = row[1]
            of = [(outcome, name, row[0]) for outcome in (KEPT, LATE, NEVER)]
            found |= share(row[5], *of, step=step) | share(row[6], of[2], *of[:2], step=step)
    use, missed = running_tables(running, beside)
    for row in use.rows:
        if row[4] is not None:
            found["referred", row[0]] = round(row[4] * row[3])
    for row in missed.rows:
        if not isinstance(row[1], Hidden):
            found |= share(row[1], ("missed", row[0]), ("started", row[0]), step=NO_SHOW_STEP)
    return found


def share(value, *sides, step=EXACT_STEP):
    """A share in some steps, by the numbers on its sides, the first of which is shared out."""
    return {} if value is None else {("share", *sides): (value, round(1 / step))}


def worlds_alike(shown):
    """All worlds in which the tables show what they show, as an integer program, and the numbers in them."""
    model = CpModel()
    lives = [model.new_int_var(0, MOST, f"{n}") for n in range(len(EVERY_LIFE))]
    count = {at: sum(lives[n] for n in of) for at, of in LIVES_IN.items()}
    nobody_or_many = Domain.from_intervals([[0, 0], [SMALLEST_SHOWN, MOST * len(lives)]])
    for at, cell in shown.items():
        if at[0] == "share":
            sides = [count[side] for side in at[1:] if side in count]
            for side in sides:
                model.add_linear_expression_in_domain(side, nobody_or_many)
            value, steps = cell
            apart = 2 * (steps * count[at[1]] - round(steps * value) * sum(sides))
            model.add(apart <= sum(sides))
            model.add(-apart <= sum(sides))
            model.add(sum(sides) >= 1)
        elif cell is Hidden.SMALL:
            model.add_linear_constraint(count[at], 1, SMALLEST_SHOWN - 1)
        elif cell is Hidden.PROTECTING:
            model.add(count[at] >= SMALLEST_SHOWN)
        else:
            model.add(count[at] == cell)
    return model, count


def given_away(world, shown):
    """Small numbers that are the same in every world that looks the same."""
    found = []
    for at, many in sorted(numbers(world).items(), key=str):
        if is_small(many):
            model, count = worlds_alike(shown)
            model.add(count[at] != many)
            solver = CpSolver()
            solver.parameters.num_workers = 1
            if solver.solve(model) == INFEASIBLE:
                found.append(at)
    return found


def test_what_is_shown_is_true_of_the_world_itself():
    """The control of the program: it holds the world that the tables were made of."""
    world = Counter(dict.fromkeys(EVERY_LIFE[::9], 7))
    model, count = worlds_alike(shown_of(world))
    for at, many in numbers(world).items():
        model.add(count[at] == many)
    assert CpSolver().solve(model) == OPTIMAL


@settings(deadline=None, max_examples=60, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(WORLDS)
def test_no_small_number_follows_from_all_tables_together(world):
    assert given_away(world, shown_of(world)) == []


def everything_open(monkeypatch, module, name, says):
    monkeypatch.setattr(f"workflows.planning_room.{module}.{name}", says)


SAFE = forecast._safe
CONTROLS = {
    "what is left of the share of everybody": (
        "actual",
        "closed_rows",
        lambda sides, hidden, whole_is_shown: [
            h or any(map(is_small, s)) for s, h in zip(sides, hidden, strict=True)
        ],
        {Life(KINDS[0], MONTHS[0], OTHERWISE, True): 5, Life(KINDS[0], MONTHS[0], OTHERWISE): 5}
        | {Life(KINDS[1], MONTHS[0], OTHERWISE, True): 3, Life(KINDS[1], MONTHS[0], OTHERWISE): 7},
    ),
    "users of seats beside those who have begun": (
        "running",
        "tells_beside",
        lambda count, beside: True,
        {Life(KINDS[0], MONTHS[0], REFERRED): 18, Life(KINDS[0], MONTHS[0], OTHERWISE): 2}
        | {Life(KINDS[1], MONTHS[1], OTHERWISE): 9},
    ),
    "kept promises beside kinds that are hidden": (
        "forecast",
        "_safe",
        lambda steps, beside: SAFE(steps, {}),
        {Life(KINDS[0], MONTHS[0], OTHERWISE, False, KEPT): 8, Life(KINDS[1], MONTHS[0], OTHERWISE): 1}
        | {Life(KINDS[2], MONTHS[0], OTHERWISE, False, KEPT): 9},
    ),
}


@pytest.mark.parametrize("control", CONTROLS)
def test_the_control_without_a_rule_a_small_number_is_given_away(control, monkeypatch):
    module, name, says, world = CONTROLS[control]
    world = Counter(world)
    assert given_away(world, shown_of(world)) == []
    everything_open(monkeypatch, module, name, says)
    assert given_away(world, shown_of(world)) != []


def test_the_fixture_counts_as_the_tables_do():
    """Every dimension that is looked at is one of the page, and six weeks is the sixth column."""
    assert {"kind", "month", "profile"} <= set(DIMENSIONS)
    assert actual.FIGURES[3].name == "waiting_six_weeks" and SMALLEST_SHOWN < SEATS

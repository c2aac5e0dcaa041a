"""Why this slot, or why none (Begründung eines Termins), and what would have to be different.

Everything said here has been tried: the alternative with its cost to the household and to those who would
have to make room, and every change that is said to help.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from matching.household import Households
from matching.pricing import booking_cost
from matching.problem import Ints, Plan, Problem
from matching.recommend import Adviser, Case, Offer
from matching.remedies import Help, find_help, with_more_seats
from matching.rules import RULES

WORTH_SAYING = 0.5  # weighted waiting days; prices are not more exact than that
TRIED_ALTERNATIVES = 3  # full slots for which it is tried who could make room

_TEXTS = {
    "booked": {
        "en": "The slot is booked already and stays.",
        "de": "Der Termin ist schon gebucht und bleibt.",
    },
    "only": {
        "en": "It is the only slot that can be had.",
        "de": "Es ist der einzige Termin, der zu haben ist.",
    },
    "earliest": {
        "en": "No sooner slot would suit.",
        "de": "Kein früherer Termin käme in Frage.",
    },
    "sooner-excluded": {
        "en": "Sooner slots would suit but cannot be had.",
        "de": "Frühere Termine kämen in Frage, sind aber nicht zu haben.",
    },
    "best": {
        "en": "A sooner slot can be had, but all in all this one costs less.",
        "de": "Ein früherer Termin ist zu haben, doch insgesamt kostet dieser weniger.",
    },
    "not-best": {
        "en": "For this person alone another slot would be better: see the alternative.",
        "de": "Für diese Person allein wäre ein anderer Termin besser: siehe Alternative.",
    },
    "no-slot-of-kind": {
        "en": "Nobody offers this: there is no slot of the kind {kind}.",
        "de": "Niemand bietet das an: Es gibt keinen Termin der Art {kind}.",
    },
    "not-worth": {
        "en": "A slot can be had, but the plan costs less without it.",
        "de": "Ein Termin ist zu haben, doch der Plan kostet ohne ihn weniger.",
    },
    "predecessor": {
        "en": "The step before, {need}, has no slot.",
        "de": "Der Schritt davor, {need}, hat keinen Termin.",
    },
    "features": {
        "en": "No slot of the kind offers what is needed.",
        "de": "Kein Termin der Art bietet, was nötig ist.",
    },
    "requires": {
        "en": "The slots that offer what is needed are for others only.",
        "de": "Die Termine, die das Nötige bieten, sind nur für andere Personen.",
    },
    "half-day": {"en": "No half-day fits.", "de": "Kein Halbtag passt."},
    "online": {
        "en": "What would fit is online only, and the person cannot.",
        "de": "Was passen würde, ist nur online, und das ist nicht möglich.",
    },
    "distance": {"en": "Nothing is in reach.", "de": "Nichts ist erreichbar."},
    "past": {
        "en": "What would fit began before today.",
        "de": "Was passen würde, hat vor heute begonnen.",
    },
    "too-early": {
        "en": "All that would fit starts too early for this step.",
        "de": "Alles, was passen würde, beginnt für diesen Schritt zu früh.",
    },
    "too-late": {
        "en": "All that would fit starts too late after the step before.",
        "de": "Alles, was passen würde, beginnt zu spät nach dem vorigen Schritt.",
    },
    "full": {"en": "All that would fit is full.", "de": "Alles, was passen würde, ist voll."},
    "group-closed": {
        "en": "The groups that would fit cannot reach their minimum any more.",
        "de": "Die Gruppen, die passen würden, können ihre Mindestzahl nicht mehr erreichen.",
    },
    "group-not-reached": {
        "en": "The groups that would fit do not reach their minimum.",
        "de": "Die Gruppen, die passen würden, erreichen ihre Mindestzahl nicht.",
    },
    "overlap": {
        "en": "All that would fit overlaps with other appointments of the household.",
        "de": "Alles, was passen würde, überschneidet sich mit anderen Terminen des Haushalts.",
    },
    "others-depend": {
        "en": "To take what would fit, the household would have to leave a group that others depend on.",
        "de": "Für das, was passen würde, müsste der Haushalt eine Gruppe verlassen, die andere brauchen.",
    },
}
CAUSES = tuple(_TEXTS)


def cause_sentence(code: str, lang: str = "en", **values: object) -> str:
    """Say a cause in one sentence, in English (``en``) or German (``de``)."""
    return _TEXTS[code][lang].format(**values)


@dataclass(frozen=True)
class Alternative:
    """The best slot that the plan refuses the need, and what it would have cost.

    Parameters
    ----------
    taken : bool
        True where all its seats are taken and somebody else would have to make room.
    days_later : int or None
        Days by which it starts later than the slot of the plan (negative: sooner); None without one.
    own_cost, chain_cost : float
        How much more this step, and the steps after it, would cost than in the plan, weighted waiting days.
    others_cost : float or None
        What others would pay: for a free seat as in ``Offer``; for a taken one the least by which somebody's
        own bookings get dearer who makes room, tried; None where nobody alone can.
    gives_way : str or None
        The need that would give up its seat.
    """

    slot: str
    start_on: date
    taken: bool
    days_later: int | None
    own_cost: float
    chain_cost: float
    others_cost: float | None
    gives_way: str | None = None

    @property
    def total(self) -> float:
        """How much more all would cost, weighted waiting days; infinite where nobody alone can make room."""
        return self.own_cost + self.chain_cost + (np.inf if self.others_cost is None else self.others_cost)


@dataclass(frozen=True)
class Explanation:
    """Why a need has its slot, or none.

    Parameters
    ----------
    cause : str
        One of ``CAUSES``.
    values : mapping
        What the text of the cause quotes.
    offer : Offer or None
        The slot of the plan; None where it is not served.
    refused : mapping of rule to int
        How many slots of the kind each rule excludes first, in the order of the rules.
    alternative : Alternative or None
        The best slot that the plan does not give it.
    help : list of Help
        Changes that would bring a slot, smallest first; empty where it has one.
    before : Explanation or None
        Where the step before has no slot: why that is so.
    """

    need: str
    cause: str
    values: Mapping[str, Any]
    offer: Offer | None
    refused: Mapping[str, int]
    alternative: Alternative | None = None
    help: list[Help] = field(default_factory=list)
    before: "Explanation | None" = None

    def text(self, lang: str = "en") -> str:
        """The cause in one sentence, in English (``en``) or German (``de``)."""
        return cause_sentence(self.cause, lang, **self.values)


def explain(problem: Problem, plan: Plan, seat_prices: Mapping[str, float], need_id: str) -> Explanation:
    """Say why a need has its slot in a feasible plan, or why it has none.

    Raises
    ------
    KeyError
        The need is unknown.
    ValueError
        The plan gives the need's household a slot that breaks a rule.
    """
    return explain_with(Adviser(problem, plan, seat_prices), need_id)


def explain_with(adviser: Adviser, need_id: str) -> Explanation:
    """The same, asked of an adviser that is at hand."""
    row = adviser.problem.need_row[need_id]
    return _Explainer(adviser.households, row, row).explanation()


class _Explainer:
    """Explains the need in ``row``; ``wanted`` is the later need that was asked about."""

    def __init__(self, households: Households, row: int, wanted: int) -> None:
        self.households, self.row, self.wanted = households, row, wanted
        self.case = Case(households.of(row))
        self.offers = self.case.offers()
        self.chosen = next((offer for offer in self.offers if offer.chosen), None)
        self.first_rules = self.case.hurdles.first()

    def explanation(self) -> Explanation:
        name = self.households.problem.needs.ids[self.row]
        counts = Counter(rule for rule in self.first_rules if rule)
        refused = {rule: counts[rule] for rule in RULES if counts[rule]}
        if self.case.booked:
            return Explanation(name, "booked", {}, self.chosen, {})
        if self.chosen:
            return Explanation(name, self._why(self.chosen), {}, self.chosen, refused, self.alternative())
        cause, values = self._why_not(refused)
        if cause == "predecessor":
            before = int(self.households.problem.needs.after[self.row])
            deeper = _Explainer(self.households, before, self.wanted).explanation()
            return Explanation(name, cause, values, None, refused, None, deeper.help, deeper)
        found = [] if self.offers else find_help(self.case, self._place_of_wanted())
        return Explanation(name, cause, values, None, refused, self.alternative(), found)

    def _place_of_wanted(self) -> int:
        return int(np.searchsorted(self.case.household.rows, self.wanted))

    def _why(self, chosen: Offer) -> str:
        """Why the slot of the plan: how it stands among those that can be had, and among sooner ones."""
        if min(offer.total for offer in self.offers) < chosen.total - WORTH_SAYING:
            return "not-best"
        if any(offer.start_on < chosen.start_on for offer in self.offers):
            return "best"
        start = chosen.start_on.toordinal()
        hurdles, lost = self.case.hurdles, RULES[RULES.index("full") :]
        sooner = hurdles.problem.slots.start[hurdles.slots] < start
        suited = [rule in lost for rule in self.first_rules]
        if bool(np.any(sooner & np.array(suited, np.bool_))):
            return "sooner-excluded"
        return "only" if len(self.offers) == 1 else "earliest"

    def _why_not(self, refused: Mapping[str, int]) -> tuple[str, dict[str, Any]]:
        """Why no slot: the rule that stops those that come furthest."""
        needs = self.households.problem.needs
        if not refused and not self.offers:
            return "no-slot-of-kind", {"kind": self.households.problem.kinds[needs.kind[self.row]]}
        if self.offers:
            return "not-worth", {}
        if self.case.hurdles.window.blocked:
            return "predecessor", {"need": needs.ids[needs.after[self.row]]}
        return max(refused, key=RULES.index), {}

    def alternative(self) -> Alternative | None:
        """The best of what is free and of what others hold."""
        found = [self._free(offer) for offer in self.offers if not offer.chosen][:1] + self._taken()
        return min(found, key=lambda one: (one.total, one.start_on, one.slot), default=None)

    def _more(self, offer: Offer) -> tuple[int | None, float, float]:
        """Days later, own and later cost more than in the plan."""
        if self.chosen is None:
            c, i = self.case.desk.c, self.case.desk.need
            own = offer.own_cost - float(c.unserved_cost[i])
            planned = float(booking_cost(c, 0, self.case.desk.planned)) - self.case.kept_cost
            return None, own, offer.own_cost + offer.chain_cost - planned - own
        days = (offer.start_on - self.chosen.start_on).days
        return (
            days,
            offer.own_cost - self.chosen.own_cost,
            offer.chain_cost - self.chosen.chain_cost,
        )

    def _free(self, offer: Offer) -> Alternative:
        days, own, chain = self._more(offer)
        return Alternative(offer.slot, offer.start_on, False, days, own, chain, offer.others_cost)

    def _taken(self) -> list[Alternative]:
        """Full slots that would be better for the household, and who could make room."""
        had = {offer.slot for offer in self.offers}
        better = []
        for offer in Case(with_more_seats(self.case)).offers():
            _, own, chain = self._more(offer)
            if offer.slot not in had and own + chain < -1e-6:
                better.append((own + chain + offer.others_cost, offer.slot))
        tried = (self._tried(slot) for _, slot in sorted(better)[:TRIED_ALTERNATIVES])
        return [one for one in tried if one]

    def _tried(self, slot: str) -> Alternative | None:
        """Take one seat of a full slot, and let somebody make room."""
        row = self.case.problem.slots.ids.index(slot)
        roomier = Case(with_more_seats(self.case, row))
        found = roomier.outcome(slot, self.case.household.need)
        if found is None:
            return None
        days, own, chain = self._more(found[0])
        others, who = self._make_room(roomier, slot)
        return Alternative(slot, found[0].start_on, True, days, own, chain, others, who)

    def _make_room(self, roomier: Case, slot: str) -> tuple[float | None, str | None]:
        """Least cost to one of those who hold the seats, and which need it is."""
        booked = self._booked_with(roomier, slot)
        over = np.flatnonzero(booked > self.households.problem.capacities.seats).astype(np.int32)
        best: tuple[float | None, str | None] = (None, None)
        for holder in self.households.holders(over):
            if holder in self.case.household.rows:
                continue
            cost = self._cost_of_leaving(holder, booked)
            if cost is not None and (best[0] is None or cost < best[0]):
                best = cost, self.households.problem.needs.ids[holder]
        return best

    def _booked_with(self, roomier: Case, slot: str) -> Ints:
        """Bookings in all capacities when the household takes the slot."""
        household, pairs = self.case.household, roomier.bookings_with(slot)
        now = household.slots[roomier.desk.c.slot[pairs[pairs >= 0]]]
        old = household.slots[household.planned[household.planned >= 0]]
        return self.households.booked + self.households.count(now) - self.households.count(old)

    def _cost_of_leaving(self, holder: int, booked: Ints) -> float | None:
        """How much dearer the bookings of a need's household get without its seat; None where it cannot."""
        now = Case(self.households.of(holder))
        if now.booked:
            return None
        without = Case(self.households.of(holder, booked, lost=True))
        planned = float(booking_cost(now.desk.c, 0, now.desk.planned))
        best = float(np.min(without.trials.cost, initial=np.inf))
        if not without.desk.waited_for.any():
            best = min(best, float(booking_cost(without.desk.c, 0, without.desk.planned)))
        return best - planned if np.isfinite(best) else None

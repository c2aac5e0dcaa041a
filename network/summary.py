"""What a region's network is, in words and small tables (Überblick)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from network.chains import BreakCode, Chain, chains_to
from network.graph import SupportNetwork
from network.kinds import KINDS, Stage, kind_label
from network.labels import date_label, label, sentence
from network.model import Region, Slot
from network.structure import brokers, cut_actors, isolated_actors, missing_kinds, single_providers

HORIZON_DAYS = 730
SOON_DAYS = 182
SHOWN_CHAINS = 4
SHOWN_CUTS = 5
START, GOAL = "arrived", "working"
DAYS_A_MONTH = 30.4


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of text with a heading; ``note`` is a sentence below it, or empty."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """A region's network in a title, one or two sentences, and tables."""

    title: str
    lead: str
    tables: tuple[TextTable, ...]


def network_of(region: Region, today: date | None = None) -> SupportNetwork:
    """The network of a region with its supply of the next two years; `today` None: the region's day."""
    first_on = today or region.today
    return SupportNetwork(region, region.slots(first_on, first_on + timedelta(days=HORIZON_DAYS)))


def summary(region: Region, today: date, lang: str) -> Summary:
    """What there is, which ways lead to work, where it is weak, and who holds it together.

    Parameters
    ----------
    today
        Day from which starts are counted.
    lang
        ``de`` or ``en``.
    """
    return network_summary(network_of(region, today), today, lang)


def network_summary(network: SupportNetwork, today: date, lang: str) -> Summary:
    """The same for a network that is at hand already."""
    region = network.region
    chains = chains_to(network, GOAL, {START}, today)
    tables = (
        _offers(network, today, lang),
        _chains(chains, today, lang),
        _weak_points(network, chains, lang),
        _brokers(network, lang),
    )
    return Summary(sentence("network_of", lang, region=region.name(lang)), _lead(region, today, lang), tables)


def _lead(region: Region, today: date, lang: str) -> str:
    sentences = [
        sentence(
            "lead",
            lang,
            actors=len(region.actors),
            offerings=len(region.offerings),
            groups=len(region.groups),
            links=len(region.cooperations),
            today=date_label(today, lang),
        )
    ]
    illustrative = sum(offering.illustrative for offering in region.offerings.values())
    if region.fictional:
        sentences.append(sentence("fictional", lang))
    elif illustrative:
        sentences.append(sentence("illustrative", lang, count=illustrative, all=len(region.offerings)))
    return " ".join(sentences)


def stage_label(stage: Stage, lang: str) -> str:
    """Words for a stage of the chain."""
    return label("stage", stage.name.lower().replace("_", "-"), lang)


def _offers(network: SupportNetwork, today: date, lang: str) -> TextTable:
    kinds = [kind for kind in KINDS.values() if network.offerings_of_kind[kind.id]]
    rows = []
    for kind in sorted(kinds, key=lambda kind: kind.stage or len(Stage)):
        slots = [
            s
            for o in network.offerings_of_kind[kind.id]
            for s in network.slots_of[o.id]
            if s.start_on >= today
        ]
        rows.append(
            (
                stage_label(kind.stage, lang),
                kind.label(lang),
                str(len(network.providers(kind.id))),
                date_label(min(slot.start_on for slot in slots), lang) if slots else "–",
                str(_seats_soon(network, slots, today)),
            )
        )
    heads = ("stage", "kind", "providers", "next_start", "free_half_year")
    return TextTable(sentence("offers", lang), tuple(sentence(h, lang) for h in heads), tuple(rows))


def _seats_soon(network: SupportNetwork, slots: list[Slot], today: date) -> int:
    """Free seats of the slots that start soon; the entries of one group share its seats and count once."""
    until_on = today + timedelta(days=SOON_DAYS)
    seats: dict[str, int] = {}
    for slot in slots:
        if slot.start_on <= until_on:
            shared = slot.row_id if slot.row_id in network.region.groups else slot.id
            seats[shared] = max(seats.get(shared, 0), network.free_seats(slot))
    return sum(seats.values())


def _chains(chains: tuple[Chain, ...], today: date, lang: str) -> TextTable:
    holding = [chain for chain in chains if chain.holds and chain.done_on]
    rows = []
    for chain in holding[:SHOWN_CHAINS]:
        assert chain.done_on is not None, "a chain that holds is done on a day"
        months = round((chain.done_on - today).days / DAYS_A_MONTH)
        way = " → ".join(kind_label(step.kind, lang) for step in chain.steps)
        rows.append((way, date_label(chain.done_on, lang), str(months)))
    heads = tuple(sentence(head, lang) for head in ("way", "done", "months"))
    note = sentence("alone" if rows else "no_way", lang)
    return TextTable(sentence("chains", lang), heads, tuple(rows), note)


def _weak_points(network: SupportNetwork, chains: tuple[Chain, ...], lang: str) -> TextTable:
    actors = network.region.actors
    rows = [
        *(("missing_kind", kind_label(kind, lang)) for kind in missing_kinds(network)),
        *(
            ("single", f"{kind_label(single.kind, lang)}: {actors[single.actor_id].name}")
            for single in single_providers(network)
        ),
        *_break_rows(chains, lang),
        *(("isolated", actors[actor_id].name) for actor_id in isolated_actors(network)),
        *(
            ("cut", sentence("others", lang, actor=actors[cut.actor_id].name, count=len(cut.cut_off)))
            for cut in cut_actors(network)[:SHOWN_CUTS]
        ),
    ]
    heads = (sentence("what", lang), sentence("where", lang))
    table = tuple((sentence(code, lang), text) for code, text in rows)
    return TextTable(sentence("weak", lang), heads, table)


def _break_rows(chains: tuple[Chain, ...], lang: str) -> list[tuple[str, str]]:
    """Breaks of all chains, each once; kinds that nobody offers have their own rows."""
    found = {
        (one.code.value.replace("-", "_"), one.after, one.kind): None
        for chain in chains
        for one in chain.breaks
        if one.code is not BreakCode.NO_OFFERING
    }
    return [
        (code, " → ".join(kind_label(kind, lang) for kind in (after, kind) if kind is not None))
        for code, after, kind in found
    ]


def _brokers(network: SupportNetwork, lang: str) -> TextTable:
    rows = tuple(
        (network.region.actors[broker.actor_id].name, _percent(broker.share, lang), str(broker.links))
        for broker in brokers(network)
    )
    heads = tuple(sentence(head, lang) for head in ("actor", "broker_share", "broker_links"))
    return TextTable(sentence("brokers", lang), heads, rows)


def _percent(share: float, lang: str) -> str:
    return f"{share * 100:.0f} %" if lang == "de" else f"{share * 100:.0f}%"

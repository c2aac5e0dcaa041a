"""Erfundene Haushalte: fictional households for a region, of any size, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random

from network.model import Region, Supply
from plans.bookings import with_bookings
from plans.fault import refuse
from plans.fictional import Fiction, fiction
from plans.home import Homes
from plans.invention import Invention, fictional_household
from plans.model import Household
from plans.templates import Profile, profiles

PARENT = "parent"
PARTNERS = ("recognised-refugee", "skilled")
"""Profiles of a partner with whom a parent may share the care of the children."""

Progress = Callable[[int, int], None]


def fictional_households(
    region: Region,
    people: int,
    seed: int,
    progress: Progress | None = None,
    *,
    supply: Supply | None = None,
    today: date | None = None,
) -> tuple[Household, ...]:
    """Make up households with help plans for a region.

    Each person is drawn from the seed and a running number; the profiles are dealt out by their shares.

    Parameters
    ----------
    region : Region
        Where they live.
    people : int
        Number of people with a help plan, >= 0.
    seed : int
        The same seed gives the same households.
    progress : callable, optional
        Told of the people done and the people in all.
    supply : Supply, optional
        Where given, a few first steps are booked or announced already, within the free seats.
    today : date, optional
        The day on which they wait; by default the day of the region's figures.

    Returns
    -------
    tuple of Household
        In the order of their ids.

    Raises
    ------
    PlanFault
        Where `people` is negative or the region has no town.
    """
    groups = _groups(deal_profiles(people, Random(f"{seed}/profiles")), Random(f"{seed}/couples"), fiction())
    invention = Invention(today or region.today, seed, _homes(region), width=len(str(people)))
    households: list[Household] = []
    done = 0
    for group in groups:
        households.append(fictional_household(invention, done + 1, group))
        done += len(group)
        if progress is not None:
            progress(done, people)
    if supply is None:
        return tuple(households)
    return with_bookings(households, supply, invention.today, Random(f"{seed}/bookings"), fiction().shares)


def _homes(region: Region) -> Homes:
    return Homes(region, fiction().ways_km, fiction().shares.reaches_largest_town_share)


def deal_profiles(people: int, rng: Random) -> list[Profile]:
    """Deal profiles to people by their shares: whole people, largest remainders first, in random order.

    Raises
    ------
    PlanFault
        Where `people` is negative.
    """
    if people < 0:
        raise refuse("out-of-range", field="people", value=people, allowed=">= 0")
    exact = [entry.share * people for entry in profiles()]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: (counts[n] - exact[n], n))
    for n in by_remainder[: people - sum(counts)]:
        counts[n] += 1
    dealt = [entry for entry, count in zip(profiles(), counts, strict=True) for _ in range(count)]
    rng.shuffle(dealt)
    return dealt


def _groups(dealt: Sequence[Profile], rng: Random, source: Fiction) -> list[tuple[Profile, ...]]:
    partners = [n for n, entry in enumerate(dealt) if entry.key in PARTNERS]
    rng.shuffle(partners)
    couples: Mapping[int, int] = {
        n: partners.pop()
        for n, entry in enumerate(dealt)
        if entry.key == PARENT and rng.random() < source.shares.shared_care_share and partners
    }
    taken = set(couples.values())
    return [
        (entry, dealt[couples[n]]) if n in couples else (entry,)
        for n, entry in enumerate(dealt)
        if n not in taken
    ]

"""How often each promise is tried: at full size by `make reliability`, small within `make test`."""

import os
from dataclasses import dataclass

FULL_VARIABLE = "FOERDERKETTE_RELIABILITY"
"""Set to ``full`` for the sizes that are promised."""


@dataclass(frozen=True)
class Sizes:
    """Sizes of one run; every figure is for each of the two databases."""

    processes: int
    """That come at the same time."""
    attempts: int
    """To get one of the `seats`."""
    seats: int
    control_attempts: int
    """The same without the guard."""
    mixed_attempts: int
    """To book, withdraw or shrink."""
    p99_ms: int
    """Longest wait of 99 of 100 attempts, milliseconds."""
    stale_pairs: int
    """Of edits made from the same version."""
    tampered_entries: int
    """Of an audit that has as many."""
    migrated_rows: int
    """At least, that go through every version."""
    backups: int
    """Made while others write."""
    erased_people: int
    """Half by request, half past retention."""
    submissions: int
    """Each sent two to five times at once with one key."""
    interrupted_at: int
    """Statements of every workflow that fail beside its commit; 0: each of them, once and from there on."""
    postgresql_lives: int
    """Of `tests.reliability.doings.LIVES` on PostgreSQL; on SQLite all of them."""
    histories: int
    """Of consents, referrals and looks, by chance, on SQLite."""
    postgresql_histories: int
    """The same on PostgreSQL: fewer, since what a consent allows does not hang on the database."""
    history_steps: int
    """At most, in each of them."""
    history_seeds: tuple[int, ...]
    """Of the tests over which the histories are spread, so that no core waits for one long test."""
    kills: int
    """Of imports, in their middle."""
    mutations: int
    """Of partner files."""


FULL = Sizes(
    processes=8,
    attempts=10_000,
    seats=1_000,
    control_attempts=3_000,
    mixed_attempts=4_000,
    p99_ms=250,
    stale_pairs=1_000,
    tampered_entries=1_000,
    migrated_rows=1_000,
    backups=100,
    erased_people=200,
    submissions=1_000,
    interrupted_at=0,
    postgresql_lives=100,
    histories=3_400,
    postgresql_histories=1_000,
    history_steps=12,
    history_seeds=(7, 8, 9, 10),
    kills=100,
    mutations=20_000,
)

SMALL = Sizes(
    processes=4,
    attempts=400,
    seats=50,
    control_attempts=400,
    mixed_attempts=200,
    p99_ms=5_000,  # a shared machine, and too few attempts to speak of one in a hundred
    stale_pairs=50,
    tampered_entries=40,
    migrated_rows=100,
    backups=3,
    erased_people=4,
    submissions=12,
    interrupted_at=1,
    postgresql_lives=2,
    histories=6,
    postgresql_histories=6,
    history_steps=10,
    history_seeds=(7,),  # one that tells and plans something in a few histories
    kills=3,
    mutations=150,
)

IS_FULL = os.environ.get(FULL_VARIABLE) == "full"
SIZES = FULL if IS_FULL else SMALL

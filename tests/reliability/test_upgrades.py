"""Promise 11: upgrades are safe both ways: with rows in it a database goes down and up through every version.

That the tables are what the newest version makes, that there is one newest one, and that every constraint has
a name, is held by ``tests/store/test_migrations.py``.
"""

import alembic.op
import sqlalchemy as sa

from store import tables as t
from store.migrations import EMPTY, current, head, migrate, versions
from tests.reliability.whole_stores import a_whole_store
from tests.store.builders import a_unit, described

ROWS_A_PERSON = 20


def tables_of(store):
    return set(sa.inspect(store.engine).get_table_names()) - {"alembic_version"}


def rows_of(store):
    """All rows of all tables that are there, in an order of their own."""
    with store.engine.connect() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(t.metadata.tables[name].select()))
            for name in tables_of(store)
        }


def down_and_up(store, below):
    """Go down to a version and up to the newest; the tables whose rows were other than before."""
    before = rows_of(store)
    migrate(store.engine, below)
    assert current(store.engine) == below
    down = rows_of(store)
    migrate(store.engine)
    assert current(store.engine) == head()
    up = rows_of(store)
    lost = {name for name in down if not down[name] == before[name] == up[name]}
    return lost | {name for name in up.keys() - down.keys() if up[name]}


def test_rows_outlive_every_way_down_and_up(store, fresh, sizes, figures, monkeypatch):
    a_whole_store(store, people=-(-sizes.migrated_rows // ROWS_A_PERSON))
    all_tables, total = tables_of(store), sum(len(rows) for rows in rows_of(store).values())
    assert total >= sizes.migrated_rows and all(rows_of(store).values())
    for below in reversed((EMPTY, *versions()[:-1])):
        assert down_and_up(store, below) == set()
        assert tables_of(store) == all_tables
    with a_unit(store) as uow:
        described(uow).commit()

    drop = alembic.op.drop_table
    monkeypatch.setattr(
        alembic.op, "drop_table", lambda name: None if name == "idempotency_key" else drop(name)
    )
    control = fresh()
    migrate(control.engine, EMPTY)
    assert tables_of(control) == {"idempotency_key"}
    figures.keep(
        "11",
        f"{total:,} rows through {len(versions())} versions, down and up from each: 0 changed, "
        f"{len(all_tables)} tables as before",
        "one table not dropped on the way down: found",
    )

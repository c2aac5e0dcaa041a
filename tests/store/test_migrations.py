"""A database goes up and down through every version, with rows in it, and is then what the tables say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from store import tables as t
from store.engine import for_writing, make_engine
from store.faults import CannotOpen
from store.migrations import check_is_current, current, head, migrate, versions
from store.secrets import KeyRing
from store.unit_of_work import ReadingUnit, Store
from tests.store.builders import a_unit, a_whole_case, described


@pytest.fixture
def empty(empty_url):
    made = make_engine(empty_url)
    yield made
    made.dispose()


def tables_of(engine):
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def schema_of(engine):
    """Everything that the database knows of its tables, as text, in an order of its own."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            query = (
                "SELECT name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version' AND sql IS NOT NULL"
            )
            return {name: re.sub(r"[\s\"]+", "", sql) for name, sql in connection.execute(sa.text(query))}
        columns = (
            "SELECT table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, column_default)"
            " FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
        )
        rules = (
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'"
        )
        indexes = (
            "SELECT indexname, indexdef FROM pg_indexes "
            "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        parts = [connection.execute(sa.text(query)).all() for query in (columns, rules, indexes)]
        return {(number, row[0]): row[1] for number, part in enumerate(parts) for row in part}


def sorted_clauses(schema):
    """SQLite keeps the wording of CREATE TABLE, in which the clauses may stand in any order."""
    return {name: sorted(text) if isinstance(text, str) else text for name, text in schema.items()}


def test_there_is_one_newest_version():
    assert head() == versions()[-1]


def test_the_migrated_schema_is_what_the_tables_say(empty):
    migrate(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, t.metadata) == []


def test_also_what_a_comparison_of_alembic_does_not_see_is_the_same(empty, make_url):
    """Checks, conditions of indexes, deletion rules."""
    migrate(empty)
    direct = make_engine(make_url(empty.dialect.name, migrated=False))
    with for_writing(direct).begin() as connection:
        t.metadata.create_all(connection)
    migrated, wanted = schema_of(empty), schema_of(direct)
    direct.dispose()
    assert len(migrated) > 100
    assert sorted_clauses(migrated) == sorted_clauses(wanted)


def test_a_missing_check_would_be_seen(empty, make_url):
    """Control of the test before: one check less."""
    migrate(empty)
    other = sa.MetaData(naming_convention=t.metadata.naming_convention)
    for table in t.metadata.sorted_tables:
        table.to_metadata(other)
    group = other.tables["slot_group"]
    group.constraints.remove(next(c for c in group.constraints if c.name == "ck_slot_group_taken"))
    direct = make_engine(make_url(empty.dialect.name, migrated=False))
    with for_writing(direct).begin() as connection:
        other.create_all(connection)
    found = schema_of(direct)
    direct.dispose()
    assert sorted_clauses(schema_of(empty)) != sorted_clauses(found)


def test_every_version_goes_up_down_and_up_again(empty):
    for version in versions():
        migrate(empty, version)
        there = tables_of(empty)
        migrate(empty, "base")
        assert tables_of(empty) == set()
        assert migrate(empty, version) == version
        assert tables_of(empty) == there
    assert tables_of(empty) == set(t.metadata.tables)


def test_each_single_step_down_and_up_leaves_the_schema_as_it_was(empty):
    migrate(empty)
    before = schema_of(empty)
    for below in reversed(("base", *versions()[:-1])):
        migrate(empty, below)
        assert current(empty) == below
    assert migrate(empty) == head()
    assert schema_of(empty) == before


def test_rows_stay_where_their_tables_stay(empty):
    store = Store(empty, KeyRing.make())
    migrate(empty)
    with a_unit(store) as uow:
        case = a_whole_case(uow)
        described(uow).commit()
    migrate(empty, "0005_agreements")
    with empty.connect() as connection:
        assert connection.scalar(sa.select(t.person.c.id)) == case["person"]
    migrate(empty)
    with ReadingUnit(store) as unit:
        assert unit.get(t.person, case["person"])["name"] == "Sara Muster"
        assert unit.count(t.referral) == 0
    with a_unit(store) as uow:
        described(uow).commit()


def test_a_migration_that_fails_half_way_leaves_the_version_before(empty, monkeypatch):
    migrate(empty, "0002_accounts")
    before = schema_of(empty)

    def broken(*arguments, **options):
        raise OSError("no space left")

    monkeypatch.setattr("alembic.op.create_index", broken)  # 0003 makes a table before its first index
    with pytest.raises(OSError, match="no space"):
        migrate(empty)
    assert schema_of(empty) == before
    assert current(empty) == "0002_accounts"


def test_all_constraints_have_names(empty):
    migrate(empty)
    inspector = sa.inspect(empty)
    for table in tables_of(empty):
        rules = [
            *inspector.get_foreign_keys(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_check_constraints(table),
            inspector.get_pk_constraint(table),
        ]
        assert all(rule["name"] for rule in rules), table
        assert all(re.match(r"(pk|fk|uq|ck)_", rule["name"]) for rule in rules), table


def test_every_table_that_people_edit_has_a_version():
    """What has none is written once, or by the program itself."""
    without = {table.name for table in t.metadata.sorted_tables if "version" not in table.c}
    assert without == {
        *("session", "analysis", "achievement", "review", "referral_event", "disclosure"),
        *("agreement_party", "measure", "signature", "amendment", "agreement_review", "agreement_finding"),
        *("installation", "audit_entry", "audit_head", "idempotency_key", "seat_record"),
        "answer_link",
    }


def test_everything_but_the_installation_belongs_to_a_region():
    without = {table.name for table in t.metadata.sorted_tables if "region_id" not in table.c}
    assert without == {
        *("region", "account", "session", "installation", "audit_head", "idempotency_key"),
    }


def test_an_unknown_version_is_refused_with_the_known_ones(empty):
    with pytest.raises(CannotOpen, match="0001_network"):
        migrate(empty, "0000_nothing")
    migrate(empty)
    with for_writing(empty).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999_future'"))
    with pytest.raises(CannotOpen, match="9999_future"):
        migrate(empty)


def test_an_old_database_is_not_opened_but_named(empty):
    migrate(empty, "0003_people")
    with pytest.raises(CannotOpen, match="0003_people"):
        check_is_current(empty)
    migrate(empty)
    check_is_current(empty)


def test_the_migrations_are_in_the_built_package(tmp_path):
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    command = [sys.executable, "-m", "zipfile", "-e", str(wheel), str(tmp_path / "there")]
    subprocess.run(command, check=True)
    program = (
        "import store.migrations as m, store.engine as e\n"
        "assert 'there' in m.__file__, m.__file__\n"
        "print(m.migrate(e.make_engine('sqlite:///x.db')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path / "there", capture_output=True, text=True
    )
    assert run.stdout.strip() == head(), run.stderr

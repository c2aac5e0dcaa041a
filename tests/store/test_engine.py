"""An address that leads nowhere is refused in one line that says what, where and what to do."""

import sqlite3
import threading

import pytest
import sqlalchemy as sa

from store import engine as engines
from store.engine import database_url, for_reading, for_writing, make_engine
from store.faults import TEXTS, CannotOpen, StoreFault
from store.opening import open_store


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "DATABASE_URL"),
        ("mysql://anna:geheim@rechner/x", "not supported"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "in memory"),
        ("postgresql://anna:geheim@rechner:keinport/x", "cannot be read"),
        ("postgresql://anna:geheim@127.0.0.1:1/x", "does not answer"),
        ("sqlite:////nowhere/there.db", "folder /nowhere"),
    ],
)
def test_a_broken_address_is_refused_without_its_password(url, says):
    with pytest.raises(CannotOpen, match=says) as refusal:
        make_engine(url, wait_seconds=2)
    for text in (refusal.value.text("de"), refusal.value.text("en")):
        assert "geheim" not in text
        assert "\n" not in text
        assert " – " in text


def test_a_slip_in_the_name_of_a_file_makes_no_database(tmp_path):
    path = tmp_path / "foerderkete.db"
    with pytest.raises(CannotOpen, match=r"there is no database .*foerderkete.db.*migrate"):
        open_store(f"sqlite:///{path}")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "letter.db"
    path.write_text("Dear reader, this is no database, whatever its name says.\n" * 50)
    with pytest.raises(CannotOpen, match="is no readable database"):
        make_engine(f"sqlite:///{path}")


def test_a_server_without_that_database_says_so(make_url):
    url = sa.make_url(make_url("postgresql")).set(database="nirgends")
    with pytest.raises(CannotOpen, match="nirgends"):
        make_engine(url.render_as_string(hide_password=False))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_understood(make_url, scheme):
    url = make_url("postgresql").replace("postgresql", scheme, 1)
    made = make_engine(url)
    assert made.dialect.driver == "psycopg"
    made.dispose()


def test_the_environment_names_the_database(monkeypatch, tmp_path):
    monkeypatch.setenv(engines.URL_VARIABLE, f"sqlite:///{tmp_path}/a.db")
    assert database_url().database == f"{tmp_path}/a.db"
    assert database_url("sqlite:///b.db").database == "b.db"


def test_without_it_a_file_in_the_folder_of_the_user_is_made(monkeypatch, tmp_path):
    monkeypatch.delenv(engines.URL_VARIABLE, raising=False)
    monkeypatch.setattr(engines, "default_folder", lambda: tmp_path / "new" / "folder")
    made = make_engine()
    assert (tmp_path / "new" / "folder" / "foerderkette.db").exists()
    made.dispose()


def test_sqlite_is_set_up_for_safety(make_url):
    made = make_engine(make_url("sqlite"))
    with made.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": engines.READ_BUSY_MS,
    }
    made.dispose()


def test_a_writer_has_the_lock_from_its_start_and_a_reader_never_waits(make_url):
    made = make_engine(make_url("sqlite"), wait_seconds=0.1)
    with for_writing(made).begin(), for_reading(made).begin() as reader:
        assert reader.execute(sa.text("SELECT count(*) FROM region")).scalar() == 0
        with sqlite3.connect(made.url.database, timeout=0) as other, pytest.raises(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    made.dispose()


def increments(engine, begin, times=20, threads=4):
    """Read a number, add one, write it: the errors that come of it."""
    failures = []

    def work():
        for _ in range(times):
            try:
                with engine.connect() as connection:
                    connection.exec_driver_sql(begin)
                    seen = connection.exec_driver_sql("SELECT n FROM counter").scalar()
                    connection.exec_driver_sql(f"UPDATE counter SET n = {seen + 1}")
                    connection.exec_driver_sql("COMMIT")
            except sa.exc.OperationalError as error:
                failures.append(str(error.orig))

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return failures


@pytest.fixture
def counter(tmp_path):
    """A plain SQLite database, without what `make_engine` does at the beginning of a transaction."""
    made = sa.create_engine(
        f"sqlite:///{tmp_path}/counter.db",
        connect_args={"isolation_level": None, "timeout": 5},
        isolation_level="AUTOCOMMIT",
    )
    with made.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("CREATE TABLE counter (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO counter VALUES (0)")
    yield made
    made.dispose()


def test_who_begins_immediate_never_fails_half_way(counter):
    assert increments(counter, "BEGIN IMMEDIATE") == []


def test_who_begins_deferred_does(counter):
    """Control: the default of SQLite."""
    assert "database is locked" in increments(counter, "BEGIN")


def test_every_fault_has_both_languages_with_the_same_blanks():
    for code, texts in TEXTS.items():
        assert set(texts) == {"de", "en"}, code
        blanks = [{part.split("}")[0] for part in text.split("{")[1:]} for text in texts.values()]
        assert blanks[0] == blanks[1], code
        assert all(" – " in text for text in texts.values()), code


def test_a_fault_without_a_text_cannot_be_raised():
    with pytest.raises(KeyError):
        StoreFault("no-such-code")

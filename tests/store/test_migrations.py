"""The tables in a database are the tables in `store.schema`, however it came to them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from store import migrating
from store.db import Store
from store.migrating import HEAD, migrate
from store.schema import meta, subscribers
from tests.conftest import ROOT


def _differences(store: Store) -> list[object]:
    with store.engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, meta))


def test_migrations_lead_to_the_tables_of_the_schema(empty_url: str) -> None:
    """An installation that was brought up to date has the tables a new one has."""
    store = Store(empty_url)

    migrate(store)

    assert [] == _differences(store)
    store.close()


def test_a_missing_table_would_be_noticed(empty_url: str) -> None:
    """The comparison of the test before is not blind."""
    store = Store(empty_url)
    migrate(store)

    with store.engine.begin() as conn:
        conn.execute(sa.text("DROP TABLE alerts"))

    assert _differences(store)
    store.close()


def test_migrating_at_the_same_time_is_safe(empty_url: str) -> None:
    """Bot, scheduler and console start together on an empty database: the tables are made once."""
    told = "import sys; from store.db import Store; from store.migrating import migrate; migrate(Store(sys.argv[1]))"

    started = [
        subprocess.Popen([sys.executable, "-c", told, empty_url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [(each.communicate(timeout=60)[1], each.returncode) for each in started]

    store = Store(empty_url)
    assert [("", 0)] * 3 == ended
    assert [] == _differences(store)
    store.close()


def test_a_house_of_before_keeps_its_subscribers(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """I subscribed before announcements could be for some: I get those for everybody, as I did. (R56)"""
    store = Store(empty_url)
    monkeypatch.setattr(migrating, "HEAD", "0002")
    migrate(store)
    store.do(lambda tx: tx.do(sa.text("INSERT INTO subscribers (address, at) VALUES ('a', 1)")) and None)
    monkeypatch.undo()

    migrate(store)

    assert [("a", 1, "all")] == [tuple(row) for row in store.read(lambda tx: tx.rows(sa.select(subscribers)))]
    store.close()


# Every version that a house of before may have.
BEFORE = [each.revision for each in ScriptDirectory(str(migrating._FOLDER)).walk_revisions() if each.revision != HEAD]


@pytest.mark.parametrize("version", BEFORE)
def test_a_house_of_any_version_is_brought_up_to_date_and_loses_nothing(
    empty_url: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From whichever version it comes, every row of every table is there as it was, and the tables are the newest."""
    store = Store(empty_url)
    monkeypatch.setattr(migrating, "HEAD", version)
    migrate(store)
    monkeypatch.undo()
    before = sa.MetaData()
    before.reflect(store.engine)
    tables = [each for each in before.sorted_tables if each.name != "alembic_version"]
    store.do(lambda tx: [tx.conn.execute(sa.insert(each), {c.name: _cell(c) for c in each.columns}) for each in tables])
    filled = {each.name: _rows(store, each) for each in tables}

    migrate(store)

    assert [] == _differences(store)
    assert filled == {each.name: _rows(store, each) for each in tables}
    assert {1} == {len(rows) for rows in filled.values()}
    assert {each.name for each in meta.sorted_tables} >= filled.keys()
    store.close()


def _cell(column: sa.Column[Any]) -> object:
    match column.type:
        case sa.LargeBinary():
            return bytes(range(256))
        case sa.Boolean():
            return True
        case sa.Integer():
            return 7
        case _:
            return "\u00e9\U0001f4a7"


def _rows(store: Store, table: sa.Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in store.read(lambda tx: tx.rows(sa.select(*table.columns)))]


def test_migrating_again_changes_nothing(empty_url: str) -> None:
    """A second start finds everything done."""
    store = Store(empty_url)
    migrate(store)
    before = _differences(store)

    migrate(store)

    assert ([], []) == (before, _differences(store))
    store.close()


def test_the_newest_migration_is_the_one_that_is_asked_for() -> None:
    """A migration that was written and not named in `HEAD` would never run."""
    scripts = ScriptDirectory(str(migrating._FOLDER))

    assert [HEAD] == scripts.get_heads()

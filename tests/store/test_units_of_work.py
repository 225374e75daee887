"""One way to the database: a unit of work is whole or not at all, and alone in its failure."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from store import people
from store.db import BrokenRule, Store, StoreUnavailable, Tx
from store.migrating import migrate
from store.schema import inbox, offsets
from tests.conftest import NOON_S

SECRET = "the well is dry since Monday"


class Refused(Exception):
    pass


def _offset(store: Store, channel: str) -> int:
    return store.read(lambda tx: people.offset(tx, channel))


def _fails(tx: Tx) -> None:
    people.move_offset(tx, "bad", 1)
    raise Refused


def _asks_for_nothing(tx: Tx) -> None:
    people.move_offset(tx, "bad", 1)
    tx.do(sa.text("SELECT * FROM nothing"))


async def test_many_units_at_once_each_get_their_own_result(store: Store) -> None:
    """Two hundred people write at the same moment: each hears about their own message."""

    def unit(n: int) -> int:
        return store.do(lambda tx: (people.move_offset(tx, f"c{n}", n), people.offset(tx, f"c{n}"))[1])

    results = await asyncio.gather(*(asyncio.to_thread(unit, n) for n in range(200)))

    assert list(range(200)) == results
    assert list(range(200)) == [_offset(store, f"c{n}") for n in range(200)]


@pytest.mark.parametrize(("fails", "heard"), [(_fails, Refused), (_asks_for_nothing, (StoreUnavailable, BrokenRule))])
async def test_a_unit_that_fails_does_not_spoil_its_neighbours(
    store: Store, fails: Callable[[Tx], None], heard: type[Exception] | tuple[type[Exception], ...]
) -> None:
    """Somebody's message that cannot be worked on takes nobody else's with it, though they are committed together."""
    gate = threading.Event()
    first = asyncio.create_task(store.run(lambda _: gate.wait(5)))
    await asyncio.sleep(0.05)
    waiting = [
        asyncio.create_task(store.run(fails if n == 5 else lambda tx, n=n: people.move_offset(tx, f"c{n}", n + 1)))
        for n in range(12)
    ]
    await asyncio.sleep(0.05)

    gate.set()
    results = await asyncio.gather(first, *waiting, return_exceptions=True)

    assert [5] == [n for n, each in enumerate(results[1:]) if isinstance(each, heard)]
    assert [n + 1 if n != 5 else 0 for n in range(12)] == [_offset(store, f"c{n}") for n in range(12)]
    assert 0 == _offset(store, "bad")


def test_a_unit_that_breaks_a_rule_of_a_table_is_its_callers_alone(store: Store) -> None:
    """A row that may not be there is refused to whoever wrote it, and the store goes on."""

    def broken(tx: Tx) -> None:
        tx.do(sa.insert(inbox).values(key=None, channel="web", state="done", attempts=0, at=1))

    with pytest.raises(BrokenRule):
        store.do(broken)

    store.do(lambda tx: people.move_offset(tx, "good", 7))
    assert 7 == _offset(store, "good")


def test_a_unit_is_whole_or_not_at_all(store: Store) -> None:
    """What was begun and failed in the middle left nothing behind."""

    def half(tx: Tx) -> None:
        assert people.claim(tx, "web/1", "web", NOON_S)
        people.subscribe(tx, "a", NOON_S)
        raise Refused

    with pytest.raises(Refused):
        store.do(half)

    assert store.do(lambda tx: people.claim(tx, "web/1", "web", NOON_S))
    assert [] == store.read(lambda tx: tx.rows(sa.text("SELECT * FROM subscribers")))  # type: ignore[arg-type]


async def test_a_caller_who_leaves_does_not_undo_what_was_begun(store: Store) -> None:
    """A phone that loses its network in the middle of sending does not take its message back."""
    begun = threading.Event()

    def slow(tx: Tx) -> None:
        begun.set()
        people.move_offset(tx, "left", 3)

    caller = asyncio.create_task(store.run(slow))
    await asyncio.to_thread(begun.wait, 5)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)

    await store.run(lambda _: None)
    for _ in range(50):
        if _offset(store, "left") == 3:
            break
        await asyncio.sleep(0.02)
    assert 3 == _offset(store, "left")


def test_a_closed_store_says_so(url: str) -> None:
    """A message that comes while the bot stops is not silently dropped."""
    store = Store(url)
    migrate(store)

    store.close()

    with pytest.raises((StoreUnavailable, RuntimeError)):
        store.do(lambda tx: people.move_offset(tx, "late", 1))


def test_a_message_that_comes_twice_is_claimed_once(store: Store) -> None:
    """A platform that redelivers is heard once, even when both copies arrive together."""
    with ThreadPoolExecutor(16) as threads:
        claimed = list(
            threads.map(lambda _: store.do(lambda tx: people.claim(tx, "tg/77", "telegram", NOON_S)), range(32))
        )

    assert 1 == claimed.count(True)
    assert 31 == claimed.count(False)


def test_nobody_works_on_the_same_address_at_the_same_time(store: Store) -> None:
    """Two messages of one person are worked on one after the other, whoever works on them."""
    inside, overlapped = [], []

    def unit(tx: Tx) -> None:
        tx.alone_with("a person")
        inside.append(1)
        overlapped.append(len(inside) > 1)
        read = people.offset(tx, "counter")
        people.move_offset(tx, "counter", read + 1)
        threading.Event().wait(0.01)
        inside.pop()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: store.do(unit), range(16)))

    assert not any(overlapped)
    assert 16 == _offset(store, "counter")


# --- SQLite alone: its file can be full or read-only ------------------------------------------------------------------


@pytest.fixture
def file_store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'amana.db'}")


def _limit(store: Store, pages: int) -> None:
    """Let every connection of this store use at most so many pages: to SQLite the disk is full."""

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    store.engine.dispose()
    sa.event.listen(store.engine, "checkout", limit)


def _write_much(tx: Tx, key: str) -> None:
    people.subscribe(tx, key, NOON_S)
    people.take_in(tx, key, "web", key, SECRET.encode() * 40_000, NOON_S)


def test_a_full_disk_is_said_and_keeps_nothing_half(file_store: Store) -> None:
    """When the disk is full the platform hears that nothing was kept; with space again everything goes on."""
    migrate(file_store)
    _limit(file_store, 1)

    with pytest.raises(StoreUnavailable) as caught:
        file_store.do(lambda tx: _write_much(tx, "full"))

    assert SECRET not in str(caught.value)
    assert "full" in str(caught.value)
    assert [] == file_store.read(lambda tx: tx.rows(sa.select(inbox)))
    assert 0 == file_store.read(lambda tx: tx.rows(sa.text("SELECT count(*) FROM subscribers"))[0][0])  # type: ignore[arg-type]

    _limit(file_store, 1_000_000)
    file_store.do(lambda tx: _write_much(tx, "space"))

    assert ["space"] == [row.key for row in file_store.read(lambda tx: tx.rows(sa.select(inbox)))]
    file_store.close()


async def test_everybody_who_waited_for_a_full_disk_hears_of_it(file_store: Store) -> None:
    """No caller of a group that could not be committed waits for ever or believes they were kept."""
    migrate(file_store)
    _limit(file_store, 1)

    units = [file_store.run(lambda tx, n=n: _write_much(tx, str(n))) for n in range(8)]
    results = await asyncio.wait_for(asyncio.gather(*units, return_exceptions=True), 20)

    assert [StoreUnavailable] * 8 == [type(each) for each in results]
    assert [] == file_store.read(lambda tx: tx.rows(sa.select(inbox)))
    file_store.close()


def test_a_read_only_store_is_said_and_reading_goes_on(file_store: Store, tmp_path: Path) -> None:
    """A disk that became read-only refuses what is new in a sentence and still shows what is there."""
    migrate(file_store)
    file_store.do(lambda tx: people.move_offset(tx, "kept", 9))

    def only_read(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    file_store.engine.dispose()
    sa.event.listen(file_store.engine, "checkout", only_read)

    with pytest.raises(StoreUnavailable) as caught:
        file_store.do(lambda tx: people.take_in(tx, SECRET, "web", "a", b"", NOON_S))

    assert SECRET not in str(caught.value)
    assert 9 == _offset(file_store, "kept")
    file_store.close()


def test_a_file_nobody_may_write_is_said(tmp_path: Path) -> None:
    """The same when the file itself, and not only the connection, is read-only."""
    file = tmp_path / "amana.db"
    whole = Store(f"sqlite:///{file}")
    migrate(whole)
    whole.do(lambda tx: people.move_offset(tx, "kept", 9))
    whole.close()

    # `immutable` is how SQLite itself treats a medium that nobody can write to, also for root.
    shut = Store(f"sqlite:///file:{file}?mode=ro&uri=true")

    with pytest.raises(StoreUnavailable):
        shut.do(lambda tx: people.move_offset(tx, "new", 1))
    shut.close()


def test_a_database_that_is_gone_is_said(home: Path) -> None:
    """When the database cannot be reached at all it is the same sentence, without its address."""
    store = Store(f"postgresql+psycopg://{SECRET.split()[1]}@/nothing?host={home}&connect_timeout=2")

    with pytest.raises(StoreUnavailable):
        store.do(lambda tx: people.move_offset(tx, "new", 1))
    store.close()


def test_an_error_never_prints_what_was_to_be_kept(store: Store) -> None:
    """An error of the database itself names no parameter: it would end in a log."""

    def odd(tx: Tx) -> None:
        tx.do(sa.insert(offsets).values(channel=SECRET, value=None))

    with pytest.raises(BrokenRule) as caught:
        store.do(odd)

    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)

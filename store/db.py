"""One way to the database: a unit of work is a function of a `Tx`, run whole or not at all.

SQLite has one writer thread that commits whatever waits together (group commit); PostgreSQL has a pool of threads. A
unit sees no difference. Nothing is sent inside a unit and nothing decided outside one.
"""

from __future__ import annotations

import asyncio
import hashlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite

from store import remnants

_TOGETHER = 64
_READERS = 4
_AT_A_TIME = 50
T = TypeVar("T")


class StoreUnavailable(Exception):
    """The store could not keep this: disk full or read-only, database down or busy. Nothing was kept; try again."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"The store cannot be used now ({reason or 'no reason given'}); nothing was kept.")


class BrokenRule(Exception):
    """A row breaks a rule of the schema, a fault of ours; the database's own words quote the row and are dropped."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{self.__doc__} ({kind})")


@dataclass(frozen=True, slots=True)
class Tx:
    """The inside of one transaction."""

    conn: sa.Connection

    def new(self, table: sa.Table, **values: object) -> bool:
        """Insert a row unless its key is there already; whether it was new."""
        return self.conn.execute(_insert(self.conn.dialect.name, table), values).rowcount == 1

    def put(self, table: sa.Table, **values: object) -> None:
        """Insert a row or overwrite the one with the same primary key."""
        self.conn.execute(_upsert(self.conn.dialect.name, table, tuple(values)), values)

    def do(self, statement: sa.Executable, values: dict[str, object] | None = None) -> sa.CursorResult[Any]:
        """Run any statement."""
        return self.conn.execute(statement, values)

    def row(self, select: sa.Select[Any], values: dict[str, object] | None = None) -> sa.Row[Any] | None:
        """The first row, or None."""
        return self.conn.execute(select, values).first()

    def rows(self, select: sa.Select[Any], values: dict[str, object] | None = None) -> list[sa.Row[Any]]:
        """All rows."""
        return list(self.conn.execute(select, values))

    def each(self, select: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
        """All rows one after the other, however many there are: few are held at a time."""
        with self.conn.execute(select.execution_options(yield_per=_AT_A_TIME)) as rows:
            yield from rows

    def alone_with(self, address: str) -> None:
        """Wait until nobody else works for this address (SQLite has one writer: nobody ever does)."""
        if self.conn.dialect.name == "postgresql":
            number = int.from_bytes(hashlib.sha256(address.encode()).digest()[:8], "big", signed=True)
            self.conn.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))

    def holding(self, select: sa.Select[Any]) -> sa.Select[Any]:
        """The same rows, which nobody else changes until this transaction is over (SQLite: nobody else writes)."""
        return select.with_for_update() if self.conn.dialect.name == "postgresql" else select

    def sharing(self, select: sa.Select[Any]) -> sa.Select[Any]:
        """The same rows, which others may read and nobody changes until this transaction is over."""
        return select.with_for_update(read=True) if self.conn.dialect.name == "postgresql" else select

    def skipping(self, select: sa.Select[Any]) -> sa.Select[Any]:
        """The same rows, leaving out those another worker is taking."""
        return select.with_for_update(skip_locked=True) if self.conn.dialect.name == "postgresql" else select


# Building a statement costs more than running it, so each is built once.
@cache
def _insert(dialect: str, table: sa.Table) -> sa.Executable:
    # Without the option psycopg's count is thrown away, and with it whether a row was new.
    statement: sa.Executable = _dialects[dialect](table).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


@cache
def _upsert(dialect: str, table: sa.Table, columns: tuple[str, ...]) -> sa.Executable:
    statement = _dialects[dialect](table)
    keys = [each.name for each in table.primary_key]
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    upsert: sa.Executable = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return upsert


_dialects: dict[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Store:
    """The database of one process; `close` it at the end."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="store-read")
        self._writer: _Together | _Pool = _Together(self.engine) if self.lonely else _Pool(self.engine)

    @property
    def lonely(self) -> bool:
        """Whether the database has a single writer (SQLite)."""
        return self.engine.dialect.name == "sqlite"

    def do(self, unit: Callable[[Tx], T]) -> T:
        """Run a unit and wait; raises what the unit raises, or `StoreUnavailable`."""
        result: T = self._writer.put(unit).result()
        return result

    async def run(self, unit: Callable[[Tx], T]) -> T:
        """The same for asyncio; a unit once begun is finished even when the caller is cancelled."""
        result: T = await asyncio.shield(asyncio.wrap_future(self._writer.put(unit)))
        return result

    def read(self, unit: Callable[[Tx], T]) -> T:
        """Run a unit that only reads, beside the writer."""
        return _whole(self.engine, unit)

    async def look(self, unit: Callable[[Tx], T]) -> T:
        """The same for asyncio."""
        return await asyncio.wrap_future(self._readers.submit(_whole, self.engine, unit))

    def truncate_log(self) -> bool:
        """After an erasure: nothing erased may linger in the database's log or between its rows; whether all went.

        False while somebody still reads what was there before: ask again later.
        """
        try:
            with self.engine.connect() as conn:
                # SQLite's connections are in that mode already, and would leave it with the option.
                own = conn if self.lonely else conn.execution_options(isolation_level="AUTOCOMMIT")
                return remnants.sweep(own)
        except sa.exc.DBAPIError as error:
            raise _said(error) from None

    def close(self) -> None:
        """Finish what was begun and let go of the database."""
        self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()


def _engine(url: str) -> sa.Engine:
    # hide_parameters: a failing statement must not print what a person said.
    if not url.startswith("sqlite"):
        return sa.create_engine(url, hide_parameters=True, pool_size=8, max_overflow=4, pool_pre_ping=True)
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        pool_size=_READERS + 2,
        connect_args={"timeout": 5, "isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", _pragmas)
    return engine


def _pragmas(connection: Any, _: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "secure_delete=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(conn: sa.Connection) -> None:
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("BEGIN IMMEDIATE")


def _whole(engine: sa.Engine, unit: Callable[[Tx], T], *, write: bool = False) -> T:
    try:
        with engine.connect() as conn, conn.begin():
            if write:
                _begin(conn)
            return unit(Tx(conn))
    except sa.exc.DBAPIError as error:
        raise _said(error) from None


def _said(error: sa.exc.DBAPIError) -> Exception:
    """A failure of the database itself is `StoreUnavailable`, a broken rule `BrokenRule`; neither quotes a row."""
    kind = type(error.orig).__name__
    if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.InternalError):
        return StoreUnavailable(f"{kind}: {str(error.orig).splitlines()[0][:80]}")
    return BrokenRule(kind)


def _told(error: Exception) -> Exception:
    """What a caller hears of an exception in its unit."""
    if isinstance(error, sa.exc.DBAPIError):
        return _said(error)
    return StoreUnavailable(type(error).__name__) if isinstance(error, sqlite3.Error) else error


_Job: TypeAlias = tuple[Callable[[Tx], Any], Future[Any]]


class _Pool:
    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="store-write")

    def put(self, unit: Callable[[Tx], Any]) -> Future[Any]:
        return self._threads.submit(_whole, self._engine, unit, write=True)

    def close(self) -> None:
        self._threads.shutdown()


class _Together:
    """The one writer thread: takes all that waits, commits it as one, answers each for itself."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="store-write", daemon=True)
        self._thread.start()

    def put(self, unit: Callable[[Tx], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        if self._closed:
            future.set_exception(StoreUnavailable("it is closed"))
        else:
            self._jobs.put((unit, future))
        return future

    def close(self) -> None:
        self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs, last = [first], False
            while len(jobs) < _TOGETHER and not self._jobs.empty():
                more = self._jobs.get()
                if more is None:
                    last = True
                    break
                jobs.append(more)
            self._commit([job for job in jobs if job[1].set_running_or_notify_cancel()])
            if last:
                return

    def _commit(self, jobs: list[_Job]) -> None:
        done: list[Callable[[], None]] = []
        try:
            with self._engine.connect() as conn, conn.begin():
                _begin(conn)
                done.extend(_one(conn, unit, future) for unit, future in jobs)
        except Exception as error:  # noqa: BLE001 - every waiting caller must hear of it
            heard = _told(error)
            done = [lambda future=future: future.set_exception(heard) for _, future in jobs]  # type: ignore[misc]
        for answer in done:
            answer()


def _one(conn: sa.Connection, unit: Callable[[Tx], Any], future: Future[Any]) -> Callable[[], None]:
    """Run one unit under its own savepoint; its failure is its caller's alone, the transaction's is everybody's."""
    # Spoken to the driver itself: a savepoint a unit is a good part of a unit's work otherwise.
    driver: Any = conn.connection.driver_connection
    driver.execute("SAVEPOINT unit")
    try:
        result = unit(Tx(conn))
        driver.execute("RELEASE unit")
    except Exception as error:  # noqa: BLE001 - handed to the caller
        try:
            driver.execute("ROLLBACK TO unit")
            driver.execute("RELEASE unit")
        except sqlite3.Error:
            # The database itself gave the whole transaction up (disk full): everybody hears why.
            raise error from None
        heard = _told(error)
        return lambda: future.set_exception(heard)
    return lambda: future.set_result(result)

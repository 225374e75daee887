"""What a database keeps of deleted rows, and how it is made to let go: SQLite's log, PostgreSQL's dead rows and WAL."""

from __future__ import annotations

import time

import sqlalchemy as sa
import structlog

from store.schema import (
    addresses,
    alerts,
    case_wraps,
    cases,
    chunks,
    desk_wraps,
    diary,
    entries,
    erasures,
    files,
    inbox,
    outbox,
    relays,
    reveals,
    staff,
    talks,
)

# Whoever has the bot's keys opens what is left of these rows; of a case's key whoever has its desk's, of a desk's
# wraps and of accounts whoever has a former password, and of a passage whoever was to interpret it.
_WHOLE = (case_wraps, talks, addresses, inbox, outbox, desk_wraps, staff, relays)
# What is left of these is sealed for a key that is gone with `case_wraps`, but for files of drafts; the references of
# cases stand in clear.
_PLAIN = (cases, entries, files, chunks, diary, alerts, reveals, erasures)
# A table of that many bytes is rewritten within a second; a larger one would keep everybody waiting.
_SMALL = 64 * 1024 * 1024
_SIZE = sa.text("SELECT pg_total_relation_size(cast(:name AS regclass))")
_PATIENCE, _LOOK = 2.0, 0.05
_NO_RIGHT, _LOCKED = "42501", "55P03"
_OLDER = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_xmin IS NOT NULL AND age(backend_xmin) >= age(cast(:mine AS xid))"
)
_log = structlog.get_logger()
_told: set[str] = set()


def sweep(conn: sa.Connection) -> bool:
    """Outside of any transaction: let nothing deleted be found in the database's files; whether all of it went."""
    return _sqlite(conn) if conn.dialect.name == "sqlite" else _postgresql(conn)


def _sqlite(conn: sa.Connection) -> bool:
    # It keeps writers out while it waits for readers, so it does not wait long; rows are wiped by `secure_delete`.
    conn.exec_driver_sql("PRAGMA busy_timeout=500")
    try:
        busy = conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
    finally:
        conn.exec_driver_sql("PRAGMA busy_timeout=5000")
    return not busy


def _postgresql(conn: sa.Connection) -> bool:
    if not _alone(conn):
        return False
    conn.exec_driver_sql("SET lock_timeout = '2s'")
    try:
        for table in _WHOLE:
            # Plain VACUUM frees the place of a dead row and may leave its bytes there; a new file has none.
            conn.exec_driver_sql(f"VACUUM (FULL) {table.name}")
        for table in _PLAIN:
            small = conn.execute(_SIZE, {"name": table.name}).scalar_one() < _SMALL
            conn.exec_driver_sql(f"VACUUM {'(FULL)' if small else ''} {table.name}")
    except sa.exc.OperationalError as error:
        if _state(error) == _LOCKED:
            return False
        raise
    finally:
        conn.exec_driver_sql("RESET lock_timeout")
    _tell(conn, "SELECT pg_switch_wal()", "grant the database's role EXECUTE on pg_switch_wal()")
    _tell(conn, "CHECKPOINT", "grant the database's role pg_checkpoint, and set wal_recycle=off")
    return True


def _alone(conn: sa.Connection) -> bool:
    """Whether nobody looks at the time before the erasure any more: what they see cannot be let go."""
    mine = conn.exec_driver_sql("SELECT pg_current_xact_id()::xid::text").scalar_one()
    end = time.monotonic() + _PATIENCE
    while conn.execute(_OLDER, {"mine": mine}).scalar_one():
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK)
    return True


def _tell(conn: sa.Connection, command: str, remedy: str) -> None:
    """Do it where the role may; where it may not, say once what helps."""
    try:
        conn.exec_driver_sql(command)
    except sa.exc.DBAPIError as error:
        if _state(error) != _NO_RIGHT:
            raise
        if command not in _told:
            _told.add(command)
            _log.warning(f"what was erased stays in PostgreSQL's log until its next checkpoint: {remedy}")


def _state(error: sa.exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)

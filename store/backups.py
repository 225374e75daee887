"""A backup: one age file with every row of one moment, made while everything runs; only ciphertext touches the disk.

Inside are lines of JSON: a header, the key files, for each table its columns and its rows, and a trailer that says how
many rows each table has and the SHA-256 of their lines. Left out are sessions (after a restore everybody signs in anew)
and the marks of reports that are like each other, which are gone after a day.
"""

from __future__ import annotations

import base64
import io
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from store import ageing, audit, keys
from store.db import Store, StoreUnavailable, Tx
from store.migrating import HEAD
from store.refusal import Refused
from store.schema import echoes, meta, sessions, staff

FORMAT = "amana-backup 1"
FILES = ("keys/bot.json", "keys/audit.json")
_LEFT_OUT = (sessions, echoes)
TABLES = tuple(each for each in meta.sorted_tables if all(each is not out for out in _LEFT_OUT))
_BUFFER = 1 << 16


class NotBackedUp(Refused):
    """No backup was made; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a table has, and the SHA-256 of their lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: where, for whom, its digest (the trailer's), what is in it, whether anybody had enrolled."""

    path: Path
    to: tuple[str, ...]
    digest: str
    counts: dict[str, Count]
    enrolled: bool


def recipient(tx: Tx) -> str | None:
    """For whom backups are made: the current key of kind `backup`, as age writes it."""
    found = keys.current(tx, "backup", "backup")
    return ageing.written_recipient(found.public) if found else None


def make(store: Store, home: Path, path: Path, to: Sequence[str], now: int) -> Made:
    """Write a backup for the published recipient and those in `to`; a file that is there is never overwritten."""
    recipients = _checked([*filter(None, [store.read(recipient)]), *to])
    if path.exists():
        raise NotBackedUp(f"{path} is there already. Name another file.")
    try:
        with snapshot(store) as tx:
            content = Content(tx, home, now)
            _write(path, content, recipients)
            return Made(path, tuple(recipients), content.digest, content.counts, _enrolled(tx))
    except OSError as error:
        raise NotBackedUp(
            f"The backup could not be written ({error.strerror or error}); nothing of it is left."
        ) from None
    finally:
        # An erasure could not empty the log while we held on to our moment.
        store.truncate_log()


def _checked(recipients: Sequence[str]) -> Sequence[str]:
    if not recipients:
        raise NotBackedUp(
            "There is nobody to make a backup for: run `amana keys recovery` first, or name a recipient with --to."
        )
    try:
        for each in recipients:
            ageing.recipient(each)
    except ageing.WrongKey:
        raise NotBackedUp(
            "What stands after --to is no age recipient: it begins with age1 and has 62 letters."
        ) from None
    return recipients


def _enrolled(tx: Tx) -> bool:
    return tx.row(sa.select(staff.c.id).limit(1)) is not None


@contextmanager
def snapshot(store: Store) -> Iterator[Tx]:
    """One moment of the whole database, on a connection of its own while others go on writing."""
    try:
        with store.engine.connect() as conn:
            if not store.lonely:
                conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            # Closed with us and never used again: when we are interrupted, a row may still be waiting in it.
            conn.detach()
            with conn.begin():
                if store.lonely:
                    conn.exec_driver_sql("BEGIN")
                yield Tx(conn)
    except sa.exc.DBAPIError as error:
        raise StoreUnavailable(type(error.orig).__name__) from None


def _write(path: Path, content: Content, recipients: Sequence[str]) -> None:
    """Under another name until it is whole and on the disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    lines = io.BufferedReader(Lines(content.lines()), _BUFFER)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            ageing.encrypt(lines.read, file.write, recipients)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        _settle(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """A new name is on the disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Lines(io.RawIOBase):
    """Lines as a file that can be read once."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        super().__init__()
        self._lines, self._rest = lines, memoryview(b"")

    @override
    def readable(self) -> bool:
        """It can be read."""
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        if not self._rest:
            self._rest = memoryview(next(self._lines, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


@dataclass(slots=True)
class Content:
    """What is in a backup, a line at a time; the counts and the digest are whole when the lines have ended."""

    tx: Tx
    home: Path
    now: int
    counts: dict[str, Count] = field(default_factory=dict)
    digest: str = ""

    def lines(self) -> Iterator[bytes]:
        """Every line, each with its end."""
        head = audit.head(self.tx)
        header = line({"format": FORMAT, "schema": HEAD, "made": self.now, "audit": asdict(head) if head else None})
        yield header
        files = dict(self._files())
        yield from (line({"file": name, "bytes": content}) for name, content in files.items())
        for table in TABLES:
            yield line({"table": table.name, "columns": [each.name for each in table.columns]})
            yield from self._counted(table)
        last = line({"trailer": trailer(header, files, self.counts)})
        self.digest = sha256(last).hexdigest()
        yield last

    def _files(self) -> Iterator[tuple[str, bytes]]:
        for name in FILES:
            if (self.home / name).exists():
                yield name, (self.home / name).read_bytes()

    def _counted(self, table: sa.Table) -> Iterator[bytes]:
        rows, digest = 0, sha256()
        for each in row_lines(self.tx, table):
            rows += 1
            digest.update(each)
            yield each
        self.counts[table.name] = Count(rows, digest.hexdigest())


def trailer(header: bytes, files: dict[str, bytes], counts: dict[str, Count]) -> dict[str, Any]:
    """What the last line says of everything before it."""
    return {
        "header": sha256(header).hexdigest(),
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
        "tables": {name: asdict(count) for name, count in counts.items()},
    }


def row_lines(tx: Tx, table: sa.Table) -> Iterator[bytes]:
    """The rows of a table as lines, in the order of its key: the same on every database."""
    return (
        line(list(row))
        for row in tx.each(sa.select(table).order_by(*(_bytewise(tx, each) for each in table.primary_key)))
    )


def _bytewise(tx: Tx, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    # PostgreSQL orders words as people of some country do; SQLite by their bytes.
    here = tx.conn.dialect.name == "postgresql" and isinstance(column.type, sa.Text)
    return column.collate("C") if here else column


def line(content: object) -> bytes:
    """One line of JSON; bytes as base64."""
    return json.dumps(content, separators=(",", ":"), default=_text).encode() + b"\n"


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()

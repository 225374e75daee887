"""Restoring a backup into an empty house: all of it, checked row by row, or nothing; then what was erased goes again.

Everything happens in one transaction, so an interrupted restore leaves nothing that a process could serve.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store import ageing, audit, erasing, people, tombstones
from store.backups import FILES, FORMAT, TABLES, Count, row_lines, trailer
from store.db import BrokenRule, Store, Tx
from store.migrating import HEAD, migrate
from store.refusal import Refused
from store.schema import addresses, cases
from store.tombstones import Tombstone, name_of

_LONGEST = 64 << 20
_BATCH_ROWS, _BATCH_BYTES = 500, 4 << 20
_CHANGED = "The backup was changed or cut off: what is in it is not what its last line says. Use another copy."
_FOREIGN = "This is not a backup of Amana. Give a file that `amana backup` wrote."


class NotRestored(Refused):
    """Nothing was restored; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: when it was made, its digest, rows a table, how many cases and addresses were erased again.

    `newer` says whether a file of tombstones knows of later times than the backup.
    """

    made: int
    digest: str
    counts: dict[str, Count]
    erased: int
    newer: bool


def restore(
    store: Store, home: Path, backup: Path, identities: Sequence[str], stones: Sequence[Path], now: int
) -> Restored:
    """Restore into an empty home and database; tombstones of the files are obeyed before anything can be served."""
    laid = [each for path in stones for each in tombstones.read(path)]
    touched = max((int(path.stat().st_mtime) for path in stones), default=0)
    house = _House(store, home)
    house.must_be_empty()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        migrate(store)
        restored = store.do(lambda tx: _all(tx, house, _Opening(backup, identities), laid, touched, now))
    except BaseException as error:  # noqa: BLE001 - whatever stops it, also Ctrl-C, nothing of it stays
        house.empty()
        raise _told(error) from None
    store.truncate_log()
    tombstones.mirror(store, home / "tombstones", anew=True)
    return restored


def must_be_empty(store: Store, home: Path) -> None:
    """Refuse, before anybody is asked for a share, where something is there already."""
    _House(store, home).must_be_empty()


def _told(error: BaseException) -> BaseException:
    if isinstance(error, BrokenRule | sa.exc.StatementError | _Broken | ageing.Damaged):
        return NotRestored(_CHANGED)
    if isinstance(error, ageing.NotForUs):
        return NotRestored("The backup was made for another recovery key. Use the shares that belong to it.")
    if isinstance(error, ageing.WrongKey):
        return NotRestored("The identity cannot be read: a letter of it is missing or wrong.")
    return error


class _Broken(Exception):
    """What is in the backup does not hold together."""


@dataclass(slots=True)
class _House:
    """Where it is restored to; it was empty, and is again when something fails."""

    store: Store
    home: Path
    written: list[Path] = field(default_factory=list)
    fresh: bool = False

    def must_be_empty(self) -> None:
        """Nothing is there, or nothing is touched."""
        there = next((self.home / "keys").glob("*"), None)
        if there:
            raise NotRestored(f"{there} is there already. Restore into an empty AMANA_HOME.")
        file = self._file()
        self.fresh = file is not None and not file.exists()
        if not self.fresh and (used := self.store.read(_used)) is not None:
            raise NotRestored(f"The database is not empty (table {used}). Restore into an empty one.")

    def _file(self) -> Path | None:
        name = self.store.engine.url.database
        return Path(name) if self.store.lonely and name else None

    def keep(self, name: str, content: bytes) -> None:
        """Write a key file, readable by its owner only."""
        path = self.home / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            self.written.append(path)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def empty(self) -> None:
        """As it was before: the transaction took the rows back, the files go here."""
        for each in self.written:
            each.unlink(missing_ok=True)
        file = self._file()
        if self.fresh and file is not None:
            self.store.engine.dispose()
            for ending in ("", "-wal", "-shm"):
                file.with_name(file.name + ending).unlink(missing_ok=True)


def _used(tx: Tx) -> str | None:
    """A table with a row in it."""
    names = [each for each in sa.inspect(tx.conn).get_table_names() if each != "alembic_version"]
    return next((each for each in names if tx.row(sa.select(sa.text("1")).select_from(sa.table(each)))), None)


@dataclass(frozen=True, slots=True)
class _Opening:
    """A backup's file and who opens it."""

    path: Path
    identities: Sequence[str] = field(repr=False)

    def into(self, reading: _Reading) -> None:
        with self.path.open("rb") as file:
            ageing.decrypt(file.read, reading.take, self.identities)


def _all(tx: Tx, house: _House, opening: _Opening, laid: Sequence[Tombstone], touched: int, now: int) -> Restored:
    reading = _Reading(tx)
    opening.into(reading)
    counts = reading.ended()
    _check(tx, counts)
    _count_on(tx)
    own = {each.name for each in tombstones.every(tx)}
    erased = obey(tx, laid)
    audit.note(tx, now, "operator", audit.RESTORED, reading.digest[:16])
    for name, content in reading.files.items():
        house.keep(name, content)
    newer = touched >= reading.made or any(each.name not in own for each in laid)
    return Restored(reading.made, reading.digest, counts, erased, newer)


@dataclass(slots=True)
class _Reading:
    """The lines of a backup as they are decrypted, put into tables some hundred rows at a time."""

    tx: Tx
    made: int = 0
    digest: str = ""
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    _rest: bytearray = field(default_factory=bytearray, repr=False)
    _header: bytes = b""
    _left: list[sa.Table] = field(default_factory=lambda: list(TABLES))
    _table: sa.Table | None = None
    _rows: list[dict[str, Any]] = field(default_factory=list, repr=False)
    _bytes: int = 0
    _trailer: dict[str, Any] | None = None

    def take(self, data: bytes) -> None:
        """Some more of the backup."""
        self._rest += data
        if b"\n" in data:
            *lines, rest = bytes(self._rest).split(b"\n")
            self._rest = bytearray(rest)
            for each in lines:
                self._line(each + b"\n")
        if len(self._rest) > _LONGEST:
            raise _Broken

    def _line(self, line: bytes) -> None:
        try:
            self._read(line, json.loads(line))
        except (ValueError, TypeError, KeyError):
            raise (_Broken() if self._header else NotRestored(_FOREIGN)) from None

    def _read(self, line: bytes, read: Any) -> None:
        if not self._header:
            self._begin(line, read)
        elif self._trailer is not None:
            raise _Broken
        elif isinstance(read, list):
            self._row(read, len(line))
        else:
            self._part(line, read)

    def _begin(self, line: bytes, read: Any) -> None:
        if not isinstance(read, dict) or read.get("format") != FORMAT:
            raise NotRestored(_FOREIGN)
        if read["schema"] != HEAD:
            raise NotRestored(
                f"The backup has the tables of version {read['schema']}, and this Amana those of {HEAD}. "
                "Restore it with the Amana that made it, then update."
            )
        self._header, self.made = line, int(read["made"])

    def _part(self, line: bytes, read: Any) -> None:
        match read:
            case {"file": str(name), "bytes": str(content)} if name in FILES:
                self.files[name] = base64.b64decode(content)
            case {"table": str(name), "columns": list(columns)}:
                self._next(name, columns)
            case {"trailer": dict(said)}:
                self._put()
                self._trailer, self.digest = said, sha256(line).hexdigest()
            case _:
                raise _Broken

    def _next(self, name: str, columns: list[Any]) -> None:
        self._put()
        table = self._left.pop(0) if self._left else None
        if table is None or table.name != name or columns != [each.name for each in table.columns]:
            raise _Broken
        self._table = table

    def _row(self, cells: list[Any], size: int) -> None:
        if self._table is None or len(cells) != len(self._table.columns):
            raise _Broken
        self._rows.append({each.name: _cell(each, cell) for each, cell in zip(self._table.columns, cells, strict=True)})
        self._bytes += size
        if len(self._rows) >= _BATCH_ROWS or self._bytes >= _BATCH_BYTES:
            self._put()

    def _put(self) -> None:
        if self._table is not None and self._rows:
            self.tx.conn.execute(sa.insert(self._table), self._rows)
        self._rows, self._bytes = [], 0

    def ended(self) -> dict[str, Count]:
        """The rows and digests of the tables as the last line says, once everything before it is as it says."""
        if self._trailer is None or self._left or self._rest:
            raise _Broken
        counts = {each.name: _count(self._trailer, each.name) for each in TABLES}
        if self._trailer != trailer(self._header, self.files, counts):
            raise _Broken
        return counts


def _count(said: dict[str, Any], table: str) -> Count:
    try:
        counted = said["tables"][table]
        return Count(int(counted["rows"]), str(counted["sha256"]))
    except (KeyError, TypeError, ValueError):
        raise _Broken from None


def _cell(column: sa.Column[Any], cell: Any) -> Any:
    return base64.b64decode(cell) if isinstance(column.type, sa.LargeBinary) and cell is not None else cell


def _check(tx: Tx, counts: dict[str, Count]) -> None:
    """Read every row back and compare with the backup's last line."""
    for table in TABLES:
        rows, digest = 0, sha256()
        for each in row_lines(tx, table):
            rows += 1
            digest.update(each)
        if counts[table.name] != Count(rows, digest.hexdigest()):
            raise _Broken


def _count_on(tx: Tx) -> None:
    """PostgreSQL numbers new rows after those that were put in (SQLite does so by itself)."""
    if tx.conn.dialect.name == "postgresql":
        for table in TABLES:
            column = table.autoincrement_column
            if column is not None:
                last = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
                sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
                tx.do(sa.select(sa.func.setval(sequence, last, sa.false())))


def obey(tx: Tx, laid: Sequence[Tombstone]) -> int:
    """Erase again whatever has a tombstone, in the table or among `laid`; how many cases and addresses."""
    tombstones.lay_again(tx, laid)
    stones = {(each.kind, each.name): each for each in tombstones.every(tx)}
    gone = 0
    for reference in [row.reference for row in tx.rows(sa.select(cases.c.reference))]:
        if stone := stones.get(("case", name_of("case", reference))):
            gone += erasing.erase_case(tx, reference, stone.why, stone.at)
    for row in tx.rows(sa.select(addresses.c.id, addresses.c.stone)):
        if stone := stones.get(("address", name_of("address", row.stone))):
            people.forget(tx, row.id, stone.why, stone.at)
            gone += 1
    return gone

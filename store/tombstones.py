"""What was erased, by a name that tells nothing: kept in a table and a file, and obeyed by a restored backup."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal, TypeAlias

import sqlalchemy as sa

from store.db import Store, Tx
from store.refusal import Refused
from store.schema import tombstones

Kind: TypeAlias = Literal["case", "address"]
Why: TypeAlias = Literal["person", "retention", "staff"]
_DAY = 24 * 3600
_TAIL = 4096
# PostgreSQL writers take turns: numbers must become visible in their order, or the file would miss one.
_TURN = "tombstones"


class WrongTombstones(Refused):
    """A file of tombstones has a line that is none; the sentence names file and line."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Something that was erased: a case or an address, the day, and by whose wish (person, retention, staff)."""

    seq: int
    kind: Kind
    name: str
    at: int
    why: Why

    @property
    def line(self) -> bytes:
        """How it stands in the file."""
        return json.dumps(asdict(self)).encode() + b"\n"


def name_of(kind: Kind, id_: str) -> str:
    """How an erased thing is called on its stone: a hash, found again only by who still has the thing."""
    return sha256(f"amana tombstone {kind} {id_}".encode()).hexdigest()[:32]


def lay(tx: Tx, kind: Kind, id_: str, why: Why, now: int) -> None:
    """Note, in the transaction of the erasure, that this was erased; of the time only the day."""
    _lay(tx, kind, name_of(kind, id_), why, now - now % _DAY)


def lay_again(tx: Tx, stones: Iterable[Tombstone]) -> None:
    """Keep the tombstones of a file, those that are not there yet."""
    for each in stones:
        _lay(tx, each.kind, each.name, each.why, each.at)


def _lay(tx: Tx, kind: Kind, name: str, why: Why, day: int) -> None:
    tx.alone_with(_TURN)
    tx.new(tombstones, kind=kind, name=name, at=day, why=why)


def every(tx: Tx) -> Iterator[Tombstone]:
    """All of the table, in order."""
    return _after(tx, 0)


def _after(tx: Tx, seq: int) -> Iterator[Tombstone]:
    wanted = sa.select(tombstones).where(tombstones.c.seq > seq).order_by(tombstones.c.seq)
    return (Tombstone(row.seq, row.kind, row.name, row.at, row.why) for row in tx.each(wanted))


def mirror(store: Store, path: Path, *, anew: bool = False) -> int:
    """Append to the file what it does not have yet; how many. One look at the newest when nothing is new.

    `anew` compares name by name, after a restore: the numbers of the file may be those of the lost database.
    """
    newest, last = store.read(_newest), None if anew else _last(path)
    if newest is None or last == newest:
        return 0
    missing = store.read(lambda tx: _missing(tx, path, last))
    # The newest goes last, even twice: by it the next look sees that nothing is new.
    _append(path, missing if missing and missing[-1].seq >= newest.seq else [*missing, newest])
    return len(missing)


def _newest(tx: Tx) -> Tombstone | None:
    row = tx.row(sa.select(tombstones).order_by(tombstones.c.seq.desc()).limit(1))
    return Tombstone(row.seq, row.kind, row.name, row.at, row.why) if row else None


def _missing(tx: Tx, path: Path, last: Tombstone | None) -> list[Tombstone]:
    if last is not None and next(_after(tx, last.seq - 1), None) == last:
        return list(_after(tx, last.seq))
    there = {(each.kind, each.name) for each in read(path)} if path.exists() else set()
    return [each for each in every(tx) if (each.kind, each.name) not in there]


def _last(path: Path) -> Tombstone | None:
    """The last whole line."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        whole = file.read().splitlines(keepends=True)
    lines = [each for each in whole if each.endswith(b"\n")]
    return _read(lines[-1]) if lines else None


def _append(path: Path, new: Sequence[Tombstone]) -> None:
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.seek(_whole(file.read()))
        file.truncate()
        file.write(b"".join(each.line for each in new))
        file.flush()
        os.fsync(file.fileno())


def _whole(content: bytes) -> int:
    """Up to where the file has whole lines: a last line without an end was cut off and is written again."""
    return content.rfind(b"\n") + 1


def read(path: Path) -> list[Tombstone]:
    """The tombstones of a file; a cut-off last line is left out, anything else that is none is refused."""
    content = path.read_bytes()
    found = []
    for number, line in enumerate(content[: _whole(content)].splitlines(), 1):
        if (stone := _read(line)) is None:
            raise WrongTombstones(
                f"{path}, line {number}: this is no tombstone. Give the file that Amana wrote, or another copy of it."
            )
        found.append(stone)
    return found


def _read(line: bytes) -> Tombstone | None:
    try:
        read = json.loads(line)
    except ValueError:
        return None
    match read:
        case {
            "seq": int(seq),
            "kind": "case" | "address" as kind,
            "name": str(name),
            "at": int(at),
            "why": "person" | "retention" | "staff" as why,
        }:
            return Tombstone(seq, kind, name, at, why)
        case _:
            return None

"""The audit: who did what about which row and when, hash-chained, without content (ASVS 5.0 16.4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from store.db import Tx
from store.schema import audit

START = "amana"
# PostgreSQL writers take turns at the end of the chain; SQLite has one writer anyway.
_CHAIN = "audit"
RESTORED = "restored a backup"
_NEAR = 1000

How: TypeAlias = Literal["changed", "removed", "moved"]


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain breaks, and what seems to have been done there."""

    seq: int
    how: How


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain; `house` is the hash of its first row, which no other house has."""

    house: str
    seq: int
    hash: str


def note(tx: Tx, now: int, who: str, act: str, about: str) -> None:
    """Append to the chain, in the transaction of what it tells. `about` is a reference or id, never words."""
    tx.alone_with(_CHAIN)
    last = tx.row(sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1))
    seq, before = (last.seq + 1, last.hash) if last else (1, START)
    tx.new(
        audit,
        seq=seq,
        at=now,
        who=who,
        act=act,
        about=about,
        before=before,
        hash=link(before, seq, now, who, act, about),
    )


def link(before: str, seq: int, at: int, who: str, act: str, about: str) -> str:
    """The hash of one row, which names the row before it."""
    return sha256("\x1f".join((before, str(seq), str(at), who, act, about)).encode()).hexdigest()


def first_broken(tx: Tx) -> int | None:
    """The number of the first row that was changed, removed or moved; None when the chain is whole."""
    found = broken(tx)
    return found.seq if found else None


def broken(tx: Tx) -> Broken | None:
    """The first row that is not as it was written, and what seems to have happened; None when the chain is whole.

    Rows that were cut off at the end, and a chain that was written anew, are found with a signed head only.
    """
    before, expected = START, 1
    for row in tx.each(sa.select(audit).order_by(audit.c.seq)):
        if (row.seq, row.before, row.hash) != (expected, before, _right(row, before, expected)):
            return Broken(expected, _how(tx, row, before, expected))
        before, expected = row.hash, expected + 1
    return None


def about(tx: Tx, what: Sequence[str]) -> dict[str, list[sa.Row[tuple[int, str, str, str]]]]:
    """What was done about each of these, oldest first: at, who, act."""
    wanted = sa.select(audit.c.at, audit.c.who, audit.c.act, audit.c.about).where(audit.c.about.in_(what))
    found: dict[str, list[sa.Row[tuple[int, str, str, str]]]] = {}
    for row in tx.rows(wanted.order_by(audit.c.seq)):
        found.setdefault(row.about, []).append(row)
    return found


def _right(row: sa.Row[Any], before: str, seq: int) -> str:
    return link(before, seq, row.at, row.who, row.act, row.about)


def _how(tx: Tx, row: sa.Row[Any], before: str, expected: int) -> How:
    """What can be told from a row that should be number `expected` and is not."""
    same = tx.rows(sa.select(audit).where(audit.c.before == before, audit.c.seq != expected).limit(_NEAR))
    if any(each.hash == _right(each, before, expected) for each in same):
        return "moved"
    if row.seq > expected:
        return "removed"
    # A row that is right under a later number was moved up into a gap.
    later = range(expected + 1, expected + _NEAR)
    return "removed" if any(row.hash == _right(row, row.before, seq) for seq in later) else "changed"


def head(tx: Tx) -> Head | None:
    """The newest row, by which the whole chain is known."""
    first = tx.row(sa.select(audit.c.hash).order_by(audit.c.seq).limit(1))
    last = tx.row(sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1))
    return Head(first.hash, last.seq, last.hash) if first and last else None


def hash_at(tx: Tx, seq: int) -> str | None:
    """The hash of one row."""
    row = tx.row(sa.select(audit.c.hash).where(audit.c.seq == seq))
    return row.hash if row else None


def restored_before(tx: Tx, seq: int) -> bool:
    """Whether a backup was restored before that number was reached: what came after the backup is not here then."""
    return tx.row(sa.select(audit.c.seq).where(audit.c.act == RESTORED, audit.c.seq <= seq)) is not None


def recent(tx: Tx, most: int = 200) -> list[sa.Row[tuple[int, int, str, str, str]]]:
    """The newest rows: seq, at, who, act, about."""
    wanted = sa.select(audit.c.seq, audit.c.at, audit.c.who, audit.c.act, audit.c.about)
    return tx.rows(wanted.order_by(audit.c.seq.desc()).limit(most))

"""The audit: who did what about which row and when, hash-chained, without content (ASVS 5.0 16.4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import sqlalchemy as sa

from store.db import Tx
from store.schema import audit

START = "amana"
# PostgreSQL writers take turns at the end of the chain; SQLite has one writer anyway.
_CHAIN = "audit"


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
    before, expected = START, 1
    for row in tx.rows(sa.select(audit).order_by(audit.c.seq)):
        right = link(before, expected, row.at, row.who, row.act, row.about)
        if (row.seq, row.before, row.hash) != (expected, before, right):
            return expected
        before, expected = row.hash, expected + 1
    return None


def about(tx: Tx, what: Sequence[str]) -> dict[str, list[sa.Row[tuple[int, str, str, str]]]]:
    """What was done about each of these, oldest first: at, who, act."""
    wanted = sa.select(audit.c.at, audit.c.who, audit.c.act, audit.c.about).where(audit.c.about.in_(what))
    found: dict[str, list[sa.Row[tuple[int, str, str, str]]]] = {}
    for row in tx.rows(wanted.order_by(audit.c.seq)):
        found.setdefault(row.about, []).append(row)
    return found


def recent(tx: Tx, most: int = 200) -> list[sa.Row[tuple[int, int, str, str, str]]]:
    """The newest rows: seq, at, who, act, about."""
    wanted = sa.select(audit.c.seq, audit.c.at, audit.c.who, audit.c.act, audit.c.about)
    return tx.rows(wanted.order_by(audit.c.seq.desc()).limit(most))

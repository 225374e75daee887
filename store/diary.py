"""What has to happen when: one row a key; whoever takes a row acts on it in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from store.db import Tx
from store.schema import diary


@dataclass(frozen=True, slots=True)
class Entry:
    """Something due: its kind, and whose talk or which case it is about."""

    key: str
    kind: str
    due: int
    address: str | None
    case: str | None

    @property
    def about(self) -> str:
        """What it is about, as it stands in its key."""
        return self.key.removeprefix(f"{self.kind}:")


def write(
    tx: Tx, kind: str, due: int, *, address: str | None = None, case: str | None = None, about: str | None = None
) -> None:  # fmt: skip
    """Note a time; one a kind and address or case, or what else it is `about`; the newest holds."""
    key = f"{kind}:{case or address or about}"
    tx.do(sa.delete(diary).where(diary.c.key == key))
    tx.new(diary, key=key, kind=kind, due=due, address=address, case_ref=case)


def readdress(tx: Tx, case: str, address: str | None) -> None:
    """What is due about a case is for this address now, or for nobody's."""
    tx.do(sa.update(diary).where(diary.c.case_ref == case).values(address=address))


def strike(tx: Tx, kind: str, about: str) -> None:
    """That time need not be kept."""
    tx.do(sa.delete(diary).where(diary.c.key == f"{kind}:{about}"))


def take_due(tx: Tx, now: int, most: int = 100) -> list[Entry]:
    """Take what is due out of the diary; what is not acted upon in this transaction comes back with its rollback."""
    due = sa.select(diary).where(diary.c.due <= now).order_by(diary.c.due, diary.c.id).limit(most)
    rows = tx.rows(tx.skipping(due))
    if rows:
        tx.do(sa.delete(diary).where(diary.c.id.in_([row.id for row in rows])))
    return [Entry(row.key, row.kind, row.due, row.address, row.case_ref) for row in rows]


def act(tx: Tx, now: int, on: Callable[[Tx, Entry], None], most: int = 50, again: int = 3600) -> tuple[int, int]:
    """Act on what is due, each row for itself: one that fails is put off by `again` seconds and stops no other.

    How many rows were taken, and how many of them failed.
    """
    failed = 0
    taken = take_due(tx, now, most)
    for entry in taken:
        savepoint = tx.conn.begin_nested()
        try:
            on(tx, entry)
            savepoint.commit()
        except sa.exc.OperationalError:
            raise
        except Exception:  # noqa: BLE001 - counted, and said by the caller
            savepoint.rollback()
            failed += 1
            tx.new(diary, key=entry.key, kind=entry.kind, due=now + again, address=entry.address, case_ref=entry.case)
    return len(taken), failed

"""What staff have to do again and again: services and numbers to be called before they are shown any longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from store import audit
from store.db import Tx
from store.schema import tasks

VERIFY, NUMBERS = "verify", "numbers"


@dataclass(frozen=True, slots=True)
class Task:
    """One task; `key` is a service's key, or the month in which the numbers are called."""

    key: str
    kind: str
    due: int


def ask(tx: Tx, kind: str, key: str, due: int) -> bool:
    """Note a task unless it is there; whether it is new."""
    return tx.new(tasks, key=_key(kind, key), kind=kind, due=due)


def agree(tx: Tx, stale: Mapping[str, int]) -> None:
    """The tasks for services are those that are stale (key -> since when), and no others."""
    for key, since in stale.items():
        ask(tx, VERIFY, key, since)
    kept = [_key(VERIFY, key) for key in stale]
    tx.do(sa.delete(tasks).where(tasks.c.kind == VERIFY, tasks.c.key.not_in(kept)))


def open_(tx: Tx) -> list[Task]:
    """What is to be done; of the monthly calls only the newest."""
    rows = tx.rows(sa.select(tasks).where(tasks.c.done_at.is_(None)).order_by(tasks.c.kind, tasks.c.key))
    every = [Task(row.key.partition(".")[2], row.kind, row.due) for row in rows]
    months = [each for each in every if each.kind == NUMBERS]
    newest = sa.select(sa.func.max(tasks.c.key)).where(tasks.c.kind == NUMBERS)
    last = tx.row(newest)
    calls = [each for each in months[-1:] if last and last[0] == _key(NUMBERS, each.key)]
    return [*calls, *(each for each in every if each.kind != NUMBERS)]


def done(tx: Tx, kind: str, key: str, by: str, now: int) -> bool:
    """Somebody has done it; False when it was done before, or there is none."""
    open_task = sa.update(tasks).where(tasks.c.key == _key(kind, key), tasks.c.done_at.is_(None))
    if tx.do(open_task.values(done_by=by, done_at=now)).rowcount != 1:
        return False
    audit.note(tx, now, by, f"did: {kind}", _key(kind, key))
    return True


def _key(kind: str, key: str) -> str:
    return f"{kind}.{key}"

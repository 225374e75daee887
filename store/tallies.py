"""Counts of a month and nothing else: no case, no address, no second, no words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from store.db import Tx
from store.schema import cases, tallies

# Room for two keys of the programme with a sign between them, and for no sentence.
_WORD = re.compile(r"[a-z0-9_>.-]{1,49}")


class NotCounted(ValueError):
    """What is counted has a short name of ours; this is none. A fault of ours, so what was said is not repeated."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was counted in a month (UTC)."""

    month: str
    what: str
    value: str
    n: int


def month(now: int) -> str:
    """The month of a second, UTC, as `2026-03`."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m")


def count(tx: Tx, what: str, value: str, now: int) -> None:
    """Add one."""
    if not (_WORD.fullmatch(what) and _WORD.fullmatch(value)):
        raise NotCounted
    if tx.new(tallies, month=month(now), what=what, value=value, n=1):
        return
    same = (tallies.c.month == month(now), tallies.c.what == what, tallies.c.value == value)
    tx.do(sa.update(tallies).where(*same).values(n=tallies.c.n + 1))


def of(tx: Tx, months: Sequence[str]) -> list[Tally]:
    """All that was counted in these months, by what and value."""
    wanted = sa.select(tallies).where(tallies.c.month.in_(months))
    rows = tx.rows(wanted.order_by(tallies.c.what, tallies.c.value, tallies.c.month))
    return [Tally(row.month, row.what, row.value, row.n) for row in rows]


def filed(tx: Tx, begin: int, end: int) -> dict[tuple[str, str], int]:
    """How many of the cases filed from `begin` until before `end` each desk has in each state."""
    counted = sa.select(cases.c.desk, cases.c.state, sa.func.count().label("n"))
    rows = tx.rows(counted.where(cases.c.filed >= begin, cases.c.filed < end).group_by(cases.c.desk, cases.c.state))
    return {(row.desk, row.state): row.n for row in rows}

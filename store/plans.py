"""What was planned for somebody's safety: in clear only until when each measure is for; the measures are entries."""

from __future__ import annotations

import sqlalchemy as sa

from store import cases, diary
from store.cases import DAY
from store.db import Tx
from store.schema import plans

# The kind of its entries; the kind of its time in the diary and of the alert.
ENTRY, ENDS = "plan", "plan_ends"
WARN = 7 * DAY


def add(tx: Tx, id_: str, case: str, until: int, now: int) -> bool:
    """Keep until when a measure is for, and look at it a week before; whether it is new. What was due is looked at."""
    made = tx.new(plans, id=id_, case_ref=case, until=until)
    if made:
        reviewed(tx, case, now)
    return made


def reviewed(tx: Tx, case: str, now: int) -> None:
    """Somebody has looked at the plan: its alert goes, and the next end is noted."""
    cases.calm(tx, case, ENDS)
    _next(tx, case, now)


def ends(tx: Tx, case: str, now: int) -> int | None:
    """A measure is about to end: say so in the console and note the next; when it ends, or None if none does."""
    due = [each for each in _every(tx, case) if now < each <= now + WARN]
    _next(tx, case, now)
    if not due:
        return None
    cases.alert(tx, case, ENDS, now)
    return min(due)


def _next(tx: Tx, case: str, now: int) -> None:
    diary.strike(tx, ENDS, case)
    # What is for less than a week is looked at on its last day.
    later = [at for each in _every(tx, case) for at in (each - WARN, each - DAY) if at > now]
    if later:
        diary.write(tx, ENDS, min(later), case=case)


def _every(tx: Tx, case: str) -> list[int]:
    return [row.until for row in tx.rows(sa.select(plans.c.until).where(plans.c.case_ref == case))]

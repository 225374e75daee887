"""Erasing a case: its key, its entries, files, clocks and alerts; a tombstone stays.

Whoever calls this truncates the write-ahead log afterwards (`Store.truncate_log`).
"""

from __future__ import annotations

import sqlalchemy as sa

from store import files, tombstones
from store.db import Tx
from store.schema import alerts, case_wraps, cases, diary, entries, erasures, reveals, shut_out
from store.tombstones import Why

_PARTS = (case_wraps, shut_out, entries, alerts, diary, reveals, erasures)


def erase_case(tx: Tx, reference: str, why: Why, now: int) -> bool:
    """Erase a case whole; whether there was one."""
    files.drop(tx, files.of_case(tx, reference))
    for table in _PARTS:
        tx.do(sa.delete(table).where(table.c.case_ref == reference))
    gone = tx.do(sa.delete(cases).where(cases.c.reference == reference)).rowcount == 1
    if gone:
        tombstones.lay(tx, "case", reference, why, now)
    return gone

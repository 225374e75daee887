"""Erasing a case: its key, its entries, files, clocks and alerts; a tombstone stays.

Whoever calls this truncates the write-ahead log afterwards (`Store.truncate_log`).
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from store import files, letters, tombstones
from store.cases import Case, entries_of, get
from store.db import Tx
from store.places import Place
from store.schema import alerts, case_wraps, cases, diary, entries, erasures, reveals, shut_out
from store.sealing import seal
from store.tombstones import Why

_PARTS = (case_wraps, shut_out, entries, alerts, diary, reveals, erasures)


_PERSON = "person"
_WISH = b"The person wants this report erased."


def place(case: str) -> Place:
    """Where the reason for a wish to erase belongs."""
    return Place("erasures", case, "reason")


def wish(tx: Tx, case: Case, now: int) -> None:
    """The person wants it erased and a hold keeps it: it goes when the hold ends."""
    sealed = seal(_WISH, place(case.reference), [case.key])
    tx.put(erasures, case_ref=case.reference, sealed=sealed, asked_by=_PERSON, asked=now)


def wished(tx: Tx, reference: str) -> bool:
    """Whether the person wants it erased as soon as nothing holds it."""
    theirs = (erasures.c.case_ref == reference, erasures.c.asked_by == _PERSON)
    return tx.row(sa.select(erasures.c.asked_by).where(*theirs)) is not None


def rekey(tx: Tx, reference: str, rewrapped: Callable[[bytes, Place], bytes]) -> None:
    """The case has another key: so has the reason."""
    row = tx.row(sa.select(erasures.c.sealed).where(erasures.c.case_ref == reference))
    if row is not None:
        changed = sa.update(erasures).where(erasures.c.case_ref == reference)
        tx.do(changed.values(sealed=rewrapped(row.sealed, place(reference))))


def erase_case(tx: Tx, reference: str, why: Why, now: int) -> bool:
    """Erase a case whole; whether there was one."""
    # Held first: nothing is added meanwhile, and would stay.
    if get(tx, reference, hold=True) is None:
        return False
    letters.drop_about(tx, reference, [each.id for each in entries_of(tx, reference)])
    files.drop(tx, files.of_case(tx, reference))
    for table in _PARTS:
        tx.do(sa.delete(table).where(table.c.case_ref == reference))
    tx.do(sa.delete(cases).where(cases.c.reference == reference))
    tombstones.lay(tx, "case", reference, why, now)
    return True

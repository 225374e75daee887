"""Who asked to see whom a case came from, why, and who allowed it: an identity is shown on these rows only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from store.cases import Case
from store.db import Tx
from store.erasing import SamePerson
from store.places import Place
from store.schema import reveals
from store.sealing import seal

# No time: it never was allowed.
REFUSED = 0


@dataclass(frozen=True, slots=True)
class Reveal:
    """A wish to see one entry that tells who somebody is; allowed when `until` is a time, and until then."""

    id: str
    case: str
    entry: str
    sealed: bytes
    asked_by: str
    asked: int
    approved_by: str | None
    until: int | None

    @property
    def waits(self) -> bool:
        """Whether nobody has said yes or no."""
        return self.until is None

    @property
    def refused(self) -> bool:
        """Whether somebody said no."""
        return self.until == REFUSED

    @property
    def place(self) -> Place:
        """Where its reason belongs."""
        return place(self.case, self.entry, self.id)

    def open_at(self, now: int) -> bool:
        """Whether it is allowed at that time."""
        return self.until is not None and self.until > now


def place(case: str, entry: str, id_: str) -> Place:
    """Where a reason belongs: it speaks of this entry and of no other."""
    return Place("reveals", f"{case}/{entry}/{id_}", "reason")


def ask(tx: Tx, id_: str, case: Case, entry: str, reason: str, by: str, now: int) -> bool:
    """Keep a wish with its reason; whether it is new."""
    sealed = seal(reason.encode(), place(case.reference, entry, id_), [case.key])
    return tx.new(reveals, id=id_, case_ref=case.reference, entry=entry, sealed=sealed, asked_by=by, asked=now)


def allow(tx: Tx, id_: str, by: str, until: int, *, alone: bool = False) -> bool:
    """Allow it until then; whether it still waited. `alone`: whoever asked may allow it, at a desk that lets them."""
    found = tx.row(tx.holding(sa.select(reveals.c.asked_by).where(reveals.c.id == id_, reveals.c.until.is_(None))))
    if found is None:
        return False
    if found.asked_by == by and not alone:
        raise SamePerson
    tx.do(sa.update(reveals).where(reveals.c.id == id_).values(approved_by=by, until=until))
    return True


def refuse(tx: Tx, id_: str, by: str) -> bool:
    """Refuse it, or take it back; whether it still waited."""
    waiting = sa.update(reveals).where(reveals.c.id == id_, reveals.c.until.is_(None))
    return tx.do(waiting.values(approved_by=by, until=REFUSED)).rowcount == 1


def of_case(tx: Tx, case: str) -> list[Reveal]:
    """The wishes about a case, oldest first."""
    rows = tx.rows(sa.select(reveals).where(reveals.c.case_ref == case).order_by(reveals.c.asked, reveals.c.id))
    return [
        Reveal(row.id, row.case_ref, row.entry, row.sealed, row.asked_by, row.asked, row.approved_by, row.until)
        for row in rows
    ]


def open_for(tx: Tx, case: str, entry: str, member: str, now: int) -> bool:
    """Whether this member may see this entry now."""
    mine = (reveals.c.case_ref == case, reveals.c.entry == entry, reveals.c.asked_by == member, reveals.c.until > now)
    return tx.row(sa.select(reveals.c.id).where(*mine)) is not None


def rekey(tx: Tx, case: str, rewrapped: Callable[[bytes, Place], bytes]) -> None:
    """The case has another key: so have the reasons."""
    for each in of_case(tx, case):
        tx.do(sa.update(reveals).where(reveals.c.id == each.id).values(sealed=rewrapped(each.sealed, each.place)))

"""Which cases a liaison deals with: those in a language they read, of their areas or of none that is known (R62)."""

from __future__ import annotations

from collections.abc import Collection

from console import reports
from console.reports import Head
from console.visit import Visit
from store import cases
from store.cases import Case
from store.db import Tx
from store.places import Unopenable
from store.staff import Member


def deals(member: Member, head: Head | None) -> bool:
    """Whether a member deals with such a case; without areas a liaison has all, and none whose head is damaged."""
    if not member.liaison:
        return True
    if head is None or head.code not in member.languages:
        return False
    return not member.areas or not head.area or head.area in member.areas


def may(tx: Tx, visit: Visit, case: Case) -> bool:
    """Whether this member deals with the case: they have its key, were asked for, and it is not past their limits."""
    opened = visit.ring.case(tx, case) if visit.access.may(case) else None
    return opened is not None and deals(visit.member, reports.head_of(opened, visit.office.programme))


def among(tx: Tx, visit: Visit, references: Collection[str]) -> frozenset[str]:
    """Those of these cases, all of which this member may see, that they deal with."""
    if not visit.member.liaison:
        return frozenset(references)
    found = (cases.get(tx, each) for each in references)
    return frozenset(each.reference for each in found if each is not None and _deals(tx, visit, each))


def _deals(tx: Tx, visit: Visit, case: Case) -> bool:
    try:
        return may(tx, visit, case)
    except Unopenable:
        return False

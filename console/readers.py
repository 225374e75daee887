"""Who can deal with a case: the members of a desk, but those who are shut out, not asked for, or liaisons of others."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from actions.programme import Desk
from console import liaisons, reports
from console.visit import Visit
from store import casekeys, staff
from store.cases import Access, Case
from store.db import Tx
from store.staff import Member


class Nobody(Exception):
    """Nobody could deal with the case afterwards, so nothing was done; the sentence says what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def left(tx: Tx, visit: Visit, case: Case, desk: str, shut: Collection[str]) -> list[Member]:
    """The members of a desk who could deal with this case."""
    opened = visit.ring.case(tx, case)
    head = reports.head_of(opened, visit.office.programme) if opened else None
    asked_for = (each for each in staff.members_of(tx, desk) if Access((), each.gender).may(case))
    return [each for each in asked_for if each.id not in shut and liaisons.deals(each, head)]


def values(visit: Visit, case: Case) -> dict[str, Any]:
    """What the case page needs to give a case away or to shut it to somebody."""

    def look(tx: Tx) -> list[Member]:
        shut = casekeys.shut_for(tx, case.reference)
        return [each for each in staff.members_of(tx, case.desk) if each.id not in shut | {visit.member.id}]

    beside = sorted(visit.office.store.read(look), key=lambda each: each.name)
    return {"other_desks": other_desks(visit, case), "beside": beside, "give_to": "", "give_reason": ""}


def other_desks(visit: Visit, case: Case) -> list[Desk]:
    """Every desk of the programme but the one where the case is."""
    return [each for each in visit.office.programme.desks if each.key != case.desk]

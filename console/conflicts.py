"""A case about somebody who works here: it is shut to them, and for them it is as if there were no such case."""

from __future__ import annotations

from starlette.responses import Response

from console import rotation
from console.case import page, work_on
from console.readers import Nobody, left
from console.visit import Refused, Visit, go
from store import audit, casekeys, erasing, staff
from store.cases import Case
from store.db import Tx

_WHO = "Choose the colleague this case is about; they have to work at its desk."


def shut(visit: Visit) -> Response:
    """POST /cases/{reference}/conflict."""
    reference, who = visit.path("reference"), visit.text("who")
    me = who == visit.member.id
    try:
        work_on(visit, lambda tx, case: _shut(tx, visit, case, who))
    except Nobody as nobody:
        return page(visit, 409, problem=nobody.sentence, at="about me" if me else "conflict")
    rotation.let_go(visit.office.store)
    return go("/?said=shut" if me else f"/cases/{reference}?said=shut")


def _shut(tx: Tx, visit: Visit, case: Case, who: str) -> None:
    before = casekeys.shut_for(tx, case.reference)
    named = next((each for each in staff.members_of(tx, case.desk) if each.id == who), None)
    if named is None:
        raise Nobody(_WHO)
    if who in before:
        return
    if not left(tx, visit, case, case.desk, before | {who}):
        raise Nobody(_alone(visit, case, named.name, me=who == visit.member.id))
    opened = visit.ring.case(tx, case)
    if opened is None:
        raise Refused("Your key does not open this case any more. Open the page again.")
    casekeys.shut(tx, case.reference, [who])
    opened.rekey(tx, casekeys.readers(tx, case.desk, before | {who}))
    erasing.owe(tx)
    audit.note(tx, visit.now, visit.member.id, "shut a colleague out", case.reference)


def _alone(visit: Visit, case: Case, name: str, *, me: bool) -> str:
    label = visit.office.desk(case.desk)
    if me:
        return f"You are the only one at {label} who can deal with this case. Give it to another desk instead."
    return f"Without {name} nobody at {label} could deal with this case. Give it to another desk instead."

"""Giving a case to another desk: it gets another key, and who is no member there opens nothing of it any more."""

from __future__ import annotations

from starlette.responses import Response

from actions import notices, words
from console import rotation
from console.case import LONGEST, page, work_on
from console.readers import Nobody, left
from console.visit import Refused, Visit, go
from store import audit, casekeys, cases, erasing, keys, letters, staff
from store.cases import Case
from store.db import Tx
from store.letters import Lane

_NO_REASON = f"Write down why, in 1 to {LONGEST} characters: the other desk reads it. The case was not given away."
_NO_DESK = "Choose the desk that shall have this case. The case was not given away."


def transfer(visit: Visit) -> Response:
    """POST /cases/{reference}/transfer."""
    reference, reason, id_, desk = visit.path("reference"), visit.text("why"), visit.form_id(), visit.text("desk")
    typed = {"at": "transfer", "give_to": desk, "give_reason": reason}
    if visit.office.programme.desk(desk) is None:
        return page(visit, 422, problem=_NO_DESK, **typed)
    if not 0 < len(reason) <= LONGEST:
        return page(visit, 422, problem=_NO_REASON, **typed)
    try:
        mine = work_on(visit, lambda tx, case: given(tx, visit, case, desk, reason, id_))
    except Nobody as nobody:
        return page(visit, 409, problem=nobody.sentence, **typed)
    # The former key opened what lay in the write-ahead log until now.
    rotation.let_go(visit.office.store)
    return go(f"/cases/{reference}?said=given" if mine else "/?said=given")


def given(tx: Tx, visit: Visit, case: Case, desk: str, reason: str, id_: str) -> bool:
    """Give the case away, once however often the form is sent; whether this member can still read it."""
    shut = casekeys.shut_for(tx, case.reference)
    if desk != case.desk:
        _somebody_there(tx, visit, case, desk, shut)
        _give(tx, visit, case, desk, reason, id_)
    here = {each.id for each in staff.members_of(tx, desk)}
    return visit.member.id in here - shut


def _give(tx: Tx, visit: Visit, case: Case, desk: str, reason: str, id_: str) -> None:
    ref, me = case.reference, visit.member.id
    opened = visit.ring.case(tx, case)
    if opened is None:
        raise Refused("Your key does not open this case any more. Open the page again.")
    named = f"Gave this case from {visit.office.desk(case.desk)} to {visit.office.desk(desk)}, because: {reason}"
    cases.add(tx, case, "note", me, named.encode(), visit.now, id_)
    opened.rekey(tx, casekeys.readers(tx, desk, casekeys.shut_for(tx, ref)))
    cases.move(tx, ref, desk)
    erasing.owe(tx)
    audit.note(tx, visit.now, me, f"gave the case to {desk}", ref)
    audit.note(tx, visit.now, me, f"gave a case to {desk}", case.desk)
    if case.address:
        letter = words.to_json(notices.moved(ref))
        letters.post(tx, f"moved/{case.reference}/{id_}", case.address, letter, Lane.REPLY, keys.bot(tx), visit.now)


def _somebody_there(tx: Tx, visit: Visit, case: Case, desk: str, shut: frozenset[str]) -> None:
    """`Nobody` unless somebody at that desk could deal with the case."""
    label, there = visit.office.desk(desk), {each.id for each in staff.members_of(tx, desk)}
    if not there:
        raise Nobody(f"Nobody works at {label} now. Choose another desk.")
    if not there - shut:
        raise Nobody(f"Everybody who works at {label} is shut out of this case. Choose another desk.")
    if not left(tx, visit, case, desk, shut):
        if case.handler == "either":
            raise Nobody(f"At {label} there are only liaisons for other languages or areas. Choose another desk.")
        asked = f"The person asked to be dealt with by a {case.handler}"
        raise Nobody(f"{asked}, and no {case.handler} who could read this case works at {label}. Choose another desk.")

"""Leaving a desk, or altogether: keys, sessions and invitations go at once, and the desk gets another key."""

from __future__ import annotations

from starlette.responses import Response

from console import rotation
from console.colleagues import NOT_YOURS
from console.visit import NotHere, Refused, Visit, go
from store import audit, casekeys, staff
from store.db import Tx
from store.staff import Member

_SURE = "Tick that you are sure: an account that was closed cannot be opened again. Nothing was changed."
# Two who take each other out of a desk of two, at the same time, must not both succeed.
_TURNS = "leaving"


def leave(visit: Visit) -> Response:
    """POST /colleagues/{id}/leave: one desk."""
    id_, desk = visit.path("id"), visit.text("desk")
    if desk not in visit.ring.desks:
        raise Refused(NOT_YOURS, 403)

    def take(tx: Tx) -> None:
        member = _colleague(tx, id_)
        if desk not in staff.desks_of(tx).get(id_, []):
            return
        _can_spare(tx, visit, member, desk)
        _take(tx, member, desk)
        rotation.begin(tx, [desk])
        audit.note(tx, visit.now, visit.member.id, f"took {desk} from a colleague", id_)

    visit.office.store.do(take)
    visit.office.turns.go(visit.office.store, visit.ring, visit.now)
    return go("/colleagues?said=left")


def retire(visit: Visit) -> Response:
    """POST /colleagues/{id}/retire: altogether."""
    id_ = visit.path("id")
    if not visit.form.get("sure"):
        raise Refused(_SURE, 422)

    def take(tx: Tx) -> None:
        held = staff.desks_of(tx).get(id_, [])
        if _gone(tx, id_):
            return
        member = _colleague(tx, id_)
        if id_ == visit.member.id or (held and not set(held) & set(visit.ring.desks)):
            raise Refused(NOT_YOURS, 403)
        for desk in held:
            _can_spare(tx, visit, member, desk)
        casekeys.take_from(tx, id_)
        staff.retire(tx, id_)
        rotation.begin(tx, held)
        audit.note(tx, visit.now, visit.member.id, "closed a colleague's account", id_)

    visit.office.store.do(take)
    visit.office.turns.go(visit.office.store, visit.ring, visit.now)
    return go("/colleagues?said=retired")


def _gone(tx: Tx, id_: str) -> bool:
    return any(each.id == id_ and not each.active for each in staff.every(tx))


def _colleague(tx: Tx, id_: str) -> Member:
    tx.alone_with(_TURNS)
    member = staff.by_id(tx, id_, hold=True)
    if member is None:
        raise NotHere
    return member


def _can_spare(tx: Tx, visit: Visit, member: Member, desk: str) -> None:
    label = visit.office.desk(desk)
    if all(each.id == member.id for each in staff.members_of(tx, desk)):
        raise Refused(
            f"{member.name} is the last one who works at {label}, and its cases would be lost. "
            f"Let somebody else work there first."
        )
    if casekeys.rests_on(tx, member.id, desk):
        raise Refused(
            f"{member.name} deals with something at {label} that nobody else there can take over. "
            f"{member.name} has to give it to another desk first."
        )


def _take(tx: Tx, member: Member, desk: str) -> None:
    casekeys.take_from(tx, member.id, desk)
    staff.drop_wraps(tx, member.id, desk)
    for each in staff.open_invitations(tx, member.id):
        # They know the link, and it must not lead them back.
        staff.drop_wraps(tx, each, desk)
        if not staff.wraps(tx, each):
            staff.withdraw(tx, each)

"""Colleagues: who works at which desk, a one-time link for somebody new, and letting a colleague work at a desk."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from console.times import HOUR
from console.visit import NotHere, Refused, Visit, go
from store import audit, opening, staff
from store.db import Tx
from store.opening import Ring
from store.sealing import Recipient
from store.staff import Member

VALID_HOURS = 72
NO_DESK = "Tick at least one desk: without one your colleague could not open anything. No link was made."
NOT_YOURS = "Only somebody who works at a desk can say who works there. Nothing was changed."
LIAISON = "A liaison works at no sensitive desk, and {desk} is one. Nothing was changed."
NOT_ONESELF = "Somebody else says whether and where you are a liaison. Nothing was changed."
_SAID = {
    "liaison": "Kept.",
    "given": "Your colleague works at that desk now.",
    "left": "Done. The key of that desk is changed now.",
    "retired": "The account is closed. The keys of all its desks are changed now.",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague on the page: where they work, where this member could let them work, and what they could leave."""

    id: str
    name: str
    login: str
    active: bool
    liaison: bool
    areas: frozenset[str]
    desks: tuple[str, ...]
    open_to: tuple[str, ...]
    shared: tuple[str, ...]


def show(visit: Visit) -> Response:
    """GET /colleagues."""
    return _page(visit, said=_SAID.get(visit.asked("said"), ""))


def invite(visit: Visit) -> Response:
    """POST /colleagues: the link is on this one page and nowhere else."""
    wanted = [each for each in sorted(visit.ring.desks) if visit.form.get(f"desk-{each}")]
    if not wanted:
        return _page(visit, 422, problem=NO_DESK)
    liaison = bool(visit.form.get("liaison"))
    if liaison and (refused := _sensitive(visit, wanted)):
        return _page(visit, 422, problem=refused)
    token = secrets.token_urlsafe(32)

    def keep(tx: Tx) -> None:
        ring = at(tx, visit, wanted)
        until = visit.now + VALID_HOURS * HOUR
        id_ = opening.invite(tx, ring, wanted, token, visit.now, until, liaison=liaison)
        whom = "a liaison" if liaison else "a colleague"
        audit.note(tx, visit.now, visit.member.id, f"invited {whom} to {', '.join(wanted)}", id_[:12])

    visit.office.store.do(keep)
    base = visit.office.url or str(visit.request.base_url)
    return _page(visit, link=f"{base.rstrip('/')}/enrol#{token}")


def give(visit: Visit) -> Response:
    """POST /colleagues/{id}/give: let a colleague work at a desk."""
    id_, desk = visit.path("id"), visit.text("desk")

    def keep(tx: Tx) -> None:
        ring = at(tx, visit, [desk])
        member = staff.by_id(tx, id_, hold=True)
        if member is None:
            raise NotHere
        if not _fits(visit, member, desk):
            raise Refused(_women_only(visit, desk))
        if member.liaison and (refused := _sensitive(visit, [desk])):
            raise Refused(refused)
        if desk not in staff.desks_of(tx).get(id_, []):
            audit.note(tx, visit.now, visit.member.id, f"let a colleague work at {desk}", id_)
        opening.give_desks(tx, ring, [desk], id_, Recipient(member.public))
        opening.share(tx, ring)

    visit.office.store.do(keep)
    return go("/colleagues?said=given")


def liaison(visit: Visit) -> Response:
    """POST /colleagues/{id}/liaison: a colleague is one from now on, or is none any more (R62)."""
    id_, wish = _somebody_else(visit), visit.text("liaison") == "yes"

    def keep(tx: Tx) -> None:
        member = staff.by_id(tx, id_, hold=True)
        if member is None:
            raise NotHere
        if wish and (refused := _sensitive(visit, staff.desks_of(tx).get(id_, []))):
            raise Refused(refused)
        if member.liaison != wish:
            staff.set_liaison(tx, id_, liaison=wish)
            audit.note(tx, visit.now, visit.member.id, "made somebody a liaison" if wish else "ended a liaison", id_)
            _set_areas(tx, visit, member, _ticked(visit)) if wish else staff.set_areas(tx, id_, ())

    visit.office.store.do(keep)
    return go("/colleagues?said=liaison")


def areas(visit: Visit) -> Response:
    """POST /colleagues/{id}/areas: from which areas a liaison finds cases from now on (R62)."""
    id_ = _somebody_else(visit)

    def keep(tx: Tx) -> None:
        member = staff.by_id(tx, id_, hold=True)
        if member is None or not member.liaison:
            raise NotHere
        _set_areas(tx, visit, member, _ticked(visit))

    visit.office.store.do(keep)
    return go("/colleagues?said=liaison")


def _somebody_else(visit: Visit) -> str:
    """The colleague in the address, where this member may say of them whether and where they are a liaison."""
    if not visit.ring.desks:
        raise Refused(NOT_YOURS, 403)
    if visit.path("id") == visit.member.id:
        raise Refused(NOT_ONESELF, 403)
    return visit.path("id")


def _ticked(visit: Visit) -> frozenset[str]:
    return frozenset(each.key for each in visit.office.programme.areas if visit.form.get(f"area-{each.key}"))


def _set_areas(tx: Tx, visit: Visit, member: Member, areas: frozenset[str]) -> None:
    if areas != member.areas:
        staff.set_areas(tx, member.id, areas)
        named = ", ".join(sorted(areas)) or "all"
        audit.note(tx, visit.now, visit.member.id, f"set the areas of a liaison: {named}", member.id)


def _sensitive(visit: Visit, desks: list[str]) -> str:
    """Why a liaison cannot work at these desks, or nothing."""
    found = (visit.office.programme.desk(each) for each in desks)
    first = next((each for each in found if each and each.sensitive), None)
    return LIAISON.format(desk=visit.office.desk(first.key)) if first else ""


def at(tx: Tx, visit: Visit, desks: list[str]) -> Ring:
    """The member's ring as it is in this transaction, with these desks on it, else `Refused`."""
    for each in desks:
        if each not in visit.ring.desks:
            raise Refused(NOT_YOURS, 403)
    ring = opening.ring_of(tx, visit.member.id, visit.ring.me)
    if not set(desks) <= set(ring.desks):
        raise Refused(NOT_YOURS, 403)
    return ring


def _fits(visit: Visit, member: Member, desk: str) -> bool:
    found = visit.office.programme.desk(desk)
    return member.gender == "woman" or not (found and found.women)


def _women_only(visit: Visit, desk: str) -> str:
    label = visit.office.desk(desk)
    return f"Only women work at {label}, and this colleague's account does not say so. Nothing was changed."


def _page(visit: Visit, status: int = 200, **values: Any) -> Response:
    def look(tx: Tx) -> tuple[list[Member], dict[str, list[str]]]:
        return staff.every(tx), staff.desks_of(tx)

    members, held = visit.office.store.read(look)
    people = [_person(visit, each, held.get(each.id, [])) for each in members]
    people.sort(key=lambda each: not each.active)
    form = {"said": "", "problem": "", "link": ""}
    places = [(each.key, each.label.in_("en")) for each in visit.office.programme.areas]
    return visit.page("colleagues.html", status, people=people, hours=VALID_HOURS, desks=_desks(visit), places=places,
                      **{**form, **values})  # fmt: skip


def _person(visit: Visit, member: Member, held: list[str]) -> Person:
    mine = sorted(visit.ring.desks)
    free = [each for each in mine if each not in held and _fits(visit, member, each)]
    free = [each for each in free if not (member.liaison and _sensitive(visit, [each]))]
    return Person(
        member.id, member.name, member.login, member.active, member.liaison, member.areas, tuple(held), tuple(free),
        tuple(each for each in mine if each in held),
    )  # fmt: skip


def _desks(visit: Visit) -> list[tuple[str, bool]]:
    """This member's desks, and whether only women work there."""
    found = [(each, visit.office.programme.desk(each)) for each in sorted(visit.ring.desks)]
    return [(each, bool(desk and desk.women)) for each, desk in found]

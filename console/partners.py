"""Partner groups: a one-time code links a partner's group, so that it gets announcements; a link can be ended."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from console import damaged
from console.answering import DESK
from console.times import HOUR
from console.visit import Refused, Visit, go
from store import announcements, audit, keys
from store.db import Tx
from store.places import Unopenable
from store.sealing import seal

VALID_HOURS = 72
# No 0 and O, 1 and I, 5 and S, U and V: twelve of these 29 are 58 bits.
_ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXYZ"
_LENGTH, _GROUP = 12, 4
_NAME_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Link:
    """A partner's code or link, as the page shows it."""

    id: str
    partner: str
    state: str
    until: int


def show(visit: Visit) -> Response:
    """GET /partners."""
    said = "The link is ended." if visit.asked("said") == "unlinked" else ""
    return _page(visit, said=said)


def make_code(visit: Visit) -> Response:
    """POST /partners: the code is on this one page and nowhere else."""
    _general(visit)
    name = " ".join(visit.text("partner").split())
    if not 0 < len(name) <= _NAME_LONGEST:
        return _page(visit, 422, problem=f"Write the partner's name, at most {_NAME_LONGEST} characters.")
    code = new_code()
    id_ = announcements.link_id(code)

    def keep(tx: Tx) -> None:
        sealed = seal(name.encode(), announcements.partner_place(id_), [keys.desk(tx, DESK)])
        until = visit.now + VALID_HOURS * HOUR
        announcements.link_code(tx, id_, sealed, visit.member.id, visit.now, until)
        audit.note(tx, visit.now, visit.member.id, "made a link code", id_[:12])

    visit.office.store.do(keep)
    return _page(visit, code=code, partner=name)


def unlink(visit: Visit) -> Response:
    """POST /partners/{id}/unlink."""
    id_ = _general(visit).path("id")

    def end(tx: Tx) -> bool:
        done = announcements.unlink_code(tx, id_)
        if done:
            audit.note(tx, visit.now, visit.member.id, "ended a partner's link", id_[:12])
        return done

    visit.office.store.do(end)
    return go("/partners?said=unlinked")


def new_code() -> str:
    """A fresh code in three groups."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def _general(visit: Visit) -> Visit:
    if DESK not in visit.ring.desks:
        raise Refused("Partner groups belong to the general desk, and you are not one of its members.", 403)
    return visit


def _page(visit: Visit, status: int = 200, **values: Any) -> Response:
    _general(visit)

    def look(tx: Tx) -> list[tuple[str, bytes, int, bool]]:
        audit.note(tx, visit.now, visit.member.id, "looked at partners", "")
        return announcements.links(tx)

    links = [_link(visit, *each) for each in visit.office.store.do(look)]
    form = {"said": "", "problem": "", "code": "", "partner": ""}
    broken = damaged.told(visit, [each.id[:12] for each in links if not each.partner])
    return visit.page("partners.html", status, links=links, damaged=broken, hours=VALID_HOURS, **{**form, **values})


def _link(visit: Visit, id_: str, sealed: bytes, until: int, linked: bool) -> Link:
    try:
        name = visit.ring.open(DESK, sealed, announcements.partner_place(id_)).decode()
    except Unopenable:
        name = ""
    state = "linked" if linked else "waiting" if until > visit.now else "expired"
    return Link(id_, name, state, until)

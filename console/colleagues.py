"""Colleagues: who has an account, and a one-time link for somebody who shall have one."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from console.times import HOUR
from console.visit import Visit
from store import audit, opening, staff
from store.db import Tx

VALID_HOURS = 72


def show(visit: Visit) -> Response:
    """GET /colleagues."""
    return _page(visit, "")


def invite(visit: Visit) -> Response:
    """POST /colleagues: the link is on this one page and nowhere else."""
    token = secrets.token_urlsafe(32)

    def keep(tx: Tx) -> None:
        id_ = opening.invite(tx, visit.ring, sorted(visit.ring.desks), token, visit.now, visit.now + VALID_HOURS * HOUR)
        audit.note(tx, visit.now, visit.member.id, "invited a colleague", id_[:12])

    visit.office.store.do(keep)
    base = visit.office.url or str(visit.request.base_url)
    return _page(visit, f"{base.rstrip('/')}/enrol#{token}")


def _page(visit: Visit, link: str) -> Response:
    members = visit.office.store.read(staff.every)
    return visit.page("colleagues.html", members=members, link=link, hours=VALID_HOURS, desks=sorted(visit.ring.desks))

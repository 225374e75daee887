"""The audit, newest first, and whether its chain is whole."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from console.visit import Visit
from store import audit, staff
from store.audit import Head
from store.db import Tx

_NOT_STAFF = {"founding": "The founding", "somebody": "Somebody unknown", "operator": "The operator"}


@dataclass(frozen=True, slots=True)
class Row:
    """One act, with the name of who did it."""

    seq: int
    at: int
    who: str
    act: str
    about: str


def show(visit: Visit) -> Response:
    """GET /audit."""

    def look(tx: Tx) -> tuple[list[Row], int | None, Head | None]:
        audit.note(tx, visit.now, visit.member.id, "looked at the audit", "")
        names = {**_NOT_STAFF, **{each.id: each.name for each in staff.every(tx)}}
        rows = [
            Row(each.seq, each.at, names.get(each.who, each.who), each.act, each.about) for each in audit.recent(tx)
        ]
        return rows, audit.first_broken(tx), audit.head(tx)

    rows, broken, head = visit.office.store.do(look)
    return visit.page("audit.html", rows=rows, broken=broken, head=head)

"""The audit, newest first, and whether its chain is whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.responses import Response

from console import liaisons
from console.visit import Visit
from store import audit, cases, staff
from store.audit import Head
from store.db import Tx

_NOT_STAFF = {
    "founding": "The founding", "somebody": "Somebody unknown", "operator": "The operator", "person": "The person",
    "retention": "The end of its time",
}  # fmt: skip


_REFERENCE = re.compile(r"[A-Z0-9]+-[A-Z0-9]+")
_SHOWN, _LOOKED = 200, 1000


class _Told(Protocol):
    """A row of the audit."""

    seq: int
    at: int
    who: str
    act: str
    about: str


@dataclass(frozen=True, slots=True)
class Row:
    """One act, with the name of who did it."""

    seq: int
    at: int
    who: str
    act: str
    about: str


def show(visit: Visit) -> Response:
    """GET /audit; a case that is not this member's is not in it."""

    def look(tx: Tx) -> tuple[list[Row], int | None, Head | None]:
        audit.note(tx, visit.now, visit.member.id, "looked at the audit", "")
        names = {**_NOT_STAFF, **{each.id: each.name for each in staff.every(tx)}}
        rows = [
            Row(each.seq, each.at, names.get(each.who, each.who), each.act, names.get(each.about, each.about))
            for each in _mine(tx, visit, audit.recent(tx, _LOOKED))
        ]
        return rows, audit.first_broken(tx), audit.head(tx)

    rows, broken, head = visit.office.store.do(look)
    return visit.page("audit.html", rows=rows, broken=broken, head=head)


def _mine(tx: Tx, visit: Visit, rows: Sequence[_Told]) -> list[_Told]:
    """The rows but those about cases that this member may not see: for them there is no such case."""
    told = {each.about.partition("/")[0] for each in rows}
    about = {each for each in told if _REFERENCE.fullmatch(each)}
    hidden = about - liaisons.among(tx, visit, cases.seen_by(tx, visit.access, about))
    hidden |= {each.key for each in visit.office.programme.desks} - set(visit.ring.desks)
    return [each for each in rows if each.about.partition("/")[0] not in hidden][:_SHOWN]

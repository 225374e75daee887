"""The list of cases: who asked for a human on top, then by time left; its reports are opened for this request only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from starlette.responses import Response

from console import reports, times
from console.visit import Visit
from store import audit, cases
from store.cases import Listed
from store.db import Tx
from store.places import Unopenable

_PAGE = 100
_ALERTS = {"first_look": "first look overdue", "answer": "answer overdue", "erased_soon": "erased soon"}
_SAID = {
    "closed": "The case is closed.",
    "erased": "The case is erased. Nobody can read it any more.",
    "enrolled": "Welcome. People's reports arrive here. Your password opens them, and nobody can reset it for you.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    reference: str
    what: str
    language: str
    filed: int
    state: str
    left: times.Left
    human: bool
    news: bool
    alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands in clear: enough to see whether the list has changed."""

    cases: tuple[Listed, ...]
    alerts: dict[str, list[str]]
    more: int

    def mark(self, now: int) -> str:
        """Changes when anything that the list shows has changed."""
        every = [each.case for each in self.cases]
        shown = [(c.reference, c.state, c.news, times.left(c, now), self.alerts.get(c.reference)) for c in every]
        return sha256(repr((shown, self.more)).encode()).hexdigest()[:16]


def show(visit: Visit) -> Response:
    """GET /."""
    values = _values(visit, _known(visit))
    return visit.page("cases.html", said=_SAID.get(visit.asked("said"), ""), **values)


def poll(visit: Visit) -> Response:
    """GET /list: the rows again if they have changed; nothing is opened when they have not."""
    known = _known(visit)
    if visit.asked("seen") == known.mark(visit.now):
        return Response(status_code=204)
    return visit.fragment("case_rows.html", **_values(visit, known))


def _known(visit: Visit) -> _Known:
    closed = visit.asked("tab") == "closed"

    def look(tx: Tx) -> _Known:
        some, more = cases.listed(tx, visit.access, _from(visit), _PAGE, closed=closed)
        return _Known(tuple(some), cases.alerts_of(tx, [each.case.reference for each in some]), more)

    return visit.office.store.read(look)


def _values(visit: Visit, known: _Known) -> dict[str, Any]:
    tab = "closed" if visit.asked("tab") == "closed" else "open"

    def look(tx: Tx) -> None:
        audit.note(tx, visit.now, visit.member.id, f"looked at the list ({tab})", ",".join(_desks(visit)))

    visit.office.store.do(look)
    rows = [_row(visit, each, known.alerts) for each in known.cases]
    return {"rows": rows, "tab": tab, "mark": known.mark(visit.now), "more": known.more, "next": _from(visit) + _PAGE,
            "start": _from(visit)}  # fmt: skip


def _row(visit: Visit, listed: Listed, alerts: dict[str, list[str]]) -> Row:
    case, (what, language) = listed.case, _opened(visit, listed)
    said = tuple(_ALERTS.get(each, f"{each.replace('_', ' ')} overdue") for each in alerts.get(case.reference, []))
    return Row(
        case.reference, what, language, case.filed, case.state, times.left(case, visit.now), case.human, case.news, said
    )


def _opened(visit: Visit, listed: Listed) -> tuple[str, str]:
    try:
        head = visit.ring.unwrap(listed.case, listed.holder, listed.sealed).head()
    except Unopenable:
        return "could not be opened", ""
    read = reports.head(head, visit.office.programme)
    return read.what, read.language


def _desks(visit: Visit) -> Sequence[str]:
    return sorted(visit.ring.desks)


def _from(visit: Visit) -> int:
    asked = visit.asked("from")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0  # noqa: PLR2004 - any list

"""The list of cases: who asked for a human on top, then by time left; its reports are opened for this request only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from starlette.responses import Response

from console import damaged, liaisons, reports, tasks, times
from console.reports import Head
from console.visit import Visit
from store import audit, cases, staff
from store.cases import Listed
from store.db import Tx
from store.places import Unopenable

_PAGE = 100
# Danger and abuse are 0 and 1 (REQUIREMENTS.md 3.3).
_URGENT = 1
_ALERTS = {
    "first_look": "first look overdue",
    "answer": "answer overdue",
    "erased_soon": "erased soon",
    "burst": "many like it",
    "ask_again": "ask again",
    "plan_ends": "plan ends",
}
_SAID = {
    "closed": "The case is closed.",
    "given": "The case belongs to another desk now. It is gone from here.",
    "shut": "The case is shut to you: your colleagues deal with it.",
    "erased": "The case is erased. Nobody can read it any more.",
    "numbers": "It is kept that the emergency numbers were called.",
    "enrolled": "Welcome. People's reports arrive here. Your password opens them, and nobody can reset it for you.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    reference: str
    desk: str
    what: str
    language: str
    filed: int
    state: str
    priority: int | None
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
    nobody: tuple[tuple[str, str], ...]

    def mark(self, now: int) -> str:
        """Changes when anything that the list shows has changed."""
        every = [each.case for each in self.cases]
        shown = [(c.reference, c.state, c.news, times.left(c, now), self.alerts.get(c.reference)) for c in every]
        return sha256(repr((shown, self.more, self.nobody)).encode()).hexdigest()[:16]


def show(visit: Visit) -> Response:
    """GET /."""
    values = _values(visit, _known(visit))
    asked = visit.office.store.read(lambda tx: tasks.shown(tx, visit))
    return visit.page("cases.html", said=_SAID.get(visit.asked("said"), ""), tasks=asked, **values)


def poll(visit: Visit) -> Response:
    """GET /list: the rows again if they have changed; nothing is opened when they have not."""
    known = _known(visit)
    if visit.asked("seen") == known.mark(visit.now):
        return Response(status_code=204)
    return visit.fragment("case_rows.html", **_values(visit, known))


def _known(visit: Visit) -> _Known:
    closed = visit.asked("tab") == "closed"

    def look(tx: Tx) -> _Known:
        some, more = cases.listed(tx, visit.access, _from(visit), _PAGE, closed=closed, desk=_desk(visit))
        alerts = cases.alerts_of(tx, [each.case.reference for each in some])
        return _Known(tuple(some), alerts, more, () if closed else _nobody(tx, visit))

    return visit.office.store.read(look)


def _values(visit: Visit, known: _Known) -> dict[str, Any]:
    tab = "closed" if visit.asked("tab") == "closed" else "open"

    def look(tx: Tx) -> None:
        audit.note(tx, visit.now, visit.member.id, f"looked at the list ({tab})", ",".join(_desks(visit)))

    visit.office.store.do(look)
    opened = [(each, _opened(visit, each)) for each in known.cases]
    heads = [f"{each.case.reference}/head" for each, head in opened if head is None]
    broken = damaged.told(visit, [*heads, *(f"{desk}/key" for desk in visit.ring.damaged)])
    rows = [_row(visit, each, head, known.alerts) for each, head in opened if liaisons.deals(visit.member, head)]
    # What a case is about is sealed, so what is urgent and overdue comes forward among the rows of this page only.
    rows = rows if tab == "closed" else sorted(rows, key=_rank)
    return {"rows": rows, "tab": tab, "desk": _desk(visit), "desks": _desks(visit), "damaged": broken,
            "nobody": [(visit.office.desk(desk), handler) for desk, handler in known.nobody],
             "mark": known.mark(visit.now), "more": known.more, "next": _from(visit) + _PAGE,
            "start": _from(visit), "places": _places(visit)}  # fmt: skip


def _places(visit: Visit) -> list[str]:
    """From which areas a liaison finds cases; none where there is no such limit."""
    mine = visit.member.areas if visit.member.liaison else frozenset()
    return [each.label.in_("en") for each in visit.office.programme.areas if each.key in mine]


def _rank(row: Row) -> int:
    """Who asked for a human first, then danger and abuse that are overdue; the rest stay as they are, by time left."""
    if row.human:
        return 0
    urgent = row.priority is not None and row.priority <= _URGENT
    return 1 if urgent and row.left.level == "red" else 2


def _nobody(tx: Tx, visit: Visit) -> tuple[tuple[str, str], ...]:
    """Where somebody waits for a woman or a man, and none works there."""
    asked = cases.waiting_for_others(tx, visit.access)
    return tuple(each for each in asked if each[1] not in {who.gender for who in staff.members_of(tx, each[0])})


def _row(visit: Visit, listed: Listed, head: Head | None, alerts: dict[str, list[str]]) -> Row:
    case, (what, language) = listed.case, (head.what, head.language) if head else ("changed or damaged", "")
    priority = head.category.priority if head else None
    said = tuple(_ALERTS.get(each, f"{each.replace('_', ' ')} overdue") for each in alerts.get(case.reference, []))
    return Row(
        case.reference,
        case.desk,
        what,
        language,
        case.filed,
        case.state,
        priority,
        times.left(case, visit.now),
        case.human,
        case.news,
        said,
    )


def _opened(visit: Visit, listed: Listed) -> Head | None:
    try:
        opened = visit.ring.unwrap(listed.case, listed.holder, listed.sealed)
    except Unopenable:
        return None
    return reports.head_of(opened, visit.office.programme)


def _desks(visit: Visit) -> Sequence[str]:
    return sorted(visit.ring.desks)


def _desk(visit: Visit) -> str:
    """The one desk whose cases are asked for, or nothing for all of this member's."""
    asked = visit.asked("desk")
    return asked if asked in visit.ring.desks else ""


def _from(visit: Visit) -> int:
    asked = visit.asked("from")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0  # noqa: PLR2004 - any list

"""Alarms: somebody takes one, tells what became of it, and a page shows those of the last ninety days."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from console import ringing
from console.guard import form_token
from console.times import DAY
from console.visit import NotHere, Refused, Visit, go
from store import alarms, audit
from store.alarms import OUTCOMES, Alarm
from store.db import Tx

_SHOWN = 90 * DAY
_SAID = {
    "taken": "You have taken it: nobody else is called. Tell here what became of it.",
    "before": "A colleague has taken it already.",
    "told": "What became of it is kept.",
    "told_before": "What became of it was told already.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One alarm on the page."""

    id: str
    at: int
    area: str
    called: str
    calls: int
    unanswered: bool
    taken_by: str
    taken_at: int | None
    outcome: str


def show(visit: Visit) -> Response:
    """GET /alarms."""

    def look(tx: Tx) -> list[Row]:
        audit.note(tx, visit.now, visit.member.id, "looked at the alarms", "")
        names = ringing.called(tx)
        return [_row(visit, each, names) for each in alarms.since(tx, visit.now - _SHOWN)]

    rows = visit.office.store.do(look)
    return visit.page("alarms.html", rows=rows, said=_SAID.get(visit.asked("said"), ""))


def poll(visit: Visit) -> Response:
    """GET /alarms/open: what is on top of every page, again if it has changed."""
    now = visit.office.store.read(lambda tx: ringing.shown(tx, visit.office.programme, visit.member.login))
    if visit.asked("known") == now.mark:
        return Response(status_code=204)
    return visit.fragment("ringing.html", ringing=now, outcomes=ringing.OUTCOMES, csrf=form_token(visit.token))


def take(visit: Visit) -> Response:
    """POST /alarms/{id}/take."""

    def unit(tx: Tx) -> bool:
        return alarms.take(tx, _found(tx, visit), visit.member.login, visit.member.id, visit.now)

    return _after(visit.office.store.do(unit), "taken", "before")


def tell(visit: Visit) -> Response:
    """POST /alarms/{id}/outcome."""
    outcome = visit.text("outcome")
    if outcome not in OUTCOMES:
        raise Refused("Choose what became of it. Nothing was kept.", 422)

    def unit(tx: Tx) -> bool:
        return alarms.tell(tx, _found(tx, visit), outcome, visit.member.id, visit.now)

    return _after(visit.office.store.do(unit), "told", "told_before")


def _found(tx: Tx, visit: Visit) -> str:
    found = alarms.get(tx, visit.path("id"))
    if found is None:
        raise NotHere
    return found.id


def _after(done: bool, now: str, before: str) -> Response:
    return go(f"/alarms?said={now if done else before}")


def _row(visit: Visit, alarm: Alarm, names: dict[str, str]) -> Row:
    return Row(
        alarm.id, alarm.at, ringing.area(visit.office.programme, alarm.area), names.get(alarm.called, alarm.called),
        alarm.step, alarm.unanswered, names.get(alarm.acked_by, alarm.acked_by), alarm.acked_at,
        ringing.OUTCOMES.get(alarm.outcome, ""),
    )  # fmt: skip

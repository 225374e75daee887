"""Passing a case on to whoever may deal with it, noting how it stands there, and taking it back (R19, R69)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from actions import passing
from actions.routing import desk_for
from console import category, rotation, telling, times, transfer
from console.around import body_of
from console.case import LONGEST, page, report_of, work_on
from console.readers import Nobody
from console.visit import NotHere, Refused, Visit, go
from store import audit, cases, referrals
from store.cases import Case
from store.db import Tx
from store.referrals import Referral, State

NO_CONSENT = (
    "The person has not agreed that we ask others for them. Pass it on without name, telephone, address or anything "
    "else that tells who they are. Nothing was passed on."
)
CLOSED = "This case is closed. Reopen it first. Nothing was passed on."
_NAME_LONGEST = 200
_LATEST = timedelta(days=366)
_FIELDS = ("body", "name", "what", "shared", "ask_on", "state", "note", "category")


def pass_on(visit: Visit) -> Response:
    """POST /cases/{reference}/referrals."""
    reference, id_, body, ask_on = visit.path("reference"), visit.form_id(), body_of(visit.text("body")), _day(visit)
    problem = _unfit(visit, body, ask_on)
    if problem or body is None or ask_on is None:
        return page(visit, 422, problem=problem, at="referral", typed=_typed(visit))
    new = Referral(id_, reference, body, "passed_on", times.morning(ask_on, visit.office.programme.timezone))
    told = {"name": visit.text("name"), "note": visit.text("what"), "shared": bool(visit.form.get("shared"))}

    def unit(tx: Tx, case: Case) -> None:
        if case.state == "closed":
            raise Refused(CLOSED)
        if referrals.pass_on(tx, new, visit.now):
            _step(tx, visit, case, new, told)
            audit.note(tx, visit.now, visit.member.id, "passed it on", reference)
            where = passing.called(body, visit.office.programme)
            telling.send(tx, visit, case, passing.waiting(reference, where, ask_on), _key(new, "passed_on", ask_on))

    work_on(visit, unit)
    return go(f"/cases/{reference}?said=passed#passed")


def _unfit(visit: Visit, body: passing.Body | None, ask_on: date | None) -> str:
    if body is None:
        return "Choose to what kind of body the case is passed on. Nothing was passed on."
    if not 0 < len(visit.text("name")) <= _NAME_LONGEST:
        return f"Write down to whom exactly, in 1 to {_NAME_LONGEST} characters. Nothing was passed on."
    if not 0 < len(visit.text("what")) <= LONGEST:
        return f"Write down what exactly was passed on, in 1 to {LONGEST} characters. Nothing was passed on."
    if ask_on is None:
        return "Choose a day within a year on which we ask again; it lies ahead. Nothing was passed on."
    if visit.form.get("shared"):
        report = report_of(visit)
        return "" if report and report.consent("refer") else NO_CONSENT
    return ""


def move(visit: Visit) -> Response:
    """POST /cases/{reference}/referrals/{id}."""
    state = next((each for each in referrals.STATES if each == visit.text("state")), None)
    ask_on, waits = _day(visit), state in referrals.OPEN
    if state is None or (waits and ask_on is None):
        problem = "Choose how it stands, and a day within a year on which we ask again. Nothing was changed."
        return page(visit, 422, problem=problem, at=f"referral-{visit.path('id')}", typed=_typed(visit))
    if state == "returned":
        return _returned(visit)
    work_on(visit, lambda tx, case: _moved(tx, visit, case, state, ask_on))
    return go(f"/cases/{visit.path('reference')}?said=moved#passed")


def _moved(tx: Tx, visit: Visit, case: Case, state: State, ask_on: date | None) -> None:
    now = _open_one(tx, visit, case)
    if now is None:
        return
    at = times.morning(ask_on, visit.office.programme.timezone) if ask_on else now.ask_again
    referrals.move(tx, now, state, at, visit.now)
    _step(tx, visit, case, now, {"state": state, "note": visit.text("note")[:LONGEST]})
    audit.note(tx, visit.now, visit.member.id, f"noted of others: {state}", case.reference)
    where = passing.called(now.body, visit.office.programme)
    if state == "done" or ask_on is None:
        telling.tell(tx, visit, case, passing.done(case.reference, where), _key(now, "done", None))
        return
    # Whoever comes with a code sees what is awaited; a letter goes to the others.
    said = passing.accepted if state == "accepted" else passing.waiting
    telling.send(tx, visit, case, said(case.reference, where, ask_on), _key(now, state, ask_on))


# --- given back -------------------------------------------------------------------------------------------------------


def _returned(visit: Visit) -> Response:
    """It is for us after all: it begins anew as another category, at the desk where that is read."""
    wanted, at = visit.text("category"), f"referral-{visit.path('id')}"
    if wanted not in {each.key for each in visit.office.programme.categories}:
        problem = "Choose what the case is about now that it was given back. Nothing was changed."
        return page(visit, 422, problem=problem, at=at, typed=_typed(visit))
    try:
        mine = work_on(visit, lambda tx, case: _back(tx, visit, case, wanted))
    except Nobody as nobody:
        return page(visit, 409, problem=nobody.sentence, at=at, typed=_typed(visit))
    rotation.let_go(visit.office.store)
    return go(f"/cases/{visit.path('reference')}?said=back" if mine else "/?said=given")


def _back(tx: Tx, visit: Visit, case: Case, wanted: str) -> bool:
    """Whether this member can still read it afterwards."""
    now = _open_one(tx, visit, case)
    if now is None:
        return True
    referrals.move(tx, now, "returned", now.ask_again, visit.now)
    _step(tx, visit, case, now, {"state": "returned", "note": visit.text("note")[:LONGEST]})
    audit.note(tx, visit.now, visit.member.id, "noted of others: returned", case.reference)
    category.recategorise(tx, visit, case, wanted)
    _restart(tx, visit, case, now, wanted)
    fresh, programme = cases.get(tx, case.reference), visit.office.programme
    if fresh is None:
        raise NotHere
    desk = desk_for(programme.category(wanted), case.handler, programme)
    why = "Whoever it was passed on to gave it back: it is for us to deal with."
    return transfer.given(tx, visit, fresh, desk, why, cases.new_id())


def _restart(tx: Tx, visit: Visit, case: Case, now: Referral, wanted: str) -> None:
    kind, zone = visit.office.programme.category(wanted), visit.office.programme.timezone
    today = times.date_of(visit.now, zone)
    by = today + timedelta(days=kind.answer_days)
    first = times.evening(today + timedelta(days=kind.first_look_days), zone)
    cases.restart(tx, case.reference, first, times.evening(by, zone), visit.now)
    telling.tell(tx, visit, case, passing.returned(case.reference, by), _key(now, "returned", by))


def _open_one(tx: Tx, visit: Visit, case: Case) -> Referral | None:
    """What the address names, if it is still awaited; None when its end was noted before."""
    found = next((each for each in referrals.every(tx, case.reference) if each.id == visit.path("id")), None)
    if found is None:
        raise NotHere
    return found if found.open else None


def _step(tx: Tx, visit: Visit, case: Case, referral: Referral, told: dict[str, Any]) -> None:
    step = {"referral": referral.id, "state": referral.state, **told}
    cases.add(tx, case, referrals.ENTRY, visit.member.id, json.dumps(step).encode(), visit.now)


def _key(referral: Referral, state: State, on: date | None) -> str:
    """The letter's key names the case, so that it goes with everything about the case."""
    return f"referral/{referral.case}/{referral.id}/{state}/{on.isoformat() if on else ''}"


def _day(visit: Visit) -> date | None:
    """The day on which we ask again: ahead, and within a year."""
    day, today = times.typed(visit.text("ask_on")), times.date_of(visit.now, visit.office.programme.timezone)
    return day if day and today < day <= today + _LATEST else None


def _typed(visit: Visit) -> dict[str, str]:
    return {each: visit.text(each) for each in _FIELDS}

"""Keeping a case from being erased, working on it again, and erasing it for good: that takes two members."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.responses import Response

from actions import notices, words
from console.case import LONGEST, page, work_on
from console.revealing import ANOTHER
from console.times import DAY
from console.visit import NotHere, Refused, Visit, go
from store import audit, cases, erasing, keys, letters, plans, retention, tombstones
from store.cases import Case
from store.db import StoreUnavailable, Tx
from store.erasing import OnHold, SamePerson
from store.letters import Lane

HELD = "Somebody keeps this case from being erased. Read the reason below, and end the hold first. Nothing was done."
_HOLD = "Kept from being erased, because: "
_RELEASED = "No longer kept from being erased, because: "


def hold(visit: Visit) -> Response:
    """POST /cases/{reference}/hold."""

    def unit(tx: Tx, case: Case) -> None:
        if not case.hold:
            _say(tx, visit, case, _HOLD)
            cases.hold(tx, case.reference, on=True)
            audit.note(tx, visit.now, visit.member.id, "kept it from being erased", case.reference)

    return _with_reason(visit, "hold", "held", unit)


def release(visit: Visit) -> Response:
    """POST /cases/{reference}/release; a case that its person wanted erased meanwhile goes now."""
    gone: list[str] = []

    def unit(tx: Tx, case: Case) -> None:
        if not case.hold:
            return
        _say(tx, visit, case, _RELEASED)
        cases.hold(tx, case.reference, on=False)
        retention.began(tx, case.reference, visit.office.programme.warn_days)
        audit.note(tx, visit.now, visit.member.id, "ended the hold", case.reference)
        if erasing.wished(tx, case.reference):
            gone.append(case.reference)
            _erase(tx, visit, case, "person")

    answer = _with_reason(visit, "release", "released", unit)
    return _erased(visit) if gone else answer


def _with_reason(visit: Visit, at: str, said: str, unit: Callable[[Tx, Case], None]) -> Response:
    reason, reference = visit.text("reason"), visit.path("reference")
    if not 0 < len(reason) <= LONGEST:
        problem = f"A reason has 1 to {LONGEST} characters; this one has {len(reason)}. Nothing was done."
        return page(visit, 422, problem=problem, reason=reason, at=at)
    visit.form_id()
    work_on(visit, unit)
    return go(f"/cases/{reference}?said={said}")


def _say(tx: Tx, visit: Visit, case: Case, said: str) -> None:
    plain = f"{said}{visit.text('reason')}".encode()
    cases.add(tx, case, "hold", visit.member.id, plain, visit.now, visit.form_id())


def reopen(visit: Visit) -> Response:
    """POST /cases/{reference}/reopen."""

    def unit(tx: Tx, case: Case) -> None:
        by = visit.now + _answer_days(tx, visit, case) * DAY
        if not cases.reopen(tx, case.reference, by, visit.now):
            return
        plans.reviewed(tx, case.reference, visit.now)
        audit.note(tx, visit.now, visit.member.id, "reopened", case.reference)
        if case.address:
            on = datetime.fromtimestamp(by, ZoneInfo(visit.office.programme.timezone)).date()
            sent, key = words.to_json(notices.reopened(case.reference, on)), f"reopened/{case.reference}/{visit.now}"
            letters.post(tx, key, case.address, sent, Lane.REPLY, keys.bot(tx), visit.now)

    work_on(visit, unit)
    return go(f"/cases/{visit.path('reference')}?said=reopened")


def _answer_days(tx: Tx, visit: Visit, case: Case) -> int:
    opened = visit.ring.case(tx, case)
    if opened is None:
        raise NotHere
    return visit.office.programme.category(json.loads(opened.head())["category"]).answer_days


# --- erasing ----------------------------------------------------------------------------------------------------------


def ask(visit: Visit) -> Response:
    """POST /cases/{reference}/erasure."""

    def unit(tx: Tx, case: Case) -> None:
        if erasing.ask(tx, case.reference, case.key, visit.text("reason"), visit.member.id, visit.now):
            audit.note(tx, visit.now, visit.member.id, "asked to erase", case.reference)

    try:
        return _with_reason(visit, "erase", "erasing", unit)
    except OnHold:
        raise Refused(HELD) from None


def approve(visit: Visit) -> Response:
    """POST /cases/{reference}/erasure/approve."""

    def unit(tx: Tx, case: Case) -> bool:
        if not erasing.may_approve(tx, case.reference, visit.member.id):
            return False
        _erase(tx, visit, case, "staff")
        return True

    try:
        done = work_on(visit, unit)
    except SamePerson:
        raise Refused(ANOTHER) from None
    except OnHold:
        raise Refused(HELD) from None
    return _erased(visit) if done else go(f"/cases/{visit.path('reference')}?said=kept")


def refuse(visit: Visit) -> Response:
    """POST /cases/{reference}/erasure/refuse."""

    def unit(tx: Tx, case: Case) -> None:
        if erasing.withdraw(tx, case.reference):
            audit.note(tx, visit.now, visit.member.id, "did not let it be erased", case.reference)

    work_on(visit, unit)
    return go(f"/cases/{visit.path('reference')}?said=kept")


def _erase(tx: Tx, visit: Visit, case: Case, why: tombstones.Why) -> None:
    audit.note(tx, visit.now, visit.member.id, "erased", case.reference)
    erasing.erase_and_tell(tx, case, why, visit.now)


def _erased(visit: Visit) -> Response:
    """The scheduler truncates the log where it cannot be done now."""
    with suppress(StoreUnavailable):
        erasing.let_go(visit.office.store)
    return go("/?said=erased")

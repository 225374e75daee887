"""What can be done for somebody's safety, by whom and for how long; the person reads what was planned (R08, R17)."""

from __future__ import annotations

import json

from starlette.responses import Response

from actions import passing
from actions.words import Letter
from console import promises, telling, times
from console.case import LONGEST, category_of, page, work_on
from console.visit import Refused, Visit, go
from store import audit, cases, plans
from store.cases import Case
from store.db import Tx

NOT_REALISTIC = "Tick that it is realistic, or write down less. People count on what is planned. Nothing was kept."
_NO_THREAT = "There is a plan only for somebody who is threatened. Nothing was kept."
_CLOSED = "This case is closed. Reopen it first. Nothing was kept."
_WHO_LONGEST = 200
_FIELDS = ("measure", "who", "from", "until", "review")


def add(visit: Visit) -> Response:
    """POST /cases/{reference}/plan."""
    reference, id_ = visit.path("reference"), visit.form_id()
    typed = {each: visit.text(each) for each in _FIELDS}
    if problem := _unfit(visit, typed):
        return page(visit, 422, problem=problem, at="plan", typed=typed)

    def unit(tx: Tx, case: Case) -> None:
        if category_of(tx, visit, case).path != "threat":
            raise Refused(_NO_THREAT)
        if case.state == "closed":
            raise Refused(_CLOSED)
        _keep(tx, visit, case, typed, id_)

    work_on(visit, unit)
    return go(f"/cases/{reference}?said=planned#plan")


def _unfit(visit: Visit, typed: dict[str, str]) -> str:
    begins, until, review = (times.typed(typed[each]) for each in ("from", "until", "review"))
    today = times.date_of(visit.now, visit.office.programme.timezone)
    if not 0 < len(typed["measure"]) <= LONGEST or not 0 < len(typed["who"]) <= _WHO_LONGEST:
        return "Write down what is done, and who does it. Nothing was kept."
    if begins is None or until is None or review is None or not (begins <= until and today < until):
        return (
            "Choose from when to when, and a day on which we look at it again; it ends after today. Nothing was kept."
        )
    if not today <= review <= until:
        return "The day on which we look at it again lies before its end. Nothing was kept."
    if not visit.form.get("realistic"):
        return NOT_REALISTIC
    found = promises.found(f"{typed['measure']} {typed['who']}")
    return f"This reads like a promise: “{found[0]}”. Say what is done. Nothing was kept." if found else ""


def _keep(tx: Tx, visit: Visit, case: Case, typed: dict[str, str], id_: str) -> None:
    ref, until = case.reference, times.typed(typed["until"])
    if until is None or not plans.add(tx, id_, ref, times.evening(until, visit.office.programme.timezone), visit.now):
        return
    cases.add(tx, case, plans.ENTRY, visit.member.id, json.dumps(typed).encode(), visit.now, id_)
    # Words of staff and days only, so that it reads alike in every language.
    words = f"{typed['measure']}\n{typed['who']}\n{typed['from']} \u2013 {typed['until']}"
    telling.leave(tx, visit, case, words)
    telling.send(tx, visit, case, Letter((passing.PLAN, words, passing.PLAN_LIMITS)), f"plan/{ref}/{id_}")
    audit.note(tx, visit.now, visit.member.id, "planned a measure", ref)


def reviewed(visit: Visit) -> Response:
    """POST /cases/{reference}/plan/reviewed."""

    def unit(tx: Tx, case: Case) -> None:
        plans.reviewed(tx, case.reference, visit.now)
        audit.note(tx, visit.now, visit.member.id, "looked at the plan", case.reference)

    work_on(visit, unit)
    return go(f"/cases/{visit.path('reference')}?said=reviewed#plan")

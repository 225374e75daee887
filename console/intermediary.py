"""Whoever told us for somebody else: they hear that we have followed up and no more, or it is noted why not (R20)."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from actions import passing
from actions.words import Letter
from console import telling
from console.around import BETWEEN
from console.case import LONGEST, page, report_of, work_on
from console.visit import Visit, go
from store import audit, cases, tallies
from store.cases import Case
from store.db import Tx

_REASON = f"Write down why they are not told, in 1 to {LONGEST} characters. Nothing was done."
NOT_AGREED = "The person it is about has not agreed that anybody hears of it. Write down why they are not told instead."


def settle(visit: Visit) -> Response:
    """POST /cases/{reference}/intermediary."""
    reference, id_, why, tells = visit.path("reference"), visit.form_id(), visit.text("why_not"), _tells(visit)
    if not tells and not 0 < len(why) <= LONGEST:
        return page(visit, 422, problem=_REASON, at="intermediary", typed={"why_not": why})
    report = report_of(visit)
    if tells and not (report and (report.party, report.agreed) == ("other", "yes")):
        return page(visit, 409, problem=NOT_AGREED, at="intermediary")

    def unit(tx: Tx, case: Case) -> None:
        if cases.entries_of(tx, reference, [BETWEEN]):
            return
        _note(tx, visit, case, {"told": True} if tells else {"told": False, "why": why}, id_)
        if tells:
            telling.tell(tx, visit, case, Letter((passing.FOLLOWED_UP,)), f"between/{reference}/{id_}")

    work_on(visit, unit)
    return go(f"/cases/{reference}?said={'informed' if tells else 'waived'}")


def _tells(visit: Visit) -> bool:
    return visit.text("what") == "tell"


def _note(tx: Tx, visit: Visit, case: Case, told: dict[str, Any], id_: str) -> None:
    cases.add(tx, case, BETWEEN, visit.member.id, json.dumps(told).encode(), visit.now, id_)
    act = "told whoever reported for somebody" if told["told"] else "did not tell whoever reported for somebody"
    audit.note(tx, visit.now, visit.member.id, act, case.reference)
    tallies.count(tx, "intermediary", "informed" if told["told"] else "waived", visit.now)

"""Correcting what a case is about: its head is locked anew, and which was taken for which is counted without a word."""

from __future__ import annotations

from starlette.responses import Response

from console.case import page, work_on
from console.reports import head
from console.visit import Refused, Visit, go
from store import audit, tallies
from store.cases import Case
from store.db import Tx

_WHICH = "Choose another category. Nothing was changed."
NO_KEY = "Your key does not open this case any more. Open the page again."


def correct(visit: Visit) -> Response:
    """POST /cases/{reference}/category."""
    visit.form_id()
    wanted = visit.text("category")
    if wanted not in {each.key for each in (*visit.office.programme.categories, visit.office.programme.human)}:
        return page(visit, 422, problem=_WHICH, at="category")
    work_on(visit, lambda tx, case: recategorise(tx, visit, case, wanted))
    return go(f"/cases/{visit.path('reference')}?said=corrected")


def recategorise(tx: Tx, visit: Visit, case: Case, wanted: str) -> None:
    """Lock another category into the head; the same one again changes nothing."""
    opened = visit.ring.case(tx, case)
    if opened is None:
        raise Refused(NO_KEY)
    understood = head(opened.head(), visit.office.programme).understood
    before = opened.recategorise(tx, wanted, visit.office.programme.category(wanted).keep_days)
    if before != wanted:
        audit.note(tx, visit.now, visit.member.id, "corrected the category", case.reference)
        tallies.count(tx, "corrected", f"{before}>{wanted}", visit.now)
        if understood:
            tallies.count(tx, "misunderstood", f"{understood}>{wanted}", visit.now)

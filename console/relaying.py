"""Handing one passage of a case to an interpreter, who sees nothing else of it, and taking it back (R61)."""

from __future__ import annotations

from starlette.responses import Response

from console import rotation
from console.case import LONGEST, page, report_of, work_on
from console.interpreting import offered
from console.reports import Report
from console.visit import Refused, Visit, go
from store import audit, cases, erasing, relays
from store.cases import Case
from store.db import Tx
from store.sealing import Recipient
from store.staff import Member, by_id

CLOSED = "This case is closed. Reopen it first. Nobody was asked."
DAMAGED = "The report was changed or damaged, so nobody knows its language. Nobody was asked."
_WHO = "Choose who shall interpret it. Nobody was asked."


class _NotOffered(Exception):
    """Whoever was chosen cannot interpret this case."""


def ask(visit: Visit) -> Response:
    """POST /cases/{reference}/relays."""
    reference, text, id_ = visit.path("reference"), visit.text("passage"), visit.form_id()
    typed = {"passage": text, "to": visit.text("to")}
    if not 0 < len(text) <= LONGEST:
        said = f"A passage has 1 to {LONGEST} characters; this one has {len(text)}. Nobody was asked."
        return page(visit, 422, problem=said, at="relay", typed=typed)
    report = report_of(visit)
    if report is None:
        raise Refused(DAMAGED)
    try:
        work_on(visit, lambda tx, case: _ask(tx, visit, case, report, id_))
    except _NotOffered:
        return page(visit, 422, problem=_WHO, at="relay", typed=typed)
    return go(f"/cases/{reference}?said=relayed")


def _ask(tx: Tx, visit: Visit, case: Case, report: Report, id_: str) -> None:
    """Ask once, however often the form is sent."""
    if relays.get(tx, id_) or cases.entry(tx, case.reference, relays.entry_of(id_)):
        return
    if case.state == "closed":
        raise Refused(CLOSED)
    to, me, passage = _chosen(tx, visit, case, report), visit.member.id, visit.text("passage")
    relays.ask(tx, id_, case.reference, to.id, Recipient(to.public), passage, me, report.code, visit.now)
    audit.note(tx, visit.now, me, "handed a passage to an interpreter", f"{case.reference}/{id_}")


def _chosen(tx: Tx, visit: Visit, case: Case, report: Report) -> Member:
    fit = {each.id for each in offered(tx, visit, case, report)}
    # Held: nobody gets another key or leaves between the sealing for them and the keeping.
    member = by_id(tx, visit.text("to"), hold=True) if visit.text("to") in fit else None
    if member is None:
        raise _NotOffered
    return member


def take_back(visit: Visit) -> Response:
    """POST /cases/{reference}/relays/{id}/back."""
    reference, id_ = visit.path("reference"), visit.path("id")

    def unit(tx: Tx, case: Case) -> None:
        relay = relays.get(tx, id_)
        if relay and relay.case == case.reference and relays.drop(tx, id_):
            erasing.owe(tx)
            audit.note(tx, visit.now, visit.member.id, "took a passage back from an interpreter", f"{reference}/{id_}")

    work_on(visit, unit)
    rotation.let_go(visit.office.store)
    return go(f"/cases/{reference}?said=taken_back")

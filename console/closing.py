"""Notes among staff, and closing a case: with an answer to the person, or with the reason why there is none."""

from __future__ import annotations

from starlette.responses import Response

from actions import words
from actions.words import N_, Letter
from console.case import LONGEST, page, work_on
from console.visit import Visit, go
from store import audit, cases, keys, letters, retention
from store.cases import Case, Unanswered
from store.db import Tx
from store.letters import Lane

_GOODBYE = Letter((N_("This conversation is closed. You can write to us again at any time."),))
UNANSWERED = "Nobody has answered this person yet. Answer first, or write down why there is no answer."


def note(visit: Visit) -> Response:
    """POST /cases/{reference}/note."""
    reference, text, id_ = visit.path("reference"), visit.text("note"), visit.form_id()
    if not 0 < len(text) <= LONGEST:
        said = f"A note has 1 to {LONGEST} characters; this one has {len(text)}. Nothing was kept."
        return page(visit, 422, problem=said, note=text, at="note")

    def keep(tx: Tx, case: Case) -> None:
        if cases.entry(tx, reference, id_) is None:
            cases.add(tx, case, "note", visit.member.id, text.encode(), visit.now, id_)
            audit.note(tx, visit.now, visit.member.id, "noted", reference)

    work_on(visit, keep)
    return go(f"/cases/{reference}?said=noted")


def close(visit: Visit) -> Response:
    """POST /cases/{reference}/close."""
    reference, reason, id_ = visit.path("reference"), visit.text("reason")[:LONGEST], visit.form_id()

    def shut(tx: Tx, case: Case) -> None:
        if case.state != "closed":
            _shut(tx, visit, case, reason, id_)

    try:
        work_on(visit, shut)
    except Unanswered:
        return page(visit, 409, problem=UNANSWERED, at="close")
    return go(f"/cases/{reference}?said=closed")


def _shut(tx: Tx, visit: Visit, case: Case, reason: str, id_: str) -> None:
    ref, me = case.reference, visit.member.id
    if reason:
        cases.add(tx, case, "outcome", me, reason.encode(), visit.now, id_)
    cases.close(tx, ref, visit.now, reason=bool(reason))
    retention.began(tx, ref, visit.office.programme.warn_days)
    if case.address:
        sent = words.to_json(_GOODBYE)
        letters.post(tx, f"closed/{ref}/{visit.now}", case.address, sent, Lane.REPLY, keys.bot(tx), visit.now)
    audit.note(tx, visit.now, me, "closed", ref)

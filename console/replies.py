"""Answering a person: sealed for the desk and for them, and a letter on its way when they can be reached."""

from __future__ import annotations

from starlette.responses import Response

from actions import words
from actions.words import N_, Letter
from console import promises
from console.case import LONGEST, page, work_on
from console.visit import Refused, Visit, go
from store import audit, cases, keys, letters
from store.cases import Case
from store.db import Tx
from store.letters import Lane
from store.sealing import Recipient

CLOSED = "This case is closed, so nothing was sent."
_HEADER = N_("An answer from our staff:")
_REASON_LONGEST = 1000


def reply(visit: Visit) -> Response:
    """POST /cases/{reference}/reply."""
    reference, text, id_ = visit.path("reference"), visit.text("text"), visit.form_id()
    reason = visit.text("promise_reason")[:_REASON_LONGEST] if visit.form.get("promise_ok") else ""
    if not 0 < len(text) <= LONGEST:
        said = f"An answer has 1 to {LONGEST} characters; this one has {len(text)}. Nothing was sent."
        return page(visit, 422, problem=said, text=text, form_id=id_, at="reply")
    if (found := promises.found(text)) and not reason:
        return page(visit, 422, promises=found, text=text, form_id=id_, at="reply")
    reached = work_on(visit, lambda tx, case: _send(tx, visit, case, text, id_, reason if found else ""))
    return go(f"/cases/{reference}?said={'answered' if reached else 'left'}")


def _send(tx: Tx, visit: Visit, case: Case, text: str, id_: str, reason: str) -> bool:
    """Answer once, however often the form is sent; whether a letter goes out."""
    if cases.entry(tx, case.reference, id_) is None:
        if case.state == "closed":
            raise Refused(CLOSED)
        _keep(tx, visit, case, text, id_)
        if reason:
            _excuse(tx, visit, case, reason)
    return case.address is not None


def _keep(tx: Tx, visit: Visit, case: Case, text: str, id_: str) -> None:
    cases.add(tx, case, "answer", visit.member.id, text.encode(), visit.now, id_, [Recipient(case.reporter)])
    if case.address:
        letter = Letter((text,) if case.human else (_HEADER, text))
        sent = words.to_json(letter)
        letters.post(tx, letters.reply_key(id_), case.address, sent, Lane.REPLY, keys.bot(tx), visit.now)
    cases.answered(tx, case.reference, visit.now)
    audit.note(tx, visit.now, visit.member.id, "answered", case.reference)


def _excuse(tx: Tx, visit: Visit, case: Case, reason: str) -> None:
    said = f"Sent although it looked like a promise, because: {reason}".encode()
    cases.add(tx, case, "note", visit.member.id, said, visit.now)
    audit.note(tx, visit.now, visit.member.id, "overrode the promise check", case.reference)

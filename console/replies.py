"""Answering a person, and asking them: sealed for the desk and for them, and a letter when they can be reached."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from actions import passing, words
from actions.words import N_, Letter, Wording
from console import promises
from console.case import LONGEST, category_of, page, work_on
from console.visit import Refused, Visit, go
from store import audit, cases, keys, letters
from store.cases import Case
from store.db import Tx
from store.letters import Lane
from store.sealing import Recipient

CLOSED = "This case is closed, so nothing was sent."
CHILD = "Do not question the child. Ask for a trusted adult or the child protection organisation. Nothing was sent."
_HEADER = N_("An answer from our staff:")
_REASON_LONGEST = 1000
_DONE = 303


def reply(visit: Visit) -> Response:
    """POST /cases/{reference}/reply."""
    answered = _sent(visit, "reply", answer, lambda reached: "answered" if reached else "left")
    # Questions that are like it can be answered with it (R22).
    if answered.status_code == _DONE and _is_question(visit):
        said = answered.headers["location"].partition("?")[2]
        return go(f"/cases/{visit.path('reference')}/alike?{said}")
    return answered


def _is_question(visit: Visit) -> bool:
    try:
        return work_on(visit, lambda tx, case: category_of(tx, visit, case)).path == "question"
    except Refused:
        return False


def ask(visit: Visit) -> Response:
    """POST /cases/{reference}/question: it answers nothing, so no clock stops (R23, R27)."""
    return _sent(visit, "question", _question, lambda reached: "question" if reached else "question_left")


def _sent(
    visit: Visit, at: str, keep: Callable[[Tx, Visit, Case, str, str], None], said: Callable[[bool], str]
) -> Response:
    text, id_ = visit.text("text"), visit.form_id()
    reason = visit.text("promise_reason")[:_REASON_LONGEST] if visit.form.get("promise_ok") else ""
    if not 0 < len(text) <= LONGEST:
        what = "An answer" if at == "reply" else "A question"
        problem = f"{what} has 1 to {LONGEST} characters; this one has {len(text)}. Nothing was sent."
        return page(visit, 422, problem=problem, text=text, form_id=id_, at=at)
    if (found := promises.found(text)) and not reason:
        return page(visit, 422, promises=found, text=text, form_id=id_, at=at)

    def unit(tx: Tx, case: Case) -> bool:
        """Send once, however often the form is sent; whether a letter goes out."""
        if cases.entry(tx, case.reference, id_) is None:
            if case.state == "closed":
                raise Refused(CLOSED)
            keep(tx, visit, case, text, id_)
            if found:
                excuse(tx, visit, case, reason)
        return case.address is not None

    reached = work_on(visit, unit)
    return go(f"/cases/{visit.path('reference')}?said={said(reached)}")


def answer(tx: Tx, visit: Visit, case: Case, text: str, id_: str) -> None:
    """Answer one case."""
    _keep(tx, visit, case, "answer", text, id_, _HEADER)
    cases.answered(tx, case.reference, visit.now)
    audit.note(tx, visit.now, visit.member.id, "answered", case.reference)


def _question(tx: Tx, visit: Visit, case: Case, text: str, id_: str) -> None:
    if category_of(tx, visit, case).path == "child":
        raise Refused(CHILD)
    _keep(tx, visit, case, "question", text, id_, passing.QUESTION)
    audit.note(tx, visit.now, visit.member.id, "asked the person", case.reference)


def _keep(tx: Tx, visit: Visit, case: Case, kind: str, text: str, id_: str, header: Wording) -> None:
    cases.add(tx, case, kind, visit.member.id, text.encode(), visit.now, id_, [Recipient(case.reporter)])
    if case.address:
        sent = words.to_json(Letter((text,) if case.human else (header, text)))
        letters.post(tx, letters.reply_key(id_), case.address, sent, Lane.REPLY, keys.bot(tx), visit.now)


def excuse(tx: Tx, visit: Visit, case: Case, reason: str) -> None:
    """Keep the reason why words went out that looked like a promise."""
    said = f"Sent although it looked like a promise, because: {reason}".encode()
    cases.add(tx, case, "note", visit.member.id, said, visit.now)
    audit.note(tx, visit.now, visit.member.id, "overrode the promise check", case.reference)

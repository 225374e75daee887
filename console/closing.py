"""Notes among staff, and closing a case: answered or with a reason, and nobody forgotten who is to hear of it."""

from __future__ import annotations

import json

from starlette.responses import Response

from actions import notices, words
from console.around import BETWEEN, RESOLUTION
from console.case import LONGEST, page, report_of, work_on
from console.visit import Visit, go
from store import audit, cases, erasing, keys, letters, referrals, relays, retention
from store.cases import Case, Unanswered
from store.db import Tx
from store.letters import Lane

UNANSWERED = "Nobody has answered this person yet. Answer first, or write down why there is no answer."
UNTOLD = (
    "Somebody told us this for another person and has not heard that we followed up. Tell them, or write down why not."
)
AWAITED = "The case was passed on and something is still awaited. Note first how it ended there."


class Missing(Exception):
    """The case cannot be closed yet; the sentence says what is missing."""


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
    reason, action = visit.text("reason")[:LONGEST], visit.text("done")[:LONGEST]
    visit.form_id()
    report = report_of(visit)
    proxy = report is not None and report.party == "other"

    def shut(tx: Tx, case: Case) -> None:
        if case.state != "closed":
            _complete(tx, case, proxy=proxy)
            _shut(tx, visit, case, reason, action)

    try:
        work_on(visit, shut)
    except (Missing, Unanswered) as missing:
        problem = UNANSWERED if isinstance(missing, Unanswered) else str(missing)
        return page(visit, 409, problem=problem, reason=reason, at="close", typed={"done": action})
    return go(f"/cases/{visit.path('reference')}?said=closed")


def _complete(tx: Tx, case: Case, *, proxy: bool) -> None:
    if proxy and not cases.entries_of(tx, case.reference, [BETWEEN]):
        raise Missing(UNTOLD)
    if referrals.of(tx, case.reference):
        raise Missing(AWAITED)


def _shut(tx: Tx, visit: Visit, case: Case, reason: str, action: str) -> None:
    ref, me = case.reference, visit.member.id
    if reason or action:
        end = json.dumps({"text": reason, "action": action}).encode()
        cases.add(tx, case, RESOLUTION, me, end, visit.now, visit.form_id())
    if relays.of_case(tx, ref):
        erasing.owe(tx)
    cases.close(tx, ref, visit.now, reason=bool(reason))
    retention.began(tx, ref, visit.office.programme.warn_days)
    if case.address:
        sent = words.to_json(notices.closed(ref))
        letters.post(tx, f"closed/{ref}/{visit.now}", case.address, sent, Lane.REPLY, keys.bot(tx), visit.now)
    audit.note(tx, visit.now, me, "closed", ref)

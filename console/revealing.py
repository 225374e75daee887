"""Asking to see who somebody is, allowing it, refusing it; and telling the person that it was allowed."""

from __future__ import annotations

from starlette.responses import Response

from actions import notices, words
from console.beside import KINDS, sensitive
from console.case import LONGEST, page, work_on
from console.times import HOUR
from console.visit import NotHere, Refused, Visit, go
from store import audit, cases, keys, letters, reveals
from store.cases import Case
from store.db import Tx
from store.erasing import SamePerson
from store.letters import Lane
from store.reveals import Reveal
from store.sealing import Recipient

HOURS = 12
ANOTHER = "Somebody else of this desk must allow it; whoever asked cannot. Nothing was done."
_TOLD = "A member of our staff has looked at who sent this message, and wrote down why. You can ask us about it."
_ASKED = {"identity": "asked to see who sent it", "voice": "asked to hear a voice message"}


def ask(visit: Visit) -> Response:
    """POST /cases/{reference}/reveals."""
    reference, reason, id_ = visit.path("reference"), visit.text("reason"), visit.form_id()
    if not 0 < len(reason) <= LONGEST:
        said = f"A reason has 1 to {LONGEST} characters; this one has {len(reason)}. Nothing was asked."
        return page(visit, 422, problem=said, at=f"reveal-{visit.form.get('entry', '')}")
    open_now = work_on(visit, lambda tx, case: _ask(tx, visit, case, reason, id_))
    return go(f"/cases/{reference}?said={'revealed' if open_now else 'asked'}#beside")


def _ask(tx: Tx, visit: Visit, case: Case, reason: str, id_: str) -> bool:
    """Ask once, however often the form is sent; whether it may be seen at once."""
    entry, me = cases.entry(tx, case.reference, visit.form.get("entry", "")), visit.member.id
    if entry is None or entry.kind not in KINDS:
        raise NotHere
    mine = [each for each in reveals.of_case(tx, case.reference) if (each.entry, each.asked_by) == (entry.id, me)]
    if any(each.waits or each.open_at(visit.now) for each in mine):
        return not sensitive(visit, case)
    if reveals.ask(tx, id_, case, entry.id, reason, me, visit.now):
        audit.note(tx, visit.now, me, _ASKED[entry.kind], f"{case.reference}/{entry.id}")
        if not sensitive(visit, case):
            _allow(tx, visit, case, _wish(tx, case, id_), alone=True)
    return not sensitive(visit, case)


def allow(visit: Visit) -> Response:
    """POST /cases/{reference}/reveals/{id}/allow."""

    def unit(tx: Tx, case: Case) -> None:
        _allow(tx, visit, case, _wish(tx, case, visit.path("id")), alone=False)

    try:
        work_on(visit, unit)
    except SamePerson:
        raise Refused(ANOTHER) from None
    return go(f"/cases/{visit.path('reference')}?said=allowed#beside")


def refuse(visit: Visit) -> Response:
    """POST /cases/{reference}/reveals/{id}/refuse."""

    def unit(tx: Tx, case: Case) -> None:
        wish, me = _wish(tx, case, visit.path("id")), visit.member.id
        if reveals.refuse(tx, wish.id, me):
            act = "took back a wish to see" if wish.asked_by == me else "refused a wish to see"
            audit.note(tx, visit.now, me, act, f"{case.reference}/{wish.entry}")

    work_on(visit, unit)
    return go(f"/cases/{visit.path('reference')}?said=refused#beside")


def _wish(tx: Tx, case: Case, id_: str) -> Reveal:
    found = next((each for each in reveals.of_case(tx, case.reference) if each.id == id_), None)
    if found is None:
        raise NotHere
    return found


def _allow(tx: Tx, visit: Visit, case: Case, wish: Reveal, *, alone: bool) -> None:
    if reveals.allow(tx, wish.id, visit.member.id, visit.now + HOURS * HOUR, alone=alone):
        audit.note(tx, visit.now, visit.member.id, "allowed a wish to see", f"{case.reference}/{wish.entry}")
        _tell(tx, visit, case, wish)


def _tell(tx: Tx, visit: Visit, case: Case, wish: Reveal) -> None:
    """The person hears of it, once: by a letter, or with the code where nothing else leads to them."""
    if case.address:
        sent, key = words.to_json(notices.revealed(case.reference)), f"revealed/{case.reference}/{wish.id}"
        letters.post(tx, key, case.address, sent, Lane.REPLY, keys.bot(tx), visit.now)
    else:
        also = [Recipient(case.reporter)]
        cases.add(tx, case, "notice", visit.member.id, _TOLD.encode(), visit.now, wish.id, also)

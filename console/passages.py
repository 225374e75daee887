"""What waits for a member as an interpreter: a promise first, then one passage, and what they write of it (R61)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from console import damaged, reports, rotation
from console.case import LONGEST
from console.visit import Refused, Visit, go
from store import audit, cases, erasing, relays, staff
from store.db import Tx
from store.places import Unopenable
from store.relays import Relay

NO_PROMISE = "Tick that you tell nobody what you read here, or decline. The passage was not shown."
NOT_PROMISED = "Tick first that you tell nobody what you read here. Nothing was kept."
GONE = "This passage does not wait for you any more: it was taken back, or nobody needs it now. Nothing was kept."
_SAID = {
    "promised": "Here is the passage.",
    "kept": "Thank you. Whoever asked you can read it now, and the passage is gone from here.",
    "declined": "You have declined. The passage is gone from here.",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as its interpreter sees it: the words once they have promised, and never of which case it is."""

    id: str
    language: str
    who: str
    at: int
    promised: bool
    words: str | None = field(repr=False)


def show(visit: Visit) -> Response:
    """GET /interpreting."""
    return _page(visit, said=_SAID.get(visit.asked("said"), ""))


def promise(visit: Visit) -> Response:
    """POST /interpreting/{id}/promise."""
    if not visit.form.get("promise"):
        return _page(visit, 422, problem=NO_PROMISE, at=visit.path("id"))

    def keep(tx: Tx) -> None:
        relay = _mine(tx, visit)
        if relays.promise(tx, relay.id):
            _note(tx, visit, relay, "promised to tell nobody what they interpret")

    visit.office.store.do(keep)
    return go("/interpreting?said=promised")


def interpret(visit: Visit) -> Response:
    """POST /interpreting/{id}."""
    text, id_ = visit.text("text"), visit.path("id")
    if not 0 < len(text) <= LONGEST:
        said = f"An interpretation has 1 to {LONGEST} characters; this one has {len(text)}. Nothing was kept."
        return _page(visit, 422, problem=said, at=id_, text=text)
    visit.office.store.do(lambda tx: _keep(tx, visit, text))
    rotation.let_go(visit.office.store)
    return go("/interpreting?said=kept")


def _keep(tx: Tx, visit: Visit, text: str) -> None:
    """Keep it once, however often the form is sent."""
    if relays.interpreted(tx, visit.path("id"), visit.member.id):
        return
    relay = _mine(tx, visit)
    if not relay.promised:
        raise Refused(NOT_PROMISED)
    case = cases.get(tx, relay.case, hold=True)
    if case is None or not relays.drop(tx, relay.id):
        raise Refused(GONE)
    cases.add(tx, case, relays.ENTRY, visit.member.id, text.encode(), visit.now, relay.entry)
    erasing.owe(tx)
    _note(tx, visit, relay, "interpreted a passage")


def decline(visit: Visit) -> Response:
    """POST /interpreting/{id}/decline."""

    def keep(tx: Tx) -> None:
        relay = relays.get(tx, visit.path("id"))
        if relay and relay.to == visit.member.id and relays.drop(tx, relay.id):
            erasing.owe(tx)
            _note(tx, visit, relay, "declined to interpret a passage")

    visit.office.store.do(keep)
    rotation.let_go(visit.office.store)
    return go("/interpreting?said=declined")


def _mine(tx: Tx, visit: Visit) -> Relay:
    """The passage in the address, if it waits for this member."""
    relay = relays.get(tx, visit.path("id"))
    if relay is None or relay.to != visit.member.id:
        raise Refused(GONE)
    return relay


def _note(tx: Tx, visit: Visit, relay: Relay, act: str) -> None:
    audit.note(tx, visit.now, visit.member.id, act, f"{relay.case}/{relay.id}")


def _page(visit: Visit, status: int = 200, **values: Any) -> Response:
    def look(tx: Tx) -> tuple[list[Relay], dict[str, str]]:
        mine = relays.waiting(tx, visit.member.id)
        for each in mine:
            if each.promised:
                _note(tx, visit, each, "looked at a passage to interpret")
        return mine, {each.id: each.name for each in staff.every(tx)}

    every, names = visit.office.store.do(look)
    passages = [_passage(visit, each, names) for each in every]
    spoiled = {each.id for each in passages if each.promised and each.words is None}
    broken = damaged.told(visit, [f"{each.case}/{each.id}" for each in every if each.id in spoiled])
    form = {"said": "", "problem": "", "at": "", "text": ""}
    return visit.page("interpreting.html", status, passages=passages, damaged=broken, longest=LONGEST,
                      **{**form, **values})  # fmt: skip


def _passage(visit: Visit, relay: Relay, names: Mapping[str, str]) -> Passage:
    words = _words(visit, relay) if relay.promised else ""
    language, who = reports.language(relay.language), names.get(relay.by, "Somebody")
    return Passage(relay.id, language, who, relay.at, relay.promised, words)


def _words(visit: Visit, relay: Relay) -> str | None:
    try:
        return visit.ring.own(relay.sealed, relay.place).decode()
    except Unopenable:
        return None

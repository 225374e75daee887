"""Announcements: one member writes, another reads it over and lets it go out, the bot sends it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from console import answering, damaged, promises, reports
from console.answering import DESK
from console.visit import Refused, Visit, go
from store import announcements, audit, keys, staff
from store import consultations as kept
from store.announcements import Announcement, Audience, SamePerson
from store.db import Tx
from store.places import Unopenable

LONGEST = 3500
NOT_GENERAL = "Announcements belong to the general desk, and you are not one of its members."
SAME_PERSON = "You wrote this announcement, so somebody else has to approve it."
_GONE = "This announcement is no draft any more: a colleague has approved it or thrown it away."
# Whom one is for; nobody's sex is guessed (R56).
AUDIENCES: dict[str, Audience] = {"all": "all", "women": "women"}
_SAID = {
    "written": "The announcement is kept. It goes out when a colleague has approved it.",
    "approved": "The announcement is approved and goes out now.",
    "suggested": "It is written down. Close the consultation when every suggestion has its answer.",
    "closed": "The consultation is closed. Its answer goes out when a colleague has approved it.",
    "discarded": "The announcement was thrown away.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An announcement, opened: its text in each language; none when it was changed or damaged."""

    id: str
    state: str
    texts: tuple[tuple[str, str, str], ...]
    by: str
    mine: bool
    written: int
    approved_by: str
    posted: int
    audience: Audience


def show(visit: Visit) -> Response:
    """GET /announcements."""
    return _page(visit, said=_SAID.get(visit.asked("said"), ""))


def write(visit: Visit) -> Response:
    """POST /announcements."""
    general(visit)
    texts = {code: visit.text(f"text-{code}") for code in visit.office.programme.languages}
    id_, audience = visit.form_id(), AUDIENCES.get(visit.form.get("audience", "all"))
    if audience is None:
        raise Refused("Choose whom it is for. Nothing was kept.", 422)
    promised = [each for text in texts.values() for each in promises.found(text)]
    if problem := _problem(texts, [] if visit.form.get("promise_ok") else promised):
        return _page(visit, 422, problem=problem, texts=texts, promised=bool(promised), audience=audience)
    words = json.dumps({code: text for code, text in texts.items() if text}, ensure_ascii=False)

    def keep(tx: Tx) -> None:
        if announcements.get(tx, id_) is None:
            to = [keys.desk(tx, DESK), keys.bot(tx)]
            announcements.write(tx, id_, words, visit.member.id, to, visit.now, audience)
            audit.note(tx, visit.now, visit.member.id, "wrote an announcement", id_)
            if visit.form.get("consultation"):
                kept.begin(tx, id_)
                audit.note(tx, visit.now, visit.member.id, "began a consultation", id_)
            if promised:
                audit.note(tx, visit.now, visit.member.id, "overrode the promise check", id_)

    visit.office.store.do(keep)
    return go("/announcements?said=written")


def approve(visit: Visit) -> Response:
    """POST /announcements/{id}/approve."""
    id_ = general(visit).path("id")

    def let_go(tx: Tx) -> bool:
        done = announcements.approve(tx, id_, visit.member.id, visit.now)
        if done:
            audit.note(tx, visit.now, visit.member.id, "approved an announcement", id_)
        return done

    try:
        done = visit.office.store.do(let_go)
    except SamePerson:
        raise Refused(SAME_PERSON) from None
    return _after(done, "approved")


def discard(visit: Visit) -> Response:
    """POST /announcements/{id}/discard."""
    id_ = general(visit).path("id")

    def throw_away(tx: Tx) -> bool:
        done = announcements.discard(tx, id_)
        if done:
            kept.thrown_away(tx, id_)
            audit.note(tx, visit.now, visit.member.id, "threw an announcement away", id_)
        return done

    return _after(visit.office.store.do(throw_away), "discarded")


def _after(done: bool, said: str) -> Response:
    if not done:
        raise Refused(_GONE)
    return go(f"/announcements?said={said}")


def general(visit: Visit) -> Visit:
    """The visit of a member of the desk that announces, else `Refused`."""
    if DESK not in visit.ring.desks:
        raise Refused(NOT_GENERAL, 403)
    return visit


def _problem(texts: dict[str, str], promised: list[str]) -> str:
    if not texts.get("en"):
        return "The English text is needed: whoever has no translation reads it. Nothing was kept."
    if any(len(text) > LONGEST for text in texts.values()):
        return f"An announcement has at most {LONGEST} characters in each language. Nothing was kept."
    if promised:
        return f"This reads like a promise: “{'”, “'.join(promised)}”. Say what is known. Nothing was kept."
    return ""


def _page(visit: Visit, status: int = 200, **values: Any) -> Response:
    general(visit)

    def look(tx: Tx) -> tuple[list[Announcement], dict[str, str], tuple[int, int]]:
        audit.note(tx, visit.now, visit.member.id, "looked at announcements", "")
        names = {each.id: each.name for each in staff.every(tx)}
        return announcements.every(tx), names, (announcements.subscribed(tx), announcements.subscribed(tx, "women"))

    every, names, subscribers = visit.office.store.do(look)
    languages = [(code, reports.language(code)) for code in visit.office.programme.languages]
    form = {"said": "", "problem": "", "texts": {}, "promised": False, "audience": "all", **answering.shown(visit)}
    shown = [_shown(visit, each, names) for each in every]
    broken = damaged.told(visit, [each.id for each in shown if not each.texts])
    return visit.page("announcements.html", status, announcements=shown, damaged=broken, languages=languages,
                      longest=LONGEST, subscribers=subscribers, **{**form, **values})  # fmt: skip


def _shown(visit: Visit, each: Announcement, names: dict[str, str]) -> Shown:
    return Shown(
        each.id, each.state, _texts(visit, each), names.get(each.written_by, "Somebody"),
        each.written_by == visit.member.id, each.written, names.get(each.approved_by or "", ""), each.posted,
        each.audience,
    )  # fmt: skip


def _texts(visit: Visit, each: Announcement) -> tuple[tuple[str, str, str], ...]:
    try:
        words = visit.ring.open(DESK, each.sealed, announcements.place(each.id)).decode()
    except Unopenable:
        return ()
    return tuple((code, reports.language(code), text) for code, text in answering.opened(visit, words))

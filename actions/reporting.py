"""A report while it is being written: begun, kept, changed, dropped or sent."""

from __future__ import annotations

from dataclasses import replace

from actions import sentences as say
from actions.asking import again, ask, menu, onward, then
from actions.filing import send
from actions.flows import COMPLAINT
from actions.talk import DRAFT, DRAFT_KEPT_FOR, DropFiles, Due, Given, Say, Skipped, Talk, Told, Turn, Undue
from actions.words import Letter, Wording


def begin(talk: Talk, given: Given, *before: Wording) -> Turn:
    """Begin a report; one that was begun is offered first, and words held become the narrative."""
    if talk.began(COMPLAINT.key) and not talk.held:
        return ask(replace(talk, flow=COMPLAINT.key), "resume", given, *before)
    opening = () if talk.began(COMPLAINT.key) else COMPLAINT.opening
    return then(onward(with_held(talk), given, *before, *opening), due(given))


def with_held(talk: Talk) -> Talk:
    """Words that were held become the narrative, or its continuation."""
    if not talk.held:
        return talk
    what = talk.answer("complaint.what")
    words = f"{what.words}\n{talk.held}" if isinstance(what, Told) and what.words else talk.held
    return replace(talk.with_answer("complaint.what", Told(words)), held="")


def due(given: Given) -> Due:
    """When a draft is to be looked at again."""
    return Due(DRAFT, given.now + DRAFT_KEPT_FOR)


def short(talk: Talk) -> Talk:
    """Everything but the words and how far the person is known is left open by choice."""
    for key in ("category", "handler", "where", "when", "wish"):
        if talk.answer(f"complaint.{key}") is None:
            talk = talk.with_answer(f"complaint.{key}", Skipped())
    return talk


def draft(talk: Talk, option: str, given: Given) -> Turn:
    """What becomes of a report that was begun."""
    match option:
        case "erase":
            return then(menu(wiped(talk), given, say.DRAFT_ERASED), *erased(talk))
        case "again":
            return then(begin(wiped(talk), given), *erased(talk))
        case "keep":
            return replace(talk, flow="", asked="menu"), (Say(Letter((say.DRAFT_KEPT,))), due(given))
        case _:
            return onward(talk, given)


def wiped(talk: Talk) -> Talk:
    """The talk without its draft."""
    return replace(talk.without(COMPLAINT.key), files=(), flow="")


def erased(talk: Talk) -> tuple[DropFiles | Undue, ...]:
    """What goes with a draft that is erased."""
    return (*((DropFiles(talk.files),) if talk.files else ()), Undue(DRAFT))


def reviewed(talk: Talk, option: str, given: Given) -> Turn:
    """A choice under the review card."""
    match option:
        case "send":
            return send(talk, given)
        case "change":
            return ask(talk, "complaint.change", given)
        case "evidence" | "picture":
            return again(replace(talk, evidence=option == "evidence"), given)
        case _:
            return ask(talk, "stop", given)

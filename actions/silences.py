"""What happens when a time that a talk had noted for itself has come and nothing else happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from actions import consent, danger, prompts
from actions import sentences as say
from actions.asking import let_go
from actions.filing import report_of
from actions.reporting import erased, wiped, with_held
from actions.talk import (
    CODE,
    CODE_HOLDS_FOR,
    DRAFT,
    DRAFT_KEPT_FOR,
    REMINDED_AFTER,
    REMINDER,
    Due,
    FileCase,
    Given,
    Report,
    Say,
    Talk,
    Turn,
)
from actions.words import Letter


def silence(talk: Talk, name: str, given: Given) -> Turn:
    """Act on a silence, unless the person wrote since: then it begins again from there."""
    match name:
        case "draft":
            return _draft(talk, given)
        case "reminder":
            return _reminder(talk, given)
        case "code" if talk.case:
            return _code_forgotten(talk, given)
        case "danger":
            return danger.unanswered(talk, given)
        case _:
            return talk, ()


def _draft(talk: Talk, given: Given) -> Turn:
    """The time of a draft is over: it is erased, or passed on as it is where that was agreed to at the start."""
    if not (talk.has_draft or talk.held):
        return talk, ()
    over = datetime.fromtimestamp(talk.touched, UTC) + DRAFT_KEPT_FOR
    if over > given.now:
        return talk, (Due(DRAFT, over),)
    gone = replace(wiped(talk), asked="menu", wanted="")
    if talk.began(talk.draft) and consent.UNFINISHED.given(talk) and not danger.disclosed(talk):
        return gone, (FileCase(_unfinished(talk, given)), Say(Letter((say.DRAFT_PASSED_ON,))))
    return gone, (*erased(talk), Say(Letter((say.DRAFT_TOO_OLD,))))


def _unfinished(talk: Talk, given: Given) -> Report:
    """The draft as far as it was told."""
    return report_of(with_held(talk), given, partial=True)


def _reminder(talk: Talk, given: Given) -> Turn:
    """One neutral line, once, and only to whoever may be written to (R100)."""
    willing = talk.terms is not None and talk.terms.write != "no"
    if talk.reminded or not talk.began(talk.draft) or not willing:
        return talk, ()
    over = datetime.fromtimestamp(talk.touched, UTC) + REMINDED_AFTER
    if over > given.now:
        return talk, (Due(REMINDER, over),)
    return replace(talk, reminded=True), (Say(Letter((say.REMINDER,))),)


def _code_forgotten(talk: Talk, given: Given) -> Turn:
    """No way from this chat to the case stays behind; nothing is said, because somebody else may hold the phone."""
    over = datetime.fromtimestamp(talk.touched, UTC) + CODE_HOLDS_FOR
    if over > given.now:
        return talk, (Due(CODE, over),)
    asked = "status.code" if talk.asked in prompts.OF_A_CASE else talk.asked
    return let_go((replace(talk, asked=asked), ()))

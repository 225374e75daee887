"""A report while it is being written: begun, turned into another kind, kept, changed or dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from actions import consent
from actions import sentences as say
from actions.asking import ask, menu, onward, then
from actions.flows import FLOWS
from actions.programme import Path, Programme
from actions.talk import (
    DRAFT,
    DRAFT_KEPT_FOR,
    REMINDED_AFTER,
    REMINDER,
    DropFiles,
    Due,
    Effect,
    Given,
    Picked,
    Say,
    Talk,
    Told,
    Turn,
    Undue,
    Unsay,
)
from actions.words import Letter, Wording

_PATHS: dict[str, Path] = {each: each for each in get_args(Path)}


def begin(talk: Talk, flow: str, given: Given, *before: Wording, **preset: str) -> Turn:
    """Begin a report in a flow, some answers of it given; consent comes first, and a draft that is there already.

    Words held become the narrative.
    """
    wanted = "/".join((flow, *(f"{key}={value}" for key, value in preset.items())))
    if not consent.REPORT.given(talk):
        return ask(replace(talk, wanted=wanted), "consent", given, *before)
    if talk.began(talk.draft) and (not talk.held or talk.draft != flow):
        return ask(replace(talk, flow=talk.draft, wanted=wanted), "resume", given, *before)
    fresh = not talk.began(talk.draft)
    begun = turned(talk, flow, given.programme, **preset)
    opening = consent.filled(FLOWS[flow].opening, given.programme) if fresh else ()
    return then(onward(with_held(replace(begun, wanted="")), given, *before, *opening), *due(given))


def begin_wanted(talk: Talk, given: Given, *before: Wording) -> Turn:
    """Begin what waited for consent, or for what becomes of an older draft."""
    flow, *preset = (talk.wanted or "complaint").split("/")
    return begin(talk, flow, given, *before, **dict(each.split("=", 1) for each in preset))


def turned(talk: Talk, flow: str, programme: Programme, **preset: str) -> Talk:
    """The draft told in that flow, with the category that belongs to it unless it is still to be chosen."""
    told = talk.told_in(flow)
    if FLOWS[flow].has("category") and flow != "complaint" and "category" not in preset:
        chosen = programme.category(told.picked("category")) if told.picked("category") else None
        if chosen is None or chosen.path != flow:
            preset["category"] = programme.category_of(_PATHS[flow]).key
    for key, option in preset.items():
        told = told.with_answer(f"{flow}.{key}", Picked(option))
    return told


def turn_to(talk: Talk, flow: str, given: Given, *before: Wording, **preset: str) -> Turn:
    """Go on with the draft in another flow; nothing that was told is lost."""
    if not consent.REPORT.given(talk):
        return begin(talk, flow, given, *before, **preset)
    opening = consent.filled(FLOWS[flow].opening, given.programme)
    told = with_held(turned(talk, flow, given.programme, **preset))
    return then(onward(told, given, *before, *opening), *due(given))


def with_held(talk: Talk) -> Talk:
    """Words that were held become the narrative, or its continuation."""
    return replace(narrated(talk, talk.held), held="") if talk.held else talk


def narrated(talk: Talk, words: str) -> Talk:
    """The draft with more words to what happened."""
    what = talk.answer(f"{talk.draft}.what")
    so_far = what.words if isinstance(what, Told) else ""
    return talk.with_answer(f"{talk.draft}.what", Told("\n".join(each for each in (so_far, words) if each)))


def due(given: Given) -> tuple[Due, Due]:
    """When a draft is to be looked at again."""
    return Due(DRAFT, given.now + DRAFT_KEPT_FOR), Due(REMINDER, given.now + REMINDED_AFTER)


def draft(talk: Talk, option: str, given: Given) -> Turn:
    """What becomes of a report that was begun."""
    match option:
        case "erase":
            return then(menu(wiped(talk), given, say.DRAFT_ERASED), *erased(talk))
        case "again":
            afresh = replace(wiped(talk), held=talk.held, held_intent=talk.held_intent)
            return then(begin_wanted(afresh, given), *erased(talk))
        case "keep":
            kept = say.DRAFT_WAITS if consent.UNFINISHED.given(talk) else say.DRAFT_KEPT
            return replace(talk, flow="", asked="menu"), (Say(Letter((kept,))), *due(given))
        case _:
            return onward(with_held(replace(talk, wanted="")), given)


def wiped(talk: Talk) -> Talk:
    """The talk without its draft, and without words that waited."""
    return replace(talk.without(talk.draft), files=(), flow="", reminded=False)


def erased(talk: Talk) -> tuple[Effect, ...]:
    """What goes with a draft that is erased."""
    return (*((DropFiles(talk.files),) if talk.files else ()), Undue(DRAFT), Undue(REMINDER), Unsay())


def consented(talk: Talk, option: str, given: Given) -> Turn:
    """The answer to the question whether anything may be kept at all; who says no gets help all the same (R13)."""
    match option:
        case "agree":
            agreed = talk.agreeing(consent.REPORT.answered(given=True))
            return ask(agreed, "unfinished", given) if consent.UNFINISHED.open(talk) else begin_wanted(agreed, given)
        case "more":
            return ask(talk, "consent", given, *consent.filled(consent.REPORT.more, given.programme))
        case _:
            refused = wiped(talk).agreeing(consent.REPORT.answered(given=False))
            return then(ask(refused, "next.services_human_menu", given, say.NOT_AGREED), *erased(talk))


def unfinished(talk: Talk, option: str, given: Given) -> Turn:
    """Whether a report that was not finished may be passed on."""
    return begin_wanted(talk.agreeing(consent.UNFINISHED.answered(given=option == "yes")), given)

"""What somebody with the right code can do with their case: change how far they are known, renew the code, erase it."""

from __future__ import annotations

from dataclasses import replace

from actions import code, counting
from actions import sentences as say
from actions.asking import again, ask, let_go, menu, then
from actions.talk import (
    Append,
    ChangeMode,
    EraseCase,
    EraseLater,
    Found,
    Given,
    Helped,
    Mode,
    Rate,
    Renew,
    Say,
    Talk,
    Turn,
)
from actions.words import Letter, Wording

_MODES: dict[str, Mode] = {"confidential": "confidential", "anonymous": "anonymous", "open": "open"}


def handed(given: Given, *before: Wording) -> tuple[Say, Say]:
    """The code of this turn stands alone in a letter, so that it can be copied, forwarded or read out."""
    return Say(Letter(before)), Say(Letter((code.spoken(given.receipt.code),)))


def held(talk: Talk, option: str, given: Given) -> Turn:
    """A choice under what the code showed."""
    match option:
        case "add" | "rate" | "mode" | "renew" | "erase" | "withdraw":
            return ask(talk, f"status.{option}", given)
        case "refuse":
            refused = Append(talk.case, say.REFUSED_QUESTION.msgid)
            return then(ask(talk, "found", given, say.NO_ANSWER_WANTED), refused)
        case _:
            return menu(talk, given)


def mode(talk: Talk, option: str, given: Given) -> Turn:
    """How far the person is known from now on; for `open` they are asked for a name first."""
    chosen = _MODES.get(option)
    if chosen is None:
        return ask(talk, "found", given)
    return ask(talk, "status.name", given) if chosen == "open" else changed(talk, chosen, "", given)


def changed(talk: Talk, to: Mode, name: str, given: Given, *before: Wording) -> Turn:
    """It holds at once; a person who was called is written to from here no more once the case leads to no chat."""
    call = "" if to == "anonymous" and talk.call == talk.case else talk.call
    now = (say.MODE_NOW[to].with_(reference=talk.case), *((say.READ_BEFORE,) if to == "anonymous" else ()))
    turn = ask(replace(talk, case_mode=to, call=call), "found", given, *before, *now)
    return then(turn, ChangeMode(talk.case, to, name))


def renewed(talk: Talk, found: Found | None, given: Given) -> Turn:
    """Another code for this case, and for no other one."""
    if found is None or found.reference != talk.case:
        return again(talk, given, say.NO_SUCH_CODE)
    asking = let_go(ask(replace(talk, flow=""), "kept", given))
    return then(asking, Renew(found.reference), *handed(given, say.NEW_CODE))


def erased(talk: Talk, option: str, given: Given) -> Turn:
    """The person's word decides, unless the law or an investigation keeps the case for now."""
    match option:
        case "erase":
            gone = say.CASE_ERASED.with_(reference=talk.case)
            call = "" if talk.call == talk.case else talk.call
            return then(menu(replace(talk, call=call), given, gone), EraseCase(talk.case))
        case "later":
            return then(ask(talk, "found", given, say.ERASED_LATER), EraseLater(talk.case))
        case _:
            return ask(talk, "found", given)


def withdrawn(talk: Talk, option: str, given: Given) -> Turn:
    """The report stays readable with its code, and nothing more is done with it."""
    if option != "withdraw":
        return ask(talk, "found", given)
    return then(ask(talk, "found", given, say.WITHDRAWN), Append(talk.case, say.TAKES_BACK.msgid))


def rated(talk: Talk, option: str, given: Given) -> Turn:
    """What the person with the code says of how it ended."""
    value = next((each for each in say.HELPED if each == option), None)
    if value is None:
        return ask(talk, "found", given)
    return then(ask(talk, "found", given, thanked(value)), Rate(talk.case, value, proved=True))


def thanked(value: Helped) -> Wording:
    """What is said to an answer whether it helped."""
    return say.RATED_NO if value == "no" else say.RATED


def kept(talk: Talk, option: str, given: Given) -> Turn:
    """Whether the code is in safety; the talk itself does not hold it, so it cannot be shown again."""
    match option:
        case "yes" if talk.wanted == "you":
            return counting.begin(talk, given, say.MAY_BE_DELETED)
        case "yes":
            return ask(talk, "done", given, say.MAY_BE_DELETED)
        case "not_yet":
            return again(talk, given, say.HOW_TO_KEEP)
        case _:
            return menu(talk, given)

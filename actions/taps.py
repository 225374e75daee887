"""Buttons, old and new: any of them works or says kindly why not."""

from __future__ import annotations

from dataclasses import replace

from actions import prompts
from actions import sentences as say
from actions.asking import again, ask, menu, onward, then
from actions.case import erased, held, kept, mode
from actions.filing import answered, who_then
from actions.flows import COMPLAINT
from actions.intents import MOVES, Do
from actions.meaning import free
from actions.reporting import begin, draft, reviewed
from actions.talk import Forget, Given, Picked, Said, Say, Speak, Talk, Turn, Wish
from actions.wishes import hello, human, offer, speak, wished
from actions.words import Letter


def tapped(talk: Talk, choice: str, given: Given) -> Turn:
    """A button of now, of earlier in this report, of a menu, or of something long over."""
    if choice == "start":
        return wished(talk, "start", given)
    tap = prompts.read_tap(choice)
    if tap is None:
        return again(talk, given, say.OLD_BUTTON)
    asking = replace(talk, asked=tap.asked)
    known = tap.option in dict(prompts.offered(asking, given))
    same = tap.serial == talk.serial and (tap.asked not in prompts.OF_A_CASE or tap.revision == talk.revision)
    if known and tap.asked == talk.asked and same:
        return chosen(talk, tap.option, given)
    if known and tap.asked in ("menu", "language"):
        return chosen(asking, tap.option, given)
    if known and tap.serial == talk.serial and talk.began(COMPLAINT.key) and _still_asked(talk, tap.asked):
        return _changed(asking, tap.option, given)
    return again(talk, given, say.OLD_BUTTON)


def _still_asked(talk: Talk, asked: str) -> bool:
    question = COMPLAINT.question(asked)
    return question is not None and question.when(talk)


def _changed(talk: Talk, option: str, given: Given) -> Turn:
    """An old button of the report under way: that answer is asked again or changed."""
    if option in (prompts.SKIP, prompts.BACK, prompts.WHY):
        return again(replace(talk, flow=COMPLAINT.key), given)
    return answered(talk, Picked(option), given, say.CHANGED)


def chosen(talk: Talk, option: str, given: Given) -> Turn:
    """An option of what is asked now."""
    if prompts.question_of(talk.asked) is not None:
        return _control(talk, option, given) or answered(talk, Picked(option), given)
    match talk.asked:
        case "language":
            return _spoken(talk, option, given)
        case "offer":
            return offer(talk, option, given)
        case "resume" | "stop":
            return wished(talk, "unsubscribe", given) if option == "unsubscribe" else draft(talk, option, given)
        case "data":
            return (Talk(), (Forget(), Say(Letter((say.FORGOTTEN,))))) if option == "erase" else menu(talk, given)
        case "found":
            return held(talk, option, given)
        case "status.mode":
            return mode(talk, option, given)
        case "status.erase":
            return human(talk, given) if option == "human" else erased(talk, option, given)
        case "kept":
            return kept(talk, option, given)
        case "complaint.woman" | "complaint.sending":
            return who_then(talk, option, given)
        case "complaint.review":
            return reviewed(talk, option, given)
        case "complaint.change":
            return ask(talk, f"complaint.{option}", given)
        case _:
            return _next(talk, option, given)


def _spoken(talk: Talk, option: str, given: Given) -> Turn:
    """A language is chosen: what was said or sent before it is heard now."""
    greeted = MOVES.get(talk.held_intent) == Do("menu")
    if talk.language or greeted or not (talk.held or talk.files):
        return speak(replace(talk, held="", held_intent="") if greeted else talk, option, given)
    first, heard = Said(talk.held, talk.held_intent or None), replace(talk, language=option, held="", held_intent="")
    turn = begin(replace(heard, held=talk.held), given, say.NOT_LEFT_OUT) if talk.files else free(heard, first, given)
    return then(turn, Speak(option), hello(given))


def _next(talk: Talk, option: str, given: Given) -> Turn:
    """A choice of the menu or of the next steps offered after a sentence."""
    if option == "resume":
        return onward(talk, given)
    wishes: dict[str, Wish] = {
        "report": "report", "status": "status", "human": "human", "emergency": "emergency", "subscribe": "subscribe",
        "unsubscribe": "unsubscribe", "about": "about", "language": "language", "mydata": "mydata", "menu": "menu",
    }  # fmt: skip
    return wished(talk, wishes[option], given)


def _control(talk: Talk, option: str, given: Given) -> Turn | None:
    """Skip, back and why stand under every question."""
    wishes: dict[str, Wish] = {prompts.SKIP: "skip", prompts.BACK: "back", prompts.WHY: "why"}
    return wished(talk, wishes[option], given) if option in wishes else None

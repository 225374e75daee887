"""Buttons, old and new: any of them works or says kindly why not."""

from __future__ import annotations

from dataclasses import replace

from actions import prompts, wishes
from actions import sentences as say
from actions.asking import again, ask, menu, onward, then
from actions.case import erased, held, kept, mode, rated, thanked, withdrawn
from actions.danger import confirmed, located
from actions.filing import answered, call_back, reviewed, who_then
from actions.flows import FLOWS
from actions.helping import listed, refer
from actions.intents import MOVES, Do
from actions.meaning import free, meant, moved
from actions.reporting import begin, consented, draft, unfinished
from actions.talk import Forget, Given, Picked, Rate, Said, Say, Speak, Talk, Turn, Wish
from actions.wishes import wished
from actions.words import Letter


def tapped(talk: Talk, choice: str, given: Given) -> Turn:
    """A button of now, of earlier in this report, of a menu, or of something long over."""
    if choice == "start":
        return wished(talk, "start", given)
    if (rating := prompts.read_rating(choice)) is not None:
        return then(again(talk, given, thanked(rating[1])), Rate(*rating, proved=False))
    tap = prompts.read_tap(choice)
    if tap is None:
        return again(talk, given, say.OLD_BUTTON)
    asking = replace(talk, asked=tap.asked)
    known = tap.option in dict(prompts.offered(asking, given))
    same = tap.serial == talk.serial and (tap.asked not in prompts.OF_A_CASE or tap.revision == talk.revision)
    if known and tap.asked == talk.asked and same:
        return chosen(talk, tap.option, given)
    if known and tap.asked in ("menu", "more") and not talk.language:
        return _before_language(talk, tap.option, given)
    if known and tap.asked in ("menu", "more", "language"):
        return chosen(asking, tap.option, given)
    if known and tap.serial == talk.serial and talk.began(talk.draft) and _still_asked(talk, tap.asked):
        return _changed(asking, tap.option, given)
    return again(talk, given, say.OLD_BUTTON)


def _before_language(talk: Talk, option: str, given: Given) -> Turn:
    """An old menu where no language is known (any more): leaving and danger are heard, the rest waits for one."""
    return wished(replace(talk, asked="language"), _WISHES.get(option, "menu"), given)


def _still_asked(talk: Talk, asked: str) -> bool:
    """Whether it is a question of the draft; one that was told in another flow since is the same question there."""
    flow, _, key = asked.partition(".")
    return flow in FLOWS and any(each.key == key for each in FLOWS[talk.draft].asked_of(talk))


def _changed(talk: Talk, option: str, given: Given) -> Turn:
    """An old button of the report under way: that answer is asked again or changed."""
    here = replace(talk, asked=f"{talk.draft}.{talk.step}", flow=talk.draft)
    if option in (prompts.SKIP, prompts.BACK, prompts.WHY) or option not in dict(prompts.offered(here, given)):
        return again(here, given)
    return answered(here, Picked(option), given, say.CHANGED)


def chosen(talk: Talk, option: str, given: Given) -> Turn:
    """An option of what is asked now."""
    if prompts.question_of(talk.asked) is not None:
        return _control(talk, option, given) or answered(talk, Picked(option), given)
    if talk.reporting:
        return _of_the_draft(talk, option, given)
    match talk.asked:
        case "language" if option == "aloud":
            return ask(replace(talk, aloud=not talk.aloud), "language", given)
        case "language":
            return _spoken(talk, option, given)
        case "switch":
            return _switched(talk, option, given)
        case "consent":
            return consented(talk, option, given)
        case "unfinished":
            return unfinished(talk, option, given)
        case "offer":
            return wishes.offer(talk, option, given)
        case "resume" | "stop":
            return wished(talk, "unsubscribe", given) if option == "unsubscribe" else draft(talk, option, given)
        case "data":
            return (Talk(), (Forget(), Say(Letter((say.FORGOTTEN,))))) if option == "erase" else menu(talk, given)
        case "found":
            return held(talk, option, given)
        case "status.mode":
            return mode(talk, option, given)
        case "status.rate":
            return rated(talk, option, given)
        case "status.withdraw":
            return withdrawn(talk, option, given)
        case "status.erase":
            return wishes.human(talk, given) if option == "human" else erased(talk, option, given)
        case "kept":
            return kept(talk, option, given)
        case "called":
            return call_back(talk, option, given)
        case "mean":
            return meant(talk, option, given)
        case "gbv":
            return wishes.trained(talk, option, given)
        case "services" if option != "human":
            return listed(talk, option, given)
        case "refer":
            return refer(talk, option, given)
        case "terms":
            return wishes.reach(talk, option, given)
        case "audience":
            return wishes.audience(talk, option, given)
        case "faq":
            return wishes.faq(talk, option, given)
        case "answered":
            return wishes.was_answered(talk, option, given)
        case "where_now":
            return located(talk, option, given)
        case asked if asked.startswith("guess."):
            return confirmed(talk, option, given)
        case _:
            return _next(talk, option, given)


def _of_the_draft(talk: Talk, option: str, given: Given) -> Turn:
    """A choice under a step of the draft that is no question."""
    match talk.step:
        case "woman" | "sending":
            return who_then(talk, option, given)
        case "review":
            return reviewed(talk, option, given)
        case "change":
            return ask(talk, f"{talk.draft}.{option}", given)
        case _:
            return onward(talk, given)


def _spoken(talk: Talk, option: str, given: Given) -> Turn:
    """A language is chosen: what was said or sent before it is heard now."""
    greeted = MOVES.get(talk.held_intent) == Do("menu")
    if talk.language or greeted or not (talk.held or talk.files):
        return wishes.speak(replace(talk, held="", held_intent="") if greeted else talk, option, given)
    first, heard = Said(talk.held, talk.held_intent or None), replace(talk, language=option, held="", held_intent="")
    files = replace(heard, held=talk.held)
    turn = begin(files, "complaint", given, say.NOT_LEFT_OUT) if talk.files else free(heard, first, given)
    return then(turn, Speak(option), wishes.hello(given))


def _switched(talk: Talk, option: str, given: Given) -> Turn:
    """Another language seemed to be spoken: yes changes to it, and what was said is heard all the same."""
    said = Said(talk.held, talk.held_intent or None)
    heard = replace(talk, held="", held_intent="", wanted="", guessed=(*talk.guessed, "language"))
    if option != "yes":
        return moved(heard, said, given)
    return then(moved(replace(heard, language=talk.wanted), said, given), Speak(talk.wanted))


def _next(talk: Talk, option: str, given: Given) -> Turn:
    """A choice of the menu or of the next steps offered after a sentence."""
    match option:
        case "resume":
            return onward(talk, given) if talk.began(talk.draft) else begin(talk, "complaint", given)
        case "aloud" | "silent":
            return menu(replace(talk, aloud=option == "aloud"), given)
        case "telling" | "more" | "faq" | "terms":
            return ask(replace(talk, flow=""), option, given)
        case flow if talk.asked == "telling" and flow in FLOWS:
            return begin(talk, flow, given)
        case _:
            return wished(talk, _WISHES[option], given)


_WISHES: dict[str, Wish] = {
    "report": "report", "status": "status", "human": "human", "emergency": "emergency", "subscribe": "subscribe",
    "unsubscribe": "unsubscribe", "about": "about", "help": "help", "language": "language", "mydata": "mydata",
    "menu": "menu", "services": "services", "other": "other", "contact": "contact", "redlines": "redlines",
    "exit": "exit",
}  # fmt: skip


def _control(talk: Talk, option: str, given: Given) -> Turn | None:
    """Skip, back and why stand under every question."""
    controls: dict[str, Wish] = {prompts.SKIP: "skip", prompts.BACK: "back", prompts.WHY: "why"}
    return wished(talk, controls[option], given) if option in controls else None

"""What a person can ask for by name, from any point of the talk."""

from __future__ import annotations

from dataclasses import replace

from actions import prompts
from actions import sentences as say
from actions.asking import again, ask, menu, onward, then
from actions.filing import answered
from actions.flows import COMPLAINT, HUMAN, STATUS
from actions.reporting import begin, due, short, with_held
from actions.talk import CODE, CODE_HOLDS_FOR, Due, Found, Given, Say, Skipped, Speak, Talk, Told, Turn, Updates, Wish
from actions.words import Letter


def wished(talk: Talk, wish: Wish, given: Given) -> Turn:
    """Do what is asked for by name; before a language is chosen, only ending things and danger are heard."""
    if not talk.language and wish not in ("unsubscribe", "stop", "emergency"):
        return ask(talk, "language", given)
    match wish:
        case "start":
            return again(talk, given) if talk.asked else _welcome(talk, given)
        case "again":
            return _subscribe(talk, given) if talk.updates == "off" else wished(talk, "start", given)
        case "menu":
            return menu(talk, given)
        case "report":
            return begin(talk, given)
        case "status":
            return ask(replace(talk, flow=STATUS.key), "status.code", given)
        case "human":
            return human(talk, given)
        case "emergency":
            return _emergency(talk, given)
        case "language":
            return ask(talk, "language", given)
        case "mydata":
            return ask(talk, "data", given, say.HELD, say.HELD_CODE, say.HELD_CASES, say.HELD_LINKS)
        case "stop":
            return _stop(talk, given)
        case "help" | "about":
            return _about(talk, given)
        case "back":
            return _back(talk, given)
        case "skip":
            return answered(talk, Skipped(), given) if prompts.question_of(talk.asked) else again(talk, given)
        case "why":
            found = prompts.question_of(talk.asked)
            return again(talk, given, found[1].why) if found else _about(talk, given)
        case "subscribe":
            return _subscribe(talk, given)
        case "unsubscribe":
            return _unsubscribe(talk, given)


def _emergency(talk: Talk, given: Given) -> Turn:
    """The numbers come at once; what was asked is asked again, or a person is offered."""
    told = (say.DANGER.with_(emergency=given.programme.emergency), say.NO_EMERGENCY_SERVICE)
    if not talk.language or prompts.question_of(talk.asked):
        return again(talk, given, *told)
    return ask(talk, "next.human_report_menu", given, *told)


def _welcome(talk: Talk, given: Given) -> Turn:
    return then(menu(talk, given), hello(given), Say(Letter((say.FREE,))), Say(Letter((say.WAITING_FOR_YOU,))))


def _about(talk: Talk, given: Given) -> Turn:
    explained = (say.HOW_IT_WORKS, say.THEN, say.FREE, say.DANGER.with_(emergency=given.programme.emergency))
    return again(talk, given, *explained) if talk.asked else menu(talk, given, *explained)


def speak(talk: Talk, language: str, given: Given) -> Turn:
    """The language is chosen: go on where the talk stood."""
    speaking = replace(talk, language=language)
    if not talk.language:
        turn = _welcome(speaking, given)
    elif speaking.flow == COMPLAINT.key:
        turn = onward(speaking, given)
    else:
        turn = ask(speaking, "offer", given) if speaking.held else menu(speaking, given)
    return then(turn, Speak(language))


def hello(given: Given) -> Say:
    """Who is speaking, and who else can see it."""
    programme = given.programme
    named = say.WELCOME.with_(name=programme.name, organisation=programme.organisation, purpose=programme.purpose)
    seen = (say.SEEN_BY_PLATFORM,) if given.channel != "web" else ()
    return Say(Letter((named, *seen)))


def human(talk: Talk, given: Given) -> Turn:
    """Ask what it is about, unless that is known; a person already called is not called again."""
    if talk.call and given.call_open:
        return menu(talk, given)
    if talk.held:
        return answered(replace(talk, flow=HUMAN.key, asked="human.about"), Told(talk.held), given)
    return ask(replace(talk, flow=HUMAN.key), "human.about", given)


def _back(talk: Talk, given: Given) -> Turn:
    """To the question before, or to what the code showed; from the first one to the menu, with everything kept."""
    if talk.asked in prompts.OF_A_CASE and talk.asked != "found" and talk.case:
        return ask(talk, "found", given)
    if talk.flow == COMPLAINT.key and talk.asked.startswith("complaint."):
        if talk.asked == "complaint.woman":
            return ask(talk, "complaint.handler", given)
        if talk.asked == "complaint.sending":
            return onward(talk, given)
        before = COMPLAINT.before(talk.asked, talk)
        if before is not None:
            return ask(talk, COMPLAINT.name(before), given)
    return menu(talk, given)


def _stop(talk: Talk, given: Given) -> Turn:
    if talk.flow == COMPLAINT.key and (talk.began(COMPLAINT.key) or talk.files):
        return ask(talk, "stop", given)
    if talk.flow and talk.language:
        return menu(talk, given)
    if talk.updates == "on":
        return _unsubscribe(talk, given)
    asked = "menu" if talk.language else talk.asked
    said = say.WORDS_DROPPED if talk.held else say.NOTHING_TO_STOP
    return replace(talk, flow="", asked=asked, held="", held_intent=""), (Say(Letter((said,))),)


def _subscribe(talk: Talk, given: Given) -> Turn:
    return then(menu(replace(talk, updates="on"), given, say.SUBSCRIBED), Updates(wanted=True))


def _unsubscribe(talk: Talk, given: Given) -> Turn:
    ended = replace(talk, updates="off")
    if talk.flow:
        return then(again(ended, given, say.UNSUBSCRIBED), Updates(wanted=False))
    return replace(ended, asked="menu" if talk.language else talk.asked), (
        Updates(wanted=False),
        Say(Letter((say.UNSUBSCRIBED,))),
    )


def found(talk: Talk, found: Found, given: Given) -> Turn:
    """What the right code shows."""
    state = say.STATE[found.state]
    if found.state == "closed" and not found.answers:
        state = say.CLOSED_UNANSWERED
    when = state.with_(first_look=found.first_look_by, answer=found.answer_by) if "{" in state.msgid else state
    told = say.FOUND.with_(reference=found.reference, filed=found.filed, state=when)
    shown = replace(talk, case=found.reference, case_mode=found.mode, flow=STATUS.key, revision=talk.revision + 1)
    if not talk.language:
        return ask(talk, "language", given, told, *found.answers)
    return then(ask(shown, "found", given, told, *found.answers), Due(CODE, given.now + CODE_HOLDS_FOR))


def offer(talk: Talk, option: str, given: Given) -> Turn:
    """Words nobody asked for: send them as they are, ask more first, hand them to a person, or drop them."""
    match option:
        case "send":
            return then(onward(short(with_held(talk)), given), due(given))
        case "details":
            return begin(talk, given)
        case "human":
            return human(talk, given)
        case _:
            return menu(talk, given)

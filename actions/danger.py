"""Danger: the numbers of the area at once, whoever is on duty called, and guesses that are asked before they count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from actions import ages, prompts
from actions import sentences as say
from actions.asking import again, ask, then
from actions.flow import Prose
from actions.helping import violence
from actions.intents import SAFETY
from actions.reporting import due, erased, narrated, turn_to, wiped
from actions.talk import (
    DANGER,
    DANGER_ASKED_FOR,
    SAME_DANGER,
    Alarm,
    Due,
    Effect,
    Given,
    Said,
    Say,
    Talk,
    Turn,
    Undue,
)
from actions.words import Letter, Wording

# Which flow a guess that was right leads to; the order is that in which they are asked.
TURNS = {
    "emergency": "",
    "disclose_gbv": "",
    "report_sea": "sea",
    "report_child_risk": "child",
    "report_threat": "threat",
    "report_misconduct": "misconduct",
    "younger": "child",
}
VIOLENCE = "disclose_gbv"
"""Violence by anybody who is not with the aid: nothing of it is kept (decision 0024)."""
# In these flows somebody trained reads on, so what is guessed here is not asked about.
_NOT_ASKED_IN = {"disclose_gbv": ("sea", "child"), "report_threat": ("sea",), "report_misconduct": ("sea",)}


# So many words can be a hint in passing.
_HINT = 3
# Who says nothing to the first may not be able to; words about the second are held no longer than that (R71).
_NOT_LEFT_OPEN = frozenset({"emergency", "disclose_gbv"})
# What comes again after the question above it: another guess over a question of the draft, or over nothing.
_OVER = ">"


def numbers(talk: Talk, given: Given) -> Wording:
    """Whom to call where this person is, or everywhere."""
    area = given.programme.area(talk.area)
    return area.emergency if area else given.programme.emergency


def careful(talk: Talk, said: Said, given: Given) -> tuple[Wording, ...]:
    """Where safety may be at stake the emergency numbers come first; nothing is decided by it."""
    if said.intent in SAFETY or SAFETY.intersection(said.also):
        return (say.DANGER.with_(emergency=numbers(talk, given)),)
    return ()


def heeded(talk: Talk, said: Said) -> Said:
    """What is heard of these words: a short answer to a question for a place, a time or a name is that and no hint.

    Two words look like anything to a classifier. One it is sure of is heard all the same.
    """
    found = prompts.question_of(talk.asked)
    short = found is not None and isinstance(found[1].kind, Prose) and not found[1].kind.more
    return replace(said, also=()) if short and len(said.words.split()) < _HINT else said


def guessed(talk: Talk, said: Said) -> str | None:
    """What these words may be about that is to be asked first, each once in a draft."""
    heard = {*said.also, *((said.intent,) if said.intent else ()), *(("younger",) if ages.younger(said.words) else ())}
    return next((each for each in TURNS if each in heard and _to_be_asked(talk, each)), None)


def _to_be_asked(talk: Talk, guess: str) -> bool:
    there = talk.draft == TURNS[guess] and bool(talk.draft)
    return guess not in talk.guessed and not there and talk.draft not in _NOT_ASKED_IN.get(guess, ())


def ask_about(talk: Talk, guess: str, given: Given, *before: Wording) -> Turn:
    """Ask gently whether it is that; what is asked now comes again after a no."""
    waiting = f"{talk.asked}{_OVER}{talk.wanted}" if talk.in_doubt else talk.asked if talk.reporting else ""
    asking = replace(talk, guessed=(*talk.guessed, guess), wanted=waiting)
    turn = ask(asking, f"guess.{guess}", given, *before)
    return then(turn, Due(DANGER, given.now + DANGER_ASKED_FOR)) if guess in _NOT_LEFT_OPEN else turn


def going_along(talk: Talk, words: str) -> Talk:
    """What is said while a guess is asked about goes to what was said before it."""
    return narrated(talk, words) if talk.wanted.rpartition(_OVER)[2] else talk.holding(words)


def told_meanwhile(talk: Talk, said: Said, given: Given, *before: Wording) -> Turn:
    """What is said while a guess is asked about goes along, and the question stays; danger now is asked about first."""
    told = going_along(talk, said.words)
    if guessed(told, said) == "emergency":
        return ask_about(told, "emergency", given, *before)
    return again(told, given, *before, say.CHOOSE_ONE)


def disclosed(talk: Talk) -> bool:
    """Whether it is asked, now or after the question that is, if what was said is about violence."""
    return f"guess.{VIOLENCE}" in (talk.asked, *talk.wanted.split(_OVER))


def confirmed(talk: Talk, option: str, given: Given) -> Turn:
    """The answer to such a question: yes acts, no goes on where the talk stood."""
    guess = talk.asked.removeprefix("guess.")
    closed = guess in _NOT_LEFT_OPEN and not disclosed(_back_there(talk))
    undue: tuple[Effect, ...] = (Undue(DANGER),) if closed else ()
    if option != "yes":
        return then(_go_on(talk, given), *undue)
    match guess:
        case "emergency":
            return then(alarmed(_back_there(talk), given), *undue)
        case "disclose_gbv":
            return then(violence(talk, given), *undue)
        case _:
            preset = {"who": "me"} if guess == "younger" else {}
            return turn_to(replace(talk, wanted=""), TURNS[guess], given, say.TURNED, **preset)


def _back_there(talk: Talk) -> Talk:
    below, _, further = talk.wanted.partition(_OVER)
    return replace(talk, asked=below, wanted=further)


def _go_on(talk: Talk, given: Given) -> Turn:
    if talk.wanted:
        return again(_back_there(talk), given)
    return then(ask(talk, "offer", given), *due(given)) if talk.held else ask(talk, "menu", given)


def declared(talk: Talk, given: Given) -> Turn:
    """Somebody says themselves that they are in danger; who is asked just that has said yes."""
    return confirmed(talk, "yes", given) if talk.asked == "guess.emergency" else alarmed(talk, given)


def alarmed(talk: Talk, given: Given) -> Turn:
    """The numbers first, then staff are called; what was asked is asked again, or where the person is."""
    called = say.CALLED_ON_DUTY if given.on_duty else say.NOBODY_ON_DUTY
    told = Say(Letter((say.DANGER.with_(emergency=numbers(talk, given)), called)))
    if talk.reporting or talk.in_doubt or not talk.language:
        turn = again(talk, given, say.NO_EMERGENCY_SERVICE)
    elif given.programme.areas and not talk.area:
        turn = ask(talk, "where_now", given)
    else:
        turn = ask(talk, "next.human_report_menu", given, say.NO_EMERGENCY_SERVICE)
    return raised(then(turn, told), given)


def located(talk: Talk, option: str, given: Given) -> Turn:
    """Somebody in danger has said where they are: those numbers, and staff are told the area."""
    area = given.programme.area(option)
    if area is None:
        return ask(talk, "menu", given)
    told = say.IN_AREA.with_(area=area.label, emergency=area.emergency)
    turn = ask(replace(talk, area=area.key), "next.human_report_menu", given, told, say.NO_EMERGENCY_SERVICE)
    if given.now - datetime.fromtimestamp(talk.alarmed, UTC) > SAME_DANGER:
        return raised(turn, given)
    return then(turn, Alarm(area.key, talk.alarmed))


def raised(turn: Turn, given: Given) -> Turn:
    """The same turn with an alarm of now, to which the area is added once it is known."""
    talk, effects = turn
    now = int(given.now.timestamp())
    return replace(talk, alarmed=now), (Alarm(talk.area, now), *effects)


def unanswered(talk: Talk, given: Given) -> Turn:
    """Somebody who was asked whether they are in danger says nothing: staff are called, without a word of theirs.

    Words about violence that wait for an answer are not held any longer.
    """
    match talk.asked:
        case "guess.emergency":
            kept = replace(talk, held="", held_intent="") if disclosed(talk) else talk
            return raised((kept, (Say(Letter((say.IN_DANGER_UNANSWERED,))),)), given)
        case "guess.disclose_gbv" if talk.held:
            return replace(talk, held="", held_intent="", asked="menu"), ()
        case _:
            return talk, ()


def left(talk: Talk) -> tuple[Talk, tuple[Effect, ...]]:
    """The talk after somebody left at once: language, terms and what they agreed to stay, nothing else."""
    gone = Talk(language=talk.language, updates=talk.updates, audience=talk.audience, terms=talk.terms,
                serial=wiped(talk).serial, revision=talk.revision, consents=talk.consents,
                touched=talk.touched, aloud=talk.aloud)  # fmt: skip
    return gone, erased(talk)

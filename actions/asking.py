"""Putting a question: what is asked is stored with the talk, and only that is answered by what comes next."""

from __future__ import annotations

from dataclasses import replace

from actions import prompts
from actions import sentences as say
from actions.flows import FLOWS
from actions.talk import CODE, Effect, Given, Say, Talk, Turn, Undue
from actions.words import Wording


def ask(talk: Talk, asked: str, given: Given, *before: Wording) -> Turn:
    """Ask something; from now on a message answers this and nothing else."""
    asking = replace(talk, asked=asked)
    return asking, (Say(prompts.letter(asking, given, before), card=asking.reporting and asking.step == "review"),)


def again(talk: Talk, given: Given, *before: Wording) -> Turn:
    """Ask the same once more."""
    return ask(talk, talk.asked or ("menu" if talk.language else "language"), given, *before)


def onward(talk: Talk, given: Given, *before: Wording) -> Turn:
    """Go on in the draft: the first open question, or the review card."""
    flow = FLOWS[talk.draft]
    settled = flow.settled(talk)
    question = flow.next_open(settled)
    asked = flow.name(question) if question else f"{flow.key}.review"
    return ask(replace(settled, flow=flow.key), asked, given, *before)


def menu(talk: Talk, given: Given, *before: Wording) -> Turn:
    """Ask what the person would like to do; nothing is under way then, and words that waited are dropped, saying so."""
    dropped = (say.WORDS_DROPPED,) if talk.held else ()
    kept = tuple(each for each in talk.answers if each[0].startswith(f"{talk.draft}."))
    guessed = talk.guessed if talk.has_draft else ()
    idle = replace(
        talk, flow="", held="", held_intent="", wanted="", answers=kept, guessed=guessed, maybe=(),
        understood=talk.understood if talk.has_draft else "",
    )  # fmt: skip
    turn = ask(idle, "menu", given, *before, *dropped)
    return let_go(turn)


def let_go(turn: Turn) -> Turn:
    """Whose code was given is forgotten; only with it a case can be changed, so that is over then."""
    talk, effects = turn
    return replace(talk, case="", case_mode=""), (*effects, Undue(CODE)) if talk.case else effects


def then(turn: Turn, *effects: Effect) -> Turn:
    """The same turn with effects that come first."""
    return turn[0], (*effects, *turn[1])

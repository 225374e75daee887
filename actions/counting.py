"""Who a person is like, counted and kept nowhere: an answer becomes one more in a count of the month (R51)."""

from __future__ import annotations

from dataclasses import replace

from actions import sentences as say
from actions.asking import ask, then
from actions.flows import YOU
from actions.talk import Count, Given, Picked, Skipped, Talk, Told, Turn
from actions.words import Wording

_NOT_STATED = "not_stated"


def begin(talk: Talk, given: Given, *before: Wording) -> Turn:
    """The first of the three questions."""
    asking = replace(talk, flow=YOU.key, wanted="", counted=True)
    return ask(asking, YOU.name(YOU.questions[0]), given, *before, *YOU.opening)


def counted(talk: Talk, answer: Told | Picked | Skipped, given: Given, *before: Wording) -> Turn:
    """Count one answer and forget it."""
    value = answer.option if isinstance(answer, Picked) else _NOT_STATED
    names = [YOU.name(each) for each in YOU.questions]
    after = names[names.index(talk.asked) + 1 :]
    done = replace(talk, flow="")
    turn = ask(talk, after[0], given, *before) if after else ask(done, "done", given, *before, say.GOODBYE)
    return then(turn, Count(talk.step, value))

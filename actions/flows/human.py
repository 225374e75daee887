"""Asking for a person: a few questions, then somebody takes over."""

from __future__ import annotations

from actions.flow import Flow, OneOf, Prose, Question
from actions.flows.parts import HANDLERS, WRITE
from actions.programme import Programme
from actions.words import N_, Wording


def _sexes(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return tuple(HANDLERS.items())


HUMAN = Flow(
    "human",
    N_("Talk to a person"),
    opening=(),
    questions=(
        Question(
            "about",
            N_("What would you like to talk about? A few words, a voice message, or skip.", "human.about"),
            N_("So that the right person answers. You do not have to say it.", "human.about"),
            N_("About"),
            Prose(),
        ),
        Question(
            "interpreter",
            N_("We need an interpreter to read you. Who should that be?", "human.interpreter"),
            N_("Somebody else then reads what you write, so you can say whom you prefer.", "human.interpreter"),
            N_("Interpreter"),
            OneOf(_sexes),
            when=lambda talk: talk.foreign,
        ),
        Question("write", WRITE.ask, WRITE.why, WRITE.label, WRITE.kind, when=lambda talk: talk.terms is None),
    ),
    reviewed=False,
)

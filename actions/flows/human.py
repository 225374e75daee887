"""Asking for a person: two questions, then somebody takes over."""

from __future__ import annotations

from actions.flow import Flow, Prose, Question
from actions.flows.parts import WRITE
from actions.words import N_

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
        Question("write", WRITE.ask, WRITE.why, WRITE.label, WRITE.kind, when=lambda talk: talk.terms is None),
    ),
    reviewed=False,
)

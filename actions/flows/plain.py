"""Short ways to say something: one message as it is, praise, an idea, a rumour, a question, a request for help."""

from __future__ import annotations

from actions.flow import Flow, OneOf, Prose, Question
from actions.flows.parts import KNOWN, WHERE
from actions.programme import Programme
from actions.words import N_, Wording


def _needs(programme: Programme) -> tuple[tuple[str, Wording], ...]:
    return tuple((each.key, each.label) for each in programme.needs)


TELL = Flow(
    "tell",
    N_("Just tell us, in one message"),
    opening=(),
    questions=(
        Question(
            "what",
            N_("What would you like to tell us? Write it, or send a voice message or a photo.", "tell.what"),
            N_("It is read by our staff. You need answer nothing else.", "tell.what"),
            N_("Told"),
            Prose(more=True),
        ),
    ),
)
PRAISE = Flow(
    "praise",
    N_("Say what is good"),
    opening=(),
    questions=(
        Question(
            "what",
            N_("What was good?", "praise.what"),
            N_("So that those who did it hear of it, and do it again.", "praise.what"),
            N_("Good"),
            Prose(more=True),
        ),
    ),
)
SUGGESTION = Flow(
    "suggestion",
    N_("Suggest something"),
    opening=(),
    questions=(
        Question(
            "what",
            N_("What do you suggest?", "suggestion.what"),
            N_("Those who plan the help read it. They may decide otherwise.", "suggestion.what"),
            N_("Suggested"),
            Prose(more=True),
        ),
    ),
)
RUMOUR = Flow(
    "rumour",
    N_("Tell us a rumour"),
    opening=(),
    questions=(
        Question(
            "what",
            N_("What do people say? You need not know whether it is true.", "rumour.what"),
            N_("So that we can find out and tell everybody what we know.", "rumour.what"),
            N_("Said"),
            Prose(more=True),
        ),
        Question(
            "where",
            N_("Where do people say it?", "rumour.where"),
            N_("So that the answer reaches the same place.", "rumour.where"),
            N_("Where"),
            Prose(WHERE.kind.options),
        ),
    ),
)
QUESTION = Flow(
    "question",
    N_("Ask a question"),
    opening=(),
    questions=(
        Question(
            "what",
            N_("What would you like to know?", "question.what"),
            N_("So that somebody who knows can answer you.", "question.what"),
            N_("Question"),
            Prose(more=True),
        ),
        Question(
            "where",
            N_("For which place? You can skip this.", "question.where"),
            N_("Some answers are different from place to place.", "question.where"),
            N_("Where"),
            Prose(WHERE.kind.options),
        ),
        *KNOWN,
    ),
)
ASSISTANCE = Flow(
    "assistance",
    N_("Ask for help"),
    opening=(N_("We pass it on to those who decide. It may not be granted. Other help does not depend on it."),),
    questions=(
        Question(
            "need",
            N_("What kind of help do you need?", "assistance.need"),
            N_("So that it reaches those who give that help.", "assistance.need"),
            N_("Help with"),
            OneOf(_needs),
        ),
        Question(
            "what",
            N_("What is the situation? A few words are enough.", "assistance.what"),
            N_("So that those who decide understand it. Say as much or as little as you like.", "assistance.what"),
            N_("Situation"),
            Prose(more=True),
        ),
        WHERE,
        *KNOWN,
    ),
    counted=True,
)

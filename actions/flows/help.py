"""Getting help without reporting: where, and with what; nobody is told of it."""

from __future__ import annotations

from actions.flow import Flow, OneOf, Question
from actions.flows.parts import areas
from actions.flows.plain import ASSISTANCE
from actions.words import N_

HELP = Flow(
    "help",
    N_("Get help without reporting"),
    opening=(N_("No report is needed for this, and nobody is told what you look for."),),
    questions=(
        Question(
            "area",
            N_("Where are you?", "help.area"),
            N_("So that we only name help that you can reach. You can skip this.", "help.area"),
            N_("Where"),
            OneOf(areas),
        ),
        Question(
            "need",
            N_("What kind of help do you look for?", "help.need"),
            N_("So that the list is short.", "help.need"),
            N_("Help with"),
            ASSISTANCE.questions[0].kind,
        ),
    ),
    reviewed=False,
)

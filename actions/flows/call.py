"""Asking to be called back, once a person was asked for: on which number, and when that is safe (R46)."""

from __future__ import annotations

from actions.flow import Flow, Prose, Question
from actions.flows.parts import HOURS
from actions.words import N_

CALL = Flow(
    "call",
    N_("Call me instead"),
    opening=(),
    questions=(
        Question(
            "number",
            N_("On which number? Say also for whom they should ask, if others answer that phone.", "call.number"),
            N_("It is used for this call only, and kept with your message, sealed.", "call.number"),
            N_("Asks to be called"),
            Prose(),
        ),
        Question(
            "time",
            N_("At what time of day is it safe to call?", "call.time"),
            N_("So that nobody else takes the call.", "call.time"),
            N_("Safe time"),
            HOURS.kind,
        ),
    ),
    reviewed=False,
)

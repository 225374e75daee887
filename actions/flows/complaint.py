"""Reporting a problem with help: what it is about, who should deal with it, what happened, how far one is known."""

from __future__ import annotations

from actions.flow import Flow
from actions.flows.parts import (
    AGREED,
    CATEGORY,
    HANDLER,
    KNOWN,
    PARTY,
    REACH,
    RELATION,
    WHAT,
    WHEN,
    WHERE,
    WISH,
)
from actions.words import N_

COMPLAINT = Flow(
    "complaint",
    N_("Report a problem"),
    opening=(
        N_("We use what you tell us only to deal with your report. You can skip any question."),
        N_("Write “back”, “stop” or “why” at any time."),
    ),
    questions=(CATEGORY, HANDLER, PARTY, AGREED, REACH, WHAT, WHERE, WHEN, WISH, RELATION, *KNOWN),
    counted=True,
)

"""Asking what became of a report, with the return code; and adding to it."""

from __future__ import annotations

from actions.flow import Flow, Prose, Question
from actions.words import N_

STATUS = Flow(
    "status",
    N_("What became of my report?"),
    opening=(),
    questions=(
        Question(
            "code",
            N_("Please write or read out your code: 28 digits, from any phone, with or without spaces.", "status.code"),
            N_("Only the code shows your report. We keep no list of who reported what.", "status.code"),
            N_("Code"),
            Prose(),
        ),
        Question(
            "add",
            N_("What would you like to add? Write it, or send a voice message or a photo.", "status.add"),
            N_("It is added to your report and read by the same people.", "status.add"),
            N_("Added"),
            Prose(),
        ),
    ),
    reviewed=False,
)

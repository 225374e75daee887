"""Asking what became of a report, with the return code; adding to it, and changing who can know and open it."""

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
        Question(
            "renew",
            N_("Write your code once more. You get a new one, and the old one stops working.", "status.renew"),
            N_("So that nobody else who uses this phone can change your code.", "status.renew"),
            N_("Code"),
            Prose(),
        ),
        Question(
            "name",
            N_("Which name may we use?", "status.name"),
            N_("We use it only to deal with your report, and keep it apart from what you told.", "status.name"),
            N_("Name"),
            Prose(),
        ),
    ),
    reviewed=False,
)

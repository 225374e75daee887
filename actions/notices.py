"""What is said without being asked: follow-ups, late answers, the line under announcements, the list of commands."""

from __future__ import annotations

from datetime import date

from actions.words import N_, Letter, Text

FOLLOW_UP = N_("We have not forgotten your message {reference}. You hear from us by {date}.")
LATE = N_("We are late with your message {reference}. We are sorry. You hear from us by {date}.")
STOP_LINE = N_("Write STOP to end these updates.")

COMMANDS: tuple[tuple[str, Text], ...] = (
    ("start", N_("Begin", "command")),
    ("menu", N_("What I can do", "command")),
    ("report", N_("Tell us what happened", "command")),
    ("status", N_("Ask about your report with your code", "command")),
    ("human", N_("Talk to a person", "command")),
    ("language", N_("Change the language", "command")),
    ("mydata", N_("See or erase what is kept about you", "command")),
    ("stop", N_("Stop", "command")),
    ("help", N_("Help", "command")),
)
GROUP_COMMANDS: tuple[tuple[str, Text], ...] = (("link", N_("Link this group with a code from us", "command")),)


def follow_up(reference: str, by: date) -> Letter:
    """While a case waits for its answer."""
    return Letter((FOLLOW_UP.with_(reference=reference, date=by),))


def late(reference: str, by: date) -> Letter:
    """When the promised date has passed without an answer."""
    return Letter((LATE.with_(reference=reference, date=by),))

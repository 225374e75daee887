"""Reporting a problem: what it is about, what happened, where, when, what is wished, and how to be answered."""

from __future__ import annotations

from actions.flow import Flow, OneOf, Prose, Question
from actions.programme import Programme
from actions.words import N_, Wording

ANONYMOUS, REACHABLE = "anonymous", "reachable"


def _categories(programme: Programme) -> tuple[tuple[str, Wording], ...]:
    return tuple((each.key, each.label) for each in programme.categories)


def _days(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return (
        ("today", N_("Today")),
        ("yesterday", N_("Yesterday")),
        ("this_week", N_("In the last seven days")),
        ("earlier", N_("Longer ago")),
    )


def _ways(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return (
        (REACHABLE, N_("Answer me in this chat")),
        (ANONYMOUS, N_("Stay anonymous: I will ask with a code")),
    )


COMPLAINT = Flow(
    "complaint",
    N_("Report a problem"),
    opening=(
        N_("We use what you tell us only to deal with your report. You can skip any question."),
        N_("Write “back”, “stop” or “why” at any time."),
    ),
    questions=(
        Question(
            "category",
            N_("What is it about?", "complaint.category"),
            N_("So that your report reaches the people who can act on it.", "complaint.category"),
            N_("About"),
            OneOf(_categories),
        ),
        Question(
            "what",
            N_("What happened? Write it in your own words, or send a voice message or a photo.", "complaint.what"),
            N_("We can only act on what we understand. Say as much or as little as you like.", "complaint.what"),
            N_("What happened"),
            Prose(),
        ),
        Question(
            "where",
            N_("Where did it happen? A village, a site or a place name is enough.", "complaint.where"),
            N_("So that we know which team to ask. You do not have to say where you live.", "complaint.where"),
            N_("Where"),
            Prose(),
        ),
        Question(
            "when",
            N_("When did it happen?", "complaint.when"),
            N_("So that we can find out who was there and whether it goes on.", "complaint.when"),
            N_("When"),
            Prose(_days),
        ),
        Question(
            "wish",
            N_("What would you like to happen?", "complaint.wish"),
            N_("So that we know what matters to you. We may not be able to do it.", "complaint.wish"),
            N_("What you would like"),
            Prose(),
        ),
        Question(
            "contact",
            N_("How should we answer you?", "complaint.contact"),
            N_("If others use this phone, a code is safer: no answer appears here by itself.", "complaint.contact"),
            N_("Answer"),
            OneOf(_ways),
        ),
    ),
)

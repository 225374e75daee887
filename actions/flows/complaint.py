"""Reporting a problem: what it is about, who should deal with it, what happened, and how far the person is known."""

from __future__ import annotations

from actions import sentences as say
from actions.flow import Flow, OneOf, Prose, Question
from actions.programme import Programme
from actions.talk import Handler, Mode, Picked, Talk
from actions.words import N_, Text, Wording

# Questions whose answers are filed apart from the answers: they decide who may read a report, and whom they know.
APART = frozenset({"handler", "name"})
_HANDLERS: dict[Handler, Text] = {"woman": N_("A woman"), "man": N_("A man"), "either": N_("No preference")}


def _categories(programme: Programme) -> tuple[tuple[str, Wording], ...]:
    return tuple((each.key, each.label) for each in programme.categories)


def _days(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return (
        ("today", N_("Today")),
        ("yesterday", N_("Yesterday")),
        ("this_week", N_("In the last seven days")),
        ("earlier", N_("Longer ago")),
    )


def _handlers(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return tuple(_HANDLERS.items())


def _modes(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return tuple(say.MODES.items())


def handler(talk: Talk) -> Handler:
    """By whom this person wants their report to be dealt with."""
    match talk.answer("complaint.handler"):
        case Picked("woman"):
            return "woman"
        case Picked("man"):
            return "man"
        case _:
            return "either"


def mode(talk: Talk) -> Mode:
    """How far this person wants to be known: not at all, unless they say otherwise."""
    match talk.answer("complaint.contact"):
        case Picked("confidential"):
            return "confidential"
        case Picked("open"):
            return "open"
        case _:
            return "anonymous"


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
            "handler",
            N_("Who should deal with your report?", "complaint.handler"),
            N_("Some things are easier to tell a woman, or a man. You need not say why.", "complaint.handler"),
            N_("Dealt with by"),
            OneOf(_handlers),
            skipped=_HANDLERS["either"],
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
            N_("How far may we know you? If you skip, you stay anonymous.", "complaint.contact"),
            N_("Anonymous is safest if others use this phone. With your code you can change it.", "complaint.contact"),
            N_("How far we know you"),
            OneOf(_modes),
            help=tuple(say.MODE_MEANS.values()),
            skipped=say.MODES["anonymous"],
        ),
        Question(
            "name",
            N_("Which name may we use?", "complaint.name"),
            N_("We use it only to deal with your report, and keep it apart from what you told.", "complaint.name"),
            N_("Name"),
            Prose(),
            when=lambda talk: mode(talk) == "open",
        ),
    ),
)

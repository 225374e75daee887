"""Questions that more than one flow asks, each said once."""

from __future__ import annotations

from actions import sentences as say
from actions.flow import OneOf, Prose, Question
from actions.programme import Programme
from actions.talk import Handler, Mode, Party, Talk, Terms, Writing
from actions.words import N_, Text, Wording

HANDLERS: dict[Handler, Text] = {"woman": N_("A woman"), "man": N_("A man"), "either": N_("No preference")}
_PARTIES: dict[Party, Text] = {
    "self": N_("Me or my family"),
    "other": N_("Somebody else"),
    "group": N_("A group or a whole place"),
}
WRITING: dict[Writing, Text] = {
    "yes": N_("Yes, write to me here"),
    "neutral": N_("Yes, but only “You have a message”"),
    "no": N_("No, I come and look myself"),
}
_HOURS: dict[str, tuple[Text, tuple[int, int]]] = {
    "any": (N_("At any time"), (0, 24)),
    "morning": (N_("In the morning (6 to 12)"), (6, 12)),
    "afternoon": (N_("In the afternoon (12 to 18)"), (12, 18)),
    "evening": (N_("In the evening (18 to 22)"), (18, 22)),
}
YES, NO = N_("Yes"), N_("No")
# What stands in the list of categories without being one: no case is made of it (Decision 1).
VIOLENCE, BY_OTHERS = "violence", N_("Violence by a relative or by somebody else")


def _listed(*, violence: bool) -> OneOf:
    def listed(programme: Programme) -> tuple[tuple[str, Wording], ...]:
        found = tuple((each.key, each.label) for each in programme.listed)
        return (*found, (VIOLENCE, BY_OTHERS)) if violence else found

    return OneOf(listed)


def _areas(programme: Programme) -> tuple[tuple[str, Wording], ...]:
    return tuple((each.key, each.label) for each in programme.areas)


def _days(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return (
        ("today", N_("Today")),
        ("yesterday", N_("Yesterday")),
        ("this_week", N_("In the last seven days")),
        ("earlier", N_("Longer ago")),
    )


def _fixed(**options: Text) -> OneOf:
    return OneOf(lambda _: tuple(options.items()))


def handler(talk: Talk) -> Handler:
    """By whom this person wants their report to be dealt with."""
    match talk.picked("handler"):
        case "woman" | "man" as wanted:
            return wanted
        case _:
            return "either"


def mode(talk: Talk) -> Mode:
    """How far this person wants to be known: not at all, unless they say otherwise."""
    match talk.picked("contact"):
        case "confidential" | "open" as wanted:
            return wanted
        case _:
            return "anonymous"


def party(talk: Talk) -> Party:
    """For whom this person speaks."""
    match talk.picked("party"):
        case "other" | "group" as whom:
            return whom
        case _:
            return "self"


def terms(talk: Talk, flow: str) -> Terms | None:
    """On which terms the person may be written to, from what they answered in a flow; None where nothing was asked.

    On a telephone that others use, only the neutral line is ever shown.
    """
    picked = {name.removeprefix(f"{flow}."): getattr(answer, "option", "") for name, answer in talk.answers}
    if not {"write", "others"} & picked.keys():
        return None
    write: Writing = "yes" if picked.get("write") == "yes" else "neutral" if picked.get("write") == "neutral" else "no"
    shared = picked.get("others") == "yes" and write == "yes"
    return Terms("neutral" if shared else write, _HOURS.get(picked.get("hours", ""), _HOURS["any"])[1])


def _reachable(talk: Talk) -> bool:
    """Whether it is still to be said how this person may be written to."""
    return mode(talk) != "anonymous" and talk.terms is None


def _written_to(talk: Talk) -> bool:
    return _reachable(talk) and talk.picked("write") in ("yes", "neutral")


CATEGORY = Question(
    "category",
    N_("What is it about?", "complaint.category"),
    N_("So that your report reaches the people who can act on it.", "complaint.category"),
    N_("About"),
    _listed(violence=True),
)
HANDLER = Question(
    "handler",
    N_("Who should deal with your report?", "complaint.handler"),
    N_("Some things are easier to tell a woman, or a man. You need not say why.", "complaint.handler"),
    N_("Dealt with by"),
    OneOf(lambda _: tuple(HANDLERS.items())),
    skipped=HANDLERS["either"],
)
PARTY = Question(
    "party",
    N_("About whom is it?", "complaint.party"),
    N_("So that we know whether to ask somebody else before we do anything.", "complaint.party"),
    N_("About whom"),
    OneOf(lambda _: tuple(_PARTIES.items())),
)
AGREED = Question(
    "agreed",
    N_("Does this person know that you tell us, and agree?", "complaint.agreed"),
    N_("Without their agreement we write to nobody about them, and tell their family nothing.", "complaint.agreed"),
    N_("They agree"),
    _fixed(yes=YES, no=NO, unsure=N_("I do not know")),
    when=lambda talk: party(talk) == "other",
)
REACH = Question(
    "reach",
    N_("How can our staff meet this person safely? You can skip this.", "complaint.reach"),
    N_("Only if they want to be met. We use nothing but what you write here.", "complaint.reach"),
    N_("How to meet them"),
    Prose(),
    when=lambda talk: party(talk) == "other" and talk.picked("agreed") == "yes",
    private=True,
)
WHAT = Question(
    "what",
    N_("What happened? Write it in your own words, or send a voice message or a photo.", "complaint.what"),
    N_("We can only act on what we understand. Say as much or as little as you like.", "complaint.what"),
    N_("What happened"),
    Prose(more=True),
)
WHERE = Question(
    "where",
    N_("Where did it happen? A village, a site or a place name is enough.", "complaint.where"),
    N_("So that we know which team to ask. You do not have to say where you live.", "complaint.where"),
    N_("Where"),
    Prose(_areas),
)
WHEN = Question(
    "when",
    N_("When did it happen?", "complaint.when"),
    N_("So that we can find out who was there and whether it goes on.", "complaint.when"),
    N_("When"),
    Prose(_days),
)
WISH = Question(
    "wish",
    N_("What would you like to happen?", "complaint.wish"),
    N_("So that we know what matters to you. We may not be able to do it.", "complaint.wish"),
    N_("What you would like"),
    Prose(),
)
RELATION = Question(
    "relation",
    N_("Do you get help from us now?", "complaint.relation"),
    N_(
        "Everybody can write to us and is answered in the same time. It only helps us to look it up.",
        "complaint.relation",
    ),
    N_("Gets help from us"),
    _fixed(yes=YES, no=NO, rather_not=N_("I would rather not say")),
)
CONTACT = Question(
    "contact",
    N_("How far may we know you? If you skip, you stay anonymous.", "complaint.contact"),
    N_("Anonymous is safest if others use this phone. With your code you can change it.", "complaint.contact"),
    N_("How far we know you"),
    OneOf(lambda _: tuple(say.MODES.items())),
    help=tuple(say.MODE_MEANS.values()),
    skipped=say.MODES["anonymous"],
)
NAME = Question(
    "name",
    N_("Which name may we use?", "complaint.name"),
    N_("We use it only to deal with your report, and keep it apart from what you told.", "complaint.name"),
    N_("Name"),
    Prose(),
    when=lambda talk: mode(talk) == "open",
    private=True,
)
OTHERS = Question(
    "others",
    N_("Does anybody else use this phone or see its messages?", "complaint.others"),
    N_("If so, we never show a word of your case by ourselves, only that there is a message.", "complaint.others"),
    N_("Others use this phone"),
    _fixed(yes=YES, no=NO),
    when=_reachable,
)
WRITE = Question(
    "write",
    N_("When we have an answer, may we write to you here?", "complaint.write"),
    N_("If you skip, we do not write first. The answer waits until you write to us.", "complaint.write"),
    N_("We may write"),
    OneOf(lambda _: tuple(WRITING.items())),
    when=_reachable,
)
HOURS = Question(
    "hours",
    N_("At what time of day is it safe?", "complaint.hours"),
    N_("So that no message comes while somebody else may hold the phone.", "complaint.hours"),
    N_("Safe time"),
    OneOf(lambda _: tuple((key, label) for key, (label, _) in _HOURS.items())),
    when=_written_to,
)
# How far a person is known, and on which terms they may be written to.
KNOWN = (CONTACT, NAME, OTHERS, WRITE, HOURS)
# Questions whose answers are filed apart from the answers: they decide who may read a report, and whom they know.
APART = frozenset({"handler", "name", "others", "write", "hours", "party", "agreed"})


def areas(programme: Programme) -> tuple[tuple[str, Wording], ...]:
    """The areas as options."""
    return _areas(programme)

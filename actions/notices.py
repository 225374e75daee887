"""What is said without being asked: follow-ups, late answers, the line under announcements, the list of commands."""

from __future__ import annotations

from datetime import date

from actions import sentences as say
from actions.programme import Programme, RedLines, Site
from actions.words import N_, Choice, Letter, Text, Words

FOLLOW_UP = N_("We have not forgotten your message {reference}. You hear from us by {date}.")
LATE = N_("We are late with your message {reference}. We are sorry. You hear from us by {date}.")
EXPIRING = N_("Your message {reference} is closed. We erase it on {date}. Write to us before if you still need it.")
REVEALED = N_(
    "A member of our staff has looked at who sent message {reference}, and wrote down why. You can ask us about it."
)
ERASED = N_("Your message {reference} is erased. Its code leads nowhere now.")
MODE_CHANGED = N_("Somebody with the code of message {reference} has changed how far its sender is known.")
REOPENED = N_("We deal with your message {reference} again. You hear from us by {date}.")
CLOSED = N_("This conversation is closed. You can write to us again at any time.")
MOVED = N_("Another team now deals with your message {reference}. The former team cannot read it any more.")
STOP_LINE = N_("Write STOP to end these updates.")
# What may stand on a locked screen that others see: no name, no case, no word of what it is about (R108).
KNOCK = N_("You have a message. Write or tap to read it.")
KNOCK_READ = N_("Read it", "neutral line")
GROUP_PRIVATE = N_("Please write to me in private; nothing is dealt with in this group.")
RED_LINES_CHANGED = N_("What we never do, and cannot do, has changed. This holds now (of {version}):")
CONSULTED = N_("We asked you, and you answered. This is what was suggested and what was decided:")
ACCEPTED = N_("{what}: accepted. {why}")
NOT_ACCEPTED = N_("{what}: not accepted. {why}")
HEARD = N_("We heard you. The decision stays with {organisation}.")
SITE = N_("{site}: {place} · {hours} · {phone}")

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
GROUP_COMMANDS: tuple[tuple[str, Text], ...] = (
    ("link", N_("Link this group with a code from us", "command")),
    ("contact", N_("How you reach us", "command")),
)


def follow_up(reference: str, by: date) -> Letter:
    """While a case waits for its answer."""
    return Letter((FOLLOW_UP.with_(reference=reference, date=by),))


def late(reference: str, by: date) -> Letter:
    """When the promised date has passed without an answer."""
    return Letter((LATE.with_(reference=reference, date=by),))


def expiring(reference: str, on: date) -> Letter:
    """Before a closed case is erased because its time is over."""
    return Letter((EXPIRING.with_(reference=reference, date=on),))


def revealed(reference: str) -> Letter:
    """When somebody of the staff has opened the name or the voice behind a case."""
    return Letter((REVEALED.with_(reference=reference),))


def erased(reference: str) -> Letter:
    """When a case was erased, not by its person."""
    return Letter((ERASED.with_(reference=reference),))


def mode_changed(reference: str) -> Letter:
    """When the code was used to change how far the person is known, perhaps from another phone."""
    return Letter((MODE_CHANGED.with_(reference=reference),))


def reopened(reference: str, answer: date) -> Letter:
    """When a closed case is dealt with again."""
    return Letter((REOPENED.with_(reference=reference, date=answer),))


def closed(reference: str) -> Letter:
    """When a case is closed: whether what came of it is all right can be said with one tap (R26)."""
    choices = (Choice(f"helped.{reference}~{key}", label) for key, label in say.HELPED.items())
    return Letter((CLOSED, say.DID_IT_HELP), tuple(choices))


def moved(reference: str) -> Letter:
    """When a case went to another desk."""
    return Letter((MOVED.with_(reference=reference),))


def knock() -> Letter:
    """That something waits, to somebody who wants no more than that to be seen; the button counts as writing."""
    return Letter((KNOCK,), (Choice("start", KNOCK_READ),))


def red_lines_changed(lines: RedLines) -> Letter:
    """To partner groups when the red lines have another version (R09)."""
    return Letter((RED_LINES_CHANGED.with_(version=lines.version), *lines.lines))


def consulted(groups: tuple[tuple[Words, bool, Words], ...], organisation: Words) -> Letter:
    """The answer to a consultation: each suggestion, whether it is accepted, and why (R10)."""
    told = tuple((ACCEPTED if accepted else NOT_ACCEPTED).with_(what=what, why=why) for what, accepted, why in groups)
    return Letter((CONSULTED, *told, HEARD.with_(organisation=organisation)))


def written_in(answer: Letter) -> tuple[str, ...]:
    """In which languages every suggestion of an answer is written, reason and all; English is."""
    texts = [each for each in answer.paragraphs if isinstance(each, Text) and each.msgid != HEARD.msgid]
    words = [dict(value.by_language) for each in texts for _, value in each.values if isinstance(value, Words)]
    return tuple(each for each in (words[0] if words else ()) if all(each in one for one in words))


def group_private(link: str) -> Letter:
    """To a group in which somebody wrote what belongs in private; nothing of it is repeated."""
    return Letter((GROUP_PRIVATE, link) if link else (GROUP_PRIVATE,))


def contact(programme: Programme) -> Letter:
    """How people reach us without this chat."""
    return Letter((programme.contact, *map(_site, programme.sites)))


def _site(site: Site) -> Text:
    return SITE.with_(site=site.label, place=site.place, hours=site.hours, phone=site.phone)

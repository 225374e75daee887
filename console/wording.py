"""What stands in a report as a key, in the words staff read: channel, terms of contact, consents, for whom it is."""

from __future__ import annotations

from actions.talk import Terms

_CHANNELS = {
    "web": "web chat", "telegram": "Telegram", "whatsapp": "WhatsApp", "desk": "help desk", "phone": "telephone",
    "letter": "letter", "box": "box",
}  # fmt: skip
_CONSENTS = {
    "report": "to keep and pass on what was told", "unfinished": "to pass it on although it was not finished",
    "refer": "to ask others for help on their behalf", "evidence": "to keep files unchanged, as evidence",
    "statistics": "to count it without a name", "publish": "to publish it without a name",
    "contact": "to be written to",
}  # fmt: skip
_PARTIES = {"other": "for somebody else", "group": "for a group"}
_AGREED = {"yes": "who has agreed", "no": "who has not agreed"}


def channel(key: str) -> str:
    """How it came (R42)."""
    return _CHANNELS.get(key, key)


def terms(said: Terms | None) -> str:
    """How the person may be written to."""
    if said is None:
        return "Said nothing about it"
    match said.write:
        case "no":
            return "Comes back alone; an answer waits until then"
        case "neutral":
            return f"May be written to with a neutral line, {_hours(said.hours)}"
        case "yes":
            return f"May be written to in full, {_hours(said.hours)}"


def _hours(hours: tuple[int, int]) -> str:
    return "at any time" if hours == (0, 24) else f"{hours[0]}\u2013{hours[1]}"


def consent(point: str) -> str:
    """What was agreed to."""
    return _CONSENTS.get(point, point)


def party(who: str, agreed: str) -> str:
    """For whom a person speaks; nothing where it is for themselves."""
    about = _PARTIES.get(who, "")
    if who != "other":
        return about
    return f"{about}, {_AGREED.get(agreed, 'who may not know of it')}"

"""What cannot be opened was changed or damaged: it is told, noted in the audit, and stands in nobody's way."""

from __future__ import annotations

from actions import sentences as say
from actions.words import Letter, Text, to_json
from store import audit, letters, people
from store.db import Tx
from store.locks import Lock

_BOT = "bot"


def letter(tx: Tx, id_: int, key: str, address: str, lock: Lock, now: int, *, pushed: bool = False) -> None:
    """A letter: given up, and the person is told that there was one."""
    letters.give_up(tx, id_, "unopenable")
    audit.note(tx, now, _BOT, "could not open", f"outbox/{id_}")
    _tell(tx, f"{key}{letters.BROKEN}", address, say.LETTER_BROKEN, lock, now, pushed=pushed)


def talk(tx: Tx, key: str, address: str, lock: Lock, now: int, *, pushed: bool = False) -> None:
    """A talk: it begins again, and the person is told."""
    audit.note(tx, now, _BOT, "could not open", f"talks/{address}")
    _tell(tx, f"{key}{letters.BROKEN}", address, say.TALK_BROKEN, lock, now, pushed=pushed)


def address(tx: Tx, id_: int, where: str, now: int) -> None:
    """Where a letter goes to: it waits until its person writes again, and goes there."""
    people.unreachable(tx, where)
    letters.give_up(tx, id_, "unreachable")
    audit.note(tx, now, _BOT, "could not open", f"addresses/{where}")


def _tell(tx: Tx, key: str, to: str, said: Text, lock: Lock, now: int, *, pushed: bool) -> None:
    letters.post(tx, key, to, to_json(Letter((said,))), letters.Lane.REPLY, lock, now, pushed=pushed)

"""Founding the house: tables, the bot's keys, the desks' keys, and the first member's invitation."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from store import anchors, keys, opening, staff
from store.db import Store, Tx
from store.migrating import migrate
from store.pocket import Held, Pocket
from store.sealing import Recipient
from store.unsealing import Identity

FIRST = "founding"
_FOREVER = 1 << 40
_FOREIGN = (
    "keys/bot.json in AMANA_HOME is missing or is not the bot key of this database: letters sealed for the other could "
    "never be read. Set AMANA_HOME or AMANA_DATABASE_URL right, or restore the file."
)


class Unfounded(Exception):
    """This folder and this database do not belong together, or the programme wants what was never founded."""


def found(store: Store, home: Path, desks: Sequence[str], now: int) -> str | None:
    """Make what is missing, change nothing that is there; the first invitation's token while nobody has enrolled."""
    migrate(store)
    if not (home / "keys" / "bot.json").exists() and store.read(keys.has_bot):
        raise Unfounded(_FOREIGN)
    pocket, public = _pocket(home / "keys" / "bot.json"), _signer(home / "keys" / "audit.json")
    store.do(lambda tx: _sign_with(tx, public, now))
    return store.do(lambda tx: _found(tx, pocket, home / "keys" / "first-invitation", desks, now))


def _signer(path: Path) -> bytes:
    return anchors.load(path).public if path.exists() else anchors.new(path)


def _sign_with(tx: Tx, public: bytes, now: int) -> None:
    """The key that signs the audit's heads is known; one that was lost is followed by another."""
    if keys.current(tx, "audit", "audit") != Recipient(public):
        keys.publish(tx, "audit", "audit", Recipient(public), now)


def _pocket(path: Path) -> Pocket:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        Held.new().write_first(path)
    return Pocket.load(path)


def _found(tx: Tx, pocket: Pocket, note: Path, desks: Sequence[str], now: int) -> str | None:
    # While the bot's key is rotated, the one that is published may not be the newest yet.
    if keys.has_bot(tx) and keys.bot(tx) not in [each.recipient for each in pocket.held.keys]:
        raise Unfounded(_FOREIGN)
    keys.publish(tx, "bot", "bot", pocket.recipient, now)
    missing = [name for name in desks if name not in keys.desk_names(tx)]
    if missing and staff.every(tx):
        raise Unfounded(
            f"the programme's desks.toml names the desk {missing[0]}, which has no key yet, so nobody could open its "
            f"cases. Make one and say who works there: amana keys desk {missing[0]} --for SIGN-IN-NAME."
        )
    new = {name: Identity.new() for name in missing}
    for name, identity in new.items():
        keys.publish(tx, "desk", name, identity.recipient, now)
    if staff.every(tx):
        note.unlink(missing_ok=True)
        return None
    token = _token(note)
    id_, identity = opening.invitation_identity(token)
    staff.invite(tx, id_, identity.recipient.public, FIRST, now, _FOREVER)
    for name, key in new.items():
        opening.give(tx, name, key, id_, identity.recipient)
    return token


def _token(note: Path) -> str:
    # Kept until it is used, readable by its owner only: a lost link would mean cases that nobody can ever open.
    if not note.exists():
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
    return note.read_text()

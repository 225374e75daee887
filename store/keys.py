"""Public keys by what they are for: the bot's, and each desk's."""

from __future__ import annotations

import sqlalchemy as sa

from store.db import Tx
from store.schema import desks, keys
from store.sealing import Recipient


class NoKey(Exception):
    """There is no such public key in the store; run `amana run` or `amana staff invite` once to found the house."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: {self.__doc__}")


def publish(tx: Tx, kind: str, name: str, recipient: Recipient, now: int) -> None:
    """Put a public key where everybody finds it."""
    tx.new(keys, id=recipient.id.hex(), kind=kind, name=name, public=recipient.public, made=now)
    if kind == "desk":
        tx.put(desks, name=name, key_id=recipient.id.hex())


def has_bot(tx: Tx) -> bool:
    """Whether the bot's key is published."""
    return tx.row(sa.select(keys.c.id).where(keys.c.kind == "bot")) is not None


def bot(tx: Tx) -> Recipient:
    """Whom letters and addresses are sealed for."""
    row = tx.row(sa.select(keys.c.public).where(keys.c.kind == "bot").order_by(keys.c.made.desc()).limit(1))
    if row is None:
        raise NoKey("bot")
    return Recipient(row.public)


def desk(tx: Tx, name: str) -> Recipient:
    """Whom the entries of a desk's cases are sealed for."""
    row = tx.row(sa.select(keys.c.public).join(desks, desks.c.key_id == keys.c.id).where(desks.c.name == name))
    if row is None:
        raise NoKey(name)
    return Recipient(row.public)


def desk_names(tx: Tx) -> tuple[str, ...]:
    """Every desk there is."""
    return tuple(row.name for row in tx.rows(sa.select(desks.c.name).order_by(desks.c.name)))


def every(tx: Tx) -> list[tuple[str, str, str]]:
    """Kind, name and fingerprint of every public key."""
    return [(row.kind, row.name, row.id) for row in tx.rows(sa.select(keys).order_by(keys.c.made, keys.c.id))]

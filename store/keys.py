"""Public keys by what they are for: the bot's, each desk's, recovery's, the audit's; the newest of each is current."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from store.db import StoreUnavailable, Tx
from store.schema import desks, keys
from store.sealing import Recipient

_CURRENT, _OLD = "current", "old"
# Current as well, and somebody has to put another in its place: a member has left, or a rotation is not finished.
_DUE = "due"
_LIVE = (_CURRENT, _DUE)


class NoKey(Exception):
    """There is no such public key in the store; run `amana run` or `amana staff invite` once to found the house."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: {self.__doc__}")


class WrongKey(StoreUnavailable):
    """Somebody changed a public key in the database: nothing is sealed for it, so nothing can be kept."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the public key of the desk {name} is not the one that it says; look at `amana keys`")


def publish(tx: Tx, kind: str, name: str, recipient: Recipient, now: int) -> None:
    """Put a public key where everybody finds it; it takes the place of the one before, which stays known as old."""
    if kind == "desk":
        # Whoever seals for the desk holds this row until it has committed, so nothing is sealed for the old key later.
        tx.put(desks, name=name, key_id=recipient.id.hex())
    tx.do(sa.update(keys).where(keys.c.kind == kind, keys.c.name == name).values(state=_OLD))
    id_ = recipient.id.hex()
    if not tx.new(keys, id=id_, kind=kind, name=name, public=recipient.public, made=now, state=_CURRENT):
        tx.do(sa.update(keys).where(keys.c.id == id_).values(state=_CURRENT))


def has_bot(tx: Tx) -> bool:
    """Whether the bot's key is published."""
    return tx.row(sa.select(keys.c.id).where(keys.c.kind == "bot")) is not None


def bot(tx: Tx) -> Recipient:
    """Whom letters and addresses are sealed for."""
    found = current(tx, "bot", "bot")
    if found is None:
        raise NoKey("bot")
    return found


def current(tx: Tx, kind: str, name: str) -> Recipient | None:
    """The current key of that kind and name."""
    row = tx.row(
        sa.select(keys.c.public).where(keys.c.kind == kind, keys.c.name == name, keys.c.state.in_(_LIVE)).limit(1)
    )
    return Recipient(row.public) if row else None


def ask_turn(tx: Tx, kind: str, name: str) -> None:
    """Another key has to take the place of the current one as soon as somebody can see to it."""
    mine = (keys.c.kind == kind, keys.c.name == name, keys.c.state == _CURRENT)
    tx.do(sa.update(keys).where(*mine).values(state=_DUE))


def turns_due(tx: Tx, kind: str) -> tuple[str, ...]:
    """The names of those of a kind whose current key was asked to be replaced."""
    wanted = sa.select(keys.c.name).where(keys.c.kind == kind, keys.c.state == _DUE).order_by(keys.c.name)
    return tuple(row.name for row in tx.rows(wanted))


def note(tx: Tx, kind: str, id_: str, now: int, *, due: bool = False) -> None:
    """Note since when a secret key is the newest of its kind, by its fingerprint: it has no public half."""
    tx.do(sa.update(keys).where(keys.c.kind == kind, keys.c.id != id_).values(state=_OLD))
    state = _DUE if due else _CURRENT
    if not tx.new(keys, id=id_, kind=kind, name=kind, public=bytes.fromhex(id_), made=now, state=state):
        tx.do(sa.update(keys).where(keys.c.id == id_).values(state=state))


def since(tx: Tx, id_: str) -> int | None:
    """Since when a key is known."""
    row = tx.row(sa.select(keys.c.made).where(keys.c.id == id_))
    return int(row.made) if row else None


def settled(tx: Tx, id_: str) -> bool:
    """Whether a key is current and nobody has asked for another."""
    return tx.row(sa.select(keys.c.id).where(keys.c.id == id_, keys.c.state == _CURRENT)) is not None


def desk(tx: Tx, name: str) -> Recipient:
    """Whom the entries of a desk's cases are sealed for."""
    here = tx.row(tx.sharing(sa.select(desks.c.key_id).where(desks.c.name == name)))
    row = tx.row(sa.select(keys.c.public).where(keys.c.id == here.key_id)) if here else None
    if here is None or row is None:
        raise NoKey(name)
    if Recipient(row.public).id.hex() != here.key_id:
        raise WrongKey(name)
    return Recipient(row.public)


def current_of(tx: Tx) -> dict[str, str]:
    """Desk -> the id of the key that its cases are sealed for."""
    return {row.name: row.key_id for row in tx.rows(sa.select(desks))}


def desk_names(tx: Tx) -> tuple[str, ...]:
    """Every desk there is."""
    return tuple(row.name for row in tx.rows(sa.select(desks.c.name).order_by(desks.c.name)))


@dataclass(frozen=True, slots=True)
class Published:
    """A public key as it is shown: what for, fingerprint, since when, whether it is current and due to be replaced."""

    kind: str
    name: str
    id: str
    made: int
    current: bool
    due: bool = False


def every(tx: Tx) -> list[Published]:
    """Every public key there is or was, the oldest first."""
    rows = tx.rows(sa.select(keys).order_by(keys.c.made, keys.c.id))
    return [Published(row.kind, row.name, row.id, row.made, row.state in _LIVE, row.state == _DUE) for row in rows]


def drop(tx: Tx, id_: str) -> None:
    """Nothing is under this old key any more: it need not be known."""
    tx.do(sa.delete(keys).where(keys.c.id == id_, keys.c.state == _OLD))

"""Passages of a case that wait for an interpreter, each sealed for that member alone and gone once it is settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

import sqlalchemy as sa

from store.db import Tx
from store.places import Place
from store.schema import entries, relays
from store.sealing import Recipient, seal

# The kind of entry that an interpretation becomes.
ENTRY = "interpretation"


@dataclass(frozen=True, slots=True)
class Relay:
    """One passage: of which case, to whom, by whom; `promised` when they have said that they tell nobody."""

    id: str
    case: str
    to: str
    by: str
    language: str
    at: int
    promised: bool
    sealed: bytes = field(repr=False)

    @property
    def place(self) -> Place:
        """Where the passage belongs."""
        return place(self.id)

    @property
    def entry(self) -> str:
        """Under which name its interpretation stands in the case."""
        return entry_of(self.id)


def place(id_: str) -> Place:
    """Where a passage belongs."""
    return Place("relays", id_, "passage")


def entry_of(id_: str) -> str:
    """Under which name the interpretation of a passage stands in its case: always the same, so a repeat is harmless."""
    return sha256(f"relay/{id_}".encode()).hexdigest()[:24]


def ask(tx: Tx, id_: str, case: str, to: str, key: Recipient, passage: str, by: str, language: str, now: int) -> bool:
    """Hand a passage to an interpreter, sealed for their own key; whether it is new."""
    sealed = seal(passage.encode(), place(id_), [key])
    return tx.new(
        relays, id=id_, case_ref=case, to_staff=to, by=by, language=language, at=now, promised=False, sealed=sealed
    )


def get(tx: Tx, id_: str) -> Relay | None:
    """The passage of that name."""
    row = tx.row(sa.select(relays).where(relays.c.id == id_))
    return _relay(row) if row else None


def of_case(tx: Tx, case: str) -> list[Relay]:
    """What of a case waits for interpreters, oldest first."""
    wanted = sa.select(relays).where(relays.c.case_ref == case)
    return [_relay(row) for row in tx.rows(wanted.order_by(relays.c.at, relays.c.id))]


def waiting(tx: Tx, member: str) -> list[Relay]:
    """What waits for a member, oldest first."""
    wanted = sa.select(relays).where(relays.c.to_staff == member)
    return [_relay(row) for row in tx.rows(wanted.order_by(relays.c.at, relays.c.id))]


def waits(tx: Tx, member: str) -> bool:
    """Whether anything waits for a member."""
    return tx.row(sa.select(relays.c.id).where(relays.c.to_staff == member).limit(1)) is not None


def promise(tx: Tx, id_: str) -> bool:
    """The interpreter tells nobody what they read; whether they had not said so before."""
    new = sa.update(relays).where(relays.c.id == id_, relays.c.promised.is_(False))
    return tx.do(new.values(promised=True)).rowcount == 1


def interpreted(tx: Tx, id_: str, by: str) -> bool:
    """Whether this member has interpreted that passage."""
    theirs = (entries.c.id == entry_of(id_), entries.c.kind == ENTRY, entries.c.by == by)
    return tx.row(sa.select(entries.c.id).where(*theirs)) is not None


def drop(tx: Tx, id_: str) -> bool:
    """It is interpreted, declined or taken back; whether it still waited."""
    return tx.do(sa.delete(relays).where(relays.c.id == id_)).rowcount == 1


def drop_of(tx: Tx, case: str, member: str | None = None) -> None:
    """Nothing of this case waits any more, for anybody or for one member."""
    gone = sa.delete(relays).where(relays.c.case_ref == case)
    tx.do(gone if member is None else gone.where(relays.c.to_staff == member))


def drop_to(tx: Tx, member: str) -> None:
    """Nothing waits for this member any more."""
    tx.do(sa.delete(relays).where(relays.c.to_staff == member))


def _relay(row: sa.Row[tuple[object, ...]]) -> Relay:
    return Relay(row.id, row.case_ref, row.to_staff, row.by, row.language, row.at, row.promised, row.sealed)

"""Addresses, talks and what has come in: one row a person, found by an opaque name."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store import letters, tombstones
from store.db import Tx
from store.places import Place
from store.schema import (
    addresses,
    cases,
    diary,
    entries,
    inbox,
    link_codes,
    offsets,
    outbox,
    subscribers,
    talks,
    traces,
)
from store.tombstones import Why

DAY = 24 * 3600
_WAITING, _DONE, _PARKED = "waiting", "done", "parked"
# What every turn asks is built once.
_REACHABLE = sa.select(addresses.c.reachable, addresses.c.seen).where(addresses.c.id == sa.bindparam("id"))
_PARTICULARS = sa.select(addresses.c.sealed).where(addresses.c.id == sa.bindparam("id"))
_TALK = sa.select(talks.c.sealed).where(talks.c.address == sa.bindparam("address"))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that was taken in and waits to be worked on."""

    seq: int
    key: str
    channel: str
    address: str
    sealed: bytes | None
    silence: str | None
    attempts: int


def particulars_place(address: str) -> Place:
    """Where the particulars of an address belong."""
    return Place("addresses", address, "particulars")


def talk_place(address: str) -> Place:
    """Where the talk of an address belongs."""
    return Place("talks", address, "talk")


def update_place(key: str) -> Place:
    """Where an update that waits in the inbox belongs."""
    return Place("inbox", key, "update")


def known_as(tx: Tx, names: Sequence[str]) -> str:
    """Which of somebody's names, newest first, is their address here; the newest when none is."""
    known = {row.id for row in tx.rows(sa.select(addresses.c.id).where(addresses.c.id.in_(names)))}
    return next((each for each in names if each in known), names[0])


def _heard(tx: Tx, others: Sequence[str]) -> bool:
    return bool(others) and tx.row(sa.select(inbox.c.seq).where(inbox.c.key.in_(others)).limit(1)) is not None


def claim(tx: Tx, key: str, channel: str, now: int, others: Sequence[str] = ()) -> bool:
    """Take a message in and work on it in this very transaction; False when it was heard before.

    `others` are its names under other lookup keys: it may have been heard under one of these.
    """
    return not _heard(tx, others) and tx.new(inbox, key=key, channel=channel, state=_DONE, attempts=1, at=now)


def take_in(
    tx: Tx, key: str, channel: str, address: str, sealed: bytes, now: int, others: Sequence[str] = ()
) -> bool:  # fmt: skip
    """Take a message in to be worked on later; False when it was heard before."""
    return not _heard(tx, others) and tx.new(
        inbox, key=key, channel=channel, address=address, state=_WAITING, attempts=0, sealed=sealed, at=now
    )


def take_silence(tx: Tx, key: str, channel: str, address: str, name: str, now: int) -> bool:
    """A noted time has come: it is an event of that person's talk like a message."""
    return tx.new(inbox, key=key, channel=channel, address=address, state=_WAITING, attempts=0, silence=name, at=now)


def waiting(tx: Tx, channels: tuple[str, ...], most: int = 50) -> list[Incoming]:
    """The oldest message of each address that waits, oldest first."""
    older = inbox.alias()
    first = ~sa.exists().where(older.c.address == inbox.c.address, older.c.state == _WAITING, older.c.seq < inbox.c.seq)
    wanted = sa.select(inbox).where(inbox.c.state == _WAITING, inbox.c.channel.in_(channels), first)
    return [
        Incoming(row.seq, row.key, row.channel, row.address, row.sealed, row.silence, row.attempts)
        for row in tx.rows(wanted.order_by(inbox.c.seq).limit(most))
    ]


def worked(tx: Tx, seq: int, address: str | None = None) -> bool:
    """A waiting message is being worked on in this transaction; False when another worker has done it.

    False as well when it is not this address's any more: that has another name now, under which it waits.
    """
    done = sa.update(inbox).where(inbox.c.seq == seq, inbox.c.state == _WAITING)
    if address is not None:
        done = done.where(inbox.c.address == address)
    return tx.do(done.values(state=_DONE, sealed=None, address=None, silence=None)).rowcount == 1


def failed(tx: Tx, seq: int, most: int) -> bool:
    """Count a failed attempt; after `most` the message is parked, kept sealed, and blocks nobody. Whether parked."""
    tx.do(sa.update(inbox).where(inbox.c.seq == seq).values(attempts=inbox.c.attempts + 1))
    return (
        tx.do(
            sa.update(inbox)
            .where(inbox.c.seq == seq, inbox.c.attempts >= most, inbox.c.state == _WAITING)
            .values(state=_PARKED)
        ).rowcount
        == 1
    )


def parked(tx: Tx) -> int:
    """How many messages could not be worked on and wait for somebody to look."""
    row = tx.row(sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state == _PARKED))
    return int(row[0]) if row else 0


def offset(tx: Tx, channel: str) -> int:
    """Up to where a polled channel was read."""
    row = tx.row(sa.select(offsets.c.value).where(offsets.c.channel == channel))
    return int(row.value) if row else 0


def move_offset(tx: Tx, channel: str, value: int) -> None:
    """Read up to here, kept together with what was read."""
    tx.put(offsets, channel=channel, value=value)


def know(tx: Tx, address: str, channel: str, kind: str, sealed: Callable[[], bytes], now: int) -> bool:
    """Remember an address; True for one that was unreachable and is reachable again, since somebody wrote from it."""
    known, today = tx.row(_REACHABLE, {"id": address}), now - now % DAY
    if known is None:
        tx.new(
            addresses, id=address, channel=channel, kind=kind, sealed=sealed(), reachable=True, letters=0,
            stone=os.urandom(16).hex(), seen=today,
        )  # fmt: skip
    elif not known.reachable or known.seen != today:
        tx.do(sa.update(addresses).where(addresses.c.id == address).values(reachable=True, seen=today))
        return not known.reachable
    return False


def readdress(tx: Tx, address: str, sealed: bytes) -> None:
    """The same address under other particulars (language, a group that moved)."""
    tx.do(sa.update(addresses).where(addresses.c.id == address).values(sealed=sealed))


def sealed_address(tx: Tx, address: str) -> bytes | None:
    """The sealed particulars of an address."""
    row = tx.row(_PARTICULARS, {"id": address})
    return row.sealed if row else None


def channel_and_kind(tx: Tx, address: str) -> tuple[str, str] | None:
    """On which channel an address is, and whether it is a `person` or a `group`."""
    row = tx.row(sa.select(addresses.c.channel, addresses.c.kind).where(addresses.c.id == address))
    return (row.channel, row.kind) if row else None


def unreachable(tx: Tx, address: str) -> None:
    """The platform says this person cannot be written to until they write again."""
    tx.do(sa.update(addresses).where(addresses.c.id == address).values(reachable=False))


def talk(tx: Tx, address: str) -> bytes | None:
    """The locked talk of an address."""
    row = tx.row(_TALK, {"address": address})
    return row.sealed if row else None


def keep(tx: Tx, address: str, sealed: bytes) -> None:
    """Keep the talk as it stands after this turn."""
    tx.put(talks, address=address, sealed=sealed)


def subscribe(tx: Tx, address: str, now: int, audience: str = "all") -> None:
    """This address wants announcements: those for all, or those for women as well."""
    if not tx.new(subscribers, address=address, at=now, audience=audience):
        tx.do(sa.update(subscribers).where(subscribers.c.address == address).values(audience=audience))


def unsubscribe(tx: Tx, address: str) -> None:
    """This address wants no announcements."""
    tx.do(sa.delete(subscribers).where(subscribers.c.address == address))


def forget(tx: Tx, address: str, why: Why, now: int) -> None:
    """Erase an address with all that is held about it; a tombstone stays."""
    erase(tx, address)
    row = tx.row(sa.select(addresses.c.stone).where(addresses.c.id == address))
    if row is not None:
        tombstones.lay(tx, "address", row.stone, why, now)
    tx.do(sa.delete(outbox).where(outbox.c.address == address))
    tx.do(sa.delete(addresses).where(addresses.c.id == address))


def erase(tx: Tx, address: str) -> None:
    """Erase all that is held about an address, and what ties it to cases; those stay and answer to their codes.

    The bare address stays until `forget`, so that its person can still be told; so does what is to be taken away from
    their chat.
    """
    tx.do(sa.delete(entries).where(entries.c.draft_of == address))
    # Cases filed from here stay, and from now on only their codes lead to them.
    tx.do(sa.update(cases).where(cases.c.address == address).values(address=None))
    # The clocks of those cases go on; they only no longer know whom to tell.
    tx.do(sa.update(diary).where(diary.c.address == address, diary.c.case_ref.is_not(None)).values(address=None))
    for table in (talks, subscribers, diary, traces):
        tx.do(sa.delete(table).where(table.c.address == address))
    tx.do(sa.delete(outbox).where(outbox.c.address == address, ~letters.leaves(outbox)))
    # A message that could not be worked on is kept for somebody to look; not for longer than its person is known.
    tx.do(sa.delete(inbox).where(inbox.c.address == address, inbox.c.state == _PARKED))
    tx.do(sa.update(link_codes).where(link_codes.c.address == address).values(address=None))


def tidy(tx: Tx, before: int, unfetched_before: int) -> None:
    """Drop the names of messages that no platform repeats any more (Meta repeats for up to 7 days)."""
    tx.do(sa.delete(inbox).where(inbox.c.state == _DONE, inbox.c.at < before))
    # A web conversation lives as long as its tab: what it has not fetched by now nobody will, and it is erased.
    tx.do(sa.delete(outbox).where(outbox.c.state == "sent", outbox.c.at < before))
    unfetched = (outbox.c.channel == "web", outbox.c.state == "waiting", outbox.c.at < unfetched_before)
    tx.do(sa.delete(outbox).where(*unfetched))

"""The outbox: letters that wait, are taken under a lease, and are settled, put off or given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import sqlalchemy as sa

from store.db import Tx
from store.locks import Lock
from store.places import Place
from store.schema import addresses, announcements, link_codes, outbox, subscribers
from store.sealing import Recipient, seal

_WAITING, _SENT, _DEAD = "waiting", "sent", "dead"
# What follows in the key of a letter that says that the letter of that key was damaged.
BROKEN = "/broken"
# What every turn does is built once.
_COUNTED = (
    sa.update(addresses)
    .where(addresses.c.id == sa.bindparam("to"))
    .values(letters=addresses.c.letters + 1)
    .returning(addresses.c.letters, addresses.c.channel)
)
_NEWER = (
    sa.select(outbox.c.id, outbox.c.n, outbox.c.key, outbox.c.sealed, outbox.c.announcement)
    .where(
        outbox.c.address == sa.bindparam("address"),
        outbox.c.n > sa.bindparam("than"),
        outbox.c.state == _WAITING,
    )
    .order_by(outbox.c.n)
    .limit(sa.bindparam("most"))
)


class Lane(IntEnum):
    """What goes first when not everything can go at once."""

    SAFETY = 0
    REPLY = 1
    FOLLOW_UP = 2
    ANNOUNCEMENT = 3


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter taken for sending: its words (sealed for the bot) or the announcement it carries."""

    id: int
    key: str
    address: str
    n: int
    lane: Lane
    attempts: int
    sealed: bytes | None
    announcement: str | None
    sealed_address: bytes


@dataclass(frozen=True, slots=True)
class Fetched:
    """A letter as a channel fetches it: its number for that address, key, and sealed words or announcement."""

    id: int
    n: int
    key: str
    sealed: bytes | None
    announcement: str | None


def post(tx: Tx, key: str, address: str, words: str, lane: Lane, bot: Recipient | Lock, now: int) -> bool:
    """Post a letter (JSON of `actions.words`) under a key that makes a repeat harmless; whether it was new.

    Others seal it for the bot's public key; the bot itself uses its lock, which is a tenth of the work.
    """
    plain, there = words.encode(), place(key)
    sealed = bot.shut(plain, there) if isinstance(bot, Lock) else seal(plain, there, [bot])
    return _post(tx, key, address, sealed, None, lane, now)


def post_announcement(tx: Tx, key: str, address: str, announcement: str, now: int) -> bool:
    """Post an announcement to one address, without knowing its words."""
    return _post(tx, key, address, None, announcement, Lane.ANNOUNCEMENT, now)


def reply_key(entry: str) -> str:
    """The key of the letter that brings an answer."""
    return f"reply/{entry}"


def place(key: str) -> Place:
    """Where a letter's words belong."""
    return Place("outbox", key, "letter")


def _post(tx: Tx, key: str, address: str, sealed: bytes | None, announcement: str | None, lane: Lane, now: int) -> bool:
    # A repeat finds its key taken and leaves a gap in the numbers, which hurts nobody.
    to = tx.do(_COUNTED, {"to": address}).first()
    return to is not None and tx.new(
        outbox, key=key, address=address, channel=to.channel, n=to.letters, lane=int(lane), state=_WAITING, attempts=0,
        not_before=0, lease_until=0, sealed=sealed, announcement=announcement, at=now,
    )  # fmt: skip


def take(
    tx: Tx, channels: tuple[str, ...], now: int, lease: int, most: int, least: Lane = Lane.ANNOUNCEMENT
) -> list[Outgoing]:
    """Lease the oldest letter of each address, the most urgent addresses first, for `lease` seconds.

    An address one of whose letters is leased or put off waits as a whole, so no letter overtakes another; an address
    is as urgent as the most urgent letter that waits for it. Addresses less urgent than `least` are left alone.
    """
    older, any_ = outbox.alias(), outbox.alias()
    first = ~sa.exists().where(older.c.address == outbox.c.address, older.c.state == _WAITING, older.c.n < outbox.c.n)
    urgency = (
        sa.select(sa.func.min(any_.c.lane))
        .where(any_.c.address == outbox.c.address, any_.c.state == _WAITING)
        .scalar_subquery()
    )
    ready = (
        sa.select(outbox.c.id)
        .where(
            outbox.c.state == _WAITING, outbox.c.channel.in_(channels),
            outbox.c.not_before <= now, outbox.c.lease_until <= now, first, urgency <= int(least),
        )
        .order_by(urgency, outbox.c.id)
        .limit(most)
    )  # fmt: skip
    ids = [row.id for row in tx.rows(tx.skipping(ready))]
    if not ids:
        return []
    leased = sa.update(outbox).where(outbox.c.id.in_(ids), outbox.c.lease_until <= now)
    tx.do(leased.values(lease_until=now + lease, attempts=outbox.c.attempts + 1))
    wanted = sa.select(outbox, addresses.c.sealed.label("sealed_address")).join(
        addresses, addresses.c.id == outbox.c.address
    )
    found = {row.id: row for row in tx.rows(wanted.where(outbox.c.id.in_(ids)))}
    return [_outgoing(found[id_]) for id_ in ids if id_ in found]


def _outgoing(row: sa.Row[tuple[object, ...]]) -> Outgoing:
    return Outgoing(
        row.id, row.key, row.address, row.n, Lane(row.lane), row.attempts, row.sealed, row.announcement,
        row.sealed_address,
    )  # fmt: skip


def newer(tx: Tx, address: str, than: int, most: int = 100) -> list[Fetched]:
    """For a channel that fetches: the letters after number `than`, oldest first."""
    rows = tx.rows(_NEWER, {"address": address, "than": than, "most": most})
    return [Fetched(row.id, row.n, row.key, row.sealed, row.announcement) for row in rows]


def behind(tx: Tx, address: str, seen: int) -> bool:
    """Whether a page has read further than this address counts: what it read was erased, and it writes again."""
    row = tx.row(sa.select(addresses.c.letters).where(addresses.c.id == address))
    return row is not None and row.letters < seen


def go_on_from(tx: Tx, address: str, seen: int) -> None:
    """Number the letters of an address from what its page has read, which shows nothing older than that."""
    tx.alone_with(address)
    if behind(tx, address, seen):
        tx.do(sa.update(outbox).where(outbox.c.address == address).values(n=outbox.c.n + seen))
        tx.do(sa.update(addresses).where(addresses.c.id == address).values(letters=addresses.c.letters + seen))


def fetched(tx: Tx, address: str, up_to: int) -> None:
    """The person's own device has every letter up to this number: their words are erased here."""
    _settle(tx, outbox.c.address == address, outbox.c.n <= up_to)


def settle(tx: Tx, id_: int) -> None:
    """The platform has taken it: its words are erased."""
    _settle(tx, outbox.c.id == id_)


def _settle(tx: Tx, *which: sa.ColumnElement[bool]) -> None:
    tx.do(sa.update(outbox).where(*which, outbox.c.state == _WAITING).values(state=_SENT, sealed=None, lease_until=0))


def later(tx: Tx, id_: int, not_before: int, trouble: str, *, count: bool = True) -> None:
    """Put it off; `count=False` when the attempt was never made (our own limits), so it does not wear out."""
    back = outbox.c.attempts - (0 if count else 1)
    tx.do(
        sa.update(outbox)
        .where(outbox.c.id == id_, outbox.c.state == _WAITING)
        .values(not_before=not_before, lease_until=0, trouble=trouble, attempts=back)
    )


def give_up(tx: Tx, id_: int, trouble: str) -> None:
    """A dead letter: kept sealed, shown to staff, in nobody's way."""
    tx.do(sa.update(outbox).where(outbox.c.id == id_).values(state=_DEAD, lease_until=0, trouble=trouble))


def dead(tx: Tx) -> list[tuple[int, str, int]]:
    """Dead letters: id, trouble, when posted."""
    wanted = sa.select(outbox.c.id, outbox.c.trouble, outbox.c.at).where(outbox.c.state == _DEAD).order_by(outbox.c.id)
    return [(row.id, row.trouble or "", row.at) for row in tx.rows(wanted)]


def moved(tx: Tx, old: str, new: str) -> None:
    """A group has another address now: what waits follows in order, and no announcement comes to it twice.

    Words are sealed for their key and not for the address, so keys stay; only an announcement's key names the address.
    """
    every = tx.rows(sa.select(outbox).where(outbox.c.address == old).order_by(outbox.c.n))
    for row in every:
        key = f"announcement/{row.announcement}/{new}" if row.announcement else row.key
        if key != row.key and tx.row(sa.select(outbox.c.id).where(outbox.c.key == key)):
            settle(tx, row.id)
            continue
        change = sa.update(outbox).where(outbox.c.id == row.id)
        tx.do(change.values(key=key))
        if row.state == _WAITING:
            counted = sa.update(addresses).where(addresses.c.id == new).values(letters=addresses.c.letters + 1)
            to = tx.do(counted.returning(addresses.c.letters)).first()
            if to is not None:
                tx.do(change.values(address=new, n=to.letters, not_before=0, lease_until=0))


def drop_about(tx: Tx, case: str, entries: Sequence[str]) -> None:
    """What was posted about a case goes, sent or not: such a letter's key ties an address to the case or an entry."""
    named = [outbox.c.key.endswith(f"/{case}", autoescape=True), outbox.c.key.contains(f"/{case}/", autoescape=True)]
    keys = [reply_key(each) for each in entries]
    told_broken = [f"{each}{BROKEN}" for each in keys]
    tx.do(sa.delete(outbox).where(sa.or_(*named, outbox.c.key.in_([*keys, *told_broken]))))


def wake(tx: Tx, address: str) -> None:
    """The person wrote again: what was given up because they could not be reached goes out after all."""
    tx.do(
        sa.update(outbox)
        .where(outbox.c.address == address, outbox.c.state == _DEAD, outbox.c.trouble == "unreachable")
        .values(state=_WAITING, attempts=0, not_before=0, trouble=None)
    )


def wanted(tx: Tx, address: str, announcement: str = "") -> bool:
    """Whether an address still wants announcements now, or this very one: a subscriber, or a linked group."""
    row = tx.row(sa.select(announcements.c.audience).where(announcements.c.id == announcement))
    from_ = for_audience(row.audience if row else "all").subquery()
    return tx.row(sa.select(from_.c.address).where(from_.c.address == address)) is not None


def for_audience(audience: str) -> sa.Select[tuple[str]] | sa.CompoundSelect[tuple[str]]:
    """Who gets such announcements: everybody who wants any and the linked groups, or who chose them and no group."""
    if audience != "all":
        return sa.select(subscribers.c.address).where(subscribers.c.audience == audience)
    linked = sa.select(link_codes.c.address).where(link_codes.c.address.is_not(None))
    return sa.union(sa.select(subscribers.c.address), linked)


def announcement_words(tx: Tx, id_: str) -> bytes | None:
    """An announcement's words, sealed for the bot among others."""
    row = tx.row(sa.select(announcements.c.sealed).where(announcements.c.id == id_))
    return row.sealed if row else None


def newest(tx: Tx) -> int:
    """The id of the newest letter: when it has changed, something was posted."""
    row = tx.row(sa.select(sa.func.max(outbox.c.id)))
    return int(row[0] or 0) if row else 0

"""The outbox: letters that wait, are taken under a lease, and are settled, put off or given up.

A letter is *pushed* when its person did not just write: then it asks on which terms they may be written to, and is
*held*, in nobody's way, until they write (`hold`, `free`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import sqlalchemy as sa

from store.db import Tx
from store.locks import Lock
from store.places import Place
from store.schema import addresses, announcements, link_codes, outbox, subscribers
from store.sealing import Recipient, seal

_WAITING, _HELD, _SENT, _DEAD = "waiting", "held", "sent", "dead"
# What may still go out.
UNSENT = (_WAITING, _HELD)
# The channel that fetches its letters itself: nothing is pushed there, and nothing can be taken away from it.
FETCHED = "web"
# What follows in the key of a letter that says that the letter of that key was damaged.
BROKEN = "/broken"
# What follows in the key of what is no letter: messages that are to be taken away from a chat. Before a person's LEAVE
# no older letter goes out any more; TAKE_AWAY is about those messages alone.
LEAVE, TAKE_AWAY = "/leave", "/take-away"
# What the key of the neutral line begins with.
KNOCK = "knock/"
# What ends the key of a letter that repeats what its person told.
CARD = "/card"
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
_FREE = (
    sa.update(outbox)
    .where(outbox.c.address == sa.bindparam("to"), outbox.c.state.in_(UNSENT), outbox.c.pushed, ~outbox.c.freed)
    .values(state=_WAITING, freed=True, not_before=0)
)
_ANSWERED = sa.update(addresses).where(addresses.c.id == sa.bindparam("to"), addresses.c.knocked).values(knocked=False)


class Lane(IntEnum):
    """What goes first when not everything can go at once."""

    SAFETY = 0
    REPLY = 1
    FOLLOW_UP = 2
    ANNOUNCEMENT = 3


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter taken for sending: its words (sealed for the bot) or the announcement it carries; `at` it was posted.

    `pushed`: its person has not written since it was posted, and did not when it was. `left`: its person has left the
    chat since, and nothing older may appear there.
    """

    id: int
    key: str
    address: str
    n: int
    lane: Lane
    attempts: int
    sealed: bytes | None
    announcement: str | None
    sealed_address: bytes
    at: int = 0
    pushed: bool = False
    left: bool = False

    @property
    def takes_away(self) -> bool:
        """Whether it is no letter but messages that are to be taken away."""
        return self.key.endswith((LEAVE, TAKE_AWAY))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A letter as a channel fetches it: its number for that address, key, and sealed words or announcement."""

    id: int
    n: int
    key: str
    sealed: bytes | None
    announcement: str | None


def post(
    tx: Tx, key: str, address: str, words: str, lane: Lane, bot: Recipient | Lock, now: int, *, pushed: bool = True
) -> bool:  # fmt: skip
    """Post a letter (JSON of `actions.words`) under a key that makes a repeat harmless; whether it was new.

    Others seal it for the bot's public key; the bot itself uses its lock, which is a tenth of the work. Only what
    answers a person's own message at once is not `pushed`.
    """
    plain, there = words.encode(), place(key)
    sealed = bot.shut(plain, there) if isinstance(bot, Lock) else seal(plain, there, [bot])
    return _post(tx, key, address, sealed, None, lane, now, pushed=pushed)


def post_announcement(tx: Tx, key: str, address: str, announcement: str, now: int) -> bool:
    """Post an announcement to one address, without knowing its words."""
    return _post(tx, key, address, None, announcement, Lane.ANNOUNCEMENT, now)


def reply_key(entry: str) -> str:
    """The key of the letter that brings an answer."""
    return f"reply/{entry}"


def place(key: str) -> Place:
    """Where a letter's words belong."""
    return Place("outbox", key, "letter")


def _post(
    tx: Tx, key: str, address: str, sealed: bytes | None, announcement: str | None, lane: Lane, now: int,
    *, pushed: bool = False,
) -> bool:  # fmt: skip
    # A repeat finds its key taken and leaves a gap in the numbers, which hurts nobody.
    to = tx.do(_COUNTED, {"to": address}).first()
    return to is not None and tx.new(
        outbox, key=key, address=address, channel=to.channel, n=to.letters, lane=int(lane), state=_WAITING, attempts=0,
        not_before=0, lease_until=0, sealed=sealed, announcement=announcement, at=now, pushed=pushed, freed=False,
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
    wanted = sa.select(outbox, addresses.c.sealed.label("sealed_address"), _left().label("left")).join(
        addresses, addresses.c.id == outbox.c.address
    )
    found = {row.id: row for row in tx.rows(wanted.where(outbox.c.id.in_(ids)))}
    return [_outgoing(found[id_]) for id_ in ids if id_ in found]


def _outgoing(row: sa.Row[tuple[object, ...]]) -> Outgoing:
    return Outgoing(
        row.id, row.key, row.address, row.n, Lane(row.lane), row.attempts, row.sealed, row.announcement,
        row.sealed_address, row.at, row.pushed and not row.freed, bool(row.left),
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
    """Put it off; `count=False` when the attempt was never made (our own limits), so it does not wear out.

    Not where its person has left meanwhile: it is taken again at once, and dropped (`let_go`).
    """
    back = outbox.c.attempts - (0 if count else 1)
    tx.do(
        sa.update(outbox)
        .where(outbox.c.id == id_, outbox.c.state == _WAITING)
        .values(not_before=sa.case((_left(), 0), else_=not_before), lease_until=0, trouble=trouble, attempts=back)
    )


# --- what is pushed, and a person who leaves -------------------------------------------------------------------------


def hold(tx: Tx, id_: int, until: int | None) -> bool:
    """Leave a pushed letter until its person writes (None: only then), or until that time if they do not.

    False when they have written meanwhile: then it is taken again at once. That it waits is no attempt.
    """
    mine = sa.update(outbox).where(outbox.c.id == id_, outbox.c.state == _WAITING)
    back = {"lease_until": 0, "attempts": outbox.c.attempts - 1}
    state = _WAITING if until else _HELD
    if tx.do(mine.where(~outbox.c.freed).values(state=state, not_before=until or 0, **back)).rowcount:
        return True
    tx.do(mine.values(not_before=0, **back))
    return False


def knock(tx: Tx, address: str) -> bool:
    """Whether a person may be told that something waits: once, until they have written."""
    told = sa.update(addresses).where(addresses.c.id == address, ~addresses.c.knocked)
    return tx.do(told.values(knocked=True)).rowcount == 1


def free(tx: Tx, address: str) -> None:
    """The person writes: what was pushed goes out at once, before the answer, whatever the terms."""
    tx.do(_FREE, {"to": address})
    if tx.do(_ANSWERED, {"to": address}).rowcount:
        unsaid = (outbox.c.address == address, outbox.c.state == _WAITING, outbox.c.lease_until == 0)
        tx.do(sa.delete(outbox).where(*unsaid, outbox.c.key.startswith(KNOCK, autoescape=True)))


def leave(tx: Tx, address: str, now: int, *, fetched: bool = False) -> None:
    """The person has left: what was not sent yet is dropped; what was pushed waits until they write again.

    What is on its way at this moment cannot be called back. Where letters are `fetched`, what waits can only wait.
    """
    idle = (outbox.c.address == address, outbox.c.state.in_(UNSENT), outbox.c.lease_until <= now, ~leaves(outbox))
    tx.do(sa.delete(outbox).where(*idle, ~outbox.c.pushed))
    if not fetched:
        tx.do(sa.update(outbox).where(*idle).values(state=_HELD, freed=False, not_before=0))


def unsay(tx: Tx, address: str, now: int) -> None:
    """What repeats the person's own words and was not sent or fetched yet is dropped; one on its way cannot be."""
    idle = (outbox.c.address == address, outbox.c.state.in_(UNSENT), outbox.c.lease_until <= now)
    tx.do(sa.delete(outbox).where(*idle, outbox.c.key.endswith(CARD, autoescape=True)))


def let_go(tx: Tx, letter: Outgoing) -> None:
    """Taken after its person has left the chat: a pushed one waits for them, any other is dropped."""
    mine = sa.update(outbox).where(outbox.c.id == letter.id, outbox.c.state == _WAITING)
    tx.do(mine.where(outbox.c.pushed).values(state=_HELD, freed=False, not_before=0, lease_until=0))
    settle(tx, letter.id)


def take_away(tx: Tx, key: str, address: str, messages: Sequence[int], lock: Lock, now: int) -> None:
    """Note that these messages are to be taken away, after what was posted before and before what comes."""
    _post(tx, key, address, lock.shut(json.dumps(list(messages)).encode(), place(key)), None, Lane.SAFETY, now)


def leaves(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether a row of the outbox takes a chat's messages away because its person has left."""
    return table.c.key.endswith(LEAVE, autoescape=True)


def _left() -> sa.ColumnElement[bool]:
    newer_ = outbox.alias()
    theirs = (newer_.c.address == outbox.c.address, newer_.c.n > outbox.c.n, newer_.c.state == _WAITING)
    return sa.and_(~leaves(outbox), sa.exists().where(*theirs, leaves(newer_)).correlate(outbox))


def posted_since(tx: Tx, address: str, kind: str, since: int) -> bool:
    """Whether a letter whose key begins so was posted to that address since then."""
    mine = (outbox.c.address == address, outbox.c.at > since, outbox.c.key.startswith(kind, autoescape=True))
    return tx.row(sa.select(outbox.c.id).where(*mine).limit(1)) is not None


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
        .values(state=_WAITING, attempts=0, not_before=0, trouble=None, freed=True)
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

"""Rotating the bot's keys while it runs: the new one into its file, then into use, then for all that was under the old.

Each rotation goes on where it was broken off when it is asked for again: what is not finished is read from the file
and the store. Rows are changed a few at a time and only where nobody else changed them meanwhile.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa

from store import anchors, announcements, audit, cases, keys, letters, people, renaming
from store.db import Store, Tx
from store.locks import Lock
from store.places import Place, Unopenable
from store.pocket import Held, Pocket, lookup_id, settle
from store.refusal import Refused
from store.schema import addresses, entries, inbox, outbox, talks
from store.schema import announcements as announcement_table
from store.sealing import MAGIC, Envelope, Recipient
from store.unsealing import Identity

OPERATOR = "operator"
GRACE = 15.0
_BATCH = 200
_AT_ONCE = 8
_PAUSE = 0.2
_DAY = 24 * 3600
# For so long the names of messages are kept: a platform may bring one again.
_REPEATS = 8 * _DAY
Again: TypeAlias = Callable[[bytes, Place], "bytes | None"]


@dataclass(frozen=True, slots=True)
class Work:
    """Where a rotation happens: the store, the bot's file, the time, and who is told of each step.

    `grace` seconds pass before an old key goes: what was begun while it was the newest has ended by then.
    """

    store: Store
    file: Path
    now: int
    say: Callable[[str], object]
    grace: float = field(default_factory=lambda: GRACE)
    rest: Callable[[float], object] = time.sleep


@dataclass(frozen=True, slots=True)
class _Things:
    """One table's sealed things, and where each belongs."""

    table: sa.Table
    place: Callable[[sa.Row[Any]], Place]
    only: tuple[sa.ColumnElement[bool], ...] = ()

    @property
    def id(self) -> sa.Column[Any]:
        """What its rows are found by."""
        found: sa.Column[Any] = next(iter(self.table.primary_key.columns))
        return found

    def begins(self, length: int) -> sa.ColumnElement[bytes]:
        """The first bytes of a sealed thing."""
        return sa.func.substr(self.table.c.sealed, 1, length, type_=sa.LargeBinary)


_LETTERS = _Things(outbox, lambda row: letters.place(row.key))
_LOCKED = (
    _Things(addresses, lambda row: people.particulars_place(row.id)),
    _Things(talks, lambda row: people.talk_place(row.address)),
    _Things(entries, lambda row: cases.draft_place(row.id), (entries.c.draft_of.is_not(None),)),
    _LETTERS,
    _Things(inbox, lambda row: people.update_place(row.key)),
)
_SEALED = (_LETTERS, _Things(announcement_table, lambda row: announcements.place(row.id)))


def bot_key(work: Work) -> None:
    """Another key for what console and scheduler seal for the bot."""
    held = _ours(work)
    if len(held.keys) == 1:
        held = replace(held, keys=(Identity.new(), *held.keys))
        held.write(work.file)
        work.say("The new bot key is in the bot's file; a running bot has it.")
    else:
        work.say("A rotation of the bot key was not finished; it goes on.")
    new, *old = held.keys
    work.store.do(lambda tx: _publish(tx, new, work.now))
    work.say(f"The new bot key {new.recipient.id.hex()} is published: whatever is sealed now is sealed for it.")
    _sweeps(work, _SEALED, lambda things: [things.begins(len(MAGIC)) == MAGIC], _rewrapped(new, old))
    work.store.do(lambda tx: _drop(tx, "bot", [each.recipient.id.hex() for each in old], work.now))
    replace(held, keys=(new,)).write(work.file)
    work.store.truncate_log()
    work.say("The old bot key is gone.")


def _ours(work: Work) -> Held:
    """The keys in the bot's file, which belongs to this very database: another would make letters unreadable."""
    held = Held.read(work.file)
    if work.store.read(keys.bot) not in [each.recipient for each in held.keys]:
        raise Refused(
            f"{work.file} is not of the bot of this database, so nothing was done. "
            "Set AMANA_HOME or AMANA_DATABASE_URL right."
        )
    return held


def _publish(tx: Tx, new: Identity, now: int) -> None:
    if keys.bot(tx) != new.recipient:
        keys.publish(tx, "bot", "bot", new.recipient, now)
        audit.note(tx, now, OPERATOR, "made a new key", "bot")


def _rewrapped(new: Identity, old: list[Identity]) -> Again:
    def again(sealed: bytes, place: Place) -> bytes | None:
        there = {id_ for id_, _ in Envelope.read(sealed).wraps}
        mine = [each for each in old if each.recipient.id in there]
        for each in mine:
            sealed = each.rewrapped(sealed, place, [new.recipient])
        return sealed if mine else None

    return again


def bot_lock(work: Work) -> None:
    """Another lock for what the bot alone writes and reads."""
    held = _ours(work)
    if len(held.locks) == 1:
        held = replace(held, locks=(Lock(os.urandom(32)), *held.locks))
        held.write(work.file)
        work.say("The new bot lock is in the bot's file; a running bot uses it.")
    else:
        work.say("A rotation of the bot lock was not finished; it goes on.")
    new, *old = held.locks
    work.store.do(lambda tx: _note(tx, "lock", new.id.hex(), work.now))
    heads, pocket = [each.head for each in old], Pocket(held)
    _sweeps(work, _LOCKED, lambda things: [things.begins(len(new.head)).in_(heads)],
            lambda sealed, place: pocket.again(sealed, place, place))  # fmt: skip
    work.store.do(lambda tx: _drop(tx, "lock", [each.id.hex() for each in old], work.now))
    replace(held, locks=(new,)).write(work.file)
    work.store.truncate_log()
    work.say("The old bot lock is gone.")


def _note(tx: Tx, kind: str, id_: str, now: int, *, due: bool = False) -> None:
    known = keys.since(tx, id_) is not None
    keys.note(tx, kind, id_, now, due=due)
    if not known:
        audit.note(tx, now, OPERATOR, "made a new key", kind)


def _drop(tx: Tx, kind: str, old: list[str], now: int) -> None:
    for each in old:
        keys.drop(tx, each)
    audit.note(tx, now, OPERATOR, "took an old key away", kind)


# --- a sweep ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tally:
    """What a sweep came to: changed, damaged, and left because somebody else was at work there."""

    changed: int = 0
    damaged: int = 0
    missed: int = 0


def _sweeps(
    work: Work, every: tuple[_Things, ...], under: Callable[[_Things], list[sa.ColumnElement[bool]]], again: Again
) -> None:  # fmt: skip
    """Everything that is under an old key, and after the grace what came under it until then."""
    for wait in (0.0, work.grace):
        if wait:
            work.say(f"Waiting {wait:.0f} seconds for what was begun under the old key.")
            work.rest(wait)
        tallies = [_swept(work, each, under(each), again) for each in every]
        changed, damaged = sum(each.changed for each in tallies), sum(each.damaged for each in tallies)
        work.say(f"{changed} rows are under the new key." + (f" {damaged} are damaged and stay." if damaged else ""))


def _swept(work: Work, things: _Things, under: list[sa.ColumnElement[bool]], again: Again) -> _Tally:
    """Again and again until a whole round left nothing."""
    whole = 0
    while True:
        tally = _Tally()
        for page in _pages(work.store, things, under):
            _turn_page(work.store, things, page, again, tally)
        whole += tally.changed
        if not tally.missed:
            return _Tally(whole, tally.damaged)
        work.rest(_PAUSE)


def _pages(store: Store, things: _Things, under: list[sa.ColumnElement[bool]]) -> Iterator[list[sa.Row[Any]]]:
    wanted = sa.select(things.table).where(*things.only, *under).order_by(things.id).limit(_BATCH)
    page = store.read(lambda tx: tx.rows(wanted))
    while page:
        yield page
        after = things.id > page[-1]._mapping[things.id]  # noqa: SLF001 - the documented way to ask by column
        page = store.read(lambda tx, after=after: tx.rows(wanted.where(after)))  # type: ignore[misc]


def _turn_page(store: Store, things: _Things, page: list[sa.Row[Any]], again: Again, tally: _Tally) -> None:
    fresh: list[tuple[Any, bytes, bytes]] = []
    for row in page:
        try:
            new = again(row.sealed, things.place(row))
        except Unopenable:
            tally.damaged += 1
            continue
        if new is not None:
            fresh.append((row._mapping[things.id], row.sealed, new))  # noqa: SLF001 - as above
    if fresh:
        done = store.do(lambda tx: _swap(tx, things, fresh))
        tally.changed += done
        tally.missed += len(fresh) - done


def _swap(tx: Tx, things: _Things, fresh: list[tuple[Any, bytes, bytes]]) -> int:
    """Replace what is still as it was read; rows that somebody else is working on are left, so that nobody waits."""
    ids = [id_ for id_, _, _ in fresh]
    free = {row[0] for row in tx.rows(tx.skipping(sa.select(things.id).where(things.id.in_(ids))))}
    sealed = things.table.c.sealed
    done = 0
    for id_, before, after in fresh:
        if id_ in free:
            change = sa.update(things.table).where(things.id == id_, sealed == before)
            done += tx.do(change.values(sealed=after)).rowcount
    # What is not there any more needs nothing.
    return done + len(ids) - len(_there(tx, things, ids))


def _there(tx: Tx, things: _Things, ids: list[Any]) -> list[Any]:
    return tx.rows(sa.select(things.id).where(things.id.in_(ids), things.table.c.sealed.is_not(None)))


# --- the key that signs the audit's heads -----------------------------------------------------------------------------


def audit_key(work: Work) -> None:
    """Another key for the audit's heads; heads that were signed before stay good, since the old public half stays."""
    anchors.load(work.file)
    new = work.file.with_name(f"{work.file.name}.next")
    if new.exists():
        work.say("A rotation of the audit key was not finished; it goes on.")
    else:
        anchors.new(new)
    public = Recipient(anchors.load(new).public)
    work.store.do(lambda tx: _sign_with(tx, public, work.now))
    new.replace(work.file)
    settle(work.file.parent)
    work.say(f"The new audit key {public.id.hex()} is published and signs from now on.")


def _sign_with(tx: Tx, public: Recipient, now: int) -> None:
    if keys.current(tx, "audit", "audit") != public:
        keys.publish(tx, "audit", "audit", public, now)
        audit.note(tx, now, OPERATOR, "made a new key", "audit")


# --- the lookup key ---------------------------------------------------------------------------------------------------


def lookup_key(work: Work) -> None:
    """Another key for the names of addresses and messages.

    Addresses that a platform knows are called anew at once. Those of web pages follow when their person writes again,
    since only the page knows the secret they are named after: until then the older key stays in the ring.
    """
    held = _ours(work)
    if _settled(work, held):
        held = _retired(work, held)
        held = replace(held, lookups=(os.urandom(32), *held.lookups))
        held.write(work.file)
        work.say("The new lookup key is in the bot's file; a running bot uses it.")
    else:
        work.say("A rotation of the lookup key was not finished; it goes on.")
    new = lookup_id(held.lookups[0]).hex()
    work.store.do(lambda tx: _note(tx, "lookup", new, work.now, due=True))
    for wait in (0.0, work.grace):
        if wait:
            work.say(f"Waiting {wait:.0f} seconds for what was begun under the old key.")
            work.rest(wait)
        work.say(f"{_renamed(work, Pocket(held))} addresses are called anew.")
    work.store.do(lambda tx: keys.note(tx, "lookup", new, work.now))
    work.say("Whoever writes on the web page is called anew when they write; the older key stays until then.")


def _settled(work: Work, held: Held) -> bool:
    """Whether the newest lookup key has been brought everywhere it can be."""
    newest = lookup_id(held.lookups[0]).hex()
    return len(held.lookups) == 1 or work.store.read(lambda tx: keys.settled(tx, newest))


def _retired(work: Work, held: Held) -> Held:
    """Older keys that no address and no message can be under any more only find return codes from now on."""
    pocket, keep = Pocket(held), list(held.lookups)
    while len(keep) > 1 and work.store.read(lambda tx: _unneeded(tx, pocket, keep[-2], work.now)):
        keep.pop()
    gone = held.lookups[len(keep) :]
    return replace(held, lookups=tuple(keep), retired=(*gone, *held.retired))


def _unneeded(tx: Tx, pocket: Pocket, newer: bytes, now: int) -> bool:
    """Whether everybody has written since this newer key came, whose address could only be called anew by writing."""
    since = keys.since(tx, lookup_id(newer).hex())
    if since is None or now - since < _REPEATS:
        return False
    silent = tx.rows(sa.select(addresses.c.id, addresses.c.sealed).where(addresses.c.seen <= since - since % _DAY))
    return all(_chat(pocket, row.id, row.sealed) for row in silent)


def _chat(pocket: Pocket, address: str, sealed: bytes) -> str:
    """The platform's name for an address; nothing where only the person's page knows it, or it cannot be read."""
    try:
        told = json.loads(pocket.open(sealed, people.particulars_place(address)))
    except Unopenable:
        return ""
    return str(told["chat"])


def _renamed(work: Work, pocket: Pocket) -> int:
    """Call every address anew whose platform's name is known; how many."""
    done, left = 0, True
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        while left:
            left = False
            for page in _pages(work.store, _LOCKED[0], []):
                outcomes = list(threads.map(lambda row: _rename(work.store, pocket, row), page))
                done += outcomes.count(True)
                left = left or False in outcomes
            if left:
                work.rest(_PAUSE)
    return done


def _rename(store: Store, pocket: Pocket, row: sa.Row[Any]) -> bool | None:
    """Whether an address is called anew now; None where there is nothing to do, False where others were at work."""
    chat = _chat(pocket, row.id, row.sealed)
    names = pocket.addresses(row.channel, chat) if chat else ()
    if row.id not in names[1:]:
        return None
    return store.do(lambda tx: renaming.settle(tx, lambda: names, pocket.again)) == names[0]

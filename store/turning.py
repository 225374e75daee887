"""Rotating what staff hold while everybody works: a desk's key, a member's own key, the wraps for recovery.

A desk's new key is wrapped for everybody who holds the desk and published in one transaction; then the cases follow, a
few at a time. A rotation that was broken off goes on when it is asked for again, and no third key is made meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from store import announcements, audit, casekeys, consultations, keys, opening, staff
from store.casekeys import RECOVERY, Holder
from store.db import Store, Tx
from store.opening import Ring as Ring
from store.opening import Unlocked
from store.places import Place, Unopenable
from store.refusal import Refused
from store.schema import announcements as announcement_table
from store.schema import case_wraps, desks, link_codes, suggestions
from store.sealing import Envelope, Recipient, seal
from store.staff import Member
from store.unsealing import Identity

_BATCH = 200
_OTHER_SHARES = "These shares belong to another recovery key than the one that the desks' keys are wrapped for."
_NO_DESK = (
    "The recovery key holds no desk: no member gave it one while they could. "
    "That is done with: amana keys recovery --give --as SIGN-IN-NAME."
)
_PAUSE = 0.2


class NotTurned(Refused):
    """A key cannot be made or rotated like this; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Turned:
    """What a rotation of a desk's key came to: cases and other things that are under the new key, and damaged ones."""

    cases: int
    others: int
    damaged: int


@dataclass(frozen=True, slots=True)
class Signed:
    """A member whose password was right, with what it opens; the second factor is still to be asked for."""

    member: Member
    unlocked: Unlocked
    password: str = field(repr=False)

    def ring(self, tx: Tx) -> Ring:
        """All that they hold."""
        return opening.ring_of(tx, self.member.id, self.unlocked.identity)


def signed(store: Store, login: str, password: str) -> Signed | None:
    """Whose password this is (Argon2id; not for the event loop)."""
    member = store.read(lambda tx: staff.by_login(tx, login))
    try:
        return Signed(member, opening.unlock(member, password), password) if member else None
    except Unopenable:
        return None


def due(tx: Tx) -> tuple[str, ...]:
    """The desks whose key somebody asked to have replaced, or whose rotation is not finished."""
    unfinished = {name for name in keys.desk_names(tx) if _old_keys(tx, name)}
    return tuple(sorted(unfinished | set(keys.turns_due(tx, "desk"))))


def ask(tx: Tx, desk: str) -> None:
    """The desk's key has to be replaced as soon as a member of the desk is there: somebody has left who holds it."""
    keys.ask_turn(tx, "desk", desk)


def desk_key(
    store: Store, ring: Ring, desk: str, now: int, by: str, say: Callable[[str], object] = lambda _: None
) -> Turned:
    """Give a desk another key with the keys of one of its members, or finish what was begun."""
    if store.read(lambda tx: _old_keys(tx, desk)):
        say(f"A rotation of the key of the desk {desk} was not finished; it goes on.")
    else:
        _begin(store, ring, desk, now, by, say)
    return _follow(store, ring, desk, now, by, say)


def desk_sweep(store: Store, ring: Ring, desk: str, now: int, by: str) -> None:
    """Whatever is due about a desk's key, finished with the keys of one of its members: for the background."""
    for _ in range(2):
        if desk in store.read(due):
            desk_key(store, ring, desk, now, by)


def _old_keys(tx: Tx, desk: str) -> frozenset[str]:
    current = tx.row(sa.select(desks.c.key_id).where(desks.c.name == desk))
    return staff.desk_keys(tx, desk) - {current.key_id} if current else frozenset()


def _held(store: Store, ring: Ring) -> Ring:
    """The member's keys as they are wrapped now."""
    return store.read(lambda tx: opening.ring_of(tx, ring.staff, ring.me))


def _begin(store: Store, ring: Ring, desk: str, now: int, by: str, say: Callable[[str], object]) -> None:
    if desk not in _held(store, ring).desks:
        raise NotTurned(f"There is no desk {desk}, or whoever does this is not one of its members. Ask one of them.")
    new = Identity.new()
    given = store.do(lambda tx: _publish(tx, desk, new, now, by))
    say(f"The new key {new.recipient.id.hex()} of the desk {desk} is published; it is wrapped for: {', '.join(given)}.")


def _publish(tx: Tx, desk: str, new: Identity, now: int, by: str) -> list[str]:
    """In one transaction whoever holds the desk holds the new key, and what is sealed from now on is sealed for it."""
    tx.row(tx.holding(sa.select(desks.c.key_id).where(desks.c.name == desk)))
    if _old_keys(tx, desk):
        raise NotTurned(f"Somebody else is rotating the key of the desk {desk} at this moment. Try again in a minute.")
    to = {id_: Recipient(public) for id_, public in staff.present_holders(tx, desk, now).items()}
    if recovery := keys.current(tx, RECOVERY, RECOVERY):
        to[RECOVERY] = recovery
    keys.publish(tx, "desk", desk, new.recipient, now)
    for holder, recipient in to.items():
        opening.give(tx, desk, new, holder, recipient)
    audit.note(tx, now, by, "made a new key", f"desk {desk}")
    names = {each.id: each.login for each in staff.every(tx)} | {RECOVERY: "the recovery key"}
    return sorted(names.get(holder, "an open invitation") for holder in to)


# --- what is under an old key -----------------------------------------------------------------------------------------


def _follow(store: Store, ring: Ring, desk: str, now: int, by: str, say: Callable[[str], object]) -> Turned:
    mine = _held(store, ring)
    if desk not in mine.desks:
        raise NotTurned(f"There is no desk {desk}, or whoever does this is not one of its members. Ask one of them.")
    new, whole = mine.desks[desk].recipient, Turned(0, 0, 0)
    for id_ in sorted(store.read(lambda tx: _old_keys(tx, desk))):
        old = mine.every.get(id_)
        if old is None:
            raise NotTurned(
                f"The old key {id_} of the desk {desk} still holds cases, and whoever does this does not hold that "
                "key. Ask a member who worked at this desk when the rotation was begun."
            )
        moved, damaged = _cases(store, old, new, say)
        others, more = _others(store, old, new)
        store.do(partial(_drop, desk=desk, old=id_, damaged=damaged, now=now, by=by))
        store.truncate_log()
        say(f"The old key {id_} of the desk {desk} is gone.")
        whole = Turned(whole.cases + moved, whole.others + others, whole.damaged + damaged + more)
    return whole


def _drop(tx: Tx, desk: str, old: str, damaged: int, now: int, by: str) -> None:
    left = tx.row(sa.select(sa.func.count()).select_from(case_wraps).where(case_wraps.c.holder == old))
    if left and left[0] > damaged:
        raise NotTurned(f"Cases came under the old key of the desk {desk} meanwhile. Give the command again.")
    staff.drop_key(tx, old)
    keys.drop(tx, old)
    audit.note(tx, now, by, "took an old key away", f"desk {desk}")


def _cases(store: Store, old: Identity, new: Recipient, say: Callable[[str], object]) -> tuple[int, int]:
    """Every case whose key is wrapped for the old key; how many, and how many wraps are damaged."""
    holder, to = casekeys.holder_of_desk(old.recipient).name, casekeys.holder_of_desk(new)
    done, damaged = 0, set[str]()
    while True:
        before = done
        for page in _pages(store, holder, damaged):
            fresh = _anew(page, old, holder, to, damaged)
            done += store.do(partial(_hand_over, holder=holder, to=to.name, fresh=fresh))
            say(f"{done} cases are under the new key.")
        if not any(True for _ in _pages(store, holder, damaged)):
            return done, len(damaged)
        if done == before:
            time.sleep(_PAUSE)


def _pages(store: Store, holder: str, damaged: set[str]) -> Iterator[list[tuple[str, bytes]]]:
    """The cases under a holder, a page at a time: their references are looked up once, which no index could better."""
    mine = sa.select(case_wraps.c.case_ref).where(case_wraps.c.holder == holder)
    every = [row.case_ref for row in store.read(lambda tx: tx.rows(mine)) if row.case_ref not in damaged]
    for at in range(0, len(every), _BATCH):
        some = mine.add_columns(case_wraps.c.sealed).where(case_wraps.c.case_ref.in_(every[at : at + _BATCH]))
        if page := store.read(partial(Tx.rows, select=some)):
            yield [(row.case_ref, row.sealed) for row in page]


def _anew(
    page: Sequence[tuple[str, bytes]], old: Identity, holder: str, to: Holder, damaged: set[str]
) -> list[tuple[str, bytes, bytes]]:
    """The same case keys wrapped for another holder, worked out before any row is held."""
    fresh = []
    for case, sealed in page:
        try:
            private = old.open(sealed, casekeys.place(case, holder))
        except Unopenable:
            damaged.add(case)
            continue
        fresh.append((case, sealed, seal(private, casekeys.place(case, to.name), [to.key])))
    return fresh


def _hand_over(tx: Tx, holder: str, to: str, fresh: Sequence[tuple[str, bytes, bytes]]) -> int:
    """Put the new wraps in the place of those that are as they were read; what somebody is working on waits."""
    mine = (case_wraps.c.holder == holder, case_wraps.c.case_ref.in_([case for case, _, _ in fresh]))
    found = tx.rows(tx.skipping(sa.select(case_wraps.c.case_ref, case_wraps.c.sealed).where(*mine)))
    now = {row.case_ref: row.sealed for row in found}
    same = [(case, after) for case, before, after in fresh if now.get(case) == before]
    casekeys.hand_over_all(tx, holder, to, same)
    return len(same)


def _others(store: Store, old: Identity, new: Recipient) -> tuple[int, int]:
    """Announcements, partners' names, suggestions: sealed for a desk's key itself; how many, and how many damaged."""
    done = damaged = 0
    for table, place in (
        (announcement_table, announcements.place),
        (link_codes, announcements.partner_place),
        (suggestions, consultations.place),
    ):
        changed, broken = _table(store, table, place, old, new)
        done, damaged = done + changed, damaged + broken
    return done, damaged


def _table(
    store: Store, table: sa.Table, place: Callable[[str], Place], old: Identity, new: Recipient
) -> tuple[int, int]:
    done = damaged = 0
    every = store.read(lambda tx: tx.rows(sa.select(table.c.id)))
    for at in range(0, len(every), _BATCH):
        ids = [row.id for row in every[at : at + _BATCH]]

        def unit(tx: Tx, ids: list[str] = ids) -> list[bool | None]:
            return [_rewrap(tx, row, table, place, old, new) for row in _some(tx, table, ids)]

        outcomes = store.do(unit)
        done, damaged = done + outcomes.count(True), damaged + outcomes.count(False)
    return done, damaged


def _some(tx: Tx, table: sa.Table, ids: list[str]) -> list[sa.Row[Any]]:
    """Rows that nobody else changes until this transaction is over, always in the same order."""
    return tx.rows(tx.holding(sa.select(table.c.id, table.c.sealed).where(table.c.id.in_(ids)).order_by(table.c.id)))


def _rewrap(
    tx: Tx, row: sa.Row[Any], table: sa.Table, place: Callable[[str], Place], old: Identity, new: Recipient
) -> bool | None:
    """Whether a thing is under the new key now; None where it never was under the old one."""
    try:
        if old.recipient.id not in {id_ for id_, _ in Envelope.read(row.sealed).wraps}:
            return None
        sealed = old.rewrapped(row.sealed, place(row.id), [new])
    except Unopenable:
        return False
    tx.do(sa.update(table).where(table.c.id == row.id).values(sealed=sealed))
    return True


# --- a new desk, a member's own key, recovery -------------------------------------------------------------------------


def new_desk(tx: Tx, desk: str, logins: Sequence[str], now: int, by: str) -> None:
    """A key for a desk that has none, wrapped for these members and for recovery."""
    if desk in keys.desk_names(tx):
        raise NotTurned(f"The desk {desk} has a key already. Its members invite others in the console.")
    members = {login: staff.by_login(tx, login) for login in logins}
    if missing := [login for login, member in members.items() if member is None]:
        raise NotTurned(f"Nobody signs in as {missing[0]}. `amana staff list` shows all sign-in names.")
    new, recovery = Identity.new(), keys.current(tx, RECOVERY, RECOVERY)
    keys.publish(tx, "desk", desk, new.recipient, now)
    for member in members.values():
        if member is not None:
            opening.give(tx, desk, new, member.id, Recipient(member.public))
    if recovery:
        opening.give(tx, desk, new, RECOVERY, recovery)
    audit.note(tx, now, by, "made a new key", f"desk {desk}")


def staff_key(store: Store, member: Member, unlocked: Unlocked, password: str, now: int, by: str) -> Identity:
    """Give a member another key under this password, the same or a new one (Argon2id); their sessions end."""
    new = Identity.new()
    salt, locked = opening.locked_keys(member.id, Unlocked(new, unlocked.totp), password)

    def unit(tx: Tx) -> None:
        if not staff.rekey(tx, member, new.recipient.public, salt, locked):
            raise NotTurned("This account was changed at the same moment. Nothing was done; begin again.")
        for desk, key in _wraps(tx, member.id, unlocked.identity):
            opening.give(tx, desk, key, member.id, new.recipient)
        _own_cases(tx, member.id, unlocked.identity, new.recipient)
        audit.note(tx, now, by, "made a new key", member.id)

    store.do(unit)
    # What lay under the former password must not linger: the former key opened wraps of keys that are still in use.
    store.truncate_log()
    return new


def _wraps(tx: Tx, holder: str, me: Identity) -> list[tuple[str, Identity]]:
    return [(each.desk, Identity(me.open(each.sealed, each.place))) for each in staff.wraps(tx, holder)]


def _own_cases(tx: Tx, member: str, old: Identity, new: Recipient) -> None:
    """Cases that are shut to somebody are wrapped for each other member alone."""
    holder = casekeys.holder_of_member(member, new.public)
    for case, sealed in casekeys.all_under(tx, holder.name):
        place = casekeys.place(case, holder.name)
        casekeys.give(tx, case, [(holder.name, seal(old.open(sealed, place), place, [holder.key]))])


def recover_with(tx: Tx, ring: Ring, recipient: Recipient) -> tuple[str, ...]:
    """Wrap for this recovery key whatever this member can open; the desks that another member has to wrap.

    The caller publishes the key in the same transaction.
    """
    mine = _wraps(tx, ring.staff, ring.me)
    for desk, key in mine:
        opening.give(tx, desk, key, RECOVERY, recipient)
    holder = casekeys.holder_of_member(ring.staff, b"").name
    for case, sealed in casekeys.all_under(tx, holder):
        private = ring.me.open(sealed, casekeys.place(case, holder))
        casekeys.give(tx, case, [(RECOVERY, seal(private, casekeys.place(case, RECOVERY), [recipient]))])
    return tuple(sorted(set(keys.desk_names(tx)) - {desk for desk, _ in mine}))


def founders(tx: Tx, token: str) -> Ring:
    """All desks, while nobody has enrolled: what the first invitation opens."""
    return opening.ring_of(tx, *opening.invitation_identity(token))


def rescue(tx: Tx, identity: Identity, token: str, now: int, until: int) -> tuple[str, ...]:
    """Invite somebody to every desk that the recovery key opens, when its members are gone; those desks."""
    try:
        ring = opening.ring_of(tx, RECOVERY, identity)
    except Unopenable:
        raise NotTurned(_OTHER_SHARES) from None
    if not ring.desks:
        raise NotTurned(_NO_DESK)
    id_ = opening.invite(tx, ring, sorted(ring.desks), token, now, until)
    audit.note(tx, now, RECOVERY, "invited a colleague", id_[:12])
    return tuple(sorted(ring.desks))


def share_with_recovery(tx: Tx, ring: Ring) -> None:
    """A recovery key that was made since gets what this member can open."""
    if recovery := keys.current(tx, RECOVERY, RECOVERY):
        recover_with(tx, ring, recovery)

"""Opening what was sealed for a desk, with the staff member's own key; only the console may import this."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from store import casekeys, cases, erasing, keys, reveals, staff
from store.casekeys import Holder
from store.cases import Case, Entry
from store.db import Tx
from store.locks import PASSWORD, Lock, derived, stretched
from store.places import Place, Unopenable
from store.sealing import Envelope, Recipient, seal
from store.staff import Gender, Member, Session, Wrap
from store.unsealing import Identity


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a password opens: the member's private key and their TOTP secret."""

    identity: Identity
    totp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A case whose key a member has, for the time of one request."""

    case: Case
    _key: Identity

    def head(self) -> bytes:
        """Category, language and area, as they were sealed."""
        return self._lock.open(self.case.head, self._head_place)

    def entry(self, entry: Entry) -> bytes:
        """One of its entries."""
        return self._key.open(entry.sealed, entry.place)

    def thing(self, sealed: bytes, place: Place) -> bytes:
        """Anything else that was sealed for the case."""
        return self._key.open(sealed, place)

    def rekey(self, tx: Tx, holders: Sequence[Holder]) -> None:
        """Give the case another key for these holders; whoever had the old one opens nothing any more."""
        made = casekeys.new(self.case.reference, self.head(), holders)
        new = Recipient(made.public)
        cases.rekey(tx, self.case, made, lambda each: self._rewrapped(each.sealed, each.place, new))
        for rekey in (reveals.rekey, erasing.rekey):
            rekey(tx, self.case.reference, lambda sealed, place: self._rewrapped(sealed, place, new))

    def recategorise(self, tx: Tx, category: str, keep_days: int) -> str:
        """Lock another category into the head, with all else that is in it; what it was before."""
        head = json.loads(self.head())
        before = str(head["category"])
        locked = self._lock.shut(json.dumps(head | {"category": category}).encode(), self._head_place)
        cases.recategorise(tx, self.case.reference, locked, keep_days)
        return before

    def _rewrapped(self, sealed: bytes, place: Place, to: Recipient) -> bytes:
        try:
            return self._key.rewrapped(sealed, place, [to])
        except Unopenable:
            # Damaged before: it stays as it is, and is told to whoever looks. It must not hold the rest back.
            return sealed

    @property
    def _head_place(self) -> Place:
        return casekeys.head_place(self.case.reference)

    @property
    def _lock(self) -> Lock:
        return casekeys.head_lock(self._key.private)


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of a signed-in member, for the time of one request; `desks` has each desk's newest key.

    `foreign` are desks of theirs whose cases are now sealed for a key that they do not hold: somebody has put another
    key into the database. `damaged` are desks of theirs whose wrapped key was changed or damaged.
    """

    staff: str
    me: Identity
    desks: dict[str, Identity]
    every: dict[str, Identity] = field(repr=False)
    foreign: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()

    @property
    def holders(self) -> tuple[str, ...]:
        """Under which names cases are wrapped for this member."""
        return (*self.every, casekeys.name_of_member(self.staff))

    def open(self, desk: str, sealed: bytes, place: Place) -> bytes:
        """What was sealed for a desk of this member; `Unopenable` for any other desk."""
        if desk not in self.desks:
            raise Unopenable
        mine = [self.every[id_.hex()] for id_, _ in Envelope.read(sealed).wraps if id_.hex() in self.every]
        if not mine:
            raise Unopenable
        return mine[0].open(sealed, place)

    def own(self, sealed: bytes, place: Place) -> bytes:
        """What was sealed for this member alone."""
        return self.me.open(sealed, place)

    def unwrap(self, case: Case, holder: str, sealed: bytes) -> Opened:
        """A case by its key as it is wrapped for this member."""
        mine = self.every.get(holder, self.me)
        key = Identity(mine.open(sealed, casekeys.place(case.reference, holder)))
        if key.recipient.public != case.public:
            # Its entries are sealed for another key than its readers have: somebody changed the case's row.
            raise Unopenable
        return Opened(case, key)

    def case(self, tx: Tx, case: Case) -> Opened | None:
        """A case that this member may open, or None."""
        mine = casekeys.wraps_for(tx, case.reference, self.holders)
        return self.unwrap(case, *mine[0]) if mine else None


def new_member(
    id_: str, login: str, name: str, password: str, totp: str, gender: Gender = ""
) -> tuple[Member, Identity]:
    """A new account with a key of its own under the password (Argon2id, 64 MiB; not for the event loop)."""
    identity = Identity.new()
    salt, locked = locked_keys(id_, Unlocked(identity, totp), password)
    return Member(id_, login, name, gender, identity.recipient.public, salt, locked, 0, active=True), identity


def locked_keys(id_: str, unlocked: Unlocked, password: str) -> tuple[bytes, bytes]:
    """A fresh salt, and a member's key and TOTP secret under their password (Argon2id; not for the event loop)."""
    salt = os.urandom(16)
    words = json.dumps({"key": unlocked.identity.private.hex(), "totp": unlocked.totp}).encode()
    return salt, Lock(stretched(password, salt, PASSWORD)).shut(words, staff.keys_place(id_))


def unlock(member: Member, password: str) -> Unlocked:
    """Open a member's keys with their password; `Unopenable` when it is wrong."""
    read = json.loads(Lock(stretched(password, member.salt, PASSWORD)).open(member.locked, staff.keys_place(member.id)))
    return Unlocked(Identity(bytes.fromhex(read["key"])), read["totp"])


def session_id(token: str) -> str:
    """Under which name a browser's token is found; the token itself is never stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_session(member: str, identity: Identity, token: str, now: int) -> Session:
    """A session that only the browser's token can use."""
    id_ = session_id(token)
    locked = _session_lock(token).shut(identity.private, staff.session_place(id_))
    return Session(id_, member, locked, now, now)


def ring(tx: Tx, session: Session, token: str) -> Ring:
    """The keys of the member whose browser this is."""
    me = Identity(_session_lock(token).open(session.locked, staff.session_place(session.id)))
    return ring_of(tx, session.staff, me)


def ring_of(tx: Tx, holder: str, me: Identity) -> Ring:
    """The keys that are wrapped for a holder."""
    wraps = staff.wraps(tx, holder)
    opened = {each.key_id: (each.desk, _unwrapped(me, each)) for each in wraps}
    every = {id_: (desk, identity) for id_, (desk, identity) in opened.items() if identity is not None}
    damaged = sorted({desk for desk, identity in opened.values() if identity is None})
    if damaged and not every and not any(_is_for(me, each) for each in wraps):
        # Not damage: this is not the key that anything is wrapped for any more.
        raise Unopenable
    current = keys.current_of(tx)
    newest = {desk: identity for id_, (desk, identity) in every.items() if current.get(desk) == id_}
    foreign = sorted({desk for desk, _ in every.values()} - set(newest))
    rest = {id_: identity for id_, (_, identity) in every.items()}
    return Ring(holder, me, newest, rest, tuple(foreign), tuple(damaged))


def _unwrapped(me: Identity, wrap: Wrap) -> Identity | None:
    """A desk's key, or None where its wrap was changed or damaged: the other desks are still there."""
    try:
        key = Identity(me.open(wrap.sealed, wrap.place))
    except Unopenable:
        return None
    return key if key.recipient.id.hex() == wrap.key_id else None


def _is_for(me: Identity, wrap: Wrap) -> bool:
    """Whether a wrap says that it is for this key."""
    try:
        return me.recipient.id in {id_ for id_, _ in Envelope.read(wrap.sealed).wraps}
    except Unopenable:
        return False


def share(tx: Tx, ring_: Ring) -> None:
    """Let everybody in who works at the desk of a case that is open to single members, and is not shut out of it."""
    mine = casekeys.name_of_member(ring_.staff)
    for case, sealed in casekeys.all_under(tx, mine):
        found = cases.get(tx, case)
        if found is None or found.desk not in ring_.desks:
            continue
        key = ring_.me.open(sealed, casekeys.place(case, mine))
        wanted = casekeys.readers(tx, found.desk, casekeys.shut_for(tx, case))
        there = {holder for holder, _ in casekeys.wraps_for(tx, case, [each.name for each in wanted])}
        new = [each for each in wanted if each.name not in there]
        casekeys.give(tx, case, [(each.name, seal(key, casekeys.place(case, each.name), [each.key])) for each in new])


def _session_lock(token: str) -> Lock:
    return Lock(derived(token.encode(), "session"))


def invitation_identity(token: str) -> tuple[str, Identity]:
    """An invitation's id and the key that opens the desks it brings, both from its token."""
    return derived(token.encode(), "invitation id").hex(), Identity(derived(token.encode(), "invitation key"))


def give(tx: Tx, desk: str, key: Identity, holder: str, to: Recipient) -> None:
    """Wrap a desk's key for a holder."""
    id_ = key.recipient.id.hex()
    sealed = seal(key.private, staff.wrap_place(desk, id_, holder), [to])
    staff.wrap(tx, Wrap(desk, id_, holder, sealed))


def give_desks(tx: Tx, ring_: Ring, desks: Sequence[str], holder: str, to: Recipient) -> None:
    """Give a holder these desks of the ring, with older keys for as long as something is under them.

    Keys are looked up anew, and no desk's key is replaced until this transaction is over: nobody is left with a key
    that is old by the time they come.
    """
    for desk in desks:
        keys.desk(tx, desk)
    now = ring_of(tx, ring_.staff, ring_.me)
    for each in staff.wraps(tx, ring_.staff):
        if each.desk in desks:
            give(tx, each.desk, now.every[each.key_id], holder, to)


def invite(
    tx: Tx, ring_: Ring, desks: Sequence[str], token: str, now: int, until: int, *, liaison: bool = False
) -> str:  # fmt: skip
    """Invite a colleague, perhaps as a liaison, to some of this member's desks; the invitation's id."""
    id_, identity = invitation_identity(token)
    staff.invite(tx, id_, identity.recipient.public, ring_.staff, now, until, liaison=liaison)
    give_desks(tx, ring_, desks, id_, identity.recipient)
    return id_


def enrol(tx: Tx, token: str, member: Member, now: int) -> bool:
    """Use an invitation: the new member gets its desks. False when it cannot be used or the name is taken."""
    id_, identity = invitation_identity(token)
    invited = ring_of(tx, id_, identity)
    if not (invited.desks and staff.invited(tx, id_, now) and staff.add(tx, member, now)):
        return False
    staff.set_liaison(tx, member.id, liaison=staff.invited_as_liaison(tx, id_))
    give_desks(tx, invited, sorted(invited.desks), member.id, Recipient(member.public))
    return staff.use_invitation(tx, id_, now)

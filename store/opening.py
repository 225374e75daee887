"""Opening what was sealed for a desk, with the staff member's own key; only the console may import this."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field

from store import staff
from store.cases import Entry
from store.db import Tx
from store.locks import PASSWORD, Lock, derived, stretched
from store.places import Place, Unopenable
from store.sealing import Recipient, seal
from store.staff import Member, Session
from store.unsealing import Identity


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a password opens: the member's private key and their TOTP secret."""

    identity: Identity
    totp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of a signed-in member, for the time of one request."""

    staff: str
    me: Identity
    desks: dict[str, Identity]

    def open(self, desk: str, sealed: bytes, place: Place) -> bytes:
        """What was sealed for a desk of this member; `Unopenable` for any other desk."""
        if desk not in self.desks:
            raise Unopenable
        return self.desks[desk].open(sealed, place)

    def open_entry(self, desk: str, entry: Entry) -> bytes:
        """An entry of a case of that desk."""
        return self.open(desk, entry.sealed, entry.place)


def new_member(id_: str, login: str, name: str, password: str, totp: str) -> tuple[Member, Identity]:
    """A new account with a key of its own under the password (Argon2id, 64 MiB; not for the event loop)."""
    identity, salt = Identity.new(), os.urandom(16)
    words = json.dumps({"key": identity.private.hex(), "totp": totp}).encode()
    locked = Lock(stretched(password, salt, PASSWORD)).shut(words, staff.keys_place(id_))
    return Member(id_, login, name, identity.recipient.public, salt, locked, 0, active=True), identity


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
    return Ring(session.staff, me, _desks(tx, session.staff, me))


def _session_lock(token: str) -> Lock:
    return Lock(derived(token.encode(), "session"))


def _desks(tx: Tx, holder: str, me: Identity) -> dict[str, Identity]:
    wraps = staff.wraps(tx, holder)
    return {desk: Identity(me.open(sealed, staff.wrap_place(desk, holder))) for desk, sealed in wraps.items()}


def invitation_identity(token: str) -> tuple[str, Identity]:
    """An invitation's id and the key that opens the desks it brings, both from its token."""
    return derived(token.encode(), "invitation id").hex(), Identity(derived(token.encode(), "invitation key"))


def give(tx: Tx, desks: dict[str, Identity], holder: str, to: Recipient) -> None:
    """Wrap desk keys for a holder."""
    for desk, identity in desks.items():
        staff.wrap(tx, desk, holder, seal(identity.private, staff.wrap_place(desk, holder), [to]))


def invite(tx: Tx, ring_: Ring, token: str, now: int, until: int) -> str:
    """Invite a colleague to this member's desks; the invitation's id."""
    id_, identity = invitation_identity(token)
    staff.invite(tx, id_, identity.recipient.public, ring_.staff, now, until)
    give(tx, ring_.desks, id_, identity.recipient)
    return id_


def enrol(tx: Tx, token: str, member: Member, now: int) -> bool:
    """Use an invitation: the new member gets its desks. False when it cannot be used or the name is taken."""
    id_, identity = invitation_identity(token)
    desks = _desks(tx, id_, identity)
    if not (desks and staff.invited(tx, id_, now) and staff.add(tx, member, now)):
        return False
    give(tx, desks, member.id, Recipient(member.public))
    return staff.use_invitation(tx, id_, now)

"""Members of staff as rows: accounts, sessions, invitations and who holds which desk; nothing here opens anything."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import sqlalchemy as sa

from store import relays
from store.db import Tx
from store.places import Place
from store.schema import desk_wraps, invitations, sessions, staff

Gender: TypeAlias = Literal["woman", "man", ""]


@dataclass(frozen=True, slots=True)
class Member:
    """An account; `locked` holds the member's private key and TOTP secret under their password.

    `languages` are those the member says they read, none where they have not said; a `liaison` (R62) works at no
    sensitive desk, and in these `areas` if there are any.
    """

    id: str
    login: str
    name: str
    gender: Gender
    public: bytes
    salt: bytes
    locked: bytes
    totp_step: int
    active: bool
    languages: frozenset[str] = frozenset()
    liaison: bool = False
    areas: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser: `locked` holds the member's private key under the browser's own token."""

    id: str
    staff: str
    locked: bytes
    made: int
    seen: int


def keys_place(id_: str) -> Place:
    """Where a member's locked keys belong."""
    return Place("staff", id_, "keys")


def session_place(id_: str) -> Place:
    """Where a session's locked key belongs."""
    return Place("sessions", id_, "key")


def wrap_place(desk: str, key_id: str, holder: str) -> Place:
    """Where a desk's private key, wrapped for one holder, belongs."""
    return Place("desk_wraps", f"{desk}/{key_id}/{holder}", "desk key")


def add(tx: Tx, member: Member, now: int) -> bool:
    """Keep a new account; False when the sign-in name is taken."""
    return tx.new(
        staff, id=member.id, login=member.login, name=member.name, gender=member.gender, public=member.public,
        salt=member.salt, locked=member.locked, totp_step=member.totp_step, active=member.active, made=now,
        languages=_listed(member.languages), liaison=member.liaison, areas=_listed(member.areas),
    )  # fmt: skip


def by_login(tx: Tx, login: str) -> Member | None:
    """The active account of a sign-in name."""
    row = tx.row(sa.select(staff).where(staff.c.login == login, staff.c.active))
    return _member(row) if row else None


def by_id(tx: Tx, id_: str, *, hold: bool = False) -> Member | None:
    """The active account of an id; with `hold` nobody else changes it until this transaction is over."""
    wanted = sa.select(staff).where(staff.c.id == id_, staff.c.active)
    row = tx.row(tx.holding(wanted) if hold else wanted)
    return _member(row) if row else None


def every(tx: Tx) -> list[Member]:
    """All accounts by name."""
    return [_member(row) for row in tx.rows(sa.select(staff).order_by(staff.c.name))]


def _member(row: sa.Row[tuple[object, ...]]) -> Member:
    return Member(
        row.id, row.login, row.name, row.gender, row.public, row.salt, row.locked, row.totp_step, row.active,
        _kept(row.languages), row.liaison, _kept(row.areas),
    )  # fmt: skip


def _listed(keys: Collection[str]) -> str:
    return ",".join(sorted(keys))


def _kept(listed: str | None) -> frozenset[str]:
    return frozenset(each for each in (listed or "").split(",") if each)


def set_gender(tx: Tx, id_: str, gender: Gender) -> None:
    """What the member says of themselves."""
    tx.do(sa.update(staff).where(staff.c.id == id_).values(gender=gender))


def set_languages(tx: Tx, id_: str, languages: Collection[str]) -> None:
    """Which languages the member says they read."""
    tx.do(sa.update(staff).where(staff.c.id == id_).values(languages=_listed(languages)))


def set_liaison(tx: Tx, id_: str, *, liaison: bool) -> None:
    """Whether the member is a liaison."""
    tx.do(sa.update(staff).where(staff.c.id == id_).values(liaison=liaison))


def set_areas(tx: Tx, id_: str, areas: Collection[str]) -> None:
    """In which areas a liaison works; none where they work in all."""
    tx.do(sa.update(staff).where(staff.c.id == id_).values(areas=_listed(areas)))


def retire(tx: Tx, id_: str) -> None:
    """The account is no longer active: sessions and passages end, invitations are withdrawn, it holds no desk."""
    tx.do(sa.update(staff).where(staff.c.id == id_).values(active=False))
    end_sessions(tx, id_)
    relays.drop_to(tx, id_)
    for each in open_invitations(tx, id_):
        withdraw(tx, each)
    drop_wraps(tx, id_)


def used_step(tx: Tx, id_: str, step: int) -> bool:
    """Use up a TOTP step (RFC 6238 5.2: a code counts once); False when it was used already."""
    newer = sa.update(staff).where(staff.c.id == id_, staff.c.totp_step < step)
    return tx.do(newer.values(totp_step=step)).rowcount == 1


@dataclass(frozen=True, slots=True)
class Wrap:
    """A desk's private key, wrapped for one holder: a member, an invitation or the recovery key."""

    desk: str
    key_id: str
    holder: str
    sealed: bytes

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return wrap_place(self.desk, self.key_id, self.holder)


def wrap(tx: Tx, each: Wrap) -> None:
    """Give a holder a desk's key, sealed for them."""
    tx.put(desk_wraps, desk=each.desk, key_id=each.key_id, holder=each.holder, sealed=each.sealed)


def wraps(tx: Tx, holder: str) -> list[Wrap]:
    """The desks' keys sealed for this holder; while a desk's key is rotated there are two of them."""
    wanted = sa.select(desk_wraps).where(desk_wraps.c.holder == holder)
    rows = tx.rows(wanted.order_by(desk_wraps.c.desk, desk_wraps.c.key_id))
    return [Wrap(row.desk, row.key_id, row.holder, row.sealed) for row in rows]


def holders(tx: Tx, desk: str) -> list[str]:
    """Who holds a key of this desk: members, invitations, the recovery key."""
    wanted = sa.select(desk_wraps.c.holder).where(desk_wraps.c.desk == desk).distinct()
    return [row.holder for row in tx.rows(wanted.order_by(desk_wraps.c.holder))]


def members_of(tx: Tx, desk: str, *, hold: bool = False) -> list[Member]:
    """The active members of a desk; with `hold` none gets another key until this transaction is over."""
    held = sa.select(desk_wraps.c.holder).where(desk_wraps.c.desk == desk)
    wanted = sa.select(staff).where(staff.c.active, staff.c.id.in_(held)).order_by(staff.c.id)
    return [_member(row) for row in tx.rows(tx.sharing(wanted) if hold else wanted)]


def present_holders(tx: Tx, desk: str, now: int) -> dict[str, bytes]:
    """Holder -> public key of each member and open invitation of a desk, until this transaction is over."""
    mine = tx.rows(tx.holding(sa.select(desk_wraps.c.holder).where(desk_wraps.c.desk == desk)))
    held = sorted({row.holder for row in mine})
    members = sa.select(staff.c.id, staff.c.public).where(staff.c.active, staff.c.id.in_(held)).order_by(staff.c.id)
    waiting = sa.select(invitations.c.id, invitations.c.public).where(
        invitations.c.id.in_(held), invitations.c.until > now
    )
    return {row.id: row.public for wanted in (members, waiting) for row in tx.rows(tx.sharing(wanted))}


def desk_keys(tx: Tx, desk: str) -> frozenset[str]:
    """The ids of the keys of a desk that somebody holds: two while its key is rotated."""
    wanted = sa.select(desk_wraps.c.key_id).where(desk_wraps.c.desk == desk).distinct()
    return frozenset(row.key_id for row in tx.rows(wanted))


def rekey(tx: Tx, before: Member, public: bytes, salt: bytes, locked: bytes) -> bool:
    """Give an account another key; False when it is not as it was read, or not active. Its sessions end.

    What waits for them as an interpreter goes: nothing would open it any more, and whoever asked can ask again.
    """
    same = sa.update(staff).where(staff.c.id == before.id, staff.c.salt == before.salt, staff.c.active)
    done = tx.do(same.values(public=public, salt=salt, locked=locked)).rowcount == 1
    if done:
        tx.do(sa.delete(sessions).where(sessions.c.staff == before.id))
        relays.drop_to(tx, before.id)
    return done


def desks_of(tx: Tx) -> dict[str, list[str]]:
    """Holder -> the desks they hold."""
    found: dict[str, list[str]] = {}
    pairs = sa.select(desk_wraps.c.holder, desk_wraps.c.desk).distinct().order_by(desk_wraps.c.desk)
    for row in tx.rows(pairs):
        found.setdefault(row.holder, []).append(row.desk)
    return found


def women_at(tx: Tx) -> frozenset[str]:
    """The desks where a woman works now."""
    joined = sa.select(desk_wraps.c.desk).join(staff, staff.c.id == desk_wraps.c.holder).distinct()
    return frozenset(row.desk for row in tx.rows(joined.where(staff.c.active, staff.c.gender == "woman")))


def unread_at(tx: Tx, language: str) -> frozenset[str]:
    """The desks where everybody has said what they read, and nobody reads this language (R61)."""
    joined = sa.select(desk_wraps.c.desk, staff.c.languages).join(staff, staff.c.id == desk_wraps.c.holder)
    read: dict[str, list[str]] = {}
    for row in tx.rows(joined.where(staff.c.active).distinct()):
        read.setdefault(row.desk, []).append(row.languages or "")
    return frozenset(desk for desk, said in read.items() if unread(language, [each.split(",") for each in said]))


def unread(language: str, read: Sequence[Collection[str]]) -> bool:
    """Whether nobody of these reads that language; not known as long as one of them has not said what they read."""
    return bool(read) and all(any(each) and language not in each for each in read)


def drop_wraps(tx: Tx, holder: str, desk: str | None = None) -> None:
    """Take every desk, or one, from a holder."""
    gone = sa.delete(desk_wraps).where(desk_wraps.c.holder == holder)
    tx.do(gone if desk is None else gone.where(desk_wraps.c.desk == desk))


def drop_key(tx: Tx, key_id: str) -> None:
    """Nothing is under this desk key any more: nobody holds it any longer."""
    tx.do(sa.delete(desk_wraps).where(desk_wraps.c.key_id == key_id))


def invite(tx: Tx, id_: str, public: bytes, by: str, now: int, until: int, *, liaison: bool = False) -> None:
    """Keep an invitation; its token is known only to the one invited."""
    tx.new(invitations, id=id_, public=public, made_by=by, made=now, until=until, liaison=liaison)


def invited_as_liaison(tx: Tx, id_: str) -> bool:
    """Whether whoever comes with this invitation is to be a liaison."""
    row = tx.row(sa.select(invitations.c.liaison).where(invitations.c.id == id_))
    return bool(row and row.liaison)


def invited(tx: Tx, id_: str, now: int) -> bool:
    """Whether an invitation can be used now."""
    row = tx.row(sa.select(invitations.c.id).where(invitations.c.id == id_, invitations.c.until > now))
    return row is not None


def inviter(tx: Tx, id_: str) -> str:
    """Who made this invitation, or nothing."""
    row = tx.row(sa.select(invitations.c.made_by).where(invitations.c.id == id_))
    return row.made_by if row else ""


def withdraw(tx: Tx, id_: str) -> None:
    """An invitation that nobody can use any more."""
    tx.do(sa.delete(invitations).where(invitations.c.id == id_))
    drop_wraps(tx, id_)


def open_invitations(tx: Tx, by: str) -> list[str]:
    """The invitations somebody made that were not used."""
    return [row.id for row in tx.rows(sa.select(invitations.c.id).where(invitations.c.made_by == by))]


def use_invitation(tx: Tx, id_: str, now: int) -> bool:
    """Use an invitation up; False when it was used, withdrawn or is too old."""
    gone = tx.do(sa.delete(invitations).where(invitations.c.id == id_, invitations.c.until > now)).rowcount == 1
    drop_wraps(tx, id_)
    return gone


def sign_in(tx: Tx, session: Session) -> None:
    """Keep a session."""
    tx.new(sessions, id=session.id, staff=session.staff, locked=session.locked, made=session.made, seen=session.seen)


def session(tx: Tx, id_: str) -> Session | None:
    """The session of a browser's hashed token."""
    row = tx.row(sa.select(sessions).where(sessions.c.id == id_))
    return Session(row.id, row.staff, row.locked, row.made, row.seen) if row else None


def seen(tx: Tx, id_: str, now: int) -> None:
    """The session was used."""
    tx.do(sa.update(sessions).where(sessions.c.id == id_).values(seen=now))


def sign_out(tx: Tx, id_: str) -> None:
    """End a session."""
    tx.do(sa.delete(sessions).where(sessions.c.id == id_))


def end_sessions(tx: Tx, member: str) -> None:
    """Nobody is signed in as this member any more."""
    tx.do(sa.delete(sessions).where(sessions.c.staff == member))


def drop_old_sessions(tx: Tx, made_before: int, seen_before: int) -> None:
    """End what is too old or was idle too long."""
    tx.do(sa.delete(sessions).where(sa.or_(sessions.c.made < made_before, sessions.c.seen < seen_before)))

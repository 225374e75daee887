"""Announcements: written by one member of staff, approved by another, posted once to everybody who wants them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias

import sqlalchemy as sa

from store import letters
from store.db import Tx
from store.places import Place
from store.schema import addresses, announcements, link_codes, outbox, subscribers
from store.sealing import Recipient, seal

# Whom an announcement is for: everybody who wants any, or those who chose announcements for women. Nobody's sex is
# guessed.
Audience: TypeAlias = Literal["all", "women"]
_DRAFT, _APPROVED, _SENT = "draft", "approved", "sent"


class SamePerson(Exception):
    """An announcement is approved by somebody else than its writer."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement; its words are sealed for the desk (to be read over) and for the bot (to be sent)."""

    id: str
    state: str
    sealed: bytes
    written_by: str
    written: int
    approved_by: str | None
    posted: int
    audience: Audience = "all"


def place(id_: str) -> Place:
    """Where an announcement's words belong."""
    return Place("announcements", id_, "words")


def write(
    tx: Tx, id_: str, words: str, by: str, to: list[Recipient], now: int, audience: Audience = "all"
) -> None:  # fmt: skip
    """Keep a draft; `words` is JSON, language -> text."""
    tx.new(
        announcements, id=id_, state=_DRAFT, sealed=seal(words.encode(), place(id_), to), written_by=by, written=now,
        posted=0, audience=audience,
    )  # fmt: skip


def approve(tx: Tx, id_: str, by: str, now: int) -> bool:
    """A second member lets it go out; whether it still was a draft."""
    found = get(tx, id_)
    if found is not None and found.written_by == by:
        raise SamePerson
    approved = sa.update(announcements).where(announcements.c.id == id_, announcements.c.state == _DRAFT)
    return tx.do(approved.values(state=_APPROVED, approved_by=by, approved=now)).rowcount == 1


def discard(tx: Tx, id_: str) -> bool:
    """Throw a draft away; whether it still was one."""
    return (
        tx.do(sa.delete(announcements).where(announcements.c.id == id_, announcements.c.state == _DRAFT)).rowcount == 1
    )


def get(tx: Tx, id_: str) -> Announcement | None:
    """One announcement."""
    row = tx.row(sa.select(announcements).where(announcements.c.id == id_))
    return _read(row) if row else None


def every(tx: Tx) -> list[Announcement]:
    """All, newest first."""
    return [_read(row) for row in tx.rows(sa.select(announcements).order_by(announcements.c.written.desc()))]


def _read(row: sa.Row[tuple[object, ...]]) -> Announcement:
    return Announcement(
        row.id, row.state, row.sealed, row.written_by, row.written, row.approved_by, row.posted, row.audience
    )  # fmt: skip


def post_some(tx: Tx, now: int, most: int = 100) -> bool:
    """Post the next letters of the oldest approved announcement; whether there was anything to do.

    The letter's key names announcement and address, so a run that is cut off anywhere is simply run again.
    """
    oldest = sa.select(announcements).where(announcements.c.state == _APPROVED).order_by(announcements.c.approved)
    row = tx.row(tx.skipping(oldest.limit(1)))
    if row is None:
        return False
    to = _left(tx, row.id, row.audience, most)
    sent = sum(letters.post_announcement(tx, key(row.id, each), each, row.id, now) for each in to)
    state = _APPROVED if to else _SENT
    tx.do(
        sa.update(announcements)
        .where(announcements.c.id == row.id)
        .values(posted=announcements.c.posted + sent, state=state)
    )
    return True


def key(id_: str, address: str) -> str:
    """The key of one address's letter of an announcement."""
    return f"announcement/{id_}/{address}"


def _left(tx: Tx, id_: str, audience: Audience, most: int) -> list[str]:
    """Whom it is for and who has no letter of it yet."""
    from_ = letters.for_audience(audience).subquery()
    done = sa.exists().where(outbox.c.key == sa.literal(f"announcement/{id_}/").concat(from_.c.address))
    reachable = sa.exists().where(addresses.c.id == from_.c.address)
    wanted = sa.select(from_.c.address).where(~done, reachable).order_by(from_.c.address).limit(most)
    return [row.address for row in tx.rows(wanted)]


def subscribed(tx: Tx, audience: Audience = "all") -> int:
    """How many want announcements, or chose those for women; shown only as `fewer than 5` or a number."""
    every = sa.select(sa.func.count()).select_from(subscribers)
    row = tx.row(every if audience == "all" else every.where(subscribers.c.audience == audience))
    return int(row[0]) if row else 0


def link_id(code: str) -> str:
    """Under which name a partner's code is found, however it was typed; the code itself is never stored."""
    plain = "".join(each for each in code.upper() if each.isalnum())
    return sha256(f"amana link {plain}".encode()).hexdigest()


def partner_place(id_: str) -> Place:
    """Where a partner's name belongs."""
    return Place("link_codes", id_, "partner")


def link_code(tx: Tx, id_: str, partner: bytes, by: str, now: int, until: int) -> None:
    """Keep a one-time code (only its hash) that links a partner's group; the partner's name is sealed."""
    tx.new(link_codes, id=id_, sealed=partner, made_by=by, made=now, until=until)


def link(tx: Tx, id_: str, address: str, now: int) -> bool:
    """Use a code for a group; False for an unknown, used or expired one."""
    free = sa.update(link_codes).where(link_codes.c.id == id_, link_codes.c.address.is_(None), link_codes.c.until > now)
    return tx.do(free.values(address=address, until=now)).rowcount == 1


def unlink(tx: Tx, address: str) -> None:
    """The group is gone or has put us out: its link ends."""
    tx.do(sa.delete(link_codes).where(link_codes.c.address == address))


def unlink_code(tx: Tx, id_: str) -> bool:
    """Staff end a link or take a code back; whether there was one."""
    return tx.do(sa.delete(link_codes).where(link_codes.c.id == id_)).rowcount == 1


def moved(tx: Tx, old: str, new: str) -> None:
    """A group has become another (Telegram's supergroup): link and waiting letters follow."""
    tx.do(sa.update(link_codes).where(link_codes.c.address == old).values(address=new))


def groups(tx: Tx) -> list[str]:
    """The linked partner groups."""
    linked = sa.select(link_codes.c.address).where(link_codes.c.address.is_not(None)).distinct()
    return [row.address for row in tx.rows(linked.order_by(link_codes.c.address))]


def links(tx: Tx) -> list[tuple[str, bytes, int, bool]]:
    """Codes and links: id, the partner's sealed name, until when the code holds, whether it is linked."""
    rows = tx.rows(sa.select(link_codes).order_by(link_codes.c.made.desc()))
    return [(row.id, row.sealed, row.until, row.address is not None) for row in rows]

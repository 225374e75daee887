"""A case's own key: sealed for by everybody, wrapped for the desk that reads the case, and for nobody else.

Transfer, rotation of a desk's key and erasure touch these few small rows, never what was told (docs/decisions/0018).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store import keys, relays, staff
from store.db import Tx
from store.locks import Lock, derived
from store.places import Place
from store.schema import case_wraps, cases, shut_out
from store.sealing import Recipient, new_pair, seal

RECOVERY = "recovery"
_STAFF = "staff:"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who can open a case: a desk's key by its id, one member of staff, or the recovery key."""

    name: str
    key: Recipient


def holder_of_desk(key: Recipient) -> Holder:
    """Everybody who holds a desk's key."""
    return Holder(key.id.hex(), key)


def holder_of_member(id_: str, public: bytes) -> Holder:
    """One member alone."""
    return Holder(name_of_member(id_), Recipient(public))


def name_of_member(id_: str) -> str:
    """Under which name a case's key is wrapped for one member."""
    return f"{_STAFF}{id_}"


def place(case: str, holder: str) -> Place:
    """Where a case's private key, wrapped for one holder, belongs."""
    return Place("case_wraps", f"{case}/{holder}", "case key")


def head_lock(private: bytes) -> Lock:
    """What a case's head is locked with: whoever has the case's key has it."""
    return Lock(derived(private, "case head"))


def head_place(case: str) -> Place:
    """Where a case's head belongs."""
    return Place("cases", case, "head")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A new case key as it is kept: the public half, the locked head, and the private half wrapped for each holder."""

    public: bytes
    head: bytes
    wraps: tuple[tuple[str, bytes], ...]


def new(case: str, head: bytes, holders: Iterable[Holder]) -> Sealed:
    """A fresh key for a case; nobody but the holders can open what is sealed for it."""
    private, public = new_pair()
    wraps = tuple((each.name, seal(private, place(case, each.name), [each.key])) for each in holders)
    if not wraps:
        raise ValueError("a case that nobody could open is lost")
    return Sealed(public.public, head_lock(private).shut(head, head_place(case)), wraps)


def readers(tx: Tx, desk: str, shut: Collection[str] = ()) -> list[Holder]:
    """Who shall open a case of this desk: the desk, or each of its members but those who are shut out."""
    if not shut:
        return [holder_of_desk(keys.desk(tx, desk))]
    let_in = [each for each in staff.members_of(tx, desk, hold=True) if each.id not in shut]
    recovery = keys.current(tx, RECOVERY, RECOVERY)
    beside = [Holder(RECOVERY, recovery)] if recovery else []
    return [*(holder_of_member(each.id, each.public) for each in let_in), *beside]


def give(tx: Tx, case: str, wraps: Iterable[tuple[str, bytes]]) -> None:
    """Let holders in."""
    for holder, sealed in wraps:
        tx.put(case_wraps, case_ref=case, holder=holder, sealed=sealed)


def take_all(tx: Tx, case: str) -> None:
    """Nobody can open this case any more."""
    tx.do(sa.delete(case_wraps).where(case_wraps.c.case_ref == case))


def wraps_for(tx: Tx, case: str, holders: Collection[str]) -> list[tuple[str, bytes]]:
    """The case's key as wrapped for any of these holders."""
    mine = case_wraps.c.holder.in_(holders)
    rows = tx.rows(sa.select(case_wraps).where(case_wraps.c.case_ref == case, mine).order_by(case_wraps.c.holder))
    return [(row.holder, row.sealed) for row in rows]


def under(tx: Tx, holder: str, most: int) -> list[tuple[str, bytes]]:
    """Some of the cases whose key is wrapped for this holder."""
    wanted = sa.select(case_wraps.c.case_ref, case_wraps.c.sealed).where(case_wraps.c.holder == holder)
    return [
        (row.case_ref, row.sealed) for row in tx.rows(tx.holding(wanted.order_by(case_wraps.c.case_ref).limit(most)))
    ]


def all_under(tx: Tx, holder: str) -> list[tuple[str, bytes]]:
    """Every case whose key is wrapped for this holder; nobody changes that until this transaction is over."""
    wanted = sa.select(case_wraps.c.case_ref, case_wraps.c.sealed).where(case_wraps.c.holder == holder)
    return [(row.case_ref, row.sealed) for row in tx.rows(tx.holding(wanted.order_by(case_wraps.c.case_ref)))]


def hand_over(tx: Tx, case: str, holder: str, wraps: Iterable[tuple[str, bytes]]) -> None:
    """One holder's place is taken by others."""
    tx.do(sa.delete(case_wraps).where(case_wraps.c.case_ref == case, case_wraps.c.holder == holder))
    give(tx, case, wraps)


def take_from(tx: Tx, member: str, desk: str | None = None) -> None:
    """One member opens no case of their own any more, of any desk or of one."""
    gone = sa.delete(case_wraps).where(case_wraps.c.holder == name_of_member(member))
    here = sa.select(cases.c.reference).where(cases.c.desk == desk)
    tx.do(gone if desk is None else gone.where(case_wraps.c.case_ref.in_(here)))


def rests_on(tx: Tx, member: str, desk: str | None = None) -> bool:
    """Whether there is a case, anywhere or at one desk, that this member alone can open."""
    other = case_wraps.alias()
    another = sa.exists().where(
        other.c.case_ref == case_wraps.c.case_ref, other.c.holder != case_wraps.c.holder, other.c.holder != RECOVERY
    )
    mine = sa.select(case_wraps.c.case_ref).join(cases, cases.c.reference == case_wraps.c.case_ref)
    found = mine.where(case_wraps.c.holder == name_of_member(member), ~another)
    return tx.row((found if desk is None else found.where(cases.c.desk == desk)).limit(1)) is not None


def hand_over_all(tx: Tx, holder: str, to: str, wraps: Sequence[tuple[str, bytes]]) -> None:
    """One holder's place in many cases is taken by another: (case, its key as it is wrapped for them) each."""
    mine = case_wraps.c.case_ref.in_([case for case, _ in wraps])
    tx.do(sa.delete(case_wraps).where(mine, case_wraps.c.holder.in_((holder, to))))
    if wraps:
        rows = [{"case_ref": case, "holder": to, "sealed": sealed} for case, sealed in wraps]
        tx.conn.execute(sa.insert(case_wraps), rows)


def shut(tx: Tx, case: str, members: Iterable[str]) -> None:
    """These members must never see the case, because it is about them."""
    for each in members:
        tx.new(shut_out, case_ref=case, staff=each)
        relays.drop_of(tx, case, each)


def shut_for(tx: Tx, case: str) -> frozenset[str]:
    """Who is shut out of a case."""
    return frozenset(row.staff for row in tx.rows(sa.select(shut_out.c.staff).where(shut_out.c.case_ref == case)))

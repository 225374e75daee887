"""An address is called anew after a lookup key was rotated: whatever names it follows, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import sqlalchemy as sa

from store import people
from store.db import Tx
from store.places import Place, Unopenable
from store.schema import addresses, cases, diary, entries, inbox, link_codes, outbox, subscribers, talks, traces

# Opens what is locked at one place and locks it for another.
Again: TypeAlias = Callable[[bytes, Place, Place], bytes]
# Every column that names an address, beside the address's own and that of its talk.
_NAMING: tuple[sa.Column[str], ...] = (
    outbox.c.address, inbox.c.address, diary.c.address, subscribers.c.address, link_codes.c.address, cases.c.address,
    entries.c.draft_of, traces.c.address,
)  # fmt: skip
# What others than this person's own turns may be working on at this moment.
_OTHERS: tuple[sa.Column[str], ...] = (
    addresses.c.id, diary.c.address, cases.c.address, outbox.c.address, inbox.c.address, link_codes.c.address,
)  # fmt: skip


def settle(tx: Tx, names: Callable[[], tuple[str, ...]], again: Again) -> str:
    """Be alone with somebody under all their names, newest first; how they are called from now on."""
    mine = _alone(tx, names)
    if len(mine) == 1 or _known(tx, mine[0]):
        return mine[0]
    older = next((each for each in mine[1:] if _known(tx, each)), None)
    # Whose rows somebody else is working on just now keeps the older name a little longer.
    return mine[0] if older is None or rename(tx, older, mine[0], again) else older


def _alone(tx: Tx, names: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """All names, the oldest locked first; a name that came to be while we waited is locked too."""
    held: tuple[str, ...] = ()
    while (mine := names()) != held:
        for each in reversed(mine):
            if each not in held:
                tx.alone_with(each)
        held = mine
    return held


def rename(tx: Tx, old: str, new: str, again: Again) -> bool:
    """Call an address anew; False when others work on its rows, or it is gone. The caller is alone with both names."""
    row = tx.row(sa.select(addresses.c.sealed).where(addresses.c.id == old))
    if row is None or _known(tx, new) or not _free(tx, old):
        return False
    sealed = _again(again, row.sealed, people.particulars_place(old), people.particulars_place(new))
    tx.do(sa.update(addresses).where(addresses.c.id == old).values(id=new, sealed=sealed))
    if kept := people.talk(tx, old):
        moved = _again(again, kept, people.talk_place(old), people.talk_place(new))
        tx.do(sa.update(talks).where(talks.c.address == old).values(address=new, sealed=moved))
    for each in _NAMING:
        tx.do(sa.update(each.table).where(each == old).values({each: new}))
    _rename_keys(tx, new)
    return True


def _rename_keys(tx: Tx, new: str) -> None:
    """Where an address stands in a key: times that are noted for it, and letters of announcements."""
    mine = sa.update(diary).where(diary.c.address == new, diary.c.case_ref.is_(None))
    tx.do(mine.values(key=diary.c.kind.concat(f":{new}")))
    announced = sa.update(outbox).where(outbox.c.address == new, outbox.c.announcement.is_not(None))
    tx.do(announced.values(key=sa.literal("announcement/").concat(outbox.c.announcement).concat(f"/{new}")))


def _known(tx: Tx, address: str) -> bool:
    return tx.row(sa.select(addresses.c.id).where(addresses.c.id == address)) is not None


def _free(tx: Tx, address: str) -> bool:
    """Hold every row of this address that others may be working on; False, without waiting, when one is taken.

    Whoever waited here could wait for somebody who waits for us.
    """
    return all(mine == every for mine, every in _rows(tx, address))


def _rows(tx: Tx, address: str) -> Iterator[tuple[int, int]]:
    for each in _OTHERS:
        wanted = sa.select(*each.table.primary_key.columns).where(each == address)
        yield len(tx.rows(tx.skipping(wanted))), len(tx.rows(wanted))


def _again(again: Again, sealed: bytes, place: Place, to: Place) -> bytes:
    """What is damaged is not made worse: it goes along as it is, and is told of when somebody wants to read it."""
    try:
        return again(sealed, place, to)
    except Unopenable:
        return sealed

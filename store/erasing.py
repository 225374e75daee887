"""Erasing a case: its key, its entries, files, clocks and alerts; a tombstone stays. Staff do it by two.

Whoever calls `erase_case` truncates the database's log afterwards (`Store.truncate_log`). The scheduler does it for
whoever could not: it compares the newest tombstone with the one up to which the log was truncated whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from actions import notices
from actions.words import to_json
from store import files, keys, letters, people, tombstones
from store.cases import Case, entries_of, get
from store.db import Store, Tx
from store.letters import Lane
from store.places import Place
from store.schema import (
    alerts,
    case_wraps,
    cases,
    diary,
    entries,
    erasures,
    plans,
    referrals,
    relays,
    reveals,
    shut_out,
)
from store.schema import tombstones as stones
from store.sealing import Recipient, seal
from store.tombstones import Why

_PARTS = (case_wraps, shut_out, entries, alerts, diary, reveals, erasures, referrals, plans, relays)
# Beside the channels in the table of how far something was read.
_TRUNCATED = "log truncated"
_PERSON = "person"
_WISH = b"The person wants this report erased."


class SamePerson(Exception):
    """Somebody else than who asked must allow it."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class OnHold(Exception):
    """Somebody keeps this case from being erased; end the hold first."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def wish(tx: Tx, case: Case, now: int) -> None:
    """The person wants it erased and a hold keeps it: it goes when the hold ends."""
    sealed = seal(_WISH, place(case.reference), [case.key])
    tx.put(erasures, case_ref=case.reference, sealed=sealed, asked_by=_PERSON, asked=now)


def wished(tx: Tx, reference: str) -> bool:
    """Whether the person wants it erased as soon as nothing holds it."""
    theirs = (erasures.c.case_ref == reference, erasures.c.asked_by == _PERSON)
    return tx.row(sa.select(erasures.c.asked_by).where(*theirs)) is not None


def erase_case(tx: Tx, reference: str, why: Why, now: int) -> bool:
    """Erase a case whole; whether there was one."""
    # Held first: nothing is added meanwhile, and would stay.
    if get(tx, reference, hold=True) is None:
        return False
    letters.drop_about(tx, reference, [each.id for each in entries_of(tx, reference)])
    files.drop(tx, files.of_case(tx, reference))
    for table in _PARTS:
        tx.do(sa.delete(table).where(table.c.case_ref == reference))
    tx.do(sa.delete(cases).where(cases.c.reference == reference))
    tombstones.lay(tx, "case", reference, why, now)
    return True


def erase_and_tell(tx: Tx, case: Case, why: Why, now: int) -> None:
    """Erase a case by staff's hands, and tell its person where a letter can reach them."""
    erase_case(tx, case.reference, why, now)
    if case.address:
        # Whoever finds the letter's key in the outbox learns of no reference.
        key = f"erased/{tombstones.name_of('case', case.reference)}"
        letters.post(tx, key, case.address, to_json(notices.erased(case.reference)), Lane.REPLY, keys.bot(tx), now)


# --- by two members ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody's wish to have a case erased, a member's or the person's; its reason is sealed for the case."""

    case: str
    sealed: bytes
    by: str
    at: int

    @property
    def place(self) -> Place:
        """Where its reason belongs."""
        return place(self.case)

    @property
    def by_person(self) -> bool:
        """Whether the person wishes it: then it waits for the end of a hold and for nobody's consent."""
        return self.by == _PERSON


def place(reference: str) -> Place:
    """Where a reason belongs."""
    return Place("erasures", reference, "reason")


def ask(tx: Tx, reference: str, key: Recipient, reason: str, by: str, now: int) -> bool:
    """Keep a wish with its reason; whether it is new. A case on hold is `OnHold`."""
    _refuse_held(tx, reference)
    sealed = seal(reason.encode(), place(reference), [key])
    return tx.new(erasures, case_ref=reference, sealed=sealed, asked_by=by, asked=now)


def asked(tx: Tx, reference: str, *, hold: bool = False) -> Asked | None:
    """The wish that waits; with `hold` nobody else answers it meanwhile."""
    wanted = sa.select(erasures).where(erasures.c.case_ref == reference)
    row = tx.row(tx.holding(wanted) if hold else wanted)
    return Asked(row.case_ref, row.sealed, row.asked_by, row.asked) if row else None


def withdraw(tx: Tx, reference: str) -> bool:
    """The case is not erased after all; whether a member had asked. The person's own wish stays."""
    theirs = sa.delete(erasures).where(erasures.c.case_ref == reference, erasures.c.asked_by != _PERSON)
    return tx.do(theirs).rowcount == 1


def may_approve(tx: Tx, reference: str, by: str) -> bool:
    """Whether this member may agree now, while nobody else answers; False when nobody asks for it any more."""
    wish = asked(tx, reference, hold=True)
    if wish is None or wish.by_person:
        return False
    if wish.by == by:
        raise SamePerson
    _refuse_held(tx, reference)
    return True


def by_two(tx: Tx, reference: str, one: str, other: str) -> None:
    """Whether two members may erase it together: `SamePerson`, `OnHold` or silence."""
    if one == other:
        raise SamePerson
    _refuse_held(tx, reference)


def _refuse_held(tx: Tx, reference: str) -> None:
    row = tx.row(tx.holding(sa.select(cases.c.hold).where(cases.c.reference == reference)))
    if row is not None and row.hold:
        raise OnHold


def rekey(tx: Tx, reference: str, rewrapped: Callable[[bytes, Place], bytes]) -> None:
    """The case has another key: so has the reason."""
    if wish := asked(tx, reference):
        changed = sa.update(erasures).where(erasures.c.case_ref == reference)
        tx.do(changed.values(sealed=rewrapped(wish.sealed, wish.place)))


# --- the database's log -----------------------------------------------------------------------------------------------


def newest(tx: Tx) -> int:
    """The number of the newest tombstone."""
    row = tx.row(sa.select(sa.func.max(stones.c.seq)))
    return int(row[0]) if row and row[0] is not None else 0


def owed(tx: Tx) -> int | None:
    """Up to which tombstone the log still has to be truncated; None when it has been."""
    last = newest(tx)
    return last if last != people.offset(tx, _TRUNCATED) else None


def owe(tx: Tx) -> None:
    """Something went that laid no tombstone (a key taken from somebody, a chat): the log has to let go of it too."""
    tx.alone_with(_TRUNCATED)
    # Another number each time: what is owed while the log is being truncated is not taken for paid.
    people.move_offset(tx, _TRUNCATED, min(0, people.offset(tx, _TRUNCATED)) - 1)


def let_go(store: Store) -> bool:
    """Let the log go of what was erased since the last time, whoever erased it; False when it has to be tried again."""
    up_to, before = store.read(lambda tx: (owed(tx), people.offset(tx, _TRUNCATED)))
    if up_to is None:
        return True
    if not store.truncate_log():
        return False
    return store.do(lambda tx: _paid(tx, before, up_to))


def _paid(tx: Tx, before: int, up_to: int) -> bool:
    """The log was truncated up to that tombstone; whether nothing was owed meanwhile."""
    tx.alone_with(_TRUNCATED)
    if people.offset(tx, _TRUNCATED) != before:
        return False
    people.move_offset(tx, _TRUNCATED, up_to)
    return True

"""What is kept too long: closed cases whose time is over, silent addresses, files of drafts without a talk."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from store import cases as rows
from store import diary, letters, people
from store.cases import DAY, Case
from store.db import Tx
from store.schema import addresses, cases, entries, inbox, link_codes, outbox, subscribers, talks
from store.schema import diary as noted

EXPIRE = "expire"
_WEB = "web"


def ripe(case: Case, warn_days: int) -> int:
    """When a closed case is old enough that its end is announced."""
    return case.touched + (case.keep_days - warn_days) * DAY


def plan(tx: Tx, reference: str, at: int) -> None:
    """Look at a closed case then."""
    diary.write(tx, EXPIRE, at, case=reference)


def began(tx: Tx, reference: str, warn_days: int) -> None:
    """A case was closed, or is kept no longer: from now on its time runs."""
    case = rows.get(tx, reference)
    if case is not None and case.state == "closed":
        plan(tx, reference, ripe(case, warn_days))


def warned(tx: Tx, reference: str, at: int | None) -> None:
    """Its end was announced; None: it was not, or something has happened since."""
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(warned=at))


def overdue(tx: Tx, now: int, warn_days: int, after: str = "", most: int = 200) -> list[str]:
    """Closed cases whose end is to be announced or has come, by reference."""
    wanted = sa.select(cases.c.reference).where(*_old(now, warn_days), cases.c.reference > after)
    return [row.reference for row in tx.rows(wanted.order_by(cases.c.reference).limit(most))]


def lost(tx: Tx, now: int, warn_days: int, latest: int, most: int = 200) -> list[str]:
    """Those of them that no time in the diary leads to, or only one later than `latest`."""
    there = sa.exists().where(noted.c.key == sa.literal(f"{EXPIRE}:").concat(cases.c.reference), noted.c.due <= latest)
    wanted = sa.select(cases.c.reference).where(*_old(now, warn_days), ~there)
    return [row.reference for row in tx.rows(wanted.limit(most))]


def _old(now: int, warn_days: int) -> tuple[sa.ColumnElement[bool], ...]:
    ended = cases.c.touched + (cases.c.keep_days - warn_days) * DAY
    # The second condition follows from the third; it is the one that the index answers.
    return cases.c.state == "closed", cases.c.touched <= now, ended <= now


@dataclass(frozen=True, slots=True)
class Limits:
    """Before which second an address must have been heard of, one of the web chat, and a letter posted."""

    seen: int
    web: int
    letter: int


def silent(tx: Tx, before: Limits, most: int = 50, only: str | None = None) -> list[str]:
    """Addresses nobody has heard of for so long that nothing of ours leads to any more; or whether `only` is one.

    No case, no subscription, no linked group, no message that waits to be worked on, no letter that may still go out.
    """
    here = addresses.c.id
    quiet = sa.or_(
        sa.and_(addresses.c.channel != _WEB, addresses.c.seen < before.seen),
        sa.and_(addresses.c.channel == _WEB, addresses.c.seen < before.web),
    )
    needed = (
        sa.exists().where(cases.c.address == here),
        sa.exists().where(subscribers.c.address == here),
        sa.exists().where(link_codes.c.address == here),
        sa.exists().where(inbox.c.address == here, inbox.c.state == "waiting"),
        sa.exists().where(outbox.c.address == here, outbox.c.state.in_(letters.UNSENT), outbox.c.at >= before.letter),
    )
    wanted = sa.select(here).where(quiet, *(~each for each in needed))
    return [row.id for row in tx.rows(wanted.where(here == only) if only else wanted.order_by(here).limit(most))]


def forget(tx: Tx, address: str, before: Limits, now: int) -> bool:
    """Forget an address that is still silent, now that nobody else works for it; whether it was."""
    tx.alone_with(address)
    if not silent(tx, before, only=address):
        return False
    people.forget(tx, address, "retention", now)
    return True


def drop_lost_drafts(tx: Tx, before: int) -> int:
    """Erase files of drafts whose talk is gone; how many."""
    kept = sa.exists().where(talks.c.address == entries.c.draft_of)
    gone = sa.delete(entries).where(entries.c.draft_of.is_not(None), entries.c.at < before, ~kept)
    return tx.do(gone).rowcount

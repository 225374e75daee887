"""What nobody needs any more: closed cases are announced and erased, silent addresses forgotten.

A case is erased when three things are true: it is closed, nothing has happened in it for `keep_days`, and its end was
announced `warn_days` ago. Every look at a case decides anew from what is in the store, so a look that is lost, doubled,
cut off or too early changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TypeAlias
from zoneinfo import ZoneInfo

from actions import notices
from actions.programme import Programme
from actions.words import to_json
from store import audit, cases, erasing, keys, letters, people, retention
from store.cases import DAY, Case
from store.db import Store, Tx
from store.letters import Lane

ALERT = "erased_soon"
# A case that is kept for a reason is looked at again after so long.
_KEPT = 30 * DAY
# A web conversation ends with its tab.
_WEB_DAYS, _LETTER_DAYS = 30, 30
_EVEN, _LEAP, _BACK, _SEEN_EVERY = DAY, 2 * DAY, 3600, 60
# Beside the channels in the table of how far something was read.
_SEEN, _SINCE = "clock seen", "clock even since"


@dataclass(frozen=True, slots=True)
class Keep:
    """Its end is not near; look again then."""

    at: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Its end was announced for then."""

    at: int


@dataclass(frozen=True, slots=True)
class Warn:
    """Say that it is erased then, and look again."""

    at: int


@dataclass(frozen=True, slots=True)
class Erase:
    """Its time is over and everybody was told."""


@dataclass(frozen=True, slots=True)
class Live:
    """It is worked on: closing it notes a new time."""


Verdict: TypeAlias = Live | Keep | Warn | Wait | Erase


def verdict(case: Case, now: int, warn_days: int) -> Verdict:
    """What the time says about a case."""
    if case.state != "closed":
        return Live()
    if case.hold or case.evidence:
        return Keep(now + _KEPT)
    ripe = retention.ripe(case, warn_days)
    if now < ripe:
        return Keep(ripe)
    # A warning from before something happened, or from a clock that was ahead, was no warning.
    if case.warned is None or not ripe <= case.warned <= now:
        return Warn(now + warn_days * DAY)
    end = case.warned + warn_days * DAY
    return Wait(end) if now < end else Erase()


def expire(tx: Tx, reference: str, now: int, programme: Programme, *, even: bool = True) -> Verdict:
    """Look at a case whose time has come; what was done. An uneven clock erases and announces nothing."""
    case = cases.get(tx, reference, hold=True)
    if case is None:
        return Live()
    said = verdict(case, now, programme.warn_days)
    if not even and isinstance(said, Warn | Erase):
        said = Wait(now + _EVEN)
    _carry(tx, case, said, now, programme)
    return said


def _carry(tx: Tx, case: Case, said: Verdict, now: int, programme: Programme) -> None:
    match said:
        case Live():
            _calm(tx, case)
        case Keep(at):
            _calm(tx, case)
            retention.plan(tx, case.reference, at)
        case Wait(at):
            retention.plan(tx, case.reference, at)
        case Warn(at):
            _warn(tx, case, at, now, programme)
            retention.plan(tx, case.reference, at)
        case Erase():
            audit.note(tx, now, "retention", "erased", case.reference)
            erasing.erase_case(tx, case.reference, "retention", now)


def _calm(tx: Tx, case: Case) -> None:
    """Its end is not near: nobody need be told of it any more."""
    cases.calm(tx, case.reference, ALERT)
    if case.warned is not None:
        retention.warned(tx, case.reference, None)


def _warn(tx: Tx, case: Case, at: int, now: int, programme: Programme) -> None:
    retention.warned(tx, case.reference, now)
    cases.alert(tx, case.reference, ALERT, now)
    if case.address:
        on = day(at, programme)
        words = to_json(notices.expiring(case.reference, on))
        key = f"expiring/{case.reference}/{on.isoformat()}"
        letters.post(tx, key, case.address, words, Lane.FOLLOW_UP, keys.bot(tx), now)


def day(at: int, programme: Programme) -> date:
    """The day of a second where the programme is."""
    return datetime.fromtimestamp(at, ZoneInfo(programme.timezone)).date()


# --- what the diary does not lead to ----------------------------------------------------------------------------------


def sweep(tx: Tx, now: int, programme: Programme) -> int:
    """Note a time for closed cases whose time was lost, or stands further off than any wait; how many."""
    latest = now + max(_KEPT, programme.warn_days * DAY)
    found = retention.lost(tx, now, programme.warn_days, latest)
    for reference in found:
        retention.plan(tx, reference, now)
    return len(found)


def silent(store: Store, now: int, programme: Programme, most: int = 50) -> int:
    """Forget addresses that have been silent too long, each in a transaction of its own; how many."""
    before = retention.Limits(now - programme.silent_days * DAY, now - _WEB_DAYS * DAY, now - _LETTER_DAYS * DAY)
    found = store.read(lambda tx: retention.silent(tx, before, most))
    return sum(store.do(partial(retention.forget, address=each, before=before, now=now)) for each in found)


def drafts(tx: Tx, now: int) -> None:
    """Erase files of drafts whose talk is gone."""
    retention.drop_lost_drafts(tx, now - DAY)


@dataclass(frozen=True, slots=True)
class Done:
    """How much was carried out."""

    erased: int
    warned: int
    forgotten: int


def carry_out(store: Store, now: int, programme: Programme) -> Done:
    """All that retention has due now, at once."""
    said: list[Verdict] = []
    after = ""
    while some := store.read(partial(retention.overdue, now=now, warn_days=programme.warn_days, after=after)):
        said += [store.do(partial(expire, reference=each, now=now, programme=programme)) for each in some]
        after = some[-1]
    forgotten = 0
    while count := silent(store, now, programme):
        forgotten += count
    store.do(lambda tx: drafts(tx, now))
    return Done(sum(each == Erase() for each in said), sum(isinstance(each, Warn) for each in said), forgotten)


# --- a clock that leaps -----------------------------------------------------------------------------------------------


def even(tx: Tx, now: int) -> bool:
    """Whether the clock has gone on evenly for a day; one that leapt may be wrong, and erasing cannot be undone.

    Kept in the store, so that a machine that starts with a wrong clock is noticed as well.
    """
    seen, since = people.offset(tx, _SEEN), people.offset(tx, _SINCE)
    if seen and -_BACK <= now - seen <= _LEAP:
        if abs(now - seen) >= _SEEN_EVERY:
            people.move_offset(tx, _SEEN, now)
        return now - since >= _EVEN
    people.move_offset(tx, _SEEN, now)
    # A house that has never run has nothing to be erased; whoever founds it need not wait.
    people.move_offset(tx, _SINCE, now if seen else now - _EVEN)
    return not seen

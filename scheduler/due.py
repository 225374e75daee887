"""What happens when a noted time has come, and the posting of approved announcements; each in one transaction.

Every row written here has a key that names what was due and when, so a run that is cut off, doubled or thrown back by
a clock changes nothing that is not changed already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import structlog

from actions import notices, passing
from actions.programme import Programme
from actions.words import Letter, to_json
from scheduler import expiry
from store import alarms, announcements, cases, diary, keys, letters, people, plans, referrals
from store.db import Tx
from store.diary import Entry
from store.letters import Lane

_MORE_TIME = timedelta(days=7)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Somebody has waited for a while: say that they are not forgotten."""

    case: str


@dataclass(frozen=True, slots=True)
class FirstLook:
    """By now somebody should have opened the case."""

    case: str


@dataclass(frozen=True, slots=True)
class Answer:
    """By now the person should have an answer."""

    case: str


@dataclass(frozen=True, slots=True)
class Forget:
    """The bare address was kept to say that all is erased; now it goes too."""

    address: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A time a talk has noted for itself; the bot hears it like a message."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Expire:
    """A closed case may have been kept for long enough."""

    case: str


@dataclass(frozen=True, slots=True)
class Ring:
    """By now whoever was called should have taken the alarm."""

    alarm: str


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Whoever a case was passed on to is to be asked again."""

    case: str


@dataclass(frozen=True, slots=True)
class PlanEnds:
    """Something that was planned for somebody's safety ends soon."""

    case: str


Due: TypeAlias = FollowUp | FirstLook | Answer | Forget | Silence | Expire | Ring | AskAgain | PlanEnds


class NotKnown(Exception):
    """A row of the diary that this version cannot read."""


def tick(tx: Tx, now: int, programme: Programme, *, even: bool = True) -> int:
    """Act on some of what is due; how many rows were taken (0: nothing is due). An uneven clock erases nothing."""
    taken, failed = diary.act(tx, now, lambda tx, entry: _act(tx, entry, now, programme, even))
    if failed:
        _log.error("some of what was due could not be done and is put off by an hour", count=failed)
    return taken


def announce(tx: Tx, now: int) -> bool:
    """Post some letters of an approved announcement; whether there was anything to do."""
    return announcements.post_some(tx, now)


def read(entry: Entry) -> Due:
    """What an entry of the diary is about."""
    match entry:
        case Entry(kind="follow_up", case=str(case)):
            return FollowUp(case)
        case Entry(kind="first_look", case=str(case)):
            return FirstLook(case)
        case Entry(kind="answer", case=str(case)):
            return Answer(case)
        case Entry(kind="forget", address=str(address)):
            return Forget(address)
        case Entry(kind="expire", case=str(case)):
            return Expire(case)
        case Entry(kind=alarms.KIND, case=None, address=None):
            return Ring(entry.about)
        case Entry(kind=referrals.ASK, case=str(case)):
            return AskAgain(case)
        case Entry(kind=plans.ENDS, case=str(case)):
            return PlanEnds(case)
        case Entry(kind=str(name), case=None, address=str(address)):
            return Silence(address, name)
        case _:
            raise NotKnown(entry.kind)


def _act(tx: Tx, entry: Entry, now: int, programme: Programme, even: bool) -> None:
    match read(entry):
        case FollowUp(case):
            _follow_up(tx, case, entry.due, now, programme)
        case FirstLook(case):
            _first_look(tx, case, now)
        case Answer(case):
            _answer(tx, case, entry.due, now, programme)
        case Forget(address):
            _forget(tx, address, now)
        case Expire(case):
            expiry.expire(tx, case, now, programme, even=even)
        case Ring(alarm):
            on_duty = programme.on_duty(datetime.fromtimestamp(now, UTC))
            alarms.call_next(tx, alarm, on_duty, now, programme.ack_minutes)
        case AskAgain(case):
            referrals.ask(tx, case, now)
        case PlanEnds(case):
            _plan_ends(tx, case, now, programme)
        case Silence(address, name):
            _silence(tx, address, name, f"silence/{entry.key}/{entry.due}", now)


def _follow_up(tx: Tx, reference: str, due: int, now: int, programme: Programme) -> None:
    case = cases.get(tx, reference, hold=True)
    if case and case.address and case.state in ("filed", "read"):
        letter = notices.follow_up(reference, expiry.day(case.answer_by, programme))
        _post(tx, f"follow_up/{reference}/{due}", case.address, letter, now)


def _first_look(tx: Tx, reference: str, now: int) -> None:
    case = cases.get(tx, reference, hold=True)
    if case and case.state == "filed":
        cases.alert(tx, reference, "first_look", now)


def _answer(tx: Tx, reference: str, due: int, now: int, programme: Programme) -> None:
    """Tell staff, tell the person, and promise a new day that can be missed in turn."""
    case = cases.get(tx, reference, hold=True)
    if case is None or case.state in ("answered", "closed"):
        return
    new_by = int((datetime.fromtimestamp(max(now, due), UTC) + _MORE_TIME).timestamp())
    cases.alert(tx, reference, "answer", now)
    cases.late(tx, reference, new_by)
    # Read again now that the row is ours: an address is called anew after a lookup key was rotated.
    case = cases.get(tx, reference)
    if case and case.address:
        letter = notices.late(reference, expiry.day(new_by, programme))
        _post(tx, f"late/{reference}/{due}", case.address, letter, now)


def _plan_ends(tx: Tx, reference: str, now: int, programme: Programme) -> None:
    """Tell staff, and whoever counts on it, before it ends (R17)."""
    case = cases.get(tx, reference, hold=True)
    if case is None or case.state == "closed":
        return
    until = plans.ends(tx, reference, now)
    if until is not None and case.address:
        letter = passing.plan_ends(reference, expiry.day(until, programme))
        # One a measure, however often it is looked at.
        _post(tx, f"plan_ends/{reference}/{until}", case.address, letter, now)


def _forget(tx: Tx, address: str, now: int) -> None:
    # Whoever has written again since is somebody we talk with.
    if people.talk(tx, address) is None:
        people.forget(tx, address, "person", now)


def _silence(tx: Tx, address: str, name: str, key: str, now: int) -> None:
    if where := people.channel_and_kind(tx, address):
        people.take_silence(tx, key, where[0], address, name, now)


def _post(tx: Tx, key: str, address: str, letter: Letter, now: int) -> None:
    letters.post(tx, key, address, to_json(letter), Lane.FOLLOW_UP, keys.bot(tx), now)

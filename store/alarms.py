"""Alarms: that somebody in an area says they are in danger, who was called, who took it, what became of it.

No words of the person, no address and no case; times are whole minutes, so that no letter of a second stands beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import sqlalchemy as sa

from store import audit, cases, diary
from store.db import Tx
from store.schema import alarms, staff

Outcome: TypeAlias = Literal["helped", "false_alarm", "not_reached", "passed_on"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
KIND = "alarm"
_MINUTE, _DAY = 60, 24 * 3600
# Whoever was not found in a day is not found by calling on; the alarm stays on every page until somebody takes it.
_CALLED_FOR = _DAY
_BOT, _SCHEDULER = "bot", "scheduler"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm; `called` is the sign-in name of who is called now ("" for nobody), `step` how many calls that were."""

    id: str
    area: str
    at: int
    called: str
    step: int
    unanswered: bool
    acked_by: str
    acked_at: int | None
    outcome: str

    @property
    def taken(self) -> bool:
        """Whether somebody has said that they see to it."""
        return bool(self.acked_by)


def there(tx: Tx, logins: Sequence[str]) -> tuple[str, ...]:
    """Those of these sign-in names that are active members, in the same order."""
    rows = tx.rows(sa.select(staff.c.login).where(staff.c.active, staff.c.login.in_(logins)))
    active = {row.login for row in rows}
    return tuple(each for each in logins if each in active)


def ring(
    tx: Tx, area: str, logins: Sequence[str], now: int, *, ack_minutes: int = 5, id_: str = ""
) -> str | None:  # fmt: skip
    """Call the first of these who is there; the alarm's id, or None when it rings in that area already.

    One alarm an area and minute that nobody has taken yet: whoever writes three times calls once. A given `id_` makes
    a repeat harmless; it must not lead to the message.
    """
    tx.alone_with(f"alarm {area}")
    at = now - now % _MINUTE
    ringing = sa.select(alarms.c.id).where(alarms.c.area == area, alarms.c.acked_by.is_(None))
    if tx.row(ringing.where(alarms.c.at >= at - _MINUTE, alarms.c.at <= at)):
        return None
    id_, called = id_ or cases.new_id(), next(iter(there(tx, logins)), "")
    if not tx.new(alarms, id=id_, area=area, at=at, called=called, step=1, unanswered=False):
        return None
    _note(tx, at, _BOT, f"called {called}" if called else "called nobody: nobody is on duty", id_)
    _wait(tx, id_, now, ack_minutes)
    return id_


def locate(tx: Tx, id_: str, area: str, now: int) -> bool:
    """Add the area to an alarm that had none and is not settled; False where there is no such alarm."""
    open_ = sa.update(alarms).where(alarms.c.id == id_, alarms.c.area == "", alarms.c.outcome.is_(None))
    if tx.do(open_.values(area=area)).rowcount != 1:
        return False
    _note(tx, now - now % _MINUTE, _BOT, "was told where", id_)
    return True


def call_next(tx: Tx, id_: str, logins: Sequence[str], now: int, ack_minutes: int) -> bool:
    """Nobody has taken it in time: call the next one on duty, after the last one the first again; whether it rings."""
    alarm = get(tx, id_, hold=True)
    if alarm is None or alarm.taken or now - alarm.at > _CALLED_FOR:
        return False
    on_duty = there(tx, logins)
    after = on_duty.index(alarm.called) + 1 if alarm.called in on_duty else 0
    round_over = bool(alarm.called) and after == len(on_duty)
    called = on_duty[after % len(on_duty)] if on_duty else ""
    if round_over:
        _note(tx, now, _SCHEDULER, "nobody answered", id_)
    changed = {"called": called, "step": alarm.step + 1, "unanswered": alarm.unanswered or round_over}
    tx.do(sa.update(alarms).where(alarms.c.id == id_).values(**changed))
    _note(tx, now, _SCHEDULER, f"called {called}" if called else "called nobody: nobody is on duty", id_)
    _wait(tx, id_, now, ack_minutes)
    return True


def take(tx: Tx, id_: str, login: str, by: str, now: int) -> bool:
    """A member sees to it: nobody else is called; False when somebody has taken it before, or there is none."""
    free = sa.update(alarms).where(alarms.c.id == id_, alarms.c.acked_by.is_(None))
    if tx.do(free.values(acked_by=login, acked_at=now)).rowcount != 1:
        return False
    diary.strike(tx, KIND, id_)
    _note(tx, now, by, "took an alarm", id_)
    return True


def tell(tx: Tx, id_: str, outcome: Outcome, by: str, now: int) -> bool:
    """What became of an alarm that was taken; False when that was told before."""
    open_ = sa.update(alarms).where(alarms.c.id == id_, alarms.c.acked_by.is_not(None), alarms.c.outcome.is_(None))
    if tx.do(open_.values(outcome=outcome)).rowcount != 1:
        return False
    _note(tx, now, by, f"told what became of an alarm: {outcome.replace('_', ' ')}", id_)
    return True


def get(tx: Tx, id_: str, *, hold: bool = False) -> Alarm | None:
    """One alarm; with `hold` nobody else changes it until this transaction is over."""
    wanted = sa.select(alarms).where(alarms.c.id == id_)
    row = tx.row(tx.holding(wanted) if hold else wanted)
    return _alarm(row) if row else None


def unsettled(tx: Tx) -> list[Alarm]:
    """Those that nobody has taken, the oldest first, and then those of which nobody has told what became of them."""
    order = (alarms.c.acked_by.is_not(None), alarms.c.at, alarms.c.id)
    return [_alarm(row) for row in tx.rows(sa.select(alarms).where(alarms.c.outcome.is_(None)).order_by(*order))]


def since(tx: Tx, after: int) -> list[Alarm]:
    """All since then, and whatever is not settled, the newest first."""
    wanted = sa.select(alarms).where(sa.or_(alarms.c.at >= after, alarms.c.outcome.is_(None)))
    return [_alarm(row) for row in tx.rows(wanted.order_by(alarms.c.at.desc(), alarms.c.id))]


def _alarm(row: sa.Row[tuple[object, ...]]) -> Alarm:
    return Alarm(
        row.id, row.area, row.at, row.called, row.step, row.unanswered, row.acked_by or "", row.acked_at,
        row.outcome or "",
    )  # fmt: skip


def _wait(tx: Tx, id_: str, now: int, ack_minutes: int) -> None:
    """Look again when the time is up, to the full minute."""
    diary.write(tx, KIND, -(-now // _MINUTE) * _MINUTE + ack_minutes * _MINUTE, about=id_)


def _note(tx: Tx, now: int, who: str, act: str, id_: str) -> None:
    audit.note(tx, now, who, act, f"alarm/{id_}")

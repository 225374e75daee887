"""Days, moments and time left, in the programme's time zone and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from store.cases import Case

HOUR, DAY = 3600, 86400
Level: TypeAlias = Literal["green", "amber", "red", "none"]


@dataclass(frozen=True, slots=True)
class Left:
    """A clock of a case: what is awaited, how long there is, how bad it is."""

    what: str
    words: str
    level: Level


def left(case: Case, now: int) -> Left:
    """The clock that runs for a case."""
    if case.state == "closed":
        return Left("", "", "none")
    if case.state == "answered":
        return Left("", "they wrote again", "amber") if case.news else Left("", "", "none")
    what, by = ("first look", case.first_look_by) if case.state == "filed" else ("answer", case.answer_by)
    if now >= by:
        return Left(what, f"overdue by {_span(now - by)}", "red")
    # A quarter of the time is left (REQUIREMENTS.md 3.4).
    near = by - now <= (by - case.filed) // 4
    return Left(what, f"{_span(by - now)} left", "amber" if near else "green")


def _span(seconds: int) -> str:
    if seconds >= 2 * DAY:
        return f"{seconds // DAY} days"
    hours = seconds // HOUR
    if hours:
        return f"{hours} hour{'s' if hours > 1 else ''}"
    return "less than an hour"


def day(seconds: int, zone: str) -> str:
    """20 Nov 2026."""
    return _local(seconds, zone).strftime("%d %b %Y").lstrip("0")


def moment(seconds: int, zone: str) -> str:
    """20 Nov 2026, 14:05."""
    return f"{day(seconds, zone)}, {_local(seconds, zone):%H:%M}"


def date_of(seconds: int, zone: str) -> date:
    """The local day of a moment."""
    return _local(seconds, zone).date()


def morning(day: date, zone: str) -> int:
    """When work begins on a local day."""
    return int(datetime.combine(day, time(9), ZoneInfo(zone)).timestamp())


def evening(day: date, zone: str) -> int:
    """The end of a local day, as it is promised to people."""
    return int(datetime.combine(day, time(23, 59), ZoneInfo(zone)).timestamp())


def typed(words: str) -> date | None:
    """A day as a browser's field sends it, or None."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _local(seconds: int, zone: str) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone))

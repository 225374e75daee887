"""Whether a letter that nobody is waiting for may go out now: the terms a person has set, and the time of day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeAlias

from actions.talk import Terms

_WHOLE_DAY = 24


@dataclass(frozen=True, slots=True)
class Go:
    """It may go as it is."""


@dataclass(frozen=True, slots=True)
class Knock:
    """It waits until they write; they may be told, in one neutral line, that something waits."""


@dataclass(frozen=True, slots=True)
class Hold:
    """It waits until they write, and nothing is sent."""


@dataclass(frozen=True, slots=True)
class Wait:
    """It is not the time of day; look again then (local, aware)."""

    until: datetime


Way: TypeAlias = Go | Knock | Hold | Wait


def way(terms: Terms, local: datetime) -> Way:
    """What becomes of it at that (aware) local time."""
    if terms.write == "no":
        return Hold()
    if not within(terms.hours, local.hour):
        return Wait(_next(local, terms.hours[0]))
    return Knock() if terms.write == "neutral" else Go()


def within(hours: tuple[int, int], hour: int) -> bool:
    """Whether an hour is among those: from the first until before the second, over midnight where that is smaller."""
    begin, end = hours[0] % _WHOLE_DAY, hours[1]
    if begin < end:
        return begin <= hour < end
    return hour >= begin or hour < end


def _next(local: datetime, hour: int) -> datetime:
    today = datetime.combine(local.date(), time(hour % _WHOLE_DAY), local.tzinfo)
    return today if today > local else today + timedelta(days=1)

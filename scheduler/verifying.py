"""What staff are asked to verify: services that are not shown any more, and once a month the emergency numbers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from actions.programme import Programme
from store import tasks
from store.db import Tx


def ask(tx: Tx, now: int, programme: Programme) -> None:
    """Note what is to be verified, and strike what the programme says was; however often, once."""
    zone = ZoneInfo(programme.timezone)
    today = datetime.fromtimestamp(now, zone).date()
    gone = timedelta(days=programme.verify_days + 1)
    tasks.agree(tx, {each.key: _begin(each.verified + gone, zone) for each in programme.stale(today)})
    month = today.replace(day=1)
    tasks.ask(tx, tasks.NUMBERS, f"{month:%Y-%m}", _begin(month, zone))


def _begin(day: date, zone: ZoneInfo) -> int:
    """The first second of a local day."""
    return int(datetime.combine(day, time(), zone).timestamp())

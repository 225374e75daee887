"""The scheduler's process: APScheduler as a ticker and nothing else; what is due stands in the store."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import UTC, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from actions.programme import Programme
from house import clock, logs, programme
from house.settings import Settings
from scheduler import due
from store import files, people, staff
from store.db import Store, StoreUnavailable

_TICK, _TIDY = timedelta(seconds=1), timedelta(hours=1)
_ROUNDS = 200
_DAY = 24 * 3600
# Longer than any platform repeats a message (Meta: 7 days).
_REPEATED = 8 * _DAY
_UNFETCHED = 30 * 24 * 3600
# A file of which nothing more has come for so long will not be brought by any message.
_ARRIVES = 3600
_SESSION, _IDLE = 12 * 3600, 3600
_WATCH = 2.0
_log = structlog.get_logger()


def serve(settings: Settings) -> None:
    """Run until SIGTERM or Ctrl-C; only the store and the programme are read, no key file."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logs.quiet("scheduler", settings.log_level)
    rules, store = programme.load(settings.programme), Store(settings.database)
    try:
        run(store, rules, stop, clock.seconds)
    finally:
        store.close()


def run(store: Store, rules: Programme, stop: threading.Event, now: Callable[[], int]) -> None:
    """Tick and tidy until `stop` is set; what has begun is finished."""
    ticker = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for job, every in ((tick, _TICK), (tidy, _TIDY)):
        ticker.add_job(
            _safely, "interval", (job, store, rules, now), id=job.__name__, seconds=every.total_seconds(),
            next_run_time=clock.now(),
        )  # fmt: skip
    ticker.start()
    _log.info("waiting for what is due")
    try:
        while not stop.wait(_WATCH):
            _catch_up(ticker)
    finally:
        ticker.shutdown(wait=True)


def tick(store: Store, rules: Programme, now: int) -> None:
    """Do what is due and post what is approved, a small transaction at a time."""
    for _ in range(_ROUNDS):
        if not store.do(lambda tx: due.tick(tx, now, rules)):
            break
    for _ in range(_ROUNDS):
        if not store.do(lambda tx: due.announce(tx, now)):
            break


def tidy(store: Store, _: Programme, now: int) -> None:
    """Drop what nobody needs any more."""
    store.do(lambda tx: people.tidy(tx, now - _REPEATED, now - _UNFETCHED))
    store.do(lambda tx: staff.drop_old_sessions(tx, now - _SESSION, now - _IDLE))
    for _round in range(_ROUNDS):
        if not store.do(lambda tx: files.drop_orphans(tx, now - _ARRIVES)):
            break


def _safely(
    job: Callable[[Store, Programme, int], None], store: Store, rules: Programme, now: Callable[[], int]
) -> None:
    try:
        job(store, rules, now())
    except StoreUnavailable:
        _log.warning("the store cannot be used now; what is due waits", what=job.__name__)
    except Exception as error:  # noqa: BLE001 - the next tick comes whatever this one met
        _log.error("a tick failed", what=job.__name__, error=type(error).__name__)


def _catch_up(ticker: BackgroundScheduler) -> None:
    """APScheduler reads the wall clock: one that was set back would leave it waiting for as long as that was."""
    for job, every in ((ticker.get_job(each.__name__), period) for each, period in ((tick, _TICK), (tidy, _TIDY))):
        if job and job.next_run_time and job.next_run_time > clock.now() + every * 2:
            job.modify(next_run_time=clock.now())

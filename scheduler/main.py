"""The scheduler's process: APScheduler as a ticker and nothing else; what is due stands in the store."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Protocol

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from actions.programme import Programme
from house import clock, logs, programme
from house.settings import Settings
from scheduler import due, expiry, redlines, verifying
from store import echoes, erasing, files, people, staff, tombstones, traces
from store.db import Store, StoreUnavailable

_TICK, _TIDY = timedelta(seconds=1), timedelta(hours=1)
_SWEEP = "closed cases swept"
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


class _Job(Protocol):
    """One thing done again and again; erasing is left out while the clock is not even."""

    __name__: str

    def __call__(self, store: Store, rules: Programme, now: int, *, even: bool) -> None: ...


def serve(settings: Settings) -> None:
    """Run until SIGTERM or Ctrl-C; only the store and the programme are read, no key file."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logs.quiet("scheduler", settings.log_level)
    rules, store = programme.load(settings.programme), Store(settings.database)
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        run(store, rules, stop, clock.seconds, settings.tombstones)
    finally:
        store.close()


def run(
    store: Store, rules: Programme, stop: threading.Event, now: Callable[[], int], stones: Path | None = None
) -> None:
    """Tick and tidy until `stop` is set; what has begun is finished. What is erased is noted in the file `stones`."""
    ticker = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for job, every in _JOBS:
        ticker.add_job(
            _safely, "interval", (job, store, rules, now), id=job.__name__, seconds=every.total_seconds(),
            next_run_time=clock.now(),
        )  # fmt: skip
    if stones:
        # Apart from the ticks: a full disk stops no clock.
        ticker.add_job(_mirror, "interval", (store, stones), id=_MIRROR, seconds=_TICK.total_seconds())
    ticker.start()
    _log.info("waiting for what is due")
    try:
        while not stop.wait(_WATCH):
            _catch_up(ticker)
    finally:
        ticker.shutdown(wait=True)


def tick(store: Store, rules: Programme, now: int, *, even: bool = True) -> None:
    """Do what is due and post what is approved, a small transaction at a time."""
    for _ in range(_ROUNDS):
        if not store.do(lambda tx: due.tick(tx, now, rules, even=even)):
            break
    for _ in range(_ROUNDS):
        if not store.do(lambda tx: due.announce(tx, now)):
            break
    if not erasing.let_go(store):
        _log.info("what was erased is still being read by somebody; the log is truncated later")


def tidy(store: Store, rules: Programme, now: int, *, even: bool = True) -> None:
    """Drop what nobody needs any more."""
    store.do(lambda tx: people.tidy(tx, now - _REPEATED, now - _UNFETCHED))
    store.do(lambda tx: traces.tidy(tx, now))
    store.do(lambda tx: staff.drop_old_sessions(tx, now - _SESSION, now - _IDLE))
    store.do(lambda tx: echoes.tidy(tx, now))
    # Every hour and not once a day: who has written a new date and started anew sees at once that it counts.
    store.do(lambda tx: verifying.ask(tx, now, rules))
    store.do(lambda tx: redlines.announce(tx, now, rules))
    for _round in range(_ROUNDS):
        if not store.do(lambda tx: files.drop_orphans(tx, now - _ARRIVES)):
            break
    if even:
        store.do(lambda tx: expiry.drafts(tx, now))
        for _ in range(_ROUNDS):
            if not expiry.silent(store, now, rules):
                break
    _sweep(store, rules, now)


def _sweep(store: Store, rules: Programme, now: int) -> None:
    """Once a day: no closed case is forgotten because a time was lost."""
    if abs(now - store.read(lambda tx: people.offset(tx, _SWEEP))) < _DAY:
        return
    for _ in range(_ROUNDS):
        if not store.do(lambda tx: expiry.sweep(tx, now, rules)):
            break
    store.do(lambda tx: people.move_offset(tx, _SWEEP, now))


_JOBS: tuple[tuple[_Job, timedelta], ...] = ((tick, _TICK), (tidy, _TIDY))
_MIRROR = "mirror"
_NAMES = (*((job.__name__, every) for job, every in _JOBS), (_MIRROR, _TICK))


def _safely(job: _Job, store: Store, rules: Programme, now: Callable[[], int]) -> None:
    try:
        at = now()
        job(store, rules, at, even=store.do(lambda tx: expiry.even(tx, at)))
    except StoreUnavailable:
        _log.warning("the store cannot be used now; what is due waits", what=job.__name__)
    except Exception as error:  # noqa: BLE001 - the next tick comes whatever this one met
        _log.error("a tick failed", what=job.__name__, error=type(error).__name__)


def _mirror(store: Store, stones: Path) -> None:
    try:
        tombstones.mirror(store, stones)
    except (StoreUnavailable, OSError) as error:
        _log.warning("the file of tombstones cannot be written now", error=type(error).__name__)


def _catch_up(ticker: BackgroundScheduler) -> None:
    """APScheduler reads the wall clock: one that was set back would leave it waiting for as long as that was."""
    for job, every in ((ticker.get_job(name), period) for name, period in _NAMES):
        if job and job.next_run_time and job.next_run_time > clock.now() + every * 2:
            job.modify(next_run_time=clock.now())

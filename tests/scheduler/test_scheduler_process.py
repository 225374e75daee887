"""The scheduler as a process: it ticks, it ends when told to, and it needs no key."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler

from actions.programme import Programme
from house import clock, programme
from scheduler import main
from store import diary, erasing, keys, people, schema, tombstones
from store.db import Store
from store.pocket import Pocket

ROOT = Path(__file__).resolve().parents[2]
RULES: Programme = programme.load(ROOT / "programme")
POCKET = Pocket.new()
START = """
import os, sys
from house.settings import read
from scheduler.main import serve
sys.addaudithook(lambda event, args: os._exit(9) if event == "open" and "keys" in str(args[0]).split(os.sep) else None)
serve(read())
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'amana.db'}")
    schema.meta.create_all(store.engine)
    store.do(lambda tx: keys.publish(tx, "bot", "bot", POCKET.recipient, 1))
    store.do(lambda tx: people.know(tx, "ann", "telegram", "person", lambda: b"sealed", 0) and None)
    yield store
    store.close()


def heard(store: Store) -> int:
    return len(store.do(lambda tx: people.waiting(tx, ("telegram",))))


def until(store: Store, count: int) -> None:
    end = time.monotonic() + 20
    while heard(store) < count:
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_does_what_is_due_and_ends_cleanly(store: Store, tmp_path: Path, number: signal.Signals) -> None:
    """It opens no key file that lies there; told to end, it ends with 0 and without a traceback."""
    (tmp_path / "keys").mkdir()
    POCKET.held.write(tmp_path / "keys" / "bot.json")
    store.do(lambda tx: diary.write(tx, "draft", clock.seconds(), address="ann"))
    known = {"AMANA_HOME": str(tmp_path), "AMANA_PROGRAMME": str(ROOT / "programme"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", START], cwd=tmp_path, env={**os.environ, **known},
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until(store, 1)
    process.send_signal(number)
    _, said = process.communicate(timeout=10)

    assert process.returncode == 0
    assert "Traceback" not in said


def test_a_store_that_is_away_for_a_while_is_waited_for(store: Store) -> None:
    """The next tick comes; what was due is still due."""
    stop = threading.Event()
    running = threading.Thread(target=main.run, args=(store, RULES, stop, clock.seconds))
    store.do(lambda tx: tx.do(sa.text("ALTER TABLE diary RENAME TO away")))
    running.start()
    time.sleep(1.2)
    store.do(lambda tx: tx.do(sa.text("ALTER TABLE away RENAME TO diary")))
    store.do(lambda tx: diary.write(tx, "draft", clock.seconds(), address="ann"))
    until(store, 1)
    stop.set()
    running.join(10)

    assert not running.is_alive()


def test_what_is_erased_is_noted_in_the_file_of_tombstones(store: Store, tmp_path: Path) -> None:
    """Whoever erased it: within seconds its stone lies in the file that is copied off, and the log is truncated."""
    stop, path = threading.Event(), tmp_path / "tombstones"
    running = threading.Thread(target=main.run, args=(store, RULES, stop, clock.seconds, path))
    running.start()
    store.do(lambda tx: people.forget(tx, "ann", "person", clock.seconds()))
    end = time.monotonic() + 20
    while not path.exists() or store.read(erasing.owed):
        assert time.monotonic() < end
        time.sleep(0.05)
    stop.set()
    running.join(10)

    assert [(each.kind, each.why) for each in tombstones.read(path)] == [("address", "person")]


def test_a_clock_set_back_does_not_stop_the_ticking() -> None:
    """APScheduler would wait until the wall clock is where it was before; we do not."""
    ticker = BackgroundScheduler(timezone=UTC)
    ticker.start(paused=True)
    ticker.add_job(print, "interval", seconds=1, id="tick", next_run_time=clock.now() + timedelta(days=400))

    main._catch_up(ticker)

    assert ticker.get_job("tick").next_run_time <= clock.now()
    ticker.shutdown()

"""`amana backup` and `amana restore`: one sealed file with everything, and an empty house filled from it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from amana import founding, recovering
from house import clock
from house.settings import Settings
from store import backups, restoring
from store.backups import Made
from store.db import Store
from store.restoring import Restored


def backup(settings: Settings, file: Path | None, to: Sequence[str]) -> int:
    """Write a backup while everything runs, and say what is in it."""
    now = clock.seconds()
    path = file or settings.home / "backups" / f"amana-{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}.age"
    _told_to_stop()
    store = Store(settings.database)
    try:
        made = backups.make(store, settings.home, path, to, now)
    finally:
        store.close()
    _tell(made)
    return 0


def _tell(made: Made) -> None:
    print(f"{made.path}: {sum(each.rows for each in made.counts.values())} rows, digest {made.digest[:16]}")
    for each in made.to:
        print(f"  for {each}")
    print("Keep it on another machine, and the shares of the recovery key apart from it.")
    if not made.enrolled:
        print("Nobody of staff has enrolled yet: with this backup only the recovery shares open a case.")


def restore(settings: Settings, file: Path, shares: str, identity: Path | None, stones: Sequence[Path]) -> int:
    """Fill an empty home and database from a backup, and say what came back and what was erased again."""
    _told_to_stop()
    files = [*stones, *([settings.tombstones] if settings.tombstones.exists() else [])]
    store = Store(settings.database)
    try:
        restoring.must_be_empty(store, settings.home)
        identities = recovering.identities(shares, identity)
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with founding.alone(settings.home / "founding.lock"):
            restored = restoring.restore(store, settings.home, file, identities, files, clock.seconds())
    finally:
        store.close()
    _tell_restored(restored)
    return 0


def _tell_restored(restored: Restored) -> None:
    for table, count in restored.counts.items():
        print(f"{table:16} {count.rows:8}")
    made = f"{datetime.fromtimestamp(restored.made, UTC):%Y-%m-%d %H:%M} UTC"
    print(f"Restored and checked row by row: the backup of {made}, digest {restored.digest[:16]}.")
    print(f"Erased again, because a tombstone says so: {restored.erased}. Everybody of staff signs in anew.")
    if not restored.newer:
        print(
            f"amana: no tombstones newer than the backup were given. What was erased after {made} is here again: find "
            "the file `tombstones` of the lost AMANA_HOME and restore once more, before you start anything.",
            file=sys.stderr,
        )


def _told_to_stop() -> None:
    """SIGTERM ends it as Ctrl-C does: nothing half done is left."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)

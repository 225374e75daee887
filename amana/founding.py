"""The house is founded once: folders, tables, keys, and the first member's link until it is used."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from house import clock, programme
from house.settings import Settings
from store import founding
from store.db import Store


def found(settings: Settings) -> str | None:
    """Make what is missing; the first member's token while nobody has enrolled."""
    rules = programme.load(settings.programme)
    for wrong in programme.too_early(settings.programme, rules, clock.now().date()):
        # Said and not refused: it may be this machine's clock that is slow.
        print(wrong, file=sys.stderr)
    desks = programme.desks(rules)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(settings.home / "founding.lock"):
        store = Store(settings.database)
        try:
            return founding.found(store, settings.home, desks, clock.seconds())
        finally:
            store.close()


def link(settings: Settings, token: str) -> str:
    """The one-time link; the token stands behind the #, which no browser sends and no server logs."""
    base = settings.console_url or f"http://{settings.console_host}:{settings.console_port}"
    return f"{base}/enrol#{token}"


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time founds or fills a house."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

"""Restoring a backup into an empty house: all of it, checked row by row, or nothing; then what was erased goes again."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store import ageing, audit, backups, people, tombstones
from store.backups import FILES, FORMAT, TABLES, Count
from store.db import BrokenRule, Store, StoreUnavailable, Tx
from store.migrating import HEAD, migrate
from store.schema import addresses, cases, meta
from store.tombstones import Tombstone, name_of

_LONGEST = 64 << 20
_BATCH = 500
_BATCH_BYTES = 8 << 20
_CHANGED = "The backup was changed or cut off on its way: what is in it is not what its last line says. Use another copy."


class NotRestored(Exception):
    """Nothing was restored; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: when the backup was made, its digest, rows a table, how much was erased again."""

    made: int
    digest: str
    counts: dict[str, Count]
    head: audit.Head | None
    erased: int
    newer: bool


def restore(
    store: Store, home: Path, backup: Path, identities: Sequence[str], stones: Sequence[Path], now: int
) -> Restored:
    """Restore into an empty home and database, and obey every tombstone before anything is served."""
    given = [each for path in stones for each in tombstones.read(path)]
    fresh = _fresh(store, home)
    try:
        restored = _restored(store, home, backup, identities, given, now)
    except BaseException:
        _empty_again(store, home, fresh)
        raise
    store.truncate_log()
    tombstones.mirror(store, home / "tombstones", anew=True)
    touched = max((path.stat().st_mtime for path in stones), default=0)
    return restored

"""Changing a desk's key after somebody has left it: begun with the leaving, swept in the background, never forgotten.

What is left of it is in the database: whoever works at the desk and comes next goes on with it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress

import structlog

from store import casekeys, erasing, opening, turning
from store.db import Store, StoreUnavailable, Tx
from store.opening import Ring

_MINUTE = 60
_log = structlog.get_logger()


def begin(tx: Tx, desks: Iterable[str]) -> None:
    """In the transaction in which somebody leaves these desks: their keys have to be changed."""
    for each in desks:
        turning.ask(tx, each)
    erasing.owe(tx)


def let_go(store: Store) -> None:
    """The database's log lets go of what somebody could open until now; the scheduler tries again where it cannot."""
    with suppress(StoreUnavailable):
        erasing.let_go(store)


class Turns:
    """The rotations that this process works on; one at a time, with a transaction for each small step."""

    def __init__(self) -> None:
        self._looked: dict[str, int] = {}
        self._one = threading.Lock()

    def carry_on(self, store: Store, ring: Ring, now: int) -> None:
        """Go on with what is left to do at this member's desks; looks at most once a minute a member."""
        if now - self._looked.get(ring.staff, 0) >= _MINUTE:
            self.go(store, ring, now)

    def go(self, store: Store, ring: Ring, now: int) -> None:
        """Go on now, in the background."""
        self._looked[ring.staff] = now
        threading.Thread(target=self._work, args=(store, ring, now), name="rotation", daemon=True).start()

    def _work(self, store: Store, ring: Ring, now: int) -> None:
        try:
            with self._one:
                _sweep(store, ring, now)
        except Exception as error:  # noqa: BLE001 - the next visit goes on; its words could quote a row
            _log.warning("rotation waits", error=type(error).__name__)


def _sweep(store: Store, ring: Ring, now: int) -> None:
    """Everything that this member's keys can do."""
    mine = store.read(lambda tx: opening.ring_of(tx, ring.staff, ring.me))
    for desk in store.read(turning.due):
        if desk in mine.desks:
            turning.desk_sweep(store, mine, desk, now, ring.staff)
    let_go(store)
    name = casekeys.name_of_member(ring.staff)
    if store.read(lambda tx: casekeys.under(tx, name, 1)):
        store.do(lambda tx: opening.share(tx, mine))

"""Wakes whoever waits for letters of an address: at once for our own, within a second for other processes'."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

from store import letters
from store.db import Store, StoreUnavailable

_EVERY = 0.5


class Bell:
    """One event an address, kept only while somebody waits."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._told: list[Callable[[], None]] = []

    def tell(self, other: Callable[[], None]) -> None:
        """Somebody else who wants to know whenever something was posted here."""
        self._told.append(other)

    def ring(self, address: str) -> None:
        """Something was posted to this address."""
        for other in self._told:
            other()
        for event in self._waiting.get(address, ()):
            event.set()

    async def wait(self, address: str, seconds: float) -> None:
        """Until something is posted to this address, or the time is over."""
        event = asyncio.Event()
        self._waiting[address].add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting[address].discard(event)
            if not self._waiting[address]:
                del self._waiting[address]

    async def listen(self) -> None:
        """Notice what console and scheduler post."""
        newest = 0
        while True:
            await asyncio.sleep(_EVERY)
            if not self._waiting:
                continue
            try:
                seen = await self._store.look(letters.newest)
            except StoreUnavailable:
                continue
            if seen != newest:
                newest = seen
                for address in list(self._waiting):
                    self.ring(address)

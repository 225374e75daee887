"""How long a sign-in waits after others failed: longer each time, yet seconds only, so that nobody is locked out.

ASVS 5.0 6.1.1: against guessing, without giving strangers the power to shut an account. Held in memory only.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable

_LONGEST = 8.0
_FREE = 2
_FORGOTTEN_AFTER = 900
_MOST_NAMES = 2000
_GLOBAL_WINDOW = 60
_GLOBAL_FREE = 20


class Patience:
    """Counts attempts by sign-in name and overall; an attempt counts as failed until it has succeeded."""

    def __init__(self, clock: Callable[[], int], pause: Callable[[float], Awaitable[object]]) -> None:
        self._clock = clock
        self._pause = pause
        self._names: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._all: deque[int] = deque(maxlen=1000)

    async def wait(self, name: str) -> None:
        """Wait as long as the attempts before this one ask for."""
        seconds = self._count(name)
        if seconds:
            await self._pause(seconds)

    def succeeded(self, name: str) -> None:
        """The right person was here: the name starts afresh."""
        self._names.pop(name, None)
        if self._all:
            self._all.pop()

    def _count(self, name: str) -> float:
        now = self._clock()
        before, at = self._names.pop(name, (0, now))
        before = before if now - at < _FORGOTTEN_AFTER else 0
        self._names[name] = (before + 1, now)
        while len(self._names) > _MOST_NAMES:
            self._names.popitem(last=False)
        while self._all and self._all[0] <= now - _GLOBAL_WINDOW:
            self._all.popleft()
        self._all.append(now)
        mine = 2.0 ** min(before - _FREE, 5) if before > _FREE else 0.0
        everybody = (len(self._all) - _GLOBAL_FREE) / 10 if len(self._all) > _GLOBAL_FREE else 0.0
        return min(_LONGEST, max(mine, everybody))

"""How fast one caller may go: a leaky allowance a name, in memory, forgetting who is slow."""

from __future__ import annotations

_MANY = 10_000


class Paces:
    """At most `burst` at once and `rate` a second over time, for each name."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left: dict[str, tuple[float, float]] = {}

    def go(self, name: str, now: float) -> bool:
        """Whether this one may go now (seconds of any steady clock)."""
        left, since = self._left.get(name, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        if len(self._left) > _MANY:
            self._left.clear()
        self._left[name] = (left - 1 if left >= 1 else left, now)
        return left >= 1

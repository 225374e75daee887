"""A store whose process is killed in the middle of its work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from store.db import Store, Tx


class Died(BaseException):
    """The process was killed."""


class Mortal(Store):
    """A store whose process is killed at one of its transactions, before it is kept or just after."""

    left, after = 1 << 30, False

    def do(self, unit: Callable[[Tx], Any]) -> Any:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Died
        result = super().do(unit)
        if self.left < 0:
            raise Died
        return result

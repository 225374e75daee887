"""The one place where the time is read; every process takes it from here and hands it on."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


def seconds() -> int:
    """Whole seconds since 1970, as the store keeps times."""
    return int(now().timestamp())

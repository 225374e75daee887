"""Which messages stand in a person's chat, by number and nothing else, for as long as the platform lets them go."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from store.db import Tx
from store.schema import traces

# https://core.telegram.org/bots/api#deletemessage: "A message can only be deleted if it was sent less than 48 hours
# ago."
KEPT = 48 * 3600


def note(tx: Tx, address: str, messages: Iterable[int], now: int) -> None:
    """These messages stand in that chat since now."""
    for each in messages:
        tx.new(traces, address=address, message=each, at=now)


def of(tx: Tx, address: str, now: int, up_to: int) -> tuple[int, ...]:
    """The messages that came to stand there by then and may still be deleted."""
    mine = (traces.c.address == address, traces.c.at > now - KEPT, traces.c.at <= up_to)
    return tuple(row.message for row in tx.rows(sa.select(traces.c.message).where(*mine).order_by(traces.c.message)))


def drop(tx: Tx, address: str, up_to: int) -> None:
    """What came to stand there by then is noted no more."""
    tx.do(sa.delete(traces).where(traces.c.address == address, traces.c.at <= up_to))


def tidy(tx: Tx, now: int) -> None:
    """Drop what no platform would delete any more."""
    tx.do(sa.delete(traces).where(traces.c.at <= now - KEPT))

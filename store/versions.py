"""Which version of the organisation's words was last announced."""

from __future__ import annotations

import sqlalchemy as sa

from store.db import Tx
from store.schema import versions

RED_LINES = "red_lines"


def turned(tx: Tx, what: str, version: str) -> bool:
    """Keep that version; whether it follows another one. The first one ever kept is no change."""
    wanted = sa.select(versions.c.version).where(versions.c.what == what)
    before = tx.row(tx.holding(wanted))
    tx.put(versions, what=what, version=version)
    return before is not None and before.version != version

"""How many reports of the last minutes are like each other: keyed marks of word sets, gone after a day."""

from __future__ import annotations

import re

import sqlalchemy as sa

from store.db import Tx
from store.schema import echoes

# Coarse, since a second would tell which anonymous report it was.
_SPAN, _DAY = 600, 24 * 3600
_SHORT = 2
_WORD = re.compile(r"\w+")


def folded(words: str) -> str:
    """The longer words of a text, each once, in order: what is the same in texts that are nearly the same."""
    return " ".join(sorted({each for each in _WORD.findall(words.casefold()) if len(each) > _SHORT}))


def heard(tx: Tx, mark: str, kind: str, now: int) -> int:
    """Count one more under this mark; how many there were in the last ten minutes or a little more."""
    at = now - now % _SPAN
    here = (echoes.c.mark == mark, echoes.c.kind == kind)
    if not tx.new(echoes, mark=mark, kind=kind, at=at, n=1):
        tx.do(sa.update(echoes).where(*here, echoes.c.at == at).values(n=echoes.c.n + 1))
    row = tx.row(sa.select(sa.func.sum(echoes.c.n)).where(*here, echoes.c.at >= at - _SPAN, echoes.c.at <= at))
    return int(row[0]) if row else 0


def tidy(tx: Tx, now: int) -> None:
    """Drop what is older than a day, or stands in the future after a clock was wrong."""
    tx.do(sa.delete(echoes).where(sa.or_(echoes.c.at < now - _DAY, echoes.c.at > now + _DAY)))

"""Consultations: a question that was announced, what groups suggested, and the announcement that answers them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from store.db import Tx
from store.places import Place
from store.schema import consultations, suggestions
from store.sealing import Recipient, seal


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What some suggested, with decision and reason: sealed for the desk."""

    id: str
    sealed: bytes


def place(id_: str) -> Place:
    """Where the words of a suggestion belong."""
    return Place("suggestions", id_, "words")


def begin(tx: Tx, id_: str) -> None:
    """The announcement of that id asks a question."""
    tx.new(consultations, id=id_, result=None)


def results(tx: Tx) -> dict[str, str]:
    """Consultation -> the announcement that answers it; nothing for one that is open."""
    return {row.id: row.result or "" for row in tx.rows(sa.select(consultations))}


def suggest(tx: Tx, id_: str, to: str, words: str, by: str, desk: Recipient, now: int) -> bool:
    """Write down what some suggested; False where the consultation is closed or there is none."""
    if _open(tx, to) is None:
        return False
    sealed = seal(words.encode(), place(id_), [desk])
    tx.new(suggestions, id=id_, consultation=to, sealed=sealed, written_by=by, at=now)
    return True


def suggested(tx: Tx, to: str) -> list[Suggestion]:
    """What was suggested, oldest first."""
    wanted = sa.select(suggestions).where(suggestions.c.consultation == to).order_by(suggestions.c.at, suggestions.c.id)
    return [Suggestion(row.id, row.sealed) for row in tx.rows(wanted)]


def close(tx: Tx, id_: str, result: str) -> bool:
    """It is answered by that announcement; False where it was closed before."""
    mine = sa.update(consultations).where(consultations.c.id == id_, consultations.c.result.is_(None))
    return tx.do(mine.values(result=result)).rowcount == 1


def thrown_away(tx: Tx, announcement: str) -> None:
    """A question that is thrown away was never asked; with an answer that is, the consultation is open again."""
    tx.do(sa.delete(suggestions).where(suggestions.c.consultation == announcement))
    tx.do(sa.delete(consultations).where(consultations.c.id == announcement))
    tx.do(sa.update(consultations).where(consultations.c.result == announcement).values(result=None))


def _open(tx: Tx, id_: str) -> sa.Row[tuple[object, ...]] | None:
    wanted = sa.select(consultations.c.id).where(consultations.c.id == id_, consultations.c.result.is_(None))
    return tx.row(tx.holding(wanted))

"""What cannot be opened although its key is there: changed or damaged, so it is told and noted, never a blank."""

from __future__ import annotations

from collections.abc import Iterable

from console.visit import Visit
from store import audit
from store.db import Tx

SENTENCE = (
    "Something here was changed or damaged after it was kept, so it cannot be opened. "
    "Tell whoever is responsible for data protection; the audit says what it is."
)


def told(visit: Visit, abouts: Iterable[str]) -> str:
    """The sentence for the page, with a row in the audit for each thing; nothing when nothing is damaged."""
    every = tuple(dict.fromkeys(abouts))
    if not every:
        return ""

    def keep(tx: Tx) -> None:
        for each in every:
            audit.note(tx, visit.now, visit.member.id, "could not open", each)

    visit.office.store.do(keep)
    return SENTENCE

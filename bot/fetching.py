"""Letters of a channel that fetches them: opened with the bot's keys and put into the person's language."""

from __future__ import annotations

from actions.words import from_json
from bot.announced import announced
from bot.inbound import Particulars
from house.texts import Rendered, Texts
from store import letters, people
from store.db import Tx
from store.pocket import Pocket


def newer(tx: Tx, pocket: Pocket, texts: Texts, address: str, than: int) -> list[tuple[int, Rendered]]:
    """The letters after number `than`, oldest first, with their numbers."""
    waiting = letters.newer(tx, address, than)
    sealed = people.sealed_address(tx, address) if waiting else None
    language = Particulars.opened(pocket, address, sealed).language if sealed else ""
    return [(each.n, _shown(tx, pocket, texts, each, language)) for each in waiting]


def _shown(tx: Tx, pocket: Pocket, texts: Texts, letter: letters.Fetched, language: str) -> Rendered:
    if letter.announcement:
        return Rendered(announced(tx, pocket, texts, letter.announcement, language, to_group=False))
    words = pocket.open(letter.sealed or b"", letters.place(letter.key)).decode()
    return texts.render(from_json(words), language)

"""Letters of a channel that fetches them: opened with the bot's keys and put into the person's language."""

from __future__ import annotations

from dataclasses import dataclass

from actions.words import from_json
from bot.announced import announced
from bot.inbound import Particulars
from house.texts import Rendered, Texts
from store import letters, people
from store.db import Tx
from store.letters import Fetched
from store.places import Unopenable
from store.pocket import Pocket


@dataclass(frozen=True, slots=True)
class News:
    """Letters with their numbers, oldest first, and those that cannot be opened."""

    shown: tuple[tuple[int, Rendered], ...]
    broken: tuple[Fetched, ...]


def newer(tx: Tx, pocket: Pocket, texts: Texts, address: str, than: int) -> News:
    """The letters after number `than`."""
    waiting = letters.newer(tx, address, than)
    language = spoken(tx, pocket, address) if waiting else ""
    shown, broken = [], []
    for each in waiting:
        try:
            shown.append((each.n, _shown(tx, pocket, texts, each, language)))
        except Unopenable:
            broken.append(each)
    return News(tuple(shown), tuple(broken))


def spoken(tx: Tx, pocket: Pocket, address: str) -> str:
    """The language of an address, as far as it is known."""
    sealed = people.sealed_address(tx, address)
    try:
        return Particulars.opened(pocket, address, sealed).language if sealed else ""
    except Unopenable:
        return ""


def _shown(tx: Tx, pocket: Pocket, texts: Texts, letter: Fetched, language: str) -> Rendered:
    if letter.announcement:
        return Rendered(announced(tx, pocket, texts, letter.announcement, language, to_group=False))
    words = pocket.open(letter.sealed or b"", letters.place(letter.key)).decode()
    return texts.render(from_json(words), language)

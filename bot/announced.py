"""An announcement as one address reads it."""

from __future__ import annotations

import json

from actions.notices import STOP_LINE, written_in
from actions.words import from_json
from house.texts import Texts
from store import announcements, letters
from store.db import Tx
from store.places import Unopenable
from store.pocket import Pocket


def announced(tx: Tx, pocket: Pocket, texts: Texts, id_: str, language: str, *, to_group: bool) -> str:
    """Its text in that language, else in English, for a group in all; persons are told how to end the announcements."""
    sealed = letters.announcement_words(tx, id_)
    if sealed is None:
        raise Unopenable
    words = pocket.open(sealed, announcements.place(id_)).decode()
    written = _written(texts, words, "" if to_group else language)
    if to_group:
        return "\n\n".join(each for each in written.values() if each)
    return f"{written.get(language) or written['en']}\n\n{texts.say(STOP_LINE, language)}"


def _written(texts: Texts, words: str, language: str) -> dict[str, str]:
    """Language -> text: as staff wrote it, or the answer to a consultation, which is a letter of ours (R10)."""
    told: dict[str, str] = json.loads(words)
    if "p" not in told:
        return told
    letter = from_json(words)
    every = dict.fromkeys((*written_in(letter), *((language,) if language else ())))
    return {each: texts.render(letter, each).text for each in every}

"""An announcement as one address reads it."""

from __future__ import annotations

import json

from actions.notices import STOP_LINE
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
    written: dict[str, str] = json.loads(pocket.open(sealed, announcements.place(id_)))
    if to_group:
        return "\n\n".join(each for each in written.values() if each)
    return f"{written.get(language) or written['en']}\n\n{texts.say(STOP_LINE, language)}"

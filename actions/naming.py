"""Whether a text names somebody: a report about a member of staff must not reach that member."""

from __future__ import annotations

import re
import unicodedata

_SHORTEST = 2


def names(words: str, name: str) -> bool:
    """Whether every part of a name stands in these words, whatever their order, case and accents.

    A name of one part matches nothing, and one part of a name does not: half the people of a place may share it.
    Colleagues can still say that a case is about somebody.
    """
    parts = set(_plain(name))
    return len(parts) > 1 and parts <= set(_plain(words))


def _plain(words: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return [each for each in re.split(r"[\W\d_]+", bare) if len(each) >= _SHORTEST]

"""Whether somebody says that they are a child, in so many words and the digits of any script (R64)."""

from __future__ import annotations

import re

from actions.code import plain

_ADULT = 18
_YOUNGEST = 5
_SAYS = re.compile(
    r"\b(?:i am|i'm|im|j'ai|jai|tengo|nina(?: umri wa)?|niko na)\s+(?:(?:miaka|umri)\s+)?(\d{1,2})"
    r"(?:\s*(?:years?|yrs?|ans|años|anos|miaka)\b|\s*$|\s*[,.;!]|\s+(?:and|but|et|mais|y|pero|na|lakini)\b)|عمري\s*(\d{1,2})|nina\s+miaka\s+(\d{1,2})",
    re.IGNORECASE,
)


def younger(words: str) -> bool:
    """Whether these words say an age below 18 of the one who writes."""
    for found in _SAYS.finditer(words):
        age = int(plain(next(each for each in found.groups() if each)))
        if _YOUNGEST <= age < _ADULT:
            return True
    return False

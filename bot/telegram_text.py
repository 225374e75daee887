"""How a long text becomes several messages: Telegram counts UTF-16 units, people read words and whole characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# https://core.telegram.org/bots/api#sendmessage: "1-4096 characters after entities parsing", counted in UTF-16 units.
LONGEST = 4096
_JOINER = "\u200d"
_FARTHEST = 64


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) + sum(each > "\uffff" for each in text)


def parts(text: str, most: int = LONGEST) -> tuple[str, ...]:
    """The text in parts that Telegram takes; only white space at the cuts is left out."""
    return tuple(_parts(text.strip(), most))


def short(text: str, most: int) -> str:
    """A text cut to so many units, with an ellipsis when something is missing."""
    if units(text) <= most:
        return text
    return text[: _between(text, _fitting(text, most - 1))].rstrip() + "\u2026"


def _parts(left: str, most: int) -> Iterator[str]:
    while units(left) > most:
        cut = _cut(left, _fitting(left, most))
        yield left[:cut].rstrip()
        left = left[cut:].lstrip()
    if left:
        yield left


def _fitting(text: str, most: int) -> int:
    """How many characters fit."""
    used = 0
    for at, each in enumerate(text):
        used += 2 if each > "\uffff" else 1
        if used > most:
            return at
    return len(text)


def _cut(text: str, fitting: int) -> int:
    """The best place: between paragraphs, lines or words of the second half, else between characters."""
    for gap in ("\n\n", "\n"):
        if (at := text.rfind(gap, fitting // 2, fitting + len(gap))) > 0:
            return at
    spaces = (at for at in range(fitting, fitting // 2, -1) if text[at].isspace())
    return next(spaces, 0) or _between(text, fitting)


def _between(text: str, at: int) -> int:
    """The nearest place at or before `at` that does not tear a sign from what belongs to it."""
    return next((each for each in range(at, max(at - _FARTHEST, 0), -1) if not _belongs(text, each)), at)


def _belongs(text: str, at: int) -> bool:
    """Whether the character there belongs to the one before: a mark, a joiner, a skin tone, half of a flag."""
    if at >= len(text):
        return False
    each = text[at]
    if unicodedata.category(each).startswith("M") or _JOINER in (each, text[at - 1]):
        return True
    flags = len(text[:at]) - len(text[:at].rstrip(_FLAGS))
    return each in _TONES or each in _TAGS or (each in _FLAGS and flags % 2 == 1)


_TONES = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_TAGS = "".join(map(chr, range(0xE0020, 0xE0080)))
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))

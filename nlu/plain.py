"""Text as the classifier sees it: one way to write what people write in many, and a long text in pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Letters of Arabic that are written for one another, those of its neighbours that stand for the same sound, its marks.
_ARABIC = str.maketrans({
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "گ": "ك", "ڤ": "ف", "پ": "ب",
    "چ": "ج", "ی": "ي", "ک": "ك", "ـ": None, "؟": "?", "،": ",",
})  # fmt: skip
_THRICE, _FIGURE, _TICK = re.compile(r"(.)\1{2,}"), re.compile(r"\d"), re.compile(r"['’`ʼ´‘]")
_WORD = re.compile(r"\w+")
_STOP = re.compile(r"[.!?;\n…؟؛۔]+")
# A piece has so many words at most; the next one begins half a piece later, so that nothing is cut in two.
_PIECE = 24
_FEWEST = 3


def plain(text: str) -> str:
    """Small letters without marks; a letter that is drawn out stands twice, each figure is a nought."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(each))
    return " ".join(_TICK.sub(" ", _FIGURE.sub("0", _THRICE.sub(r"\1\1", bare.translate(_ARABIC)))).split())


def words(text: str) -> list[str]:
    """The words of a plain text."""
    return _WORD.findall(text)


def pieces(text: str) -> list[str]:
    """The text itself, and if it is long each of its sentences: what matters may be one of them."""
    parts = [part for sentence in _STOP.split(text) for part in _windows(sentence.split())]
    return [text, *(part for part in parts if part != text)] if len(parts) > 1 else [text]


def _windows(said: list[str]) -> Iterator[str]:
    if len(said) <= _PIECE:
        if len(said) >= _FEWEST:
            yield " ".join(said)
        return
    for begin in range(0, len(said) - _PIECE // 2, _PIECE // 2):
        yield " ".join(said[begin : begin + _PIECE])

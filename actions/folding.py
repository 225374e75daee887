"""Writing made comparable: case, accents, forms of letters, digits of every script, marks that nobody sees."""

from __future__ import annotations

import unicodedata

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bb\u02bc\u00b4`", "'"))
# What Unicode keeps apart and people write for one another: alef maqsura for yeh, heh for teh marbuta, Persian forms;
# hamza, with or without its seat, is often left out; tatweel only stretches a word.
_LETTERS = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "\u0131": "i", "🔟": "10",
        "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u0629": "\u0647", "\u06a9": "\u0643",
        "\u0621": None, "\u0640": None,
    }
)  # fmt: skip
# Accents, Arabic vowel signs, the frame of a keycap; marks of direction, joiners.
_UNSEEN = frozenset({"Mn", "Me", "Cf"})
# These stand at an end for something: a command, a share, a name.
_KEPT = frozenset("/%#&@*_")


def fold(words: str) -> str:
    """The words without case, accents, unseen marks and forms of letters; digits as 0-9, dashes as spaces."""
    if words.isascii():
        return " ".join(words.casefold().replace("-", " ").replace("`", "'").split())
    taken_apart = unicodedata.normalize("NFKD", words.translate(_APOSTROPHES)).casefold()
    return " ".join(unicodedata.normalize("NFKD", taken_apart).translate(_PLAIN).split())


class _Plain(dict[int, str]):
    """What each letter becomes, looked up once; it holds letters and never words."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code)).translate(_LETTERS)
        return plain


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    return "" if category in _UNSEEN else " " if category == "Pd" else letter


_PLAIN = _Plain()


def bare(words: str) -> str:
    """The words without the punctuation of any script around them."""
    first, last = 0, len(words)
    while first < last and _around(words[first]):
        first += 1
    while last > first and _around(words[last - 1]):
        last -= 1
    return words[first:last]


def _around(letter: str) -> bool:
    return letter.isspace() or (letter not in _KEPT and unicodedata.category(letter).startswith("P"))

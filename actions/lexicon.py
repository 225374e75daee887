"""Plain words with one fixed meaning, exactly as typed, in every language at once.

These are lists and not a classifier on purpose: `back` or `stop` must never be guessed, and no consent is ever taken
from a probability (UNDERSTANDING.md, Traps). The words themselves are in `actions.lexicons`, a module a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args

from actions.folding import bare, fold
from actions.lexicons import VOCABULARIES
from actions.talk import Wish

_COMMANDS: dict[str, Wish] = {**{f"/{each}": each for each in get_args(Wish)}, "/scope": "redlines"}
_LONGEST_NUMBER = 2
# No fixed word and no list of numbers is as long, with all the marks around it; a story is not looked through.
_LONGEST = 200
_RANGE = re.compile(r"\d[ \t]*[-\u2010-\u2015\u2212][ \t]*\d")
_LISTED = re.compile(r"[,;&+\u060c\u061b\u3001\uff0c\uff1b]")
# In Arabic "and" is written onto the word behind it.
_AND_BEFORE = re.compile(r"^و(?=[0-9])")


def _all(lists: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(fold(each) for words in lists for each in words)


_EVERY = tuple(VOCABULARIES.values())
_MEANING: dict[str, Wish] = _COMMANDS | {
    fold(word): wish for each in _EVERY for wish, words in each.wishes.items() for word in words
}
# Inside an answer in own words only these act: any other may be the answer itself ("a person", "help").
_IN_PROSE = _all(each.in_prose for each in _EVERY)
# Only where exactly that was asked.
_YES, _NO = _all(each.yes for each in _EVERY), _all(each.no for each in _EVERY)
_ERASE = _all(each.erase for each in _EVERY)
_NUMBERS = {fold(word): n for each in _EVERY for n, words in enumerate(each.numbers, 1) for word in words}
_AND = _all(each.and_ for each in _EVERY)


def _short(words: str) -> str:
    """The folded words, or nothing where they are too many to be a fixed word."""
    return fold(words) if len(words) <= _LONGEST else ""


def wish(words: str, *, in_prose: bool = False) -> Wish | None:
    """What these words ask for if they are one of the fixed words and nothing else."""
    typed = _short(words)
    said = typed if typed in _MEANING else bare(typed)
    acts = not in_prose or said in _IN_PROSE or said.startswith("/")
    return _MEANING.get(said) if acts else None


def main(of: Wish, language: str) -> str:
    """The word by which people are told to ask for it, in their language."""
    known = VOCABULARIES.get(language, VOCABULARIES["en"]).wishes
    return known[of][0] if of in known else f"/{of}"


def agreed(words: str) -> bool | None:
    """Whether these words are a plain yes or a plain no, or None."""
    said = bare(_short(words))
    return True if said in _YES else False if said in _NO else None


def erases(words: str) -> bool:
    """Whether these words ask to erase what is spoken of."""
    return bare(_short(words)) in _ERASE


def number(words: str, *, in_prose: bool = False) -> int | None:
    """The number these words are, in the digits of any script or in a word (`2.`, `٢`, `two`), or None.

    Inside an answer in own words only digits count: "two" may be the answer itself.
    """
    said = bare(_short(words))
    if said.isdecimal() and len(said) <= _LONGEST_NUMBER:
        return int(said)
    return None if in_prose else _NUMBERS.get(said)


def several(words: str) -> list[str]:
    """The numbers these words list (`1, 3`, `2 and 3`, any script), in 0-9 and once; none if anything else is there."""
    if _RANGE.search(words):
        return []
    listed = (_AND_BEFORE.sub("", each) for each in _LISTED.sub(" ", _short(words)).split())
    numbers = [number(each) for each in listed if each not in _AND]
    return [] if None in numbers else list(dict.fromkeys(str(each) for each in numbers))


def same(words: str, label: str) -> bool:
    """Whether somebody typed a button's label."""
    said = fold(words) if len(words) <= _LONGEST + len(label) else ""
    return bool(said) and said == fold(label)


def wordless(words: str) -> bool:
    """Whether there is nothing to read in a message: emoji, punctuation, nothing."""
    return not any(each.isalnum() for each in words)

"""The sentences that are said between the questions, each in every language side by side."""

from __future__ import annotations

from collections.abc import Iterator

from actions import sentences
from actions.languages import NAMES
from actions.words import Text
from house.texts import Texts


def said() -> tuple[Text, ...]:
    """Every sentence of `actions.sentences`, in the order in which they stand there."""
    found: dict[Text, None] = {}
    for value in vars(sentences).values():
        values = value.values() if isinstance(value, dict) else (value,)
        found.update((each, None) for each in values if isinstance(each, Text))
    return tuple(found)


def rest(texts: Texts, languages: tuple[str, ...]) -> Iterator[str]:
    """A table with one row a sentence; what is filled in stands in braces."""
    yield "## What is said besides\n"
    yield f"| {' | '.join(NAMES[each] for each in languages)} |"
    yield "|" + "---|" * len(languages)
    for sentence in said():
        yield f"| {' | '.join(texts.say(sentence, each).replace('|', '&#124;') for each in languages)} |"

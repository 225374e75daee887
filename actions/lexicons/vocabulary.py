"""What one language's fixed words are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actions.talk import Wish


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fixed words of one language, written as people write them.

    The first word of each wish is the one that people are told. `in_prose` are those that act inside an answer in own
    words too: none of them may be somebody's whole answer ("a person", "the return", a name). `numbers` are one to ten.
    """

    wishes: Mapping[Wish, tuple[str, ...]]
    in_prose: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    erase: tuple[str, ...]
    numbers: tuple[tuple[str, ...], ...]
    and_: tuple[str, ...]

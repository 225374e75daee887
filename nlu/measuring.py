"""How well texts are understood: shares of a set of sentences whose meaning is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from nlu.intents import ASKED_FROM, SAFETY, SURE, UNSURE

_TOP = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """One sentence: what it means, the intents it was taken for (the likeliest first), and what it was screened for."""

    meant: str
    ranking: Sequence[tuple[str, float]]
    safety: Mapping[str, float]

    @property
    def first(self) -> str:
        """What it was taken for."""
        return self.ranking[0][0]

    @property
    def sure(self) -> bool:
        """Whether that is likely enough to be acted on."""
        return self.ranking[0][1] >= SURE

    @property
    def screened(self) -> bool:
        """Whether any safety intent is likely enough to be asked about."""
        return sum(self.safety.values()) >= ASKED_FROM


def shares(seen: Sequence[Seen]) -> dict[str, float]:
    """What is published of a language, each a share of one."""
    grave = [each for each in seen if each.meant in SAFETY]
    other = [each for each in seen if each.meant not in SAFETY]
    strange = [each for each in seen if each.meant == UNSURE]
    known = [each for each in seen if each.meant != UNSURE]
    return {
        "accuracy": share(each.first == each.meant for each in seen),
        "macro-F1": macro_f1(seen),
        "top 3": share(each.meant in [name for name, _ in each.ranking[:_TOP]] for each in seen),
        "screen: recall": share(each.screened for each in grave),
        "screen: false alarms": share(each.screened for each in other),
        "first: recall": share(each.first in SAFETY for each in grave),
        "first: false alarms": share(each.first in SAFETY for each in other),
        "out of scope caught": share(each.first == UNSURE or not each.sure for each in strange),
        "sure and right": share(each.sure and each.first == each.meant for each in known),
        "sure and wrong": share(each.sure and each.first not in (each.meant, UNSURE) for each in seen),
    }


def macro_f1(seen: Sequence[Seen]) -> float:
    """The mean over the intents of F1."""
    return share_of(f1(seen, intent) for intent in sorted({each.meant for each in seen}))


def f1(seen: Sequence[Seen], intent: str) -> float:
    """The harmonic mean of precision and recall of one intent."""
    right = sum(each.meant == each.first == intent for each in seen)
    named = sum(each.first == intent for each in seen) + sum(each.meant == intent for each in seen)
    return 2 * right / named if named else 0.0


def confused(seen: Iterable[Seen], most: int) -> Iterator[tuple[str, str, int]]:
    """What is most often taken for something else: meant, taken for, how often."""
    wrong = Counter((each.meant, each.first) for each in seen if each.meant != each.first)
    for (meant, taken), times in wrong.most_common(most):
        yield meant, taken, times


def interval(part: float, of: int) -> tuple[float, float]:
    """Wilson's interval of a share, 95 %."""
    z = 1.96
    middle, width = part + z * z / (2 * of), z * sqrt(part * (1 - part) / of + z * z / (4 * of * of))
    return (middle - width) / (1 + z * z / of), (middle + width) / (1 + z * z / of)


def share(hits: Iterable[bool]) -> float:
    """The share of those that are true."""
    return share_of(float(each) for each in hits)


def share_of(values: Iterable[float]) -> float:
    """The mean."""
    counted = list(values)
    return sum(counted) / len(counted) if counted else 0.0

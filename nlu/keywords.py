"""What a list of words alone would understand: the measure that anything learnt has to beat."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import log

from nlu.intents import UNSURE
from nlu.plain import plain, words

# So many words an intent, those that speak most for it.
_WORDS = 40


def learn(examples: Iterable[tuple[str, str]]) -> Mapping[str, Mapping[str, float]]:
    """Intent -> word -> how much it speaks for it, from examples (intent, sentence)."""
    by_intent: dict[str, Counter[str]] = defaultdict(Counter)
    for intent, sentence in examples:
        by_intent[intent].update(set(words(plain(sentence))))
    every = sum(by_intent.values(), Counter[str]())
    return {intent: _speaking(mine, every) for intent, mine in by_intent.items()}


def _speaking(mine: Counter[str], every: Counter[str]) -> Mapping[str, float]:
    weighed = {word: times * log(1 + times / (1 + every[word] - times)) for word, times in mine.items()}
    return dict(sorted(weighed.items(), key=lambda each: -each[1])[:_WORDS])


def name(learnt: Mapping[str, Mapping[str, float]], sentence: str) -> str:
    """The intent for which the sentence's words speak most."""
    said = set(words(plain(sentence)))
    scores = {intent: sum(speaking.get(word, 0.0) for word in said) for intent, speaking in learnt.items()}
    best = max(scores, key=lambda intent: scores[intent])
    return best if scores[best] else UNSURE

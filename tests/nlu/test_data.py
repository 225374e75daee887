"""The examples that teach Rasa and the sentences that examine it."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from nlu.intents import INTENTS, SAFETY

ROOT = Path(__file__).parents[2] / "nlu"
LANGUAGES = ("en", "fr", "es", "ar", "sw")
# Learnt from, tuned by, examined with: no sentence may be in two of them.
LEARNT, TUNED, EXAMINED = FOLDERS = ("data", "dev", "tests")
_MANY, _FEW, _LONGEST = 400, 150, 400
# Two sentences are nearly the same when they share so much of their groups of four letters.
_ALIKE = 0.6


def read(path: Path) -> dict[str, list[str]]:
    """Read our corner of Rasa's format, and refuse any line that is not of it."""
    first, second, *lines = path.read_text(encoding="utf-8").splitlines()
    assert (first, second) == ('version: "3.1"', "nlu:")
    found: dict[str, list[str]] = defaultdict(list)
    intent = ""
    for line in lines:
        if line.startswith("- intent: "):
            intent = line.removeprefix("- intent: ")
            assert intent not in found, intent
        elif line.startswith("    - "):
            found[intent].append(line.removeprefix("    - "))
        else:
            assert line == "  examples: |", line
    return found


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_intent_is_there_and_no_other(folder: str, language: str) -> None:
    assert set(read(ROOT / folder / f"{language}.yml")) == INTENTS


def test_there_are_36_intents_and_the_safety_ones_are_among_them() -> None:
    assert len(INTENTS) == 36
    assert SAFETY < INTENTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_examples(language: str) -> None:
    """Every intent was taught with many sentences, and what safety hangs on with three times as many."""
    grave = SAFETY | {"out_of_scope"}
    learnt, examined = (read(ROOT / folder / f"{language}.yml") for folder in (LEARNT, EXAMINED))

    assert [] == [each for each in INTENTS if len(learnt[each]) < (_MANY if each in grave else _FEW)]
    assert [] == [each for each in INTENTS if len(examined[each]) < (60 if each in grave else 15)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice_nor_in_the_lesson_and_the_examination(language: str) -> None:
    """Whoever is examined has not read the answers, and no sentence is taught as two things."""
    seen: dict[str, str] = {}
    for folder in FOLDERS:
        for intent, sentences in read(ROOT / folder / f"{language}.yml").items():
            for sentence in sentences:
                assert plain(sentence) not in seen, (sentence, intent, seen[plain(sentence)])
                seen[plain(sentence)] = f"{folder}: {intent}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_lesson_is_nearly_a_question_of_the_examination(language: str) -> None:
    """Nor is any sentence in the lesson but for a letter or a word."""
    asked = [
        groups(each) for folder in (TUNED, EXAMINED)
        for sentences in read(ROOT / folder / f"{language}.yml").values() for each in sentences
    ]  # fmt: skip
    where: dict[str, list[int]] = defaultdict(list)
    for n, each in enumerate(asked):
        for group in each:
            where[group].append(n)

    assert [] == [
        sentence
        for sentences in read(ROOT / LEARNT / f"{language}.yml").values()
        for sentence in sentences
        if nearly(groups(sentence), asked, where)
    ]


def groups(sentence: str) -> frozenset[str]:
    """The groups of four letters of a sentence."""
    text = plain(sentence).replace(" ", "_")
    return frozenset(text[at : at + 4] for at in range(max(1, len(text) - 3)))


def nearly(mine: frozenset[str], asked: list[frozenset[str]], where: dict[str, list[int]]) -> bool:
    """Whether a sentence of some length is nearly one of those."""
    if len(mine) < 8:
        return False
    shared = Counter(n for group in mine for n in where.get(group, ()))
    return any(times / len(mine | asked[n]) >= _ALIKE for n, times in shared.most_common(5))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", FOLDERS)
def test_nobody_can_be_reached_through_an_example(folder: str, language: str) -> None:
    """No address, no number and nothing that Rasa would read as more than a sentence."""
    for sentences in read(ROOT / folder / f"{language}.yml").values():
        for sentence in sentences:
            assert "@" not in sentence
            assert sum(letter.isdigit() for letter in sentence) < 5
            assert len(sentence) <= _LONGEST
            assert not set("[](){}|<>") & set(sentence)
            assert sentence[0] not in "/-#"

"""The examples that teach Rasa and the sentences that examine it."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from nlu.intents import INTENTS, SAFETY

ROOT = Path(__file__).parents[2] / "nlu"
LANGUAGES = ("en", "fr")
SMALL = {"affirm", "deny", "back", "skip", "stop", "menu"}


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
@pytest.mark.parametrize("folder", ["data", "tests"])
def test_every_intent_is_there_and_no_other(folder: str, language: str) -> None:
    assert set(read(ROOT / folder / f"{language}.yml")) == INTENTS


def test_there_are_36_intents_and_the_safety_ones_are_among_them() -> None:
    assert len(INTENTS) == 36
    assert SAFETY < INTENTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_examples(language: str) -> None:
    least = dict.fromkeys(INTENTS, 40) | dict.fromkeys(SMALL, 20) | dict.fromkeys(SAFETY, 80) | {"out_of_scope": 60}
    found = read(ROOT / "data" / f"{language}.yml")
    assert {intent: len(found[intent]) for intent in INTENTS if len(found[intent]) < least[intent]} == {}
    assert all(len(sentences) >= 8 for sentences in read(ROOT / "tests" / f"{language}.yml").values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice_nor_in_the_lesson_and_the_examination(language: str) -> None:
    seen: dict[str, str] = {}
    for folder in ("data", "tests"):
        for intent, sentences in read(ROOT / folder / f"{language}.yml").items():
            for sentence in sentences:
                assert plain(sentence) not in seen, (sentence, intent, seen[plain(sentence)])
                seen[plain(sentence)] = f"{folder}: {intent}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_can_be_reached_through_an_example(language: str) -> None:
    for sentences in read(ROOT / "data" / f"{language}.yml").values():
        for sentence in sentences:
            assert "@" not in sentence
            assert sum(letter.isdigit() for letter in sentence) < 5
            assert len(sentence) <= 120

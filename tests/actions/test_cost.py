"""What a complaint costs on a connection that is paid by the kilobyte."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from actions.programme import Programme
from actions.talk import Event
from actions.words import Letter
from tests.actions.replies import COMPLAINT, LANGUAGES, TEXTS, Person

KILOBYTE = 1024
# What the first contact costs stands in the docs; from the consent on it is a complaint.
_BEFORE = ("", "language", "menu")


def written(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def turns(programme: Programme, language: str) -> list[tuple[Letter, ...]]:
    """The letters of each turn of a whole complaint in that language."""
    person, told = Person(programme), []
    answers: Mapping[str, str | Event] = {**COMPLAINT, "language": language, "complaint.review": "send"}
    person.play({name: answers[name] for name in ("language", "menu")})
    while (answer := answers.get(person.talk.asked) or person.usual()) is not None:
        before = len(person.letters)
        person.tap(answer) if isinstance(answer, str) else person.hear(answer)
        told.append(tuple(person.letters[before:]))
    assert len(person.filed()) == 1
    return told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_turn_of_a_complaint_costs_a_kilobyte(programme: Programme, language: str) -> None:
    """
    My data are dear: the words of a turn, with all that can be tapped, take at most a kilobyte of JSON, in Arabic with
    its two bytes a letter a tenth more; with the names of the buttons 1.4, and a kilobyte on the average. (R60)
    """
    whole, words = [], []
    for letters in turns(programme, language):
        shown = [TEXTS.render(each, language) for each in letters]
        whole.append(sum(written({"text": each.text, "choices": each.choices}) for each in shown))
        words.append(sum(written([each.text, *(label for _, label in each.choices)]) for each in shown))

    assert len(whole) >= 10
    assert max(words) <= KILOBYTE * (1.1 if language == "ar" else 1)
    assert max(whole) <= KILOBYTE * 1.4
    assert sum(whole) <= KILOBYTE * len(whole)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_but_words_is_ever_in_a_letter(programme: Programme, language: str) -> None:
    """No picture, sound, link to fetch or address comes by itself: letters are text, and so are their buttons. (R60)"""
    for letter in (each for told in turns(programme, language) for each in told):
        shown = TEXTS.render(letter, language)

        assert Letter.__slots__ == ("paragraphs", "choices", "spoken")
        assert ("", None) == (letter.spoken, shown.sound)
        assert all(isinstance(each, str) for each in (shown.text, *(text for pair in shown.choices for text in pair)))
        assert "://" not in shown.text

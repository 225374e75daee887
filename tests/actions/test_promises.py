"""What reads like a promise is found in every language we speak, and what is honest passes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from actions import languages
from actions.promises import PHRASES, promises
from amana import catalogues
from house.texts import FOLDER
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your case will be in the report."), ("en", "WE  promise you the card."),
        ("en", "Do not worry, we promise."),
        ("en", "We will solve this by Friday."), ("fr", "C\u2019est garanti."), ("fr", "Cela sera publié demain"),
        ("fr", "Nous vous garantissons une carte."), ("es", "Se lo prometemos."),
        ("es", "Su caso estará en el informe."),
        ("es", "No se preocupe, garantizamos su ayuda."), ("ar", "نَعِدُك بأن تحصل على البطاقة"),
        ("ar", "ونضمن لك ذلك"),
        ("ar", "ستكون قضيتك كذا، سيتم تعويضك"), ("ar", "سنحلّ المشكلة غدا"), ("sw", "Tunakuahidi kadi yako."),
        ("sw", "Tutatatua tatizo lako kesho."), ("sw", "Kesi yako itakuwa katika ripoti."),
    ],
)  # fmt: skip
def test_a_promise_is_found_in_every_language(language: str, text: str) -> None:
    """Whatever staff write to me in, a promise that nobody can keep is stopped before it is sent. (R04)"""
    assert promises(text, language)
    assert promises(text) == [each for known in PHRASES for each in promises(text, known)]


@pytest.mark.parametrize(
    "text",
    [
        "We cannot promise anything.", "It is not guaranteed that you get one.", "Compromised",
        "You get an answer by Friday.",
        "Nothing will be published.", "Nous ne promettons rien.", "Rien ne sera publié.",
        "Votre nom ne sera pas publié.",
        "No garantizamos nada.", "No le prometemos nada.", "Nada será publicado.", "No podemos prometer nada.",
        "لا نضمن أي نتيجة", "لا نعدك بشيء", "لا نستطيع أن نعدك بشيء", "Hatuahidi chochote.",
        "Hatuwezi kuahidi matokeo.",
        "Tunasoma ripoti yako.", "نقرأ بلاغك حتى يوم الجمعة", "",
    ],
)  # fmt: skip
def test_what_is_honest_passes(text: str) -> None:
    """Saying no, or what happens next, is no promise; a check that cries wolf is not listened to. (R04)"""
    assert promises(text) == []


def test_a_language_is_looked_at_alone_where_it_is_known() -> None:
    """A Spanish promise in a Spanish announcement; a language without a list has none."""
    assert promises("Se lo prometemos.", "fr") == promises("we promise", "xx") == []
    assert sorted(PHRASES) == sorted(languages.NAMES)


def test_nothing_that_we_ship_promises_anything() -> None:
    """No sentence, no translation, no text of the programme reads like a promise. (R04)"""
    said = [*(each.msgid for each in catalogues.sentences()), *_translations(), *_programme()]

    assert [each for each in said if promises(each)] == []
    assert len(said) > 400


def _translations() -> Iterator[str]:
    for path in FOLDER.glob("*/LC_MESSAGES/*.po"):
        with path.open("rb") as file:
            yield from (str(each.string) for each in read_po(file) if each.id)


def _programme() -> Iterator[str]:
    for path in (ROOT / "programme").rglob("*.toml"):
        yield from _strings(tomllib.loads(path.read_text(encoding="utf-8")))


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _strings(each)
        case list():
            for each in value:
                yield from _strings(each)

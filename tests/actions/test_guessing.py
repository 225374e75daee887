"""A text in another of our languages is noticed where that is plain, and never where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from actions.guessing import language_of
from actions.languages import NAMES


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They took half of my rations and nobody was there to help"), ("en", "I have not received the card"),
        ("en", "my name is not on the list"), ("en", "The man at the gate asked me for money."),
        ("fr", "Je n'ai pas reçu ma carte"), ("fr", "On m'a demandé de l'argent pour être sur la liste"),
        ("fr", "Ils ont pris la moitié de nos rations"), ("fr", "le point d'eau est en panne depuis une semaine"),
        ("es", "No he recibido la tarjeta"), ("es", "Me pidieron dinero para estar en la lista"),
        ("es", "Se llevaron la mitad de nuestra comida y nadie nos ayuda"), ("es", "mi nombre no está en la lista"),
        ("sw", "Walichukua nusu ya chakula chetu na hakuna msaada"),
        ("sw", "Jina langu bado halipo kwenye orodha ya watu"),
        ("sw", "Nina tatizo na kadi yangu tangu jana"), ("sw", "mtu wa shirika aliomba pesa kwa ajili ya kadi"),
        ("ar", "لم أستلم البطاقة منذ شهر"), ("ar", "طلبوا مني المال حتى أكون في القائمة"),
        ("ar", "أخذوا نصف حصتنا ولا أحد يساعدنا WFP"),
    ],
)  # fmt: skip
def test_a_sentence_in_one_of_our_languages_is_known(language: str, text: str) -> None:
    """I began in the wrong language and write in mine: I am offered mine."""
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "", "the", "no", "la carte", "مرحبا", "My card", "la la la la", "1 2 3 4 5", "Camp Dadaab Block 4 Section B",
        "Maria Fernanda Lopez Garcia", "Juma Ali Hassan Omar", "Goma Sake Masisi Rutshuru Walikale", "no no no no",
        "The card, la tarjeta, no me la dieron yesterday at the office",
        "I told him je n'ai pas reçu la carte and he left",
        "ما card my ration باللغة office", "Wir haben unsere Karte nicht bekommen und niemand hilft uns",
        "کارت من هنوز نرسیده است چرا", "میرا کارڈ ابھی تک نہیں ملا", "мы не получили нашу карту",
    ],
)  # fmt: skip
def test_what_is_short_mixed_or_no_language_of_ours_is_not_guessed(text: str) -> None:
    """Names, places, single words, two languages at once: I am not asked whether I want another language."""
    assert language_of(text) is None


@given(some.text(max_size=80))
def test_whatever_is_written_the_guess_is_one_of_our_languages_or_none(text: str) -> None:
    """No text breaks it."""
    assert language_of(text) in {*NAMES, None}


@given(some.sampled_from([*NAMES]), some.integers(0, 3))
def test_three_words_are_never_enough(language: str, most: int) -> None:
    """A name or a place in other letters is no other language."""
    words = {
        "en": "this is my",
        "fr": "je ne suis",
        "es": "mi tarjeta no",
        "ar": "لم أستلم البطاقة",
        "sw": "kwa watu wa",
    }

    assert language_of(" ".join(words[language].split()[:most])) is None

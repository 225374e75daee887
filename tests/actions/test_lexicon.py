"""The fixed words: in five languages, in every script's digits, however they are written, and never by guess."""

from __future__ import annotations

from collections import defaultdict
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from actions import lexicon
from actions.folding import bare, fold
from actions.languages import NAMES
from actions.lexicons import VOCABULARIES
from actions.talk import Wish

WISHES = [each for each in get_args(Wish) if each != "start"]
LANGUAGES = sorted(VOCABULARIES)
# By these people move while they tell something, so the word they are told must act there too.
MOVING: list[Wish] = ["exit", "stop", "back", "skip", "why", "menu", "emergency", "human", "mydata"]
# What people answer in one word, when asked what happened, where, when, who, how many, what they hope for, their name.
ANSWERS = {
    "en": "help; food; water; money; cash; card; home; return; end; pass; person; nobody; agent; report;"
    " status; danger; attack; erase; delete; begin; start; today; yesterday; one; two; contact; service;"
    " limits; resume; language; out; delay; theft; corruption; the exit; market; school; Maria; Ahmed;"
    " Grace; John; Fin; Sita; Rosa; Amina; yes; no",
    "fr": "aide; l'aide; nourriture; eau; argent; carte; le retour; partir; fin; personne; quelqu'un; agent;"
    " plainte; fermer; danger; attaque; effacer; hier; aujourd'hui; un; deux; service; limites; vol;"
    " retard; marché; école; sortie; ici; nouvelles; début; continuer; contact; Marie; Fatou; Désiré; oui;"
    " non",
    "es": "ayuda; comida; agua; dinero; tarjeta; casa; regreso; volver; regresar; salir; salida; fin; baja;"
    " nadie; persona; alguien; agente; queja; peligro; ataque; alto; basta; hoy; ayer; uno; dos; servicio;"
    " límites; robo; mercado; estado; para; aquí; retirar; seguir; María; José; Socorrito; Sol; sí; no",
    "ar": "مساعدة; طعام; ماء; مال; بطاقة; البيت; العودة; عودة; خروج; الخروج; شخص; موظف; شكوى; خطر; هجوم; تجاوز;"
    " إساءة; قائمة; اليوم; أمس; واحد; اثنان; خدمات; حدود; سرقة; تأخير; السوق; المدرسة; محمد; فاطمة; أمل; نجدة;"
    " حذف; قصف; نعم; لا",
    "sw": "msaada; chakula; maji; pesa; kadi; nyumbani; kurudi; kuondoka; mwisho; mtu; hakuna; malalamiko;"
    " hatari; shambulio; leo; jana; moja; mbili; sita; huduma; mipaka; wizi; kuchelewa; sokoni; shuleni;"
    " hali; taarifa; habari; nyuma; hapa; funga; Juma; Neema; Baraka; Rehema; ndiyo; hapana",
}  # fmt: skip


# --- the lists --------------------------------------------------------------------------------------------------------


def test_every_language_has_a_word_for_every_wish() -> None:
    """Whatever can be asked for by name has a name in my language; no word is in a list twice."""
    assert LANGUAGES == sorted(NAMES)
    for each in VOCABULARIES.values():
        assert sorted(each.wishes) == sorted(WISHES)
        assert all(each.wishes.values())
        assert len(each.numbers) == 10
        for words in each.wishes.values():
            assert len(words) == len({bare(fold(word)) or word for word in words}), words


def test_no_word_means_two_things_in_any_two_languages() -> None:
    """All languages are heard at once, so a word that meant one thing here and another there would be a guess."""
    meant: dict[str, set[str]] = defaultdict(set)
    for each in VOCABULARIES.values():
        for wish, words in each.wishes.items():
            for word in words:
                meant[fold(word)].add(wish)
        for n, words in enumerate(each.numbers, 1):
            for word in words:
                meant[fold(word)].add(str(n))
        for answer, words in {"yes": each.yes, "no": each.no}.items():
            for word in words:
                meant[fold(word)].add(answer)

    assert {word: two for word, two in meant.items() if len(two) > 1} == {}


def test_to_erase_is_the_same_word_with_and_without_a_question() -> None:
    """Who writes “erase” in the midst of nothing is shown what is kept, and never anything else."""
    for each in VOCABULARIES.values():
        assert {lexicon.wish(word) for word in each.erase} <= {"mydata", None}
        assert all(lexicon.erases(word) for word in each.erase)


def test_a_list_counts_its_own_words_only() -> None:
    """What acts inside an answer is one of the words that act outside it, in that language."""
    for each in VOCABULARIES.values():
        own = {fold(word) for words in each.wishes.values() for word in words}
        assert {fold(word) for word in each.in_prose} <= own


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_answer_in_one_word_is_an_answer(language: str) -> None:
    """I am asked what I hope for and write “to return”: that is my answer, and nothing moves. (R48)"""
    acting = [each for each in ANSWERS[language].split("; ") if lexicon.wish(each, in_prose=True)]

    assert acting == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_that_people_are_told_acts_wherever_they_are(language: str) -> None:
    """The word I was told for leaving, stopping, going back works in the midst of an answer too. (R47)"""
    for wish in MOVING:
        assert lexicon.wish(lexicon.main(wish, language), in_prose=True) == wish
    for wish in WISHES:
        assert lexicon.wish(lexicon.main(wish, language)) == wish


@pytest.mark.parametrize("language", LANGUAGES)
def test_leaving_at_once_is_no_way_to_stop(language: str) -> None:
    """Leaving empties the screen and stopping asks what to keep: no word of one begins or is the other's."""
    words = VOCABULARIES[language].wishes
    leaving, stopping = ({fold(each) for each in words[wish]} for wish in ("exit", "stop"))

    assert not leaving & stopping
    assert len(lexicon.main("exit", language)) <= 8
    assert lexicon.wish("xx", in_prose=True) == lexicon.wish("XX.", in_prose=True) == "exit"


@pytest.mark.parametrize("wish", get_args(Wish))
def test_a_command_is_the_same_in_every_language(wish: Wish) -> None:
    """A command from the menu of the app acts anywhere, in any language."""
    assert lexicon.wish(f"/{wish}", in_prose=True) == wish
    assert lexicon.main("start", "sw") == "/start"
    assert lexicon.wish("/scope") == "redlines"


# --- however it is written --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("¿Por qué?", "why"), ("POURQUOI ?", "why"), ("«menu»", "menu"), ("“back”", "back"), ("Stop。", "stop"),
        ("¡Auxilio!", "emergency"), ("au secours !!", "emergency"), ("aidez moi", "help"), ("Aidez\u2011moi", "help"),
        ("quelqu\u2019un", "human"), ("\u200fتوقف\u200f", "stop"), ("quelqu´un", "human"),
        ("ｓｔｏｐ", "stop"), ("لماذا؟", "why"), ("؟", "help"),
        ("النّجـــدة", "emergency"), ("الغاء", "stop"), ("إلغاء", "stop"), ("ﺭﺟﻮﻉ", "back"),

        ("القائمه", "menu"), ("ابدا", "again"), ("تخطى", "skip"), ("تخطی", "skip"), ("مسـاعـدة فقط", "services"),
        ("\u202bطوارئ\u202c", "emergency"), ("Msaada wa haraka!", "emergency"), ("hatari", "emergency"),
        ("attack now", "emergency"), ("/stop\u200e", "stop"), ("  Go   Back ", "back"), ("menú", "menu"),
        ("menyu", "menu"),
    ],
)  # fmt: skip
def test_a_fixed_word_is_known_however_it_is_written(typed: str, wish: Wish) -> None:
    """Accents, capitals, hamza, vowel signs, old letter forms, hidden marks, any punctuation: all one word."""
    assert lexicon.wish(typed) == wish


@pytest.mark.parametrize(
    "said",
    ["please stop", "they told me to go back", "I need help", "por qué no me pagan", "أريد المساعدة",
     "naomba msaada wa haraka", "stop it", "no exit", "je veux arrêter", "xx xx", "exit the camp", "%stop",
     "stop@home", ""],
)  # fmt: skip
def test_a_fixed_word_in_a_sentence_is_only_a_word(said: str) -> None:
    """Nothing is picked out of what I say."""
    assert lexicon.wish(said) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plain_yes_and_a_plain_no_are_told_apart_in_every_language(language: str) -> None:
    """My yes is a yes in any language; anything longer is neither."""
    words = VOCABULARIES[language]

    assert {lexicon.agreed(each.upper() + "!") for each in words.yes} == {True}
    assert {lexicon.agreed(f" {each}.") for each in words.no} == {False}
    assert lexicon.agreed(f"{words.yes[0]} {words.no[0]}") is None


@given(some.text(max_size=30))
def test_folding_twice_changes_nothing_more(words: str) -> None:
    """A word that was made comparable stays as it is, so both sides of every comparison agree."""
    assert fold(fold(words)) == fold(words)


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["3", "3.", "(3)", "3)", "٣", "۳", "३", "３", "3️⃣", "③", "\u200f٣\u200f", "٣.", "۳۔", "3 !", "03"]
)
def test_a_number_is_read_in_the_digits_of_any_script(typed: str) -> None:
    """I answer with the number on my keyboard, whatever it looks like. (R48)"""
    assert lexicon.number(typed) == lexicon.number(typed, in_prose=True) == 3


@pytest.mark.parametrize(
    "words", ["one two three four five six seven eight nine ten", "un deux trois quatre cinq six sept huit neuf dix",
              "uno dos tres cuatro cinco seis siete ocho nueve diez",
              "moja mbili tatu nne tano sita saba nane tisa kumi",
              "واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة"],
)  # fmt: skip
def test_a_number_is_read_as_a_word_where_one_is_to_be_chosen(words: str) -> None:
    """I answer “two”; told in my own words, “two” is what I say and no choice."""
    assert [lexicon.number(each) for each in words.split()] == list(range(1, 11))
    assert {lexicon.number(each, in_prose=True) for each in words.split()} == {None}


@pytest.mark.parametrize("typed", ["", "123", "50%", "½", "1-2", "two cards", "1 2", "#", "1.5", "no 3"])
def test_what_is_no_number_is_none(typed: str) -> None:
    """A share, a sum, a sentence choose nothing."""
    assert lexicon.number(typed) is None


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("1, 3", ["1", "3"]), ("1 2", ["1", "2"]), ("2 and 3", ["2", "3"]), ("١ ٣", ["1", "3"]), ("۱، ۳", ["1", "3"]),
        ("١ و٣", ["1", "3"]), ("1 et 2", ["1", "2"]), ("uno y dos", ["1", "2"]), ("moja na mbili", ["1", "2"]),
        ("1️⃣ 2️⃣", ["1", "2"]), ("1.\n2.", ["1", "2"]), ("- 1\n- 2", ["1", "2"]), ("3", ["3"]),
        ("2; 2 & 1", ["2", "1"]),
        ("", []), ("and", []), ("1 card", []), ("1-3", []), ("1.5", []), ("100, 2", []), ("1234 5678", []),
        ("12/3", []),
    ],
)  # fmt: skip
def test_several_numbers_in_one_message_are_all_read(typed: str, numbers: list[str]) -> None:
    """I answer “1, 3” and both count; a range, a sum, a date or words beside them are no list. (R48)"""
    assert lexicon.several(typed) == numbers

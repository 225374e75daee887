"""What people are told, in every language: complete, with every value in its place, and the same after a journey."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as some

from actions import lexicon
from actions import sentences as say
from actions.code import complete, read, spoken
from actions.flows import COMPLAINT, FLOWS
from actions.languages import NAMES, PICK
from actions.words import N_, Choice, Letter, Text, Words, from_json, to_json
from amana import catalogues, check
from console import promises
from house.settings import Settings
from house.texts import FOLDER, Texts

ROOT = Path(__file__).parent.parent
LANGUAGES = sorted(each.name for each in FOLDER.iterdir() if each.is_dir())
LRI, FSI, PDI, RLM = "\u2066", "\u2068", "\u2069", "\u200f"
BRACES = re.compile(r"\{[^{}]*\}")
QUOTED = re.compile(r"[“«]\s*([^”»]+?)\s*[”»]")

texts = Texts.load(tuple(LANGUAGES))


@pytest.fixture
def settings() -> Settings:
    return Settings(programme=ROOT / "programme")


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """A copy of the catalogues, to be spoilt."""
    return Path(shutil.copytree(FOLDER, tmp_path / "locales"))


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A little code with three sentences, one of them with a context and one said twice."""
    (tmp_path / "code" / "bot").mkdir(parents=True)
    (tmp_path / "code" / "bot" / "said.py").write_text(
        'HELLO = N_("Hello, {name}.")\nBACK = N_("Back", "button")\nAGAIN = N_("Come back soon.")\n', encoding="utf-8"
    )
    (tmp_path / "code" / "bot" / "zebra.py").write_text('AGAIN = N_(\n    "Come back soon.",\n)\n', encoding="utf-8")
    return tmp_path / "code"


def spoil(locales: Path, pattern: str, replacement: str) -> None:
    """Change one place of the French catalogue."""
    path = catalogues.place("fr", locales)
    changed, places = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
    assert places == 1
    path.write_text(changed, encoding="utf-8")


def found(settings: Settings, locales: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the check says of spoilt catalogues; where no tests lie it asks for none."""
    assert check.run(settings, tuple(FLOWS), locales, locales / "tests") == 1
    return capsys.readouterr().out.splitlines()


# --- what we ship ----------------------------------------------------------------------------------------------------


def test_everything_is_in_order(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """The check command finds nothing in what we ship."""
    assert check.run(settings, tuple(FLOWS)) == 0, capsys.readouterr().out
    assert capsys.readouterr().out == "Everything is in order.\n"


def test_nothing_amana_says_by_itself_promises_anything() -> None:
    """What is refused to staff is not said by us either: no sentence and no translation reads like a promise."""
    said = [words for path in FOLDER.glob("*/LC_MESSAGES/amana.po") for words in _said(path)]

    assert [] == [each for each in said if promises.found(str(each))]
    assert len(said) > 200


def _said(path: Path) -> list[str]:
    """Every English sentence and its translation."""
    with path.open("rb") as file:
        return [str(words) for each in read_po(file) if each.id for words in (each.id, each.string)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_said_in_every_language(language: str) -> None:
    """Nobody who chose a language suddenly reads English."""
    said = {(each.context, each.msgid) for each in catalogues.sentences()}

    assert set(texts.catalogues[language]) == said
    assert all(texts.catalogues[language].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_has_the_braces_of_the_english(language: str) -> None:
    """No date, number or code is lost in translation."""
    for (_, english), translation in texts.catalogues[language].items():
        assert sorted(BRACES.findall(translation)) == sorted(BRACES.findall(english)), english


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_person_is_told_to_write_is_understood(language: str) -> None:
    """The words quoted in “Write …” are words that act, in the midst of an answer too."""
    told = [each for each in (*COMPLAINT.opening, say.DRAFT_KEPT) if QUOTED.search(each.msgid)]
    for sentence in told:
        words = QUOTED.findall(texts.say(sentence, language))
        english = QUOTED.findall(sentence.msgid)
        assert [lexicon.wish(each, in_prose=True) for each in words] == [lexicon.wish(each) for each in english]


def test_a_language_can_be_chosen_in_that_language() -> None:
    """Each language has its own name and its own way to ask; each catalogue is for a language that has both."""
    assert NAMES.keys() == PICK.keys()
    assert set(LANGUAGES) <= NAMES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_written_the_same_again(language: str, locales: Path) -> None:
    """Running the update when nothing changed changes nothing."""
    path = catalogues.place(language, locales)
    before = path.read_bytes()

    catalogues.update(language, locales)

    assert path.read_bytes() == before


def test_a_sentence_of_a_flow_is_found_with_its_context() -> None:
    """Questions, buttons and the answers nobody gave are all there to be translated."""
    said = {(each.msgid, each.context) for each in catalogues.sentences()}

    for flow in FLOWS.values():
        for question in flow.questions:
            assert {(each.msgid, each.context) for each in (question.ask, question.why, question.label)} <= said
    assert ("(no answer)", "") in said


# --- saying ----------------------------------------------------------------------------------------------------------


def test_a_missing_translation_is_the_english_sentence() -> None:
    """English is better than silence."""
    incomplete = Texts({"fr": {("", "Menu"): "Menu", ("", "Skip"): ""}})

    assert incomplete.say(N_("Back"), "fr") == "Back"
    assert incomplete.say(N_("Skip"), "fr") == "Skip"
    assert incomplete.say(N_("Back"), "sw") == "Back"


def test_a_sentence_is_translated_where_it_stands() -> None:
    """The same English in two places may be two translations."""
    two = Texts({"fr": {("", "Stop"): "Arrêter", ("road", "Stop"): "Halte"}})

    assert two.say(N_("Stop"), "fr") == "Arrêter"
    assert two.say(N_("Stop", "road"), "fr") == "Halte"


def test_a_value_does_not_turn_a_right_to_left_sentence_round() -> None:
    """Each value is wrapped in isolates in Arabic, one inside another too; in French none is."""
    english = "Report {reference}: {state}"
    both = Texts(
        {
            "ar": {("", english): "البلاغ {reference}: {state}", ("", "By {date}."): "قبل {date}."},
            "fr": {("", english): "Signalement {reference} : {state}", ("", "By {date}."): "Avant le {date}."},
        }
    )
    said = N_(english).with_(reference="AM-2345", state=N_("By {date}.").with_(date="X"))

    assert both.say(said, "ar") == f"البلاغ {FSI}AM-2345{PDI}: {FSI}قبل {FSI}X{PDI}.{PDI}"
    assert both.say(said, "fr") == "Signalement AM-2345 : Avant le X."


def test_a_date_is_written_out_in_the_person_s_language() -> None:
    """No figures that one country reads as day and another as month."""
    assert texts.say(date(2025, 3, 5), "fr") == "mercredi 5 mars 2025"
    assert texts.say(date(2025, 3, 5), "en") == "Wednesday, March 5, 2025"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("ar", f"قبل {FSI}الأربعاء، 5 مارس 2025{PDI}: {FSI}3{PDI}"),
        ("sw", "Kabla ya Jumatano, 5 Machi 2025: 3"),
        ("es", "Antes del miércoles, 5 de marzo de 2025: 3"),
    ],
)
def test_a_date_and_a_count_stand_in_their_sentence_in_every_language(language: str, written: str) -> None:
    """Month and weekday have my language's names, and the figures keep their order. (R48)"""
    english = "By {date}: {count}"
    here = {"ar": "قبل {date}: {count}", "sw": "Kabla ya {date}: {count}", "es": "Antes del {date}: {count}"}
    every = Texts({each: {("", english): said} for each, said in here.items()})

    said = every.say(N_(english).with_(date=date(2025, 3, 5), count="3"), language)

    assert said == written


def test_a_name_in_another_script_does_not_turn_an_english_sentence_round() -> None:
    """A name in Arabic letters stands apart in a sentence that is read from the left."""
    assert texts.say(N_("Report of {name}, 3 files").with_(name="عمر"), "sw") == f"Report of {FSI}عمر{PDI}, 3 files"
    assert texts.say(N_("Report of {name}, 3 files").with_(name="Omar é"), "sw") == "Report of Omar é, 3 files"


def test_what_a_person_wrote_cannot_turn_the_sentence_around_it() -> None:
    """Marks of direction in somebody's words stay out, and each line stands apart."""
    own = "abc\u2069\u202e123\n\nsecond"
    both = Texts({"ar": {("", "{answer}."): "{answer}."}})

    assert both.say(N_("{answer}.").with_(answer=own), "ar") == f"{FSI}abc123{PDI}\n\n{FSI}second{PDI}."
    assert both.say(N_("{answer}.").with_(answer=own), "en") == f"{FSI}abc123{PDI}\n\n{FSI}second{PDI}."


def test_a_line_that_begins_with_a_value_is_read_from_the_right() -> None:
    """My review card in Arabic: the label stands on the right, what I said to the left of it."""
    both = Texts({"ar": {("", "{label}: {answer}"): "{label}: {answer}"}})
    said = N_("{label}: {answer}").with_(label="الموضوع", answer="نقود")

    shown = both.render(Letter((said, said)), "ar").text.split("\n\n")

    assert [f"{RLM}{FSI}الموضوع{PDI}: {FSI}نقود{PDI}"] * 2 == shown


def test_a_code_keeps_its_order_in_a_letter_that_is_read_from_the_right() -> None:
    """I read my code group by group as everybody does, and what I copy is read again."""
    code_shown = spoken(complete("31415926535897932384626433"))
    letter = Letter((N_("Your code:"), code_shown, "أهلا", "Hello 2", ""))

    shown = Texts({"ar": {("", "Your code:"): "رمزك:"}}).render(letter, "ar").text.split("\n\n")

    assert shown == ["رمزك:", f"{LRI}{code_shown}{PDI}", "أهلا", "Hello 2"]
    assert read(shown[1]) == read(code_shown) is not None
    assert texts.render(letter, "fr").text.split("\n\n")[1] == code_shown


def test_the_number_of_a_choice_comes_first_from_the_side_on_which_one_reads() -> None:
    """Each button begins with its number, also one with a Latin name in an Arabic letter. (R48)"""
    letter = Letter((), (Choice("a", N_("Back")), Choice("b", "English"), Choice("c", "(24)")))
    both = Texts({"ar": {("", "Back"): "رجوع"}})

    assert both.render(letter, "ar").choices == (
        ("a", f"{RLM}1. رجوع"),
        ("b", f"{RLM}2. {FSI}English{PDI}"),
        ("c", f"{RLM}3. {FSI}(24){PDI}"),
    )
    assert both.render(letter, "sw").choices == (("a", "1. Back"), ("b", "2. English"), ("c", "3. (24)"))


def test_the_organisation_s_words_fall_back_to_english() -> None:
    """A wording the programme has not is said in English."""
    words = Words((("en", "Monday"), ("fr", "lundi")))

    assert [texts.say(words, each) for each in ("fr", "sw")] == ["lundi", "Monday"]


def test_braces_in_what_somebody_wrote_are_only_words() -> None:
    """A person's own words are put in as they are, whatever they look like."""
    assert texts.say(say.CARD_LINE.with_(label="Where", answer="{secret} {0}"), "en") == "Where: {secret} {0}"


plain = some.text(max_size=40)
words = some.dictionaries(some.sampled_from(sorted(NAMES)), plain).map(lambda each: Words(tuple(each.items())))
sentences = some.recursive(
    some.builds(Text, plain, plain),
    lambda inner: some.builds(
        Text,
        plain,
        plain,
        some.dictionaries(plain, plain | some.dates() | words | inner, max_size=4).map(
            lambda each: tuple(each.items())
        ),
    ),
    max_leaves=5,
)
wordings = plain | words | sentences
letters = some.builds(
    Letter,
    some.lists(wordings, max_size=4).map(tuple),
    some.lists(some.builds(Choice, plain, wordings), max_size=4).map(tuple),
)


@given(letters)
def test_a_letter_survives_its_journey(letter: Letter) -> None:
    """What one process posts is what another hands over."""
    assert from_json(to_json(letter)) == letter


# --- what the check finds --------------------------------------------------------------------------------------------


def test_a_removed_translation_is_found(settings: Settings, locales: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line names the file, the sentence and what to do."""
    spoil(locales, r'msgid "Skip"\nmsgstr ".*"', r'msgid "Skip"\nmsgstr ""')

    assert found(settings, locales, capsys) == [
        f"{catalogues.place('fr', locales)}: “Skip” has no translation; write it."
    ]


@pytest.mark.parametrize(
    ("pattern", "replacement", "says"),
    [
        (r'msgid "Skip"\nmsgstr ".*"\n', "", "“Skip” is missing"),
        (r'msgid "Skip"', '#, fuzzy\nmsgid "Skip"', "“Skip” is marked fuzzy"),
        (r'msgid "Skip"\nmsgstr ".*"', r'msgid "Skip"\nmsgstr "Passer {count}"', "“Skip” has other braces"),
        (r"au plus tard le \{date\}", "au plus tard le {date", "{date}.” has other braces"),
        (r'msgid "Skip"\nmsgstr ".*"', rf'msgid "Skip"\nmsgstr "{"Passer " * 10}"', "“Skip” has a translation of 70"),
        (r'msgid "Skip"', 'msgid "Jump"\nmsgstr "Sauter"\n\nmsgid "Skip"', "“Jump” is said nowhere any more"),
        (r'msgid "Skip"', '#~ msgid "Jump"\n#~ msgstr "Sauter"\n\nmsgid "Skip"', "“Jump” is said nowhere any more"),
        (r'msgid "Skip"', 'skip\nmsgid "Skip"', "belongs to no catalogue"),
    ],
)
def test_each_fault_of_a_catalogue_is_found(
    settings: Settings,
    locales: Path,
    capsys: pytest.CaptureFixture[str],
    pattern: str,
    replacement: str,
    says: str,
) -> None:
    """One fault, one line, with the file and the sentence in it."""
    spoil(locales, pattern, replacement)

    (line,) = found(settings, locales, capsys)

    assert line.startswith(f"{catalogues.place('fr', locales)}: ")
    assert says in line


def test_a_language_without_a_catalogue_is_found(
    settings: Settings, locales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The programme offers French, and there is none."""
    catalogues.place("fr", locales).unlink()

    (line,) = found(settings, locales, capsys)

    assert "there is no catalogue; run `python -m amana.catalogues update fr` and translate" in line


def test_a_catalogue_in_another_encoding_is_found(
    settings: Settings, locales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An editor that does not write UTF-8 is found before anybody reads broken letters."""
    path = catalogues.place("fr", locales)
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))

    assert found(settings, locales, capsys) == [f"{path}: this is not UTF-8; save it as UTF-8."]


def test_a_sentence_too_long_and_one_of_no_flow_are_found() -> None:
    """What is put into the braces does not count."""
    said = [("a" * 160 + "{limits}", ""), ("b" * 161, ""), ("Where?", "complaint.where"), ("Who?", "complain.who")]

    lines = list(check._english(tuple(catalogues.Sentence(*each, ("bot/said.py",)) for each in said), tuple(FLOWS)))

    assert len(lines) == 2
    assert "161 characters; 160 is the most" in lines[0]
    assert lines[1].startswith("bot/said.py: “Who?” (complain.who): there is no flow complain;")


# --- what the update does --------------------------------------------------------------------------------------------


def test_a_new_catalogue_lists_every_sentence_once(code: Path, tmp_path: Path) -> None:
    """By file and wording, without dates and line numbers."""
    catalogues.update("sw", tmp_path, code)

    written = catalogues.place("sw", tmp_path).read_text(encoding="utf-8")
    assert re.findall(r'^msgid "(.+)"$', written, re.MULTILINE) == ["Back", "Hello, {name}.", "Come back soon."]
    assert re.findall(r"^#: (.+)$", written, re.MULTILINE) == ["bot/said.py", "bot/said.py", "bot/said.py bot/zebra.py"]
    assert 'msgctxt "button"\nmsgid "Back"' in written
    assert "Date" not in written
    assert "await review by native speakers" in written


def test_an_update_keeps_translations_and_marks_what_changed(code: Path, tmp_path: Path) -> None:
    """A reworded sentence keeps its old translation, for the translator to look at; what is gone goes."""
    path = catalogues.place("sw", tmp_path)
    catalogues.update("sw", tmp_path, code)
    translated = path.read_text(encoding="utf-8")
    for english, swahili in (("Hello, {name}.", "Habari, {name}."), ("Back", "Rudi"), ("Come back soon.", "Karibu.")):
        translated = translated.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{swahili}"')
    path.write_text(translated, encoding="utf-8")

    said = code / "bot" / "said.py"
    said.write_text('HELLO = N_("Hello {name}!")\nBACK = N_("Back", "button")\n', encoding="utf-8")
    (code / "bot" / "zebra.py").unlink()
    catalogues.update("sw", tmp_path, code)
    catalogues.update("sw", tmp_path, code)

    with path.open("rb") as file:
        after = read_po(file)
    assert {each.id: (each.string, each.fuzzy) for each in after if each.id} == {
        "Back": ("Rudi", False),
        "Hello {name}!": ("Habari, {name}.", True),
    }
    assert not after.obsolete
    assert "#. Was: Hello, {name}.\n" in path.read_text(encoding="utf-8")
    assert Texts.load(("sw",), tmp_path).say(N_("Hello {name}!").with_(name="A"), "sw") == "Hello A!"

"""The page's own words and files, as they are delivered: complete in every language, and text alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions import lexicon
from actions.languages import NAMES
from actions.lexicons import VOCABULARIES
from bot.webchat import ENTERED

_PAGE = Path(__file__).parents[2] / "bot" / "page"
_SCRIPT = (_PAGE / "chat.js").read_text(encoding="utf-8")
_HTML = (_PAGE / "index.html").read_text(encoding="utf-8")
_CSS = (_PAGE / "chat.css").read_text(encoding="utf-8")


def _words(language: str) -> dict[str, str]:
    """What the page says in a language, by key."""
    found = re.search(rf"^  {language}: \{{\n(.*?)^  \}},$", _SCRIPT, re.DOTALL | re.MULTILINE)
    assert found, language
    return dict(re.findall(r"(\w+): '((?:[^'\\]|\\.)*)'", found[1]))


@pytest.mark.parametrize("language", NAMES)
def test_the_page_says_everything_in_every_language(language: str) -> None:
    """No button, label or trouble is English for whoever chose another language, and none is longer than 160 signs."""
    said, english = _words(language), _words("en")

    assert said.keys() == english.keys()
    assert all(0 < len(each) <= 160 for each in said.values())
    same = {key for key in said if language != "en" and said[key] == english[key]} - {"title"}
    assert same <= {"log", "picture", "slip"}, same


def test_everything_that_is_named_on_the_page_has_words() -> None:
    """Each place that is to be filled in the reader's language has a word for it."""
    named = set(re.findall(r'data-(?:say|name)="(\w+)"', _HTML))
    used = set(re.findall(r"\bsay\.(\w+)", _SCRIPT))

    assert named | used <= _words("en").keys()


def test_the_page_speaks_before_its_script_does() -> None:
    """A browser that is too old for the page says in five languages where else we are reached."""
    opening = _HTML.partition('id="opening"')[2].partition("</div>")[0]

    assert {"fr", "es", "ar", "sw"} == set(re.findall(r'lang="(\w+)"', opening))
    assert 'lang="ar" dir="rtl"' in opening


def test_the_ways_that_staff_enter_are_the_same_on_page_and_bot() -> None:
    """The page asks for no way that the bot refuses. (R42)"""
    listed = re.search(r"^const ENTERED = \[(.*?)\]", _SCRIPT, re.MULTILINE)
    assert listed

    assert tuple(re.findall(r"'(\w+)'", listed[1])) == ENTERED


def test_the_page_leaves_at_the_words_at_which_the_bot_ends_the_talk() -> None:
    """Whichever word of leaving I type, the screen is empty too; and no other word empties it."""
    listed = re.search(r"^const EXITS = \[(.*?)\];", _SCRIPT, re.MULTILINE | re.DOTALL)
    assert listed
    words = re.findall(r"'([^']+)'", listed[1])

    assert {each: lexicon.wish(each) for each in words} == dict.fromkeys(words, "exit")
    assert {word for each in VOCABULARIES.values() for word in each.wishes["exit"]} <= set(words)


def test_nothing_but_text_is_loaded_by_itself() -> None:
    """My data are dear: no font, picture, sound or foreign address is named, and a sound waits for a touch. (R60)"""
    assert "url(" not in _CSS
    assert "@font-face" not in _CSS
    assert "@import" not in _CSS
    assert not re.search(r"<(img|audio|video|iframe|object)\b", _HTML)
    assert set(re.findall(r'(?:src|href)="([^"]+)"', _HTML)) == {"/page/icon.svg", "/page/chat.css", "/page/chat.js"}
    assert "sound.preload = 'none'" in _SCRIPT
    assert not re.search(r"https?:", _SCRIPT)


def test_a_finger_meets_every_button() -> None:
    """Whatever can be pressed is at least 44 pixels high and wide. (R48)"""
    heights = [int(each) for each in re.findall(r"min-(?:height|width): (\d+)px", _CSS)]

    assert heights
    assert min(heights) >= 44


def test_the_name_in_a_list_of_pages_tells_nothing() -> None:
    """Whoever looks over my shoulder at the open pages reads a name, and no word of complaints. (R108)"""
    titles = {_words(each)["title"] for each in NAMES}

    assert titles == {"Amana", "أمانة"}
    assert "<title>Amana</title>" in _HTML

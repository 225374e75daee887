"""The page that shows every flow in every language: complete, and found out when it is old."""

import shutil
from pathlib import Path

import pytest

from actions import prompts
from actions import sentences as say
from actions.flows import FLOWS
from actions.languages import NAMES
from actions.programme import Programme
from amana import check, flows_page
from house.settings import Settings
from house.texts import Texts
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def page() -> str:
    return flows_page.page()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with what the page is written from, and the page."""
    for each in ("programme", "locales"):
        shutil.copytree(ROOT / each, tmp_path / each)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "flows.md").write_text(flows_page.page(), encoding="utf-8")
    return tmp_path


def test_the_page_shows_the_flows_as_they_are(page: str) -> None:
    """What I read in docs/flows.md is what people are asked today."""
    assert page == flows_page.PAGE.read_text(encoding="utf-8"), next(flows_page.stale())


def test_every_question_stands_on_the_page_in_every_language(page: str, programme: Programme) -> None:
    """I translate: every title, opening, question, reason, label and answer is there in my language."""
    texts = Texts.load(programme.languages)

    missing = [
        (language, said)
        for flow in FLOWS.values()
        for each in flow.questions
        for said in (flow.title, each.ask, each.why, each.label, *each.help, *flow.opening)
        for language in programme.languages
        if not _braces(said.msgid) and texts.say(said, language) not in page
    ]

    assert [] == missing
    assert all(f"| {NAMES[each]} |" in page for each in programme.languages)


def _braces(sentence: str) -> bool:
    return "{" in sentence


def test_every_other_prompt_and_sentence_stands_on_the_page(page: str) -> None:
    """Also what is asked between the questions, and whatever else is said, is there to be read."""
    named = {*prompts._FIXED, *prompts._SAID, *prompts.OF_A_CASE, *(f"guess.{each}" for each in say.GUESS)}
    labels = (*prompts.MENU.values(), *prompts._REVIEW.values(), *prompts._FOUND.values())

    assert [] == [
        each for each in named if f"`{each}`" not in page and f".{each}`" not in page and f"`{each}, " not in page
    ]
    assert [] == [each for each in labels if each.msgid not in page]
    assert [] == [each for each in vars(say).values() if isinstance(each, say.Text) and each.msgid not in page]


def test_an_old_page_is_found_with_what_to_do(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody changed a translation and not the page: the check says what to run."""
    fresh = list(flows_page.stale(tree))
    po = tree / "locales" / "fr" / "LC_MESSAGES" / "amana.po"
    po.write_text(po.read_text(encoding="utf-8").replace('msgstr "Menu"', 'msgstr "Le menu"'), encoding="utf-8")

    assert [] == fresh
    assert ["docs/flows.md is older than the flows; run `python -m amana.flows_page`."] == list(flows_page.stale(tree))


def test_the_check_looks_at_the_page(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`amana check` finds an old page too, once everything it shows is in order."""
    monkeypatch.setattr(check, "_problems", lambda *_: iter(()))
    monkeypatch.setattr(flows_page, "stale", lambda: iter(("docs/flows.md is older than the flows",)))

    assert 1 == check.run(Settings(programme=ROOT / "programme"), tuple(FLOWS), tests=ROOT / "none")
    assert "docs/flows.md is older than the flows\n" == capsys.readouterr().out


def test_where_there_are_no_documents_there_is_no_page_to_be_old(tree: Path) -> None:
    """An Amana that was installed without its documents is checked all the same."""
    shutil.rmtree(tree / "docs")

    assert [] == list(flows_page.stale(tree))

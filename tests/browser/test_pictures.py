"""The pictures in the documents, taken from the real thing: AMANA_PICTURES=1 writes them to docs/pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.pages import Console, Talk, a_person_of_staff
from tests.whole.house import House
from tests.whole.people import REPORT, WebPerson

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_LARGEST = 150_000
_REPORTS = (
    ("en", "quality", ("The rice at the last distribution was wet and smelled. Four families could not eat it.",
                       "At the school, near the well", "Dry rice, and that somebody looks into the store"),
     "confidential"),
    ("fr", "cash", ("Ma carte ne marche plus.", "Moundou", "Une nouvelle carte"), "confidential"),
    ("en", "left_out", ("My name was on the list last month.", "Block C", "That somebody checks the list"),
     "anonymous"),
    ("en", "conduct", ("The guard shouted at the old people.", "At the gate", "That he speaks with respect"),
     "anonymous"),
    ("en", "about_us", ("You answered my sister late.", "In this chat", "That you keep your dates"), "confidential"),
)  # fmt: skip


def _kept(page: Page, file: Path) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, animations="disabled", caret="hide")
    return file.stat().st_size


def test_a_talk_in_the_middle_of_a_report(context: NewContext, house: House, pictures: Path) -> None:
    """
    The README shows how it looks on a phone when a question is asked.
    """
    page = context(
        viewport={"width": 360, "height": 740}, device_scale_factor=1.5, is_mobile=True, has_touch=True, locale="en-GB",
        color_scheme="light",
    ).new_page()  # fmt: skip
    person = Talk(page, house.chat).open()
    person.report({
        **REPORT, "what": "The rice at the last distribution was wet and smelled. We could not eat it.",
        "where": "At the school, near the well",
    }, until="when")  # fmt: skip
    person.all_sent()
    page.evaluate("document.activeElement.blur(), scrollTo(0, document.documentElement.scrollHeight)")

    assert 0 < _kept(page, pictures / "talk.png") <= _LARGEST


def test_the_console_on_a_working_day(context: NewContext, chromium: Browser, pictures: Path, tmp_path: Path) -> None:
    """
    The README shows the list of cases and one of them.
    """
    with House(tmp_path / "day") as house:
        ada = a_person_of_staff(chromium, house, f"/enrol#{house.first_token}", "ada", "Ada Okonkwo").session
        shown, answered = _a_days_reports(house)
        page = context(storage_state=ada, viewport={"width": 1280, "height": 800}, color_scheme="light").new_page()
        desk = Console(page, house.console)
        _answer(desk, answered, "Thank you. We have passed it on to the committee.")
        _answer(desk, shown, "We have looked at the store. The wet bags were taken out today.")

        page.locator("#text").fill("We come to the school on Thursday and look at what was given out.")
        assert 0 < _kept(page, pictures / "console.png") <= _LARGEST

        page.set_viewport_size({"width": 1280, "height": 540})
        desk.go("/")
        expect(page.locator(".cases tbody tr")).to_have_count(len(_REPORTS) + 1)
        assert 0 < _kept(page, pictures / "cases.png") <= _LARGEST


def _answer(desk: Console, reference: str, words: str) -> None:
    page = desk.go(f"/cases/{reference}")
    desk.answer(words)
    expect(page.locator(".line.ours")).to_be_visible()
    desk.go(f"/cases/{reference}")


def _a_days_reports(house: House) -> tuple[str, str]:
    """What six people told: the references of the first report, and of one that is answered already."""
    references = [_reported(house, *each) for each in _REPORTS]
    caller = WebPerson(house)
    caller.begin()
    caller.report(until="menu")
    caller.tap("human")
    about = "The machine does not take my card, and I am at the shop now."
    caller.report({"about": about, "write": "yes"}, until="called")
    caller.wait_for("A person will answer you")
    return references[0], references[3]


def _reported(house: House, language: str, about: str, said: tuple[str, str, str], way: str) -> str:
    person = WebPerson(house)
    person.begin()
    what, where, wish = said
    told = {"category": about, "what": what, "where": where, "wish": wish, "contact": way}
    return person.report({**REPORT, "language": language, **told}).reference

"""The chat page in every size and direction of writing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import NewContext, OpenBrowser
from tests.browser.pages import PHONE, Talk, assert_fits
from tests.whole.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_ARABIC = {
    "n": 1, "text": "ماذا حدث؟ اكتبه بكلماتك، أو أرسل رسالة صوتية أو صورة.", "audio": None,
    "choices": [{"id": "1.1.complaint.what~skip_it", "label": "1. تخطّي"}],
}  # fmt: skip


@pytest.mark.parametrize("mobile", [True, False])
def test_letters_of_twice_the_size_fit_the_narrowest_screen(
    open_browser: OpenBrowser, context: NewContext, house: House, *, mobile: bool
) -> None:
    """
    I read only large letters, and my screen is narrow: I never had to push the page sideways, and Leave was always
    within reach.
    """
    large = open_browser("--blink-settings=defaultFontSize=32")
    page = context(large, **{**PHONE, "viewport": {"width": 240, "height": 400}, "is_mobile": mobile}).new_page()
    person = Talk(page, house.chat).open()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"

    def fits() -> None:
        assert_fits(page, 240)
        expect(page.locator("#leave")).to_be_in_viewport(ratio=1)

    person.report(each=fits)

    assert_fits(page, 240)
    person.say("an-unbroken-word-" * 12)
    person.question()
    assert_fits(page, 240)
    large.close()


def test_every_size_of_screen_fits(context: NewContext, house: House) -> None:
    """
    From a small phone to a desk, lying or standing, nothing lies beside the screen.
    """
    page = context(locale="en-GB", color_scheme="dark").new_page()
    person = Talk(page, house.chat).open()
    person.report(until="category")

    for width, height in ((240, 320), (320, 480), (480, 320), (768, 1024), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        assert_fits(page, width)
        expect(page.locator("#leave")).to_be_in_viewport(ratio=1)


def test_the_page_turns_for_a_letter_in_arabic_script(context: NewContext, house: House) -> None:
    """
    My language is written from the right: so was the page, with Leave on the other side, and it fitted.
    """
    given = iter([json.dumps([_ARABIC])])
    page = context(**PHONE).new_page()
    page.route("**/chat/letters*", lambda route: _answer(route, next(given, "[]")))
    person = Talk(page, house.chat).open()

    letter = person.letter("ماذا حدث")

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert _sides(page.locator("#leave"))[0] < 20
    assert _sides(letter.locator("button"))[1] > 300
    assert _sides(letter.locator(".words"))[1] > 300
    person.say("الأرز كان مبللا")
    assert _sides(person.mine.locator(".words"))[0] < 20
    assert_fits(page, 320)


def _sides(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box
    return box["x"], box["x"] + box["width"]


def _answer(route: Route, letters: str) -> None:
    route.fulfill(status=200, content_type="application/json", body=letters)


def test_a_talk_works_by_keyboard_alone(context: NewContext, house: House) -> None:
    """
    I have no mouse: with Tab, Enter and a screen reader's log I got to the first question.
    """
    page = context(locale="en-GB", viewport={"width": 1024, "height": 700}).new_page()
    person = Talk(page, house.chat).open()
    person.letter("English")
    focused = "document.activeElement.textContent"

    page.keyboard.press("Tab")
    assert "Leave" in page.evaluate(focused)
    page.keyboard.press("Tab")
    assert "English" in page.evaluate(focused)
    page.keyboard.press("Enter")
    person.letter("Report a problem")
    page.locator("#words").focus()
    page.keyboard.type("1")
    page.keyboard.press("Enter")

    person.report(until="category")
    expect(page.get_by_role("log")).to_contain_text("What is it about?")


def test_a_double_tap_answers_once(talk: Callable[..., Talk]) -> None:
    """
    My finger trembles and touched twice: it counted once.
    """
    person = talk()
    person.letter("English").locator(".choice", has_text="English").dblclick()

    person.letter("Report a problem")
    expect(person.mine).to_have_count(1)
    expect(person.letters.filter(has_text="Report a problem")).to_have_count(1)

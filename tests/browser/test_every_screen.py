"""The chat page in every size and direction of writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from actions.languages import NAMES
from tests.browser.conftest import NewContext, OpenBrowser
from tests.browser.pages import PHONE, Talk, assert_fits, faults
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


_LANGUAGES = {
    "n": 1, "text": "Choose your language · Choisissez votre langue · اختر لغتك", "audio": None,
    "choices": [
        {"id": f"0.0.language~{key}", "label": f"{n}. {name}"}
        for n, (key, name) in enumerate(NAMES.items(), 1)
    ],
}  # fmt: skip
_LONG = {
    "n": 3, "audio": None,
    "text": "شكرًا. وصل بلاغك إلى فريقنا. رقمه هو \u2068ABCD-2345\u2069. ننظر فيه أولًا قبل \u206812 مارس 2026\u2069.",
    "choices": [
        {"id": "1.1.kept~yes", "label": "1. نعم، لقد احتفظت بالرمز في مكان آمن لا يصل إليه أحد غيري في البيت"},
        {"id": "1.1.kept~menu", "label": "2. القائمة"},
    ],
}  # fmt: skip


@pytest.fixture
def arabic(context: NewContext, house: House) -> Callable[..., Talk]:
    """The page with letters in Arabic: each thing that is said is answered by the next of them."""

    def open_(**settings: Any) -> Talk:
        letters, said = [_LANGUAGES, {**_ARABIC, "n": 2}, _LONG], []

        def hear(route: Route) -> None:
            told = route.request.post_data_json
            # A page that is loaded again is answered by what was asked last.
            said.append(told) if told.get("choice") != "start" or not said else None
            route.fulfill(status=202, content_type="application/json", body="{}")

        page = context(**{**PHONE, **settings}).new_page()
        page.route("**/chat/messages", hear)
        page.route("**/chat/letters*", lambda route: _answer(route, json.dumps([
            each for each in letters[: len(said)] if each["n"] > int(route.request.url.rpartition("=")[2])
        ])))  # fmt: skip
        return Talk(page, house.chat).open()

    return open_


def _is_arabic(page: Page, width: int) -> None:
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("#leave")).to_have_text("خروج")
    assert _sides(page.locator("#leave"))[0] < width / 2
    assert faults(page) == []
    assert_fits(page, width)


@pytest.mark.parametrize("way", ["tap", "٤", "4", "العربية"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_is_arabic_from_the_choice_on(arabic: Callable[..., Talk], way: str, width: int) -> None:
    """
    I chose Arabic, by the button, by its number or by its name: at once the whole page was written from the right, and
    was still so when I loaded it again; numbers inside stayed readable, and long labels fitted. (R48)
    """
    person = arabic(viewport={"width": width, "height": 800}, is_mobile=width < 700)
    page = person.page
    person.asked("language")
    expect(page.locator("html")).to_have_attribute("dir", "ltr")

    person.choose("language", "ar") if way == "tap" else person.say(way)

    person.asked("what")
    _is_arabic(page, width)
    person.say("الأرز كان مبللا ورقم الكيس 4471")
    person.asked("kept")
    _is_arabic(page, width)
    assert page.locator(".letter").evaluate_all("all => all.map((one) => one.lang)") == ["", "ar", "ar"]
    assert _sides(person.mine.last.locator(".words"))[0] < width / 2
    page.reload()
    _is_arabic(page, width)
    person.asked("kept")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_page_is_arabic_for_an_arabic_phone(arabic: Callable[..., Talk]) -> None:
    """
    My phone is in Arabic: so was the page before I had chosen anything, although the first question is in every script.
    """
    person = arabic(locale="ar-TD")

    person.asked("language")
    _is_arabic(person.page, 320)


@pytest.mark.parametrize(("language", "leave"), [("es", "Salir"), ("sw", "Ondoka"), ("fr", "Quitter")])
def test_the_page_follows_every_language(arabic: Callable[..., Talk], language: str, leave: str) -> None:
    """
    I chose Spanish, Swahili or French: the page's own words are in it, and fit the narrow screen.
    """
    person = arabic(viewport={"width": 240, "height": 400})
    person.asked("language")

    person.choose("language", language)

    expect(person.page.locator("#leave")).to_have_text(leave)
    expect(person.page.locator("html")).to_have_attribute("lang", language)
    expect(person.page.locator("html")).to_have_attribute("dir", "ltr")
    assert_fits(person.page, 240)
    assert faults(person.page) == []


def test_every_button_is_as_large_as_a_finger(arabic: Callable[..., Talk]) -> None:
    """
    My hands tremble: whatever can be pressed, also under older questions, is at least 44 pixels high and wide. (R48)
    """
    person = arabic()
    person.asked("language")
    person.choose("language", "ar")
    person.asked("what")

    boxes = person.page.locator("button:visible, .button:visible, textarea:visible").evaluate_all(
        "all => all.map((one) => [one.textContent, one.offsetWidth, one.offsetHeight])"
    )

    assert len(boxes) > 8
    assert [each for each in boxes if min(each[1:]) < 44] == []


def test_nothing_but_text_is_fetched_by_itself(context: NewContext, house: House) -> None:
    """
    My data are dear: in a whole report, and where a letter can be listened to, only the page, its style, its script
    and letters were fetched. (R60)
    """
    page = context(**PHONE).new_page()
    fetched: list[str] = []
    page.on("request", lambda asked: fetched.append(f"{asked.resource_type} {asked.url}"))
    person = Talk(page, house.chat).open()
    person.report()
    spoken = {**_ARABIC, "n": 9_999, "audio": "/page/icon.svg?spoken"}
    page.route("**/chat/letters*", lambda route: _answer(route, json.dumps([spoken])), times=1)
    person.say("menu")
    expect(page.locator("audio")).to_be_visible()
    page.wait_for_timeout(500)

    kinds = {each.partition(" ")[0] for each in fetched if "icon.svg" not in each or "spoken" in each}
    assert kinds == {"document", "stylesheet", "script", "fetch"}


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

"""The page at a desk: staff write for one person after the other, and nobody sees who was there before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.pages import Console, Talk, assert_fits, faults
from tests.whole.house import House
from tests.whole.people import REPORT

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_CANARY = "canary-77d1 the oil was old"


@pytest.fixture
def tablet(context: NewContext, house: House) -> Callable[[str], Talk]:
    """Open the page on a tablet, for somebody who reached staff in that way."""

    def open_(channel: str) -> Talk:
        page = context(viewport={"width": 768, "height": 1024}, has_touch=True, locale="en-GB").new_page()
        return Talk(page, f"{house.chat}/?{channel}").open()

    return open_


def _shows(page: Page, *words: str) -> list[str]:
    """Which of these words are anywhere in the page, shown or not."""
    typed = page.evaluate("Array.from(document.querySelectorAll('textarea')).map((one) => one.value).join()")
    return [each for each in words if each in page.content() + typed]


def _came_by(desk: Console, reference: str) -> Locator:
    return desk.go(f"/cases/{reference}").locator("dl div", has_text="Came by")


def test_the_first_person_is_gone_when_the_second_comes(tablet: Callable[[str], Talk], desk: Console) -> None:
    """
    At the distribution I wrote down what two people told me; when the second sat down, nothing of the first was to be
    seen, going back brought nothing, and both reports say that they came by the desk. (R54, R42)
    """
    person = tablet("desk")
    first = person.report({**REPORT, "what": _CANARY})
    bearer = person.page.evaluate("sessionStorage.person")
    length = person.page.evaluate("history.length")
    person.page.locator("#words").fill("half a word, canary")

    person.next_person()

    person.asked("language")
    assert _shows(person.page, "canary", first.code, first.reference) == []
    assert person.page.evaluate("sessionStorage.person || ''") != bearer
    second = person.report({**REPORT, "what": "Nobody told us when it comes."})
    assert _shows(person.page, "canary", first.code, first.reference) == []
    assert person.page.evaluate("history.length") == length
    person.page.go_back()
    assert _shows(person.page, "canary", first.code, first.reference) == []
    for each in (first, second):
        expect(_came_by(desk, each.reference)).to_contain_text("desk")


def test_when_there_is_a_code_all_that_was_told_leaves_the_screen(tablet: Callable[[str], Talk]) -> None:
    """
    Others stand around the table: as soon as I had a code to copy by hand, large, nothing else that I had told could be
    read, and the next report in the same talk shows nothing of this one. (R54)
    """
    person = tablet("desk")

    given = person.report({**REPORT, "what": _CANARY})

    expect(person.page.locator("#slip-code")).to_have_text(given.code)
    size = person.page.locator("#slip-code").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 28
    expect(person.page.locator("#slip-reference")).to_contain_text(given.reference)
    assert _shows(person.page, "canary", "Dry rice") == []
    assert faults(person.page) == []
    again = person.report({**REPORT, "what": "Something else."})
    assert again.reference != given.reference
    assert _shows(person.page, given.code, given.reference) == []


def test_the_slip_on_paper_holds_the_code_and_the_dates_alone(tablet: Callable[[str], Talk]) -> None:
    """
    I printed the slip for somebody without a telephone: the number, the code and the dates are on it, and nothing of
    what she told. (R54)
    """
    person = tablet("desk")
    given = person.report({**REPORT, "what": _CANARY})
    page = person.page
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")

    page.emulate_media(media="print")

    shown = page.locator("body").inner_text()
    assert given.code in shown
    assert given.reference in shown
    assert "You get an answer by" in shown
    assert "canary" not in shown
    for each in ("header", "footer", "#log", "#print", "#shared"):
        expect(page.locator(each)).to_be_hidden()


@pytest.mark.parametrize("channel", ["phone", "letter", "box"])
def test_a_call_and_a_note_are_filed_with_their_way(tablet: Callable[[str], Talk], desk: Console, channel: str) -> None:
    """
    She called, he wrote, somebody dropped a note: it is one list of cases, and each says by which way it came. (R42)
    """
    person = tablet(channel)
    given = person.report()

    page = desk.go("/")

    expect(page.get_by_role("link", name=given.reference)).to_be_visible()
    expect(_came_by(desk, given.reference)).to_contain_text(channel)


def test_who_writes_for_themselves_sees_nothing_of_a_desk(talk: Callable[..., Talk]) -> None:
    """
    On my own phone there is no button for a next person, and my talk stays where I can read it.
    """
    person = talk()
    given = person.report({**REPORT, "what": _CANARY})

    expect(person.page.locator("#next")).to_be_hidden()
    expect(person.page.locator("#slip")).to_be_hidden()
    assert _shows(person.page, _CANARY, given.code) == [_CANARY, given.code]


def test_a_desk_on_a_small_phone_fits(context: NewContext, house: House) -> None:
    """
    Our tablet broke and I used my phone: the code, the buttons and Leave fitted its screen.
    """
    page = context(viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True, locale="fr-FR").new_page()
    person = Talk(page, f"{house.chat}/?desk").open()

    person.report({**REPORT, "language": "fr"}, each=lambda: assert_fits(page, 320))

    assert_fits(page, 320)
    expect(page.locator("#slip-code")).to_be_in_viewport(ratio=1)
    expect(page.locator("#next")).to_have_text("Personne suivante")
    expect(page.locator("#next")).to_be_in_viewport(ratio=1)
    expect(page.locator("#leave")).to_be_in_viewport(ratio=1)
    assert faults(page) == []

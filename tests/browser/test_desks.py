"""Colleagues and desks as staff meet them on a small screen and without a mouse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import NewContext
from tests.browser.pages import Console, Troubles, a_person_of_staff, assert_fits, faults
from tests.whole.house import House
from tests.whole.people import WebPerson, complain

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NARROW = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


def test_a_colleague_is_let_in_at_a_desk_and_leaves_it_on_a_small_screen(
    ada: dict[str, Any], context: NewContext, house: House, chromium: Browser, desk: Console
) -> None:
    """
    On my telephone I let my colleague work at another desk, and took that back; nothing had to be moved sideways.
    """
    a_person_of_staff(chromium, house, desk.invite(), "farida", "Farida Noor")
    mine = Console(context(storage_state=ada, **NARROW).new_page(), house.console)
    page = mine.go("/colleagues")
    farida = page.locator("article", has_text="farida")
    expect(farida).to_contain_text("Works at General")

    farida.get_by_text("Change", exact=True).click()
    assert faults(page) == []
    assert_fits(page, 360)
    farida.get_by_role("button", name="Let Farida Noor work at Protection").click()
    expect(page.get_by_role("status")).to_contain_text("works at that desk now")
    expect(farida).to_contain_text("Works at General, Protection")
    farida.get_by_text("Change", exact=True).click()
    farida.get_by_role("button", name="Farida Noor leaves Protection").click()

    expect(page.get_by_role("status")).to_contain_text("The key of that desk is changed now")
    expect(farida.get_by_text("Works at")).to_have_text("Works at General")
    assert_fits(page, 360)


def test_a_case_is_given_to_another_desk_with_the_keyboard_alone(
    context: NewContext, house: House, chromium: Browser, desk: Console, troubles: Troubles
) -> None:
    """
    I cannot use a mouse: I opened the form, chose the desk, wrote why, and the case was gone from my list.
    """
    reference = complain(WebPerson(house)).reference
    general = a_person_of_staff(chromium, house, desk.invite(), "goran", "Goran Ilic").session
    page = Console(context(storage_state=general).new_page(), house.console).go(f"/cases/{reference}")
    page.get_by_text("Give this case to another desk").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("To which desk")).to_be_focused()
    page.keyboard.type("Protection")
    page.keyboard.press("Tab")
    page.keyboard.type("A child is named in it.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("It is gone from here")
    expect(page.get_by_text(reference)).to_have_count(0)
    troubles.network_fails = True
    page.goto(f"{house.console}/cases/{reference}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    assert "A child is named in it." in desk.go(f"/cases/{reference}").locator("#thread").inner_text()


def test_every_new_page_and_form_is_whole_on_a_small_screen(
    ada: dict[str, Any], context: NewContext, house: House
) -> None:
    """
    My account, the list with its desks, and the opened forms of a case have names for each field and fit my telephone.
    """
    reference = complain(WebPerson(house)).reference
    mine = Console(context(storage_state=ada, **NARROW).new_page(), house.console)
    for path in ("/account", "/?desk=general", f"/cases/{reference}"):
        page = mine.go(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert faults(page) == []
        assert_fits(page, 360)

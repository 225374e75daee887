"""The console as staff see it: their account, their cases, and the answer that reaches the person."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.pages import Console, Talk, Troubles, a_person_of_staff, assert_fits, faults
from tests.whole.house import House
from tests.whole.people import PASSWORD, WebPerson, complain

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_link_makes_an_account_and_leaves_the_address_bar(desk: Console, context: NewContext, house: House) -> None:
    """
    My colleague gave me a link; it made my account, could not be read from my screen, and worked only once.
    """
    link = desk.invite()
    mine = Console(context().new_page(), house.console)

    mine.go(link)

    assert mine.page.url == f"{house.console}/enrol"
    assert mine.page.evaluate("history.length") == 2
    expect(mine.page.locator("#token-field")).to_be_hidden()
    assert faults(mine.page) == []
    mine.enrol(link, "bertrand", "Bertrand Ngoma")
    expect(mine.page.get_by_role("banner")).to_contain_text("Bertrand Ngoma")

    again = Console(context().new_page(), house.console).go("/sign-in")
    answer = again.request.post(f"{house.console}/enrol", form=_account(link), headers={"Origin": house.console})
    assert answer.status == 403
    assert "used already" in answer.text()


def _account(link: str) -> dict[str, str | float | bool]:
    return {
        "token": link.partition("#")[2], "name": "Somebody", "login": "somebody", "password": PASSWORD,
        "again": PASSWORD, "secret": "A" * 32, "code": "000000",
    }  # fmt: skip


def test_staff_sign_in_without_a_mouse(desk: Console, context: NewContext, house: House, chromium: Browser) -> None:
    """
    I cannot use a mouse: I signed in, jumped over the navigation, and opened a case with the keyboard alone.
    """
    chima = a_person_of_staff(chromium, house, desk.invite(), "chima", "Chima Eze")
    page = context().new_page()
    page.goto(house.console)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    for typed in ("chima", PASSWORD, chima.next_code()):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Sign in"
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the page")).to_be_focused()
    expect(page.get_by_role("link", name="To the page")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_a_wrong_code_is_one_sentence_and_keeps_the_name(context: NewContext, house: House, troubles: Troubles) -> None:
    """
    I mistyped the code: one sentence said so, and I did not have to write my name again.
    """
    troubles.network_fails = True
    page = Console(context().new_page(), house.console).go("/sign-in")
    page.get_by_label("Sign-in name").fill("ada")
    page.get_by_label("Password").fill("not my password at all")
    page.get_by_label("Code from your authenticator").fill("000000")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("do not fit together")
    expect(page.get_by_label("Sign-in name")).to_have_value("ada")
    expect(page.get_by_label("Password")).to_have_value("")
    assert faults(page) == []


def test_an_answer_appears_in_the_page_of_the_person_by_itself(desk: Console, talk: Callable[..., Talk]) -> None:
    """
    I found her report in the list, read it, answered; it was on her page at once, without her doing anything.
    """
    given = (person := talk()).report()
    page = desk.go("/")
    page.get_by_role("link", name=given.reference).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(given.reference)
    expect(page.locator(".wish")).to_contain_text("Dry rice")
    expect(page.locator(".answers")).to_contain_text("The rice was wet.")

    desk.answer("We have looked at the store. The wet bags were changed today.")

    expect(page.get_by_text("Your answer is on its way to the person.")).to_be_visible()
    person.letter("The wet bags were changed today.")
    expect(page.locator(".line.ours")).to_contain_text("Ada Okonkwo")


def test_a_promise_is_held_back_until_somebody_gives_a_reason(desk: Console, house: House, troubles: Troubles) -> None:
    """
    I wrote what read like a promise; the page stopped me, kept my words, and asked why.
    """
    troubles.network_fails = True
    person = WebPerson(house)
    page = desk.go(f"/cases/{complain(person).reference}")
    desk.answer("We promise that you will get new rice tomorrow.")

    expect(page.get_by_role("alert")).to_contain_text("this reads like a promise")
    expect(page.get_by_role("textbox", name="Answer", exact=True)).to_have_value(
        "We promise that you will get new rice tomorrow."
    )
    assert faults(page) == []
    page.get_by_label("It is no promise").check()
    page.get_by_label("Why", exact=True).fill("The lorry stands in the yard.")
    page.get_by_role("button", name="Send").click()

    assert person.wait_for("you will get new rice tomorrow")


def test_what_a_person_adds_appears_on_the_open_case_by_itself(desk: Console, talk: Callable[..., Talk]) -> None:
    """
    Somebody asked for a person; what they wrote next came up on my screen while I was reading.
    """
    person = talk()
    person.begin(menu="human")
    person.report({"about": "My card does not work, who can look at it?", "write": "yes"}, until="called")
    person.letter("A person will answer you in this chat")
    desk.page.clock.install()
    page = desk.go("/")
    row = page.locator("tr", has_text="conversation").first
    row.get_by_role("link").click()
    desk.answer("Good day. What does the machine say?")
    person.letter("What does the machine say?")

    person.say("It says code 51.")
    person.all_sent()

    page.clock.fast_forward(15_000)

    expect(page.locator("#thread")).to_contain_text("It says code 51.")


def test_an_announcement_is_written_by_one_and_approved_by_another(
    desk: Console, context: NewContext, house: House, chromium: Browser, talk: Callable[..., Talk]
) -> None:
    """
    I wrote when water comes; only when my colleague had approved it did the people who wanted news get it.
    """
    person = talk()
    person.begin(menu="more")
    person.choose("more", "subscribe")
    person.letter("You will get our announcements here")
    page = desk.go("/announcements")
    page.get_by_label("English (needed").fill("Water comes on Monday at eight.")
    page.get_by_label("French").or_(page.get_by_label("Français")).fill("L'eau arrive lundi à huit heures.")
    page.get_by_role("button", name="Keep it for approval").click()
    expect(page.get_by_text("You wrote it: a colleague has to approve it.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve and send")).to_have_count(0)

    dunia = a_person_of_staff(chromium, house, desk.invite(), "dunia", "Dunia Saleh").session
    other = Console(context(storage_state=dunia).new_page(), house.console).go("/announcements")
    other.get_by_role("button", name="Approve and send").click()

    assert "Write STOP to end these updates." in person.letter("Water comes on Monday at eight.").inner_text()
    expect(person.letters.filter(has_text="Water comes on Monday")).to_have_count(1)
    expect(other.locator(".announcement").first).to_contain_text("approved by Dunia Saleh")


def test_every_page_is_whole_and_fits_a_phone(
    ada: dict[str, Any], context: NewContext, house: House, troubles: Troubles
) -> None:
    """
    Every page has its title, its one heading and a name for each field, keeps to its own content policy, and fits my
    telephone.
    """
    reference = complain(WebPerson(house)).reference
    viewport = {"width": 320, "height": 640}
    settings = {"viewport": viewport, "is_mobile": True}
    page = context(storage_state=ada, **settings).new_page()
    staff, nobody = Console(page, house.console), Console(context(**settings).new_page(), house.console)
    _whole(staff.go("/colleagues"))
    page.get_by_role("checkbox", name="General").check()
    _whole(page, "Make a link")
    _whole(staff.go("/partners"))
    page.get_by_label("Partner's name").fill("Association of the women of the market of the northern quarter")
    _whole(page, "Make a code")

    for path in (
        "/",
        "/?tab=closed",
        f"/cases/{reference}",
        "/announcements",
        "/partners",
        "/colleagues",
        "/audit",
        "/account",
    ):
        _whole(staff.go(path))
    for path in ("/sign-in", "/enrol"):
        _whole(nobody.go(path))
    assert troubles.every == []
    troubles.network_fails = True
    _whole(staff.go("/cases/AAAA-2222"))


@pytest.mark.parametrize("width", [1280, 1024, 360])
def test_every_page_of_the_console_is_in_sight(
    ada: dict[str, Any], context: NewContext, house: House, width: int
) -> None:
    """
    Wherever I sit I see the names of all pages and of my account without pushing anything sideways.
    """
    page = context(storage_state=ada, viewport={"width": width, "height": 800}).new_page()
    Console(page, house.console).go("/")

    links = page.locator("header.top a:not(.brand)")
    assert {"Cases", "Audit", "My account"} < set(links.all_inner_texts())
    for link in links.all():
        expect(link).to_be_in_viewport(ratio=1)


def _whole(page: Page, button: str = "") -> None:
    """The page is whole, and so is the one behind a button on it."""
    if button:
        page.get_by_role("button", name=button).click()
        page.wait_for_load_state()
    assert faults(page) == []
    assert_fits(page, 320)


def test_the_console_runs_no_foreign_script(desk: Console, troubles: Troubles) -> None:
    """
    A script that got into a page of the console would not run, and nothing is loaded from elsewhere.
    """
    page = desk.go("/audit")
    assert troubles.taken() == []

    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.appendChild(script);
      const box = document.createElement("div");
      box.innerHTML = '<img src="http://127.0.0.2:9/x.png" onerror="window.hacked = 2">';
      document.body.appendChild(box);
    }""")
    page.wait_for_timeout(200)

    assert page.evaluate("window.hacked") is None
    blocked = " ".join(troubles.taken())
    assert "policy script-src-elem inline" in blocked
    assert "policy img-src http://127.0.0.2" in blocked


def test_a_signed_out_browser_keeps_nothing(
    context: NewContext, house: House, chromium: Browser, desk: Console
) -> None:
    """
    I signed out on a computer that others use: going back shows no case, and nothing is kept but an empty box.
    """
    state = a_person_of_staff(chromium, house, desk.invite(), "esi", "Esi Mensah").session
    mine = Console(context(storage_state=state).new_page(), house.console)
    mine.go("/audit")
    mine.page.get_by_role("button", name="Sign out").click()
    expect(mine.page.get_by_text("You are signed out.", exact=True)).to_be_visible()

    mine.page.go_back()

    expect(mine.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert mine.page.context.cookies() == []
    assert json.loads(mine.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")) == [{}, {}]

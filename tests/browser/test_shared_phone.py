"""What the chat page leaves on a phone: nothing; and what it lets into itself: nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.pages import PHONE, Talk, Troubles
from tests.whole.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_CANARY = "canary-41c7 the rice was wet"
_KEPT = """async () => ({
  local: Object.assign({}, localStorage), session: Object.keys(sessionStorage).sort(), cookies: document.cookie,
  databases: indexedDB.databases ? (await indexedDB.databases()).length : 0,
  caches: window.caches ? (await caches.keys()).length : 0,
  workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
})"""
_NOTHING = {"local": {}, "session": [], "cookies": "", "databases": 0, "caches": 0, "workers": 0}


def _told(person: Talk) -> None:
    person.report(until="what")
    person.say(_CANARY)
    person.question()
    person.all_sent()


def test_only_the_open_tab_knows_the_conversation(talk: Callable[..., Talk]) -> None:
    """
    Nothing of what I said is in a cookie, in the address, or in anything the browser keeps when I close it.
    """
    person = talk()
    _told(person)
    person.report()

    kept = person.page.evaluate(_KEPT)

    assert kept == {**_NOTHING, "session": ["language", "person"]}
    assert person.page.evaluate("sessionStorage.language") == "en"
    assert person.page.context.cookies() == []
    assert person.page.url == f"{person.url}/"
    assert person.page.evaluate("history.length") <= 2
    assert "canary" not in person.page.evaluate("JSON.stringify(sessionStorage)")


@pytest.mark.parametrize("way", ["button", "escape"])
def test_leaving_wipes_the_talk(context: NewContext, house: House, way: str) -> None:
    """
    Somebody came in: I pressed Leave, or Escape twice, and whoever takes the phone and goes back sees nothing.
    """
    page = context(**PHONE).new_page()
    page.goto(f"{house.chat}/page/icon.svg")
    person = Talk(page, house.chat).open()
    _told(person)
    page.locator("#words").fill("half a thought, canary")

    if way == "button":
        page.locator("#leave").tap()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.wait_for_url("about:blank")

    page.go_back()
    assert page.url.endswith("/page/icon.svg")
    page.go_forward()
    assert page.url == "about:blank"
    page.goto(f"{house.chat}/page/chat.css")
    assert page.evaluate(_KEPT) == _NOTHING
    Talk(page, house.chat).open().letter("English")
    assert "canary" not in page.content()
    assert page.locator("#words").input_value() == ""


@pytest.mark.parametrize("word", ["exit", " Quitter ", "خروج"])
def test_one_word_leaves_when_the_bot_has_heard_it(talk: Callable[..., Talk], house: House, word: str) -> None:
    """
    Somebody came in: I typed one word. Nothing of the talk was left to see, and you had heard that I left.
    """
    person = talk()
    _told(person)
    heard: list[str] = []
    person.page.on("response", lambda got: heard.append(f"{got.status} {got.request.post_data}"))

    person.say(word)
    person.page.wait_for_url("about:blank")

    assert [each for each in heard if each.startswith("202 {") and json.loads(each[4:]).get("text") == "xx"]
    person.page.go_back()
    assert "canary" not in person.page.content()
    person.page.goto(f"{house.chat}/page/chat.css")
    assert person.page.evaluate(_KEPT) == _NOTHING


def test_one_word_leaves_without_a_connection_too(talk: Callable[..., Talk], troubles: Troubles) -> None:
    """
    The network was gone when I typed the word: after two seconds the page was gone as well.
    """
    troubles.network_fails = True
    person = talk()
    _told(person)
    person.page.context.set_offline(True)

    person.say("exit")

    expect(person.page.locator("body")).to_be_hidden()
    person.page.wait_for_url("about:blank", timeout=4000)


def test_a_closed_tab_is_forgotten(context: NewContext, house: House) -> None:
    """
    I closed the page without leaving; the next one who opens it begins a new conversation.
    """
    mine = context(**PHONE)
    person = Talk(mine.new_page(), house.chat).open()
    _told(person)
    person.page.close()

    other = Talk(mine.new_page(), house.chat).open()

    other.letter("English")
    expect(other.letters).to_have_count(1)


def test_no_foreign_script_runs_in_the_page(talk: Callable[..., Talk], troubles: Troubles) -> None:
    """
    Even if somebody got a script into the page, the browser would not run it, and would load nothing from elsewhere.
    """
    person = talk()
    person.letter("English")
    assert troubles.taken() == []

    _inject(person.page)

    blocked = " ".join(troubles.taken())
    assert person.page.evaluate("window.hacked") is None
    assert "policy script-src-elem inline" in blocked
    assert "policy script-src-attr inline" in blocked
    assert "policy img-src http://127.0.0.2" in blocked
    assert "policy connect-src http://127.0.0.2" in blocked
    assert "policy style-src-attr inline" in blocked


def _inject(page: Page) -> None:
    page.evaluate("""async () => {
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.appendChild(script);
      const box = document.createElement("div");
      box.innerHTML = '<img src="http://127.0.0.2:9/x.png" onerror="window.hacked = 2"><b style="color: red">x</b>';
      document.body.appendChild(box);
      await fetch("http://127.0.0.2:9/").catch(() => 0);
      await new Promise((done) => setTimeout(done, 300));
    }""")


def test_words_are_never_markup(talk: Callable[..., Talk]) -> None:
    """
    I wrote signs that computers take for commands; they came back as I wrote them.
    """
    person = talk()
    person.report(until="what")
    person.say("<img src=x onerror=alert(1)> & {reference} %s")
    person.report(until="review")

    card = person.asked("review")

    expect(card.locator(".words")).to_contain_text("<img src=x onerror=alert(1)> & {reference} %s")
    expect(person.page.locator("#log img")).to_have_count(0)

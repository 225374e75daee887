"""Connections that break, servers that stop, pages that are loaded again: told once, kept once, and it goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewContext
from tests.browser.pages import PHONE, Talk, Troubles
from tests.whole.house import House
from tests.whole.people import REPORT

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _never() -> None:
    """Nobody may be asked this once more."""
    pytest.fail("asked a second time")


@pytest.fixture
def person(talk: Callable[..., Talk], troubles: Troubles) -> Talk:
    """Somebody who was just asked what happened, and whose network is bad."""
    troubles.network_fails = True
    person = talk()
    person.report(until="what")
    return person


def _goes_on(person: Talk) -> None:
    """What was said was taken once: a second time would have answered the next question too."""
    next_one = person.question()
    person.all_sent()
    person.page.wait_for_timeout(300)
    names = person.questions()
    assert names[-2:] == [names[-2], next_one.name]
    assert names[-2].endswith(".what")
    person.report(until="when")


def test_what_is_written_without_a_connection_is_sent_once_when_it_returns(person: Talk) -> None:
    """
    The network went while I wrote. The page said so, kept my words, and sent them once when it came back.
    """
    person.page.context.set_offline(True)
    person.say("The rice was wet.")
    expect(person.mine.last).to_have_attribute("data-state", "waiting")
    expect(person.page.locator("#status")).not_to_be_empty()

    person.page.context.set_offline(False)

    _goes_on(person)
    expect(person.page.locator("#status")).to_be_empty()


def test_what_arrived_without_its_answer_is_sent_again_and_counts_once(person: Talk) -> None:
    """
    My words arrived, but the page never heard of it and sent them again: they count once.
    """
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(str(route.request.post_data_json["id"]))
        route.fetch()
        route.abort()

    person.page.route("**/chat/messages", lose, times=2)
    person.say("The rice was wet.")

    _goes_on(person)
    assert len(sent) == 2
    assert len(set(sent)) == 1


def test_what_is_written_while_the_bot_is_dead_is_sent_once_when_it_lives(person: Talk, house: House) -> None:
    """
    Your computer was switched off without warning; when it was on again my words were there, once.
    """
    house.kill("bot")
    person.say("The rice was wet.")
    expect(person.mine.last).to_have_attribute("data-state", "waiting")

    house.start("bot")
    house.ready("bot")

    _goes_on(person)
    assert person.report().code
    card = person.asked("review").locator(".words").inner_text()
    assert card.count("The rice was wet.") == 1
    assert card.count("At the school") == 1


def test_a_page_loaded_again_shows_the_question_with_its_buttons(person: Talk) -> None:
    """
    The page went away in the middle, I opened it again: the question was there with its buttons, and it went on.
    """
    person.say("The rice was wet.")
    person.report(until="when")
    person.all_sent()

    # The letters themselves may still be there for half a minute: it has to ask for the question.
    with person.page.expect_request(lambda sent: '"choice":"start"' in (sent.post_data or "")):
        person.page.reload()

    assert person.question().is_("when")
    expect(person.asked("when").locator(".choices:not(.old) .choice", has_text="Today")).to_be_enabled()
    assert person.report().code


def test_two_tabs_of_one_conversation_both_go_on(person: Talk, context: NewContext) -> None:
    """
    I had the page open twice: what I answered in one was there in the other, and nothing got lost or confused.
    """
    other = _same(person.page, context(**PHONE).new_page(), person.url)
    assert other.question().is_("what")

    person.say("The rice was wet.")
    person.question()
    other.report({"what": _never, "where": "At the school"}, until="when")
    person.asked("when")
    person.choose("when", "today")
    person.report({**REPORT, "when": _never}, until="wish")
    other.asked("wish")
    other.choose("when", "yesterday")
    person.report({"wish": "Dry rice", "contact": "confidential"}, until="review")

    for each in (person, other):
        card = each.asked("review").inner_text()
        assert "The rice was wet." in card
        assert "At the school" in card
        assert "Yesterday" in card
    other.choose("review", "send")
    assert person.receipt().reference == other.receipt().reference


def _same(page: Page, other: Page, url: str) -> Talk:
    """The same conversation in another tab."""
    other.goto(f"{url}/page/icon.svg")
    other.evaluate("(person) => sessionStorage.setItem('person', person)", page.evaluate("sessionStorage.person"))
    return Talk(other, url).open()


def test_two_who_write_at_once_are_both_heard(person: Talk, context: NewContext) -> None:
    """
    Two of us wrote at the same moment on the same conversation: both messages were kept, one after the other.
    """
    other = _same(person.page, context(**PHONE).new_page(), person.url)
    assert other.question().is_("what")
    for each, words in ((person, "The rice was wet."), (other, "And full of stones.")):
        each.page.locator("#words").fill(words)

    person.page.locator("#send").click(no_wait_after=True)
    other.page.locator("#send").click(no_wait_after=True)

    person.all_sent()
    other.all_sent()
    person.report({"when": "yesterday", "contact": "confidential"}, until="review")
    card = person.asked("review").inner_text()
    assert "The rice was wet." in card
    assert "And full of stones." in card


def test_a_conversation_that_is_no_longer_known_begins_anew_and_keeps_what_was_written(person: Talk) -> None:
    """
    My conversation had ended on your side; the page said so, began a new one and gave me my words back.
    """
    person.page.route("**/chat/messages", _unknown, times=1)
    person.say("The rice was wet.")

    expect(person.page.locator(".system")).to_contain_text("The earlier conversation has ended")
    person.letter("English")
    expect(person.page.locator("#words")).to_have_value("The rice was wet.")


def _unknown(route: Route) -> None:
    route.fulfill(status=401, content_type="application/json", body='{"error": "not known"}')

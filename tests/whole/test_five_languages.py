"""Numbers are enough: in Arabic and in Swahili, by web and Telegram, a report is filed and found again with digits."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.fakes.bot_api import BotApi
from tests.whole.house import House
from tests.whole.people import ARABIC_INDIC, SKIP, Answer, Answers, Asked, Reporter, Staff, TelegramPerson, WebPerson

pytestmark = pytest.mark.slow
_DIGITS: dict[str, dict[int, str]] = {"ar": ARABIC_INDIC, "sw": {}}
_NOT_IN = {"ar": r"[a-z]{2}", "sw": r"[\u0600-\u06ff]|\b(the|your|you|we)\b"}
# Every answer is one of the numbers shown; the reason for the first question has a number of two digits.
_CHOSEN: dict[str, Answer | tuple[Answer, ...]] = {
    "category": ("ask_why", "quality"), "handler": "either", "party": "self", "what": SKIP, "where": SKIP,
    "when": "yesterday", "wish": SKIP, "relation": "yes", "contact": "confidential", "others": "no", "write": "yes",
    "hours": "any",
}  # fmt: skip


class _InNumbers(Reporter):
    """Somebody who writes nothing but digits, those of their own script."""

    def write_in(self: _Somebody, language: str) -> _Somebody:
        self.script, self.typed = _DIGITS[language], list[str]()
        self.chosen: Answers = {**_CHOSEN, "language": language}
        return self

    def types(self: _Somebody, digits: str) -> None:
        self.typed.append(digits.translate(self.script))
        self.say(self.typed[-1])

    def answer(self: _Somebody, question: Asked, given: Answer) -> None:
        """The number that stands in front of the option."""
        place = list(question.options).index(str(given)) + 1
        assert str(place) == question.number(str(given))
        self.types(str(place))


class _OnTheWeb(_InNumbers, WebPerson):
    """At the chat page."""


class _OnTelegram(_InNumbers, TelegramPerson):
    """With Telegram."""


_Somebody = _OnTheWeb | _OnTelegram


@pytest.fixture(params=["web", "telegram"])
def phone(request: pytest.FixtureRequest, house: House, api: BotApi) -> Callable[[int], _Somebody]:
    """One phone after the other, each with a conversation of its own."""
    if request.param == "web":
        return lambda _: _OnTheWeb(house)
    return lambda number: _OnTelegram(api, 7_348_216_100 + number)


@pytest.mark.parametrize("language", ["ar", "sw"])
def test_a_case_is_filed_and_found_again_only_with_numbers(
    house: House, phone: Callable[[int], _Somebody], language: str
) -> None:
    """
    I write no letters. From the first question, which is for my language, to the receipt I typed numbers in the digits
    I know; staff have my report, and on another phone the digits of my code show it again, in my language. (R48)
    """
    staff = Staff(house, "mariam", "Mariam Haroun")
    staff.enrol(house.first_token)
    mine, another = phone(1).write_in(language), phone(2).write_in(language)
    mine.begin()

    got = mine.report(mine.chosen)

    assert staff.cases() == [got.reference]
    another.begin()
    another.report(another.chosen, until="menu")
    before = len(another.texts())
    another.types(got.code)
    shown = another.wait_for(got.reference, before)
    assert another.question().is_("found")
    assert len(mine.typed) > len(mine.chosen)
    assert set("".join((*mine.typed, *another.typed))) <= set(" 0123456789".translate(mine.script))
    for each in (got.words, shown):
        assert not re.search(_NOT_IN[language], each), each

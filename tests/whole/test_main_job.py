"""The main job with the real processes: from a complaint to an answer, confidential and anonymous, on both channels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.bot_api import BotApi
from tests.whole.house import House
from tests.whole.people import ARABIC_INDIC, Staff, TelegramPerson, WebPerson, complain

pytestmark = pytest.mark.slow
_DATES = r"We first look at it by (\w+, \w+ \d+, \d+)\. You get an answer by (\w+, \w+ \d+, \d+)\."


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path, api: BotApi) -> Iterator[House]:
    """All three processes over each of the two databases."""
    database = {}
    if request.param == "postgresql":
        database["AMANA_DATABASE_URL"] = request.getfixturevalue("postgresql").new()
    with House(tmp_path, api=api, **database) as house:
        yield house


def _staff(house: House) -> Staff:
    staff = Staff(house, "mariam", "Mariam Haroun")
    staff.enrol(house.first_token)
    return staff


def test_a_report_from_the_web_and_one_from_telegram_each_get_their_answer(house: House, api: BotApi) -> None:
    """
    I reported in the page, my neighbour on Telegram and without a name; each of us got a code, two dates, what cannot
    be done, and later the answer: mine by itself, hers with her code, even typed into the other app in Arabic digits.
    """
    web, telegram = WebPerson(house), TelegramPerson(api, 7_348_215_590, name="Achta")
    staff = _staff(house)

    mine = complain(web, what="The rice was wet and full of stones.", how="confidential")
    hers = complain(telegram, what="They asked for money to put my name on the list.", how="anonymous")

    for each in (mine, hers):
        dates = re.search(_DATES, each.words)
        assert dates
        assert dates[1] != dates[2]
        assert "What we cannot do: we cannot" in each.words
    assert "We answer in this chat" in mine.words
    assert "Ask with your code" in hers.words

    staff.sign_out()
    staff.sign_in()
    assert {mine.reference, hers.reference} == set(staff.cases())
    assert "The rice was wet and full of stones." in staff.open(mine.reference).words
    assert "They asked for money" in staff.open(hers.reference).words

    staff.reply(mine.reference, "We have looked at the store and dry rice came today.")
    staff.reply(hers.reference, "Nobody may ask for money. We have spoken with the committee.")

    assert "dry rice came today" in web.wait_for("An answer from our staff")
    before = len(web.texts())
    web.say(hers.code.translate(ARABIC_INDIC))
    assert "We have spoken with the committee." in web.wait_for(f"Report {hers.reference}", before)
    telegram.say("status")
    telegram.wait_for("28 digits")
    telegram.say(mine.digits.translate(ARABIC_INDIC))
    assert "dry rice came today" in telegram.wait_for(f"Report {mine.reference}")
    assert not [each for each in telegram.texts() if "An answer from our staff" in each]


def test_a_closed_case_says_so_and_is_not_closed_without_an_answer_or_a_reason(house: House) -> None:
    """
    Staff could not close my case before they had answered me; then they did, I was told, and my code says so.
    """
    web, staff = WebPerson(house), _staff(house)
    mine = complain(web)

    refused = staff.close(mine.reference)
    assert refused.status == 409
    assert "Nobody has answered this person yet." in refused.words

    staff.reply(mine.reference, "We have looked at the store.")
    staff.close(mine.reference)

    assert staff.cases() == []
    assert staff.cases("closed") == [mine.reference]
    web.wait_for("This conversation is closed")
    before = len(web.texts())
    web.say(mine.code)
    assert "We have looked at the store." in web.wait_for("It is closed. Our answer was:", before)
    verified = house.run("verify").stdout.splitlines()
    assert ("The audit is whole.", 3) == (verified[0], len(verified))
    assert verified[2].startswith("Signed with ")


def test_who_adds_to_a_report_with_the_code_is_read_by_the_same_staff(house: House, api: BotApi) -> None:
    """
    I had forgotten something, wrote it with my code from another phone, and staff saw it in the same case.
    """
    web, telegram = WebPerson(house), TelegramPerson(api, 7_348_215_607)
    staff = _staff(house)
    mine = complain(web)
    telegram.begin()
    telegram.tap("English")

    telegram.say(mine.code)
    telegram.tap("add")
    telegram.wait_for("What would you like to add")
    telegram.say("It was the blue truck.")
    telegram.wait_for("It is added to your report.")

    assert staff.cases() == [mine.reference]
    assert "It was the blue truck." in staff.open(mine.reference).words

"""Announcements with the real processes: written by one, approved by another, once to everybody who wants them."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable

import pytest

from tests.fakes.bot_api import BotApi
from tests.whole.house import House, wait_until
from tests.whole.people import Person, Staff, TelegramPerson, WebPerson

pytestmark = pytest.mark.slow
GROUPS = (-1_007_348_215_590, -1_007_348_215_607)
_QUIET = 8.0


def _times(person: Person, words: str) -> int:
    return sum(words in each for each in person.texts())


def _subscribed(person: Person) -> Person:
    person.begin()
    person.report(until="menu")
    person.say("subscribe")
    person.wait_for("You will get our announcements here")
    return person


def _link(house: House, api: BotApi, staff: Staff, group: int, number: int) -> None:
    code = staff.link_code(f"Partner {number}")
    api.group(group, f"Group {number}")
    api.adds_bot(group)
    api.says_in_group(group, 7_348_215_700 + number, "good morning everybody")
    api.says_in_group(group, 7_348_215_700 + number, f"/link {code}")
    wait_until(lambda: any("This group is linked" in each.text for each in api.sent(group)), "the group is linked")
    assert "linked" in staff.get("/partners").words


def _in_group(api: BotApi, group: int, words: str) -> int:
    return sum(words in each.text for each in api.sent(group))


def _kill_in_the_middle(house: House, api: BotApi, late: int, begun: Callable[[], bool]) -> None:
    """Scheduler and bot die when some have it and others do not, and once more; no call to Telegram is under way.

    A call that is cut off while Telegram answers is repeated, since nobody can know whether it was heard: that is what
    `test_crash` does.
    """
    for _ in range(3):
        house.again("scheduler")
        time.sleep(0.3)
    wait_until(begun, "some have the announcement", 60)
    wait_until(lambda: _sent(house) > 0, "the bot has noted it", 10)
    house.kill("bot")
    house.again("scheduler")
    assert not _in_group(api, late, "Tuesday")
    house.start("bot")


def _sent(house: House) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{house.database}?mode=ro", uri=True)) as connection:
        wanted = (
            "SELECT count(*) FROM outbox WHERE channel = 'telegram' AND state = 'sent' AND announcement IS NOT NULL"
        )
        return int(connection.execute(wanted).fetchone()[0])


def test_an_announcement_comes_once_to_everybody_who_wants_it(house: House, api: BotApi) -> None:
    """
    One wrote it, another approved it, the power failed twice; each of us and both groups got it once. I wrote STOP and
    the next one did not come, I wrote START and the one after did.
    """
    writer, approver = Staff(house, "mariam", "Mariam Haroun"), Staff(house, "idriss", "Idriss Saleh")
    writer.enrol(house.first_token)
    approver.enrol(writer.invite())
    on_web = [_subscribed(WebPerson(house)) for _ in range(2)]
    on_telegram = TelegramPerson(api, 7_348_215_590)
    _subscribed(on_telegram)
    everybody: list[Person] = [*on_web, on_telegram]
    stranger = WebPerson(house)
    stranger.begin()
    for number, group in enumerate(GROUPS, 1):
        _link(house, api, writer, group, number)

    writer.write("Distribution moves to Tuesday.", **{"text-fr": "La distribution passe à mardi."})
    with pytest.raises(AssertionError, match="no form /approve"):
        writer.approve()
    assert all(_times(each, "Tuesday") == 0 for each in everybody)
    for late in (GROUPS[1], on_telegram.chat):
        api.too_many(late, retry_after=4)
    approver.approve()
    _kill_in_the_middle(house, api, GROUPS[1], lambda: _in_group(api, GROUPS[0], "Tuesday") > 0)

    for each in everybody:
        assert "Write STOP to end these updates." in each.wait_for("Tuesday")
    for group in GROUPS:
        wait_until(lambda group=group: _in_group(api, group, "Tuesday"), "the group has it", 90)
    house.ready("bot")
    house.ready("scheduler")

    on_web[0].say("STOP")
    on_telegram.say("stop")
    for each in (on_web[0], on_telegram):
        each.wait_for("You get no more announcements")
    writer.write("The water point is repaired.")
    approver.approve()
    on_web[1].wait_for("water point")
    for group in GROUPS:
        wait_until(lambda group=group: _in_group(api, group, "water point"), "the group has it", 90)

    on_web[0].say("START")
    on_telegram.say("Start!")
    for each in (on_web[0], on_telegram):
        each.wait_for("You will get our announcements here", _after(each, "no more announcements"))
    writer.write("The clinic opens on Monday.")
    approver.approve()
    for each in everybody:
        each.wait_for("clinic opens")
    for group in GROUPS:
        wait_until(lambda group=group: _in_group(api, group, "clinic opens"), "the group has it", 90)

    time.sleep(_QUIET)
    stranger.patience = 1
    expected = {"Tuesday": [1, 1, 1], "water point": [0, 1, 0], "clinic opens": [1, 1, 1]}
    assert expected == {words: [_times(each, words) for each in everybody] for words in expected}
    assert [[1, 1]] * 3 == [[_in_group(api, group, words) for group in GROUPS] for words in expected]
    stranger.fetch()
    assert not any(_times(stranger, words) for words in expected)
    assert "STOP" not in "".join(each.text for group in GROUPS for each in api.sent(group))


def _after(person: Person, words: str) -> int:
    return max(n for n, text in enumerate(person.texts(), 1) if words in text)


def test_a_link_code_works_once_and_a_wrong_one_is_told_kindly(house: House, api: BotApi) -> None:
    """
    Somebody else tried our partner's code in another group: they were told that it is not valid.
    """
    staff = Staff(house, "mariam", "Mariam Haroun")
    staff.enrol(house.first_token)
    code = staff.link_code("Partner")
    for group in GROUPS:
        api.group(group, "Group")

    api.says_in_group(GROUPS[0], 7_348_215_700, f"/link {code.lower().replace('-', ' ')}")
    wait_until(lambda: _in_group(api, GROUPS[0], "This group is linked"), "linked")
    api.says_in_group(GROUPS[1], 7_348_215_700, f"/link {code}")

    wait_until(lambda: _in_group(api, GROUPS[1], "That code is not valid"), "refused")

"""Who is written to when they have not written: on their terms, at their hours, else not before they write."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.programme import Programme
from actions.talk import Reach, Say, Speak, Terms
from actions.words import Letter
from bot.inbound import Particulars
from bot.reaching import Go, Hold, Knock, Wait, way, within
from store import letters, people
from store.people import particulars_place
from store.pocket import Pocket
from tests.bot.at_telegram import Bot, bot, core
from tests.bot.postroom import Postroom, postroom, running
from tests.conftest import Founded

ANN = 7_000_000_001
ZONE = ZoneInfo("Africa/Nairobi")
NIGHT, MORNING = datetime(2026, 11, 3, 2, 30, tzinfo=ZONE), datetime(2026, 11, 3, 9, 30, tzinfo=ZONE)
NEUTRAL = "You have a message. Write or tap to read it."


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Postroom]:
    async with postroom(tmp_path) as room:
        room.api.says(ANN, "/start")
        yield room


@pytest.fixture
async def ours(founded: Founded, programme: Programme, tmp_path: Path) -> AsyncIterator[Bot]:
    async with bot(founded, programme, tmp_path / "room") as ours:
        yield ours


def writes(room: Postroom) -> None:
    """What a person's own message does to what waits for them."""
    room.store.do(lambda tx: letters.free(tx, room.address(ANN)))


# --- the decision -----------------------------------------------------------------------------------------------------


def test_without_terms_nothing_goes_at_any_hour() -> None:
    """Whoever has not said that we may write is not written to (R50, R91)."""
    assert way(Terms(), MORNING) == way(Terms("no", (0, 24)), NIGHT) == Hold()


def test_terms_and_the_hour_decide() -> None:
    """In full, in one neutral line, or when the hour has come (R91)."""
    hours = (8, 12)

    assert way(Terms("yes", hours), MORNING) == Go()
    assert way(Terms("neutral", hours), MORNING) == Knock()
    assert way(Terms("yes", hours), NIGHT) == Wait(datetime(2026, 11, 3, 8, tzinfo=ZONE))
    assert way(Terms("yes", hours), MORNING.replace(hour=12)) == Wait(datetime(2026, 11, 4, 8, tzinfo=ZONE))
    assert way(Terms("yes", (20, 6)), NIGHT) == Go()


@given(st.tuples(st.integers(0, 24), st.integers(0, 24)), st.datetimes())
def test_when_one_has_waited_for_the_hour_it_has_come(hours: tuple[int, int], at: datetime) -> None:
    """Nobody waits for an hour that never comes, and nobody for longer than a day."""
    local = at.replace(year=2026, tzinfo=ZONE, day=min(at.day, 28))

    found = way(Terms("yes", hours), local)

    if isinstance(found, Wait):
        assert within(hours, found.until.hour)
        assert 0 < (found.until - local).total_seconds() <= 24 * 3600


# --- delivery ---------------------------------------------------------------------------------------------------------


async def test_without_terms_what_staff_send_waits_until_the_person_writes(room: Postroom) -> None:
    """My phone is not only mine: nothing comes until I write, and then it comes first and in order (R50, R91)."""
    room.know(ANN)
    room.post(ANN, "an answer", pushed=True)
    room.post(ANN, "a second one", pushed=True)

    async with running(room.delivery().run()):
        await room.until(lambda: room.outbox("state") == ["held", "held"])
        room.post(ANN, "what you wrote was heard")
        assert await room.sent(ANN) == ["what you wrote was heard"]
        writes(room)
        room.post(ANN, "so was this")
        await room.sent(ANN, 4)

    said = ["what you wrote was heard", "an answer", "a second one", "so was this"]
    assert [each.text for each in room.api.sent(ANN)] == said
    assert room.outbox("attempts") == [1] * 4


async def test_a_neutral_line_comes_once_and_what_waits_behind_it_when_they_write(room: Postroom) -> None:
    """On a screen that others see stands no word of what it is about, and it stands there once (R91, R108, R19)."""
    room.know(ANN, terms=Terms("neutral"))
    room.post(ANN, "Your referral was accepted.", pushed=True)

    async with running(room.delivery().run()):
        assert await room.sent(ANN) == [NEUTRAL]
        room.post(ANN, "More about it.", pushed=True)
        await room.until(lambda: room.outbox("state") == ["held", "sent", "held"])
        assert room.api.sent(ANN)[0].buttons == [("1. Read it", "start")]
        writes(room)
        assert (await room.sent(ANN, 3))[1:] == ["Your referral was accepted.", "More about it."]
        room.post(ANN, "And later again.", pushed=True)
        assert (await room.sent(ANN, 4))[3:] == [NEUTRAL]


async def test_whoever_writes_first_gets_no_neutral_line_any_more(room: Postroom) -> None:
    """What it would have said is on the screen already."""
    room.know(ANN, terms=Terms("neutral"))
    room.post(ANN, "An answer.", pushed=True)
    room.api.fail(502, n=1, chat_id=ANN)

    async with running(room.delivery().run()):
        await room.until(lambda: room.outbox("trouble") == [None, "network"])
        writes(room)
        assert await room.sent(ANN) == ["An answer."]
    assert room.outbox("key", "state") == [("letter/1", "sent")]


async def test_terms_are_those_of_the_moment_it_goes_out(room: Postroom) -> None:
    """What was posted while I allowed it does not come once I have said no (R91)."""
    room.know(ANN, terms=Terms("yes"))
    room.post(ANN, "welcome", pushed=True)
    async with running(room.delivery().run()):
        await room.sent(ANN)

    room.post(ANN, "not welcome any more", pushed=True)
    room.know(ANN, terms=Terms("no"))
    async with running(room.delivery().run()):
        await room.until(lambda: room.outbox("state") == ["sent", "held"])
    assert len(room.api.sent(ANN)) == 1


async def test_outside_the_hours_it_waits_for_them_and_is_not_worn_out(room: Postroom) -> None:
    """Between eight and twelve, by the clock on my wall; an answer to what I write comes at any time (R91)."""
    room.know(ANN, terms=Terms("yes", (8, 12)))
    room.post(ANN, "an answer", pushed=True)

    async with running(room.delivery(lambda: int(NIGHT.timestamp()), zone="Africa/Nairobi").run()):
        eight = int(NIGHT.replace(hour=8, minute=0).timestamp())
        await room.until(lambda: room.outbox("not_before", "attempts", "state") == [(eight, 0, "waiting")])
    assert room.api.sent(ANN) == []
    async with running(room.delivery(lambda: int(MORNING.timestamp()), zone="Africa/Nairobi").run()):
        assert await room.sent(ANN) == ["an answer"]

    room.post(ANN, "another", pushed=True)
    async with running(room.delivery(lambda: int(NIGHT.timestamp()), zone="Africa/Nairobi").run()):
        await room.until(lambda: room.outbox("not_before")[-1] > 0)
        writes(room)
        room.post(ANN, "heard")
        assert (await room.sent(ANN, 3))[1:] == ["another", "heard"]


async def test_somebody_who_writes_while_it_is_decided_is_not_kept_waiting(room: Postroom) -> None:
    """Taken before I wrote and put aside after: it comes all the same."""
    room.know(ANN)
    room.post(ANN, "an answer", pushed=True)
    (taken,) = room.store.do(lambda tx: letters.take(tx, ("telegram",), 10, 60, 10))

    writes(room)
    held = room.store.do(lambda tx: letters.hold(tx, taken.id, None))

    assert (taken.pushed, held) == (True, False)
    async with running(room.delivery().run()):
        assert await room.sent(ANN) == ["an answer"]


async def test_announcements_and_groups_ask_for_no_terms(room: Postroom) -> None:
    """Whoever subscribed has asked for them; a group is no person."""
    room.api.group(-4001, "Partners")
    room.know(-4001, "group")
    room.post(-4001, "to the group", pushed=True)
    room.subscribe(ANN)
    room.approve("a1", en="Water on Monday")
    room.store.do(lambda tx: letters.post_announcement(tx, "announcement/a1/x", room.address(ANN), "a1", 3))

    async with running(room.delivery().run()):
        assert await room.sent(-4001) == ["to the group"]
        assert (await room.sent(ANN))[0].startswith("Water on Monday")


# --- where terms are kept ---------------------------------------------------------------------------------------------


def test_particulars_of_another_version_can_be_read() -> None:
    """A row without terms has none, one with more than we know is read all the same, and nonsense allows nothing."""
    pocket, place = Pocket.new(), particulars_place("a")

    def opened(**row: object) -> Particulars:
        return Particulars.opened(pocket, "a", pocket.lock.shut(json.dumps(row).encode(), place))

    assert opened(chat="1", language="sw") == Particulars("1", "sw", Terms())
    assert opened(chat="1", write="yes", hours=[8, 12], mood="new") == Particulars("1", "", Terms("yes", (8, 12)))
    assert opened(chat="1", write="always", hours=[0, 24]).terms == opened(chat="1", write="yes").terms == Terms()


async def test_terms_survive_a_change_of_language(ours: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """What I said about my safety is not asked of me again because I read another language (R91)."""
    core(monkeypatch, {"mornings": (Reach(Terms("yes", (8, 12))),), "french": (Speak("fr"),)})

    await ours.says(ANN, "mornings")
    await ours.says(ANN, "french")

    assert ours.particulars(ANN) == Particulars(str(ANN), "fr", Terms("yes", (8, 12)))


async def test_the_button_of_the_neutral_line_brings_what_waits(ours: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tap is enough; the words come before the answer to it (R108)."""
    core(monkeypatch, {"quietly": (Reach(Terms("neutral")),)})
    await ours.says(ANN, "quietly")
    ours.pushes(ANN, "An answer from staff.")
    await ours.room.sent(ANN)

    ours.room.api.taps(ANN, "1. Read it")
    await ours.takes_in()

    assert await ours.room.sent(ANN, 3) == [NEUTRAL, "An answer from staff.", "heard: tapped"]


async def test_a_silence_is_no_word_of_the_person(ours: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reminder that the bot gives itself is not pushed to me, and frees nothing that waits for me (R50, R100)."""
    core(monkeypatch, {"draft": (Say(Letter(("Your draft is erased.",))),)})
    await ours.says(ANN, "hello")
    ours.pushes(ANN, "An answer.")

    await ours.room.until(lambda: ours.room.outbox("state") == ["sent", "held"])
    store, there = ours.house.store, ours.address(ANN)
    store.do(lambda tx: people.take_silence(tx, "silence/1", "telegram", there, "draft", 1))
    await ours.room.until(lambda: ours.room.outbox("state") == ["sent", "held", "held"])
    await asyncio.sleep(0.2)
    assert [each.text for each in ours.room.api.sent(ANN)] == ["heard: hello"]

    await ours.says(ANN, "I am here")
    wanted = ["heard: hello", "An answer.", "Your draft is erased.", "heard: I am here"]
    assert await ours.room.sent(ANN, 4) == wanted

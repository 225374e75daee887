"""The quick exit: what stands in the chat is taken away on both sides, and nothing of before comes after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.programme import Programme
from actions.talk import Forget, Leave, Say
from actions.words import Letter
from house import clock
from store import letters, people, traces
from tests.bot.at_telegram import Bot, bot, core
from tests.conftest import Founded

ANN, BEN = 7_000_000_001, 42
HARMLESS = "The weather is fine."
EXIT = (Leave(), Say(Letter((HARMLESS,))))


@pytest.fixture
async def ours(
    founded: Founded, programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bot]:
    core(monkeypatch, {"exit": EXIT, "exit last": EXIT[::-1], "exit and erase": (Leave(), Forget(), EXIT[1])})
    async with bot(founded, programme, tmp_path / "room") as ours:
        yield ours


@pytest.mark.parametrize("word", ["exit", "exit last", "exit and erase"])
async def test_one_word_empties_the_chat_on_both_sides(ours: Bot, word: str) -> None:
    """Whoever takes my phone from my hand finds a sentence about the weather, and nothing I wrote (R100)."""
    await ours.says(BEN, "mine stays")
    await ours.says(ANN, "he hit me")
    await ours.room.sent(ANN)
    assert ours.room.api.standing(ANN) == ["he hit me", "heard: he hit me"]

    await ours.says(ANN, word)
    await ours.room.sent(ANN, 2)

    assert ours.room.api.standing(ANN) == [HARMLESS]
    assert ours.room.api.standing(BEN) == ["mine stays", "heard: mine stays"]


async def test_what_is_on_its_way_when_somebody_leaves_is_taken_away_too(ours: Bot) -> None:
    """A letter that Telegram has just been handed cannot be called back; it stands there for a moment and goes."""
    ours.room.api.delay(1.0, n=1, chat_id=ANN, method="sendMessage")
    await ours.says(ANN, "he hit me")
    await ours.room.until(lambda: ours.room.outbox("lease_until")[0] > 0)

    await ours.says(ANN, "exit")
    await ours.room.sent(ANN, 2)

    assert ours.room.api.standing(ANN) == [HARMLESS]


async def test_what_was_not_sent_yet_is_never_sent(ours: Bot) -> None:
    """An answer that Telegram did not take before I left does not come after (R100)."""
    ours.room.api.fail(502, n=1, chat_id=ANN, method="sendMessage")
    await ours.says(ANN, "he hit me")
    await ours.room.until(lambda: ours.room.outbox("trouble") == ["network"])

    await ours.says(ANN, "exit")
    await ours.room.sent(ANN)
    await asyncio.sleep(2.5)

    assert [each.text for each in ours.room.api.sent(ANN)] == [HARMLESS]


async def test_what_fails_on_its_way_when_somebody_leaves_is_dropped(ours: Bot) -> None:
    """Refused after I left, it is not tried again."""
    ours.room.api.delay(1.0, n=1, chat_id=ANN, method="sendMessage")
    ours.room.api.lose_answer(n=1, chat_id=ANN, method="sendMessage")
    await ours.says(ANN, "he hit me")
    await ours.room.until(lambda: ours.room.outbox("lease_until")[0] > 0)

    await ours.says(ANN, "exit")
    await ours.room.until(lambda: ours.room.api.sent(ANN)[-1:] != [] and ours.room.api.sent(ANN)[-1].text == HARMLESS)
    await ours.settled()

    assert [each.text for each in ours.room.api.sent(ANN)].count("heard: he hit me") <= 1


async def test_what_staff_have_answered_waits_for_the_person_to_come_back(ours: Bot) -> None:
    """It is not lost by my leaving, it comes when I write again, and not before."""
    await ours.says(ANN, "hello")
    ours.pushes(ANN, "An answer.")
    await ours.room.until(lambda: ours.room.outbox("state") == ["sent", "held"])

    await ours.says(ANN, "exit")
    await ours.room.sent(ANN, 2)
    await ours.settled()
    assert ours.room.api.standing(ANN) == [HARMLESS]
    await ours.says(ANN, "I am back")
    await ours.room.sent(ANN, 4)

    assert ours.room.api.standing(ANN) == [HARMLESS, "I am back", "An answer.", "heard: I am back"]


async def test_a_message_that_telegram_keeps_spoils_no_other(ours: Bot) -> None:
    """One of two hundred is too old for Telegram by its own clock: the others go."""
    await ours.says(ANN, "hello")
    await ours.room.sent(ANN)
    for number in range(120):
        ours.room.api.says(ANN, f"{number}")
    numbers = [each["message"]["message_id"] for each in ours.room.api.pending()]
    ours.room.api._messages[ANN, numbers[50]].at -= 49 * 3600

    await ours.room.telegram.take_away(str(ANN), [*numbers, 999_999])

    assert ours.room.api.standing(ANN) == ["hello", "heard: hello", "50"]


async def test_a_platform_that_is_down_is_asked_again(ours: Bot) -> None:
    """The harmless sentence waits for it: it never stands under what was to go."""
    await ours.says(ANN, "he hit me")
    await ours.room.sent(ANN)
    ours.room.api.fail(500, n=2, chat_id=ANN, method="deleteMessages")

    await ours.says(ANN, "exit")
    await ours.room.sent(ANN, 2)

    assert ours.room.api.standing(ANN) == [HARMLESS]


async def test_where_one_has_left_nothing_is_noted_any_more(ours: Bot) -> None:
    """Numbers of messages are kept for the exit and for two days, and nothing else of them (R108)."""
    await ours.says(ANN, "he hit me")
    await ours.room.until(lambda: len(ours.traces()) == 2)

    await ours.says(ANN, "exit")
    await ours.room.until(lambda: ours.room.outbox("state")[-1] == "sent")

    assert len(ours.traces()) == 1
    ours.house.store.do(lambda tx: traces.tidy(tx, clock.seconds() + traces.KEPT - 60))
    assert len(ours.traces()) == 1
    ours.house.store.do(lambda tx: traces.tidy(tx, clock.seconds() + traces.KEPT + 60))
    assert ours.traces() == []


async def test_who_is_forgotten_leaves_no_number_either(ours: Bot) -> None:
    """Erasing an address erases what was noted of its chat, and what was to be taken away."""
    await ours.says(ANN, "hello")
    await ours.room.until(lambda: len(ours.traces()) == 2)
    store, there = ours.house.store, ours.address(ANN)
    ours.room.api.fail(502, n=None, chat_id=ANN, method="deleteMessages")
    store.do(lambda tx: letters.take_away(tx, f"k{letters.LEAVE}", there, (1,), ours.house.pocket.lock, 1))

    store.do(lambda tx: people.erase(tx, there))
    assert (ours.traces(), len(ours.room.outbox("id"))) == ([], 1)
    store.do(lambda tx: people.forget(tx, there, "person", 1))

    assert ours.room.outbox("id") == []

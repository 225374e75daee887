"""Groups: what belongs in private is taken away and not repeated, and nothing that is said there is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.programme import Programme, Site
from actions.words import Words
from bot.telegram import place
from nlu.client import Understood
from store.schema import addresses, inbox, meta, talks
from tests.bot.at_telegram import Bot, bot
from tests.bot.postroom import postroom
from tests.conftest import Founded

ANN, GROUP = 7_000_000_001, -1001
PRIVATE = "Please write to me in private; nothing is dealt with in this group.\n\nhttps://t.me/amana_test_bot"
CANARY = "canary-the-driver-Musa"
LABEL, PLACE, HOURS = (Words((("en", each),)) for each in ("School desk", "By the gate", "8 to 12"))
SCHOOL = Site("school", LABEL, "north", PLACE, HOURS, "555")


@pytest.fixture
async def ours(founded: Founded, programme: Programme, tmp_path: Path) -> AsyncIterator[Bot]:
    async with bot(founded, replace(programme, sites=(SCHOOL,)), tmp_path / "room") as ours:
        ours.room.api.group(GROUP, "Partners")
        yield ours


async def said(ours: Bot, words: str, reply_to: int | None = None) -> None:
    ours.room.api.says_in_group(GROUP, ANN, words, reply_to)
    await ours.takes_in()
    await ours.settled()


@pytest.mark.parametrize(
    "meant", [Understood("report_misconduct", 0.9), Understood("out_of_scope", 0.2, ("disclose_gbv",))]
)
async def test_a_complaint_in_a_group_is_taken_away_and_nothing_of_it_is_repeated(ours: Bot, meant: Understood) -> None:
    """Who put a name into the group finds it gone, and a line that says where to write (R103)."""
    ours.room.api.lets_delete(GROUP)
    ours.understood[CANARY] = meant

    await said(ours, CANARY)

    assert ours.room.api.standing(GROUP) == [PRIVATE]


@pytest.mark.parametrize("words", [f"/report {CANARY}", "/report", f"@amana_test_bot {CANARY}", "/status 1234 5678"])
async def test_what_is_meant_for_the_bot_is_taken_away_even_where_it_is_not_understood(ours: Bot, words: str) -> None:
    """Nobody in the group learns that I wanted to report, and no code stays there (R103, R111)."""
    ours.room.api.lets_delete(GROUP)

    await said(ours, words)

    assert ours.room.api.standing(GROUP) == [PRIVATE]


async def test_a_bot_that_may_not_delete_says_where_to_write_all_the_same(ours: Bot) -> None:
    """Telegram's refusal holds nothing up (R103)."""
    await said(ours, f"/report {CANARY}")

    assert ours.room.api.standing(GROUP) == [f"/report {CANARY}", PRIVATE]
    assert set(ours.room.outbox("state")) == {"sent"}


async def test_nothing_that_is_said_in_a_group_is_taken_in(tmp_path: Path) -> None:
    """Of a complaint its number waits for us, and none of its words even locked; of other talk nothing (R103)."""
    async with postroom(tmp_path) as room:
        room.api.group(GROUP, "Partners")
        for words in (f"good morning {CANARY}", CANARY, f"/report {CANARY}", f"/bulletin {CANARY}"):
            room.api.says_in_group(GROUP, ANN, words)

        async def understand(words: str) -> Understood | None:
            return Understood("report_problem", 0.9) if words == CANARY else None

        await room.doorway(understand=understand).take_in(room.api.pending())

        rows = room.store.do(lambda tx: tx.rows(sa.select(inbox).order_by(inbox.c.seq)))
        opened = [json.loads(room.pocket.open(each.sealed, place(each.key))) for each in rows]
    assert [each["told_in_group"] for each in opened] == [
        {"chat": GROUP, "message": number} for number in (102, 103)
    ]  # fmt: skip


async def test_nothing_is_left_of_it_in_the_store(ours: Bot) -> None:
    """Neither words, nor a talk with whoever wrote them (R103)."""
    ours.understood[CANARY] = Understood("report_problem", 0.9)

    await said(ours, CANARY)

    store = ours.house.store
    assert store.read(lambda tx: tx.rows(sa.select(talks))) == []
    assert [row.kind for row in store.read(lambda tx: tx.rows(sa.select(addresses)))] == ["group"]
    rows = [store.read(lambda tx, t=table: tx.rows(sa.select(t))) for table in meta.sorted_tables]
    assert CANARY not in repr(rows)


async def test_ordinary_talk_is_left_alone(ours: Bot) -> None:
    """The bot does not answer what is not its business."""
    ours.room.api.lets_delete(GROUP)
    ours.understood["good morning"] = Understood("greet", 0.9)

    await said(ours, "good morning")
    await said(ours, "the truck comes at nine")

    assert ours.room.api.standing(GROUP) == ["good morning", "the truck comes at nine"]


async def test_a_friendly_word_to_the_bot_stays(ours: Bot) -> None:
    """It is told where to write, and its words are not taken away."""
    ours.room.api.lets_delete(GROUP)
    ours.understood["thank you @amana_test_bot"] = Understood("thanks_bye", 0.9)

    await said(ours, "thank you @amana_test_bot")

    assert ours.room.api.standing(GROUP) == ["thank you @amana_test_bot", PRIVATE]


async def test_the_line_comes_at_most_once_an_hour(ours: Bot) -> None:
    """Nobody makes the bot fill a group; what belongs in private goes all the same (R103)."""
    ours.room.api.lets_delete(GROUP)

    for number in range(3):
        await said(ours, f"/report {number}")
    await asyncio.sleep(0.1)

    assert ours.room.api.standing(GROUP) == [PRIVATE]


async def test_a_reply_to_the_bot_is_meant_for_it(ours: Bot) -> None:
    """Also without its name (R103)."""
    ours.room.api.lets_delete(GROUP)
    await said(ours, "/contact")
    (sent,) = ours.room.api.sent(GROUP)

    await said(ours, "he took the money", sent.message_id)

    assert ours.room.api.standing(GROUP)[1:] == [sent.text, PRIVATE]


async def test_a_group_is_told_how_we_are_reached(ours: Bot) -> None:
    """Contact and sites of the programme; asked again at once, it is not said again."""
    await said(ours, "/contact")
    await said(ours, "/contact@amana_test_bot")

    (sent,) = ours.room.api.sent(GROUP)
    contact = ours.house.programme.contact.in_("en")
    assert sent.text == f"{contact}\n\nSchool desk: By the gate · 8 to 12 · 555"

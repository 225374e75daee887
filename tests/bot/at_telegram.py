"""A founded house at a Bot API server, with all the loops of its bot and a core of few words that a test scripts."""

from __future__ import annotations

import contextlib
from asyncio import Event as Rang
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from actions.programme import Programme
from actions.talk import Effect, Event, Given, Said, Say, Silence, Talk, Turn
from actions.words import Letter, to_json
from bot import telegram_read
from bot.bell import Bell
from bot.codes import Mint
from bot.delivery import Delivery
from bot.inbound import Particulars
from bot.intake import House, Intake
from bot.limits import Limits
from bot.worker import Platform, Worker
from house import clock
from house.texts import Texts
from nlu.client import Client, Understood
from store import keys, letters, people
from store.letters import Lane
from store.schema import traces
from tests.bot.postroom import Postroom, postroom, running
from tests.conftest import ROOT, Founded


@dataclass
class Bot:
    """What a test sees of it: the room with its Telegram, and what it is told to understand."""

    room: Postroom
    house: House
    understood: dict[str, Understood]

    def address(self, chat: int) -> str:
        return self.house.pocket.address("telegram", str(chat))

    async def understand(self, words: str) -> Understood | None:
        return self.understood.get(words)

    async def takes_in(self) -> None:
        """All that waits at Telegram, confirmed as a poll confirms it, and worked on."""
        updates = self.room.api.pending()
        await self.room.doorway(understand=self.understand).take_in(updates)
        await self.room.telegram._bot.get_updates(offset=max(each["update_id"] for each in updates) + 1)
        await self.room.until(lambda: not self.house.store.read(lambda tx: people.waiting(tx, ("telegram",))))

    async def says(self, chat: int, words: str) -> None:
        self.room.api.says(chat, words)
        await self.takes_in()

    def pushes(self, chat: int, words: str, key: str = "reply/1") -> None:
        """What the console and the scheduler do."""
        there, sent = self.address(chat), to_json(Letter((words,)))
        post = letters.post
        self.house.store.do(lambda tx: post(tx, key, there, sent, Lane.REPLY, keys.bot(tx), clock.seconds()))

    async def settled(self) -> None:
        """Nothing waits that could go out now."""
        await self.room.until(lambda: "waiting" not in self.room.outbox("state"))

    def particulars(self, chat: int) -> Particulars:
        there = self.address(chat)
        sealed = self.house.store.read(lambda tx: people.sealed_address(tx, there))
        return Particulars.opened(self.house.pocket, there, sealed or b"")

    def traces(self) -> list[int]:
        rows = self.house.store.read(lambda tx: tx.rows(sa.select(traces.c.message).order_by(traces.c.message)))
        return [row.message for row in rows]


def core(monkeypatch: pytest.MonkeyPatch, script: Mapping[str, tuple[Effect, ...]]) -> None:
    """A core that does what stands behind these words (or names of silences), and repeats all others."""

    def advance(before: Talk, event: Event, _: Given) -> Turn:
        words = event.words if isinstance(event, Said) else event.name if isinstance(event, Silence) else "tapped"
        return replace(before, revision=before.revision + 1), script.get(words, (Say(Letter((f"heard: {words}",))),))

    monkeypatch.setattr("bot.intake.advance", advance)


@contextlib.asynccontextmanager
async def bot(founded: Founded, programme: Programme, folder: Path) -> AsyncIterator[Bot]:
    """Its worker, its bell and its delivery at work."""
    folder.mkdir()
    async with postroom(folder) as room:
        room.store.close()
        room.store, room.pocket = founded.store, founded.pocket
        texts = Texts.load(programme.languages, ROOT / "locales")
        house = House(
            founded.store, founded.pocket, programme, texts, Client(None, ""), Mint(founded.pocket), clock.now
        )
        bell, telegram = Bell(founded.store), room.telegram
        await telegram.set_up(None, None, texts, ())
        platforms = {"telegram": Platform(telegram_read.read, telegram.fetch, lambda: telegram.link)}
        worker = Worker(house, Intake(house, bell.ring), platforms, Rang())
        delivery = Delivery(
            founded.store, founded.pocket, texts, {"telegram": telegram}, Limits(), clock.seconds, Random(1),
            ZoneInfo("UTC"),
        )  # fmt: skip
        bell.tell(delivery.ring)
        async with running(worker.run(), bell.listen(), delivery.run()):
            yield Bot(room, house, {})
        house.mint.close()
        await house.nlu.aclose()

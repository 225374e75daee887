"""A store, a bot's pocket and a Telegram with people in it: what the tests of the ways in and out stand on."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from actions.talk import Terms
from actions.words import Letter, to_json
from bot.delivery import Delivery
from bot.inbound import Particulars
from bot.limits import Limits
from bot.telegram import Doorway, Telegram
from house import clock
from house.texts import Texts
from store import announcements, keys, letters, people, schema
from store.db import Store
from store.letters import Lane
from store.pocket import Pocket
from tests.fakes.bot_api import TOKEN, BotApi

POCKET = Pocket.new()
_PATIENCE = 15.0


class Postroom:
    """One bot's store and keys beside one Bot API server."""

    def __init__(self, folder: Path, api: BotApi) -> None:
        self.api, self.pocket, self.texts = api, POCKET, Texts({})
        self.url = f"sqlite:///{folder / 'amana.db'}"
        self.store = Store(self.url)
        schema.meta.create_all(self.store.engine)
        self.store.do(lambda tx: keys.publish(tx, "bot", "bot", POCKET.recipient, 1))
        self.telegram = Telegram(TOKEN, api.url)
        self._numbers = itertools.count(1)

    # --- people and letters ---

    def address(self, chat: int) -> str:
        return self.pocket.address("telegram", str(chat))

    def know(self, chat: int, kind: str = "person", language: str = "en", terms: Terms | None = None) -> str:
        """Somebody who has written to us from this chat, and on which terms they are written to."""
        address = self.address(chat)
        sealed = Particulars(str(chat), language, terms or Terms()).sealed(self.pocket, address)
        if self.store.do(lambda tx: people.know(tx, address, "telegram", kind, lambda: sealed, clock.seconds())):
            self.store.do(lambda tx: letters.wake(tx, address))
        if terms:
            self.store.do(lambda tx: people.readdress(tx, address, sealed))
        return address

    def post(
        self, chat: int, *paragraphs: str, lane: Lane = Lane.REPLY, letter: Letter | None = None, pushed: bool = False
    ) -> str:
        """A letter that answers what was written, or (pushed) one that nobody is waiting for."""
        key, words = f"letter/{next(self._numbers)}", to_json(letter or Letter(paragraphs))
        address, to = self.address(chat), self.pocket.recipient
        self.store.do(lambda tx: letters.post(tx, key, address, words, lane, to, clock.seconds(), pushed=pushed))
        return key

    def subscribe(self, chat: int, language: str = "en") -> str:
        address = self.know(chat, language=language)
        self.store.do(lambda tx: people.subscribe(tx, address, 1))
        return address

    def link(self, chat: int) -> str:
        address, id_ = self.know(chat, "group"), f"link{next(self._numbers)}"
        self.store.do(lambda tx: announcements.link_code(tx, id_, b"partner", "staff", 1, 100))
        assert self.store.do(lambda tx: announcements.link(tx, id_, address, 2))
        return address

    def approve(self, id_: str, **by_language: str) -> None:
        """An announcement written by one member of staff and approved by another."""
        words = json.dumps(by_language)
        self.store.do(lambda tx: announcements.write(tx, id_, words, "ada", [self.pocket.recipient], 1))
        assert self.store.do(lambda tx: announcements.approve(tx, id_, "ben", 2))

    def outbox(self, *columns: str) -> list[Any]:
        chosen = [schema.outbox.c[each] for each in columns]
        rows = self.store.do(lambda tx: tx.rows(sa.select(*chosen).order_by(schema.outbox.c.id)))
        return [row[0] if len(columns) == 1 else tuple(row) for row in rows]

    def breaks(self) -> None:
        """From now on the store fails, whatever it is asked about messages and letters."""
        for table in ("inbox", "outbox"):
            self.store.do(lambda tx, table=table: tx.do(sa.text(f"ALTER TABLE {table} RENAME TO {table}_away")))

    def recovers(self) -> None:
        for table in ("inbox", "outbox"):
            self.store.do(lambda tx, table=table: tx.do(sa.text(f"ALTER TABLE {table}_away RENAME TO {table}")))

    def inbox(self) -> int:
        return len(self.store.do(lambda tx: tx.rows(sa.select(schema.inbox.c.seq))))

    # --- the two processes' parts ---

    def delivery(self, now: Callable[[], int] = clock.seconds, **more: Any) -> Delivery:
        channels = more.pop("channels", {"telegram": self.telegram})
        store = more.pop("store", self.store)
        zone = ZoneInfo(more.pop("zone", "UTC"))
        return Delivery(store, self.pocket, self.texts, channels, Limits(), now, Random(1), zone, **more)

    def doorway(self, rang: Callable[[], object] = lambda: None, **more: Any) -> Doorway:
        return Doorway(self.telegram, self.store, self.pocket, rang, clock.seconds, **more)

    async def sent(self, chat: int, count: int = 1) -> list[str]:
        """Wait until so many messages stand in a chat; their texts."""
        found = await asyncio.to_thread(self.api.wait_sent, chat, count, _PATIENCE)
        return [each.text for each in found]

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(_PATIENCE):
            while not await asyncio.to_thread(true):
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def postroom(folder: Path, *, strict: bool = False) -> AsyncIterator[Postroom]:
    with BotApi(strict=strict) as api:
        room = Postroom(folder, api)
        try:
            yield room
        finally:
            await room.telegram.close()
            room.store.close()


@contextlib.asynccontextmanager
async def running(*loops: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Loops that run as long as the block."""
    tasks = [asyncio.create_task(each) for each in loops]
    try:
        yield
    finally:
        for each in tasks:
            each.cancel()
        for each in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(each, Exception):
                raise each

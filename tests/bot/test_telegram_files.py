"""What people send by Telegram beside words: fetched in pieces, recognised by its content, kept or said not to be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from actions.programme import Programme
from bot import telegram_read
from bot.bell import Bell
from bot.codes import Mint
from bot.delivery import Delivery
from bot.intake import House, Intake
from bot.limits import Limits
from bot.worker import Platform, Worker
from house import clock
from house.texts import Texts
from nlu.client import Client
from store import cases, files, people
from store.files import PIECE, Stored, from_json
from store.schema import chunks, entries
from store.schema import files as table
from tests.bot.pictures import OGG, PDF, box, jpeg
from tests.bot.postroom import Postroom, postroom, running
from tests.conftest import ROOT, Founded
from tests.fakes.bot_api import MEGABYTE

ANN = 7_000_000_001


@dataclass
class Office:
    """A founded house whose worker runs at a Bot API server."""

    room: Postroom
    house: House

    async def drafts(self, count: int) -> list[Stored]:
        """The particulars of the draft's files, once there are so many."""
        await self.room.until(lambda: self._count(count))
        rows = self.house.store.read(lambda tx: tx.rows(sa.select(entries).order_by(entries.c.at, entries.c.turn)))
        return [from_json(self.house.pocket.open(row.sealed, cases.draft_place(row.id))) for row in rows]

    def _count(self, count: int) -> bool:
        found = self.house.store.read(lambda tx: tx.rows(sa.select(entries.c.id)))
        return len(found) == count and self.waiting() == 0

    def waiting(self) -> int:
        return len(self.house.store.read(lambda tx: people.waiting(tx, ("telegram",))))

    def pieces(self) -> int:
        return sum(len(self.house.store.read(lambda tx, t=t: tx.rows(sa.select(t)))) for t in (table, chunks))

    def opened(self, stored: Stored) -> bytes:
        return b"".join(files.opened(self.house.store, stored))

    async def takes_in(self) -> None:
        """What Telegram holds is in the inbox."""
        updates = self.room.api.pending()
        await self.room.doorway().take_in(updates)


@pytest.fixture
async def office(founded: Founded, programme: Programme, tmp_path: Path) -> AsyncIterator[Office]:
    folder = tmp_path / "room"
    folder.mkdir()
    async with postroom(folder) as room:
        room.store.close()
        room.store, room.pocket = founded.store, founded.pocket
        texts = Texts.load(programme.languages, ROOT / "locales")
        house = House(
            founded.store, founded.pocket, programme, texts, Client(None, ""), Mint(founded.pocket), clock.now
        )
        bell = Bell(founded.store)
        platforms = {"telegram": Platform(telegram_read.read, room.telegram.fetch)}
        worker = Worker(house, Intake(house, bell.ring), platforms, asyncio.Event())
        channels = {"telegram": room.telegram}
        delivery = Delivery(
            founded.store, founded.pocket, texts, channels, Limits(), clock.seconds, Random(1), ZoneInfo("UTC")
        )
        bell.tell(delivery.ring)
        async with running(worker.run(), bell.listen(), delivery.run()):
            yield Office(room, house)
        house.mint.close()
        await house.nlu.aclose()


KINDS = {
    "a photo": ("sends_photo", (jpeg(),), "photo", "image/jpeg"),
    "a photo sent as a file": ("sends_document", ("a.exe", jpeg()), "photo", "image/jpeg"),
    "a voice note": ("sends_voice", (OGG,), "voice", "audio/ogg"),
    "a recording sent as a file": ("sends_document", ("a.txt", OGG), "voice", "audio/ogg"),
    "a paper": ("sends_document", ("a.jpg", PDF + bytes(3 * PIECE), "image/jpeg"), "file", "application/pdf"),
    "a film that says it is a voice note": ("sends_voice", (box(b"mp42", b"soun", b"vide"),), "file", "video/mp4"),
}


@pytest.mark.parametrize("what", KINDS)
async def test_what_telegram_says_of_a_file_decides_nothing(office: Office, what: str) -> None:
    """Its content does: a photo is drawn anew however it was sent, and a recording is kept as a voice."""
    way, given, kind, type_ = KINDS[what]

    getattr(office.room.api, way)(ANN, *given)
    await office.takes_in()

    [stored] = await office.drafts(1)
    content = next(each for each in given if isinstance(each, bytes))
    assert (kind, type_, "") == (stored.kind, stored.type, stored.name)
    assert content == office.opened(stored.original or stored)
    assert (stored.original is not None) == (kind == "photo")


REFUSED = {
    "a program": (
        "sends_document",
        ("photo.jpg", b"\x7fELF" + bytes(3 * PIECE), "image/jpeg"),
        "cannot keep that kind",
    ),
    "a page": ("sends_document", ("a.pdf", b"<html></html>", "application/pdf"), "cannot keep that kind"),
    "a broken photo": ("sends_photo", (b"\xff\xd8\xff" + bytes(300),), "cannot keep that kind"),
    "too large": ("sends_document", ("a.pdf", PDF + bytes(11 * MEGABYTE)), "too large"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_not_kept_is_said_and_leaves_nothing(office: Office, what: str) -> None:
    """I am told, and not a piece of it stays."""
    way, given, said = REFUSED[what]
    office.room.api.says(ANN, "/start")
    await office.takes_in()
    before = len(await office.room.sent(ANN))

    getattr(office.room.api, way)(ANN, *given)
    await office.takes_in()

    told = await office.room.sent(ANN, before + 1)
    assert said in told[-1]
    assert 0 == office.pieces()


async def test_a_telegram_that_stumbles_is_asked_again_and_the_file_kept_once(office: Office) -> None:
    """The first two attempts fail: my voice note is kept all the same, once."""
    office.room.api.fail(500, n=2, method="getFile")
    office.room.api.sends_voice(ANN, OGG)
    await office.takes_in()

    [stored] = await office.drafts(1)

    assert OGG == office.opened(stored)
    assert 2 == office.pieces()

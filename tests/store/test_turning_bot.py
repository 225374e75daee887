"""The bot's keys are rotated while people write: nobody notices, and what was stolen opens nothing afterwards."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from actions.programme import Programme
from actions.words import Letter, to_json
from bot import telegram_read
from bot.bell import Bell
from bot.codes import Mint, Seeker
from bot.inbound import Particulars
from bot.intake import House, Intake
from bot.telegram import Doorway, Telegram
from bot.webchat import WebChat
from bot.worker import Platform, Worker
from house.texts import Texts
from nlu.client import Client
from store import announcements, cases, diary, keys, letters, opening, people, renaming, turning, turning_bot
from store.db import Store, Tx
from store.letters import Lane
from store.locks import Lock
from store.places import Place, Unopenable
from store.pocket import Held, Pocket
from store.refusal import Refused
from store.schema import addresses, entries, inbox, meta, outbox, talks
from store.schema import announcements as announcement_table
from store.schema import cases as case_table
from store.turning_bot import Work
from store.unsealing import Identity
from tests.conftest import NOON, NOON_S, ROOT, Founded
from tests.store.mortal import Died, Mortal

DAY = 24 * 3600
ANN, BEN = 7_000_000_001, 42
KINDS = {"bot": turning_bot.bot_key, "lock": turning_bot.bot_lock, "lookup": turning_bot.lookup_key}
every_kind = pytest.mark.parametrize("kind", KINDS)


async def _refused(_: object, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)


@dataclass
class Page:
    """A person's page of the web chat, as a browser has it open: its bearer and how far it has read."""

    http: httpx.AsyncClient
    person: str
    read: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)
    n: int = 0

    async def send(self, **what: str) -> int:
        """Send a message under an id of its own; the status."""
        self.n += 1
        return await self.send_as(f"m{self.n}", **what)

    async def send_as(self, id_: str, **what: str) -> int:
        bearer = {"authorization": f"Bearer {self.person}"}
        return (await self.http.post("/chat/messages", json={"id": id_, **what}, headers=bearer)).status_code

    async def fetch(self) -> list[str]:
        """What is new on the page."""
        bearer = {"authorization": f"Bearer {self.person}"}
        found = (await self.http.get(f"/chat/letters?after={self.read}", headers=bearer)).json()
        self.told += found
        self.read = max([self.read, *(each["n"] for each in found)])
        return [each["text"] for each in found]

    async def say(self, **what: str) -> list[str]:
        assert 202 == await self.send(**what)
        return await self.fetch()

    async def tap(self, ends: str) -> list[str]:
        return await self.say(choice=self.button(ends) or f"there is no {ends}")

    def button(self, ends: str) -> str | None:
        """The newest button of that option, if the last letters have one."""
        ids = [choice["id"] for letter in self.told[-3:] for choice in letter["choices"]]
        return next((each for each in reversed(ids) if each.endswith(f"~{ends}")), None)

    def offered(self) -> list[str]:
        """The options under the newest letter that has any."""
        asked = next(letter for letter in reversed(self.told) if letter["choices"])
        return [each["id"].rpartition("~")[2] for each in asked["choices"]]

    async def report(self) -> str:
        """File an anonymous report; its code."""
        await self.say(text="report")
        while "send" not in (now := self.offered()):
            # Agreed to, nothing of it if it is not finished, and every question skipped.
            await self.tap(next(each for each in ("agree", "skip_it", "go_on", "no") if each in now))
        told = await self.tap("send")
        return next(line for text in told for line in text.splitlines() if line[:4].isdigit() and len(line) > 30)


class Bot:
    """The bot's own ways in over a founded house: web chat, Telegram's updates, the worker behind them."""

    def __init__(self, founded: Founded, programme: Programme) -> None:
        self.store, self.pocket, self.file = founded.store, founded.pocket, founded.home / "keys" / "bot.json"
        texts = Texts.load(programme.languages, ROOT / "locales")
        nlu = Client(None, "")
        self.house = House(self.store, self.pocket, programme, texts, nlu, Mint(self.pocket), lambda: NOON)
        self.bell = Bell(self.store)
        self.intake, self.rang = Intake(self.house, self.bell.ring), asyncio.Event()
        web = WebChat(self.intake, self.store, self.pocket, texts, self.bell)
        app = Starlette(routes=web.routes(), exception_handlers={HTTPException: _refused})
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot.test", timeout=60)
        telegram = Telegram("1:token", "http://127.0.0.1:9")
        self.doorway = Doorway(telegram, self.store, self.pocket, self.rang.set, lambda: NOON_S)
        self.worker = Worker(
            self.house, self.intake, {"telegram": Platform(telegram_read.read, telegram.fetch)}, self.rang
        )
        self.updates = count(1)

    async def page(self) -> Page:
        return Page(self.http, (await self.http.post("/chat")).json()["person"])

    async def telegram(self, chat: int, words: str, number: int | None = None) -> None:
        """Telegram brings a message, and the worker works on it."""
        await self.doorway.take_in([update(chat, words, number or next(self.updates))])

    async def worked(self) -> None:
        """Until nothing waits in the inbox."""
        working = asyncio.create_task(self.worker.run())
        while await self.store.look(lambda tx: people.waiting(tx, ("telegram", "web"))):
            assert not working.done()
            await asyncio.sleep(0.02)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    def work(self, said: Callable[[str], object] = lambda _: None, now: int = NOON_S, grace: float = 0) -> Work:
        return Work(self.store, self.file, now, said, grace)

    async def rotate(self, kind: str, now: int = NOON_S, grace: float = 0) -> None:
        await asyncio.to_thread(KINDS[kind], self.work(now=now, grace=grace))

    def letters_of(self, address: str) -> list[str]:
        """What waits for an address, opened with what the bot has in its pocket now."""
        found = self.store.read(lambda tx: letters.newer(tx, address, 0, 1000))
        return [self.pocket.open(each.sealed or b"", letters.place(each.key)).decode() for each in found]


def update(chat: int, words: str, number: int) -> dict[str, Any]:
    who = {"id": chat, "type": "private", "first_name": "A"}
    sender = {"id": chat, "is_bot": False, "first_name": "A"}
    message = {"message_id": number, "date": NOON_S, "chat": who, "from": sender, "text": words}
    return {"update_id": number, "message": message}


@pytest.fixture
async def bot(founded: Founded, programme: Programme) -> AsyncIterator[Bot]:
    bot = Bot(founded, programme)
    yield bot
    await bot.http.aclose()
    bot.house.mint.close()


def things(store: Store) -> list[tuple[Place, bytes]]:
    """All that is the bot's to open, with the place where it belongs."""
    places: dict[sa.Table, Callable[[Any], Place]] = {
        addresses: lambda row: people.particulars_place(row.id), talks: lambda row: people.talk_place(row.address),
        outbox: lambda row: letters.place(row.key), inbox: lambda row: people.update_place(row.key),
        announcement_table: lambda row: announcements.place(row.id),
    }  # fmt: skip
    found = [
        (place(row), row.sealed)
        for table, place in places.items()
        for row in store.read(lambda tx, table=table: tx.rows(sa.select(table).where(table.c.sealed.is_not(None))))
    ]
    drafts = store.read(lambda tx: tx.rows(sa.select(entries).where(entries.c.draft_of.is_not(None))))
    return found + [(cases.draft_place(row.id), row.sealed) for row in drafts]


def opened_by(openers: tuple[Identity | Lock, ...], store: Store) -> int:
    """How many of the bot's things any of these opens."""
    done = 0
    for place, sealed in things(store):
        for each in openers:
            try:
                each.open(sealed, place)
            except Unopenable:
                continue
            done += 1
    return done


async def lived_in(bot: Bot) -> Page:
    """A house in use: talks, a draft with a file, letters of bot and staff, an announcement, a parked message."""
    page = await bot.page()
    await page.say(text="/start")
    await page.tap("en")
    await bot.telegram(ANN, "/start")
    await bot.worked()
    ann, now = bot.pocket.address("telegram", str(ANN)), NOON_S

    def staff_write(tx: Tx) -> None:
        recipient = keys.bot(tx)
        letters.post(tx, "reply/1", ann, to_json(Letter(("we come",))), Lane.REPLY, recipient, now)
        announcements.write(tx, "n1", '{"en": "water"}', "ann", [keys.desk(tx, "general"), recipient], now)
        people.subscribe(tx, ann, now)
        diary.write(tx, "nudge", now + DAY, address=ann)
        lock = bot.pocket.lock
        cases.keep_draft_file(tx, "f1", ann, lock.shut(b"photo", cases.draft_place("f1")), now)
        people.take_in(tx, "parked", "telegram", ann, lock.shut(b"{}", people.update_place("parked")), now)
        tx.do(sa.update(inbox).where(inbox.c.key == "parked").values(state="parked"))

    bot.store.do(staff_write)
    return page


@every_kind
async def test_after_a_rotation_everything_opens_and_the_old_key_opens_nothing(bot: Bot, kind: str) -> None:
    """Whoever stole the bot's file before the rotation reads nothing of the database after it; the bot reads all."""
    await lived_in(bot)
    before, ann = Held.read(bot.file), bot.pocket.address("telegram", str(ANN))
    wrote = things(bot.store)
    assert opened_by((*before.keys, *before.locks), bot.store) == len(wrote)

    await bot.rotate(kind)

    after = Held.read(bot.file)
    new = opened_by((*after.keys, *after.locks), bot.store)
    old = {"bot": before.keys, "lock": before.locks, "lookup": ()}[kind]
    assert (len(wrote), len(wrote), 0) == (new, len(things(bot.store)), opened_by(old, bot.store))
    assert len(wrote) > 7
    if kind == "lookup":
        assert bot.store.read(lambda tx: people.channel_and_kind(tx, ann)) is None
        assert bot.store.read(lambda tx: people.channel_and_kind(tx, bot.pocket.address("telegram", str(ANN))))
    else:
        assert not set(getattr(before, f"{'key' if kind == 'bot' else 'lock'}s")) & set(after.keys + after.locks)


@every_kind
async def test_people_go_on_where_they_were(bot: Bot, kind: str) -> None:
    """My page and my chat are open while the key is rotated: the next thing I say is understood as if nothing was."""
    page = await lived_in(bot)

    await bot.rotate(kind)

    assert "May we keep and pass on" in "".join(await page.say(text="report"))
    assert "may we pass on" in "".join(await page.tap("agree"))
    assert "What is it about?" in "".join(await page.tap("no"))
    await bot.telegram(ANN, "2")
    await bot.worked()
    ann = bot.pocket.address("telegram", str(ANN))
    rows = bot.store.read(lambda tx: tx.rows(sa.select(addresses.c.id).where(addresses.c.channel == "telegram")))
    assert [ann] == [row.id for row in rows]
    assert any("we come" in each for each in bot.letters_of(ann))
    assert not any("damaged" in each for each in bot.letters_of(ann))


@every_kind
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_rotation_that_was_killed_goes_on(bot: Bot, url: str, kind: str, after: bool) -> None:
    """The machine stops at any step; the same command again ends what was begun, with one new key and no third."""
    page = await lived_in(bot)
    for step in count():
        mortal = Mortal(url)
        mortal.left, mortal.after = step, after
        work = Work(mortal, bot.file, NOON_S, lambda _: None, 0)
        try:
            await asyncio.to_thread(KINDS[kind], work)
            died = False
        except Died:
            died = True
        mortal.close()
        between = Held.read(bot.file)
        begun = len(between.keys) > 1 or len(between.locks) > 1 or not turning_bot._settled(bot.work(), between)

        if died:
            await bot.rotate(kind)

        now = Held.read(bot.file)
        assert opened_by((*now.keys, *now.locks), bot.store) == len(things(bot.store)), step
        assert (1, 1) == (len(now.keys), len(now.locks))
        if begun:
            newest = [(each.keys[0], each.locks[0], each.lookups[0]) for each in (between, now)]
            assert newest[0] == newest[1], "a third key was made"
        assert 202 == await page.send(text="menu")
        if not died:
            break
    assert step > 2


async def _talking(bot: Bot, stop: asyncio.Event) -> tuple[int, int, list[str]]:
    """Somebody who writes on the page again and again: how often, how often in vain, and the codes of their reports."""
    page, sent, failed, found = await bot.page(), 0, 0, []
    await page.say(text="/start")
    await page.tap("en")
    while not stop.is_set():
        try:
            found.append(await page.report())
            sent += 1
        except (AssertionError, StopIteration):
            failed += 1
    return sent, failed, found


async def _chatting(bot: Bot, chat: int, stop: asyncio.Event) -> int:
    """Somebody in Telegram who asks for a person again and again."""
    sent = 1
    # Asked what it is about and how they may be written to, once; from then on they are in touch.
    for words in ("/start", "1", "human", "call 0", "3"):
        await bot.telegram(chat, words)
    while not stop.is_set():
        for words in ("human", f"call {sent}"):
            await bot.telegram(chat, words)
        sent += 1
        await asyncio.sleep(0.05)
    return sent


def _read_by(store: Store, me: Identity) -> list[bytes]:
    """The reports that a member can read."""

    def look(tx: Tx) -> list[bytes]:
        ring, told = opening.ring_of(tx, "ann", me), []
        for row in tx.rows(sa.select(case_table.c.reference)):
            case = cases.get(tx, row.reference)
            opened = ring.case(tx, case) if case else None
            told += [opened.entry(each) for each in cases.entries_of(tx, row.reference, ["report"]) if opened]
        return told

    try:
        return store.read(look)
    except Unopenable:
        return []


async def test_under_load_nothing_is_lost(bot: Bot, founded: Founded) -> None:
    """Reports and calls come in while every key there is is rotated: each is kept, opens, and is found by its code."""
    member, me = opening.new_member("ann", "ann", "Ann", "a password", "TOTP")
    bot.store.do(lambda tx: opening.enrol(tx, founded.token, member, NOON_S))
    ring = bot.store.read(lambda tx: opening.ring_of(tx, "ann", me))
    stop, working = asyncio.Event(), asyncio.create_task(bot.worker.run())
    pages = [asyncio.create_task(_talking(bot, stop)) for _ in range(3)]
    chats = [asyncio.create_task(_chatting(bot, chat, stop)) for chat in (ANN, BEN)]
    for kind in ("bot", "lock", "lookup", "lock", "lookup", "bot"):
        await asyncio.sleep(0.2)
        await bot.rotate(kind, grace=0.3)
        await asyncio.to_thread(turning.desk_key, bot.store, ring, "general", NOON_S, "ann")
    unlocked = opening.Unlocked(me, "TOTP")
    me = await asyncio.to_thread(turning.staff_key, bot.store, member, unlocked, "another password", NOON_S, "ann")
    stop.set()
    outcomes, calls = await asyncio.gather(*pages), sum(await asyncio.gather(*chats))
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await bot.worked()

    told = [code for _, _, codes in outcomes for code in codes]
    held = Held.read(bot.file)
    assert (0, len(told)) == (sum(failed for _, failed, _ in outcomes), sum(sent for sent, _, _ in outcomes))
    assert len(told) > 2
    assert opened_by((*held.keys, *held.locks), bot.store) == len(things(bot.store))
    filed = bot.store.read(lambda tx: tx.rows(sa.select(case_table.c.human)))
    assert len(told) == sum(not row.human for row in filed)
    assert 0 < sum(row.human for row in filed) <= calls
    assert 0 == bot.store.read(people.parked)
    assert len(filed) == len(_read_by(bot.store, me))
    assert [] == _read_by(bot.store, ring.me)
    rows = bot.store.read(lambda tx: tx.rows(sa.select(addresses.c.id).where(addresses.c.channel == "telegram")))
    assert {bot.pocket.address("telegram", str(chat)) for chat in (ANN, BEN)} == {row.id for row in rows}
    seeker = Seeker(bot.store, bot.pocket, bot.house.programme)
    assert all([await seeker.seek(f"a{n}", code) for n, code in enumerate(told)])


# --- the lookup key ---------------------------------------------------------------------------------------------------


async def test_a_message_that_is_repeated_after_the_rotation_is_not_heard_twice(bot: Bot) -> None:
    """My phone lost the answer and sends the same message again, and Telegram too: each was heard once."""
    page = await bot.page()
    await page.say(text="/start")
    await page.tap("en")
    await page.send_as("once", text="human")
    await bot.telegram(ANN, "/start", number=900)
    await bot.worked()
    told = len(await page.fetch())

    await bot.rotate("lookup")
    again = await page.send_as("once", text="human")
    await bot.telegram(ANN, "/start", number=900)

    assert (202, [], 1) == (again, bot.store.read(lambda tx: people.waiting(tx, ("telegram",))), told)
    assert 1 == len(await page.say(text="menu")), "only the menu came, and nothing for what was sent again"


async def test_a_page_reads_on_before_it_has_written(bot: Bot) -> None:
    """Staff answer me after the rotation, and I have only kept my page open: I read the answer there."""
    page = await bot.page()
    await page.say(text="/start")
    [mine] = [row.id for row in bot.store.read(lambda tx: tx.rows(sa.select(addresses.c.id)))]

    await bot.rotate("lookup")
    answer = to_json(Letter(("the well is repaired",)))
    bot.store.do(lambda tx: letters.post(tx, "reply/1", mine, answer, Lane.REPLY, keys.bot(tx), NOON_S))

    assert ["the well is repaired"] == await page.fetch()
    await page.say(text="1")
    [now] = [row.id for row in bot.store.read(lambda tx: tx.rows(sa.select(addresses.c.id)))]
    assert (now != mine, "the well is repaired" in str(page.told)) == (True, True)


async def test_a_stream_goes_on_across_the_rotation(bot: Bot) -> None:
    """My page listens; I write after the rotation, and the answer comes down the same stream."""
    page = await bot.page()
    await page.say(text="/start")
    web = WebChat(bot.intake, bot.store, bot.pocket, bot.house.texts, bot.bell)
    person = web._person(_Call(page.person))  # type: ignore[arg-type]
    stream = web._stream(person, page.read)
    waits = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.1)

    await bot.rotate("lookup")
    assert 202 == await page.send(text="1")

    async with asyncio.timeout(5):
        assert "n" in json.loads((await waits)["data"])
    await stream.aclose()


@dataclass
class _Call:
    """A call of a page, as far as its bearer."""

    person: str

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.person}"}


async def test_a_bearer_that_nobody_signed_is_refused_during_a_rotation(bot: Bot) -> None:
    """Older keys make older bearers good, and no others."""
    page = await bot.page()
    await bot.rotate("lookup")
    secret, _, proof = page.person.partition(".")

    page.person = f"{secret}x.{proof}"
    assert 401 == await page.send(text="1")


async def test_a_lookup_key_retires_when_everybody_has_written(bot: Bot) -> None:
    """Days later all who were known have written: the next rotation leaves the old key for return codes only."""
    page = await bot.page()
    await page.say(text="/start")
    await page.tap("en")
    found = await page.report()
    await bot.rotate("lookup")
    await bot.rotate("lookup", NOON_S + 9 * DAY)
    waiting = Held.read(bot.file)
    bot.store.do(lambda tx: tx.do(sa.update(addresses).values(seen=NOON_S + DAY)))

    await page.say(text="menu")
    bot.store.do(lambda tx: tx.do(sa.update(addresses).values(seen=NOON_S + 10 * DAY)))
    await bot.rotate("lookup", NOON_S + 20 * DAY)

    held = Held.read(bot.file)
    assert (3, 0) == (len(waiting.lookups), len(waiting.retired))
    assert (2, 2) == (len(held.lookups), len(held.retired))
    assert 401 == await page.send(text="menu")
    assert await Seeker(bot.store, bot.pocket, bot.house.programme).seek("somebody", found)


def test_every_column_that_names_an_address_is_renamed() -> None:
    """A new table that names an address cannot be forgotten when addresses are called anew."""
    named = {
        f"{table.name}.{each.name}"
        for table in meta.sorted_tables
        for each in table.columns
        if each.name in ("address", "draft_of") or (table.name, each.name) == ("addresses", "id")
    }

    known = {f"{each.table.name}.{each.name}" for each in renaming._NAMING}
    assert named == known | {"addresses.id", "talks.address"}


def test_all_that_follows_an_address(founded: Founded) -> None:
    """My link, my subscription, my case, my waiting letters and what is noted for me go with my new name."""
    store, pocket = founded.store, founded.pocket
    sealed = Particulars("77").sealed(pocket, "old")

    def made(tx: Tx) -> None:
        people.know(tx, "old", "telegram", "person", lambda: sealed, NOON_S)
        people.keep(tx, "old", pocket.lock.shut(b"talk", people.talk_place("old")))
        people.subscribe(tx, "old", NOON_S)
        announcements.link_code(tx, "l", b"x", "ann", NOON_S, NOON_S + DAY)
        announcements.link(tx, "l", "old", NOON_S)
        announcements.write(tx, "n1", "{}", "ann", [keys.bot(tx)], NOON_S)
        announcements.approve(tx, "n1", "ben", NOON_S)
        announcements.post_some(tx, NOON_S)
        diary.write(tx, "nudge", NOON_S, address="old")
        diary.write(tx, "answer", NOON_S, case="R", address="old")

    store.do(made)
    assert store.do(lambda tx: renaming.rename(tx, "old", "new", pocket.again))
    again = store.do(lambda tx: announcements.post_some(tx, NOON_S))

    rows = [str(cell) for table in meta.sorted_tables for row in store.read(lambda tx, t=table: tx.rows(sa.select(t)))
            for cell in row]  # fmt: skip
    assert [] == [each for each in rows if each == "old" or each.endswith((":old", "/old"))]
    assert {"announcement/n1/new", "nudge:new", "answer:R"} <= set(rows)
    assert (True, 1) == (again, rows.count("announcement/n1/new"))
    assert b"talk" == pocket.open(store.read(lambda tx: people.talk(tx, "new")) or b"", people.talk_place("new"))


def test_an_address_that_somebody_works_on_keeps_its_name_a_little_longer(founded: Founded, url: str) -> None:
    """Nobody waits for a rename: where rows are taken it is left, and comes later."""
    if "sqlite" in url:
        pytest.skip("SQLite has one writer: nobody ever works beside another")
    store, pocket = founded.store, founded.pocket
    sealed = Particulars("77").sealed(pocket, "old")
    store.do(lambda tx: people.know(tx, "old", "telegram", "person", lambda: sealed, NOON_S))

    with store.engine.connect() as conn, conn.begin():
        conn.execute(sa.select(addresses).where(addresses.c.id == "old").with_for_update())
        busy = store.do(lambda tx: renaming.settle(tx, lambda: ("new", "old"), pocket.again))

    assert ("old", "new") == (busy, store.do(lambda tx: renaming.settle(tx, lambda: ("new", "old"), pocket.again)))


# --- damaged and refused ----------------------------------------------------------------------------------------------


async def test_what_is_damaged_stops_no_rotation(bot: Bot) -> None:
    """A row that cannot be opened is counted and left as it is; all others are under the new lock."""
    await lived_in(bot)
    bot.store.do(lambda tx: tx.do(sa.update(talks).values(sealed=bot.pocket.lock.head + b"x" * 40)))
    said: list[str] = []

    await asyncio.to_thread(turning_bot.bot_lock, bot.work(said.append))

    held = Held.read(bot.file)
    assert any("damaged and stay" in each for each in said)
    assert len(things(bot.store)) - 2 == opened_by((*held.keys, *held.locks), bot.store)


def test_a_file_that_others_can_read_is_refused(founded: Founded) -> None:
    """Nothing is rotated with keys that others may have read already, and it is said what to do first."""
    path = founded.home / "keys" / "bot.json"
    path.chmod(0o644)

    with pytest.raises(PermissionError, match="chmod 600"):
        turning_bot.bot_key(Work(founded.store, path, NOON_S, print, 0))


@every_kind
def test_the_file_of_another_house_is_refused(founded: Founded, kind: str) -> None:
    """I rotate with the wrong AMANA_HOME: nothing is published that nobody has the key of."""
    path = founded.home / "bot.json"
    Held.new().write(path)
    before = founded.store.read(keys.every)

    with pytest.raises(Refused, match="Set AMANA_HOME"):
        KINDS[kind](Work(founded.store, path, NOON_S, print, 0))

    assert (before, Held.read(path)) == (founded.store.read(keys.every), Held.read(path))


async def test_a_silence_is_heard_under_the_new_name(bot: Bot) -> None:
    """My draft is due to be forgotten while the lookup key is rotated: that is heard, once, at my address."""
    await bot.telegram(ANN, "/start")
    await bot.worked()
    old = bot.pocket.address("telegram", str(ANN))
    bot.store.do(lambda tx: people.take_silence(tx, "silence/1", "telegram", old, "draft", NOON_S))
    [stale] = bot.store.read(lambda tx: people.waiting(tx, ("telegram",)))

    await bot.rotate("lookup")
    await bot.worker._work(stale)
    [waits] = bot.store.read(lambda tx: people.waiting(tx, ("telegram",)))
    await bot.worker._work(waits)

    assert (stale.seq, bot.pocket.address("telegram", str(ANN))) == (waits.seq, waits.address)
    assert [] == bot.store.read(lambda tx: people.waiting(tx, ("telegram",)))


def test_a_house_can_start_while_its_bot_key_is_rotated(founded: Founded) -> None:
    """A rotation was broken off between the file and the store: the house still starts, and the rotation goes on."""
    from store.founding import found

    path = founded.home / "keys" / "bot.json"
    held = Held.read(path)
    Held((Identity.new(), *held.keys), held.locks, held.lookups).write(path)

    assert found(founded.store, founded.home, ["general"], NOON_S) == founded.token
    assert founded.store.read(keys.bot) == Pocket.load(path).recipient

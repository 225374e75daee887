"""Works on what was taken in: platform updates and silences, each address in order, none blocking another."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from actions import notices
from actions.sentences import GROUP_LINKED, GROUP_NOT_LINKED
from actions.talk import Event, Said, Silence, Tapped, Unkept, Wished
from actions.words import Letter, to_json
from bot.delivery import moved
from bot.inbound import (
    GroupAsked,
    GroupLeft,
    GroupMoved,
    GroupSaid,
    GroupTold,
    Happened,
    Inbound,
    LinkGroup,
    Particulars,
    Unsupported,
    Uploaded,
)
from bot.intake import LARGEST, Attached, House, Intake, Message
from bot.telegram import FetchFailed
from bot.uploads import TooLarge
from store import announcements, letters, people, renaming
from store.db import StoreUnavailable, Tx
from store.people import Incoming

log = structlog.get_logger()
_AT_ONCE = 16
_ATTEMPTS = 5
_EVERY = 0.5
# What the keys of these letters to groups begin with, and how often they may come.
_PRIVATE, _HOUR = "private/", 3600
_CONTACT, _MINUTE = "contact/", 60


@dataclass(frozen=True, slots=True)
class Platform:
    """What the worker needs of a channel.

    Its JSON as an event, a file handed on in pieces (False: it has none), and where people write in private, if known.
    """

    read: Callable[[object], Inbound | None]
    fetch: Callable[[str, Callable[[bytes], Awaitable[None]]], Awaitable[bool]]
    link: Callable[[], str] = lambda: ""


class Worker:
    """Runs as long as the bot; `ring` wakes it."""

    def __init__(self, house: House, intake: Intake, platforms: dict[str, Platform], rang: asyncio.Event) -> None:
        self._house, self._intake, self._platforms, self._rang = house, intake, platforms, rang
        self._busy: set[str] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        """Take what waits, oldest first of each address, until cancelled."""
        channels = (*self._platforms, "web")
        async with asyncio.TaskGroup() as tasks:
            while True:
                try:
                    waiting = await self._house.store.look(lambda tx: people.waiting(tx, channels))
                except StoreUnavailable:
                    waiting = []
                for each in waiting:
                    if each.address not in self._busy:
                        self._busy.add(each.address)
                        tasks.create_task(self._one(each))
                await self._woken()

    async def _woken(self) -> None:
        try:
            async with asyncio.timeout(_EVERY):
                await self._rang.wait()
        except TimeoutError:
            pass
        self._rang.clear()

    async def _one(self, incoming: Incoming) -> None:
        try:
            async with self._slots:
                await self._work(incoming)
        except StoreUnavailable:
            await asyncio.sleep(1)
        except Exception as error:  # noqa: BLE001 - counted, parked and alarmed; it must not block its neighbours
            await self._failed(incoming, type(error).__name__)
        finally:
            self._busy.discard(incoming.address)
            self._rang.set()

    async def _failed(self, incoming: Incoming, kind: str) -> None:
        log.error(
            "a message could not be worked on", channel=incoming.channel, error=kind, attempt=incoming.attempts + 1
        )
        try:
            parked = await self._house.store.run(lambda tx: people.failed(tx, incoming.seq, _ATTEMPTS))
        except StoreUnavailable:
            return
        if parked:
            log.error("a message is parked; the console counts it", channel=incoming.channel)
        await asyncio.sleep(min(2**incoming.attempts, 30))

    async def _work(self, incoming: Incoming) -> None:
        if incoming.silence is not None:
            chat = await self._house.store.look(lambda tx: self._chat(tx, incoming.address))
            if chat is not None:
                await self._intake.hear(self._message(incoming, chat, Silence(incoming.silence)))
                return
        inbound = self._read(incoming)
        if inbound is None:
            # Not where the address was called anew meanwhile: under its new name this still waits.
            await self._house.store.run(lambda tx: people.worked(tx, incoming.seq, incoming.address))
        elif inbound.kind == "group":
            await self._house.store.run(lambda tx: self._group(tx, incoming, inbound))
        else:
            await self._intake.hear(self._message(incoming, inbound.chat, await self._event(incoming, inbound.what)))

    async def _event(self, incoming: Incoming, what: Happened) -> Event | Attached:
        match what:
            case Said() | Tapped() | Wished():
                return what
            case Uploaded():
                return await self._fetched(incoming, what)
            case (
                Unsupported() | LinkGroup() | GroupLeft() | GroupMoved() | GroupSaid() | GroupTold() | GroupAsked()
            ):  # fmt: skip
                return Unkept("kind")

    def _read(self, incoming: Incoming) -> Inbound | None:
        if incoming.sealed is None:
            return None
        update = self._house.pocket.open(incoming.sealed, people.update_place(incoming.key))
        return self._platforms[incoming.channel].read(json.loads(update))

    def _message(self, incoming: Incoming, chat: str, what: Event | Attached) -> Message:
        """A message of the inbox; without a chat (web) an address has only the name that it came in under."""
        channel, address = incoming.channel, incoming.address
        names = (lambda: self._house.pocket.addresses(channel, chat)) if chat else None
        return Message(
            incoming.key, channel, names()[0] if names else address, chat, what,
            lambda tx: people.worked(tx, incoming.seq, address), names,
        )  # fmt: skip

    def _chat(self, tx: Tx, address: str) -> str | None:
        sealed = people.sealed_address(tx, address)
        return Particulars.opened(self._house.pocket, address, sealed).chat if sealed else None

    async def _fetched(self, incoming: Incoming, file: Uploaded) -> Attached | Unkept:
        """The file, stored; after the last attempt the person is asked to send it again, so nothing waits for ever."""
        if file.size > LARGEST:
            return Unkept("size")
        async with self._intake.uploads.begin() as upload:
            try:
                if not await self._platforms[incoming.channel].fetch(file.remote, upload.write):
                    return Unkept("size")
            except TooLarge:
                return Unkept("size")
            except FetchFailed:
                if incoming.attempts + 1 < _ATTEMPTS:
                    raise
                return Unkept("lost")
            stored = await upload.end()
        return Attached(stored, file.words) if stored else Unkept("kind")

    def _group(self, tx: Tx, incoming: Incoming, inbound: Inbound) -> None:
        """A group: it is linked, left or moved, asks for us, or something was written there that belongs in private."""
        pocket = self._house.pocket
        address = renaming.settle(tx, lambda: pocket.addresses(incoming.channel, inbound.chat), pocket.again)
        if not people.worked(tx, incoming.seq, incoming.address):
            return
        incoming = replace(incoming, address=address)
        match inbound.what:
            case LinkGroup(code):
                self._link(tx, incoming, inbound.chat, code)
            case GroupLeft():
                announcements.unlink(tx, address)
            case GroupMoved(chat):
                self._move(tx, incoming, chat)
            case GroupTold(message):
                self._to_private(tx, incoming, inbound.chat, message)
            case GroupAsked():
                self._say(tx, incoming, inbound.chat, notices.contact(self._house.programme), _CONTACT, _MINUTE)
            case Said() | Tapped() | Wished() | Uploaded() | Unsupported() | GroupSaid():
                pass

    def _link(self, tx: Tx, incoming: Incoming, chat: str, code: str) -> None:
        self._know(tx, incoming, chat)
        linked = announcements.link(tx, announcements.link_id(code), incoming.address, self._intake.now())
        self._post(tx, f"{incoming.key}/1", incoming, Letter((GROUP_LINKED if linked else GROUP_NOT_LINKED,)))

    def _to_private(self, tx: Tx, incoming: Incoming, chat: str, message: int | None) -> None:
        """Take it away if we may, and say without a word of it where such things are dealt with."""
        self._know(tx, incoming, chat)
        if message is not None:
            key, pocket = f"{incoming.key}{letters.TAKE_AWAY}", self._house.pocket
            letters.take_away(tx, key, incoming.address, (message,), pocket.lock, self._intake.now())
        said = notices.group_private(self._platforms[incoming.channel].link())
        self._say(tx, incoming, chat, said, _PRIVATE, _HOUR)

    def _say(self, tx: Tx, incoming: Incoming, chat: str, said: Letter, kind: str, seldom: int) -> None:
        """Say it in a group, but not again so soon: nobody there can make us talk without end."""
        self._know(tx, incoming, chat)
        if not letters.posted_since(tx, incoming.address, kind, self._intake.now() - seldom):
            self._post(tx, f"{kind}{incoming.key}", incoming, said)

    def _know(self, tx: Tx, incoming: Incoming, chat: str) -> None:
        where = Particulars(chat, self._house.programme.languages[0])
        people.know(
            tx, incoming.address, incoming.channel, "group",
            lambda: where.sealed(self._house.pocket, incoming.address), self._intake.now(),
        )  # fmt: skip

    def _post(self, tx: Tx, key: str, incoming: Incoming, said: Letter) -> None:
        lock, now = self._house.pocket.lock, self._intake.now()
        letters.post(tx, key, incoming.address, to_json(said), letters.Lane.REPLY, lock, now, pushed=False)

    def _move(self, tx: Tx, incoming: Incoming, chat: str) -> None:
        pocket = self._house.pocket
        new = pocket.address(incoming.channel, chat)
        moved(tx, incoming.address, new, incoming.channel, Particulars(chat).sealed(pocket, new), self._intake.now())

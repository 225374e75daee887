"""The Telegram channel: letters out, files and taps, and the two ways in (long polling, webhook).

python-telegram-bot's `Bot` speaks to the platform and nothing else of it is used: its Updater acknowledges updates that
only lie in memory. Here an update is in the inbox, in one transaction with the offset, before Telegram may forget it.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

import httpx
import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from actions import notices
from bot.inbound import Delivered, GroupSaid, GroupTold, Later, Moved, Never, Outcome, Unreachable
from bot.telegram_read import UPDATES, Me, number, read, tap, told_in_group, written
from bot.telegram_text import parts, short
from house.recordings import Recording
from house.texts import Rendered, Texts
from nlu.client import Understood
from nlu.intents import SAFETY
from store import people, traces
from store.db import Store, StoreUnavailable, Tx
from store.places import Place
from store.pocket import Pocket

NAME = "telegram"
_LONGEST_UPDATE = 1024 * 1024
_LONGEST_BUTTON, _LABEL = 64, 64
_BETWEEN_PARTS = 1.0
_DOWNLOAD, _SILENT = 120.0, 20.0
_PIECE = 64 * 1024
_SLOWEST = 30.0
# https://core.telegram.org/bots/api#deletemessages: "1-100 identifiers"
_AT_ONCE = 100
_FEW = 4
# What nobody should have to read in a group.
_PRIVATE = SAFETY | {"report_problem", "report_misconduct", "request_patrol"}
# In the place of a message's number: nothing was sent there.
_LEFT_OUT = 0
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_Seconds: TypeAlias = Callable[[], int]
_log = structlog.get_logger()

# Otherwise every RetryAfter warns that its seconds will be a timedelta one day; both are understood below.
os.environ.setdefault("PTB_TIMEDELTA", "1")  # noqa: TID251 - the library's only switch for it


class FetchFailed(Exception):
    """The file could not be fetched now; try again."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Telegram:
    """One bot at one Bot API server."""

    name: str = NAME

    def __init__(self, token: str, api: str) -> None:
        # A server on this machine is never behind a proxy; Telegram itself may be (HTTPS_PROXY).
        direct = urlsplit(api).hostname in ("127.0.0.1", "localhost", "::1")
        about: dict[str, Any] = {"httpx_kwargs": {"trust_env": not direct}}
        self._sending = HTTPXRequest(connection_pool_size=16, pool_timeout=5.0, **about)
        self._polling = HTTPXRequest(connection_pool_size=2, **about)
        self._bot = Bot(
            token,
            base_url=f"{api.rstrip('/')}/bot",
            base_file_url=f"{api.rstrip('/')}/file/bot",
            request=self._sending,
            get_updates_request=self._polling,
        )
        # The library's own client gathers a whole file in memory. As it is: a packed answer could unfold without end.
        self._files = httpx.AsyncClient(
            trust_env=not direct, timeout=_SILENT, headers={"Accept-Encoding": "identity"}, follow_redirects=False
        )
        self._begun: dict[tuple[str, Rendered], tuple[int, ...]] = {}
        # Who we are at Telegram; the name is known once it was asked for (`set_up`).
        self.me = Me(int(token.partition(":")[0]) if token.partition(":")[0].isdigit() else 0)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._sending.shutdown()
        await self._polling.shutdown()
        await self._files.aclose()

    async def send(self, chat: str, letter: Rendered) -> Outcome:
        """Send a letter, in parts when it is long, the buttons under the last; a repeat goes on where it stopped.

        A recording goes before it.
        """
        texts: list[str | Recording] = [*parts(letter.text)]
        if not texts:
            return Never("empty")
        if any(not 1 <= len(id_.encode()) <= _LONGEST_BUTTON for id_, _ in letter.choices):
            return Never("button")
        mine = (chat, letter)
        texts[:0] = [letter.sound] if letter.sound else []
        gone = self._begun.get(mine, ())
        for at in range(len(gone), len(texts)):
            if at:
                self._begun[mine] = gone
                await asyncio.sleep(_BETWEEN_PARTS)
            outcome = await self._hand(chat, texts[at], _keyboard(letter) if at == len(texts) - 1 else None)
            if isinstance(outcome, Later):
                return replace(outcome, messages=tuple(each for each in gone if each != _LEFT_OUT))
            if not isinstance(outcome, Delivered):
                self._begun.pop(mine, None)
                return outcome
            gone += outcome.messages
        self._begun.pop(mine, None)
        return Delivered(tuple(each for each in gone if each != _LEFT_OUT))

    async def _hand(self, chat: str, part: str | Recording, keyboard: InlineKeyboardMarkup | None) -> Outcome:
        """One part; a recording that the platform or the person does not take is left out: the words say the same."""
        if isinstance(part, str):
            return await self._send(chat, part, keyboard)
        try:
            sent = await self._bot.send_voice(int(chat), part.path.read_bytes(), filename=f"voice{part.path.suffix}")
        except (BadRequest, OSError) as error:
            if isinstance(error, BadRequest) and _no_chat(error):
                return Unreachable()
            _log.warning("a recording was not sent", channel=NAME, error=type(error).__name__)
            return Delivered((_LEFT_OUT,))
        except TelegramError as error:
            return _outcome(error)
        return Delivered((sent.message_id,))

    async def _send(self, chat: str, text: str, keyboard: InlineKeyboardMarkup | None) -> Outcome:
        try:
            sent = await self._bot.send_message(
                int(chat), text, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
            )  # fmt: skip
        except TelegramError as error:
            return _outcome(error)
        return Delivered((sent.message_id,))

    async def take_away(self, chat: str, messages: Sequence[int]) -> Outcome:
        """Delete messages, a hundred at a time; one that Telegram keeps spoils its hundred, so that is halved then."""
        left = [list(messages[at : at + _AT_ONCE]) for at in range(0, len(messages), _AT_ONCE)]
        while left:
            some = left.pop()
            try:
                await self._bot.delete_messages(int(chat), some)
            except BadRequest as error:
                if _no_chat(error):
                    return Unreachable()
                half = len(some) // 2
                left += [some[:half], some[half:]] if half else []
            except TelegramError as error:
                return _outcome(error)
        return Delivered()

    @property
    def link(self) -> str:
        """Where people write to us in private; nothing while our name is not known."""
        return f"https://t.me/{self.me.username}" if self.me.username else ""

    async def answer_tap(self, query: str) -> None:
        """Stop the button's spinner; too late, or not at all, changes nothing for the person's answer."""
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            _log.debug("a tap was not answered", channel=NAME, error=type(error).__name__)

    async def fetch(self, remote: str, write: Callable[[bytes], Awaitable[None]]) -> bool:
        """Hand a file on piece by piece; False when it is larger than what Telegram gives to bots, or gone."""
        try:
            async with asyncio.timeout(_DOWNLOAD):
                file = await self._bot.get_file(remote)
                return await self._download(file.file_path or "", write)
        except BadRequest:  # "file is too big", "wrong file_id or the file is temporarily unavailable"
            return False
        except (TelegramError, TimeoutError):
            raise FetchFailed from None

    async def _download(self, url: str, write: Callable[[bytes], Awaitable[None]]) -> bool:
        try:
            async with self._files.stream("GET", url) as answer:
                if answer.status_code == httpx.codes.NOT_FOUND:
                    return False
                answer.raise_for_status()
                async for piece in answer.aiter_bytes(_PIECE):
                    await write(piece)
        except (httpx.HTTPError, httpx.InvalidURL):
            # None of its words: they quote the address, and the token is in it.
            raise FetchFailed from None
        return True

    async def updates(self, offset: int, seconds: int) -> list[dict[str, object]]:
        """Ask for updates as Telegram wrote them: one that the library cannot read must not hide the others."""
        asked = urlencode({"offset": offset, "timeout": seconds, "allowed_updates": json.dumps(UPDATES)})
        answer = await self._polling.retrieve(f"{self._bot.base_url}/getUpdates?{asked}", read_timeout=seconds + 10)
        found = json.loads(answer)["result"]
        return [each for each in found if isinstance(each, dict)]

    async def set_up(self, webhook_url: str | None, secret: str | None, texts: Texts, languages: Sequence[str]) -> bool:
        """Tell Telegram how to reach us and which commands there are; whether it heard."""
        try:
            if webhook_url:
                await self._bot.set_webhook(webhook_url, secret_token=secret, allowed_updates=UPDATES)
            else:
                await self._bot.delete_webhook()
            for language in languages:
                await self._commands(texts, language)
            me = await self._bot.get_me()
            self.me = Me(me.id, me.username or "")
        except TelegramError as error:
            _log.warning("Telegram could not be set up; trying again", channel=NAME, error=type(error).__name__)
            return False
        return True

    async def _commands(self, texts: Texts, language: str) -> None:
        code = None if language == "en" else language
        for scope, listed in (
            (BotCommandScopeAllPrivateChats(), notices.COMMANDS),
            (BotCommandScopeAllGroupChats(), notices.GROUP_COMMANDS),
        ):
            commands = [BotCommand(name, texts.say(text, language)) for name, text in listed]
            await self._bot.set_my_commands(commands, scope=scope, language_code=code)


def _keyboard(letter: Rendered) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(short(label, _LABEL), callback_data=id_)] for id_, label in letter.choices]
    return InlineKeyboardMarkup(rows) if rows else None


def _outcome(error: TelegramError) -> Outcome:
    """What a refusal means for the letter; which errors there are: https://core.telegram.org/bots/api#making-requests."""
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return Later(after.total_seconds() if isinstance(after, timedelta) else after, "429", chat_waits=True)
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    if isinstance(error, Forbidden):
        return Unreachable()
    if isinstance(error, InvalidToken):
        return Later(60, "token")
    if isinstance(error, BadRequest):
        return Unreachable() if _no_chat(error) else Never("bad request")
    return Later(0, "network" if isinstance(error, NetworkError) else "platform")


def _no_chat(error: BadRequest) -> bool:
    return "chat not found" in error.message.lower()


async def _nothing(_: str) -> None:
    """Nobody who understands."""


@dataclass(frozen=True, slots=True)
class _Row:
    """What is kept of one update: the names of its message, its address, the locked update, and its number there."""

    names: tuple[str, ...]
    address: str
    sealed: bytes
    message: int | None


@dataclass(slots=True)
class Doorway:
    """Where updates are taken in, whichever way they came; `rang` wakes whoever works on them.

    What is said in a group is understood here, before anything is kept: of what belongs in private only the message's
    number is taken in, of everything else nothing (R103).
    """

    telegram: Telegram
    store: Store
    pocket: Pocket
    rang: Callable[[], object]
    clock: _Seconds
    understand: Callable[[str], Awaitable[Understood | None]] = _nothing
    _answering: set[asyncio.Task[None]] = field(default_factory=set)
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_FEW))

    async def take_in(self, updates: Sequence[object], offset: int | None = None) -> None:
        """Keep what is for us, and the offset with it, in one transaction; answer taps once it is kept."""
        now = self.clock()
        found = await asyncio.gather(*map(self._row, updates))
        rows = [row for row in found if row]

        def unit(tx: Tx) -> None:
            for each in rows:
                new = people.take_in(tx, each.names[0], NAME, each.address, each.sealed, now, each.names[1:])
                if new and each.message is not None:
                    traces.note(tx, each.address, (each.message,), now)
            if offset is not None:
                people.move_offset(tx, NAME, offset)

        await self.store.run(unit)
        if rows:
            self.rang()
        for query in filter(None, map(tap, updates)):
            self._later(self.telegram.answer_tap(query))

    async def _row(self, update: object) -> _Row | None:
        inbound = read(update, self.telegram.me)
        if inbound is None:
            return None
        if isinstance(inbound.what, GroupSaid):
            told = await self._told(inbound.what)
            if told is None:
                return None
            update = told_in_group(inbound, told)
        names = self.pocket.tokens("inbound", NAME, inbound.id)
        sealed = self.pocket.lock.shut(json.dumps(update).encode(), place(names[0]))
        return _Row(names, self.pocket.address(NAME, inbound.chat), sealed, written(update))

    async def _told(self, said: GroupSaid) -> GroupTold | None:
        """What is to be done about it; None: it is not ours to read."""
        if not any(map(str.isalpha, said.words)):
            return GroupTold(said.message) if said.to_us else None
        # A few at a time: whoever talks in private needs to be understood as well.
        async with self._few:
            meant = await self.understand(said.words)
        if meant and (meant.intent in _PRIVATE or not _PRIVATE.isdisjoint(meant.also)):
            return GroupTold(said.message)
        known = meant is not None and not meant.maybe
        return GroupTold(None if known else said.message) if said.to_us else None

    def _later(self, answer: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(answer)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)


def place(key: str) -> Place:
    """Where an update that waits in the inbox belongs."""
    return people.update_place(key)


class Poller:
    """Long polling: `run` until it is cancelled."""

    def __init__(
        self, doorway: Doorway, texts: Texts, languages: Sequence[str], chance: Random, seconds: int = 25
    ) -> None:
        self._doorway, self._texts, self._languages = doorway, texts, languages
        self._chance, self._seconds = chance, seconds
        self._failed = 0
        self._said: set[str] = set()

    async def run(self) -> None:
        """Take updates in for ever; no trouble of Telegram's, the network's or the store's ends it."""
        while not await self._doorway.telegram.set_up(None, None, self._texts, self._languages):
            await self._pause()
        offset: int | None = None
        while True:
            try:
                if offset is None:
                    offset = await self._doorway.store.look(lambda tx: people.offset(tx, NAME))
                offset = await self.round(offset)
                self._failed = 0
            except Exception as error:  # noqa: BLE001 - the way in stays open whatever happens
                self._say(error)
                await self._pause()

    async def round(self, offset: int) -> int:
        """One poll, and what it brought taken in; the offset for the next. Nothing is lost where this raises."""
        updates = await self._doorway.telegram.updates(offset, self._seconds)
        numbers = [found for each in updates if (found := number(each)) is not None]
        if not numbers:
            return offset
        # Not max(offset, …): after a week of silence Telegram numbers from anywhere, and may then go back.
        after = max(numbers) + 1
        await self._doorway.take_in(updates, after)
        return after

    async def _pause(self) -> None:
        self._failed += 1
        await asyncio.sleep(min(_SLOWEST, 0.25 * 2 ** min(self._failed, 8)) * self._chance.uniform(0.5, 1.0))

    def _say(self, error: Exception) -> None:
        if isinstance(error, Conflict):
            sentence = "another program reads this bot's messages: stop it, or give each its own token from @BotFather"
        elif isinstance(error, InvalidToken):
            sentence = "Telegram does not know this token: correct AMANA_TELEGRAM_TOKEN"
        elif isinstance(error, StoreUnavailable):
            sentence = "the store cannot be used; Telegram keeps its messages for a day"
        else:
            sentence = "Telegram could not be read; trying again"
        log = _log.debug if sentence in self._said else _log.warning
        self._said.add(sentence)
        log(sentence, channel=NAME, error=type(error).__name__, attempts=self._failed + 1)


class Webhook:
    """Updates that Telegram posts; it repeats whatever is not answered with 200."""

    def __init__(
        self, doorway: Doorway, url: str, secret: str, texts: Texts, languages: Sequence[str], chance: Random
    ) -> None:
        self._doorway, self._url, self._secret = doorway, url, secret
        self._texts, self._languages, self._chance = texts, languages, chance

    async def run(self) -> None:
        """Tell Telegram the address, again and again until it has heard."""
        wait = 1.0
        while not await self._doorway.telegram.set_up(self._url, self._secret, self._texts, self._languages):
            await asyncio.sleep(wait * self._chance.uniform(0.5, 1.0))
            wait = min(_SLOWEST, wait * 2)

    async def take_update(self, body: bytes, secret: str | None) -> int:
        """The HTTP status for one post: 200 only once it is kept."""
        if not hmac.compare_digest((secret or "").encode("utf-8", "surrogatepass"), self._secret.encode()):
            return 401
        if len(body) > _LONGEST_UPDATE:
            return 413
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        if number(update) is None:
            return 400
        try:
            await self._doorway.take_in([update])
        except StoreUnavailable:
            return 503
        return 200

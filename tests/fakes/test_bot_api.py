"""The Bot API fake, proved by clients that are not ours: python-telegram-bot and aiogram, unmodified."""

from __future__ import annotations

import asyncio
import base64
import sys
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiogram
import httpx
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import web
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
from telegram.ext import ApplicationBuilder, CommandHandler

from .bot_api import DOWNLOAD_LIMIT, MEGABYTE, TOKEN, BotApi

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Self

ANNA, BEN, GROUP = 700_000_000_001, 42, -4001
ROOT = Path(__file__).resolve().parents[2]
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20


@pytest.fixture(autouse=True)
def _waits_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python-telegram-bot warns of the old way, in which retry_after is a number."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A server of the test's own."""
    with BotApi() as server:
        yield server


@asynccontextmanager
async def ptb(api: BotApi) -> AsyncIterator[telegram.Bot]:
    """Python-telegram-bot as it comes; entering asks getMe."""
    async with telegram.Bot(TOKEN, base_url=api.base_url, base_file_url=api.base_file_url) as bot:
        yield bot


@asynccontextmanager
async def gram(api: BotApi, token: str = TOKEN) -> AsyncIterator[aiogram.Bot]:
    """Aiogram as it comes."""
    bot = aiogram.Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api.url)))
    try:
        yield bot
    finally:
        await bot.session.close()


def keyboard(*buttons: tuple[str, str]) -> telegram.InlineKeyboardMarkup:
    """One row of buttons."""
    row = [telegram.InlineKeyboardButton(label, callback_data=data) for label, data in buttons]
    return telegram.InlineKeyboardMarkup([row])


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Hook:
    """A webhook that answers with the statuses it is told, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.heard: list[tuple[dict[str, Any], str | None]] = []
        self.url = ""

    async def _hear(self, request: web.Request) -> web.Response:
        self.heard.append((await request.json(), request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response(status=self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/hook", self._hear)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/hook"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()


def seconds(wait: float | timedelta) -> float:
    """How long, whichever way python-telegram-bot says it."""
    return wait.total_seconds() if isinstance(wait, timedelta) else wait


async def test_both_clients_learn_who_the_bot_is(api: BotApi) -> None:
    """python-telegram-bot and aiogram can use the server as it stands."""
    async with ptb(api) as one, gram(api) as two:
        assert (await one.get_me()).username == "amana_test_bot"
        assert (await two.get_me()).is_bot


async def test_a_wrong_token_is_unauthorized_and_an_unknown_method_is_not_found(api: BotApi) -> None:
    """A mistyped token or method shows at once, and not as success."""
    wrong = telegram.Bot("1:wrong", base_url=api.base_url)
    with pytest.raises(InvalidToken):
        await wrong.initialize()
    await wrong.shutdown()
    async with ptb(api) as one, gram(api, "1:wrong") as two, gram(api) as three:
        with pytest.raises(TelegramUnauthorizedError):
            await two.get_me()
        with pytest.raises(TelegramError, match="not found"):
            await one.do_api_request("sendCarrierPigeon")
        with pytest.raises(TelegramNotFound):
            await three.log_out()


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(api: BotApi) -> None:
    """A bot that dies before it confirmed hears the message again; one that confirmed does not."""
    api.says(ANNA, "one")
    api.says(ANNA, "two")

    async with ptb(api) as bot:
        first = await bot.get_updates()
        again = await bot.get_updates(offset=first[0].update_id)
        rest = await bot.get_updates(offset=first[0].update_id + 1)
        limited = await bot.get_updates(limit=1)
        none = await bot.get_updates(offset=first[1].update_id + 1)

    assert [update.message.text for update in first if update.message] == ["one", "two"]
    assert first == again
    assert first[1:] == rest == limited
    assert none == ()
    assert [update.update_id for update in first] == api.confirmed()


async def test_a_negative_offset_forgets_all_but_the_newest(api: BotApi) -> None:
    """Telegram: a negative offset counts from the end of the queue, and forgets all before it."""
    for text in ("one", "two", "three"):
        api.says(ANNA, text)

    async with gram(api) as bot:
        newest = await bot.get_updates(offset=-1)
        left = await bot.get_updates()

    assert [update.message.text for update in newest if update.message] == ["three"]
    assert newest == left


async def test_a_long_poll_returns_as_soon_as_somebody_writes(api: BotApi) -> None:
    """A person who writes is heard now, not when the poll's time is up."""
    async with ptb(api) as one, gram(api) as two:
        clients: tuple[telegram.Bot | aiogram.Bot, ...] = (one, two)
        for bot in clients:
            poll = asyncio.create_task(bot.get_updates(timeout=20))
            await asyncio.sleep(0.1)
            assert not poll.done()
            api.says(ANNA, "hello")
            assert len(await asyncio.wait_for(poll, 2)) == 1
            last = (await bot.get_updates())[-1].update_id
            assert not await bot.get_updates(offset=last + 1)


async def test_kinds_that_were_not_asked_for_do_not_come(api: BotApi) -> None:
    """allowed_updates is remembered until it is changed, as at Telegram."""
    async with ptb(api) as bot:
        await bot.get_updates(allowed_updates=["callback_query"])
        api.says(ANNA, "not heard")
        assert await bot.get_updates() == ()
        await bot.get_updates(allowed_updates=[])
        api.says(ANNA, "heard")
        assert len(await bot.get_updates()) == 1


async def test_a_second_poller_ends_the_first_and_a_webhook_forbids_both(api: BotApi) -> None:
    """Two bots with one token are told so: 409."""
    async with ptb(api) as one, gram(api) as two:
        first = asyncio.create_task(one.get_updates(timeout=20))
        await asyncio.sleep(0.1)
        assert await two.get_updates(timeout=0) == []
        with pytest.raises(Conflict, match="other getUpdates"):
            await first

        await two.set_webhook("https://example.org/hook")
        with pytest.raises(TelegramConflictError, match="webhook is active"):
            await two.get_updates()
        assert (await one.get_webhook_info()).url == "https://example.org/hook"
        await one.delete_webhook()
        assert await one.get_updates() == ()


async def test_buttons_arrive_can_be_tapped_and_the_tap_can_be_answered_once_in_time(api: BotApi) -> None:
    """A person sees labels, the bot hears the data behind them, also of an old message whose buttons are gone."""
    api.says(ANNA, "/start")
    async with ptb(api) as bot:
        old = await bot.send_message(ANNA, "Now?", reply_markup=keyboard(("Yes", "old-yes"), ("No", "old-no")))
        await bot.send_message(ANNA, "And now?", reply_markup=keyboard(("Yes", "new-yes")))
        await bot.edit_message_reply_markup(ANNA, old.message_id, reply_markup=None)
        api.taps(ANNA, "Yes")
        api.taps(ANNA, "old-no", message_id=old.message_id)
        _, newer, older = [update.callback_query for update in await bot.get_updates()]
        assert newer
        assert older
        await newer.answer()
        api.expire_queries()
        with pytest.raises(BadRequest, match="too old"):
            await older.answer()
        with pytest.raises(BadRequest, match="too old"):
            await bot.answer_callback_query("123")

    assert (newer.data, older.data) == ("new-yes", "old-no")
    assert [sent.buttons for sent in api.sent(ANNA)] == [[], [("Yes", "new-yes")]]
    assert [(newer.id, "")] == api.answered
    with pytest.raises(LookupError, match="no button 'Perhaps'"):
        api.taps(ANNA, "Perhaps")


async def test_a_message_the_bot_deleted_can_still_be_tapped_but_tells_nothing(api: BotApi) -> None:
    """The person's app may be behind: the tap comes with a message that is no longer accessible."""
    api.says(ANNA, "/start")
    async with gram(api) as bot:
        row = [
            InlineKeyboardButton(text="Yes", callback_data="y"),
            InlineKeyboardButton(text="?", url="https://a.org"),
        ]
        sent = await bot.send_message(ANNA, "Now?", reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))
        assert api.sent(ANNA)[0].buttons == [("Yes", "y"), ("?", "https://a.org")]
        await bot.delete_message(ANNA, sent.message_id)
        with pytest.raises(TelegramBadRequest, match="message to delete not found"):
            await bot.delete_message(ANNA, sent.message_id)
        api.taps(ANNA, "Yes", message_id=sent.message_id)
        query = (await bot.get_updates())[-1].callback_query

    assert query
    assert query.message
    assert query.message.date == 0
    assert api.sent(ANNA)[0].deleted


@pytest.mark.parametrize(("data", "fits"), [("x" * 64, True), ("x" * 65, False), ("é" * 32, True), ("é" * 33, False)])
async def test_a_button_carries_at_most_64_bytes(api: BotApi, data: str, fits: bool) -> None:
    """Bytes, not letters: 33 accented letters are too many."""
    api.says(ANNA, "/start")
    async with ptb(api) as bot:
        if fits:
            await bot.send_message(ANNA, "?", reply_markup=keyboard(("Yes", data)))
        else:
            with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
                await bot.send_message(ANNA, "?", reply_markup=keyboard(("Yes", data)))

    assert fits == bool(api.sent(ANNA))


async def test_a_text_has_1_to_4096_utf16_units(api: BotApi) -> None:
    """A text of emoji is full at half the number of signs; blanks around it do not count."""
    api.says(ANNA, "/start")
    async with ptb(api) as one, gram(api) as two:
        for text in ("😀" * 2048, f"  {'x' * 4096}\n", "<b>" + "x" * 4096 + "</b>"):
            await one.send_message(ANNA, text, parse_mode="HTML")
        for text in ("😀" * 2049, "x" * 4097):
            with pytest.raises(BadRequest, match=r"(?i)message is too long"):
                await one.send_message(ANNA, text)
            with pytest.raises(TelegramBadRequest, match="message is too long"):
                await two.send_message(ANNA, text)
        with pytest.raises(BadRequest, match=r"(?i)text is empty"):
            await one.send_message(ANNA, " \n ")
        with pytest.raises(BadRequest, match=r"(?i)unsupported start tag"):
            await one.send_message(ANNA, "<case 12>", parse_mode="HTML")

    assert [sent.text for sent in api.sent(ANNA)] == ["😀" * 2048, "x" * 4096, "x" * 4096]


async def test_a_bot_cannot_write_first(api: BotApi) -> None:
    """A person must press Start; whoever is not there at all is not found."""
    api.person(ANNA)
    async with ptb(api) as bot:
        with pytest.raises(Forbidden, match="initiate conversation"):
            await bot.send_message(ANNA, "hello")
        with pytest.raises(BadRequest, match=r"(?i)chat not found"):
            await bot.send_message(BEN, "hello")


async def test_too_many_tells_both_clients_how_long_to_wait(api: BotApi) -> None:
    """429 with retry_after, for the chat it was ordered for, as often as ordered."""
    api.says(ANNA, "/start")
    api.says(BEN, "/start")
    api.too_many(ANNA, retry_after=7, n=2)

    async with ptb(api) as one, gram(api) as two:
        with pytest.raises(RetryAfter) as from_ptb:
            await one.send_message(ANNA, "hello")
        with pytest.raises(TelegramRetryAfter) as from_gram:
            await two.send_message(ANNA, "hello")
        await one.send_message(BEN, "hello")
        await one.send_message(ANNA, "hello")

    assert seconds(from_ptb.value.retry_after) == from_gram.value.retry_after == 7
    assert [call.status for call in api.calls if call.method == "sendMessage"] == [429, 429, 200, 200]


async def test_flood_control_lets_a_burst_pass_and_stops_a_stream() -> None:
    """Three at once to a person, then one a second; 20 a minute to a group; who is told to wait must wait."""
    clock = Clock()
    with BotApi(strict=True, clock=clock) as api:
        api.says(ANNA, "/start")
        api.group(GROUP, "Partners")
        async with ptb(api) as bot:
            for _ in range(3):
                await bot.send_message(ANNA, "burst")
            with pytest.raises(RetryAfter):
                await bot.send_message(ANNA, "stream")
            clock.now += 0.9
            with pytest.raises(RetryAfter):
                await bot.send_message(ANNA, "too early")
            for _ in range(10):
                clock.now += 1
                await bot.send_message(ANNA, "steady")
            for _ in range(20):
                clock.now += 0.1
                await bot.send_message(GROUP, "news")
            with pytest.raises(RetryAfter) as told:
                await bot.send_message(GROUP, "one more")
            clock.now += seconds(told.value.retry_after)
            await bot.send_message(GROUP, "after the wait")


async def test_flood_control_counts_all_chats_together() -> None:
    """Thirty messages a second in all, to whomever they go."""
    clock = Clock()
    with BotApi(strict=True, clock=clock) as api:
        for person in range(1, 32):
            api.says(person, "/start")
        async with ptb(api) as bot:
            for person in range(1, 31):
                await bot.send_message(person, "news")
            with pytest.raises(RetryAfter):
                await bot.send_message(31, "news")
            clock.now += 1
            await bot.send_message(31, "news")


async def test_who_blocked_the_bot_is_forbidden_until_writing_again(api: BotApi) -> None:
    """403 in Telegram's words for the blocked, the deleted and the thrown out."""
    api.says(ANNA, "/start")
    api.says(BEN, "/start")
    api.group(GROUP, "Partners")
    api.blocked(ANNA, told=True)
    api.deactivated(BEN)
    api.kicked(GROUP)

    async with ptb(api) as one, gram(api) as two:
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await one.send_message(ANNA, "hello")
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await two.send_chat_action(ANNA, "typing")
        with pytest.raises(Forbidden, match="user is deactivated"):
            await one.send_message(BEN, "hello")
        with pytest.raises(Forbidden, match="kicked from the group chat"):
            await one.send_message(GROUP, "hello")
        api.says(ANNA, "I am back")
        await one.send_message(ANNA, "welcome")
        moves = [update.my_chat_member for update in await one.get_updates() if update.my_chat_member]

    assert [(move.old_chat_member.status, move.new_chat_member.status) for move in moves] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    assert [sent.text for sent in api.sent(ANNA)] == ["welcome"]


async def test_a_group_that_became_a_supergroup_tells_its_new_id(api: BotApi) -> None:
    """The send fails with the new id, the service messages tell it too, and the new id works."""
    new = -1001234567890
    api.group(GROUP, "Partners")
    api.migrate(GROUP, new)

    async with ptb(api) as one, gram(api) as two:
        with pytest.raises(ChatMigrated) as from_ptb:
            await one.send_message(GROUP, "hello")
        with pytest.raises(TelegramMigrateToChat) as from_gram:
            await two.send_message(GROUP, "hello")
        told = [update.message for update in await one.get_updates() if update.message]
        await one.send_message(new, "hello")

    assert from_ptb.value.new_chat_id == from_gram.value.migrate_to_chat_id == new
    assert [(new, None), (None, GROUP)] == [(m.migrate_to_chat_id, m.migrate_from_chat_id) for m in told]
    assert len(api.sent(new)) == 1


async def test_the_bot_hears_groups_as_its_privacy_mode_allows(api: BotApi) -> None:
    """It is added, hears members, knows who is an administrator, leaves, and hears no more."""
    api.group(GROUP, "Partners")
    api.adds_bot(GROUP, by=BEN)
    api.member(GROUP, BEN, "administrator")
    api.says_in_group(GROUP, ANNA, "/link CODE")
    async with ptb(api) as one, gram(api) as two:
        added, service, link = await one.get_updates()
        members = [await one.get_chat_member(GROUP, user) for user in (BEN, ANNA)]
        title = (await two.get_chat(GROUP)).title
        assert (await two.get_chat_member(GROUP, BEN)).status == "administrator"
        await one.leave_chat(GROUP)
        with pytest.raises(Forbidden, match="not a member"):
            await one.send_message(GROUP, "hello")

    assert added.my_chat_member
    assert service.message
    assert service.message.new_chat_members[0].is_bot
    assert link.message
    assert (link.message.text, link.effective_user and link.effective_user.id) == ("/link CODE", ANNA)
    assert [member.status for member in members] == ["administrator", "member"]
    assert title == "Partners"
    assert api.says_in_group(GROUP, ANNA, "gone?") is None
    with BotApi(reads_groups=False) as private:
        private.group(GROUP, "Partners")
        assert private.says_in_group(GROUP, ANNA, "among us") is None
        assert private.says_in_group(GROUP, ANNA, "/ask") is not None


async def test_files_come_down_as_they_went_up(api: BotApi) -> None:
    """Bytes equal, with both clients; the first photo size is a thumbnail, the last the photo."""
    api.sends_photo(ANNA, JPEG, caption="look")
    api.sends_voice(ANNA, b"OggS voice")
    api.sends_document(ANNA, "report.pdf", b"%PDF", "application/pdf")

    async with ptb(api) as one, gram(api) as two:
        photo, voice, document = [update.message for update in await one.get_updates()]
        assert photo
        assert voice
        assert voice.voice
        assert document
        assert document.document
        assert bytes(await (await photo.photo[-1].get_file()).download_as_bytearray()) == JPEG
        assert bytes(await (await photo.photo[0].get_file()).download_as_bytearray()) != JPEG
        assert bytes(await (await voice.voice.get_file()).download_as_bytearray()) == b"OggS voice"
        assert (document.document.file_name, document.document.mime_type) == ("report.pdf", "application/pdf")
        down = await two.download(document.document.file_id)
        assert down
        assert down.read() == b"%PDF"


async def test_a_file_over_20_megabytes_cannot_be_downloaded(api: BotApi) -> None:
    """Telegram's cloud server refuses in getFile, before any byte."""
    api.sends_document(ANNA, "film.mp4", bytes(DOWNLOAD_LIMIT + 1), "video/mp4")

    async with ptb(api) as bot:
        (update,) = await bot.get_updates()
        assert update.message
        assert update.message.document
        assert update.message.document.file_size == 20 * MEGABYTE + 1
        with pytest.raises(BadRequest, match=r"(?i)file is too big"):
            await update.message.document.get_file()


async def test_the_bot_sends_files_by_upload_and_again_by_id(api: BotApi) -> None:
    """Multipart uploads of both clients arrive whole; a photo that is none is refused."""
    api.says(ANNA, "/start")
    async with ptb(api) as one, gram(api) as two:
        sent = await one.send_photo(ANNA, JPEG, caption="look", reply_markup=keyboard(("Yes", "y")))
        await one.send_photo(ANNA, sent.photo[-1].file_id)
        await one.send_voice(ANNA, b"OggS voice")
        await two.send_document(ANNA, BufferedInputFile(b"x" * 3 * MEGABYTE, "big.txt"), caption="text")
        with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
            await one.send_photo(ANNA, b"not a photo")

    assert [sent.file for sent in api.sent(ANNA)] == [JPEG, JPEG, b"OggS voice", b"x" * 3 * MEGABYTE]
    assert (api.sent(ANNA)[0].text, api.sent(ANNA)[0].buttons) == ("look", [("Yes", "y")])
    assert (api.sent(ANNA)[3].text, api.sent(ANNA)[3].file_name) == ("text", "big.txt")


async def test_a_webhook_is_called_with_its_secret_until_it_says_yes() -> None:
    """After 503 the same update comes again, and what one person wrote stays in order."""
    hook = Hook(503, 500, 200)
    with BotApi(webhook_pause=0.01) as api:
        async with hook, ptb(api) as bot:
            with pytest.raises(BadRequest, match=r"(?i)unallowed characters"):
                await bot.set_webhook(hook.url, secret_token="no spaces")
            await bot.set_webhook(hook.url, secret_token="Secret_1")
            api.says(ANNA, "one")
            api.says(ANNA, "two")
            await asyncio.to_thread(api.wait_pending)
            info = await bot.get_webhook_info()

    assert [update["message"]["text"] for update, _ in hook.heard] == ["one", "one", "one", "two"]
    assert {"Secret_1"} == {secret for _, secret in hook.heard}
    assert "500" in (info.last_error_message or "")
    assert info.pending_update_count == 0


async def test_a_webhook_may_hear_updates_again_and_in_another_order(api: BotApi) -> None:
    """As after trouble at Telegram: same ids, other order, once more."""
    hook = Hook(200)
    async with hook, gram(api) as bot:
        await bot.set_webhook(hook.url)
        api.reorder()
        api.says(ANNA, "one")
        api.says(ANNA, "two")
        await asyncio.to_thread(api.wait_for, lambda: len(api.confirmed()) == 2)
        api.redeliver(2)
        await asyncio.to_thread(api.wait_for, lambda: len(api.confirmed()) == 4)

    assert [update["message"]["text"] for update, _ in hook.heard] == ["two", "one", "two", "one"]


async def test_a_lost_answer_is_an_error_to_the_bot_and_a_message_to_the_person(api: BotApi) -> None:
    """The connection closes after the send: the bot cannot know, the person has it."""
    api.says(ANNA, "/start")
    api.lose_answer(2)

    async with ptb(api) as one, gram(api) as two:
        with pytest.raises(NetworkError):
            await one.send_message(ANNA, "from ptb")
        with pytest.raises(TelegramNetworkError):
            await two.send_message(ANNA, "from aiogram")
        await one.send_message(ANNA, "answered")

    assert [sent.text for sent in api.sent(ANNA)] == ["from ptb", "from aiogram", "answered"]
    assert [call.status for call in api.calls if call.method == "sendMessage"] == [0, 0, 200]


async def test_trouble_at_telegram_performs_nothing(api: BotApi) -> None:
    """500 and 502: nobody got anything; a delay only takes longer; clear() ends what has no number."""
    api.says(ANNA, "/start")
    api.fail(500)
    async with ptb(api) as one, gram(api) as two:
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await one.send_message(ANNA, "hello")
        api.fail(502, n=None, method="*")
        for _ in range(3):
            with pytest.raises(TelegramServerError, match="Bad Gateway"):
                await two.get_me()
        api.clear()
        api.delay(0.2)
        await two.send_message(ANNA, "late")
        before, after = api.calls[-1].at, api.sent(ANNA)[0].at

    assert [sent.text for sent in api.sent(ANNA)] == ["late"]
    assert after - before >= 0.2


async def test_confirmed_updates_may_come_again_and_in_another_order(api: BotApi) -> None:
    """The same ids, so that a bot can know them; a dropped poll loses none."""
    first = [api.says(ANNA, text) for text in ("one", "two", "three")]
    async with ptb(api) as bot:
        api.drop_connection_on_get_updates()
        with pytest.raises(NetworkError):
            await bot.get_updates()
        api.reorder()
        reordered = await bot.get_updates()
        highest = max(update.update_id for update in reordered)
        await bot.get_updates(offset=highest + 1)
        api.redeliver(2)
        again = await bot.get_updates(offset=highest + 1)
        none = await bot.get_updates(offset=highest + 1)

    assert first[::-1] == [update.update_id for update in reordered]
    assert first[1:] == [update.update_id for update in again]
    assert none == ()


async def test_a_bot_that_died_polling_takes_nothing_from_its_successor(api: BotApi) -> None:
    """What was to come once more is not given to a connection that is gone."""
    api.says(ANNA, "one")
    async with ptb(api) as bot:
        (update,) = await bot.get_updates()
        poll = asyncio.create_task(bot.get_updates(offset=update.update_id + 1, timeout=20))
        await asyncio.sleep(0.1)
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        await asyncio.sleep(0.1)
        api.redeliver(1)
        assert (update,) == await bot.get_updates(offset=update.update_id + 1)


async def test_commands_keep_telegrams_alphabet(api: BotApi) -> None:
    """Capitals are refused, as at Telegram."""
    async with ptb(api) as bot:
        await bot.set_my_commands([("report", "Tell us")])
        with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
            await bot.set_my_commands([("Report", "Tell us")])

    assert [command["command"] for command in api.commands] == ["report"]


async def test_edits_that_change_nothing_are_refused(api: BotApi) -> None:
    """The same buttons again are an error; removing a keyboard is none."""
    api.says(ANNA, "/start")
    async with ptb(api) as bot:
        sent = await bot.send_message(ANNA, "?", reply_markup=keyboard(("Yes", "y")))
        with pytest.raises(BadRequest, match=r"(?i)not modified"):
            await bot.edit_message_reply_markup(ANNA, sent.message_id, reply_markup=keyboard(("Yes", "y")))
        await bot.edit_message_text("!", ANNA, sent.message_id)
        with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
            await bot.edit_message_text("!", ANNA, 1)
        await bot.send_message(ANNA, "bye", reply_markup=telegram.ReplyKeyboardRemove())

    assert [(kept.text, kept.buttons) for kept in api.sent(ANNA)] == [("!", []), ("bye", [])]


async def test_a_whole_application_of_python_telegram_bot_runs_on_it(api: BotApi) -> None:
    """Its updater polls, its command handler knows the command, the person reads the answer."""

    async def start(update: telegram.Update, _: Any) -> None:
        assert update.message
        await update.message.reply_text("Welcome")

    builder = ApplicationBuilder().token(TOKEN).base_url(api.base_url).base_file_url(api.base_file_url)
    application = builder.build()
    application.add_handler(CommandHandler("start", start))
    async with application:
        assert application.updater
        await application.start()
        await application.updater.start_polling(poll_interval=0, timeout=5)
        api.says(ANNA, "/start")
        sent = await asyncio.to_thread(api.wait_sent, ANNA)
        await application.updater.stop()
        await application.stop()

    assert [message.text for message in sent] == ["Welcome"]


async def test_another_process_can_move_the_people_and_read_what_was_sent() -> None:
    """The server as a process: everything a test may do is POST /control/<name>."""
    command = [sys.executable, "-m", "tests.fakes.bot_api", "--port", "0", "--token", "5:abc"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    try:
        assert process.stdout
        url = (await process.stdout.readline()).decode().strip()
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:

            async def control(name: str, /, **arguments: object) -> Any:
                return (await client.post(f"/control/{name}", json=arguments)).json()

            await control("says", chat_id=ANNA, text="/start")
            data = base64.b64encode(b"abc").decode()
            await control("sends_document", chat_id=ANNA, name="a", data=data)
            updates = (await client.get("/bot5:abc/getUpdates")).json()["result"]
            markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
            body = {"chat_id": ANNA, "text": "hello", "reply_markup": markup}
            assert (await client.post("/bot5:abc/sendMessage", json=body)).json()["ok"]
            tapped = await control("taps", chat_id=ANNA, label_or_data="Yes")
            await control("too_many", retry_after=3)
            refused = await client.post("/bot5:abc/sendMessage", data={"chat_id": str(ANNA), "text": "x"})
            sent = (await control("wait_sent", chat_id=ANNA))["result"]
            calls = (await control("calls"))["result"]
            wrong = await control("taps", chat_id=ANNA, label_or_data="No")
            unknown = await client.post("/control/format_disk")
    finally:
        process.terminate()
        status = await process.wait()

    assert updates[1]["message"]["document"]["file_size"] == 3
    assert [(message["text"], message["buttons"]) for message in sent] == [("hello", [["Yes", "y"]])]
    assert tapped == {"ok": True, "result": updates[1]["update_id"] + 1}
    assert refused.status_code == 429
    assert refused.json()["parameters"] == {"retry_after": 3}
    assert [method for _, method, _, _ in calls] == ["getUpdates", "sendMessage", "sendMessage"]
    assert not wrong["ok"]
    assert unknown.status_code == 404
    assert status == 0


async def test_many_messages_are_deleted_at_once_unless_one_must_stay() -> None:
    """1 to 100 numbers of either side, those that are gone passed over; one of more than 48 hours keeps them all."""
    clock = Clock()
    with BotApi(clock=clock) as api:
        api.says(ANNA, "/start")
        async with ptb(api) as bot:
            old = await bot.send_message(ANNA, "old")
            clock.now += 48 * 3600
            mine = await bot.send_message(ANNA, "mine")
            api.says(ANNA, "new")
            new = mine.message_id + 1
            clock.now += 1
            with pytest.raises(BadRequest, match=r"(?i)message can't be deleted for everyone"):
                await bot.delete_messages(ANNA, [old.message_id, new, mine.message_id])
            assert api.standing(ANNA) == ["/start", "old", "mine", "new"]
            assert await bot.delete_messages(ANNA, [new, mine.message_id, 999_999])
            assert await bot.delete_messages(ANNA, [mine.message_id])
            for wrong in ([], list(range(1, 102))):
                with pytest.raises(BadRequest, match=r"(?i)message identifiers"):
                    await bot.delete_messages(ANNA, wrong)
        async with gram(api) as other:
            assert await other.delete_messages(ANNA, list(range(1, 90)))

        assert api.standing(ANNA) == ["/start", "old"]


async def test_in_a_group_only_an_administrator_with_that_right_deletes_what_others_wrote(api: BotApi) -> None:
    """A bot that is a plain member is refused."""
    api.group(GROUP, "Partners")
    api.says_in_group(GROUP, ANNA, "names")
    async with ptb(api) as bot:
        number = (await bot.get_updates())[0].message
        assert number
        with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
            await bot.delete_messages(GROUP, [number.message_id])
        api.lets_delete(GROUP)
        await bot.delete_messages(GROUP, [number.message_id])

    assert api.standing(GROUP) == []

"""The Telegram channel against a strict Bot API: what goes out, what each refusal means, what is fetched."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.words import N_
from bot.inbound import Delivered, Later, Moved, Never, Unreachable
from bot.telegram import FetchFailed, Telegram
from bot.uploads import TooLarge
from house.texts import Rendered, Texts
from tests.bot.postroom import Postroom, postroom
from tests.fakes.bot_api import MEGABYTE, TOKEN

ANN, GROUP = 7_000_000_001, -4001


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Postroom]:
    async with postroom(tmp_path) as room:
        room.api.says(ANN, "/start")
        yield room


async def test_a_letter_is_plain_text_with_one_button_a_row(room: Postroom) -> None:
    """What looks like markup is the person's own text; links bring no preview; buttons stand one below the other."""
    letter = Rendered("<b>1 < 2</b> *as is* https://example.org", (("a:1:yes", "1. Yes"), ("a:1:no", "2. No")))

    assert await room.telegram.send(str(ANN), letter) == Delivered()

    (sent,) = room.api.sent(ANN)
    assert sent.text == letter.text
    assert [len(row) for row in (sent.markup or {})["inline_keyboard"]] == [1, 1]
    assert sent.buttons == [("1. Yes", "a:1:yes"), ("2. No", "a:1:no")]
    assert json.loads(sent.params["link_preview_options"]) == {"is_disabled": True}
    assert not {"parse_mode", "protect_content"} & sent.params.keys()


async def test_a_long_letter_comes_in_parts_with_the_buttons_under_the_last(room: Postroom) -> None:
    """Telegram takes 4096 units a message; nothing is cut off."""
    letter = Rendered("a" * 4000 + "\n\n" + "b" * 4000, (("x", "1. Go on"),))

    assert await room.telegram.send(str(ANN), letter) == Delivered()

    assert [each.text for each in room.api.sent(ANN)] == ["a" * 4000, "b" * 4000]
    assert [len(each.buttons) for each in room.api.sent(ANN)] == [0, 1]


async def test_a_repeat_sends_only_the_parts_that_are_missing(room: Postroom) -> None:
    """Refused in the middle of a long letter, the person gets no part twice."""
    letter = Rendered("a" * 4000 + "\n\n" + "b" * 4000)
    sending = asyncio.create_task(room.telegram.send(str(ANN), letter))
    await room.sent(ANN)
    room.api.too_many(ANN, retry_after=1)

    assert await sending == Later(1, "429", chat_waits=True)
    assert await room.telegram.send(str(ANN), letter) == Delivered()
    assert await room.telegram.send(str(ANN), letter) == Delivered()

    assert [each.text[0] for each in room.api.sent(ANN)] == ["a", "b", "a", "b"]


async def test_each_refusal_says_what_becomes_of_the_letter(room: Postroom) -> None:
    """Later, never, not reachable, elsewhere: never an exception."""
    hello = Rendered("Hello")
    room.api.group(GROUP, "Partners")
    room.api.migrate(GROUP, -1001)
    room.api.person(43)

    room.api.too_many(ANN, retry_after=7)
    assert await room.telegram.send(str(ANN), hello) == Later(7, "429", chat_waits=True)
    room.api.fail(502, chat_id=ANN)
    assert await room.telegram.send(str(ANN), hello) == Later(0, "network")
    room.api.lose_answer(chat_id=ANN)
    assert await room.telegram.send(str(ANN), hello) == Later(0, "network")
    room.api.fail(400, chat_id=ANN)
    assert await room.telegram.send(str(ANN), hello) == Never("bad request")
    room.api.blocked(ANN)
    assert await room.telegram.send(str(ANN), hello) == Unreachable()
    assert await room.telegram.send("43", hello) == Unreachable()
    assert await room.telegram.send("404404", hello) == Unreachable()
    assert await room.telegram.send(str(GROUP), hello) == Moved("-1001")
    for token, api, outcome in (
        ("1:wrong", room.api.url, Later(60, "token")),
        (TOKEN, "http://127.0.0.1:9", Later(0, "network")),
    ):
        other = Telegram(token, api)
        assert await other.send(str(ANN), hello) == outcome
        await other.close()


async def test_what_telegram_never_takes_is_not_tried(room: Postroom) -> None:
    """No words, or a button that carries too much: a dead letter and no call."""
    assert await room.telegram.send(str(ANN), Rendered("  ")) == Never("empty")
    assert await room.telegram.send(str(ANN), Rendered("x", (("y" * 65, "1. Yes"),))) == Never("button")
    assert room.api.calls == []


async def _fetched(room: Postroom, remote: str) -> tuple[bool, list[bytes]]:
    """What was handed on, and whether it is all."""
    pieces: list[bytes] = []

    async def write(data: bytes) -> None:
        pieces.append(data)

    return await room.telegram.fetch(remote, write), pieces


async def test_a_file_is_fetched_in_pieces_whole_or_not_at_all(room: Postroom) -> None:
    """Piece by piece; one too large for bots or gone brings nothing; trouble on the way is a reason to try again."""
    data = bytes(range(256)) * 4000
    room.api.sends_photo(ANN, data)
    room.api.sends_document(ANN, "big.bin", bytes(21 * MEGABYTE))
    photo, big = (
        room.api.pending()[1]["message"]["photo"][-1]["file_id"],
        room.api.pending()[2]["message"]["document"]["file_id"],
    )

    whole, pieces = await _fetched(room, photo)
    assert (True, data) == (whole, b"".join(pieces))
    assert max(map(len, pieces)) <= 65536
    assert (False, []) == await _fetched(room, big)
    assert (False, []) == await _fetched(room, "nothing")
    room.api.fail(500, method="getFile")
    with pytest.raises(FetchFailed):
        await _fetched(room, photo)


async def test_a_file_that_is_larger_than_wanted_is_not_fetched_to_its_end(room: Postroom) -> None:
    """Whoever takes the pieces says when it is enough, whatever Telegram said about the size."""
    room.api.sends_document(ANN, "big.bin", bytes(15 * MEGABYTE))
    remote = room.api.pending()[1]["message"]["document"]["file_id"]
    taken: list[int] = []

    async def write(data: bytes) -> None:
        taken.append(len(data))
        if sum(taken) > MEGABYTE:
            raise TooLarge

    with pytest.raises(TooLarge):
        await room.telegram.fetch(remote, write)
    assert sum(taken) < 2 * MEGABYTE


async def test_a_download_that_fails_says_nothing_of_the_address(room: Postroom) -> None:
    """The token is in a file's address: whoever prints what went wrong does not see it."""

    async def write(_: bytes) -> None:
        pytest.fail("nothing is there to be written")

    for url in (f"http://127.0.0.1:9/{TOKEN}", f"no address {TOKEN}", f"/a/local/{TOKEN}", ""):
        with pytest.raises(FetchFailed) as failed:
            await room.telegram._download(url, write)
        assert TOKEN not in "".join(traceback.format_exception(failed.value))


async def test_a_tap_too_old_to_be_answered_is_no_trouble(room: Postroom) -> None:
    """Telegram takes answers for a while only."""
    await room.telegram.answer_tap("123")

    assert room.api.answered == []


async def test_telegram_is_told_our_commands_in_every_language(room: Postroom) -> None:
    """Private chats get the nine commands, groups only those that link them and say how we are reached."""
    french = {("command", "Help"): "Aide"}

    assert await room.telegram.set_up(None, None, Texts({"fr": french}), ("en", "fr"))

    calls = [call.method for call in room.api.calls]
    assert calls == ["deleteWebhook", *["setMyCommands"] * 4, "getMe"]
    assert room.telegram.link == "https://t.me/amana_test_bot"
    assert [(each["command"], each["language_code"]) for each in room.api.commands] == [
        ("link", "fr"),
        ("contact", "fr"),
    ]
    assert Texts({"fr": french}).say(N_("Help", "command"), "fr") == "Aide"


async def test_a_server_that_is_down_is_set_up_later(room: Postroom) -> None:
    """Starting before the network is there is no reason to end."""
    room.api.fail(500, n=1, method="deleteWebhook")

    assert not await room.telegram.set_up(None, None, room.texts, ("en",))
    assert await room.telegram.set_up(None, None, room.texts, ("en",))


def test_the_token_is_not_shown(room: Postroom) -> None:
    """Not by printing the channel either."""
    assert TOKEN not in repr(room.telegram)

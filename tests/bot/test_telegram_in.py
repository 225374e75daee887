"""The two ways in: what Telegram was told to forget is in the inbox, once, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.telegram import NAME, Poller, Webhook, place
from bot.telegram_read import read
from house.texts import Rendered
from store import people
from tests.bot.postroom import Postroom, postroom, running

ANN, BEN = 7_000_000_001, 42
SECRET = "s3cret"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Postroom]:
    async with postroom(tmp_path) as room:
        yield room


def poller(room: Postroom) -> Poller:
    return Poller(room.doorway(), room.texts, ("en",), Random(1), seconds=1)


def webhook(room: Postroom) -> Webhook:
    return Webhook(room.doorway(), "https://example.org/telegram", SECRET, room.texts, ("en",), Random(1))


def kept(room: Postroom) -> list[object]:
    """What was said in everything that waits, oldest first of each address."""
    waiting = room.store.do(lambda tx: people.waiting(tx, (NAME,)))
    opened = [json.loads(room.pocket.open(each.sealed or b"", place(each.key))) for each in waiting]
    return [getattr(inbound.what, "words", None) for each in opened if (inbound := read(each))]


async def test_what_people_send_waits_in_the_inbox_with_its_offset(room: Postroom) -> None:
    """Once polled, a message and the place where polling goes on are both in the store, and the worker is rung."""
    rung: list[int] = []
    room.api.says(ANN, "no water")
    last = room.api.says(BEN, "no food")

    way_in = Poller(room.doorway(lambda: rung.append(1)), room.texts, ("en",), Random(1), seconds=1)
    offset = await way_in.round(0)

    assert offset == (last or 0) + 1
    assert room.store.do(lambda tx: people.offset(tx, NAME)) == offset
    assert kept(room) == ["no water", "no food"]
    assert rung == [1]


async def test_nothing_that_was_said_stands_in_the_store_in_clear(room: Postroom, tmp_path: Path) -> None:
    """Neither words nor the chat's number."""
    room.api.says(ANN, "canary-7f3a")
    await poller(room).round(0)

    files = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"canary-7f3a" not in files
    assert str(ANN).encode() not in files


async def test_a_store_that_fails_leaves_the_offset_and_nothing_is_lost(room: Postroom) -> None:
    """While the store is down Telegram keeps the messages; afterwards each is there once."""
    room.api.says(ANN, "before")
    async with running(poller(room).run()):
        await room.until(lambda: room.inbox() == 1)
        offset = room.store.do(lambda tx: people.offset(tx, NAME))
        room.breaks()
        room.api.says(ANN, "while it was down")
        await asyncio.sleep(0.7)
        assert len(room.api.pending()) == 1
        assert room.store.do(lambda tx: people.offset(tx, NAME)) == offset
        room.recovers()
        await room.until(lambda: room.inbox() == 2)
        room.api.says(ANN, "after")
        await room.until(lambda: room.inbox() == 3)
        await room.until(lambda: not room.api.pending())


async def test_messages_told_again_or_out_of_order_count_once(room: Postroom) -> None:
    """Telegram may repeat and reorder; a person said it once."""
    async with running(poller(room).run()):
        room.api.reorder()
        room.api.says(ANN, "one")
        room.api.says(BEN, "two")
        await room.until(lambda: room.inbox() == 2)
        await room.until(lambda: not room.api.pending())
        room.api.redeliver(2)
        room.api.says(ANN, "three")
        await room.until(lambda: room.inbox() == 3)
        await room.until(lambda: not room.api.pending())

    assert room.inbox() == 3


async def test_polling_outlives_every_trouble_of_the_platform(room: Postroom) -> None:
    """Errors, lost answers and a second reader: it goes on, and what was said is there once."""
    room.api.fail(500, n=1, method="getUpdates")
    room.api.lose_answer(n=1, method="getUpdates")
    room.api.drop_connection_on_get_updates(1)
    room.api.says(ANN, "still here")

    async with running(poller(room).run()):
        await room.until(lambda: room.inbox() == 1)
        await room.telegram._bot.get_updates(offset=0, timeout=0)
        room.api.says(ANN, "and here")
        await room.until(lambda: room.inbox() == 2)


async def test_what_is_not_for_us_moves_the_offset_and_is_not_kept(room: Postroom) -> None:
    """Talk in a group is read past, for ever."""
    room.api.group(-4001, "Partners")
    room.api.says_in_group(-4001, ANN, "did you hear?")

    offset = await poller(room).round(0)

    assert offset > 0
    assert room.store.do(lambda tx: people.offset(tx, NAME)) == offset
    assert room.inbox() == 0


async def test_a_tap_is_answered_once_it_is_kept(room: Postroom) -> None:
    """The button stops spinning right away."""
    room.api.says(ANN, "/start")
    await room.telegram.send(str(ANN), Rendered("Menu", (("a:1", "1. Yes"),)))
    room.api.taps(ANN, "a:1")

    await poller(room).round(0)

    await room.until(lambda: len(room.api.answered) == 1)
    assert room.inbox() == 2


async def test_a_webhook_answers_200_only_for_what_is_kept(room: Postroom) -> None:
    """Wrong secret 401, broken JSON 400, too large 413, store down 503, kept 200; told again it counts once."""
    way_in = webhook(room)
    room.api.says(ANN, "no water")
    body = json.dumps(room.api.pending()[0]).encode()

    assert await way_in.take_update(body, None) == 401
    assert await way_in.take_update(body, "wrong") == 401
    assert await way_in.take_update(body, "s3cré\udcff") == 401
    assert await way_in.take_update(b'{"update_id": 5', SECRET) == 400
    assert await way_in.take_update(b"[" * 100_000, SECRET) == 400
    assert await way_in.take_update(b"[]", SECRET) == 400
    assert await way_in.take_update(b'{"update_id": "x"}', SECRET) == 400
    assert await way_in.take_update(b" " * (1024 * 1024 + 1), SECRET) == 413
    assert room.inbox() == 0
    assert await way_in.take_update(body, SECRET) == 200
    assert await way_in.take_update(body, SECRET) == 200
    assert room.inbox() == 1
    room.store.close()
    assert await way_in.take_update(body, SECRET) == 503


async def test_telegram_finds_the_webhook_it_was_told(room: Postroom) -> None:
    """Posted by the platform itself, with the secret it was given; what was refused comes again."""
    statuses: list[int] = []
    ways: list[Webhook] = []

    async def take(request: Request) -> Response:
        statuses.append(
            503
            if not statuses
            else await ways[0].take_update(await request.body(), request.headers.get("x-telegram-bot-api-secret-token"))
        )
        return Response(status_code=statuses[-1])

    app = Starlette(routes=[Route("/telegram", take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, loop="asyncio", http="h11", ws="none"))
    serving = asyncio.create_task(server.serve())
    await room.until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    ways.append(Webhook(room.doorway(), f"http://127.0.0.1:{port}/telegram", SECRET, room.texts, ("en",), Random(1)))

    await ways[0].run()
    room.api.says(ANN, "no water")
    await room.until(lambda: room.inbox() == 1)
    await room.until(lambda: not room.api.pending())
    server.should_exit = True
    await serving

    assert statuses == [503, 200]

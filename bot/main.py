"""The bot process put together: every part made once, handed what it needs, and kept running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import SystemRandom
from zoneinfo import ZoneInfo

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from actions.prompts import SPOKEN
from bot import bodies, telegram_read
from bot.bell import Bell
from bot.codes import Mint
from bot.delivery import Delivery
from bot.intake import House, Intake
from bot.limits import Limits
from bot.telegram import Doorway, Poller, Telegram, Webhook
from bot.webchat import WebChat
from bot.worker import Platform, Worker
from house import clock, logs, programme, recordings, serving
from house.headers import Guarded, policy
from house.settings import Settings
from house.texts import Texts
from nlu.client import Client
from store import people
from store.db import Store, StoreUnavailable
from store.pocket import Pocket

log = structlog.get_logger()
_LONGEST_UPDATE = 1024 * 1024


class _Bot(Guarded):
    # The page shows a picture and plays a voice note before they are sent (blob:), and posts no form.
    content = policy(media="'self' blob:", forms="'none'")
    microphone = "(self)"


def serve(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Run the bot until it is told to stop; `ready` is called once it answers."""
    logs.quiet("bot", settings.log_level)
    app = build(settings)
    serving.serve(app, settings.bot_host, settings.bot_port, ready)


def build(settings: Settings) -> Starlette:
    """The bot as a web application whose parts live as long as it does."""
    house = furnished(settings)
    bell = Bell(house.store)
    intake = Intake(house, bell.ring)
    web = WebChat(intake, house.store, house.pocket, house.texts, bell)
    routes: list[BaseRoute] = [*web.routes(), Route("/health", _health(house.store, house.nlu))]
    parts: dict[str, Callable[[], Awaitable[None]]] = {"bell": bell.listen, "web chat": web.settle}
    parts |= _platforms(settings, house, intake, bell, routes)
    return _Bot(
        routes=routes,
        lifespan=lambda _: _alive(house, parts),
        exception_handlers={HTTPException: _refused, StoreUnavailable: _unavailable, Exception: _broken},
    )


def furnished(settings: Settings) -> House:
    """What every turn needs, made from the settings."""
    told = programme.load(settings.programme)
    store, pocket = Store(settings.database), Pocket.load(settings.bot_keys)
    token = settings.nlu_token
    url = settings.nlu_url or (f"http://127.0.0.1:{settings.nlu_port}" if token else None)
    texts = Texts.load(told.languages, recordings=recordings.load(settings.programme, told.languages, SPOKEN))
    return House(store, pocket, told, texts, Client(url, token), Mint(pocket), clock.now)


def _platforms(
    settings: Settings, house: House, intake: Intake, bell: Bell, routes: list[BaseRoute]
) -> dict[str, Callable[[], Awaitable[None]]]:
    """The channels with an account of their own; without a token there is only the web chat."""
    rang = asyncio.Event()
    platforms: dict[str, Platform] = {}
    parts: dict[str, Callable[[], Awaitable[None]]] = {}
    if settings.telegram_token is not None:
        telegram = Telegram(settings.telegram_token.get_secret_value(), settings.telegram_api)
        platforms["telegram"] = Platform(telegram_read.read, telegram.fetch, lambda: telegram.link)
        delivery = Delivery(
            house.store, house.pocket, house.texts, {"telegram": telegram}, Limits(), clock.seconds, SystemRandom(),
            ZoneInfo(house.programme.timezone),
        )  # fmt: skip
        bell.tell(delivery.ring)
        house.closing.append(telegram.close)
        doorway = Doorway(telegram, house.store, house.pocket, rang.set, clock.seconds, house.nlu.understand)
        parts |= {"delivery": delivery.run, "telegram": _way_in(settings, house, doorway, routes)}
    parts["worker"] = Worker(house, intake, platforms, rang).run
    return parts


def _way_in(
    settings: Settings, house: House, doorway: Doorway, routes: list[BaseRoute]
) -> Callable[[], Awaitable[None]]:
    languages, secret = house.programme.languages, settings.telegram_webhook_secret
    if settings.telegram_webhook_url is None or secret is None:
        return Poller(doorway, house.texts, languages, SystemRandom()).run
    webhook = Webhook(
        doorway, settings.telegram_webhook_url, secret.get_secret_value(), house.texts, languages, SystemRandom()
    )

    async def update(request: Request) -> Response:
        try:
            body = await bodies.whole(request, _LONGEST_UPDATE)
        except bodies.TooLong:
            return JSONResponse({"error": "That is too large for an update."}, 413)
        status = await webhook.take_update(body, request.headers.get("x-telegram-bot-api-secret-token"))
        return JSONResponse({}, status)

    routes.append(Route("/telegram", update, methods=["POST"]))
    return webhook.run


@asynccontextmanager
async def _alive(house: House, parts: dict[str, Callable[[], Awaitable[None]]]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(_for_ever(name, part)) for name, part in parts.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await house.close()


async def _for_ever(name: str, part: Callable[[], Awaitable[None]]) -> None:
    """A part that fails is told of and begun again: a bot that answers nobody must not look alive."""
    while True:
        try:
            await part()
        except Exception as error:  # noqa: BLE001 - whatever it was, the part is needed
            log.error("a part of the bot failed and begins again", what=name, error=type(error).__name__)
        else:
            return
        await asyncio.sleep(1)


def _health(store: Store, nlu: Client) -> Callable[[Request], Awaitable[Response]]:
    async def health(_: Request) -> Response:
        try:
            # Written and not only read: a full disk still reads.
            await store.run(lambda tx: people.move_offset(tx, "health", clock.seconds()))
            kept = "ok"
        except StoreUnavailable:
            kept = "down"
        understood = "ok" if await nlu.understand("hello") else "off"
        return JSONResponse({"store": kept, "nlu": understood}, 200 if kept == "ok" else 503)

    return health


async def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentence = error.detail if isinstance(error, HTTPException) else ""
    return JSONResponse({"error": sentence}, status)


async def _unavailable(_: Request, __: Exception) -> Response:
    sentence = "We cannot keep your message at this moment. Nothing was saved. Please send it again in a few minutes."
    return JSONResponse({"error": sentence}, 503)


async def _broken(_: Request, error: Exception) -> Response:
    log.error("a call failed", error=type(error).__name__)
    return JSONResponse({"error": "Something went wrong here. Please send it again."}, 500)

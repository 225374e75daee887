"""What a browser is told about every answer of ours, on whichever address of whichever server, errors too."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from actions.programme import Programme
from amana.founding import found
from bot import main as bot_main
from console import main as console_main
from house.headers import Guarded
from house.settings import Settings
from store.db import Store

ROOT = Path(__file__).resolve().parent.parent
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


async def broken(_: Request) -> Response:
    """A page with a fault nobody has thought of."""
    raise ZeroDivisionError


def addresses(routes: list[BaseRoute]) -> Iterator[str]:
    """Every address of an application, with something in the place of each parameter; two for a folder."""
    for route in routes:
        if isinstance(route, Mount):
            yield from (f"{route.path}/chat.js", f"{route.path}/console.css", f"{route.path}/none")
        else:
            assert isinstance(route, Route)
            yield re.sub(r"\{[^}]*\}", "none", route.path)


async def answer(
    app: Starlette, method: str, path: str, said: dict[str, str] | None = None, body: bytes = b"", scheme: str = "http"
) -> tuple[int, list[tuple[str, str]]]:
    """The status and the headers of one call, as they go out; what comes behind them (a stream) is not waited for."""
    begun: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    bodies = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if bodies:
            return bodies.pop()
        return await asyncio.get_running_loop().create_future()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start" and not begun.done():
            begun.set_result(message)

    headers = {"host": "here", **(said or {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": scheme,
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "state": {},
    }  # fmt: skip
    call = asyncio.ensure_future(app(scope, receive, send))
    try:
        message = await asyncio.wait_for(begun, 10)
    finally:
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    return message["status"], [(name.decode(), value.decode()) for name, value in message["headers"]]


@pytest.fixture
def settings(home: Path) -> Settings:
    """A founded house, whose bot takes Telegram's calls."""
    settings = Settings(
        home=home, programme=ROOT / "programme", telegram_token="1:token", telegram_webhook_secret="secret",
        telegram_webhook_url="https://bot.example/telegram", telegram_api="http://127.0.0.1:9",
    )  # type: ignore[arg-type]  # fmt: skip
    found(settings)
    return settings


@asynccontextmanager
async def bot(settings: Settings) -> AsyncIterator[Starlette]:
    """The bot's web server as it runs, with a broken page."""
    app = bot_main.build(settings)
    app.router.routes.append(Route("/broken", broken))
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def console(settings: Settings, programme: Programme) -> AsyncIterator[Starlette]:
    """The console's web server, with a broken page."""
    store = Store(settings.database)
    app = console_main.app(store, programme, settings.home)
    app.router.routes.append(Route("/broken", broken))
    try:
        yield app
    finally:
        store.close()


@asynccontextmanager
async def served(name: str, settings: Settings, programme: Programme) -> AsyncIterator[Starlette]:
    """One of our two web servers."""
    async with bot(settings) if name == "bot" else console(settings, programme) as app:
        yield app


def faults(headers: list[tuple[str, str]], *, microphone: str) -> list[str]:
    """The headers that are missing, said twice, or say something else."""
    wanted = {**EVERYWHERE, "permissions-policy": f"camera=(), geolocation=(), microphone={microphone}"}
    wrong = [name for name, value in wanted.items() if [each for key, each in headers if key == name] != [value]]
    policies = [value for name, value in headers if name == "content-security-policy"]
    return [*wrong, *(() if len(policies) == 1 and tight(policies[0]) else ("content-security-policy",))]


def tight(policy: str) -> bool:
    """Whether a content policy begins with nothing, allows nothing inline, and no frame."""
    return policy.startswith("default-src 'none'; ") and "unsafe" not in policy and "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(("name", "microphone"), [("bot", "(self)"), ("console", "()")])
async def test_every_address_answers_every_method_with_the_headers(
    settings: Settings, programme: Programme, name: str, microphone: str
) -> None:
    """No page, file, call, refusal or error can be framed, guessed at, kept or searched for.

    The microphone is for the chat's voice notes; camera and place are for nobody.
    """
    seen, wrong = set(), []

    async with served(name, settings, programme) as app:
        for path in (*addresses(app.routes), "/nowhere", "/page/../secret"):
            for method in METHODS:
                status, headers = await answer(app, method, path)
                seen.add(status)
                wrong += [f"{method} {path} ({status}): {each}" for each in faults(headers, microphone=microphone)]

    assert wrong == []
    assert {200, 404, 405, 500} <= seen


async def test_every_call_of_a_talk_carries_the_headers(settings: Settings) -> None:
    """What is said and answered, the stream of answers too, lies in no cache."""
    async with bot(settings) as app:
        token = await _token(app)
        said = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        calls = [
            await answer(app, "POST", "/chat/messages", said, b'{"id": "1", "text": "hello"}'),
            await answer(app, "GET", "/chat/events", said),
            await answer(app, "POST", "/chat/messages", said, b"nonsense"),
            await answer(app, "POST", "/chat/messages", said, b"x" * 12_000_000),
        ]

    assert [faults(headers, microphone="(self)") for _, headers in calls] == [[]] * len(calls)
    assert [status for status, _ in calls][:2] == [202, 200]
    assert all(status in {400, 413, 415, 422} for status, _ in calls[2:])


async def test_telegram_s_calls_carry_the_headers(settings: Settings) -> None:
    """A forged call is refused with the same headers."""
    async with bot(settings) as app:
        forged = await answer(app, "POST", "/telegram", {"x-telegram-bot-api-secret-token": "guess"}, b"{}")

    assert forged[0] >= 400
    assert faults(forged[1], microphone="(self)") == []


@pytest.mark.parametrize("name", ["bot", "console"])
@pytest.mark.parametrize(
    ("scheme", "told", "https"),
    [
        pytest.param("http", None, False, id="plain http"),
        pytest.param("http", "http", False, id="plain http behind a proxy"),
        pytest.param("http", "https", True, id="https behind a proxy"),
        pytest.param("http", "https, http", True, id="https behind two proxies"),
        pytest.param("http", "http, https", False, id="plain http behind two proxies"),
        pytest.param("https", None, True, id="https to us"),
    ],
)
async def test_whoever_came_by_https_is_told_to_stay_there(
    settings: Settings, programme: Programme, name: str, scheme: str, told: str | None, https: bool
) -> None:
    """And nobody else: on this machine, without a certificate, a browser must not be sent to https (RFC 6797, 7.2)."""
    async with served(name, settings, programme) as app:
        _, headers = await answer(app, "GET", "/", {"x-forwarded-proto": told} if told else {}, scheme=scheme)

    assert [value for key, value in headers if key == "strict-transport-security"] == ["max-age=31536000"] * https


async def test_a_page_may_have_a_content_policy_of_its_own_and_nothing_else() -> None:
    """The console shows a stranger's file in a sandbox; that it lies in no cache, no page can change."""

    async def own(_: Request) -> Response:
        lax = {"Cache-Control": "public", "X-Frame-Options": "SAMEORIGIN", "Strict-Transport-Security": "max-age=0"}
        return Response("", headers={"Content-Security-Policy": "sandbox; default-src 'none'", **lax})

    _, headers = await answer(Guarded(routes=[Route("/", own)]), "GET", "/")

    assert [value for key, value in headers if key == "content-security-policy"] == ["sandbox; default-src 'none'"]
    assert {(key, value) for key, value in headers if key in {"cache-control", "x-frame-options"}} == {
        ("cache-control", "no-store"), ("x-frame-options", "DENY"),
    }  # fmt: skip
    assert "strict-transport-security" not in dict(headers)


async def _token(app: Starlette) -> str:

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        begun = await client.post("/chat")
    assert begun.status_code < 300, begun.text
    return str(begun.json()["person"])

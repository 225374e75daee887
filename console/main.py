"""The console's composition: which address is which page, and the process that serves them."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from actions.programme import Programme
from console import (
    announcements,
    audit,
    case,
    case_list,
    closing,
    colleagues,
    enrolment,
    files,
    partners,
    replies,
    sign_in,
)
from console.door import excuse, for_staff
from console.guard import LARGEST_FORM, Headers
from console.office import Office, papers
from console.patience import Patience
from console.visit import Page
from house import clock, logs
from house.programme import load
from house.settings import Settings, WrongSetting
from store.db import Store

_STATIC = Path(__file__).parent / "static"


def app(
    store: Store,
    programme: Programme,
    home: Path,
    *,
    url: str = "",
    now: Callable[[], int] = clock.seconds,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Starlette:
    """The console over a founded store; `url` is its public address when it is not the one browsers use."""
    office = Office(store, programme, home, now, Patience(now, pause), papers(programme), url)

    async def error(_: Request, raised: Exception) -> Response:
        return excuse(office, raised)

    return Starlette(
        routes=_routes(office),
        middleware=[Middleware(Headers), Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_FORM)],
        exception_handlers={404: error, 405: error, 400: error, 500: error},
    )


def _routes(office: Office) -> list[Route | Mount]:
    def get(path: str, page: Page, *, passive: bool = False) -> Route:
        return Route(path, for_staff(office, page, passive=passive), methods=["GET"])

    def post(path: str, page: Page) -> Route:
        return Route(path, for_staff(office, page), methods=["POST"])

    return [
        Mount("/static", StaticFiles(directory=_STATIC)),
        Route("/enrol", enrolment.form(office), methods=["GET"]),
        Route("/enrol", enrolment.enrol(office), methods=["POST"]),
        Route("/sign-in", sign_in.form(office), methods=["GET"]),
        Route("/sign-in", sign_in.attempt(office), methods=["POST"]),
        post("/sign-out", sign_in.sign_out),
        get("/", case_list.show),
        get("/list", case_list.poll, passive=True),
        get("/cases/{reference}", case.show),
        get("/cases/{reference}/thread", case.poll, passive=True),
        get("/cases/{reference}/files/{entry}", files.show),
        post("/cases/{reference}/reply", replies.reply),
        post("/cases/{reference}/note", closing.note),
        post("/cases/{reference}/close", closing.close),
        get("/announcements", announcements.show),
        post("/announcements", announcements.write),
        post("/announcements/{id}/approve", announcements.approve),
        post("/announcements/{id}/discard", announcements.discard),
        get("/partners", partners.show),
        post("/partners", partners.make_code),
        post("/partners/{id}/unlink", partners.unlink),
        get("/colleagues", colleagues.show),
        post("/colleagues", colleagues.invite),
        get("/audit", audit.show),
    ]


def serve(settings: Settings) -> None:
    """The console as a process of its own, over a house that was founded."""
    logs.quiet("console", settings.log_level)
    programme = load(settings.programme)
    store = Store(settings.database)
    try:
        run(store, programme, settings)
    finally:
        store.close()


def run(store: Store, programme: Programme, settings: Settings) -> None:
    """Serve the console until Ctrl-C or a SIGTERM; the store stays open."""
    made = app(store, programme, settings.home, url=settings.console_url or "")
    listening = _listening(settings.console_host, settings.console_port)
    config = uvicorn.Config(
        made, access_log=False, log_config=None, server_header=False, lifespan="off", timeout_graceful_shutdown=5
    )
    structlog.get_logger().info("console listens", port=listening.getsockname()[1])
    # uvicorn raises the signal again when it has finished: both end as KeyboardInterrupt here, and quietly.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), listening:
        uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        raise WrongSetting(
            f"AMANA_CONSOLE_HOST, AMANA_CONSOLE_PORT: cannot listen on {host} port {port} ({error.strerror}). "
            "Choose another port, or stop what uses this one."
        ) from None

"""The console's composition: which address is which page, and the process that serves them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from actions.programme import Programme
from console import (
    account,
    alarms,
    alike,
    announcements,
    audit,
    case,
    case_list,
    category,
    closing,
    colleagues,
    conflicts,
    consultations,
    enrolment,
    files,
    intermediary,
    keeping,
    leaving,
    partners,
    passages,
    planning,
    referring,
    relaying,
    replies,
    revealing,
    sign_in,
    statistics,
    tasks,
    transfer,
)
from console.door import excuse, for_staff
from console.guard import LARGEST_FORM
from console.office import Office, papers
from console.patience import Patience
from console.visit import Page
from house import clock, logs, programme, serving
from house.headers import Guarded
from house.settings import Settings
from store.db import Store

_STATIC = Path(__file__).parent / "static"


def app(
    store: Store,
    rules: Programme,
    home: Path,
    *,
    url: str = "",
    now: Callable[[], int] = clock.seconds,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Starlette:
    """The console over a founded store; `url` is its public address when it is not the one browsers use."""
    office = Office(store, rules, home, now, Patience(now, pause), papers(rules), url)

    async def error(_: Request, raised: Exception) -> Response:
        return excuse(office, raised)

    return Guarded(
        routes=_routes(office),
        middleware=[Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_FORM)],
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
        post("/cases/{reference}/question", replies.ask),
        get("/cases/{reference}/alike", alike.show),
        post("/cases/{reference}/alike", alike.answer),
        post("/cases/{reference}/category", category.correct),
        post("/cases/{reference}/referrals", referring.pass_on),
        post("/cases/{reference}/referrals/{id}", referring.move),
        post("/cases/{reference}/intermediary", intermediary.settle),
        post("/cases/{reference}/plan", planning.add),
        post("/cases/{reference}/plan/reviewed", planning.reviewed),
        post("/cases/{reference}/note", closing.note),
        post("/cases/{reference}/close", closing.close),
        post("/cases/{reference}/transfer", transfer.transfer),
        post("/cases/{reference}/conflict", conflicts.shut),
        post("/cases/{reference}/hold", keeping.hold),
        post("/cases/{reference}/release", keeping.release),
        post("/cases/{reference}/reopen", keeping.reopen),
        post("/cases/{reference}/erasure", keeping.ask),
        post("/cases/{reference}/erasure/approve", keeping.approve),
        post("/cases/{reference}/erasure/refuse", keeping.refuse),
        post("/cases/{reference}/reveals", revealing.ask),
        post("/cases/{reference}/reveals/{id}/allow", revealing.allow),
        post("/cases/{reference}/reveals/{id}/refuse", revealing.refuse),
        post("/cases/{reference}/relays", relaying.ask),
        post("/cases/{reference}/relays/{id}/back", relaying.take_back),
        get("/interpreting", passages.show),
        post("/interpreting/{id}", passages.interpret),
        post("/interpreting/{id}/promise", passages.promise),
        post("/interpreting/{id}/decline", passages.decline),
        get("/announcements", announcements.show),
        post("/announcements", announcements.write),
        post("/announcements/{id}/approve", announcements.approve),
        post("/announcements/{id}/discard", announcements.discard),
        post("/announcements/{id}/suggestions", consultations.suggest),
        post("/announcements/{id}/close", consultations.close),
        get("/partners", partners.show),
        post("/partners", partners.make_code),
        post("/partners/{id}/unlink", partners.unlink),
        get("/colleagues", colleagues.show),
        post("/colleagues", colleagues.invite),
        post("/colleagues/{id}/give", colleagues.give),
        post("/colleagues/{id}/liaison", colleagues.liaison),
        post("/colleagues/{id}/areas", colleagues.areas),
        post("/colleagues/{id}/leave", leaving.leave),
        post("/colleagues/{id}/retire", leaving.retire),
        get("/alarms", alarms.show),
        get("/alarms/open", alarms.poll, passive=True),
        post("/alarms/{id}/take", alarms.take),
        post("/alarms/{id}/outcome", alarms.tell),
        get("/figures", statistics.show),
        post("/tasks/numbers/{month}", tasks.done),
        get("/account", account.show),
        post("/account/password", account.password),
        post("/account/gender", account.gender),
        post("/account/languages", account.languages),
        get("/audit", audit.show),
    ]


def serve(settings: Settings) -> None:
    """The console as a process of its own, over a house that was founded, until SIGINT or SIGTERM."""
    logs.quiet("console", settings.log_level)
    rules, store = programme.load(settings.programme), Store(settings.database)
    try:
        made = app(store, rules, settings.home, url=settings.console_url or "")
        serving.serve(made, settings.console_host, settings.console_port)
    finally:
        store.close()

"""Who comes in: every page of a signed-in member passes here, and every error leaves as a sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import sessions
from console.guard import LARGEST_FORM, foreign, own_form
from console.office import Office
from console.visit import NotHere, Page, Refused, Visit, go
from store.db import StoreUnavailable

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

NOT_KEPT = "This cannot be kept now; nothing was saved. Try again in a moment."
NOT_HERE = "There is no such page here, or it is not yours to see."
FOREIGN = (
    "This form did not come from a page of this console, so nothing was done. "
    "Open the console at its own address (https, or on this machine), and try again."
)
_FORM = "application/x-www-form-urlencoded"
_log = structlog.get_logger()


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a plain form; nothing for anything else."""
    if int(request.headers.get("content-length") or 0) > LARGEST_FORM:
        raise Refused("This is too long to be sent in one form.", 413)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return {}
    form = await request.form(max_fields=60)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def for_staff(office: Office, page: Page, *, passive: bool = False) -> Endpoint:
    """A page for signed-in members; a `passive` one (a poll) does not keep a session alive."""

    async def endpoint(request: Request) -> Response:
        if request.method == "POST" and foreign(request):
            return office.refusal(403, FOREIGN)
        form = await read_form(request)
        return await run_in_threadpool(_serve, office, page, request, form, passive)

    return safely(office, endpoint)


def safely(office: Office, endpoint: Endpoint) -> Endpoint:
    """The endpoint, whose errors are pages with a sentence."""

    async def safe(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Exception as error:  # noqa: BLE001 - a traceback could hold what somebody said
            return excuse(office, error)

    return safe


def excuse(office: Office, error: Exception) -> Response:
    """What an error says to staff; what it says to the log is its kind."""
    match error:
        case NotHere():
            return office.refusal(404, NOT_HERE)
        case Refused():
            return office.refusal(error.status, error.sentence)
        case StoreUnavailable():
            return office.refusal(503, NOT_KEPT)
        case HTTPException():
            sentence = NOT_HERE if error.status_code in {404, 405} else "This request could not be read."
            return office.refusal(error.status_code, sentence)
        case _:
            _log.error("page failed", error=type(error).__name__)
            return office.refusal(500, "This did not work, and nothing was saved. Tell whoever runs this console.")


def _serve(office: Office, page: Page, request: Request, form: dict[str, str], passive: bool) -> Response:
    token, now = request.cookies.get(sessions.COOKIE, ""), office.clock()
    known = sessions.recognise(office, token, now, passive=passive) if token else None
    if known is None:
        return _sign_in_first(request)
    if request.method == "POST" and not own_form(token, form.get("csrf", "")):
        return office.refusal(403, FOREIGN)
    member, ring = known
    office.turns.carry_on(office.store, ring, now)
    return page(Visit(office, request, member, ring, now, form, token))


def _sign_in_first(request: Request) -> Response:
    to = "/sign-in" if request.url.path == "/" and sessions.COOKIE not in request.cookies else "/sign-in?said=over"
    if request.headers.get("hx-request"):
        # An open page whose session is over must not stay on the screen.
        return Response(status_code=401, headers={"HX-Redirect": to})
    return go(to)

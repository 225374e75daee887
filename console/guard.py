"""What every response carries, and which forms come from our own pages."""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_FORM = 256 * 1024
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


class Headers:
    """Puts the headers on every response, refusals and errors too; one that a page has set is kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, with headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


def foreign(request: Request, *, strict: bool = False) -> bool:
    """Whether another site sent this form.

    Browsers say so in Sec-Fetch-Site on https and on this machine. Elsewhere Origin decides; it is `null` under our own
    no-referrer policy (Fetch, "append a request Origin header"), which proves nothing: `strict` refuses it, for the
    forms that have no token of a session.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site != "same-origin"
    origin = request.headers.get("origin")
    if origin is None or (origin == "null" and not strict):
        return False
    return urlsplit(origin).netloc != request.headers.get("host")


def form_token(session: str) -> str:
    """What every form of a session carries, and only its own pages know."""
    return hmac.new(session.encode(), b"form", sha256).hexdigest()


def own_form(session: str, given: str) -> bool:
    """Whether a form came from a page of this session (constant time)."""
    return hmac.compare_digest(form_token(session), given) if given.isascii() else False

"""Which forms come from our own pages, and how large they may be."""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.requests import Request

LARGEST_FORM = 256 * 1024


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

"""A signed-in browser: the cookie, its limits, and the keys it brings for the time of one request."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from console.office import Office
from console.times import HOUR
from store import opening, staff
from store.db import Tx
from store.opening import Ring
from store.places import Unopenable
from store.staff import Member, Session

COOKIE = "amana_console"
IDLE, ABSOLUTE = HOUR // 2, 10 * HOUR
# A request writes "seen" at most once a minute: the store need not commit for every look at a page.
_MINUTE = 60


def recognise(office: Office, token: str, now: int, *, passive: bool) -> tuple[Member, Ring] | None:
    """Whose browser this is; None when it is nobody's, idle too long or too old. A passive request is no activity."""
    id_ = opening.session_id(token)

    def look(tx: Tx) -> tuple[Member, Ring, int] | None:
        session = staff.session(tx, id_)
        if session is None or now - session.seen > IDLE or now - session.made > ABSOLUTE:
            return None
        member = staff.by_id(tx, session.staff)
        return (member, opening.ring(tx, session, token), session.seen) if member else None

    try:
        known = office.store.read(look)
    except Unopenable:
        known = None
    if known is None:
        return None
    member, ring, seen = known
    if not passive and now - seen >= _MINUTE:
        office.store.do(lambda tx: staff.seen(tx, id_, now))
    return member, ring


def begin(tx: Tx, session: Session) -> None:
    """Keep a new session, and end those that are over."""
    staff.drop_old_sessions(tx, session.made - ABSOLUTE, session.made - IDLE)
    staff.sign_in(tx, session)


def new_token() -> str:
    """256 random bits, known to the browser alone."""
    return secrets.token_urlsafe(32)


def give(response: Response, office: Office, request: Request, token: str) -> Response:
    """Hand the browser its cookie."""
    response.set_cookie(
        COOKIE, token, max_age=ABSOLUTE, path="/", httponly=True, samesite="strict", secure=_secure(office, request)
    )
    return response


def take(response: Response, office: Office, request: Request) -> Response:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=_secure(office, request))
    return response


def _secure(office: Office, request: Request) -> bool:
    return request.url.scheme == "https" or office.url.startswith("https:")

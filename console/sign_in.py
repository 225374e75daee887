"""Signing in and out: sign-in name, password and a code of the second factor, one sentence for every failure."""

from __future__ import annotations

import asyncio
import secrets

from starlette.requests import Request
from starlette.responses import Response

from console import second_factor, sessions
from console.door import FOREIGN, Endpoint, read_form, safely
from console.guard import foreign
from console.office import Office
from console.visit import Visit, go
from store import audit, opening, staff
from store.db import Tx
from store.opening import Unlocked
from store.places import Unopenable
from store.staff import Member

WRONG = "Sign-in name, password and code do not fit together. A code works once: wait for the next one, then try again."
_SAID = {
    "over": "You were signed out after a while without activity. Sign in again.",
    "out": "You are signed out.",
}
# What is unlocked for an unknown name, so that it takes as long as a known one.
_NOBODY = Member("", "", "", "", b"", secrets.token_bytes(16), secrets.token_bytes(317), 0, active=False)


def form(office: Office) -> Endpoint:
    """GET /sign-in."""

    async def endpoint(request: Request) -> Response:
        said = _SAID.get(request.query_params.get("said", ""), "")
        return office.page("sign_in.html", said=said, problem="", login="")

    return safely(office, endpoint)


def attempt(office: Office) -> Endpoint:
    """POST /sign-in."""

    async def endpoint(request: Request) -> Response:
        if foreign(request, strict=True):
            return office.refusal(403, FOREIGN)
        given = await read_form(request)
        login = normal(given.get("login", ""))
        await office.patience.wait(login)
        token = await _signed_in(office, login, given.get("password", ""), given.get("code", ""), request)
        if token is None:
            return office.page("sign_in.html", 403, said="", problem=WRONG, login=login[:60])
        office.patience.succeeded(login)
        return sessions.give(go("/"), office, request, token)

    return safely(office, endpoint)


def sign_out(visit: Visit) -> Response:
    """POST /sign-out."""

    def out(tx: Tx) -> None:
        staff.sign_out(tx, opening.session_id(visit.token))
        audit.note(tx, visit.now, visit.member.id, "signed out", "")

    visit.office.store.do(out)
    return sessions.take(go("/sign-in?said=out"), visit.office, visit.request)


def normal(login: str) -> str:
    """A sign-in name as it is kept."""
    return login.strip().casefold()


async def _signed_in(office: Office, login: str, password: str, code: str, request: Request) -> str | None:
    member = await office.store.look(lambda tx: staff.by_login(tx, login))
    unlocked = await asyncio.get_running_loop().run_in_executor(office.dear, _unlock, member or _NOBODY, password)
    now = office.clock()
    step = second_factor.step_of(unlocked.totp, code, now) if unlocked else None
    old, token = request.cookies.get(sessions.COOKIE), sessions.new_token()

    def enter(tx: Tx) -> bool:
        if member is None or unlocked is None or step is None or not staff.used_step(tx, member.id, step):
            audit.note(tx, now, member.id if member else "somebody", "sign-in failed", "")
            return False
        if old:
            staff.sign_out(tx, opening.session_id(old))
        sessions.begin(tx, opening.new_session(member.id, unlocked.identity, token, now))
        audit.note(tx, now, member.id, "signed in", "")
        return True

    return token if await office.store.run(enter) else None


def _unlock(member: Member, password: str) -> Unlocked | None:
    try:
        return opening.unlock(member, password[:1024])
    except Unopenable:
        return None

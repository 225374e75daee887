"""A new member of staff: the one-time link becomes an account with a key of its own."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from console import passwords, second_factor, sessions
from console.account import gender_of
from console.door import FOREIGN, Endpoint, read_form, safely
from console.guard import foreign
from console.office import Office
from console.sign_in import normal
from console.visit import go
from store import audit, opening, staff
from store.db import Tx
from store.staff import Gender

USED = "This invitation was used already, or its time is over. Ask a colleague for a new link."
_TAKEN = "This sign-in name is taken. Choose another one."
_LOGIN = re.compile(r"[\w.@+-]{2,60}")
_NAME_LONGEST = 80
_FOUNDING = "founding"


class _Taken(Exception):
    """The sign-in name was taken, or somebody was faster with the link: nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says."""

    token: str = field(repr=False)
    name: str
    login: str
    password: str = field(repr=False)
    again: str = field(repr=False)
    secret: str = field(repr=False)
    code: str = field(repr=False)
    gender: Gender = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Wish:
        """Read a form."""
        name, login = " ".join(form.get("name", "").split()), normal(form.get("login", ""))
        given = {each: form.get(each, "").strip() for each in ("token", "secret", "code")}
        return cls(name=name, login=login, password=form.get("password", ""), again=form.get("again", ""),
                   gender=gender_of(form.get("gender", "")), **given)  # fmt: skip

    def problem(self, now: int) -> str:
        """What is to be corrected, or nothing."""
        if not 0 < len(self.name) <= _NAME_LONGEST:
            return f"Write the name your colleagues know you by, at most {_NAME_LONGEST} characters."
        if not _LOGIN.fullmatch(self.login):
            return "A sign-in name has 2 to 60 letters, digits or . _ - @ + and no spaces."
        if self.password != self.again:
            return "The two passwords are not the same."
        if refused := passwords.refusal(self.password, self.login, self.name):
            return refused
        if second_factor.step_of(self.secret, self.code, now) is None:
            return "The code is not right. Enter the six digits that your authenticator shows now."
        return ""


def form(office: Office) -> Endpoint:
    """GET /enrol."""

    async def endpoint(_: Request) -> Response:
        return _page(office, Wish("", "", "", "", "", second_factor.new_secret(), ""), "")

    return safely(office, endpoint)


def enrol(office: Office) -> Endpoint:
    """POST /enrol."""

    async def endpoint(request: Request) -> Response:
        if foreign(request, strict=True):
            return office.refusal(403, FOREIGN)
        wish, now = Wish.of(await read_form(request)), office.clock()
        if not second_factor.usable(wish.secret):
            return office.refusal(400, "This form is not complete. Open the link again.")
        id_ = opening.invitation_identity(wish.token)[0]
        if not await office.store.look(lambda tx: staff.invited(tx, id_, now)):
            return office.refusal(403, USED)
        if problem := wish.problem(now) or await office.store.look(lambda tx: _not_hers(tx, office, wish)):
            return _page(office, wish, problem, 422)
        token = await _enrolled(office, wish, now)
        if token is None:
            return _page(office, wish, _TAKEN, 422)
        (office.home / "keys" / "first-invitation").unlink(missing_ok=True)
        return sessions.give(go("/?said=enrolled"), office, request, token)

    return safely(office, endpoint)


async def _enrolled(office: Office, wish: Wish, now: int) -> str | None:
    loop, id_ = asyncio.get_running_loop(), secrets.token_hex(12)
    making = (id_, wish.login, wish.name, wish.password, wish.secret, wish.gender)
    member, identity = await loop.run_in_executor(office.dear, opening.new_member, *making)
    token, step = sessions.new_token(), second_factor.step_of(wish.secret, wish.code, now) or 0

    def enter(tx: Tx) -> None:
        if not opening.enrol(tx, wish.token, member, now):
            raise _Taken
        staff.used_step(tx, id_, step)
        sessions.begin(tx, opening.new_session(id_, identity, token, now))
        audit.note(tx, now, id_, "enrolled", "")

    try:
        await office.store.run(enter)
    except _Taken:
        return None
    return token


def _not_hers(tx: Tx, office: Office, wish: Wish) -> str:
    """What stands against this invitation's desks, or nothing. Whoever founds the house holds every desk."""
    id_ = opening.invitation_identity(wish.token)[0]
    held = staff.desks_of(tx).get(id_, [])
    women = [each for each in office.programme.desks if each.women and each.key in held]
    if not women or wish.gender == "woman" or staff.inviter(tx, id_) == _FOUNDING:
        return ""
    label = office.desk(women[0].key)
    return f"Your link leads to {label}, where only women work. Say that you are a woman, or ask for another link."


def _page(office: Office, wish: Wish, problem: str, status: int = 200) -> Response:
    organisation = office.programme.organisation.in_("en")
    return office.page(
        "enrol.html", status, problem=problem, member=wish, token=wish.token, name=wish.name, login=wish.login,
        secret=wish.secret, secret_in_groups=second_factor.in_groups(wish.secret),
        picture=second_factor.picture(wish.secret, organisation),
        shortest=passwords.SHORTEST, longest=passwords.LONGEST,
    )  # fmt: skip

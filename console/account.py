"""A member's own account: another password, what they say of themselves, and what they hold."""

from __future__ import annotations

from typing import get_args

import anyio.from_thread
from starlette.responses import Response

from console import passwords, reports, rotation, second_factor, sessions
from console.visit import Refused, Visit, go
from store import audit, erasing, opening, staff, turning
from store.db import Tx
from store.opening import Unlocked
from store.places import Unopenable
from store.sealing import key_id
from store.staff import Gender
from store.turning import NotTurned

WRONG = "The old password and the code do not fit. A code works once: wait for the next one. Nothing was changed."
_SAME = "The new password is the old one. Nothing was changed."
_SAID = {
    "password": "Your password is changed, and you are signed out everywhere else.",
    "gender": "Kept.",
    "languages": "Kept. Who writes in a language that nobody at a desk reads is told that it can take longer.",
}
_GROUP = 4


def show(visit: Visit) -> Response:
    """GET /account."""
    return _page(visit, said=_SAID.get(visit.asked("said"), ""))


def gender(visit: Visit) -> Response:
    """POST /account/gender."""
    wish = gender_of(visit.text("gender"))

    def keep(tx: Tx) -> None:
        now = staff.by_id(tx, visit.member.id, hold=True)
        if now is None or now.gender == wish:
            return
        _fits(visit, now.gender)
        staff.set_gender(tx, now.id, wish)
        audit.note(tx, visit.now, now.id, "changed what their account says of them", "")

    visit.office.store.do(keep)
    return go("/account?said=gender")


def languages(visit: Visit) -> Response:
    """POST /account/languages: which of the programme's languages this member reads (R61)."""
    read = frozenset(each for each in visit.office.programme.languages if visit.form.get(f"reads-{each}"))

    def keep(tx: Tx) -> None:
        staff.set_languages(tx, visit.member.id, read)
        audit.note(tx, visit.now, visit.member.id, "changed which languages they read", "")

    visit.office.store.do(keep)
    return go("/account?said=languages")


def gender_of(given: str) -> Gender:
    """What a form says; nothing for anything we did not ask."""
    known: tuple[Gender, ...] = get_args(Gender)
    return next((each for each in known if each == given), "")


def password(visit: Visit) -> Response:
    """POST /account/password: another password, and under it another key."""
    new = visit.form.get("new", "")
    if problem := _problem(visit, new):
        return _page(visit, 422, problem=problem)
    # Somebody at a screen that was left alone guesses no faster than somebody at the sign-in page.
    anyio.from_thread.run(visit.office.patience.wait, visit.member.login)
    unlocked = visit.office.dear.submit(_unlock, visit, visit.form.get("old", "")).result()
    step = second_factor.step_of(unlocked.totp, visit.form.get("code", ""), visit.now) if unlocked else None
    used = visit.office.store.do(lambda tx: _used(tx, visit, step))
    if unlocked is None or not used:
        return _page(visit, 403, problem=WRONG)
    visit.office.patience.succeeded(visit.member.login)
    return sessions.give(go("/account?said=password"), visit.office, visit.request, _changed(visit, new, unlocked))


def _used(tx: Tx, visit: Visit, step: int | None) -> bool:
    """Use the code up; whether it could be."""
    if step is not None and staff.used_step(tx, visit.member.id, step):
        return True
    audit.note(tx, visit.now, visit.member.id, "the password was not changed", "")
    return False


def _problem(visit: Visit, new: str) -> str:
    if new != visit.form.get("again", ""):
        return "The two new passwords are not the same. Nothing was changed."
    if new == visit.form.get("old", ""):
        return _SAME
    return passwords.refusal(new, visit.member.login, visit.member.name)


def _unlock(visit: Visit, given: str) -> Unlocked | None:
    try:
        return opening.unlock(visit.member, given[:1024])
    except Unopenable:
        return None


def _changed(visit: Visit, new: str, unlocked: Unlocked) -> str:
    """Change it; the token of the one session that is left."""
    office, me, token = visit.office, visit.member, sessions.new_token()
    try:
        identity = office.dear.submit(turning.staff_key, office.store, me, unlocked, new, visit.now, me.id).result()
    except NotTurned:
        raise Refused("Your account was changed at the same moment. Open this page again and repeat it.") from None

    def enter(tx: Tx) -> None:
        sessions.begin(tx, opening.new_session(me.id, identity, token, visit.now))
        erasing.owe(tx)
        audit.note(tx, visit.now, me.id, "changed the password", "")

    office.store.do(enter)
    # Under the former password lay the former key; it must not linger in the write-ahead log.
    rotation.let_go(office.store)
    return token


def _fits(visit: Visit, now: Gender) -> None:
    for each in visit.office.programme.desks:
        if now == "woman" and each.women and each.key in visit.ring.desks:
            label = visit.office.desk(each.key)
            raise Refused(f"Only women work at {label}, and you do. Leave that desk first. Nothing was changed.")


def _page(visit: Visit, status: int = 200, said: str = "", problem: str = "") -> Response:
    held = [(desk, _fingerprint(key.recipient.public)) for desk, key in sorted(visit.ring.desks.items())]
    spoken = [(each, reports.language(each)) for each in visit.office.programme.languages]
    return visit.page(
        "account.html", status, spoken=spoken, said=said, problem=problem, held=held,
        fingerprint=_fingerprint(visit.member.public), shortest=passwords.SHORTEST, longest=passwords.LONGEST,
    )  # fmt: skip


def _fingerprint(public: bytes) -> str:
    name = key_id(public).hex()
    return " ".join(name[at : at + _GROUP] for at in range(0, len(name), _GROUP))

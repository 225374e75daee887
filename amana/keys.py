"""The commands about keys: shown by their fingerprints, made for a new desk, rotated while everything runs."""

from __future__ import annotations

import fcntl
import getpass
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from console import second_factor, sign_in
from house import clock, programme
from house.settings import Settings
from store import audit, keys, staff, turning, turning_bot
from store.db import Store, Tx
from store.keys import Published
from store.pocket import Held, lookup_id
from store.turning import NotTurned, Signed
from store.turning_bot import OPERATOR, Work

_PURPOSES = {
    "bot": "what console and scheduler write to people",
    "lock": "addresses, talks and letters of the bot",
    "lookup": "names of addresses, messages and codes",
    "desk": "the cases of this desk",
    "recovery": "desks whose members are gone",
    "backup": "copies of the database",
    "audit": "signed heads of the audit",
}
_HOW = (
    "Write amana keys rotate bot, lock, lookup or audit; amana keys rotate desk NAME --as SIGN-IN-NAME; or "
    "amana keys rotate staff --as SIGN-IN-NAME."
)
_OF_THE_HOUSE = {
    "bot": turning_bot.bot_key, "lock": turning_bot.bot_lock, "lookup": turning_bot.lookup_key,
    "audit": turning_bot.audit_key,
}  # fmt: skip


def run(settings: Settings, asked: Namespace) -> int:
    """`amana keys`, in all its forms."""
    store = Store(settings.database)
    try:
        match asked.what, asked.names:
            case "show", []:
                return _show(store, settings)
            case "desk", [desk]:
                return _new_desk(store, settings, desk, asked.members or ())
            case "rotate", ["bot" | "lock" | "lookup" | "audit" as kind]:
                return _rotate_house(store, settings, kind)
            case "rotate", ["desk", desk]:
                return _rotate_desk(store, desk, asked.login)
            case "rotate", ["staff"]:
                return _rotate_staff(store, asked.login)
            case "desk", _:
                raise NotTurned("Say which desk: amana keys desk NAME --for SIGN-IN-NAME.")
            case _:
                raise NotTurned(_HOW)
    finally:
        store.close()


def _say(line: str) -> None:
    print(line, flush=True)


def _show(store: Store, settings: Settings) -> int:
    """Kind, name, fingerprint, since when, whether it is the current one, and what it is for."""
    published = store.read(keys.every)
    for each in (*published, *_secret(settings, published)):
        state = "due" if each.due else "current" if each.current else "old"
        since = datetime.fromtimestamp(each.made, UTC).date()
        _say(f"{each.kind:8} {each.name:12} {each.id}  since {since}  {state:8} {_PURPOSES.get(each.kind, '')}")
    return 0


def _secret(settings: Settings, published: Sequence[Published]) -> Iterator[Published]:
    """The bot's secret keys that are as old as the house, which nobody noted then. Elsewhere than at the bot, none."""
    if not (published and settings.bot_keys.exists()):
        return
    held, known = Held.read(settings.bot_keys), {each.id for each in published}
    locks, lookups = [each.id for each in held.locks], [lookup_id(each) for each in (*held.lookups, *held.retired)]
    for kind, ring in (("lock", locks), ("lookup", lookups)):
        for number, id_ in enumerate(ring):
            if id_.hex() not in known:
                yield Published(kind, kind, id_.hex(), published[0].made, current=number == 0)


def _new_desk(store: Store, settings: Settings, desk: str, logins: Sequence[str]) -> int:
    """A key for a desk of the programme that has none."""
    wanted = programme.desks(programme.load(settings.programme))
    if desk not in wanted:
        raise NotTurned(f"The programme's desks.toml names no desk {desk}. It names {', '.join(wanted)}.")
    if not logins:
        raise NotTurned(f"Say who works at the desk {desk}: amana keys desk {desk} --for SIGN-IN-NAME.")
    names = [sign_in.normal(each) for each in logins]
    store.do(lambda tx: turning.new_desk(tx, desk, names, clock.seconds(), OPERATOR))
    _say(f"The desk {desk} has a key now, which {', '.join(names)} can use: at once, without signing in anew.")
    return 0


def _rotate_house(store: Store, settings: Settings, kind: str) -> int:
    file = settings.audit_key if kind == "audit" else settings.bot_keys
    with _alone(settings):
        _OF_THE_HOUSE[kind](Work(store, file, clock.seconds(), _say))
    return 0


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Two rotations at once would each write the bot's file as the other does not know it."""
    with (settings.home / "turning.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotTurned("Another rotation is under way here. Wait until it is done.") from None
        yield


def _rotate_desk(store: Store, desk: str, login: str | None) -> int:
    if desk not in store.read(keys.desk_names):
        raise NotTurned(f"There is no desk {desk}. There are: {', '.join(store.read(keys.desk_names))}.")
    signed_in = who(store, login)
    ring, by = store.read(signed_in.ring), signed_in.member.id
    done = turning.desk_key(store, ring, desk, clock.seconds(), by, _say)
    # Somebody left while the rotation that was finished just now had not ended: that one had been given the key too.
    turning.desk_sweep(store, ring, desk, clock.seconds(), by)
    store.do(lambda tx: turning.share_with_recovery(tx, ring))
    if done.damaged:
        _say(f"{done.damaged} things are damaged: nobody could open them before, nor can now. Look at your backups.")
    return 0


def _rotate_staff(store: Store, login: str | None) -> int:
    signed_in = who(store, login)
    me = signed_in.member
    turning.staff_key(store, me, signed_in.unlocked, signed_in.password, clock.seconds(), me.id)
    _say(f"{me.login} has a new key under the same password. Whoever was signed in as {me.login} is signed out.")
    return 0


def who(store: Store, login: str | None) -> Signed:
    """Whoever does this, with their key: by password and second factor, as in the console."""
    if not login:
        raise NotTurned("Say who you are: --as SIGN-IN-NAME. Only a member can open what has to be wrapped anew.")
    name, now = sign_in.normal(login), clock.seconds()
    password, code = _ask(f"Password of {name}: "), _ask("Code of the second factor: ")
    found = turning.signed(store, name, password[:1024])
    step = second_factor.step_of(found.unlocked.totp, code, now) if found else None
    if not store.do(lambda tx: _let_in(tx, found, step, now)) or found is None:
        raise NotTurned(sign_in.WRONG)
    return found


def _let_in(tx: Tx, found: Signed | None, step: int | None, now: int) -> bool:
    done = found is not None and step is not None and staff.used_step(tx, found.member.id, step)
    if not done:
        audit.note(tx, now, found.member.id if found else "somebody", "sign-in failed", "")
    return done


def _ask(what: str) -> str:
    """A secret from the terminal, unseen; from a script, the next line it writes."""
    return getpass.getpass(what) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")

"""The recovery secret at the command line: its shares are printed once, and asked for when they are needed."""

from __future__ import annotations

import getpass
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from amana.founding import link
from amana.keys import who
from house import clock
from house.settings import Settings
from store import audit, backups, keys, recovery, staff, turning
from store.casekeys import RECOVERY
from store.db import Store, Tx
from store.recovery import WrongShares
from store.refusal import Refused
from store.turning import Ring

_AGE = "AGE-SECRET-KEY-1"
_LINK_HOLDS = 72 * 3600


def make(settings: Settings, threshold: int, shares: int, login: str | None, *, again: bool) -> int:
    """Make the recovery secret, publish its public halves, wrap the desks for it, print its shares once."""
    secret = recovery.new_secret()
    words = recovery.split(secret, threshold, shares)
    store = Store(settings.database)
    try:
        if store.read(backups.recipient) and not again:
            raise Refused(
                "There is a recovery key already. To replace it: amana keys recovery --again. Older backups still need "
                "the older shares."
            )
        ring = _ring(store, settings, login)
        store.do(lambda tx: _published(tx, secret, ring))
        left = store.read(_uncovered)
    finally:
        store.close()
    _print(words, threshold, recovery.backup_recipient(secret))
    _say_uncovered(left)
    return 0


def _published(tx: Tx, secret: bytes, ring: Ring | None) -> None:
    staff.drop_wraps(tx, RECOVERY)
    recovery.publish(tx, secret, {}, clock.seconds())
    if ring is not None:
        turning.recover_with(tx, ring, recovery.desks_identity(secret).recipient)


def _ring(store: Store, settings: Settings, login: str | None) -> Ring | None:
    """Who can wrap the desks' keys: a member, or the first invitation as long as nobody has used it."""
    first = settings.home / "keys" / "first-invitation"
    if login:
        return store.read(who(store, login).ring)
    return store.read(lambda tx: turning.founders(tx, first.read_text())) if first.exists() else None


def give(settings: Settings, login: str | None) -> int:
    """Wrap a member's desks for the recovery key that is there."""
    store = Store(settings.database)
    try:
        ring = store.read(who(store, login).ring)
        store.do(lambda tx: _given(tx, ring))
        left = store.read(_uncovered)
    finally:
        store.close()
    print(f"The recovery key opens these desks now: {', '.join(sorted(ring.desks))}.")
    _say_uncovered(left)
    return 0


def _given(tx: Tx, ring: Ring) -> None:
    recipient = keys.current(tx, RECOVERY, RECOVERY)
    if recipient is None:
        raise Refused("There is no recovery key yet. Make one: amana keys recovery --as SIGN-IN-NAME.")
    turning.recover_with(tx, ring, recipient)
    audit.note(tx, clock.seconds(), ring.staff, "gave desks to the recovery key", "")


def _uncovered(tx: Tx) -> list[str]:
    held = {each.desk for each in staff.wraps(tx, RECOVERY)}
    return [each for each in keys.desk_names(tx) if each not in held]


def _say_uncovered(desks: list[str]) -> None:
    if desks:
        print(f"\nNot covered: {', '.join(desks)}. If all members of such a desk forget their passwords, its cases are")
        print("lost. A member of each gives it to the recovery key with: amana keys recovery --give --as SIGN-IN-NAME")


def rescue(settings: Settings, shares: str) -> int:
    """A link for somebody new, to every desk that the recovery key opens."""
    text = sys.stdin.isatty() and shares == "-"
    secret = recovery.join(_typed() if text else list(_written(shares)))
    token, store = secrets.token_urlsafe(32), Store(settings.database)
    now = clock.seconds()
    try:
        identity = recovery.desks_identity(secret)
        desks = store.do(lambda tx: turning.rescue(tx, identity, token, now, now + _LINK_HOLDS))
    finally:
        store.close()
    print(f"Whoever opens this link within three days, once, works at: {', '.join(desks)}.")
    print(link(settings, token))
    return 0


def _print(words: list[str], threshold: int, recipient: str) -> None:
    print(f"Write these {len(words)} shares down now: they are kept nowhere and never shown again.")
    print(f"Any {threshold} of them together open every backup and, where they are given it, the desks' keys; fewer")
    print("open nothing.\n")
    for number, each in enumerate(words, 1):
        print(f"Share {number} of {len(words)}: give it to one person, on paper\n{each}\n")
    print(f"Backups are made for {recipient}")


def identities(shares: str, identity: Path | None) -> list[str]:
    """Who opens a backup: an age identity file, or the shares from a file, from a pipe or from the terminal."""
    if identity is not None:
        return _of_file(identity)
    given = _typed() if shares == "-" and sys.stdin.isatty() else list(_written(shares))
    return [recovery.backup_identity(recovery.join(given))]


def _of_file(path: Path) -> list[str]:
    found = [each.strip() for each in path.read_text(encoding="utf-8").splitlines()]
    keys = [each for each in found if each.upper().startswith(_AGE)]
    if not keys:
        raise Refused(f"{path} has no age identity in it: a line that begins with {_AGE}.")
    return keys


def _written(shares: str) -> Iterator[str]:
    """One share a line; headings as they were printed, and empty lines, are passed over."""
    text = sys.stdin.read() if shares == "-" else Path(shares).read_text(encoding="utf-8")
    return (each for each in text.splitlines() if each.strip() and ":" not in each)


def _typed() -> list[str]:
    """Asked for one by one, not shown, until there are as many as they say are needed."""
    print("Enter the shares, one after the other. What you type is not shown.", file=sys.stderr)
    given: list[str] = []
    needed = 1
    while len(given) < needed:
        share = getpass.getpass(f"Share {len(given) + 1}: ")
        try:
            needed = recovery.needed(share)
        except WrongShares:
            print("A word is missing, misspelt or in the wrong place. Enter this share again.", file=sys.stderr)
            continue
        given.append(share)
    return given

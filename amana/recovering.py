"""The recovery secret at the command line: its shares are printed once, and asked for when they are needed."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from pathlib import Path

from house import clock
from house.settings import Settings
from store import backups, recovery
from store.db import Store
from store.recovery import WrongShares
from store.refusal import Refused

_AGE = "AGE-SECRET-KEY-1"


def make(settings: Settings, threshold: int, shares: int, *, again: bool) -> int:
    """Make the recovery secret, publish its public halves, print its shares once."""
    secret = recovery.new_secret()
    words = recovery.split(secret, threshold, shares)
    store = Store(settings.database)
    try:
        if store.read(backups.recipient) and not again:
            raise Refused(
                "There is a recovery key already. To replace it: amana keys recovery --again. Older backups still need "
                "the older shares."
            )
        store.do(lambda tx: recovery.publish(tx, secret, {}, clock.seconds()))
    finally:
        store.close()
    _print(words, threshold, recovery.backup_recipient(secret))
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

"""`amana erase`: one case, when two members agree at this terminal; or all that retention has due now."""

from __future__ import annotations

import getpass
import sys

from console import second_factor
from house import clock, programme
from house.settings import Settings
from scheduler import expiry
from store import erasing, four_eyes, tombstones
from store.db import Store
from store.four_eyes import Proof
from store.refusal import Refused


def erase(settings: Settings, reference: str | None, one: str | None, other: str | None) -> int:
    """Erase, and let nothing of it linger in the database's log."""
    store = Store(settings.database)
    try:
        if reference:
            _one(store, reference, one, other)
        else:
            _due(store, settings)
        # Another process may have written them already; a file twice told is the same file.
        tombstones.mirror(store, settings.tombstones)
        if not erasing.let_go(store):
            print("Somebody still reads what was there before; the scheduler clears the database's log later.")
    finally:
        store.close()
    return 0


def _one(store: Store, reference: str, one: str | None, other: str | None) -> None:
    if not (one and other):
        raise Refused("two members must agree: amana erase REFERENCE --as LOGIN --and LOGIN.")
    proofs = _proof(one), _proof(other)
    four_eyes.erase(store, reference, proofs, second_factor.step_of, clock.seconds())
    print(f"{reference} is erased. Its tombstone keeps a restored backup from bringing it back.")


def _due(store: Store, settings: Settings) -> None:
    done = expiry.carry_out(store, clock.seconds(), programme.load(settings.programme))
    print(f"Cases erased: {done.erased}. Announced: {done.warned}. Silent people forgotten: {done.forgotten}")


def _proof(login: str) -> Proof:
    return Proof(login.strip().casefold(), _hidden(f"Password of {login}: "), _hidden(f"Code of {login}: "))


def _hidden(prompt: str) -> str:
    """What is typed at a terminal without being shown, or the next line of what was piped in."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")

"""`amana verify`: whether the audit is whole, its signed head, and whether heads signed earlier still hold."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from house import clock
from house.settings import Settings
from store import anchors, audit
from store.anchors import Anchor
from store.audit import Broken, Head, How
from store.db import Store
from store.refusal import Refused

_SEEMS: dict[How, str] = {
    "changed": "it, or the row before it, was changed or put in after it was written",
    "removed": "a row was removed there",
    "moved": "its row was moved to another place",
}


def verify(settings: Settings, anchor: Path | None, against: Path | None) -> int:
    """Exit status 1 when the chain is broken or a head signed earlier does not hold."""
    heads = anchors.read(against) if against else []
    store = Store(settings.database)
    try:
        broken, head = store.read(lambda tx: (audit.broken(tx), audit.head(tx)))
        _tell(broken)
        signed = _signed(settings, head)
        if anchor is not None:
            _keep(anchor, signed, broken)
        wrong = _wrong(store, heads)
    finally:
        store.close()
    if against is not None:
        _tell_heads(against, heads, wrong)
    return 1 if broken or wrong else 0


def _tell(broken: Broken | None) -> None:
    if broken is None:
        print("The audit is whole.")
    else:
        print(f"The audit is broken at row {broken.seq}: {_SEEMS[broken.how]}.")


def _signed(settings: Settings, head: Head | None) -> Anchor | None:
    """The head, shown; signed where the key is (on the bot's machine)."""
    if head is None:
        return None
    if not settings.audit_key.exists():
        print(f"Head: row {head.seq}, {head.hash} (not signed: keys/audit.json is not in this AMANA_HOME)")
        return None
    signed = anchors.load(settings.audit_key).sign(head, clock.seconds())
    print(f"Head: row {head.seq}, {head.hash}\nSigned with {signed.key}: {signed.signature}")
    return signed


def _keep(path: Path, signed: Anchor | None, broken: Broken | None) -> None:
    if broken is not None:
        raise Refused("The audit is broken, so its head vouches for nothing and was not added to the file.")
    if signed is None:
        raise Refused(
            "There is no head to sign: the audit has no row yet, or keys/audit.json is not in this AMANA_HOME. Run it "
            "on the bot's machine."
        )
    anchors.append(path, signed)
    print(f"Added to {path}. Keep a copy where nobody of this machine can change it.")


def _wrong(store: Store, heads: list[Anchor]) -> list[tuple[int, str]]:
    """Line number and sentence of every head that does not hold."""
    known = store.read(anchors.known)
    told = (
        (number, store.read(lambda tx, each=each: anchors.trouble(tx, each, known)))  # type: ignore[misc]
        for number, each in enumerate(heads, 1)
    )
    return [(number, said) for number, said in told if said is not None]


def _tell_heads(path: Path, heads: list[Anchor], wrong: list[tuple[int, str]]) -> None:
    for number, said in wrong:
        print(f"{path}, line {number}, signed {datetime.fromtimestamp(heads[number - 1].at, UTC):%Y-%m-%d}: {said}.")
    if not wrong:
        print(f"All {len(heads)} signed heads of {path} hold.")

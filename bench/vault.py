"""What sealing costs: envelopes by number of wraps, a list over 100,000 cases, and the rotation of their desk's key."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from store import cases, opening, turning
from store.cases import Access, Case
from store.db import Store, Tx
from store.founding import found
from store.opening import Ring
from store.places import Place
from store.pocket import CodeKey, Pocket
from store.sealing import seal
from store.unsealing import Identity

CASES, HEADS, LOOKS = 100_000, 1_000, 20
_NOON = 1_773_144_000
_WORDS = b"x" * 700
_PLACE = Place("entries", "R-1/e", "report by person")


def run() -> None:
    """Print the figures."""
    for wraps in (1, 3, 10):
        _envelopes(wraps)
    with tempfile.TemporaryDirectory(prefix="amana-bench-") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'amana.db'}")
        token = found(store, Path(folder), ["general", "psea"], _NOON) or ""
        _fill(store, Pocket.load(Path(folder) / "keys" / "bot.json"))
        member, identity = opening.new_member("ann", "ann", "Ann", "a long password of ann", "TOTP")
        store.do(lambda tx: opening.enrol(tx, token, member, _NOON))
        ring = store.read(lambda tx: opening.ring_of(tx, "ann", identity))
        _list(store, ring)
        _rotate(store, ring)
        store.close()


def _envelopes(wraps: int) -> None:
    """Seal 700 bytes for so many keys, and open with the last of them."""
    mine = [Identity.new() for _ in range(wraps)]
    to = [each.recipient for each in mine]
    sealed = seal(_WORDS, _PLACE, to)
    _say(
        name="envelopes", wraps=wraps, bytes=len(sealed),
        seals_per_second=round(_rate(lambda: seal(_WORDS, _PLACE, to))),
        opens_per_second=round(_rate(lambda: mine[-1].open(sealed, _PLACE))),
    )  # fmt: skip


def _rate(act: Callable[[], object], seconds: float = 1.0) -> float:
    begun, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - begun) < seconds:
        act()
        count += 1
    return count / spent


def _fill(store: Store, pocket: Pocket) -> None:
    """100,000 filed cases, as the bot files them; one code key for all, since a code costs more than a case."""
    key = CodeKey.from_code("1" * 28, b"s" * 16, pocket)
    head = json.dumps({"category": "cash", "language": "fr"}).encode()

    def some(tx: Tx, numbers: tuple[int, ...]) -> None:
        for n in numbers:
            case = Case(
                f"R-{n:06d}", "general", "filed", False, "anonymous", "either", None, _NOON, _NOON + n % 1_000_000,
                _NOON + 2_000_000, True, key.salt, key.recipient.public, _NOON, 365,
            )  # fmt: skip
            cases.file(tx, case, f"locator {n}", head, _WORDS)

    begun = time.perf_counter()
    for numbers in _batches():
        store.do(partial(some, numbers=numbers))
    _say(name="filing", cases=CASES, per_second=round(CASES / (time.perf_counter() - begun)))


def _batches() -> list[tuple[int, ...]]:
    return [tuple(range(at, min(at + 1000, CASES))) for at in range(0, CASES, 1000)]


def _list(store: Store, ring: Ring) -> None:
    """Look at the first 1,000 of the desk's 100,000 cases, heads opened."""
    times = []
    for _ in range(LOOKS):
        begun = time.perf_counter()
        listed, more = store.read(lambda tx: cases.listed(tx, Access(ring.holders, ""), 0, HEADS))
        heads = [ring.unwrap(each.case, each.holder, each.sealed).head() for each in listed]
        times.append(time.perf_counter() - begun)
        if (len(heads), more) != (HEADS, CASES - HEADS):
            raise RuntimeError("the list is not whole")
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    _say(name="list", cases=CASES, heads=HEADS, p50_s=round(statistics.median(times), 3), p95_s=round(p95, 3))


def _rotate(store: Store, ring: Ring) -> None:
    """Another key for the desk of all these cases, as `amana keys rotate desk` does it."""
    begun = time.perf_counter()
    done = turning.desk_key(store, ring, "general", _NOON, ring.staff)
    seconds = time.perf_counter() - begun
    if done.cases != CASES:
        raise RuntimeError("not every case is under the new key")
    _say(name="rotation", cases=CASES, seconds=round(seconds, 1), per_second=round(CASES / seconds))


def _say(**figure: object) -> None:
    print(json.dumps(figure), flush=True)

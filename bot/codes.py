"""Return codes at the bot: minted ahead of time, and looked up without keeping anybody else waiting."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from actions import code
from actions.passing import called
from actions.programme import Programme
from actions.sentences import ANSWER_BROKEN
from actions.talk import Found, Receipt
from store import cases
from store.db import Store, Tx
from store.places import Unopenable
from store.pocket import CodeKey, Pocket
from store.referrals import of

_READY = 16
_FREE, _LONGEST_WAIT, _MOST_REMEMBERED, _MOST_WAITING = 3, 8.0, 5000, 4
# Without look-alikes, so that a number can be read over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Minted:
    """A receipt for the person, and what the store keeps of it."""

    receipt: Receipt
    key: CodeKey


class Mint:
    """Receipts made ahead: a code costs some milliseconds, which no turn should wait for."""

    def __init__(self, pocket: Pocket) -> None:
        self._pocket = pocket
        self._ready: deque[Minted] = deque()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="mint")
        self._refill()

    def take(self) -> Minted:
        """One receipt nobody else has."""
        try:
            return self._ready.popleft()
        except IndexError:
            return self._new()
        finally:
            if len(self._ready) < _READY // 2:
                self._refill()

    def back(self, minted: Minted) -> None:
        """One that was not shown to anybody."""
        self._ready.append(minted)

    def close(self) -> None:
        """Stop minting."""
        self._threads.shutdown(cancel_futures=True)

    def _refill(self) -> None:
        if self._threads._work_queue.empty():  # noqa: SLF001 - only a hint: at worst one too many is minted
            self._threads.submit(self._fill)

    def _fill(self) -> None:
        while len(self._ready) < _READY:
            self._ready.append(self._new())

    def _new(self) -> Minted:
        digits = code.complete("".join(secrets.choice("0123456789") for _ in range(code.RANDOM_DIGITS)))
        name = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        key = CodeKey.from_code(digits, os.urandom(16), self._pocket)
        return Minted(Receipt(digits, f"{name[:4]}-{name[4:]}"), key)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a right code shows, the key that it is, and `<case>/<entry>` of each answer that it does not open."""

    found: Found
    key: CodeKey
    damaged: tuple[str, ...] = ()


class Seeker:
    """Finds the case of a return code; a few guesses at a time, unknown ones as slowly as known ones.

    Whoever guesses wrong waits longer each time, in that conversation alone: no case is ever locked, and nobody waits
    for a stranger who shares an address (ASVS 5.0 6.1.1).
    """

    def __init__(
        self,
        store: Store,
        pocket: Pocket,
        programme: Programme,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._store, self._pocket, self._programme, self._pause = store, pocket, programme, pause
        self._zone = ZoneInfo(programme.timezone)
        self._turn = asyncio.Semaphore(2)
        self._wrong: OrderedDict[str, int] = OrderedDict()
        self._waiting = 0

    async def seek(self, address: str, words: str) -> Shown | None:
        """What the code in these words shows, or None; asked of every text that holds a whole code."""
        digits = code.read(words)
        if digits is None:
            return None
        if (wait := self._wait(address)) and self._waiting < _MOST_WAITING:
            # A few at a time: guessers must not take up the room in which others are heard.
            self._waiting += 1
            try:
                await self._pause(wait)
            finally:
                self._waiting -= 1
        shown = await self._sought(digits)
        self._count(address, wrong=shown is None)
        return shown

    async def _sought(self, digits: str) -> Shown | None:
        async with self._turn:
            locators = self._pocket.tokens("code", digits)
            case = await self._store.look(lambda tx: cases.seek(tx, locators))
            salt = case.salt if case else b"nobody's salt .."
            key = await asyncio.to_thread(CodeKey.from_code, digits, salt, self._pocket)
            if case is None or not key.opens(case.reporter):
                return None
            return await self._store.look(lambda tx: self._shown(tx, case, key))

    def _wait(self, address: str) -> float:
        wrong = self._wrong.get(address, 0)
        return min(_LONGEST_WAIT, 2.0 ** min(wrong - _FREE, 10)) if wrong >= _FREE else 0.0

    def _count(self, address: str, *, wrong: bool) -> None:
        before = self._wrong.pop(address, 0)
        if wrong:
            self._wrong[address] = before + 1
        while len(self._wrong) > _MOST_REMEMBERED:
            self._wrong.popitem(last=False)

    def _shown(self, tx: Tx, case: cases.Case, key: CodeKey) -> Shown:
        kept = {each: _opened(each, key) for each in cases.entries_of(tx, case.reference, cases.FOR_PERSON)}
        found = Found(
            case.reference, case.state, self._day(case.filed), self._day(case.first_look_by),
            self._day(case.answer_by), tuple(words or ANSWER_BROKEN for words in kept.values()), case.mode,
            tuple((called(each.body, self._programme), self._day(each.ask_again)) for each in of(tx, case.reference)),
            cases.asked(tx, case.reference),
        )  # fmt: skip
        return Shown(found, key, tuple(f"{case.reference}/{each.id}" for each, words in kept.items() if words is None))

    def _day(self, seconds: int) -> date:
        return datetime.fromtimestamp(seconds, UTC).astimezone(self._zone).date()


def _opened(entry: cases.Entry, key: CodeKey) -> str | None:
    try:
        return key.identity.open(entry.sealed, entry.place).decode()
    except Unopenable:
        return None

"""Letters out: take under a lease, put into the person's language, hand to the channel, settle or put off.

Whatever happens to this process, a letter's lease runs out and the letter is taken again; what a platform says decides
what becomes of it; nothing here ever ends the loop.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import structlog

from actions import notices, words
from actions.talk import Terms
from bot import broken
from bot.announced import announced
from bot.inbound import Channel, Delivered, Later, Moved, Never, Outcome, Particulars, Unreachable
from bot.limits import Limits
from bot.reaching import Go, Hold, Knock, Wait, way
from house.texts import Rendered, Texts
from store import announcements, letters, people, traces
from store.db import Store, StoreUnavailable, Tx
from store.letters import Lane, Outgoing
from store.places import Unopenable
from store.pocket import Pocket

LEASE = 60
_LONGEST_SEND = 45.0
_FAREWELL = 10.0
_SLOTS = 8
_FOR_ANNOUNCEMENTS = 5
_SHORT_WAIT = 1.2
_LOOK = 0.5
_FARTHEST = 900
_MOST = 12
# While a platform or the network is down every letter fails alike, and none may be lost by it: 300 attempts, nearly
# all a quarter of an hour apart, are three days.
_MOST_WHILE_DOWN = 300
_DOWN = frozenset({"network", "token"})
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Taken:
    """A letter with what the store knows about it."""

    letter: Outgoing
    channel: str
    kind: str

    @property
    def announces(self) -> bool:
        return self.letter.announcement is not None


class Delivery:
    """The way out of one bot; `run` until it is cancelled, `ring` when there is a new letter."""

    def __init__(
        self,
        store: Store,
        pocket: Pocket,
        texts: Texts,
        channels: Mapping[str, Channel],
        limits: Limits,
        clock: Callable[[], int],
        chance: Random,
        zone: ZoneInfo,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._pocket, self._texts, self._channels = store, pocket, texts, channels
        self._limits, self._clock, self._chance, self._ticks = limits, clock, chance, ticks
        self._zone = zone
        self._rung = asyncio.Event()
        self._running: dict[int, tuple[asyncio.Task[None], bool]] = {}

    def ring(self) -> None:
        """There may be a new letter."""
        self._rung.set()

    async def run(self) -> None:
        """Send letters for ever; when cancelled, what is under way is finished first."""
        try:
            while True:
                self._rung.clear()
                await self._begin_what_is_ready()
                await self._rest()
        finally:
            tasks = [task for task, _ in self._running.values()]
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=_FAREWELL)
                for each in late:
                    each.cancel()

    async def _begin_what_is_ready(self) -> None:
        try:
            if len(self._running) < _SLOTS:
                for each in await self._store.run(self._take()):
                    self._begin(each)
        except Exception as error:  # noqa: BLE001 - the way out stays open whatever happens
            _log.warning("letters could not be taken", error=type(error).__name__)
            await asyncio.sleep(_LOOK)

    def _begin(self, taken: _Taken) -> None:
        id_ = taken.letter.id
        if id_ in self._running:  # the clock has jumped over its lease
            return
        self._running[id_] = asyncio.create_task(self._carry(taken)), taken.announces

        def done(task: asyncio.Task[None]) -> None:
            self._running.pop(id_)
            self._rung.set()
            if not task.cancelled() and (error := task.exception()):
                _log.error("a letter was dropped until its lease ends", error=type(error).__name__)

        self._running[id_][0].add_done_callback(done)

    async def _rest(self) -> None:
        # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the ring (gh-86296).
        try:
            async with asyncio.timeout(_LOOK):
                await self._rung.wait()
        except TimeoutError:
            return

    def _take(self) -> Callable[[Tx], list[_Taken]]:
        """Replies may have every slot, announcements only some, and none while their share of the budget is used up."""
        now, channels = self._clock(), tuple(self._channels)
        room = _SLOTS - len(self._running)
        for_announcements = _FOR_ANNOUNCEMENTS - sum(announces for _, announces in self._running.values())
        if self._limits.announcements_wait(self._ticks()) > 0:
            for_announcements = 0

        def unit(tx: Tx) -> list[_Taken]:
            found = letters.take(tx, channels, now, LEASE, room, Lane.FOLLOW_UP)
            if (left := min(room - len(found), for_announcements)) > 0:
                found += letters.take(tx, channels, now, LEASE, left)
            return [taken for each in found if (taken := _known(tx, each))]

        return unit

    async def _carry(self, taken: _Taken) -> None:
        """One letter, from the outbox to what becomes of it."""
        letter = taken.letter
        if letter.left and not letter.takes_away:
            await self._keep(lambda tx: letters.let_go(tx, letter))
            return
        try:
            particulars = Particulars.opened(self._pocket, letter.address, letter.sealed_address)
        except Unopenable:
            _log.error("an address cannot be opened", lane=int(letter.lane))
            await self._keep(lambda tx: broken.address(tx, letter.id, letter.address, self._clock()))
            return
        if letter.takes_away:
            await self._take_away(taken, particulars)
        elif not letter.pushed or taken.kind == "group" or await self._welcome(letter, particulars.terms):
            await self._hand_over(taken, particulars)

    async def _welcome(self, letter: Outgoing, terms: Terms) -> bool:
        """Whether its person wants to be written to now; if not, the letter waits for them or for the time of day."""
        local = datetime.fromtimestamp(self._clock(), self._zone)
        match way(terms, local):
            case Go():
                return True
            case Hold():
                await self._keep(lambda tx: letters.hold(tx, letter.id, None))
            case Knock():
                await self._keep(lambda tx: self._knock(tx, letter))
            case Wait(until):
                await self._keep(lambda tx: letters.hold(tx, letter.id, math.ceil(until.timestamp())))
        return False

    def _knock(self, tx: Tx, letter: Outgoing) -> None:
        """One neutral line, however many letters wait for the person behind it."""
        tx.alone_with(letter.address)
        if letters.hold(tx, letter.id, None) and letters.knock(tx, letter.address):
            key, said = f"{letters.KNOCK}{letter.id}", words.to_json(notices.knock())
            letters.post(
                tx, key, letter.address, said, letter.lane, self._pocket.lock, self._clock(), pushed=False
            )  # fmt: skip

    async def _take_away(self, taken: _Taken, particulars: Particulars) -> None:
        """Messages of a chat; with those of somebody who left goes what was on its way when they did."""
        letter, up_to = taken.letter, taken.letter.at + LEASE
        try:
            named: list[int] = json.loads(self._pocket.open(letter.sealed or b"", letters.place(letter.key)))
        except Unopenable:
            _log.error("what was to be taken away cannot be read", channel=taken.channel)
            await self._keep(lambda tx: letters.give_up(tx, letter.id, "unopenable"))
            return
        if taken.kind == "person":
            named += await self._store.look(lambda tx: traces.of(tx, letter.address, self._clock(), up_to))
        outcome = await self._asked(taken.channel, lambda channel: channel.take_away(particulars.chat, named))
        if isinstance(outcome, Delivered):
            await self._keep(lambda tx: traces.drop(tx, letter.address, up_to))
        await self._became(taken, particulars, outcome)

    async def _hand_over(self, taken: _Taken, particulars: Particulars) -> None:
        letter = taken.letter
        try:
            ready = await self._rendered(taken, particulars.language)
        except Unopenable:
            _log.error("a letter cannot be opened", lane=int(letter.lane))
            await self._keep(self._broken(letter))
            return
        except Exception as error:  # noqa: BLE001 - a letter of a shape we do not know must not stop the others
            await self._put_off(taken, self._unknown(error))
            return
        wait = self._wait(taken)
        if wait > _SHORT_WAIT:
            until = self._clock() + math.ceil(wait)
            await self._keep(lambda tx: letters.later(tx, letter.id, until, "our pace", count=False))
            return
        while wait > 0:
            await asyncio.sleep(wait)
            wait = self._wait(taken)
        self._limits.went(
            letter.address, "group" if taken.kind == "group" else "person", self._ticks(), announcement=taken.announces
        )
        outcome = await self._asked(taken.channel, lambda channel: channel.send(particulars.chat, ready))
        await self._became(taken, particulars, outcome)

    def _broken(self, letter: Outgoing) -> Callable[[Tx], None]:
        lock, now = self._pocket.lock, self._clock()
        return lambda tx: broken.letter(
            tx, letter.id, letter.key, letter.address, lock, now, pushed=letter.pushed
        )  # fmt: skip

    async def _rendered(self, taken: _Taken, language: str) -> Rendered:
        letter = taken.letter
        if letter.announcement is None:
            plain = self._pocket.open(letter.sealed or b"", letters.place(letter.key))
            return self._texts.render(words.from_json(plain.decode()), language)
        id_, to_group = letter.announcement, taken.kind == "group"
        look = self._store.look
        return Rendered(
            await look(lambda tx: announced(tx, self._pocket, self._texts, id_, language, to_group=to_group))
        )

    def _wait(self, taken: _Taken) -> float:
        return self._limits.wait(taken.letter.address, self._ticks(), announcement=taken.announces)

    async def _asked(self, channel: str, what: Callable[[Channel], Awaitable[Outcome]]) -> Outcome:
        try:
            async with asyncio.timeout(_LONGEST_SEND):
                return await what(self._channels[channel])
        except TimeoutError:
            return Later(0, "network")
        except Exception as error:  # noqa: BLE001 - a channel's own fault is no reason to lose a letter
            return self._unknown(error)

    def _unknown(self, error: Exception) -> Later:
        _log.error("a letter could not be handed over", error=type(error).__name__)
        return Later(0, "unknown")

    async def _became(self, taken: _Taken, particulars: Particulars, outcome: Outcome) -> None:
        """Keep what the platform said."""
        letter = taken.letter
        match outcome:
            case Delivered(messages):
                await self._keep(lambda tx: self._went(tx, taken, messages))
            case Later():
                await self._put_off(taken, outcome)
            case Unreachable():
                _log.info("somebody cannot be written to now", channel=taken.channel, kind=taken.kind)
                await self._keep(lambda tx: _unreachable(tx, taken))
            case Never(trouble):
                _log.error("the platform never takes this letter", channel=taken.channel, what=trouble)
                await self._keep(lambda tx: letters.give_up(tx, letter.id, trouble))
            case Moved(chat):
                new = self._pocket.address(taken.channel, chat)
                sealed = replace(particulars, chat=chat).sealed(self._pocket, new)
                await self._keep(lambda tx: moved(tx, letter.address, new, taken.channel, sealed, self._clock()))

    def _went(self, tx: Tx, taken: _Taken, messages: tuple[int, ...]) -> None:
        letters.settle(tx, taken.letter.id)
        self._note(tx, taken, messages)

    def _note(self, tx: Tx, taken: _Taken, messages: tuple[int, ...]) -> None:
        """Of a person's chat it is known what stands there, so that they can have it taken away."""
        if taken.kind == "person":
            traces.note(tx, taken.letter.address, messages, self._clock())

    async def _put_off(self, taken: _Taken, outcome: Later) -> None:
        letter = taken.letter
        if outcome.messages:
            await self._keep(lambda tx: self._note(tx, taken, outcome.messages))
        if outcome.chat_waits:
            self._limits.hold(letter.address, self._ticks() + outcome.seconds)
        elif letter.attempts >= (_MOST_WHILE_DOWN if outcome.trouble in _DOWN else _MOST):
            _log.error("a letter is worn out", channel=taken.channel, attempts=letter.attempts, what=outcome.trouble)
            await self._keep(lambda tx: letters.give_up(tx, letter.id, "worn out"))
            return
        seconds = outcome.seconds or min(_FARTHEST, 2 ** min(letter.attempts, 10)) * self._chance.uniform(0.5, 1.0)
        until = self._clock() + max(1, math.ceil(seconds))
        _log.info("a letter is put off", channel=taken.channel, what=outcome.trouble, attempts=letter.attempts)
        await self._keep(lambda tx: letters.later(tx, letter.id, until, outcome.trouble, count=not outcome.chat_waits))

    async def _keep(self, unit: Callable[[Tx], object]) -> None:
        """Keep an outcome, however long the store is down: a letter that went must not go again for want of a note."""
        while True:
            try:
                await self._store.run(unit)
            except StoreUnavailable:
                await asyncio.sleep(_LOOK)
            else:
                return


def moved(tx: Tx, old: str, new: str, channel: str, sealed: bytes, now: int) -> None:
    """A group is another chat now: link and waiting letters follow; `sealed` are the new address's particulars."""
    people.know(tx, new, channel, "group", lambda: sealed, now)
    announcements.moved(tx, old, new)
    letters.moved(tx, old, new)


def _known(tx: Tx, letter: Outgoing) -> _Taken | None:
    """The letter with its channel; one that is not wanted any more ends here, unsent."""
    where = people.channel_and_kind(tx, letter.address)
    if where is None or (letter.announcement and not letters.wanted(tx, letter.address, letter.announcement)):
        letters.settle(tx, letter.id)
        return None
    return _Taken(letter, *where)


def _unreachable(tx: Tx, taken: _Taken) -> None:
    people.unreachable(tx, taken.letter.address)
    letters.give_up(tx, taken.letter.id, "unreachable")
    if taken.kind == "group":
        announcements.unlink(tx, taken.letter.address)

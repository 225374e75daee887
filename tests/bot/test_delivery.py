"""Letters out: each once in the store's eyes, in order, as fast as allowed, whatever the platform and the store do."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.words import N_, Choice, Letter
from bot.inbound import Delivered, Outcome
from house import clock
from house.texts import Rendered
from scheduler import due
from store import announcements, letters, people
from store.db import Store
from store.letters import Lane
from tests.bot.postroom import Postroom, postroom, running

ANN, BEN, CLEO, GROUP, OTHERS = 7_000_000_001, 42, 43, -4001, -4002


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Postroom]:
    async with postroom(tmp_path) as room:
        for chat in (ANN, BEN, CLEO):
            room.api.says(chat, "/start")
        for chat in (GROUP, OTHERS):
            room.api.group(chat, "Partners")
        yield room


def hasty() -> itertools.count[int]:
    """A clock on which hours go by between two looks, so that nothing that was put off has to be waited for."""
    return itertools.count(clock.seconds(), 1000)


async def test_a_letter_goes_out_in_the_persons_language_and_its_words_are_erased(room: Postroom) -> None:
    """Sent, settled, and nothing of it left to read."""
    room.texts = type(room.texts)({"fr": {("", "Hello {name}"): "Bonjour {name}"}})
    room.know(ANN, language="fr")
    room.post(ANN, letter=Letter((N_("Hello {name}").with_(name="Ann"),), (Choice("a", "Oui"),)))

    async with running(room.delivery().run()):
        assert await room.sent(ANN) == ["Bonjour Ann"]
        await room.until(lambda: room.outbox("state", "sealed") == [("sent", None)])
    assert room.api.sent(ANN)[0].buttons == [("1. Oui", "a")]


async def test_two_deliveries_never_send_one_letter_twice(room: Postroom) -> None:
    """Two bots on one database share the work by leases."""
    second = Store(room.url)
    for chat in range(100, 140):
        room.api.says(chat, "/start")
        room.know(chat)
        room.post(chat, f"for {chat}")

    async with running(room.delivery().run(), room.delivery(store=second).run()):
        await room.until(lambda: set(room.outbox("state")) == {"sent"})
    second.close()

    assert sorted(each.text for each in room.api.sent()) == sorted(f"for {chat}" for chat in range(100, 140))


async def test_no_letter_overtakes_another_of_the_same_person(room: Postroom) -> None:
    """While the first is put off, the others of this person wait behind it; other people's do not."""
    room.know(ANN), room.know(BEN)
    room.api.fail(500, n=2, chat_id=ANN)
    for number in range(3):
        room.post(ANN, f"{number}", lane=Lane.SAFETY if number == 2 else Lane.REPLY)
    room.post(BEN, "to Ben")

    async with running(room.delivery().run()):
        assert await room.sent(BEN) == ["to Ben"]
        assert room.api.sent(ANN) == []
        assert await room.sent(ANN, 3) == ["0", "1", "2"]


async def test_what_is_urgent_goes_first(room: Postroom) -> None:
    """Safety before replies before follow-ups before announcements, whatever was posted first."""
    sent: list[str] = []

    class Slow:
        """A channel whose letters arrive in an order that can be seen."""

        name = "telegram"

        async def send(self, _: str, letter: Rendered) -> Outcome:
            sent.append(letter.text.splitlines()[0])
            await asyncio.sleep(0.01)
            return Delivered()

    room.approve("a1", en="announcement")
    for chat in range(200, 260):
        room.subscribe(chat)
    while room.store.do(lambda tx: due.announce(tx, 3)):
        pass
    for chat, lane in ((1, Lane.FOLLOW_UP), (2, Lane.REPLY), (3, Lane.SAFETY)):
        room.know(chat)
        room.post(chat, lane.name, lane=lane)

    async with running(room.delivery(channels={"telegram": Slow()}).run()):
        await room.until(lambda: len(sent) > 3)

    assert sent[:3] == ["SAFETY", "REPLY", "FOLLOW_UP"]
    assert sent[3] == "announcement"


async def test_a_chat_told_to_wait_waits_and_nobody_else(room: Postroom) -> None:
    """A 429 is obeyed to the second, for that chat; it does not wear the letter out."""
    room.know(ANN), room.know(BEN)
    room.api.too_many(ANN, retry_after=2)
    room.post(ANN, "to Ann")

    async with running(room.delivery().run()):
        await asyncio.to_thread(room.api.wait_calls, "sendMessage", 1)
        room.post(BEN, "to Ben")
        await room.sent(BEN)
        assert room.api.sent(ANN) == []
        await room.sent(ANN)

    refused, *_, last = [call.at for call in room.api.calls if call.chat_id == ANN]
    assert last - refused >= 2
    assert len([call for call in room.api.calls if call.chat_id == ANN]) == 2
    assert room.outbox("attempts") == [1, 1]


async def test_telegrams_own_flood_control_never_stops_us(tmp_path: Path) -> None:
    """At our pace not a single letter is refused, with sixty at once for thirty people and a group."""
    async with postroom(tmp_path, strict=True) as room:
        room.api.group(GROUP, "Partners")
        room.know(GROUP, "group")
        for chat in range(300, 330):
            room.api.says(chat, "/start")
            room.know(chat)
            room.post(chat, "one")
            room.post(chat, "two")
        room.post(GROUP, "one")

        async with running(room.delivery().run()):
            await room.until(lambda: set(room.outbox("state")) == {"sent"})

        assert {call.status for call in room.api.calls} == {200}
        assert len(room.api.sent()) == 61


async def test_who_blocked_us_is_left_alone_until_they_write_again(room: Postroom) -> None:
    """The letter waits for the person, not the person for the letter."""
    room.know(ANN)
    room.api.blocked(ANN)
    room.post(ANN, "an answer")

    async with running(room.delivery().run()):
        await room.until(lambda: room.outbox("state", "trouble") == [("dead", "unreachable")])
        room.api.says(ANN, "I am back")
        room.know(ANN)
        assert await room.sent(ANN) == ["an answer"]


async def test_a_group_that_put_us_out_is_linked_no_more(room: Postroom) -> None:
    """Whoever has thrown us out gets no announcement, and no attempt at one."""
    address = room.link(GROUP)
    room.api.kicked(GROUP)
    room.post(GROUP, "hello")

    async with running(room.delivery().run()):
        await room.until(lambda: room.outbox("state") == ["dead"])
    assert not room.store.do(lambda tx: letters.wanted(tx, address))


async def test_a_group_that_moved_gets_everything_at_its_new_place_once(room: Postroom) -> None:
    """Link and waiting letters follow in order; the announcement that was half posted does not come twice."""
    room.link(GROUP)
    room.post(GROUP, "you are linked")
    room.approve("a1", en="first")
    room.store.do(lambda tx: due.announce(tx, 3))
    room.api.migrate(GROUP, -1001)

    async with running(room.delivery().run()):
        assert await room.sent(-1001, 2) == ["you are linked", "first"]
        while room.store.do(lambda tx: due.announce(tx, 4)):
            pass
        room.approve("a2", en="second")
        while room.store.do(lambda tx: due.announce(tx, 5)):
            pass
        assert await room.sent(-1001, 3) == ["you are linked", "first", "second"]
        await room.until(lambda: set(room.outbox("state")) == {"sent"})


async def test_an_answer_that_was_lost_is_asked_for_again(room: Postroom) -> None:
    """At least once on the wire, once in the store: the letter is settled when Telegram says so."""
    room.know(ANN)
    room.api.lose_answer(n=1, chat_id=ANN)
    room.post(ANN, "hello")

    async with running(room.delivery().run()):
        await room.until(lambda: room.outbox("state", "attempts") == [("sent", 2)])
    assert [each.text for each in room.api.sent(ANN)] == ["hello", "hello"]


async def test_a_store_that_fails_after_sending_does_not_send_again(room: Postroom) -> None:
    """The note that it went is kept as soon as the store can; until then the letter is not taken again."""
    room.know(ANN)
    room.post(ANN, "hello")
    room.api.delay(0.5, n=1, chat_id=ANN)
    now = clock.seconds()
    late = itertools.chain([now, now], itertools.repeat(now + 1000))

    async with running(room.delivery(lambda: next(late)).run()):
        await asyncio.sleep(0.2)
        room.breaks()
        await room.sent(ANN)
        await asyncio.sleep(1)
        room.recovers()
        await room.until(lambda: room.outbox("state") == ["sent"])
    assert len(room.api.sent(ANN)) == 1


async def test_a_clock_that_jumps_over_a_lease_does_not_send_twice(room: Postroom) -> None:
    """What this bot is still sending it does not take again, whatever the time is said to be."""
    room.know(ANN)
    room.post(ANN, "hello")
    room.api.delay(1.5, n=1, chat_id=ANN)
    times = hasty()

    async with running(room.delivery(lambda: next(times)).run()):
        await room.until(lambda: room.outbox("state") == ["sent"])
        await asyncio.sleep(0.3)
    assert len([call for call in room.api.calls if call.chat_id == ANN]) == 1


async def test_a_letter_left_by_a_killed_bot_is_taken_when_its_lease_ends(room: Postroom) -> None:
    """Taken and never settled, it goes out after a minute, not never."""
    room.know(ANN)
    room.post(ANN, "hello")
    now = clock.seconds()
    assert room.store.do(lambda tx: letters.take(tx, ("telegram",), now, 60, 10))

    async with running(room.delivery(lambda: now + 59).run()):
        await asyncio.sleep(0.8)
    assert room.api.sent(ANN) == []
    async with running(room.delivery(lambda: now + 61).run()):
        assert await room.sent(ANN) == ["hello"]


async def test_a_letter_nobody_can_open_is_a_dead_letter_and_stops_nobody(room: Postroom) -> None:
    """Sealed for another key, or moved to another row: staff see it, the next one goes."""
    room.know(ANN)
    stranger = type(room.pocket).new().recipient
    room.store.do(lambda tx: letters.post(tx, "x", room.address(ANN), "{}", Lane.REPLY, stranger, 1, pushed=False))
    room.post(ANN, "hello")

    async with running(room.delivery().run()):
        assert await room.sent(ANN) == ["hello"]
    assert [trouble for _, trouble, _ in room.store.do(letters.dead)] == ["unopenable"]


async def test_what_telegram_never_takes_is_a_dead_letter_at_once(room: Postroom) -> None:
    """A refusal of the letter itself is not tried again, and says what kind it was."""
    room.know(ANN)
    room.api.fail(400, n=1, chat_id=ANN)
    room.post(ANN, "one")
    room.post(ANN, "two")

    async with running(room.delivery().run()):
        assert await room.sent(ANN) == ["two"]
    assert [trouble for _, trouble, _ in room.store.do(letters.dead)] == ["bad request"]


async def test_a_letter_that_fails_twelve_times_is_worn_out(room: Postroom) -> None:
    """A letter that only ever fails for itself must not stand in the way of the next for ever."""
    room.know(ANN)
    words, to = '{"p":[5],"c":[]}', room.pocket.recipient
    room.store.do(lambda tx: letters.post(tx, "x", room.address(ANN), words, Lane.REPLY, to, 1, pushed=False))
    room.post(ANN, "hello")
    times = hasty()

    async with running(room.delivery(lambda: next(times)).run()):
        assert await room.sent(ANN) == ["hello"]
    assert [trouble for _, trouble, _ in room.store.do(letters.dead)] == ["worn out"]
    assert room.outbox("attempts")[0] == 12


async def test_a_platform_that_is_down_wears_no_letter_out(room: Postroom) -> None:
    """Forty failures in a row are Telegram's, not the letter's: it goes when Telegram is back."""
    room.know(ANN)
    room.api.fail(502, n=40, chat_id=ANN)
    room.post(ANN, "hello")
    times, ticks = hasty(), itertools.count(0, 10)

    async with running(room.delivery(lambda: next(times), ticks=lambda: float(next(ticks))).run()):
        assert await room.sent(ANN) == ["hello"]
    assert room.store.do(letters.dead) == []


async def test_stop_holds_for_what_was_posted_before_it(room: Postroom) -> None:
    """Whoever writes STOP gets nothing more, not even what already lay in the outbox."""
    address = room.subscribe(ANN)
    room.subscribe(BEN)
    room.approve("a1", en="Water on Monday")
    room.store.do(lambda tx: due.announce(tx, 3))
    room.store.do(lambda tx: people.unsubscribe(tx, address))

    async with running(room.delivery().run()):
        await room.sent(BEN)
        await room.until(lambda: set(room.outbox("state")) == {"sent"})
    assert room.api.sent(ANN) == []


async def test_an_announcement_comes_once_to_everybody_in_their_language(room: Postroom) -> None:
    """Three subscribers and two groups, posting cut off in the middle and delivery twice: each exactly once."""
    room.subscribe(ANN)
    room.subscribe(BEN, language="fr")
    room.subscribe(CLEO, language="ar")
    room.link(GROUP)
    room.link(OTHERS)
    room.approve("a1", en="Water on Monday", fr="De l'eau lundi")

    class Killed(Exception):
        pass

    def cut_off(tx: object) -> None:
        due.announce(tx, 3)  # type: ignore[arg-type]
        raise Killed

    with pytest.raises(Killed):
        room.store.do(cut_off)
    room.store.do(lambda tx: announcements.post_some(tx, 3, 2))
    async with running(room.delivery().run()):
        while room.store.do(lambda tx: due.announce(tx, 4)):
            pass
        for chat in (ANN, BEN, CLEO, GROUP, OTHERS):
            await room.sent(chat)
    async with running(room.delivery().run()):
        await room.until(lambda: room.outbox("state") == ["sent"] * 5)

    stop = "Write STOP to end these updates."
    assert [each.text for each in room.api.sent(ANN)] == [f"Water on Monday\n\n{stop}"]
    assert [each.text for each in room.api.sent(BEN)] == [f"De l'eau lundi\n\n{stop}"]
    assert [each.text for each in room.api.sent(CLEO)] == [f"Water on Monday\n\n{stop}"]
    both = "Water on Monday\n\nDe l'eau lundi"
    assert [each.text for each in room.api.sent(GROUP) + room.api.sent(OTHERS)] == [both] * 2


async def test_a_ring_is_heard_at_once(room: Postroom) -> None:
    """Our own letters do not wait for the next look."""
    room.know(ANN)
    delivery = room.delivery()
    async with running(delivery.run()):
        await asyncio.sleep(0.1)
        posted = asyncio.get_running_loop().time()
        room.post(ANN, "hello")
        delivery.ring()
        await room.sent(ANN)
        assert asyncio.get_running_loop().time() - posted < 0.4

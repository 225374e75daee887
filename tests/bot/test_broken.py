"""What was damaged in the database: it is told and noted, and it stands in nobody's way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.programme import Programme
from bot.bell import Bell
from bot.fetching import newer
from bot.inbound import Particulars
from bot.webchat import WebChat
from store import letters, people
from store.audit import first_broken
from store.db import Store
from store.schema import addresses, audit, outbox, talks
from tests.bot.postroom import Postroom, postroom, running
from tests.bot.somebody import Somebody
from tests.conftest import Founded

ANN, BEN = 7_000_000_001, 42
LETTER_BROKEN = "A message from us to you was damaged. Please write to us, or ask with your code."
TALK_BROKEN = "What we spoke of here was damaged. Please begin again. Reports you sent are safe."


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Postroom]:
    async with postroom(tmp_path) as room:
        for chat in (ANN, BEN):
            room.api.says(chat, "/start")
            room.know(chat)
        yield room


def _tampered(store: Store, table: sa.Table, *which: sa.ColumnElement[bool]) -> None:
    """One bit of what is sealed in these rows is another."""

    def unit(tx: object) -> None:
        for row in tx.rows(sa.select(table).where(*which)):  # type: ignore[attr-defined]
            bad = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
            tx.do(sa.update(table).where(table.primary_key.columns[0] == row[0]).values(sealed=bad))  # type: ignore[attr-defined]

    store.do(unit)


def _noted(store: Store) -> list[str]:
    """What the audit says could not be opened."""
    wanted = sa.select(audit.c.about).where(audit.c.act == "could not open", audit.c.who == "bot")
    assert store.read(first_broken) is None
    return [row.about for row in store.read(lambda tx: tx.rows(wanted.order_by(audit.c.seq)))]


async def test_a_damaged_letter_on_telegram_is_told_of_and_holds_nobody_up(room: Postroom) -> None:
    """One of my letters was tampered with: I hear that there was one, mine behind it and my neighbour's come."""
    bad = room.post(ANN, "an answer")
    room.post(ANN, "the next")
    room.post(BEN, "to Ben")
    _tampered(room.store, outbox, outbox.c.key == bad)

    async with running(room.delivery().run()):
        assert await room.sent(BEN) == ["to Ben"]
        assert await room.sent(ANN, 2) == ["the next", LETTER_BROKEN]
        await room.until(lambda: sorted(room.outbox("state")) == ["dead", "sent", "sent", "sent"])

    [(id_, trouble, _)] = room.store.do(letters.dead)
    assert ("unopenable", [f"outbox/{id_}"]) == (trouble, _noted(room.store))


async def test_a_letter_moved_to_another_person_is_shown_to_nobody(room: Postroom) -> None:
    """Whoever can write into the database put my letter under another key: it opens nowhere."""
    mine, theirs = room.post(ANN, "for Ann alone"), room.post(BEN, "to Ben")
    sealed = dict(room.outbox("key", "sealed"))
    change = sa.update(outbox).where(outbox.c.key == theirs).values(sealed=sealed[mine])
    room.store.do(lambda tx: tx.do(change))

    async with running(room.delivery().run()):
        assert await room.sent(ANN) == ["for Ann alone"]
        assert await room.sent(BEN) == [LETTER_BROKEN]


async def test_a_damaged_address_waits_until_its_person_writes_and_loses_nothing(
    room: Postroom, founded: Founded, programme: Programme
) -> None:
    """Where I can be reached was tampered with: others get theirs; when I write again I get what was left."""
    ann = room.address(ANN)
    room.post(ANN, "an answer")
    room.post(BEN, "to Ben")
    _tampered(room.store, addresses, addresses.c.id == ann)

    async with running(room.delivery().run()):
        assert await room.sent(BEN) == ["to Ben"]
        await room.until(lambda: sorted(room.outbox("state")) == ["dead", "sent"])
        assert room.api.sent(ANN) == []
        assert [f"addresses/{ann}"] == _noted(room.store)

        somebody = Somebody(Founded(room.store, room.url, room.pocket, ""), programme, str(ANN), "telegram")
        assert somebody.address == ann
        await somebody.say("hello")

        assert (await room.sent(ANN, 2))[0] == "an answer"
    sealed = room.store.do(lambda tx: people.sealed_address(tx, ann)) or b""
    assert str(ANN) == Particulars.opened(room.pocket, ann, sealed).chat
    await somebody.house.close()


async def test_a_damaged_letter_on_the_web_page_is_told_of_and_the_others_are_shown(
    founded: Founded, programme: Programme
) -> None:
    """One of my letters was tampered with: my page shows the others and then says that one was damaged, once."""
    me, neighbour = Somebody(founded, programme), Somebody(founded, programme, "neighbour")
    house = me.house
    web = WebChat(me.intake, house.store, house.pocket, house.texts, Bell(house.store))
    await me.begin()
    await neighbour.begin()
    await me.say("about")
    every = [number for number, _ in house.store.read(
        lambda tx: newer(tx, house.pocket, house.texts, me.address, 0)).shown]  # fmt: skip
    _tampered(founded.store, outbox, outbox.c.address == me.address, outbox.c.n == every[1])

    first = await web._newer(me.address, 0)
    then = await web._newer(me.address, every[-1])
    still = await web._newer(me.address, int(str(then[-1]["n"])))

    assert [every[0], *every[2:]] == [each["n"] for each in first]
    assert ([LETTER_BROKEN], []) == ([each["text"] for each in then], still)
    assert 1 == len(_noted(founded.store))
    assert 2 <= len(await web._newer(neighbour.address, 0))
    await me.say("menu")
    assert "What would you like to do?" in me.told()[-1]


async def test_a_damaged_talk_is_told_of_and_begins_again_in_the_same_language(
    founded: Founded, programme: Programme
) -> None:
    """What was remembered of me was tampered with: I am told, asked anew in my language, and can report."""
    me, neighbour = Somebody(founded, programme), Somebody(founded, programme, "neighbour")
    sent = await me.report("anonymous")
    code = me.code()
    await neighbour.begin()
    await neighbour.say("report")
    await neighbour.taps("agree", "no")
    await me.say("report")
    _tampered(founded.store, talks, talks.c.address == me.address)
    before, hers = len(me.told()), len(neighbour.told())

    await me.say("the rice was wet")
    await neighbour.tap("quality")

    told = me.told()[before:]
    assert 1 == sum(each == TALK_BROKEN for each in told)
    assert "Choose your language" not in "".join(told)
    assert "Who should deal with your report?" in neighbour.told()[hers]
    assert [f"talks/{me.address}"] == _noted(founded.store)
    await me.say(code)
    assert f"Report {sent.reference}" in me.told()[-1]
    assert 1 == sum(each == TALK_BROKEN for each in me.told())

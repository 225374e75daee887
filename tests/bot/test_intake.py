"""What a person can rely on when the bot's own way in works on a message, with the real store."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from actions.code import complete, spoken
from actions.programme import Programme
from actions.talk import Said
from bot.bell import Bell
from bot.fetching import newer
from bot.intake import Intake
from bot.webchat import WebChat
from store import casekeys, cases, opening, people, staff
from store.db import Tx
from store.schema import cases as case_table
from tests.boundaries.test_keys_and_columns import Chat
from tests.conftest import NOON_S, Founded
from tests.nlu.test_client import rasa, says


def _read(chat: Chat, after: int) -> list[tuple[int, str]]:
    """What the web page shows of the letters after that number."""
    house = chat.house
    found = house.store.read(lambda tx: newer(tx, house.pocket, house.texts, chat.address, after)).shown
    return [(n, letter.text) for n, letter in found]


def _page(chat: Chat) -> WebChat:
    house = chat.house
    return WebChat(chat.intake, house.store, house.pocket, house.texts, Bell(house.store))


async def test_whoever_erases_a_chat_still_reads_that_it_is_erased(founded: Founded, programme: Programme) -> None:
    """I erase everything: my page, which knows how far it has read, still shows me that it is done."""
    chat = Chat(founded, programme)
    await chat.hear(Said("/start"))
    await chat.tap("en")
    await chat.hear(Said("/mydata"))
    last = _read(chat, 0)[-1][0]

    await chat.tap("erase")

    assert ["I erase everything about this chat now. You may also want to delete it on your phone."] == [
        text for _, text in _read(chat, last)
    ]
    assert founded.store.read(lambda tx: people.talk(tx, chat.address)) is None


async def test_after_erasing_everything_begins_anew(founded: Founded, programme: Programme) -> None:
    """I erase everything and write again: I am greeted like anybody, and nothing is known of me."""
    chat = Chat(founded, programme)
    await chat.hear(Said("/start"))
    await chat.tap("fr")
    await chat.hear(Said("/mydata"))
    await chat.tap("erase")
    last = _read(chat, 0)[-1][0]

    await chat.hear(Said("start"))

    assert "Choose your language" in _read(chat, last)[0][1]


async def test_whoever_writes_again_long_after_erasing_is_answered(founded: Founded, programme: Programme) -> None:
    """I erased everything and the last trace went too; my page is still open, I write, and I read the answer."""
    chat = Chat(founded, programme)
    house, web = chat.house, _page(chat)
    await chat.hear(Said("/start"))
    await chat.tap("en")
    last = _read(chat, 0)[-1][0]
    house.store.do(lambda tx: people.forget(tx, chat.address, "person", 0))

    await chat.hear(Said("start"))
    shown = await web._newer(chat.address, last)

    assert ["Choose your language" in str(each["text"]) for each in shown] == [True]
    assert [last < each["n"] for each in shown] == [True]
    await chat.hear(Said("1"))
    assert "What would you like to do?" in str((await web._newer(chat.address, last + 1))[-1]["text"])


async def test_a_member_named_at_the_beginning_of_a_line_does_not_get_the_report(
    founded: Founded, programme: Programme
) -> None:
    """I write the name of who took my card on a line of its own: that member is shut out like any that is named."""
    ann, mine = opening.new_member("ann", "ann", "Ann Amsel", "a password", "TOTP")
    ben, his = opening.new_member("ben", "ben", "Ben Berg", "b password", "TOTP")

    def enrolled(tx: Tx) -> None:
        assert opening.enrol(tx, founded.token, ann, NOON_S)
        staff.add(tx, ben, NOON_S)
        opening.give_desks(tx, opening.ring_of(tx, "ann", mine), ["general"], "ben", his.recipient)

    founded.store.do(enrolled)
    chat = Chat(founded, programme)
    await chat.hear(Said("/start"))
    await chat.tap("en")
    await chat.tap("report")
    await chat.through({"category": "cash", "what": Said("My card was taken by\nBen Berg\n\tat the shop")})
    await chat.tap("send")

    [row] = founded.store.read(lambda tx: tx.rows(sa.select(case_table.c.reference)))
    case = founded.store.read(lambda tx: cases.get(tx, row.reference))
    assert case is not None
    assert frozenset({"ben"}) == founded.store.read(lambda tx: casekeys.shut_for(tx, case.reference))
    rings = [founded.store.read(lambda tx, who=who: opening.ring_of(tx, *who)) for who in (("ann", mine), ("ben", his))]
    opened = [founded.store.read(lambda tx, ring=ring: ring.case(tx, case)) for ring in rings]
    assert [True, False] == [each is not None for each in opened]
    await chat.house.close()


async def test_a_code_is_not_shown_to_the_understanding(founded: Founded, programme: Programme) -> None:
    """What I write beside my code is understood, danger above all; the code itself is nobody's but mine."""
    code = complete("4" * 26)
    async with rasa(says(emergency=0.99)) as (heard, client):
        chat = Chat(founded, programme)
        chat.intake = Intake(replace(chat.house, nlu=client))
        await chat.hear(Said(f"They are at my door, my code is {spoken(code)}"))
        await chat.hear(Said(spoken(code)))

    await chat.house.close()
    assert ["They are at my door, my code is"] == heard.heard

"""What a person can rely on when the bot's own way in works on a message, with the real store."""

from __future__ import annotations

from actions.programme import Programme
from actions.talk import Said
from bot.bell import Bell
from bot.fetching import newer
from bot.webchat import WebChat
from store import people
from tests.boundaries.test_keys_and_columns import Chat
from tests.conftest import Founded


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
    await chat.tap("mydata")
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
    await chat.tap("mydata")
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

"""What a person can rely on when the bot's own way in works on a message, with the real store."""

from __future__ import annotations

from actions.programme import Programme
from actions.talk import Said
from bot.fetching import newer
from store import people
from tests.boundaries.test_keys_and_columns import Chat
from tests.conftest import Founded


def _read(chat: Chat, after: int) -> list[tuple[int, str]]:
    """What the web page shows of the letters after that number."""
    house = chat.house
    found = house.store.read(lambda tx: newer(tx, house.pocket, house.texts, chat.address, after))
    return [(n, letter.text) for n, letter in found]


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

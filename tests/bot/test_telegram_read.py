"""What Telegram's updates mean: payloads in the shapes Telegram sends, and what each of them says to us."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.talk import Said, Tapped, Wished
from bot.inbound import (
    GroupAsked,
    GroupLeft,
    GroupMoved,
    GroupSaid,
    GroupTold,
    Inbound,
    LinkGroup,
    Unsupported,
    Uploaded,
)
from bot.telegram_read import Me, read, tap

ANN = {"id": 7_000_000_001, "is_bot": False, "first_name": "Ann", "language_code": "en"}
PRIVATE = {"id": 7_000_000_001, "first_name": "Ann", "type": "private"}
GROUP = {"id": -4001, "title": "Partners", "type": "group", "all_members_are_administrators": True}
SUPERGROUP = {"id": -1001, "title": "Partners", "type": "supergroup"}
BOT = {"id": 700, "is_bot": True, "first_name": "Amana", "username": "amana_bot"}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"update_id": 11, "message": {"message_id": 3, "from": ANN, "chat": chat, "date": 1764000000, **content}}


def member(chat: dict[str, Any], status: str) -> dict[str, Any]:
    was, now = {"user": BOT, "status": "member"}, {"user": BOT, "status": status}
    moved = {"chat": chat, "from": ANN, "date": 1764000000, "old_chat_member": was, "new_chat_member": now}
    return {"update_id": 11, "my_chat_member": moved}


def query(chat: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = {"message_id": 2, "from": BOT, "chat": chat, "date": 1764000000, "text": "Menu"}
    return {
        "update_id": 11,
        "callback_query": {"id": "99", "from": ANN, "message": shown, "chat_instance": "1", **more},
    }


def size(id_: str, side: int, **more: Any) -> dict[str, Any]:
    return {"file_id": id_, "file_unique_id": id_, "width": side, "height": side, **more}


FILE = {"file_id": "F", "file_unique_id": "U", "file_size": 900}
SAYS = {
    "words": (message(text="They took my card"), Said("They took my card")),
    "an unknown command is what somebody said": (message(text="/report_sea"), Said("/report_sea")),
    "half a character": (message(text="a\ud83d"), Said("a\ufffd")),
    "start": (message(text="/start"), Wished("start")),
    "start from a link": (message(text="/start poster7"), Wished("start")),
    "a command with the bot's name": (message(text="/menu@amana_bot"), Wished("menu")),
    "a command in capitals": (message(text="/STOP"), Wished("stop")),
    "help": (message(text="/help"), Wished("help")),
    "my data": (message(text="/mydata"), Wished("mydata")),
    "human": (message(text="/human"), Wished("human")),
    "language": (message(text="/language"), Wished("language")),
    "status": (message(text="/status"), Wished("status")),
    "status with a code": (message(text="/status 1234 5678"), Said("1234 5678")),
    "a report told in one go": (message(text="/report no water\nfor a week"), Said("no water\nfor a week")),
    "a button": (query(PRIVATE, data="a:3:yes"), Tapped("a:3:yes")),
    "a button of a message too old to be shown": (
        {"update_id": 11, "callback_query": {
            "id": "9", "from": ANN, "data": "x", "chat_instance": "1",
            "message": {"chat": PRIVATE, "message_id": 2, "date": 0},
        }}, Tapped("x"),
    ),
    "a photo comes in sizes, the largest counts": (
        message(photo=[size("S", 90), size("L", 1280, file_size=5000), size("M", 320)], caption="the wall"),
        Uploaded("L", "photo", "the wall", 5000),
    ),
    "a voice note": (message(voice={**FILE, "duration": 3}), Uploaded("F", "voice", "", 900)),
    "music": (message(audio={**FILE, "duration": 3}), Uploaded("F", "voice", "", 900)),
    "a video": (message(video=FILE, caption="look"), Uploaded("F", "file", "look", 900)),
    "a round video": (message(video_note=FILE), Uploaded("F", "file", "", 900)),
    "a document of untold size": (message(document={"file_id": "F"}), Uploaded("F", "file", "", 0)),
    "a sticker": (message(sticker=FILE), Unsupported()),
    "a contact card": (message(contact={"phone_number": "1", "first_name": "B"}), Unsupported()),
    "a place": (message(location={"latitude": 1.0, "longitude": 2.0}), Unsupported()),
    "a poll": (message(poll={"id": "1", "question": "?"}), Unsupported()),
}  # fmt: skip
GROUPS = {
    "a link code": (message(GROUP, text="/link 1234 5678"), LinkGroup("1234 5678")),
    "a link code to the bot by name": (message(SUPERGROUP, text="/link@amana_bot K7"), LinkGroup("K7")),
    "the bot was put out": (member(SUPERGROUP, "kicked"), GroupLeft()),
    "the bot has left": (member(GROUP, "left"), GroupLeft()),
    "the group became a supergroup": (message(GROUP, migrate_to_chat_id=-1002), GroupMoved("-1002")),
    "talk among a group's members": (message(GROUP, text="did you hear?"), GroupSaid("did you hear?", 3)),
    "words under a photo": (message(GROUP, photo=[size("S", 90)], caption="he did it"), GroupSaid("he did it", 3)),
    "our name": (message(GROUP, text="hello @Amana_Bot!"), GroupSaid("hello @Amana_Bot!", 3, to_us=True)),
    "another's name": (message(GROUP, text="@amana_bot2 hello"), GroupSaid("@amana_bot2 hello", 3)),
    "a reply to us": (
        message(GROUP, text="yes", reply_to_message={"message_id": 2, "from": BOT}),
        GroupSaid("yes", 3, to_us=True),
    ),
    "a reply to somebody": (
        message(GROUP, text="yes", reply_to_message={"message_id": 2, "from": ANN}),
        GroupSaid("yes", 3),
    ),
    "a report": (message(GROUP, text="/report he hit me"), GroupSaid("he hit me", 3, to_us=True)),
    "a wish to report": (message(SUPERGROUP, text="/report@amana_bot"), GroupSaid("", 3, to_us=True)),
    "a code": (message(GROUP, text="/status 1234"), GroupSaid("1234", 3, to_us=True)),
    "help from us by name": (message(GROUP, text="/help@amana_bot"), GroupSaid("", 3, to_us=True)),
    "words behind a command of nobody's": (message(GROUP, text="/tell he hit me"), GroupSaid("he hit me", 3)),
    "how to reach us": (message(GROUP, text="/contact"), GroupAsked()),
    "what was told in a group, as it is kept": (
        {"update_id": 11, "told_in_group": {"chat": -4001, "message": 3}},
        GroupTold(3),
    ),
    "what was said to us in a group, as it is kept": (
        {"update_id": 11, "told_in_group": {"chat": -4001, "message": None}},
        GroupTold(None),
    ),
}
NOTHING = {
    "an edit is no new answer": {"update_id": 11, "edited_message": message(text="x")["message"]},
    "a photo in a group": message(GROUP, photo=[size("S", 90)]),
    "another bot's command in a group": message(GROUP, text="/report@other_bot x"),
    "a command without words that any bot may have": message(GROUP, text="/help"),
    "a partner's command of later": message(GROUP, text="/bulletin"),
    "link without a code": message(GROUP, text="/link"),
    "a button in a group": query(GROUP, data="x"),
    "the new side of a moved group": message(SUPERGROUP, migrate_from_chat_id=-4001),
    "a person blocks us": member(PRIVATE, "kicked"),
    "the bot is added to a group": member(GROUP, "member"),
    "a channel's post": {"update_id": 11, "channel_post": {"message_id": 1, "chat": {"id": -1, "type": "channel"}}},
    "a message in a channel": message({"id": -1, "type": "channel"}, text="/link 1"),
    "a game's button": query(PRIVATE, game_short_name="chess"),
    "an inline message's button": {"update_id": 11, "callback_query": {"id": "1", "from": ANN, "data": "x"}},
    "somebody pinned a message": message(pinned_message={"message_id": 1}),
    "no update number": {"message": message(text="x")["message"]},
    "a text that is a number": message(text=5),
    "a photo without sizes": message(photo=[]),
    "a voice note without a file": message(voice={}),
    "a chat that is a name": message({"id": "ann", "type": "private"}, text="x"),
    "no chat": {"update_id": 11, "message": {"message_id": 3, "text": "x"}},
    "a list": [],
    "nothing": None,
}


@pytest.mark.parametrize("case", SAYS)
def test_what_a_person_does(case: str) -> None:
    """In a private chat every message is one thing that happened."""
    update, what = SAYS[case]

    assert read(update) == Inbound("11", "7000000001", "person", what)


@pytest.mark.parametrize("case", GROUPS)
def test_what_happens_with_a_group(case: str) -> None:
    """In a group its link with us is our business, and what does not belong there (R103)."""
    update, what = GROUPS[case]
    inbound = read(update, Me(700, "amana_bot"))

    assert inbound is not None
    assert (inbound.kind, inbound.what) == ("group", what)
    assert inbound.chat in ("-4001", "-1001")


@pytest.mark.parametrize("case", NOTHING)
def test_what_is_nothing_to_us(case: str) -> None:
    """What is not meant for us, or has no shape that we know, is nothing; it is not kept either."""
    assert read(NOTHING[case], Me(700, "amana_bot")) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["update_id", "message", "chat", "id", "type", "text", "photo", "file_id", "voice", "data"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_shape_is_an_exception(update: Any) -> None:
    """Whatever JSON comes, reading it ends with something or nothing."""
    assert read(update) is None or isinstance(read(update), Inbound)
    assert tap(update) is None

"""What Telegram's updates mean to us: platform JSON in, `Inbound` or nothing out; nothing is decided or fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from actions.talk import FileKind, Said, Tapped, Wish, Wished
from bot.inbound import (
    GroupAsked,
    GroupLeft,
    GroupMoved,
    GroupSaid,
    GroupTold,
    Happened,
    Inbound,
    LinkGroup,
    Unsupported,
    Uploaded,
)

# Asked for with every poll and webhook. `edited_message` is left out on purpose: an edit is no new answer (whoever
# changes their mind uses the review card), so its words need not travel to us at all.
UPDATES = ("message", "callback_query", "my_chat_member")

_COMMANDS = frozenset({"start", "menu", "report", "status", "human", "language", "mydata", "stop", "help"})
# Commands that nobody else's bot has; with the others in a group another bot may be meant, unless ours is named.
_OURS = frozenset({"report", "status", "human", "mydata"})
_PARTNERS = frozenset({"link", "bulletin", "ask", "contact"})
_COMMAND = re.compile(r"/([a-z]+)(?:@(\w+))?(?:\s+(.+))?", re.IGNORECASE | re.DOTALL)
_FILES: dict[str, FileKind] = {
    "voice": "voice", "audio": "voice", "video": "file", "video_note": "file", "animation": "file", "document": "file",
}  # fmt: skip
# Whatever else a person can send; service messages (a pinned message, a deletion timer) are no content and get no word.
_CONTENT = (
    "sticker", "contact", "location", "venue", "poll", "dice", "game", "story", "paid_media", "checklist", "invoice",
    "passport_data", "gift", "unique_gift", "giveaway", "users_shared", "chat_shared", "web_app_data",
)  # fmt: skip
_Dict: TypeAlias = dict[str, object]
_Kind: TypeAlias = Literal["person", "group"]


@dataclass(frozen=True, slots=True)
class Me:
    """Who we are at Telegram: number and name, as far as they are known."""

    id: int = 0
    username: str = ""


def read(update: object, me: Me | None = None) -> Inbound | None:
    """What an update says, or None when it is nothing to us or has no shape that we know; never an exception."""
    match update:
        case {"update_id": int(number), "message": {"chat": {"id": int(chat), "type": str(type_)}} as message}:
            kind: _Kind = "person" if type_ == "private" else "group"
            what = _private(message) if type_ == "private" else _group(message, type_, me or Me())
        case {
            "update_id": int(number),
            "callback_query": {"data": str(data), "message": {"chat": {"id": int(chat), "type": "private"}}},
        }:
            kind, what = "person", Tapped(_whole(data))
        case {
            "update_id": int(number),
            "my_chat_member": {
                "chat": {"id": int(chat), "type": "group" | "supergroup"},
                "new_chat_member": {"status": "left" | "kicked"},
            },
        }:
            kind, what = "group", GroupLeft()
        case {"update_id": int(number), "told_in_group": {"chat": int(chat), "message": int() | None as told}}:
            kind, what = "group", GroupTold(told)
        case _:  # a person who blocks us, channel posts, edits, and what Telegram may yet think of
            return None
    return Inbound(str(number), str(chat), kind, what) if what else None


def tap(update: object) -> str | None:
    """The id under which a tapped button wants to be answered, wherever it was tapped."""
    match update:
        case {"callback_query": {"id": str(id_)}}:
            return id_
        case _:
            return None


def written(update: object) -> int | None:
    """The number of a message that somebody wrote in private."""
    match update:
        case {"message": {"message_id": int(id_), "chat": {"type": "private"}}}:
            return id_
        case _:
            return None


def told_in_group(inbound: Inbound, told: GroupTold) -> _Dict:
    """What is kept of an update in place of what somebody wrote in a group; `read` reads it like one of Telegram's."""
    return {"update_id": int(inbound.id), "told_in_group": {"chat": int(inbound.chat), "message": told.message}}


def number(update: object) -> int | None:
    """An update's own number."""
    match update:
        case {"update_id": int(number)}:
            return number
        case _:
            return None


def _private(message: _Dict) -> Happened | None:
    match message:
        case {"text": str(text)}:
            return _said(_whole(text))
        case {"photo": [*sizes]}:
            return _photo(sizes, _caption(message))
        case _:
            pass
    for key, kind in _FILES.items():
        match message.get(key):
            case {"file_id": str(id_)} as file:
                return Uploaded(id_, kind, _caption(message), _size(file))
            case _:
                pass
    return Unsupported() if any(key in message for key in _CONTENT) else None


def _said(text: str) -> Said | Wished:
    """A command is a wish; where words were written behind it, they are what the person came to say."""
    command = _COMMAND.fullmatch(text.strip())
    name = command[1].lower() if command else ""
    if command is None or name not in _COMMANDS:
        return Said(text)
    # What stands behind /start is a link's parameter, not words.
    if command[3] and name != "start":
        return Said(command[3])
    return Wished(cast("Wish", name))


def _photo(sizes: list[object], caption: str) -> Uploaded | None:
    """The largest of the sizes in which Telegram keeps a photo."""
    found: list[tuple[int, int, str]] = []
    for each in sizes:
        match each:
            case {"file_id": str(id_), "width": int(width), "height": int(height)}:
                found.append((width * height, _size(each), id_))
            case _:
                pass
    if not found:
        return None
    _, size, id_ = max(found)
    return Uploaded(id_, "photo", caption, size)


def _group(message: _Dict, type_: str, me: Me) -> Happened | None:
    """In a group a few commands are for us; what else is said there is looked at for what belongs in private."""
    match message:
        case {"migrate_to_chat_id": int(chat)}:
            return GroupMoved(str(chat))
        case {"message_id": int(id_), "text": str(text)} | {"message_id": int(id_), "caption": str(text)} if type_ in (
            "group",
            "supergroup",
        ):
            words = _whole(text)
        case _:
            return None
    command = _COMMAND.fullmatch(words.strip())
    if command is None:
        return GroupSaid(words, id_, _meant(message, words, me))
    return _commanded(command[1].lower(), command[2] or "", command[3] or "", id_, me)


def _commanded(name: str, whose: str, words: str, message: int, me: Me) -> Happened | None:
    """A command in a group; one that names another bot is none of ours."""
    if whose and me.username and whose.lower() != me.username.lower():
        return None
    if name in _PARTNERS:
        return LinkGroup(words) if name == "link" and words else GroupAsked() if name == "contact" else None
    ours = name in _OURS or (name in _COMMANDS and bool(whose))
    return GroupSaid(words, message, ours) if ours or words else None


def _meant(message: _Dict, words: str, me: Me) -> bool:
    """Whether our name stands in it, or it replies to us."""
    named = me.username and re.search(rf"@{re.escape(me.username)}\b", words, re.IGNORECASE)
    match message.get("reply_to_message"):
        case {"from": {"id": int(id_)}} if me.id and id_ == me.id:
            return True
        case _:
            return bool(named)


def _caption(message: _Dict) -> str:
    caption = message.get("caption")
    return _whole(caption) if isinstance(caption, str) else ""


def _size(file: object) -> int:
    match file:
        case {"file_size": int(size)}:
            return size
        case _:
            return 0


def _whole(text: str) -> str:
    """JSON can spell half a character (a lone surrogate), which no encoder of ours takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

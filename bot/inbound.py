"""What a channel hands in and gives back: closed unions that say what happened and what to do next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from actions.talk import FileKind, Said, Tapped, Wished
from house.texts import Rendered
from store.people import particulars_place
from store.pocket import Pocket


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that still lies with the platform; `remote` fetches it, `size` is in bytes (0: not told)."""

    remote: str
    kind: FileKind
    words: str
    size: int


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something this channel can carry and we cannot keep (a contact card, a poll, a sticker)."""


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Somebody wrote `/link CODE` in a group."""

    code: str


@dataclass(frozen=True, slots=True)
class GroupLeft:
    """The bot was put out of a group, or the group is gone."""


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """A group has become another chat."""

    chat: str


Happened: TypeAlias = Said | Tapped | Wished | Uploaded | Unsupported | LinkGroup | GroupLeft | GroupMoved


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a platform: its own id, the chat it came from, and what happened."""

    id: str
    chat: str
    kind: Literal["person", "group"]
    what: Happened


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is needed to write to an address: the platform's chat id and the language read there."""

    chat: str
    language: str = ""

    def sealed(self, pocket: Pocket, address: str) -> bytes:
        """Locked by the bot, which alone writes and reads addresses."""
        words = json.dumps({"chat": self.chat, "language": self.language}).encode()
        return pocket.lock.shut(words, particulars_place(address))

    @classmethod
    def opened(cls, pocket: Pocket, address: str, sealed: bytes) -> Particulars:
        """What `sealed` sealed."""
        return cls(**json.loads(pocket.open(sealed, particulars_place(address))))


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform has it."""


@dataclass(frozen=True, slots=True)
class Later:
    """Try again in so many seconds; `chat_waits` when the platform told this chat to wait (429)."""

    seconds: float
    trouble: str
    chat_waits: bool = False


@dataclass(frozen=True, slots=True)
class Unreachable:
    """This chat cannot be written to until somebody writes from it."""


@dataclass(frozen=True, slots=True)
class Never:
    """The platform will never take this letter as it is; `trouble` is a kind, not words."""

    trouble: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group is another chat now; send it there."""

    chat: str


Outcome: TypeAlias = Delivered | Later | Unreachable | Never | Moved


class Channel(Protocol):
    """Where letters go out: one method."""

    name: str

    async def send(self, chat: str, letter: Rendered) -> Outcome:
        """Hand one letter to the platform; never raises for what the platform does."""
        ...

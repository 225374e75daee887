"""What a channel hands in and gives back: closed unions that say what happened and what to do next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from actions.talk import FileKind, Said, Tapped, Terms, Wished
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


@dataclass(frozen=True, slots=True)
class GroupSaid:
    """Somebody wrote in a group where the bot hears it; `to_us` where it was meant for the bot. Never kept."""

    words: str
    message: int
    to_us: bool = False


@dataclass(frozen=True, slots=True)
class GroupTold:
    """Something was written in a group that is not dealt with there; nothing of its words.

    `message` is its number where it is to be taken away.
    """

    message: int | None


@dataclass(frozen=True, slots=True)
class GroupAsked:
    """Somebody asked in a group how we can be reached."""


Happened: TypeAlias = (
    Said | Tapped | Wished | Uploaded | Unsupported
    | LinkGroup | GroupLeft | GroupMoved | GroupSaid | GroupTold | GroupAsked
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a platform: its own id, the chat it came from, and what happened."""

    id: str
    chat: str
    kind: Literal["person", "group"]
    what: Happened


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is needed to write to an address: the platform's chat id, the language read there, and on which terms."""

    chat: str
    language: str = ""
    terms: Terms = field(default_factory=Terms)

    def sealed(self, pocket: Pocket, address: str) -> bytes:
        """Locked by the bot, which alone writes and reads addresses."""
        terms = {"write": self.terms.write, "hours": self.terms.hours}
        words = json.dumps({"chat": self.chat, "language": self.language, **terms}).encode()
        return pocket.lock.shut(words, particulars_place(address))

    @classmethod
    def opened(cls, pocket: Pocket, address: str, sealed: bytes) -> Particulars:
        """What `sealed` sealed; what another version added is passed over, what it did not know has its default."""
        read = json.loads(pocket.open(sealed, particulars_place(address)))
        return cls(str(read["chat"]), str(read.get("language", "")), _terms(read))


def _terms(read: dict[str, Any]) -> Terms:
    """Terms that we cannot read are none: then nobody is written to."""
    match read:
        case {"write": "neutral" | "yes" as write, "hours": [int(begin), int(end)]}:
            return Terms(write, (begin, end))
        case _:
            return Terms()


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform has it; `messages` are the numbers under which it stands in the chat, where it has any."""

    messages: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Later:
    """Try again in so many seconds; `chat_waits` when the platform told this chat to wait (429).

    `messages` are the parts that went before the trouble came.
    """

    seconds: float
    trouble: str
    chat_waits: bool = False
    messages: tuple[int, ...] = field(default=(), compare=False)


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
    """Where letters go out."""

    name: str

    async def send(self, chat: str, letter: Rendered) -> Outcome:
        """Hand one letter to the platform; never raises for what the platform does."""
        ...

    async def take_away(self, chat: str, messages: Sequence[int]) -> Outcome:
        """Delete messages of either side, as far as the platform lets us; what it does not is no trouble."""
        ...

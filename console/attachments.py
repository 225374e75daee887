"""What people send beside words, as staff see it: what it is, how it is called when it is saved, who had it in hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from house.contents import ENDINGS
from store import files
from store.files import Stored

Kind: TypeAlias = Literal["photo", "sound", "file"]

# Kinds of entries that hold a file's particulars.
FILES = ("file", "voice")
# What a browser plays by itself; AMR it does not.
_SOUNDS = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/webm", "audio/wav"})
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_UNSAFE = re.compile(r"[^\w.\- ]")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Handled:
    """Somebody had a file in hand: looked at it or saved it."""

    at: int
    who: str
    act: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file's particulars; `custody` says who had it in hand since it was filed."""

    stored: Stored
    custody: tuple[Handled, ...] = ()

    @property
    def kind(self) -> Kind:
        """How it is shown."""
        return "photo" if self.type in _PICTURES else "sound" if self.type in _SOUNDS else "file"

    @property
    def type(self) -> str:
        """What the bot found it to be."""
        return self.stored.type

    @property
    def name(self) -> str:
        """What the person's phone called it."""
        return self.stored.name

    @property
    def size(self) -> int:
        """In bytes."""
        return self.stored.size

    @property
    def evidence(self) -> Stored:
        """What the person really sent, as far as it is kept: its SHA-256 is the one that proves something."""
        return self.stored.original or self.stored

    @property
    def original(self) -> bool:
        """Whether the untouched original of a picture is kept."""
        return self.stored.original is not None


def read(plain: bytes, custody: tuple[Handled, ...] = ()) -> Attachment:
    """The particulars that were sealed."""
    return Attachment(files.from_json(plain), custody)


def about(case: str, entry: str) -> str:
    """How the audit names a file of a case."""
    return f"{case}/{entry}"


def saved_as(stored: Stored, entry: str) -> str:
    """A harmless name for saving, which ends as its content says: nothing becomes a program by its name."""
    name = _UNSAFE.sub("_", stored.name)[-_LONGEST:].lstrip(". ") or f"file-{entry[:8]}"
    endings = ENDINGS.get(stored.type, (".bin",))
    if name.lower().endswith(endings):
        return name
    return f"{name.rpartition('.')[0] or name}{endings[0]}"

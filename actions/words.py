"""The words of a letter before anybody's language is chosen: our sentences, the organisation's, a person's own.

A letter travels as JSON of these words and is put into a language when it is handed to a channel, so a sentence can
be posted by a process that does not know which language the person reads.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """One of our own sentences: the English is the gettext msgid, `context` its msgctxt, `values` fill its braces."""

    msgid: str
    context: str = ""
    values: tuple[tuple[str, Value], ...] = ()

    def with_(self, **values: Value) -> Text:
        """The same sentence with its braces filled."""
        return replace(self, values=tuple(sorted(values.items())))


@dataclass(frozen=True, slots=True)
class Words:
    """The organisation's own words from the programme, one wording a language (`en` always present)."""

    by_language: tuple[tuple[str, str], ...]

    def in_(self, language: str) -> str:
        """The wording in a language, else in English."""
        every = dict(self.by_language)
        return every.get(language, every["en"])


Value: TypeAlias = str | date | Text | Words
Wording: TypeAlias = str | Text | Words


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it sends back (at most 64 bytes, Telegram's limit on callback_data) and what it shows."""

    id: str
    label: Wording


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person gets at once: paragraphs and the choices under them; `spoken` names what is read aloud of it."""

    paragraphs: tuple[Wording, ...]
    choices: tuple[Choice, ...] = ()
    spoken: str = ""


def N_(msgid: str, context: str = "") -> Text:  # noqa: N802 - the name gettext's extractors look for
    """Mark a sentence for translators."""
    return Text(msgid, context)


def to_json(letter: Letter) -> str:
    """A letter as JSON; `from_json` gives the same letter back."""
    paragraphs, choices = [_out(each) for each in letter.paragraphs], [[c.id, _out(c.label)] for c in letter.choices]
    aloud = {"s": letter.spoken} if letter.spoken else {}
    return json.dumps({"p": paragraphs, "c": choices, **aloud}, ensure_ascii=False, separators=(",", ":"))


def from_json(words: str) -> Letter:
    """The letter that `to_json` wrote."""
    read = json.loads(words)
    choices = tuple(Choice(id_, _wording(label)) for id_, label in read["c"])
    return Letter(tuple(_wording(each) for each in read["p"]), choices, read.get("s", ""))


def _out(value: Value) -> object:
    match value:
        case str():
            return value
        case date():
            return {"d": value.isoformat()}
        case Words(by_language):
            return {"w": dict(by_language)}
        case Text(msgid, context, values):
            return {"t": msgid, "x": context, "v": {name: _out(each) for name, each in values}}


def _in(read: object) -> Value:
    if isinstance(read, str):
        return read
    if not isinstance(read, dict):
        raise TypeError("these are not the words of a letter")
    if "d" in read:
        return date.fromisoformat(read["d"])
    if "w" in read:
        return Words(tuple(read["w"].items()))
    return Text(read["t"], read["x"], tuple((name, _in(each)) for name, each in read["v"].items()))


def _wording(read: object) -> Wording:
    value = _in(read)
    if isinstance(value, date):
        raise TypeError("a date alone is not a paragraph")
    return value

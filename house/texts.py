"""The catalogues: our sentences in every language, read straight from the .po files when a process starts.

The English sentence is the msgid, the place it stands in is its context (gettext). In a right-to-left sentence every
value is wrapped in FSI/PDI (Unicode UAX 9), in any other one each that has right-to-left letters, so that neither turns
the other round. Digits alone read from the left everywhere: a return code in an Arabic letter keeps its order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from babel.dates import format_date
from babel.messages.pofile import read_po

from actions.words import Letter, Text, Value, Wording, Words
from house.recordings import Recording, Recordings

FOLDER = Path(__file__).parent.parent / "locales"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur", "ps", "he"})
_LRI, _FSI, _PDI, _RLM = "\u2066", "\u2068", "\u2069", "\u200f"
# What could close our isolates or turn what comes after them, if a person's own words hold it.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in one language: text, the id and label of each choice, and a recording where one is wanted."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()
    sound: Recording | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """Language -> (context, msgid) -> translation; and what was recorded."""

    catalogues: Mapping[str, Mapping[tuple[str, str], str]]
    recordings: Recordings = field(default_factory=dict)

    @classmethod
    def load(cls, languages: tuple[str, ...], folder: Path = FOLDER, recordings: Recordings | None = None) -> Texts:
        """Read the catalogues; English needs none."""
        read = {each: _read(folder / each / "LC_MESSAGES" / "amana.po") for each in languages if each != "en"}
        return cls(read, recordings or {})

    def say(self, value: Value, language: str) -> str:
        """One wording in one language; a missing translation is the English sentence."""
        if isinstance(value, str):
            return value
        if isinstance(value, date):
            return format_date(value, format="full", locale=language or "en")
        if isinstance(value, Words):
            return value.in_(language)
        return self._sentence(value, language)

    def _sentence(self, text: Text, language: str) -> str:
        known = self.catalogues.get(language, {})
        said = known.get((text.context, text.msgid)) or text.msgid
        values = {name: _isolated(each, self.say(each, language), language) for name, each in text.values}
        return said.format_map(values) if values else said

    def render(self, letter: Letter, language: str) -> Rendered:
        """A letter in one language; choices are numbered, because a number can always be typed or spoken."""
        paragraphs = [self._paragraph(each, language) for each in letter.paragraphs]
        choices = [
            (each.id, _numbered(number, self.say(each.label, language), language))
            for number, each in enumerate(letter.choices, 1)
        ]
        sound = self.recordings.get((language, letter.spoken))
        return Rendered("\n\n".join(each for each in paragraphs if each), tuple(choices), sound)

    def _paragraph(self, wording: Wording, language: str) -> str:
        """A paragraph without any letter (a code) in a right-to-left letter is turned to read from the left."""
        said = self.say(wording, language)
        if language not in _RIGHT_TO_LEFT:
            return said
        if isinstance(wording, Text):
            return "\n".join(map(_begun, said.split("\n")))
        return f"{_LRI}{said}{_PDI}" if said and isinstance(wording, str) and not _begins(said) else said


def _isolated(value: Value, said: str, language: str) -> str:
    """A value ready to stand in a sentence; each of its lines apart, because a line's end ends an isolate (UAX 9)."""
    if language not in _RIGHT_TO_LEFT and (said.isascii() or not _turns(said)):
        return said
    own = _TURNING.sub("", said) if isinstance(value, str) else said
    return "\n".join(f"{_FSI}{each}{_PDI}" if each else each for each in own.split("\n"))


def _begun(line: str) -> str:
    """A line that begins with a value is read from the right all the same: what stands in isolates does not count."""
    return f"{_RLM}{line}" if line.startswith(_FSI) else line


def _numbered(number: int, label: str, language: str) -> str:
    """A choice's label behind its number; the number comes first from the side on which the language begins."""
    if language not in _RIGHT_TO_LEFT:
        return f"{number}. {label}"
    return f"{_RLM}{number}. {label if _begins(label) == 'right' else f'{_FSI}{label}{_PDI}'}"


def _begins(said: str) -> Literal["left", "right", ""]:
    """From which side the first letter of it is read; "" where there is no letter."""
    kinds = (unicodedata.bidirectional(each) for each in said)
    return next(("left" if each == "L" else "right" for each in kinds if each in {"L", "R", "AL"}), "")


def _turns(said: str) -> bool:
    """Whether something in it is read from the right, or turns what comes after it."""
    return _TURNING.search(said) is not None or any(unicodedata.bidirectional(each) in {"R", "AL"} for each in said)


def _read(path: Path) -> dict[tuple[str, str], str]:
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        (each.context or "", each.id): each.string
        for each in catalogue
        if isinstance(each.id, str) and each.id and isinstance(each.string, str) and not each.fuzzy
    }

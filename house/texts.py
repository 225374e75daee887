"""The catalogues: our sentences in every language, read straight from the .po files when a process starts.

The English sentence is the msgid, the place it stands in is its context (gettext). Values that are put into a
right-to-left sentence are wrapped in FSI/PDI (Unicode UAX 9), so that a code or a Latin name does not turn it round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel.dates import format_date
from babel.messages.pofile import read_po

from actions.words import Letter, Text, Value, Words

FOLDER = Path(__file__).parent.parent / "locales"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur", "ps", "he"})
_FSI, _PDI = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in one language: text, and the id and label of each choice."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """Language -> (context, msgid) -> translation."""

    catalogues: Mapping[str, Mapping[tuple[str, str], str]]

    @classmethod
    def load(cls, languages: tuple[str, ...], folder: Path = FOLDER) -> Texts:
        """Read the catalogues; English needs none."""
        return cls({each: _read(folder / each / "LC_MESSAGES" / "amana.po") for each in languages if each != "en"})

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
        values = {name: self.say(each, language) for name, each in text.values}
        if language in _RIGHT_TO_LEFT:
            values = {name: f"{_FSI}{each}{_PDI}" for name, each in values.items()}
        return said.format_map(values) if values else said

    def render(self, letter: Letter, language: str) -> Rendered:
        """A letter in one language; choices are numbered, because a number can always be typed or spoken."""
        paragraphs = [self.say(each, language) for each in letter.paragraphs]
        choices = [
            (each.id, f"{number}. {self.say(each.label, language)}") for number, each in enumerate(letter.choices, 1)
        ]
        return Rendered("\n\n".join(each for each in paragraphs if each), tuple(choices))


def _read(path: Path) -> dict[tuple[str, str], str]:
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        (each.context or "", each.id): each.string
        for each in catalogue
        if isinstance(each.id, str) and each.id and isinstance(each.string, str) and not each.fuzzy
    }

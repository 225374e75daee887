"""The organisation's own rules and words as the core needs them; `house.programme` reads and checks the files."""

from __future__ import annotations

from dataclasses import dataclass

from actions.words import Words


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of report: who reads it (desk), its clocks in days, and what cannot be promised (limits)."""

    key: str
    label: Words
    desk: str
    first_look_days: int
    answer_days: int
    limits: Words
    intents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Programme:
    """One organisation's profile, contacts and categories; the last category takes whatever fits no other."""

    name: Words
    organisation: Words
    purpose: Words
    emergency: Words
    contact: Words
    hours: Words
    languages: tuple[str, ...]
    timezone: str
    human: Category
    categories: tuple[Category, ...]

    def category(self, key: str | None) -> Category:
        """The category of that key; the last one for a skipped or forgotten key."""
        return next((each for each in (*self.categories, self.human) if each.key == key), self.categories[-1])

    def category_for(self, intent: str | None) -> Category | None:
        """The category the programme suggests for an intent, if it names one."""
        return next((each for each in self.categories if intent in each.intents), None)

"""The organisation's own rules and words as the core needs them; `house.programme` reads and checks the files."""

from __future__ import annotations

from dataclasses import dataclass

from actions.words import Words


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of report: who reads it (desk), its clocks in days, and what cannot be promised (limits).

    `keep_days` is how long a closed case is kept after the last thing that happened in it.
    """

    key: str
    label: Words
    desk: str
    first_look_days: int
    answer_days: int
    limits: Words
    intents: tuple[str, ...] = ()
    keep_days: int = 365


@dataclass(frozen=True, slots=True)
class Desk:
    """A group of staff with a key of its own.

    At a `sensitive` desk a second person lets an identity be revealed; at a `women` desk only women work.
    """

    key: str
    label: Words
    sensitive: bool = False
    women: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """One organisation's profile, contacts, desks and categories; the last category takes whatever fits no other.

    `warn_days` before a closed case is erased, staff and the person are told; talks that are silent for
    `silent_days` are forgotten.
    """

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
    desks: tuple[Desk, ...]
    warn_days: int = 14
    silent_days: int = 180

    def desk(self, key: str) -> Desk | None:
        """The desk of that key."""
        return next((each for each in self.desks if each.key == key), None)

    def category(self, key: str | None) -> Category:
        """The category of that key; the last one for a skipped or forgotten key."""
        return next((each for each in (*self.categories, self.human) if each.key == key), self.categories[-1])

    def category_for(self, intent: str | None) -> Category | None:
        """The category the programme suggests for an intent, if it names one."""
        return next((each for each in self.categories if intent in each.intents), None)

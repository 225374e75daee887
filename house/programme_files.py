"""The shape of a programme's first three files: who you are, the desks, and what can be reported."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from actions.languages import NAMES
from actions.programme import Path, Priority
from house.programme_reading import BUTTON, Key, Percent, Sentences, Strict

# Announcements and partner groups belong to it.
_GENERAL = "general"
_Days = Annotated[int, Field(ge=0, le=365)]


class Retention(Strict):
    """How long before erasing somebody is told, and when a silent talk is forgotten."""

    warn_days: Annotated[int, Field(ge=1, le=60)]
    silent_days: Annotated[int, Field(ge=30, le=730)]


class Expected(Strict):
    """Whom we expect to hear, so that one can see whom we do not reach."""

    disability: Percent = 0


class About(Strict):
    """Who we are, in three short pages."""

    role: Sentences
    activities: Sentences
    limits: Sentences


class Mandated(Strict):
    """Who alone investigates staff, and the way there without us."""

    body: Sentences
    direct: Sentences


class Profile(Strict):
    """`profile.toml`."""

    languages: Annotated[list[str], Field(min_length=1)]
    timezone: str
    name: Sentences
    organisation: Sentences
    purpose: Sentences
    emergency: Sentences
    contact: Sentences
    hours: Sentences
    about: About
    mandated: Mandated
    retention: Retention
    calls: bool = False
    expected: Expected = Expected()

    @field_validator("languages")
    @classmethod
    def _known(cls, languages: list[str]) -> list[str]:
        unknown = [each for each in languages if each not in NAMES]
        if unknown or "en" not in languages or len(set(languages)) < len(languages):
            raise ValueError(f"use languages of {', '.join(NAMES)}, each once, with en among them")
        return languages

    @field_validator("timezone")
    @classmethod
    def _zone(cls, timezone: str) -> str:
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("write a zone like Africa/Nairobi") from None
        return timezone


class Desk(Strict):
    """A group of staff."""

    label: Sentences
    sensitive: bool
    women: bool = False


class Desks(Strict):
    """`desks.toml`."""

    desk: dict[Key, Desk]

    @field_validator("desk")
    @classmethod
    def _fit(cls, desks: dict[str, Desk]) -> dict[str, Desk]:
        if _GENERAL not in desks:
            raise ValueError(f"add [desk.{_GENERAL}]: announcements and partner groups belong to it")
        women = [key for key, each in desks.items() if each.women]
        if len(women) > 1:
            raise ValueError(
                f"{' and '.join(women)} have women = true; leave it at one, whoever asks for a woman goes there"
            )
        return desks


class Category(Strict):
    """A kind of report."""

    desk: Key
    label: Sentences
    limits: Sentences
    first_look_days: _Days
    answer_days: _Days
    keep_days: Annotated[int, Field(ge=30, le=3650)]
    intents: tuple[str, ...] = ()
    path: Path = "complaint"
    priority: Priority = 3
    listed: bool = True

    @model_validator(mode="after")
    def _fits_a_button(self) -> Category:
        long = [language for language, label in self.label.items() if len(label) > BUTTON]
        if self.listed and long:
            raise ValueError(
                f"label is too long for a button in {', '.join(long)}; "
                f"use at most {BUTTON} characters, or listed = false"
            )
        return self


class Categories(Strict):
    """`categories.toml`."""

    human: Category
    category: Annotated[dict[Key, Category], Field(min_length=1)]

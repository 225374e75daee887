"""The organisation's programme, read from its folder and checked whole: an error names file, key and remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from actions.languages import NAMES
from actions.programme import Category, Desk, Programme
from actions.words import Words

_PROFILE, _DESKS, _CATEGORIES = "profile.toml", "desks.toml", "categories.toml"
# Announcements and partner groups belong to it.
_GENERAL = "general"
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,23}$")]
_Sentences = Annotated[dict[str, Annotated[str, StringConstraints(min_length=1, max_length=400)]], Field(min_length=1)]
_Days = Annotated[int, Field(ge=0, le=365)]


class WrongProgramme(Exception):
    """The programme cannot be used as it is; the sentence says which file, which key and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T", bound=_Strict)


class _Retention(_Strict):
    warn_days: Annotated[int, Field(ge=1, le=60)]
    silent_days: Annotated[int, Field(ge=30, le=730)]


class _Profile(_Strict):
    languages: Annotated[list[str], Field(min_length=1)]
    timezone: str
    name: _Sentences
    organisation: _Sentences
    purpose: _Sentences
    emergency: _Sentences
    contact: _Sentences
    hours: _Sentences
    retention: _Retention

    @field_validator("languages")
    @classmethod
    def _known(cls, languages: list[str]) -> list[str]:
        unknown = [each for each in languages if each not in NAMES]
        if unknown or "en" not in languages:
            raise ValueError(f"use languages of {', '.join(NAMES)}, with en among them")
        return languages

    @field_validator("timezone")
    @classmethod
    def _zone(cls, timezone: str) -> str:
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("write a zone like Africa/Nairobi") from None
        return timezone


class _Desk(_Strict):
    label: _Sentences
    sensitive: bool
    women: bool = False


class _Desks(_Strict):
    desk: dict[_Key, _Desk]

    @field_validator("desk")
    @classmethod
    def _fit(cls, desks: dict[str, _Desk]) -> dict[str, _Desk]:
        if _GENERAL not in desks:
            raise ValueError(f"add [desk.{_GENERAL}]: announcements and partner groups belong to it")
        women = [key for key, each in desks.items() if each.women]
        if len(women) > 1:
            raise ValueError(
                f"{' and '.join(women)} have women = true; leave it at one, whoever asks for a woman goes there"
            )
        return desks


class _Category(_Strict):
    desk: _Key
    label: _Sentences
    limits: _Sentences
    first_look_days: _Days
    answer_days: _Days
    keep_days: Annotated[int, Field(ge=30, le=3650)]
    intents: list[str] = []


class _Categories(_Strict):
    human: _Category
    category: Annotated[dict[_Key, _Category], Field(min_length=1, max_length=8)]


def load(folder: Path) -> Programme:
    """The programme in a folder; `WrongProgramme` when anything in it is missing or wrong."""
    profile = _read(folder / _PROFILE, _Profile)
    offices = _read(folder / _DESKS, _Desks)
    listed = _read(folder / _CATEGORIES, _Categories)
    _every_wording(folder, profile, offices, listed)
    _agreed(folder, profile, offices, listed)
    return Programme(
        name=_words(profile.name), organisation=_words(profile.organisation), purpose=_words(profile.purpose),
        emergency=_words(profile.emergency), contact=_words(profile.contact), hours=_words(profile.hours),
        languages=tuple(profile.languages), timezone=profile.timezone,
        human=_category("human", listed.human),
        categories=tuple(_category(key, each) for key, each in listed.category.items()),
        desks=tuple(_desk(key, each) for key, each in offices.desk.items()),
        warn_days=profile.retention.warn_days, silent_days=profile.retention.silent_days,
    )  # fmt: skip


def desks(programme: Programme) -> tuple[str, ...]:
    """The key of every desk, whether a category sends something there or not."""
    return tuple(each.key for each in programme.desks)


def _read(path: Path, model: type[T]) -> T:
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise WrongProgramme(f"{path}: {error.strerror}. Set AMANA_PROGRAMME to the programme's folder.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongProgramme(f"{path}: this is not TOML: {error}.") from None
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise WrongProgramme(f"{path}: {wrong}.") from None


def _every_wording(folder: Path, profile: _Profile, offices: _Desks, listed: _Categories) -> None:
    _complete(folder / _PROFILE, profile, profile.languages)
    for name, desk in offices.desk.items():
        _complete(folder / _DESKS, desk, profile.languages, f"desk.{name}")
    for name, category in _tables(listed).items():
        _complete(folder / _CATEGORIES, category, profile.languages, name)


def _tables(listed: _Categories) -> dict[str, _Category]:
    """Every category by the name of its table in the file."""
    return {"human": listed.human, **{f"category.{key}": each for key, each in listed.category.items()}}


def _agreed(folder: Path, profile: _Profile, offices: _Desks, listed: _Categories) -> None:
    """The files fit each other: every category has its desk, and is kept for longer than the warning runs."""
    for name, category in _tables(listed).items():
        if category.desk not in offices.desk:
            raise WrongProgramme(
                f"{folder / _CATEGORIES}: {name}.desk: there is no desk {category.desk}; "
                f"add it to {_DESKS}, or use one of {', '.join(offices.desk)}."
            )
        if category.keep_days <= profile.retention.warn_days:
            raise WrongProgramme(
                f"{folder / _CATEGORIES}: {name}.keep_days: {category.keep_days} days end before the warning can come; "
                f"keep it for more than the {profile.retention.warn_days} days of retention.warn_days in {_PROFILE}."
            )


def _complete(path: Path, part: _Strict, languages: list[str], name: str = "") -> None:
    for key, value in part:
        missing = [each for each in languages if isinstance(value, dict) and each not in value]
        if missing:
            where = f"{name}.{key}" if name else key
            raise WrongProgramme(
                f"{path}: {where} has no wording in {', '.join(missing)}; add it or the language goes."
            )


def _words(sentences: dict[str, str]) -> Words:
    return Words(tuple(sentences.items()))


def _category(key: str, read: _Category) -> Category:
    return Category(
        key, _words(read.label), read.desk, read.first_look_days, read.answer_days, _words(read.limits),
        tuple(read.intents), read.keep_days,
    )  # fmt: skip


def _desk(key: str, read: _Desk) -> Desk:
    return Desk(key, _words(read.label), read.sensitive, read.women)

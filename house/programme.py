"""The organisation's programme, read from its folder and checked whole: an error names file, key and remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from actions.languages import NAMES
from actions.programme import Category, Programme
from actions.words import Words

_PROFILE, _CATEGORIES = "profile.toml", "categories.toml"
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,23}$")]
_Sentences = Annotated[dict[str, Annotated[str, StringConstraints(min_length=1, max_length=400)]], Field(min_length=1)]
_Days = Annotated[int, Field(ge=0, le=365)]


class WrongProgramme(Exception):
    """The programme cannot be used as it is; the sentence says which file, which key and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T", bound=_Strict)


class _Profile(_Strict):
    languages: Annotated[list[str], Field(min_length=1)]
    timezone: str
    name: _Sentences
    organisation: _Sentences
    purpose: _Sentences
    emergency: _Sentences
    contact: _Sentences
    hours: _Sentences

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


class _Category(_Strict):
    # One desk for now: more of them would look apart while the same people read them all.
    desk: Literal["general"]
    label: _Sentences
    limits: _Sentences
    first_look_days: _Days
    answer_days: _Days
    intents: list[str] = []


class _Categories(_Strict):
    human: _Category
    category: Annotated[dict[_Key, _Category], Field(min_length=1, max_length=8)]


def load(folder: Path) -> Programme:
    """The programme in a folder; `WrongProgramme` when anything in it is missing or wrong."""
    profile = _read(folder / _PROFILE, _Profile)
    listed = _read(folder / _CATEGORIES, _Categories)
    _complete(folder / _PROFILE, profile, profile.languages)
    for name, category in {"human": listed.human, **listed.category}.items():
        _complete(folder / _CATEGORIES, category, profile.languages, name)
    return Programme(
        name=_words(profile.name), organisation=_words(profile.organisation), purpose=_words(profile.purpose),
        emergency=_words(profile.emergency), contact=_words(profile.contact), hours=_words(profile.hours),
        languages=tuple(profile.languages), timezone=profile.timezone,
        human=_category("human", listed.human),
        categories=tuple(_category(key, each) for key, each in listed.category.items()),
    )  # fmt: skip


def desks(programme: Programme) -> tuple[str, ...]:
    """Every desk the programme sends something to."""
    return tuple(dict.fromkeys(each.desk for each in (programme.human, *programme.categories)))


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
        tuple(read.intents),
    )  # fmt: skip

"""The shape of a programme's other files: areas, services, sites, the rota, red lines, frequent questions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from actions.programme import Day
from house.programme_reading import Key, Labels, Percent, Sentence, Sentences, Strict

_WHOLE = 100
_Login = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[\w.@+-]{2,60}$")]
_Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ()/-]{1,29}$")]


class Area(Strict):
    """A part of where we work."""

    label: Labels
    emergency: Sentences
    share: Percent = 0


class Areas(Strict):
    """`areas.toml`."""

    area: Annotated[dict[Key, Area], Field(min_length=1)]

    @field_validator("area")
    @classmethod
    def _whole(cls, areas: dict[str, Area]) -> dict[str, Area]:
        if (every := sum(each.share for each in areas.values())) > _WHOLE:
            raise ValueError(f"the shares come to {every}; use 100 at most")
        return areas


class Need(Strict):
    """What somebody needs."""

    label: Labels
    about: Literal["", "gbv", "child"] = ""


class Service(Strict):
    """Help without a report."""

    need: Key
    areas: tuple[Key, ...] = ()
    name: Labels
    process: Sentences
    timeframe: Sentences
    hours: Sentences
    contact: Sentences
    owner: Sentence
    verified: Annotated[date, Field(strict=True)]
    referral: bool


class Services(Strict):
    """`services.toml`."""

    verify_days: Annotated[int, Field(ge=7, le=365)]
    need: Annotated[dict[Key, Need], Field(min_length=1)]
    service: Annotated[dict[Key, Service], Field(min_length=1)]


class Site(Strict):
    """Where somebody of ours can be met."""

    label: Labels
    area: Key
    place: Sentences
    hours: Sentences
    phone: _Phone


class Sites(Strict):
    """`sites.toml`."""

    site: Annotated[dict[Key, Site], Field(min_length=1)]


class Duty(Strict):
    """Who is called when; the same time twice is a whole day."""

    login: _Login
    days: Annotated[list[Day], Field(min_length=1)]
    begins: str
    ends: str

    @field_validator("begins", "ends")
    @classmethod
    def _on_the_clock(cls, written: str) -> str:
        hours, _, minutes = written.partition(":")
        if len(written) != len("08:00") or not (hours + minutes).isdecimal() or int(hours) > 23 or int(minutes) > 59:  # noqa: PLR2004 - a clock
            raise ValueError("write a time from 00:00 to 23:59, like 08:00")
        return written


class Rota(Strict):
    """`rota.toml`."""

    ack_minutes: Annotated[int, Field(ge=1, le=60)]
    duty: tuple[Duty, ...] = ()


class RedLines(Strict):
    """`red_lines.toml`."""

    version: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    line: Annotated[list[Sentences], Field(min_length=1)]


class Faq(Strict):
    """A question that is often asked."""

    question: Labels
    answer: Sentences
    intents: tuple[str, ...] = ()


class Faqs(Strict):
    """`faq.toml`."""

    faq: Annotated[dict[Key, Faq], Field(min_length=1)]

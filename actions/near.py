"""Services near a person: which ones, how each is told, and what one of them would be told (R15)."""

from __future__ import annotations

from actions import consent
from actions import sentences as say
from actions.flow import plain
from actions.languages import NAMES
from actions.programme import Service
from actions.talk import Given, Talk
from actions.words import Text, Wording, Words


def chosen(talk: Talk, given: Given) -> tuple[Service, ...]:
    """The services for what was asked; only those that somebody verified lately."""
    need = talk.answer("help.need")
    return given.programme.help(given.today, talk.area, plain(need) if need else "")


def line(service: Service) -> Text:
    """One service as the person reads it."""
    return say.SERVICE.with_(
        name=service.name, process=service.process, timeframe=service.timeframe, hours=service.hours,
        contact=service.contact, verified=service.verified,
    )  # fmt: skip


def shared(talk: Talk, given: Given) -> tuple[Wording, ...]:
    """Exactly what would be passed on (R15)."""
    service = next((each for each in given.programme.services if each.key == talk.wanted), None)
    if service is None:
        return (say.NOT_REFERRED,)
    passed_on = dict(told(talk, given, service))
    return (
        say.REFER_WHAT.with_(name=service.name, area=passed_on["area"], need=passed_on["need"]),
        say.REFER_NOT,
        *consent.REFER.said,
    )


def told(talk: Talk, given: Given, service: Service) -> tuple[tuple[str, Wording], ...]:
    """What a service is told about the person, and nothing else."""
    area = given.programme.area(talk.area)
    need = next((each.label for each in given.programme.needs if each.key == service.need), service.need)
    spoken = NAMES.get(talk.language, talk.language)
    return (("area", area.label if area else "-"), ("need", need), ("language", spoken))


def english(wording: Wording) -> str:
    """A wording as it is sealed for staff."""
    return wording.in_("en") if isinstance(wording, Words) else str(wording)

"""The organisation's programme, read from its folder and checked whole: an error names file, key and remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, time
from pathlib import Path

from actions import programme as rules
from actions.programme import Programme
from actions.prompts import SPOKEN
from actions.words import Words
from house import programme_directory as directory
from house import programme_files as file
from house import recordings
from house.programme_reading import WrongProgramme as WrongProgramme
from house.programme_reading import read
from house.programme_rules import Files, broken


def load(folder: Path) -> Programme:
    """The programme in a folder; `WrongProgramme` when anything in it is missing or wrong."""
    files = Files(
        profile=read(folder / "profile.toml", file.Profile),
        desks=read(folder / "desks.toml", file.Desks),
        categories=read(folder / "categories.toml", file.Categories),
        areas=read(folder / "areas.toml", directory.Areas),
        services=read(folder / "services.toml", directory.Services),
        sites=read(folder / "sites.toml", directory.Sites),
        rota=read(folder / "rota.toml", directory.Rota),
        red_lines=read(folder / "red_lines.toml", directory.RedLines),
        faq=read(folder / "faq.toml", directory.Faqs),
    )
    wrong = "\n".join(broken(folder, files))
    if wrong:
        raise WrongProgramme(wrong)
    return replace(_programme(files), recorded=_recorded(folder, files.profile.languages))


def _recorded(folder: Path, languages: Sequence[str]) -> tuple[str, ...]:
    spoken = {language for language, _ in recordings.load(folder, languages, SPOKEN)}
    return tuple(each for each in languages if each in spoken)


def desks(programme: Programme) -> tuple[str, ...]:
    """The key of every desk, whether a category sends something there or not."""
    return tuple(each.key for each in programme.desks)


def too_early(folder: Path, programme: Programme, today: date) -> Iterator[str]:
    """Each service that is said to have been verified on a day that has not come.

    It is no part of `load`: a service must not vanish, nor the bot stop, because a clock is slow.
    """
    for each in programme.services:
        if each.verified > today:
            yield (
                f"{folder / 'services.toml'}: service.{each.key}.verified: {each.verified} has not come yet; "
                "write the day on which somebody last called or went there."
            )


def _programme(found: Files) -> Programme:
    profile, services = found.profile, found.services
    return Programme(
        name=_words(profile.name), organisation=_words(profile.organisation), purpose=_words(profile.purpose),
        emergency=_words(profile.emergency), contact=_words(profile.contact), hours=_words(profile.hours),
        languages=tuple(profile.languages), timezone=profile.timezone,
        about=rules.About(_words(profile.about.role), _words(profile.about.activities), _words(profile.about.limits)),
        mandated=rules.Mandated(_words(profile.mandated.body), _words(profile.mandated.direct)),
        warn_days=profile.retention.warn_days, silent_days=profile.retention.silent_days,
        human=_category("human", found.categories.human),
        categories=tuple(_category(key, each) for key, each in found.categories.category.items()),
        desks=tuple(
            rules.Desk(key, _words(each.label), each.sensitive, each.women) for key, each in found.desks.desk.items()
        ),
        red_lines=rules.RedLines(found.red_lines.version, tuple(_words(each) for each in found.red_lines.line)),
        areas=tuple(
            rules.Area(key, _words(each.label), _words(each.emergency), each.share)
            for key, each in found.areas.area.items()
        ),
        needs=tuple(rules.Need(key, _words(each.label), each.about) for key, each in services.need.items()),
        services=tuple(_service(key, each) for key, each in services.service.items()),
        sites=tuple(_site(key, each) for key, each in found.sites.site.items()),
        rota=tuple(_duty(each) for each in found.rota.duty),
        faqs=tuple(
            rules.Faq(key, _words(each.question), _words(each.answer), tuple(each.intents))
            for key, each in found.faq.faq.items()
        ),
        verify_days=services.verify_days, ack_minutes=found.rota.ack_minutes,
        calls=profile.calls, disability=profile.expected.disability,
    )  # fmt: skip


def _words(sentences: dict[str, str]) -> Words:
    return Words(tuple(sentences.items()))


def _category(key: str, found: file.Category) -> rules.Category:
    return rules.Category(
        key, _words(found.label), found.desk, found.first_look_days, found.answer_days, _words(found.limits),
        tuple(found.intents), found.keep_days, found.path, found.priority, found.listed,
    )  # fmt: skip


def _service(key: str, found: directory.Service) -> rules.Service:
    return rules.Service(
        key, found.need, _words(found.name), _words(found.process), _words(found.timeframe), _words(found.hours),
        _words(found.contact), found.owner, found.verified, tuple(found.areas), found.referral,
    )  # fmt: skip


def _site(key: str, found: directory.Site) -> rules.Site:
    return rules.Site(key, _words(found.label), found.area, _words(found.place), _words(found.hours), found.phone)


def _duty(found: directory.Duty) -> rules.Duty:
    return rules.Duty(found.login, tuple(found.days), time.fromisoformat(found.begins), time.fromisoformat(found.ends))

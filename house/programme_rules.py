"""What the files of a programme must agree on: each rule that is broken is a sentence with file, key and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_args

from actions.programme import Path as Told
from house import programme_directory as directory
from house import programme_files as file
from house.programme_reading import Strict

# So many buttons stand under “What is it about?” that one can be told by one digit.
_LISTED = 9


@dataclass(frozen=True, slots=True)
class Files:
    """Every file of a programme as it was read, each by its name without `.toml`."""

    profile: file.Profile
    desks: file.Desks
    categories: file.Categories
    areas: directory.Areas
    services: directory.Services
    sites: directory.Sites
    rota: directory.Rota
    red_lines: directory.RedLines
    faq: directory.Faqs


def broken(folder: Path, read: Files) -> Iterator[str]:
    """Every rule that these files break together."""
    found = [("categories", each) for each in (*_desks(read), *_kept(read), *_paths(read), *_listed(read))]
    found += [("services", each) for each in (*_needs(read), *_about(read), *_places(read))]
    found += [("sites", each) for each in _sites(read)]
    for name, each in (*_wordings(read), *found):
        yield f"{folder / name}.toml: {each}"


def _wordings(read: Files) -> Iterator[tuple[str, str]]:
    for each in fields(read):
        for where, missing in _unworded(getattr(read, each.name), read.profile.languages, ""):
            yield each.name, f"{where} has no wording in {', '.join(missing)}; add it or the language goes."


def _unworded(part: object, languages: list[str], where: str) -> Iterator[tuple[str, list[str]]]:
    """Each text that lacks a language, and which."""
    match part:
        case Strict() | list():
            held = enumerate(part, 1) if isinstance(part, list) else part
            for key, value in held:
                yield from _unworded(value, languages, f"{where}.{key}" if where else str(key))
        case dict() if all(isinstance(each, str) for each in part.values()):
            missing = [each for each in languages if each not in part]
            if missing:
                yield where, missing
        case dict():
            for key, value in part.items():
                yield from _unworded(value, languages, f"{where}.{key}")
        case _:
            return


def _tables(read: Files) -> dict[str, file.Category]:
    """Every category by the name of its table in the file."""
    every = {f"category.{key}": each for key, each in read.categories.category.items()}
    return {"human": read.categories.human, **every}


def _desks(read: Files) -> Iterator[str]:
    desks = read.desks.desk
    for name, each in _tables(read).items():
        if each.desk not in desks:
            yield (
                f"{name}.desk: there is no desk {each.desk}; add it to desks.toml, or use one of {', '.join(desks)}."
            )


def _kept(read: Files) -> Iterator[str]:
    warn = read.profile.retention.warn_days
    for name, each in _tables(read).items():
        if each.keep_days <= warn:
            yield (
                f"{name}.keep_days: {each.keep_days} days end before the warning can come; "
                f"keep it for more than the {warn} days of retention.warn_days in profile.toml."
            )


def _paths(read: Files) -> Iterator[str]:
    taken = {each.path for each in read.categories.category.values()}
    for path in get_args(Told):
        if path not in taken:
            yield f'category: none has path = "{path}"; give it to one, or copy the sample\'s category of that path.'


def _listed(read: Files) -> Iterator[str]:
    listed = [key for key, each in read.categories.category.items() if each.listed]
    if len(listed) > _LISTED:
        yield (
            f"category: {len(listed)} are listed, {_LISTED} is the most; "
            f"write listed = false for some of {', '.join(listed)}."
        )
    if not listed:
        yield "category: none is listed; write listed = true for what can be chosen."
    elif read.categories.category[listed[-1]].path != "complaint":
        yield (
            f"category.{listed[-1]}.path: the last listed category takes what fits no other; "
            'write path = "complaint", or put another one behind it.'
        )


def _needs(read: Files) -> Iterator[str]:
    needs = read.services.need
    for key, each in read.services.service.items():
        if each.need not in needs:
            yield (
                f"service.{key}.need: there is no need {each.need}; "
                f"add [need.{each.need}], or use one of {', '.join(needs)}."
            )


def _about(read: Files) -> Iterator[str]:
    needs = read.services.need
    offered = {needs[each.need].about for each in read.services.service.values() if each.need in needs}
    for about, whom in (("gbv", "somebody who has met violence"), ("child", "a child")):
        if about not in offered:
            yield f'service: none is for {whom}; add one whose need has about = "{about}".'


def _places(read: Files) -> Iterator[str]:
    for key, each in read.services.service.items():
        for area in each.areas:
            if area not in read.areas.area:
                yield f"service.{key}.areas: {_no_area(area, read)}"


def _sites(read: Files) -> Iterator[str]:
    for key, each in read.sites.site.items():
        if each.area not in read.areas.area:
            yield f"site.{key}.area: {_no_area(each.area, read)}"


def _no_area(area: str, read: Files) -> str:
    return f"there is no area {area}; add it to areas.toml, or use one of {', '.join(read.areas.area)}."

"""What an organisation has recorded of what is asked, for people who would rather listen: one sound a question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from house.contents import Seen
from house.programme_reading import WrongProgramme

FOLDER = "recordings"
# Two minutes of speech; whoever listens pays for it.
LARGEST = 1_000_000
# What Telegram plays as a voice message (https://core.telegram.org/bots/api#sendvoice), and browsers as well.
_KINDS = {".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4"}


@dataclass(frozen=True, slots=True)
class Recording:
    """One sound: in which language, what is asked in it, its file and media type."""

    language: str
    name: str
    path: Path
    type: str


Recordings = Mapping[tuple[str, str], Recording]


def load(programme: Path, languages: Collection[str], names: Collection[str]) -> Recordings:
    """Every recording by language and name; none without the folder. `WrongProgramme` names what cannot be used."""
    folder = programme / FOLDER
    files = sorted(each for each in folder.glob("*/*") if each.is_file()) if folder.is_dir() else []
    wrong = "\n".join(f"{each}: {why}" for each in files for why in _broken(each, languages, names))
    if wrong:
        raise WrongProgramme(wrong)
    made = (Recording(each.parent.name, each.stem, each, _KINDS[each.suffix]) for each in files)
    return {(each.language, each.name): each for each in made}


def _broken(path: Path, languages: Collection[str], names: Collection[str]) -> Iterator[str]:
    if path.parent.name not in languages:
        yield f"{path.parent.name} is no language of profile.toml; use {', '.join(languages)}."
    if path.stem not in names:
        yield f"nothing is asked by the name {path.stem}; docs/flows.md has the names."
    if path.suffix not in _KINDS:
        yield f"use a file that ends in {', '.join(_KINDS)}."
    elif path.stat().st_size > LARGEST:
        yield f"it has more than {LARGEST // 1_000_000} MB; speak shorter, or save it smaller."
    elif _type(path) != _KINDS[path.suffix]:
        yield "it is no sound of the kind its name says; record it again as Ogg Opus (.ogg)."


def _type(path: Path) -> str:
    seen = Seen()
    seen.look(path.read_bytes())
    found = seen.content()
    return found.type if found else ""

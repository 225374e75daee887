"""The answer to a consultation as staff read it: what was suggested, what was decided and why (R10)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from actions import notices
from actions.words import Letter, Words, from_json
from console.visit import Visit
from house.texts import Texts
from store import consultations
from store.consultations import Suggestion
from store.db import Tx
from store.places import Unopenable

DESK = "general"


@dataclass(frozen=True, slots=True)
class Group:
    """What some suggested, whether it is accepted, and why."""

    what: Words
    accepted: bool
    why: Words


def result(visit: Visit, suggested: tuple[Group, ...]) -> Letter:
    """What is posted: each suggestion with decision and reason, and with whom the decision stays."""
    told = tuple((each.what, each.accepted, each.why) for each in suggested)
    return notices.consulted(told, visit.office.programme.organisation)


def read(visit: Visit, letter: Letter) -> tuple[tuple[str, str], ...]:
    """The answer as it goes out, in each language in which it was written."""
    texts = _texts(visit.office.programme.languages)
    return tuple((each, texts.render(letter, each).text) for each in notices.written_in(letter))


def opened(visit: Visit, words: str) -> tuple[tuple[str, str], ...]:
    """The texts of an announcement: written by staff, or the answer to a consultation."""
    told = json.loads(words)
    return read(visit, from_json(words)) if "p" in told else tuple(told.items())


def shown(visit: Visit) -> dict[str, Any]:
    """What the page says of each consultation: whether it is open, and what was suggested (none that is damaged)."""

    def look(tx: Tx) -> tuple[dict[str, str], dict[str, list[Suggestion]]]:
        results = consultations.results(tx)
        return results, {each: consultations.suggested(tx, each) for each in results}

    results, sealed = visit.office.store.read(look)
    return {"consultations": results, "suggested": {of: _readable(visit, each) for of, each in sealed.items()}}


def _readable(visit: Visit, sealed: list[Suggestion]) -> tuple[Group | None, ...]:
    found: list[Group | None] = []
    for each in sealed:
        try:
            found += groups(visit, [each])
        except Unopenable:
            found.append(None)
    return tuple(found)


def groups(visit: Visit, sealed: list[Suggestion]) -> tuple[Group, ...]:
    """What was suggested, opened; `Unopenable` where something was changed or damaged."""
    every = [json.loads(visit.ring.open(DESK, each.sealed, consultations.place(each.id))) for each in sealed]
    return tuple(
        Group(Words(tuple(each["what"].items())), each["accepted"], Words(tuple(each["why"].items()))) for each in every
    )


@cache
def _texts(languages: tuple[str, ...]) -> Texts:
    return Texts.load(languages)

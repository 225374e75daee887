"""What stands beside a case's story: who it came from, seen with a reason only; whether it is kept or to be erased."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from console import damaged
from console.visit import Visit
from store import audit, erasing, reveals
from store.cases import Case, Entry
from store.db import Tx
from store.erasing import Asked
from store.opening import Opened
from store.places import Place, Unopenable
from store.reveals import Reveal

# Entries that tell who somebody is.
KINDS = ("identity", "voice")
State: TypeAlias = Literal["waits", "open", "over", "refused"]
_DAMAGED = "(changed or damaged: it cannot be opened)"


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody asked to see it: who, why, and what came of it."""

    id: str
    who: str
    why: str
    at: int
    mine: bool
    state: State
    by: str
    until: int


@dataclass(frozen=True, slots=True)
class Secret:
    """One entry that tells who somebody is; `open` for this member now, and then its `name` is there."""

    id: str
    kind: str
    at: int
    open: bool
    name: str
    wishes: tuple[Wish, ...]

    @property
    def waits(self) -> bool:
        """Whether this member has asked and nobody has answered."""
        return any(each.mine and each.state == "waits" for each in self.wishes)


@dataclass(frozen=True, slots=True)
class Ending:
    """Somebody asked to have the case erased."""

    who: str
    why: str
    at: int
    mine: bool
    by_person: bool


def sensitive(visit: Visit, case: Case) -> bool:
    """Whether a second member must allow it; a desk that the programme does not know is one."""
    desk = visit.office.programme.desk(case.desk)
    return desk is None or desk.sensitive


def may_see(tx: Tx, visit: Visit, entry: Entry) -> bool:
    """Whether this member may have this entry's file now: a voice with somebody's leave only."""
    return entry.kind == "file" or (
        entry.kind == "voice" and reveals.open_for(tx, entry.case, entry.id, visit.member.id, visit.now)
    )


def shown(visit: Visit, opened: Opened, entries: Sequence[Entry], names: Mapping[str, str]) -> dict[str, Any]:
    """What the case page shows beside the story; every look at a name is in the audit."""
    case = opened.case

    def look(tx: Tx) -> tuple[list[Reveal], Asked | None]:
        wishes = reveals.of_case(tx, case.reference)
        for each in entries:
            if each.kind == "identity" and _open(visit, each, wishes):
                audit.note(tx, visit.now, visit.member.id, "looked at who sent it", f"{case.reference}/{each.id}")
        return wishes, erasing.asked(tx, case.reference)

    wishes, asked = visit.office.store.do(look)
    secret = [_secret(visit, opened, each, wishes, names) for each in entries if each.kind in KINDS]
    ending = _ending(visit, opened, asked, names) if asked else None
    broken = damaged.told(visit, _broken(case, secret, ending))
    return {
        "secrets": secret, "ending": ending, "sensitive": sensitive(visit, case),
        "warn_days": visit.office.programme.warn_days, **({"damaged": broken} if broken else {}),
    }  # fmt: skip


def _broken(case: Case, secrets: Sequence[Secret], ending: Ending | None) -> list[str]:
    """What of it was changed or damaged, by its name in the audit."""
    names = [each.id for each in secrets if each.name == _DAMAGED]
    reasons = [wish.id for each in secrets for wish in each.wishes if wish.why == _DAMAGED]
    erasure = ["erasure"] if ending and ending.why == _DAMAGED else []
    return [f"{case.reference}/{each}" for each in (*names, *reasons, *erasure)]


def _open(visit: Visit, entry: Entry, wishes: Sequence[Reveal]) -> bool:
    mine = (each for each in wishes if each.entry == entry.id and each.asked_by == visit.member.id)
    return any(each.open_at(visit.now) for each in mine)


def _secret(visit: Visit, opened: Opened, entry: Entry, wishes: Sequence[Reveal], names: Mapping[str, str]) -> Secret:
    allowed = _open(visit, entry, wishes)
    name = _name(opened, entry) if allowed and entry.kind == "identity" else ""
    about = tuple(_wish(visit, opened, each, names) for each in wishes if each.entry == entry.id)
    return Secret(entry.id, entry.kind, entry.at, allowed, name, about)


def _name(opened: Opened, entry: Entry) -> str:
    try:
        return str(json.loads(opened.entry(entry))["name"])
    except (Unopenable, ValueError, KeyError, TypeError):
        return _DAMAGED


def _wish(visit: Visit, opened: Opened, wish: Reveal, names: Mapping[str, str]) -> Wish:
    state: State = (
        "waits" if wish.waits else "refused" if wish.refused else "open" if wish.open_at(visit.now) else "over"
    )
    return Wish(
        wish.id, names.get(wish.asked_by, "Somebody"), _words(opened, wish.sealed, wish.place), wish.asked,
        wish.asked_by == visit.member.id, state, names.get(wish.approved_by or "", ""), wish.until or 0,
    )  # fmt: skip


def _ending(visit: Visit, opened: Opened, asked: Asked, names: Mapping[str, str]) -> Ending:
    who = "The person" if asked.by_person else names.get(asked.by, "Somebody")
    why = _words(opened, asked.sealed, asked.place)
    return Ending(who, why, asked.at, asked.by == visit.member.id, asked.by_person)


def _words(opened: Opened, sealed: bytes, place: Place) -> str:
    try:
        return opened.thing(sealed, place).decode()
    except Unopenable:
        return _DAMAGED

"""The alarms on top of every page: who is called, who has taken it, and what has to be told about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from actions.programme import Programme
from store import alarms, staff
from store.alarms import Alarm
from store.db import Tx

OUTCOMES = {
    "helped": "helped", "false_alarm": "false alarm", "not_reached": "could not reach",
    "passed_on": "passed to emergency services",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bell:
    """One alarm as a member sees it; `me`: they are called, `mine`: they have taken it."""

    id: str
    area: str
    numbers: str
    at: int
    called: str
    unanswered: bool
    taken_by: str
    me: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Ringing:
    """All of them, the member's own first."""

    bells: tuple[Bell, ...]

    @property
    def mark(self) -> str:
        """Changes when anything of it has changed."""
        return sha256(repr(self.bells).encode()).hexdigest()[:16]


def shown(tx: Tx, programme: Programme, login: str) -> Ringing:
    """What is on top of a page of this member."""
    found = alarms.unsettled(tx)
    names = called(tx) if found else {}
    return Ringing(in_order([_bell(each, programme, names, login) for each in found]))


def called(tx: Tx) -> dict[str, str]:
    """Sign-in name -> name."""
    return {each.login: each.name for each in staff.every(tx)}


def area(programme: Programme, key: str) -> str:
    """What an area is called."""
    found = programme.area(key)
    return found.label.in_("en") if found else key or "an area we do not know"


def in_order(bells: Sequence[Bell]) -> tuple[Bell, ...]:
    """What nobody has taken first, among these what this member is called for."""
    return tuple(sorted(bells, key=lambda each: (bool(each.taken_by), not (each.me or each.mine), each.at)))


def _bell(alarm: Alarm, programme: Programme, names: dict[str, str], login: str) -> Bell:
    there = programme.area(alarm.area)
    return Bell(
        alarm.id, area(programme, alarm.area), (there.emergency if there else programme.emergency).in_("en"), alarm.at,
        names.get(alarm.called, alarm.called), alarm.unanswered, names.get(alarm.acked_by, alarm.acked_by),
        me=not alarm.taken and alarm.called == login, mine=alarm.acked_by == login,
    )  # fmt: skip

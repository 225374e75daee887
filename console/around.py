"""What stands around a case's story for whoever deals with it: steps with others, plan, proxy, end, help nearby."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions import passing
from actions.programme import Category, Service
from console import times
from console.reports import Report
from console.visit import Visit
from store import plans, referrals
from store.cases import Entry
from store.opening import Opened
from store.places import Unopenable
from store.referrals import Referral

BETWEEN, RESOLUTION, SATISFACTION = "intermediary", "resolution", "satisfaction"
# Entries that hold fields and not words to be read as they are.
KINDS = (referrals.ENTRY, plans.ENTRY, BETWEEN, RESOLUTION, SATISFACTION)
# Of what other bodies are told to staff alone; people read `actions.passing`.
BODIES = {
    "mandated": "the mandated body", "service": "a service", "community_police": "community police",
    "agency": "another organisation",
}  # fmt: skip
HELPED = {"yes": "all right for them", "partly": "all right in part", "no": "not all right for them"}
STATES = {"passed_on": "waits for them", "accepted": "accepted", "returned": "given back to us", "done": "done"}


@dataclass(frozen=True, slots=True)
class Step:
    """One entry that holds fields: who wrote it, when, and the fields."""

    id: str
    kind: str
    who: str
    at: int
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Passed:
    """To whom the case was passed on, and every step since, oldest first."""

    referral: Referral
    name: str
    shared: bool
    steps: tuple[Step, ...]

    @property
    def body(self) -> str:
        """The kind of body, in words."""
        return BODIES[self.referral.body]

    @property
    def state(self) -> str:
        """How it stands, in words."""
        return STATES[self.referral.state]


@dataclass(frozen=True, slots=True)
class Help:
    """A service nearby, as staff read it; `about` marks help for women and girls, and for children."""

    service: Service
    need: str
    about: str


def fields(opened: Opened, entry: Entry) -> dict[str, Any] | None:
    """What an entry of these kinds holds, or None where it was changed or damaged."""
    try:
        told = json.loads(opened.entry(entry))
    except (Unopenable, ValueError):
        return None
    return told if isinstance(told, dict) else None


def steps(opened: Opened, entries: Sequence[Entry], names: Mapping[str, str]) -> tuple[Step, ...]:
    """Every entry that holds fields and can be opened."""
    read = ((each, fields(opened, each)) for each in entries if each.kind in KINDS)
    return tuple(Step(each.id, each.kind, names.get(each.by, "Somebody"), each.at, told) for each, told in read if told)


def shown(
    visit: Visit, reference: str, category: Category, report: Report | None, every: Sequence[Step]
) -> dict[str, Any]:
    """What the case page shows around the story."""
    programme, today = visit.office.programme, times.date_of(visit.now, visit.office.programme.timezone)
    open_ = visit.office.store.read(lambda tx: referrals.every(tx, reference))
    area = report.area if report else ""
    place = programme.area(area)
    return {
        "category": category, "categories": (*programme.categories, programme.human),
        "passed": tuple(_passed(each, every) for each in open_), "bodies": BODIES, "step_states": STATES,
        "mandated": programme.mandated if category.path in ("misconduct", "sea") else None,
        "may_share": bool(report and report.consent("refer")), "today": today,
        "threat": category.path == "threat", "measures": _of(every, plans.ENTRY),
        "child": category.path == "child", "child_help": programme.help_about("child", today, area),
        "between": next(iter(_of(every, BETWEEN)), None), "resolution": next(iter(_of(every, RESOLUTION)[::-1]), None),
        "helped": HELPED.get(next((str(each.told.get("helped")) for each in _of(every, SATISFACTION)[::-1]), "")),
        "area": place.label.in_("en") if place else "", "help": _help(visit, area),
    }  # fmt: skip


def _of(every: Sequence[Step], kind: str) -> tuple[Step, ...]:
    return tuple(each for each in every if each.kind == kind)


def _passed(referral: Referral, every: Sequence[Step]) -> Passed:
    mine = tuple(each for each in _of(every, referrals.ENTRY) if each.told.get("referral") == referral.id)
    first = mine[0].told if mine else {}
    return Passed(referral, str(first.get("name", "(changed or damaged)")), bool(first.get("shared")), mine)


def _help(visit: Visit, area: str) -> tuple[Help, ...]:
    programme = visit.office.programme
    needs = {each.key: each for each in programme.needs}
    found = programme.help(times.date_of(visit.now, programme.timezone), area)
    return tuple(
        Help(each, needs[each.need].label.in_("en"), needs[each.need].about)
        if each.need in needs
        else Help(each, "", "")
        for each in found
    )


def body_of(key: str) -> passing.Body | None:
    """The kind of body a form names."""
    return next((each for each in passing.BODIES if each == key), None)

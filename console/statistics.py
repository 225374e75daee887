"""Figures of the last twelve whole months, for the members of the desk of statistics only (R66, R143)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import Response

from actions.programme import Programme
from console import coverage, suppressing
from console.visit import FIGURES, NotHere, Visit
from store import audit, tallies
from store.db import Tx
from store.tallies import Tally

_MONTHS = 12
_STATES = {"filed": "not opened yet", "read": "waits for an answer", "answered": "answered", "closed": "closed"}
_WHAT = {
    "gbv": "Talks that turned to violence, by area (nothing else is kept of them)",
    "area": "Reports by area", "age": "Age", "sex": "Sex", "disability": "Disability",
    "corrected": "Categories that staff corrected",
    "understood": "What the first words of a report were taken for, and what it was filed under",
    "misunderstood": "What the first words of a report were taken for, and what staff say it is about",
    "helped": "Whether what came of it was all right for people",
}  # fmt: skip
_BY_AREA = ("gbv", coverage.AREA)
_NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: what it is, a cell a column, what they come to; `unusual` are columns to look into."""

    label: str
    cells: tuple[str, ...]
    total: str
    unusual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `not_stated` is the share of those who did not say, where one could."""

    title: str
    lines: tuple[Line, ...]
    not_stated: str = ""


def show(visit: Visit) -> Response:
    """GET /figures; for everybody else there is no such page, and the knock at its door is in the audit."""
    if FIGURES not in visit.ring.desks:
        visit.office.store.do(lambda tx: audit.note(tx, visit.now, visit.member.id, "refused", "figures"))
        raise NotHere
    months = whole_months(visit.now)

    def look(tx: Tx) -> tuple[dict[tuple[str, str], int], list[Tally]]:
        audit.note(tx, visit.now, visit.member.id, "looked at the figures", "")
        return tallies.filed(tx, _begin(months[0]), _begin(tallies.month(visit.now))), tallies.of(tx, months)

    filed, counted = visit.office.store.do(look)
    return visit.page(
        "figures.html", months=months, states=tuple(_STATES.values()),
        desks=[_desk(visit.office.programme, each.key, filed) for each in visit.office.programme.desks],
        tables=tables(counted, months, visit.office.programme),
        reached=coverage.reached(counted, visit.office.programme),
    )  # fmt: skip


def whole_months(now: int) -> tuple[str, ...]:
    """The last twelve months that are over, the oldest first; one that still runs would show each person who comes."""
    year, month = (int(each) for each in tallies.month(now).split("-"))
    number = year * 12 + month - 1
    return tuple(f"{each // 12:04}-{each % 12 + 1:02}" for each in range(number - _MONTHS, number))


def tables(counted: Sequence[Tally], months: Sequence[str], programme: Programme) -> tuple[Table, ...]:
    """A table for each thing that is counted; a line that would show no number says nothing and is left out.

    Areas are all there: whether one of them is in the list tells nothing.
    """
    areas = (*(each.key for each in programme.areas), coverage.NOWHERE)
    found: dict[str, dict[str, dict[str, int]]] = {what: {each: {} for each in areas} for what in _BY_AREA}
    for each in counted:
        found.setdefault(each.what, {}).setdefault(each.value, {})[each.month] = each.n
    made = (_table(what, values, months, programme) for what, values in found.items())
    return tuple(each for each in made if each.lines)


def _table(
    what: str, values: Mapping[str, Mapping[str, int]], months: Sequence[str], programme: Programme
) -> Table:  # fmt: skip
    rows = {value: [by_month.get(each, 0) for each in months] for value, by_month in values.items()}
    kept = {value: row for value, row in rows.items() if what in _BY_AREA or max(row) >= suppressing.FEW}
    lines = [
        Line(
            _label(what, value, programme),
            tuple(map(suppressing.cell, row)),
            suppressing.total(row),
            coverage.unusual(values[value], months) if what == coverage.AREA else (),
        )
        for value, row in sorted(kept.items())
    ]
    silent, others = rows.get(_NOT_STATED), [row for value, row in rows.items() if value != _NOT_STATED]
    return Table(_WHAT.get(what, _plain(what)), tuple(lines), suppressing.share(silent, others) if silent else "")


def _desk(programme: Programme, key: str, filed: Mapping[tuple[str, str], int]) -> Line:
    counts = [filed.get((key, state), 0) for state in _STATES]
    desk = programme.desk(key)
    return Line(
        desk.label.in_("en") if desk else key, tuple(map(suppressing.cell, counts)), suppressing.total(counts)
    )  # fmt: skip


def _label(what: str, value: str, programme: Programme) -> str:
    if what in _BY_AREA:
        area = programme.area(value)
        return area.label.in_("en") if area else "Area not known" if value == "-" else value
    return " → ".join(_plain(_category(programme, each)) for each in value.split(">"))


def _category(programme: Programme, key: str) -> str:
    return next((each.label.in_("en") for each in programme.categories if each.key == key), key)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _begin(month: str) -> int:
    return int(datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC).timestamp())

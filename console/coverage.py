"""Whom we reach: reports by area and from people with a disability beside what was expected, and unusual months.

Worked out from the numbers that may be shown and from nothing else, so it cannot tell of those that may not (R49, R60).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from actions.programme import Programme
from console.suppressing import FEW
from store.tallies import Tally

AREA, NOWHERE = "area", "-"
# So many times the usual number of a month is unusual; usual is the middle of at least so many months before it.
_UNUSUAL, _MONTHS_BEFORE = 3, 2


@dataclass(frozen=True, slots=True)
class Reach:
    """One group of people: its share of the reports that count, what was expected (percent), what follows."""

    label: str
    share: str
    expected: str
    said: str


def reached(counted: Sequence[Tally], programme: Programme) -> tuple[Reach, ...]:
    """Each area, and people with a disability where a share is expected of them."""
    areas, stated = _shown(counted, AREA), _shown(counted, "disability")
    every = sum(areas.values())
    lines = [
        _reach(each.label.in_("en"), areas.get(each.key, 0), every, each.share)
        for each in programme.areas
    ]  # fmt: skip
    if programme.disability:
        said = sum(stated.get(each, 0) for each in ("yes", "no"))
        lines.append(_reach("People with a disability", stated.get("yes", 0), said, programme.disability))
    return tuple(lines)


def _reach(label: str, mine: int, every: int, expected: int) -> Reach:
    if not mine:
        said = "Hardly anybody reaches us from here." if expected else ""
        return Reach(label, "too few to show", f"{expected} %" if expected else "", said)
    share = round(100 * mine / every)
    said = "Fewer than half of what was expected." if share * 2 < expected else ""
    return Reach(label, f"about {share} %", f"{expected} %" if expected else "", said)


def _shown(counted: Sequence[Tally], what: str) -> dict[str, int]:
    """What the numbers of all months come to that may be shown."""
    found: dict[str, int] = {}
    for each in counted:
        if each.what == what and each.n >= FEW:
            found[each.value] = found.get(each.value, 0) + each.n
    return found


def unusual(by_month: Mapping[str, int], months: Sequence[str]) -> tuple[str, ...]:
    """The months in which three times as many came as is usual; a number that is not shown counts as the least one."""
    row = [max(by_month.get(each, 0), FEW) for each in months]
    return tuple(
        each
        for n, each in enumerate(months)
        if n >= _MONTHS_BEFORE and row[n] >= _UNUSUAL * median(row[:n])
    )  # fmt: skip

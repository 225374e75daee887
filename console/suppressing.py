"""Numbers of people as they may be shown: none below five, and nothing by which one of those could be found out."""

from __future__ import annotations

from collections.abc import Sequence

FEW = 5
HIDDEN = "<5"


def cell(count: int) -> str:
    """One number, nought among the small ones: that there was nobody tells something as well."""
    return str(count) if count >= FEW else HIDDEN


def total(counts: Sequence[int]) -> str:
    """What numbers come to, from those that are shown and from nothing else: it cannot tell of the others."""
    seen = [each for each in counts if each >= FEW]
    if len(seen) == len(counts):
        return str(sum(seen))
    return f"{sum(seen)} or more" if seen else "too few to show"


def share(part: Sequence[int], others: Sequence[Sequence[int]]) -> str:
    """How large the part is at most, month for month beside the others, again from what is shown alone."""
    months = [n for n, each in enumerate(part) if each >= FEW]
    mine = sum(part[n] for n in months)
    every = mine + sum(other[n] for other in others for n in months if other[n] >= FEW)
    return f"at most {-(-100 * mine // every)} %" if mine else "too few to show"

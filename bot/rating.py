"""What a person says of how their case ended: once each time, sealed for the case, and one more in a count (R26)."""

from __future__ import annotations

import json

from actions.talk import Rate
from store import cases, tallies
from store.db import Tx

KIND = "satisfaction"
_PERSON = "person"


def keep(tx: Tx, rate: Rate, address: str, now: int) -> None:
    """Keep it, if the case is closed and belongs to whoever says it, and it was not said since it ended."""
    case = cases.get(tx, rate.case, hold=True)
    if case is None or case.state != "closed" or not (rate.proved or case.address == address):
        return
    ended = case.closed_at or 0
    if any(each.at >= ended - ended % cases.DAY for each in cases.entries_of(tx, case.reference, [KIND])):
        return
    at = cases.coarse(case, now)
    cases.add(tx, case, KIND, _PERSON, json.dumps({"helped": rate.value}).encode(), at)
    tallies.count(tx, "helped", rate.value, at)

"""What staff have to verify, on top of the list of cases: services that people are not shown any more, and numbers."""

from __future__ import annotations

from starlette.responses import Response

from console.visit import Visit, go
from store import tasks
from store.db import Tx
from store.tasks import Task


def shown(tx: Tx, visit: Visit) -> dict[str, list[Task]]:
    """Kind -> what is to be done; a service that the programme knows as verified is not asked for any more."""
    kinds = tasks.open_(tx)
    known = {each.key for each in visit.office.programme.services}
    return {
        "numbers": [each for each in kinds if each.kind == tasks.NUMBERS],
        "services": [each for each in kinds if each.kind == tasks.VERIFY and each.key in known],
    }


def done(visit: Visit) -> Response:
    """POST /tasks/numbers/{month}."""
    month = visit.path("month")
    visit.office.store.do(lambda tx: tasks.done(tx, tasks.NUMBERS, month, visit.member.id, visit.now))
    return go("/?said=numbers")

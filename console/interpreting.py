"""Whether a case needs an interpreter: nobody at its desk reads its language (R61)."""

from __future__ import annotations

from console.reports import Report
from console.visit import Visit
from store import staff
from store.cases import Case


def needed(visit: Visit, case: Case, report: Report | None) -> str:
    """Which language is to be interpreted, and by whom if the person said so; nothing where somebody reads it."""
    if report is None:
        return ""
    members = visit.office.store.read(lambda tx: staff.members_of(tx, case.desk))
    read = [each.languages for each in members]
    # Whoever was told that an interpreter is needed waits for one until somebody says that they read it.
    told = bool(report.interpreter) and not any(report.code in each for each in read)
    if not told and not staff.unread(report.code, read):
        return ""
    return ", ".join(each for each in (report.language, report.interpreter.lower()) if each)

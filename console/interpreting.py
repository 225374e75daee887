"""Whether a case needs an interpreter, and which members could interpret a passage of it (R61)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.flows.parts import HANDLERS
from actions.talk import Handler
from console import beside
from console.reports import Report
from console.visit import Visit
from store import casekeys, relays, staff
from store.cases import Case
from store.db import Tx
from store.relays import Relay
from store.staff import Member


@dataclass(frozen=True, slots=True)
class Waiting:
    """A passage that somebody has not interpreted yet."""

    id: str
    who: str
    at: int
    promised: bool


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


def wanted(visit: Visit, case: Case, report: Report) -> Handler:
    """Whether a woman or a man is to interpret: what the person said of that, else of whoever deals with them."""
    said = {text.msgid: key for key, text in HANDLERS.items()}
    if report.interpreter in said:
        return said[report.interpreter]
    desk = visit.office.programme.desk(case.desk)
    return "woman" if desk and desk.women else case.handler


def offered(tx: Tx, visit: Visit, case: Case, report: Report) -> list[Member]:
    """Whom a passage can be handed to, of whatever desk; a liaison gets nothing of a sensitive one (R62)."""
    asked_for, sensitive = wanted(visit, case, report), beside.sensitive(visit, case)
    not_them = casekeys.shut_for(tx, case.reference) | {visit.member.id}
    return [
        each for each in staff.every(tx)
        if each.active and report.code in each.languages and each.id not in not_them
        and asked_for in ("either", each.gender) and not (each.liaison and sensitive)
    ]  # fmt: skip


def values(visit: Visit, case: Case, report: Report | None, names: Mapping[str, str]) -> dict[str, Any]:
    """What the case page needs to hand a passage to an interpreter."""

    def look(tx: Tx) -> tuple[list[Member], list[Relay]]:
        return offered(tx, visit, case, report) if report else [], relays.of_case(tx, case.reference)

    interpreters, every = visit.office.store.read(look)
    waiting = [Waiting(each.id, names.get(each.to, "Somebody"), each.at, each.promised) for each in every]
    asked_for = wanted(visit, case, report) if report else "either"
    return {"interpreters": interpreters, "relays": waiting, "interprets": asked_for}

"""One case, opened for one request with the member's own key; every look is in the audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from starlette.responses import Response

from actions.programme import Category
from console import around, attachments, beside, damaged, interpreting, liaisons, readers, reports, times, wording
from console.attachments import FILES, Attachment, Handled
from console.reports import Report
from console.visit import NotHere, Refused, Visit
from store import audit, cases, staff
from store.cases import Case, Entry
from store.db import Tx
from store.opening import Opened
from store.places import Unopenable

T = TypeVar("T")
LONGEST = 3500
_SAID = {
    "answered": "Your answer is on its way to the person.",
    "left": "Your answer is kept for the person: they read it when they come with their code.",
    "noted": "The note is kept.",
    "closed": "The case is closed.",
    "given": "The case belongs to this desk now.",
    "shut": "The case is shut to your colleague: for them it is as if there were no such case.",
    "held": "The case is kept from being erased.",
    "released": "The hold is ended.",
    "reopened": "The case is open again.",
    "erasing": "A second member has to agree before the case is erased.",
    "kept": "The case is not erased.",
    "asked": "A second member has to allow it.",
    "revealed": "You can see it now. The person is told that somebody has looked.",
    "allowed": "Whoever asked can see it now. The person is told.",
    "refused": "It stays closed.",
    "corrected": "The category is corrected.",
    "question": "Your question is on its way to the person. The case waits for your answer as before.",
    "question_left": "Your question is kept for the person: they read it when they come with their code.",
    "passed": "It is noted that the case was passed on. The person gets a letter, or sees it with their code.",
    "moved": "It is noted how it stands. The person gets a letter, or sees it with their code.",
    "back": "The case begins anew here, with new dates. The person is told.",
    "informed": "Whoever told us is told that we have followed up, and nothing else.",
    "waived": "It is noted why whoever told us is not informed.",
    "relayed": "The passage waits for the interpreter. What they write of it appears in the conversation.",
    "taken_back": "The passage does not wait for the interpreter any more.",
    "planned": "The measure is kept, and the person can read it.",
    "reviewed": "It is noted that you have looked at the plan.",
}
# Shown by themselves, or not without leave.
_APART = ("report", *beside.KINDS, *around.KINDS)


@dataclass(frozen=True, slots=True)
class Line:
    """One opened entry: its words or its file, or neither when the member's key does not open it."""

    id: str
    kind: str
    who: str
    at: int
    words: str
    file: Attachment | None
    opened: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """A case as it is in the store, with the names of staff."""

    case: Case
    opened: Opened
    entries: tuple[Entry, ...]
    names: dict[str, str]
    custody: dict[str, tuple[Handled, ...]]

    @property
    def mark(self) -> str:
        """Changes when anything was added."""
        return sha256("".join((self.case.state, *(each.id for each in self.entries))).encode()).hexdigest()[:16]

    @property
    def first(self) -> str:
        """The id of the entry that is the report."""
        return next((each.id for each in self.entries if each.kind == "report"), "report")

    @property
    def answered(self) -> bool:
        """Whether the person has an answer of ours."""
        return any(each.kind == "answer" for each in self.entries)


def work_on(visit: Visit, unit: Callable[[Tx, Case], T]) -> T:
    """Run a unit on the case in the address; one that is not theirs is not here, and the knock is in the audit."""
    reference, part = visit.path("reference"), ["key"]

    def whole(tx: Tx) -> tuple[T] | None:
        # Held, so that its address is called anew before this or after it, never while a letter is posted there.
        case = cases.get(tx, reference, hold=True)
        if case is None:
            return None
        if liaisons.may(tx, visit, case):
            # From here on nothing but the head is opened within a unit.
            part[0] = "head"
            return (unit(tx, case),)
        audit.note(tx, visit.now, visit.member.id, "refused", reference)
        return None

    try:
        done = visit.office.store.do(whole)
    except Unopenable:
        raise Refused(damaged.told(visit, [f"{reference}/{part[0]}"])) from None
    if done is None:
        raise NotHere
    return done[0]


def show(visit: Visit) -> Response:
    """GET /cases/{reference}."""
    return page(visit, said=_SAID.get(visit.asked("said"), ""))


def page(visit: Visit, status: int = 200, **values: Any) -> Response:
    """The case page; a refused form comes back with what was typed."""
    form = {"said": "", "problem": "", "text": "", "promises": [], "form_id": "", "reason": "", "note": "", "at": "",
            "typed": {}}  # fmt: skip
    looked = _look(visit)
    opened, more = _opened(visit, looked), beside.shown(visit, looked.opened, looked.entries, looked.names)
    more |= readers.values(visit, looked.case)
    more |= interpreting.values(visit, looked.case, opened["report"], looked.names)
    return visit.page("case.html", status, **{**form, **opened, **more, **values})


def poll(visit: Visit) -> Response:
    """GET /cases/{reference}/thread: the conversation again if something was added."""
    try:
        known = visit.office.store.read(lambda tx: _seen(tx, visit))
    except Unopenable:
        known = None
    if known is not None and visit.asked("seen") == known.mark:
        return Response(status_code=204)
    return visit.fragment("thread.html", **_opened(visit, _look(visit)))


def _seen(tx: Tx, visit: Visit) -> Looked | None:
    case = cases.get(tx, visit.path("reference"))
    return _known(tx, visit, case) if case is not None and liaisons.may(tx, visit, case) else None


def _known(tx: Tx, visit: Visit, case: Case) -> Looked | None:
    opened = visit.ring.case(tx, case)
    if opened is None:
        return None
    names = {each.id: each.name for each in staff.every(tx)}
    entries = tuple(cases.entries_of(tx, case.reference))
    return Looked(case, opened, entries, names, _custody(tx, case.reference, entries, names))


def _custody(tx: Tx, case: str, entries: Sequence[Entry], names: dict[str, str]) -> dict[str, tuple[Handled, ...]]:
    """Entry -> who had that file in hand, oldest first."""
    ids = {attachments.about(case, each.id): each.id for each in entries if each.kind in FILES}
    found = audit.about(tx, tuple(ids)) if ids else {}
    return {
        ids[about]: tuple(Handled(row.at, names.get(row.who, "Somebody"), row.act) for row in rows)
        for about, rows in found.items()
    }


def _look(visit: Visit) -> Looked:
    def look(tx: Tx, case: Case) -> Looked | None:
        cases.read_by_staff(tx, case.reference, visit.now)
        audit.note(tx, visit.now, visit.member.id, "opened", case.reference)
        return _known(tx, visit, cases.get(tx, case.reference) or case)

    looked = work_on(visit, look)
    if looked is None:
        raise NotHere
    return looked


def _opened(visit: Visit, looked: Looked) -> dict[str, Any]:
    case = looked.case
    lines = [_line(looked, each) for each in looked.entries if each.kind not in _APART]
    told = [each for each in lines if each.file and each.at == case.filed]
    programme, report = visit.office.programme, _report(visit, looked.opened, looked.entries)
    head = reports.head_of(looked.opened, programme)
    category = head.category if head else programme.category(report.category if report else None)
    every = around.steps(looked.opened, looked.entries, looked.names)
    broken = [f"{case.reference}/{each.id}" for each in lines if not each.opened]
    broken += [] if report else [f"{case.reference}/{looked.first}"]
    broken += [] if head else [f"{case.reference}/head"]
    known = {each.id for each in every}
    broken += [f"{case.reference}/{e.id}" for e in looked.entries if e.kind in around.KINDS and e.id not in known]
    return around.shown(visit, case.reference, category, report, every) | {
        "wording": wording, "interpreter": interpreting.needed(visit, case, report), "head": head,
        "case": case, "report": report, "damaged": damaged.told(visit, broken), "told_files": told, "mark": looked.mark,
        "thread": sorted((each for each in lines if each not in told), key=lambda each: each.at),
        "left": times.left(case, visit.now), "longest": LONGEST, "answered": looked.answered,
    }  # fmt: skip


def report_of(visit: Visit) -> Report | None:
    """The report of the case in the address, or None where it was changed or damaged."""

    def look(tx: Tx, case: Case) -> tuple[Opened | None, list[Entry]]:
        return visit.ring.case(tx, case), cases.entries_of(tx, case.reference, ["report"])

    opened, sealed = work_on(visit, look)
    return _report(visit, opened, sealed) if opened else None


def _report(visit: Visit, opened: Opened, entries: Sequence[Entry]) -> Report | None:
    sealed = [each for each in entries if each.kind == "report"]
    try:
        plain = opened.entry(sealed[0])
    except (Unopenable, IndexError):
        return None
    return reports.read(plain, visit.office.programme)


def category_of(tx: Tx, visit: Visit, case: Case) -> Category:
    """What a case is about, within a unit; `Unopenable` where its head was changed or damaged."""
    opened = visit.ring.case(tx, case)
    if opened is None:
        raise NotHere
    return reports.head(opened.head(), visit.office.programme).category


def _line(looked: Looked, entry: Entry) -> Line:
    who = looked.names.get(entry.by, "The person" if entry.by == "person" else "Somebody")
    try:
        plain = looked.opened.entry(entry)
        file = attachments.read(plain, looked.custody.get(entry.id, ())) if entry.kind in FILES else None
    except Unopenable:
        return Line(entry.id, entry.kind, who, entry.at, "", None, opened=False)
    if file:
        return Line(entry.id, entry.kind, who, entry.at, "", file, opened=True)
    return Line(entry.id, entry.kind, who, entry.at, plain.decode(), None, opened=True)

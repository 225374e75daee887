"""Questions that are like one that was answered: the same answer for all of them, and a line for the FAQ (R22)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from starlette.responses import Response

from console import liaisons, promises, replies, reports
from console.case import category_of, work_on
from console.reports import Report
from console.visit import Visit, go
from store import audit, cases
from store.cases import Case, Listed
from store.db import Tx
from store.opening import Opened
from store.places import Unopenable

# Heads that are looked at, and reports that are opened.
_MOST, _OPENED = 500, 50
_ALIKE, _OFTEN = 0.6, 3
_PATH = "question"


@dataclass(frozen=True, slots=True)
class Question:
    """An open question that is like the one that was answered."""

    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class _Answered:
    """The question that was answered, with the newest answer to it."""

    words: str
    answer: str
    language: str


def overlap(one: str, other: str) -> float:
    """Which part of their words two questions share."""
    here, there = _words(one), _words(other)
    return len(here & there) / max(len(here), len(there)) if here and there else 0.0


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def show(visit: Visit) -> Response:
    """GET /cases/{reference}/alike."""
    reference, said = visit.path("reference"), visit.asked("said")
    answered = _answered(visit)
    found = _like(visit, answered.words) if answered else []
    if answered is None or not found:
        return go(f"/cases/{reference}?said={said}" if said else f"/cases/{reference}")
    often = len(found) + 1 >= _OFTEN
    return visit.page(
        "alike.html", reference=reference, answered=answered, found=found,
        snippet=_snippet(visit.office.programme.languages, answered) if often else "",
    )  # fmt: skip


def answer(visit: Visit) -> Response:
    """POST /cases/{reference}/alike: answer those that were ticked, each once."""
    form, answered = visit.form_id(), _answered(visit)
    ticked = [name.removeprefix("too-") for name in visit.form if name.startswith("too-")]
    if answered is not None:
        for each in ticked[:_OPENED]:
            id_ = sha256(f"{form}/{each}".encode()).hexdigest()[:24]
            visit.office.store.do(partial(_answer, visit=visit, reference=each, answered=answered, id_=id_))
    return go(f"/cases/{visit.path('reference')}?said=answered")


def _answer(tx: Tx, visit: Visit, reference: str, answered: _Answered, id_: str) -> None:
    case = cases.get(tx, reference, hold=True)
    if case is None or case.state not in ("filed", "read") or not liaisons.may(tx, visit, case):
        return
    if category_of(tx, visit, case).path != _PATH:
        return
    cases.read_by_staff(tx, reference, visit.now)
    replies.answer(tx, visit, case, answered.answer, id_)
    if promises.found(answered.answer):
        replies.excuse(tx, visit, case, f"the same answer was sent to {visit.path('reference')}.")


# --- what is like it --------------------------------------------------------------------------------------------------


def _answered(visit: Visit) -> _Answered | None:
    """None where the case is no question, or has no answer, or cannot be opened."""

    def look(tx: Tx, case: Case) -> tuple[Opened | None, list[cases.Entry]]:
        audit.note(tx, visit.now, visit.member.id, "looked for questions like it", case.reference)
        return visit.ring.case(tx, case), cases.entries_of(tx, case.reference, ["report", "answer"])

    opened, entries = work_on(visit, look)
    answers = [each for each in entries if each.kind == "answer"]
    report = _question(visit, opened, entries)
    if opened is None or report is None or not answers:
        return None
    try:
        head = reports.head(opened.head(), visit.office.programme)
        return _Answered(_told(report), opened.entry(answers[-1]).decode(), head.code)
    except Unopenable:
        return None


def _like(visit: Visit, words: str) -> list[Question]:
    """Open questions that this member may read and that share most of these words; each look is in the audit."""
    listed, _ = visit.office.store.read(lambda tx: cases.listed(tx, visit.access, 0, _MOST))
    waiting = [each for each in listed if each.case.state in ("filed", "read") and _is_question(visit, each)]
    told = [(each.case.reference, _words_of(visit, each)) for each in waiting[:_OPENED]]
    here = visit.path("reference")
    found = [Question(ref, said) for ref, said in told if ref != here and overlap(words, said) >= _ALIKE]

    def keep(tx: Tx) -> None:
        for each in found:
            audit.note(tx, visit.now, visit.member.id, "opened", each.reference)

    visit.office.store.do(keep)
    return found


def _is_question(visit: Visit, listed: Listed) -> bool:
    try:
        opened = visit.ring.unwrap(listed.case, listed.holder, listed.sealed)
    except Unopenable:
        return False
    head = reports.head_of(opened, visit.office.programme)
    return head is not None and head.category.path == _PATH and liaisons.deals(visit.member, head)


def _words_of(visit: Visit, listed: Listed) -> str:
    opened = visit.ring.unwrap(listed.case, listed.holder, listed.sealed)
    entries = visit.office.store.read(lambda tx: cases.entries_of(tx, listed.case.reference, ["report"]))
    report = _question(visit, opened, entries)
    return _told(report) if report else ""


def _question(visit: Visit, opened: Opened | None, entries: Sequence[cases.Entry]) -> Report | None:
    sealed = [each for each in entries if each.kind == "report"]
    if opened is None or not sealed:
        return None
    try:
        if reports.head(opened.head(), visit.office.programme).category.path != _PATH:
            return None
        return reports.read(opened.entry(sealed[0]), visit.office.programme)
    except Unopenable:
        return None


def _told(report: Report) -> str:
    """What was asked: the longest answer."""
    return max((each.value for each in report.answers), key=len, default="")


def _snippet(languages: Sequence[str], answered: _Answered) -> str:
    """A table for programme/faq.toml; what is not written yet is refused at the start until somebody writes it."""
    lines = ["[faq.new_question]"]
    for name, words in (("question", answered.words), ("answer", answered.answer)):
        # A JSON string is a basic string of TOML 1.0.
        lines += [f"{name}.{each} = {_quoted(words if each == answered.language else '')}" for each in languages]
    return "\n".join(lines)


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)

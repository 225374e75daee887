"""Answers, and what becomes of them: a report filed, a person called, something added to a case."""

from __future__ import annotations

from dataclasses import replace

from actions import sentences as say
from actions.asking import ask, let_go, menu, onward, then
from actions.case import changed, handed
from actions.flow import plain
from actions.flows import COMPLAINT, HUMAN
from actions.flows.complaint import APART, handler, mode
from actions.programme import Category
from actions.routing import desk_for, lacks_a_woman
from actions.talk import DRAFT, Append, FileCase, Given, Picked, Report, Skipped, Talk, Told, Turn, Undue
from actions.words import Wording


def send(talk: Talk, given: Given) -> Turn:
    """Send the report; who asked for a woman where none works is asked first, and never given to a man unasked."""
    desk = _desk(talk, given)
    if lacks_a_woman(desk, handler(talk), given) and talk.waits != desk:
        return ask(talk, "complaint.sending", given)
    return file(talk, given)


def who_then(talk: Talk, option: str, given: Given) -> Turn:
    """Wait for a woman, or not; from the review card that sends the report, before it only goes on with it."""
    sending = talk.asked == "complaint.sending"
    match option:
        case "wait":
            waiting = replace(talk, waits=_desk(talk, given))
            return file(waiting, given) if sending else onward(waiting, given)
        case "anyone":
            anyone = talk.with_answer("complaint.handler", Picked("either"))
            return file(anyone, given) if sending else onward(anyone, given)
        case _:
            return onward(talk, given) if sending else ask(talk, "complaint.handler", given)


def file(talk: Talk, given: Given) -> Turn:
    """The report is filed whole, the draft is gone, and the receipt says what comes next."""
    report = _report(talk, given)
    category = given.programme.category(report.category)
    dates = say.DATES.with_(first_look=report.first_look_by, answer=report.answer_by)
    waits = (say.WAITS,) if lacks_a_woman(report.desk, report.handler, given) else ()
    come_back = say.COME_BACK.with_(first_look=report.first_look_by)
    how = come_back if report.mode == "anonymous" else say.ANSWER_HERE
    done = replace(talk.without(COMPLAINT.key), files=(), flow="")
    cannot = say.CANNOT.with_(limits=category.limits)
    return then(
        let_go(ask(done, "kept", given, dates, *waits, cannot, how, say.NOTHING_EXPECTED)),
        FileCase(report),
        Undue(DRAFT),
        *handed(given, say.RECEIVED.with_(reference=given.receipt.reference), say.YOUR_CODE),
    )


def _report(talk: Talk, given: Given) -> Report:
    """What is filed: whom the person is, and who shall deal with it, stand beside the answers and not among them."""
    category = _category(talk, given)
    name = talk.answer("complaint.name")
    return Report(
        COMPLAINT.key, category.key, _desk(talk, given), talk.language, _answers(talk), talk.files, mode(talk),
        human=False, first_look_by=given.after(category.first_look_days), answer_by=given.after(category.answer_days),
        handler=handler(talk), name=plain(name) if name else "", evidence=talk.evidence,
        keep_days=category.keep_days,
    )  # fmt: skip


def _answers(talk: Talk) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.key, plain(answer))
        for each in COMPLAINT.asked_of(talk)
        if each.key not in APART and (answer := talk.answer(COMPLAINT.name(each))) is not None
    )


def _category(talk: Talk, given: Given) -> Category:
    answer = talk.answer("complaint.category")
    return given.programme.category(plain(answer) if answer else None)


def _desk(talk: Talk, given: Given) -> str:
    return desk_for(_category(talk, given), handler(talk), given.programme)


def _call(talk: Talk, about: str, given: Given, *before: Wording) -> Turn:
    """A person was asked for: that is a case of its own, on top of everybody's list."""
    human = given.programme.human
    files = () if talk.began(COMPLAINT.key) else talk.files
    report = Report(
        HUMAN.key, human.key, human.desk, talk.language, (("about", about),), files, "confidential", human=True,
        first_look_by=given.after(human.first_look_days), answer_by=given.after(human.answer_days),
        keep_days=human.keep_days,
    )  # fmt: skip
    called = replace(talk, call=given.receipt.reference, flow="", held="", files=talk.files[len(files) :])
    return then(
        ask(called, "done", given, *before, say.CALLED.with_(hours=given.programme.hours)),
        FileCase(report),
        *handed(given, say.CALL_CODE),
    )


def answered(talk: Talk, answer: Told | Picked | Skipped, given: Given, *before: Wording) -> Turn:
    """An answer to the question that was asked."""
    match talk.asked.partition(".")[0]:
        case COMPLAINT.key:
            return _complaint_answered(talk.with_answer(talk.asked, answer), given, *before)
        case HUMAN.key:
            return _call(talk, plain(answer), given, *before)
        case _:
            return _status_answered(talk, answer, given, *before)


def _complaint_answered(talk: Talk, given: Given, *before: Wording) -> Turn:
    known = talk.answer("complaint.category") is not None
    if talk.asked == "complaint.handler" and known and lacks_a_woman(_desk(talk, given), handler(talk), given):
        return ask(replace(talk, flow=COMPLAINT.key), "complaint.woman", given, *before)
    return onward(talk, given, *before)


def _status_answered(talk: Talk, answer: Told | Picked | Skipped, given: Given, *before: Wording) -> Turn:
    if talk.asked == "status.name" and talk.case:
        return changed(talk, "open", plain(answer), given, *before)
    if talk.asked != "status.add" or not isinstance(answer, Told):
        return menu(talk, given)
    return add(talk, Append(talk.case, answer.words), given, *before)


def add(talk: Talk, append: Append, given: Given, *before: Wording) -> Turn:
    """Add words or a file to a case, or say that it was closed meanwhile."""
    if not given.case_open:
        return menu(talk, given, *before, say.NOT_ADDED)
    return then(menu(talk, given, *before, say.ADDED), append)

"""Answers, and what becomes of them: a report filed, a person called, something added to a case."""

from __future__ import annotations

from dataclasses import replace

from actions import code
from actions import sentences as say
from actions.asking import ask, menu, onward, then
from actions.flow import plain
from actions.flows import COMPLAINT, HUMAN
from actions.talk import DRAFT, Append, FileCase, Given, Mode, Picked, Report, Say, Skipped, Talk, Told, Turn, Undue
from actions.words import Letter, Wording


def file(talk: Talk, given: Given) -> Turn:
    """Send the report: it is filed whole, the draft is gone, and the receipt says what comes next."""
    answers = tuple(
        (each.key, plain(answer))
        for each in COMPLAINT.questions
        if (answer := talk.answer(COMPLAINT.name(each))) is not None
    )
    category = given.programme.category(dict(answers).get("category"))
    anonymous = talk.answer("complaint.contact") != Picked("reachable")
    mode: Mode = "anonymous" if anonymous else "confidential"
    first_look, answer_by = given.after(category.first_look_days), given.after(category.answer_days)
    report = Report(
        COMPLAINT.key, category.key, category.desk, talk.language, answers, talk.files, mode,
        human=False, first_look_by=first_look, answer_by=answer_by, keep_days=category.keep_days,
    )  # fmt: skip
    dates = say.DATES.with_(first_look=first_look, answer=answer_by)
    how = say.COME_BACK.with_(first_look=first_look) if anonymous else say.ANSWER_HERE
    done = replace(talk.without(COMPLAINT.key), files=(), flow="")
    return then(
        ask(done, "done", given, dates, say.CANNOT.with_(limits=category.limits), how, say.NOTHING_EXPECTED),
        FileCase(report),
        Undue(DRAFT),
        *_code(given, say.RECEIVED.with_(reference=given.receipt.reference), say.YOUR_CODE),
    )


def _code(given: Given, *before: Wording) -> tuple[Say, Say]:
    """The code stands alone in a letter, so that it can be copied, forwarded or read out."""
    return Say(Letter(before)), Say(Letter((code.spoken(given.receipt.code),)))


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
        *_code(given, say.CALL_CODE),
    )


def answered(talk: Talk, answer: Told | Picked | Skipped, given: Given, *before: Wording) -> Turn:
    """An answer to the question that was asked."""
    match talk.asked.partition(".")[0]:
        case COMPLAINT.key:
            return onward(talk.with_answer(talk.asked, answer), given, *before)
        case HUMAN.key:
            return _call(talk, plain(answer), given, *before)
        case _:
            return _status_answered(talk, answer, given, *before)


def _status_answered(talk: Talk, answer: Told | Picked | Skipped, given: Given, *before: Wording) -> Turn:
    if talk.asked != "status.add" or not isinstance(answer, Told):
        return menu(talk, given)
    return add(talk, Append(talk.case, answer.words), given, *before)


def add(talk: Talk, append: Append, given: Given, *before: Wording) -> Turn:
    """Add words or a file to a case, or say that it was closed meanwhile."""
    if not given.case_open:
        return menu(talk, given, *before, say.NOT_ADDED)
    return then(menu(talk, given, *before, say.ADDED), append)

"""Answers, and what becomes of them: a report filed, a person called, something added to a case."""

from __future__ import annotations

from dataclasses import replace

from actions import consent
from actions import sentences as say
from actions.asking import ask, let_go, menu, onward, then
from actions.case import changed, handed
from actions.counting import counted
from actions.flow import Question, plain, shown
from actions.flows import CALL, COMPLAINT, FLOWS, HELP, HUMAN, YOU
from actions.flows.parts import APART, VIOLENCE, handler, mode, party, terms
from actions.helping import helped, violence
from actions.programme import Category, Programme
from actions.reporting import turn_to
from actions.routing import desk_for, lacks_a_woman, unread
from actions.talk import (
    DRAFT,
    REMINDER,
    Append,
    Consent,
    Effect,
    FileCase,
    Given,
    Handler,
    Picked,
    Reach,
    Report,
    Skipped,
    Talk,
    Terms,
    Told,
    Turn,
    Undue,
)
from actions.words import Text, Wording

_EVIDENCE = consent.EVIDENCE.answered(given=True)


def send(talk: Talk, given: Given) -> Turn:
    """Send the report; who asked for a woman where none works is asked first, and never given to a man unasked."""
    desk = _desk(talk, given)
    if lacks_a_woman(desk, handler(talk), given) and talk.waits != desk:
        return ask(talk, f"{talk.draft}.sending", given)
    return file(talk, given)


def who_then(talk: Talk, option: str, given: Given) -> Turn:
    """Wait for a woman, or not; from the review card that sends the report, before it only goes on with it."""
    sending = talk.step == "sending"
    match option:
        case "wait":
            waiting = replace(talk, waits=_desk(talk, given))
            return file(waiting, given) if sending else onward(waiting, given)
        case "anyone":
            anyone = talk.with_answer(f"{talk.draft}.handler", Picked("either"))
            return file(anyone, given) if sending else onward(anyone, given)
        case _:
            return onward(talk, given) if sending else ask(talk, f"{talk.draft}.handler", given)


def file(talk: Talk, given: Given) -> Turn:
    """The report is filed whole, the draft is gone, and the receipt says what comes next."""
    flow, report = FLOWS[talk.draft], report_of(talk, given)
    category = given.programme.category(report.category)
    desk = given.programme.desk(report.desk)
    read_by = (say.READ_BY.with_(desk=desk.label),) if desk else ()
    dates = say.DATES.with_(first_look=report.first_look_by, answer=report.answer_by)
    waits = (say.WAITS,) if lacks_a_woman(report.desk, report.handler, given) else ()
    foreign = unread(report.desk, report.language, given)
    cannot = say.CANNOT.with_(limits=category.limits)
    direct = consent.filled((say.DIRECT,), given.programme) if flow.key in ("misconduct", "sea") else ()
    wanted = "you" if flow.counted and not talk.counted else ""
    done = replace(talk.without(flow.key), files=(), flow="", terms=report.terms or talk.terms, reminded=False)
    return then(
        let_go(ask(replace(done, wanted=wanted), "kept", given, dates, *waits, *foreign, cannot, *direct,
                   *_how(report), *_hashes(report), say.NOTHING_EXPECTED)),
        FileCase(report),
        *_settled(report),
        *handed(given, say.RECEIVED.with_(reference=given.receipt.reference), *read_by, say.YOUR_CODE),
    )  # fmt: skip


def _settled(report: Report) -> tuple[Effect, ...]:
    """What goes with a draft that is filed; from now on the person is written to as they said."""
    reach = (Reach(report.terms),) if report.terms else ()
    return (*reach, Undue(DRAFT), Undue(REMINDER))


def _how(report: Report) -> tuple[Wording, ...]:
    """How the answer comes."""
    if report.mode == "anonymous":
        return (say.COME_BACK.with_(first_look=report.first_look_by),)
    return (say.ANSWER_HERE, *((say.TERMS_NOW[report.terms.write],) if report.terms else ()))


def _hashes(report: Report) -> tuple[Wording, ...]:
    """What proves later that a file is the one that was sent (R106)."""
    if not report.evidence:
        return ()
    return tuple(
        say.FILE_HASH.with_(number=str(n), hash=each.sha256) for n, each in enumerate(report.files, 1) if each.sha256
    )


def report_of(talk: Talk, given: Given, *, partial: bool = False) -> Report:
    """What is filed: whom the person is, and who shall deal with it, stand beside the answers and not among them."""
    flow, category = FLOWS[talk.draft], category_of(talk, given.programme)
    asked = {each.key for each in flow.asked_of(talk)}
    name = talk.answer(f"{flow.key}.name") if "name" in asked else None
    agreed = talk.picked("agreed")
    return Report(
        flow.key, category.key, _desk(talk, given), talk.language, _answers(talk), talk.files, mode(talk),
        human=False, first_look_by=given.after(category.first_look_days), answer_by=given.after(category.answer_days),
        handler=handler(talk), name=plain(name) if name else "", evidence=talk.evidence, keep_days=category.keep_days,
        area=talk.area, terms=terms(talk, flow.key) if mode(talk) != "anonymous" else None, consents=_consents(talk),
        party=party(talk), agreed="yes" if agreed == "yes" else "no" if agreed else "", partial=partial,
        understood=talk.understood,
    )  # fmt: skip


def _consents(talk: Talk) -> tuple[Consent, ...]:
    return (*talk.consents, *((_EVIDENCE,) if talk.evidence else ()))


def _answers(talk: Talk) -> tuple[tuple[str, str], ...]:
    flow = FLOWS[talk.draft]
    return tuple(
        (each.key, plain(answer))
        for each in flow.asked_of(talk)
        if each.key not in APART and (answer := talk.answer(flow.name(each))) is not None
    )


def category_of(talk: Talk, programme: Programme) -> Category:
    """What the draft is about."""
    flow = FLOWS[talk.draft]
    if flow.has("category"):
        return programme.category(talk.picked("category") or None)
    return next((each for each in programme.categories if each.path == flow.key), programme.listed[-1])


def _desk(talk: Talk, given: Given) -> str:
    return desk_for(category_of(talk, given.programme), handler(talk), given.programme)


def call(talk: Talk, about: str, given: Given, *before: Wording, wanted: Handler = "either") -> Turn:
    """A person was asked for: that is a case of its own, on top of everybody's list."""
    human = given.programme.human
    files = () if talk.began(talk.draft) else talk.files
    agreed = talk.terms or terms(talk, HUMAN.key) or Terms()
    desk = desk_for(human, wanted, given.programme)
    report = Report(
        HUMAN.key, human.key, desk, talk.language, (("about", about), *_interpreter(talk)), files,
        "confidential", human=True, first_look_by=given.after(human.first_look_days),
        answer_by=given.after(human.answer_days), keep_days=human.keep_days, handler=wanted, area=talk.area,
        terms=agreed,
    )  # fmt: skip
    kept = tuple(each for each in talk.answers if not each[0].startswith(f"{HUMAN.key}."))
    called = replace(
        talk, call=given.receipt.reference, flow="", held="", held_intent="", files=talk.files[len(files) :],
        answers=kept, terms=agreed, foreign=False,
    )  # fmt: skip
    come = say.CALLED.with_(hours=given.programme.hours)
    waits = (say.NO_WOMAN,) if lacks_a_woman(desk, wanted, given) else ()
    return then(
        ask(
            called,
            "called" if given.programme.calls else "done",
            given,
            *before,
            come,
            *waits,
            *unread(desk, talk.language, given),
            say.TERMS_NOW[agreed.write],
        ),
        FileCase(report),
        Reach(agreed),
        *handed(given, say.CALL_CODE),
    )


def _interpreter(talk: Talk) -> tuple[tuple[str, str], ...]:
    """Who should interpret, where that was asked."""
    wanted = talk.answer(f"{HUMAN.key}.interpreter")
    return (("interpreter", plain(wanted)),) if wanted and talk.foreign else ()


def answered(talk: Talk, answer: Told | Picked | Skipped, given: Given, *before: Wording) -> Turn:
    """An answer to the question that was asked."""
    match talk.asked.partition(".")[0]:
        case flow if flow == talk.draft:
            return _report_answered(talk, answer, given, *before)
        case HUMAN.key:
            return _human_answered(talk.with_answer(talk.asked, answer), given, *before)
        case CALL.key:
            return _to_be_called(talk.with_answer(talk.asked, answer), given, *before)
        case HELP.key:
            return helped(talk.with_answer(talk.asked, answer), given, *before)
        case YOU.key:
            return counted(talk, answer, given, *before)
        case _:
            return _status_answered(talk, answer, given, *before)


def _report_answered(talk: Talk, answer: Told | Picked | Skipped, given: Given, *before: Wording) -> Turn:
    told, key = _located(talk.with_answer(talk.asked, answer), answer, given.programme), talk.step
    flow = FLOWS[told.draft]
    if key == "category":
        return _about(told, given, *before)
    if key == "handler" and lacks_a_woman(_desk(told, given), handler(told), given):
        known = told.answer(f"{flow.key}.category") is not None or not flow.has("category")
        return ask(replace(told, flow=flow.key), f"{flow.key}.woman", given, *before) if known else onward(told, given)
    if key == "safe" and isinstance(answer, Picked) and answer.option == "no":
        return onward(told, given, *before, say.DANGER.with_(emergency=_numbers(told, given.programme)))
    return onward(told, given, *before)


def _about(talk: Talk, given: Given, *before: Wording) -> Turn:
    """What it is about decides in which flow it is told; of violence by somebody else no report is made."""
    option = talk.picked("category")
    if option == VIOLENCE:
        return violence(talk, given)
    path = given.programme.category(option or None).path
    return turn_to(talk, path, given, *before) if path in FLOWS and path != talk.draft else onward(talk, given, *before)


def _located(talk: Talk, answer: Told | Picked | Skipped, programme: Programme) -> Talk:
    """Whoever names their area once is not asked for it again."""
    named = talk.step == "where" and isinstance(answer, Picked) and programme.area(answer.option)
    return replace(talk, area=named.key) if named else talk


def _numbers(talk: Talk, programme: Programme) -> Wording:
    area = programme.area(talk.area)
    return area.emergency if area else programme.emergency


def _human_answered(talk: Talk, given: Given, *before: Wording) -> Turn:
    human = given.programme.human
    talk = replace(talk, foreign=desk_for(human, "either", given.programme) in given.unread)
    question = HUMAN.next_open(talk)
    if question is not None:
        return ask(talk, HUMAN.name(question), given, *before)
    about = talk.answer("human.about")
    return call(talk, plain(about) if about else "", given, *before)


def call_back(talk: Talk, option: str, given: Given) -> Turn:
    """A choice under what is said to whoever asked for a person: to be called instead (R46)."""
    if option != "call_me":
        return menu(talk, given)
    return ask(replace(talk, flow=CALL.key), f"{CALL.key}.number", given)


def _to_be_called(talk: Talk, given: Given, *before: Wording) -> Turn:
    """The next question, or the number goes to whoever answers; without one nothing was asked for."""
    number, question = talk.answer("call.number"), CALL.next_open(talk)
    if question is not None and isinstance(number, Told):
        return ask(talk, CALL.name(question), given, *before)
    kept = tuple(each for each in talk.answers if not each[0].startswith(f"{CALL.key}."))
    done = replace(talk, flow="", answers=kept)
    if not isinstance(number, Told):
        return menu(done, given, *before)
    if not given.call_open:
        return menu(done, given, *before, say.NOT_ADDED)
    said = [f"{each.label.msgid}: {_in_english(each, talk, given.programme)}" for each in CALL.questions]
    words = "\n".join((*said, say.CALL_WITH_CARE))
    told = say.CALLED_BACK.with_(hours=given.programme.hours)
    return then(ask(done, "done", given, *before, told), Append(talk.call, words))


def _in_english(question: Question, talk: Talk, programme: Programme) -> str:
    answer = talk.answer(CALL.name(question)) or Skipped()
    words = shown(question, answer, programme)
    return words.msgid if isinstance(words, Text) else str(words)


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


def reviewed(talk: Talk, option: str, given: Given) -> Turn:
    """A choice under the review card."""
    match option:
        case "send":
            return send(talk, given)
        case "change":
            return ask(talk, f"{talk.draft}.change", given)
        case "details":
            return turn_to(talk, COMPLAINT.key, given)
        case "evidence" | "picture":
            return ask(replace(talk, evidence=option == "evidence"), talk.asked, given)
        case _:
            return ask(talk, "stop", given)

"""How far a person is known: chosen in the report, changed later with the code, and never more than they said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions import code, prompts
from actions.programme import Programme
from actions.talk import ChangeMode, Due, Found, Mode, Picked, Report, Said, Say, Undue, Wished, to_json
from tests.actions.replies import COMPLAINT, REACHED, Person

CODE = code.complete("31415926535897932384626433")
FOUND = Found("BBBB-1234", "answered", date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 15), ("We sent a new card.",))
MODES: tuple[Mode, ...] = ("confidential", "anonymous", "open")


@pytest.fixture
def ann(programme: Programme) -> Person:
    return Person(programme, known={CODE: FOUND})


def sent(ann: Person, **answers: str | Said) -> Report:
    """The complaint with some answers of its own, filed."""
    own = {f"complaint.{name}": answer for name, answer in answers.items()}
    reached = REACHED if answers.get("contact") in ("open", "confidential") else {}
    ann.play({**COMPLAINT, **own, **reached, "complaint.review": "send"})
    return ann.filed()[-1]


def shown(ann: Person, mode: Mode = "anonymous") -> Person:
    """A person who gave the code of a case in which they are known so far."""
    ann.known[CODE] = replace(FOUND, mode=mode)
    ann.play({"language": "en", "menu": "status", "status.code": Said(CODE)})
    return ann


# --- in the report ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
def test_no_name_is_asked_of_who_does_not_offer_it(ann: Person, mode: Mode) -> None:
    """I am anonymous or confidential: nobody asks me for a name."""
    report = sent(ann, contact=mode)

    assert (mode, "") == (report.mode, report.name)
    assert "Which name" not in ann.told()


def test_a_name_is_asked_of_who_may_be_named_and_kept_apart_from_what_they_told(ann: Person) -> None:
    """I may be named: I am asked for the name, and it stands beside my report and not among what I told."""
    report = sent(ann, contact="open", name=Said("Ann Example"))

    assert ("open", "Ann Example") == (report.mode, report.name)
    assert "Ann Example" not in str(report.answers)


def test_the_name_can_be_skipped(ann: Person) -> None:
    """I may be named and do not say my name now: that is allowed."""
    assert ("open", "") == ((report := sent(ann, contact="open", name=prompts.SKIP)).mode, report.name)


def test_skipping_means_anonymous(ann: Person) -> None:
    """I do not answer how far I may be known: not at all."""
    assert "anonymous" == sent(ann, contact=prompts.SKIP).mode
    assert "How far we know you: Anonymous" in ann.told()


def test_what_each_choice_means_is_said_before_choosing(ann: Person) -> None:
    """I read what follows from each choice before I choose."""
    ann.play({name: each for name, each in COMPLAINT.items() if name != "complaint.contact"})

    told = ann.last()

    assert ["Confidential:", "Anonymous:", "Open:"] == [
        each for each in ("Confidential:", "Anonymous:", "Open:") if each in told
    ]
    assert "If you skip, you stay anonymous" in told


def test_a_name_goes_when_the_person_would_rather_not_be_named(ann: Person) -> None:
    """I gave my name and changed my mind before I sent it: my name is nowhere any more."""
    ann.play({**COMPLAINT, "complaint.contact": "open", "complaint.name": Said("Ann Example"), **REACHED})
    ann.play({"complaint.review": "change", "complaint.change": "contact", "complaint.contact": "anonymous"})

    assert "complaint.review" == ann.talk.asked
    assert "Ann Example" not in to_json(ann.talk) + ann.last()
    assert "name" not in dict(prompts.offered(replace(ann.talk, asked="complaint.change"), ann.given(Wished("menu"))))


def test_an_old_button_of_the_name_does_nothing_for_who_is_anonymous(ann: Person) -> None:
    """The skip button under the question for my name is of no use once I am anonymous."""
    ann.play({**COMPLAINT, "complaint.contact": "open"})
    old = next(each.id for each in ann.choices if "complaint.name~" in each.id)
    ann.play({"complaint.name": Wished("back"), "complaint.contact": "anonymous"})

    ann.hear_choice(old)

    assert ("complaint.review", None) == (ann.talk.asked, ann.talk.answer("complaint.name"))


# --- with the code ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", MODES)
def test_only_what_is_not_so_already_is_offered(ann: Person, now: Mode) -> None:
    """I change how far I am known: the two other ways are offered, with what they mean."""
    shown(ann, now).tap("mode")

    offered = [each.id.partition("~")[2] for each in ann.letters[-1].choices]
    assert [*(each for each in MODES if each != now), "keep"] == offered


@pytest.mark.parametrize(("now", "to"), [("anonymous", "confidential"), ("open", "anonymous")])
def test_it_holds_at_once_and_is_said(ann: Person, now: Mode, to: Mode) -> None:
    """I change it: it holds from this message on, and I read what holds now."""
    shown(ann, now).play({"found": "mode", "status.mode": to})

    assert [ChangeMode("BBBB-1234", to)] == ann.done(ChangeMode)
    assert f"From now on report BBBB-1234 is {to}" in ann.last()
    assert "found" == ann.talk.asked


@pytest.mark.parametrize(("answer", "name"), [(Said("Ann Example"), "Ann Example"), (prompts.SKIP, "")])
def test_to_be_named_a_name_is_asked(ann: Person, answer: Said | str, name: str) -> None:
    """From now on I may be named: I am asked for the name first, and may skip it; the bot remembers none."""
    shown(ann).play({"found": "mode", "status.mode": "open", "status.name": answer})

    assert [ChangeMode("BBBB-1234", "open", name)] == ann.done(ChangeMode)
    assert "Ann Example" not in to_json(ann.talk)


def test_going_back_changes_nothing(ann: Person) -> None:
    """I look at the choices and leave it as it is, at each step."""
    shown(ann).play({"found": "mode", "status.mode": "keep"})
    first = ann.talk.asked
    ann.play({"found": "mode", "status.mode": "open", "status.name": Wished("back")})

    assert ("found", "found", []) == (first, ann.talk.asked, ann.done(ChangeMode))


def test_who_becomes_anonymous_is_no_longer_tied_to_a_call(ann: Person) -> None:
    """I had called a person and make that report anonymous: this chat does not lead to it any more."""
    ann.play({"language": "en", "menu": "human", "human.about": Said("my card")})
    call = ann.talk.call
    ann.known[CODE] = replace(FOUND, reference=call, mode="confidential")
    ann.say(CODE)

    ann.play({"found": "mode", "status.mode": "anonymous"})

    assert "" == ann.talk.call


def test_an_old_button_does_not_change_another_case(ann: Person) -> None:
    """I looked at two reports: a button under the first one changes nothing in the second."""
    other = code.complete("2" * 26)
    ann.known[other] = replace(FOUND, reference="CCCC-9999")
    shown(ann).tap("mode")
    old = [each.id for each in ann.letters[-1].choices]
    ann.say(other)
    ann.tap("mode")

    for each in old:
        ann.hear_choice(each)

    assert [] == ann.done(ChangeMode)


def test_a_code_given_an_hour_ago_has_to_be_given_again(ann: Person) -> None:
    """I gave my code and left the phone: whoever takes it later can neither change nor erase nor add anything."""
    shown(ann)
    choices = [each.id for each in ann.letters[-1].choices]
    stands = [ann.copy() for _ in choices]
    for person, each in zip(stands, choices, strict=True):
        person.now = person.now.replace(hour=person.now.hour + 2)
        person.hear_choice(each)

    assert {("status.code", "")} == {(each.talk.asked, each.talk.case) for each in stands}
    assert all("I need it again" in each.told() for each in stands)


def test_the_talk_forgets_within_the_hour_whose_code_was_given(ann: Person) -> None:
    """I read my answer and put the phone away: an hour later nothing in this chat leads to my report any more."""
    shown(ann)
    asked_for = [each.name for each in ann.done(Due)]

    early = ann.wait("code", minutes=30)
    kept = ann.talk.case
    late = ann.wait("code", minutes=31)

    assert (["code"], [Due], "BBBB-1234") == (asked_for, [type(each) for each in early], kept)
    assert ("", "", "status.code") == (ann.talk.case, ann.talk.case_mode, ann.talk.asked)
    assert [] == [each for each in late if isinstance(each, Say)]
    assert "BBBB-1234" not in to_json(ann.talk)


@pytest.mark.parametrize("leaving", ["menu", "renew", "report"])
def test_who_goes_on_to_something_else_leaves_no_link_behind(ann: Person, leaving: str) -> None:
    """I go to the menu, renew my code or send another report: the chat does not remember whose code I gave."""
    shown(ann)
    if leaving == "report":
        ann.say("report")
        ann.play({name: each for name, each in COMPLAINT.items() if "." in name} | {"complaint.review": "send"})
    else:
        ann.tap(leaving)
        ann.say(CODE) if leaving == "renew" else None

    assert "BBBB-1234" not in to_json(ann.talk)
    assert Undue("code") in ann.effects


def test_the_code_given_again_goes_on(ann: Person) -> None:
    """The code itself is never too old."""
    shown(ann)
    ann.now = ann.now.replace(hour=ann.now.hour + 2)

    ann.say(CODE)

    assert ("found", "BBBB-1234") == (ann.talk.asked, ann.talk.case)
    assert "I need it again" not in ann.told()


def test_the_way_to_be_known_is_a_question_like_any_other(ann: Person) -> None:
    """An old button of that question changes the answer, as long as nothing is sent."""
    ann.play({**COMPLAINT})
    old = next(each.id for each in ann.choices if each.id.endswith("complaint.contact~confidential"))

    ann.hear_choice(old)

    assert Picked("confidential") == ann.talk.answer("complaint.contact")

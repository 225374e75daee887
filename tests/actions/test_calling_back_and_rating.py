"""Whoever asked for a person can be called instead; whose case is closed can say whether it helped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions import code, notices
from actions.programme import Programme
from actions.talk import Found, Helped, Rate, Said, Tapped
from tests.actions.replies import TEXTS, Person

CODE = code.complete("31415926535897932384626433")
CLOSED = Found("BBBB-1234", "closed", date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 15), ("Your card is there.",))
CALLED = {"language": "en", "menu": "human", "human.about": Said("my card")}


@pytest.fixture
def ann(programme: Programme) -> Person:
    return Person(programme)


def test_who_asked_for_a_person_can_be_called_instead(ann: Person) -> None:
    """I cannot write well: I give a number and a safe time, and whoever answers me reads both. (R46)"""
    ann.play(
        {**CALLED, "called": "call_me", "call.number": Said("0661 234 567, ask for the baker"), "call.time": "morning"}
    )

    [append] = ann.appended()
    assert ann.talk.call == append.case
    assert "Asks to be called: 0661 234 567, ask for the baker" in append.words
    assert "Safe time: In the morning (6 to 12)" in append.words
    assert "Somebody else may answer" in append.words
    assert "A person will call you" in ann.last()


def test_without_a_number_nobody_is_asked_to_call(ann: Person) -> None:
    """I changed my mind and skip: nothing is written down, and the person still answers in the chat. (R46)"""
    ann.play({**CALLED, "called": "call_me", "call.number": "skip_it"})

    assert [] == ann.appended()
    assert ("menu", True) == (ann.talk.asked, bool(ann.talk.call))


def test_a_call_that_is_closed_meanwhile_takes_no_number(ann: Person) -> None:
    """They closed it while I typed: I am told that it was not added, and nothing is lost in silence. (R46)"""
    ann.play({**CALLED, "called": "call_me"})
    ann.call_open = False

    ann.play({"call.number": Said("0661 234 567"), "call.time": "any"})

    assert [] == ann.appended()
    assert "nothing was added" in ann.last()


def test_where_nobody_can_call_it_is_not_offered(programme: Programme) -> None:
    """This office has no telephone: I am not offered a call that would never come. (R46)"""
    ann = Person(replace(programme, calls=False))

    ann.play(CALLED)

    assert "done" == ann.talk.asked


@pytest.mark.parametrize("value", ["yes", "partly", "no"])
def test_under_the_letter_that_a_case_is_closed_one_tap_says_whether_it_helped(ann: Person, value: Helped) -> None:
    """You write that it is closed and ask whether it is all right for me; I tap, and you thank me. (R26)"""
    letter = notices.closed("BBBB-1234")
    ann.play({"language": "en"})
    choice = next(each.id for each in letter.choices if each.id.endswith(f"~{value}"))

    ann.hear(Tapped(choice))

    assert [Rate("BBBB-1234", value, proved=False)] == ann.done(Rate)
    assert "Thank you for saying so" in ann.last()
    assert ("tell us again" in ann.last()) == (value == "no")
    assert "menu" == ann.talk.asked
    assert "Is what came of it all right for you?" in TEXTS.render(letter, "en").text


def test_a_rating_in_the_middle_of_a_report_loses_nothing(ann: Person) -> None:
    """I am telling something new and tap under the old letter: what I was asked is asked again. (R26)"""
    ann.play({"language": "en", "menu": "report", "complaint.category": "cash"})
    asked = ann.talk.asked

    ann.hear(Tapped(notices.closed("BBBB-1234").choices[0].id))

    assert asked == ann.talk.asked
    assert ann.talk.draft


def test_with_the_code_of_a_closed_case_it_can_be_said_too(ann: Person) -> None:
    """Nobody may write to me: I look with my code, and say there that it is not all right. (R26)"""
    ann.known[CODE] = CLOSED

    ann.play({"language": "en", "menu": "status", "status.code": Said(CODE), "found": "rate", "status.rate": "no"})

    assert [Rate("BBBB-1234", "no", proved=True)] == ann.done(Rate)
    assert "found" == ann.talk.asked


@pytest.mark.parametrize(
    "choice", ["helped.~yes", "helped.BBBB-1234~maybe", "helped.bbbb~yes", "helped." + "B" * 50 + "~yes"]
)
def test_a_made_up_rating_is_an_old_button(ann: Person, choice: str) -> None:
    """A button that was never ours does nothing."""
    ann.play({"language": "en"})

    ann.hear(Tapped(choice))

    assert [] == ann.done(Rate)

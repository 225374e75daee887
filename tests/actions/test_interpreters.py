"""Nobody at the desk reads the person's language: they are told, and may say who shall interpret."""

from __future__ import annotations

import pytest

from actions.programme import Programme
from actions.talk import Event, Said
from actions.words import Text
from tests.actions.replies import COMPLAINT, Person

NOBODY = "Nobody at this desk reads {language} now. We ask an interpreter; that can take longer."
ASKED: dict[str, str | Event] = {"language": "ar", "menu": "human", "human.about": Said("بطاقتي")}


@pytest.fixture
def amal(programme: Programme) -> Person:
    """Somebody whose language nobody at the general desk reads."""
    return Person(programme, unread=frozenset({"general"}))


def said(person: Person, msgid: str) -> bool:
    """Whether they were told a sentence of ours."""
    return any(isinstance(each, Text) and each.msgid == msgid for told in person.letters for each in told.paragraphs)


@pytest.mark.parametrize("wanted", ["woman", "man", "either"])
def test_whoever_needs_an_interpreter_says_whom_they_prefer(amal: Person, wanted: str) -> None:
    """I asked for a person; nobody reads Arabic, so I was asked who shall interpret, and the answer is filed. (R61)"""
    amal.play({**ASKED, "human.interpreter": wanted})

    [report] = amal.filed()
    assert ("interpreter", wanted) in report.answers
    assert said(amal, NOBODY)


def test_the_interpreter_can_be_left_open(amal: Person) -> None:
    """I do not mind who interprets: I skip it and a person is called all the same. (R61)"""
    amal.play({**ASKED, "human.interpreter": "skip_it"})

    [report] = amal.filed()
    assert (True, ("interpreter", "")) == (report.human, report.answers[-1])
    assert said(amal, NOBODY)


def test_where_somebody_reads_it_nobody_is_asked_about_interpreters(programme: Programme) -> None:
    """Somebody at the desk reads what I write: no question, no warning. (R61)"""
    amal = Person(programme)

    amal.play(ASKED)

    [report] = amal.filed()
    assert ["about"] == [key for key, _ in report.answers]
    assert not said(amal, NOBODY)


def test_who_filed_a_report_that_nobody_there_reads_is_told(programme: Programme) -> None:
    """My report was taken, and I was told at the end that an interpreter makes it take longer. (R61)"""
    told = []
    for desks in (frozenset[str](), frozenset({"general"})):
        amal = Person(programme, unread=desks)
        amal.play({**COMPLAINT, "language": "ar", "complaint.review": "send"})
        assert len(amal.filed()) == 1
        told.append(said(amal, NOBODY))

    assert [False, True] == told


def test_a_desk_that_does_not_deal_with_it_does_not_matter(programme: Programme) -> None:
    """Another desk reads no Arabic; mine does, so nothing is said. (R61)"""
    amal = Person(programme, unread=frozenset({"psea"}))

    amal.play({**COMPLAINT, "language": "ar", "complaint.review": "send"})

    assert not said(amal, NOBODY)


def test_a_call_without_questions_brings_no_question(amal: Person) -> None:
    """After I spoke of violence I am asked nothing, and still told that it takes longer. (R61)"""
    amal.play({"language": "ar"})
    amal.say("كلام", "disclose_gbv")
    amal.play({"guess.disclose_gbv": "yes", "gbv": "anyone"})

    [report] = amal.filed()
    assert (("about", ""),) == report.answers
    assert said(amal, NOBODY)


def test_the_language_is_called_by_its_own_name(amal: Person) -> None:
    """I read the name of my language as I write it myself. (R61)"""
    amal.play({**ASKED, "human.interpreter": "woman"})

    assert "العربية" in amal.told()

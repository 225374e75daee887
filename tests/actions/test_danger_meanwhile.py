"""Danger that is told while something else is asked: it is asked about first, and the other question comes back."""

from __future__ import annotations

import pytest

from actions.programme import Programme
from actions.talk import DANGER, Alarm, Due, Undue
from tests.actions.replies import COMPLAINT, Person

BEATEN, AT_THE_DOOR = "he beats me when the food is finished", "he is at the door with a knife now"


@pytest.fixture
def ann(programme: Programme) -> Person:
    """Somebody who is asked whether what she wrote is about violence."""
    ann = Person(programme)
    ann.play({"language": "en"})
    ann.say(BEATEN, "disclose_gbv", "disclose_gbv")
    assert "guess.disclose_gbv" == ann.talk.asked
    return ann


def drafting(programme: Programme, *, until: str = "complaint.where") -> Person:
    """Somebody in the middle of a report, who is asked whether they are threatened."""
    ann = Person(programme)
    names = list(COMPLAINT)
    ann.play({name: COMPLAINT[name] for name in names[: names.index(until)]})
    ann.say("in the house of the man who says I will regret it", None, "report_threat")
    assert "guess.report_threat" == ann.talk.asked
    return ann


def test_danger_now_is_asked_before_the_question_that_stands(ann: Person) -> None:
    """I was asked about violence and write that he is at the door: whom to call, and whether I am in danger. (R81)"""
    ann.say(AT_THE_DOOR, "emergency", "emergency")

    assert "guess.emergency" == ann.talk.asked
    assert "117" in ann.last()


def test_yes_calls_somebody_and_the_other_question_comes_again(ann: Person) -> None:
    """I say yes: staff are called at once; then I am asked again about violence, and warm words come. (R71, R81)"""
    ann.say(AT_THE_DOOR, "emergency", "emergency")
    ann.tap("yes")

    assert 1 == len(ann.done(Alarm))
    assert "guess.disclose_gbv" == ann.talk.asked
    ann.tap("yes")
    assert ("gbv", "") == (ann.talk.asked, ann.talk.held)
    assert [] == ann.filed()


def test_no_goes_back_to_the_other_question(ann: Person) -> None:
    """I am not in danger now: nobody is called, and I am asked what I was asked before; my words wait no longer for it
    than before.
    """
    ann.say(AT_THE_DOOR, "emergency", "emergency")
    ann.effects.clear()
    ann.tap("no")

    assert ("guess.disclose_gbv", "") == (ann.talk.asked, ann.talk.wanted)
    assert [] == ann.done(Alarm)
    assert [] == [each for each in ann.done(Undue) if each.name == DANGER]


def test_danger_that_was_denied_is_not_asked_about_again(ann: Person) -> None:
    """I said that I am in no danger: the next words get the numbers, and the question stays."""
    ann.say(AT_THE_DOOR, "emergency", "emergency")
    ann.tap("no")
    ann.say("he will kill me", "emergency", "emergency")

    assert "guess.disclose_gbv" == ann.talk.asked
    assert "117" in ann.last()


def test_in_a_report_every_question_comes_back_in_its_turn(programme: Programme) -> None:
    """Threat, then danger, in the middle of my report: two times no, and I am where I was, with all I wrote. (R65)"""
    ann = drafting(programme)
    ann.say(AT_THE_DOOR, "emergency", "emergency")
    ann.tap("no")
    assert "guess.report_threat" == ann.talk.asked
    ann.tap("no")

    assert (True, "") == (ann.talk.reporting, ann.talk.wanted)
    assert AT_THE_DOOR in str(ann.talk.answer("complaint.what"))
    assert "regret" in str(ann.talk.answer("complaint.where"))


def test_somebody_who_says_herself_that_she_is_in_danger_has_said_yes(ann: Person) -> None:
    """Asked whether I am in danger I write “SOS”: staff are called, I am not asked again."""
    ann.say(AT_THE_DOOR, "emergency", "emergency")
    ann.say("SOS")

    assert 1 == len(ann.done(Alarm))
    assert "guess.disclose_gbv" == ann.talk.asked


def test_who_calls_for_help_under_another_question_is_asked_that_again(ann: Person) -> None:
    """Asked about violence I write “SOS”: staff are called at once, and my words still wait. (R71, R81)"""
    ann.say("SOS")

    assert 1 == len(ann.done(Alarm))
    assert ("guess.disclose_gbv", BEATEN) == (ann.talk.asked, ann.talk.held)


def test_silence_calls_somebody_and_lets_the_words_about_violence_go(ann: Person) -> None:
    """I was asked whether I am in danger and said nothing: staff are called, my words are let go. (R71, R81)"""
    ann.say(AT_THE_DOOR, "emergency", "emergency")
    assert 2 == len([each for each in ann.done(Due) if each.name == DANGER])

    ann.wait(DANGER, minutes=10)

    assert 1 == len(ann.done(Alarm))
    assert ("", "") == (ann.talk.held, ann.talk.held_intent)

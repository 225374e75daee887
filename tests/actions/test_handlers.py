"""Who deals with a report: a woman, a man or anybody, as the person says, and never silently somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import prompts
from actions.programme import Programme
from actions.routing import desk_for
from actions.talk import Event, FileCase, Picked, Report, Said, Wished, to_json
from tests.actions.replies import COMPLAINT, Person

NOBODY: frozenset[str] = frozenset()
REVIEW = {**COMPLAINT, "complaint.handler": "woman"}
CONDUCT: dict[str, str | Event] = {
    "misconduct.handler": "woman",
    "misconduct.what": Said("He wanted money."),
    **dict.fromkeys(("misconduct.whose", "misconduct.where", "misconduct.contact"), prompts.SKIP),
}


@pytest.fixture
def ann(programme: Programme) -> Person:
    return Person(programme)


@pytest.fixture
def alone(programme: Programme) -> Person:
    """Somebody who writes while no woman works anywhere."""
    return Person(programme, women=NOBODY)


def filed(person: Person) -> Report:
    [report] = person.filed()
    return report


@pytest.mark.parametrize(("answer", "handler"), [("man", "man"), ("either", "either"), (prompts.SKIP, "either")])
def test_a_man_or_no_preference_goes_to_the_desk_of_what_it_is_about(ann: Person, answer: str, handler: str) -> None:
    """I would rather talk to a man, or do not mind: the desk of my subject deals with it."""
    ann.play({**COMPLAINT, "complaint.handler": answer, "complaint.review": "send"})

    assert (handler, "general") == (filed(ann).handler, filed(ann).desk)
    assert "handler" not in dict(filed(ann).answers)


def test_who_asks_for_a_woman_comes_to_the_womens_desk(ann: Person) -> None:
    """I ask for a woman: my report goes where only women work."""
    ann.play({**REVIEW, "complaint.review": "send"})

    assert ("woman", "women") == (filed(ann).handler, filed(ann).desk)


def test_a_sensitive_subject_stays_with_those_who_are_trained_for_it(ann: Person) -> None:
    """My subject has a desk of its own for good reason: it goes there, to a woman of that desk."""
    ann.play({"language": "en", "menu": "report", "complaint.category": "conduct"})
    ann.play({**CONDUCT, "misconduct.review": "send"})

    assert ("woman", ann.programme.category("conduct").desk) == (filed(ann).handler, filed(ann).desk)
    assert "women" != filed(ann).desk


def test_without_a_womens_desk_the_subject_decides(programme: Programme) -> None:
    """An organisation without a desk for women sends it to the desk of the subject."""
    without = replace(programme, desks=tuple(each for each in programme.desks if not each.women))

    assert "general" == desk_for(programme.category("cash"), "woman", without)


@pytest.mark.parametrize("category", ["cash", "conduct", prompts.SKIP])
def test_where_no_woman_works_the_person_is_told_at_once(alone: Person, category: str) -> None:
    """I ask for a woman and none is there: I am told before I tell anything else."""
    alone.play({"language": "en", "menu": "report", "complaint.category": category})
    alone.tap("woman")

    assert "woman" == alone.talk.step
    assert "No woman deals with such reports now" in alone.last()
    assert ["wait", "anyone", "again"] == [each.id.partition("~")[2] for each in alone.letters[-1].choices]


def test_a_woman_elsewhere_is_no_woman_here(programme: Programme) -> None:
    """A woman works at another desk, which does not read my report: I am told that none is here."""
    ann = Person(programme, women=frozenset({"general", "psea"}))

    ann.play({"language": "en", "menu": "report", "complaint.category": "cash", "complaint.handler": "woman"})

    assert "complaint.woman" == ann.talk.asked


def test_who_waits_is_not_asked_twice(alone: Person) -> None:
    """I would rather wait: I go on, send it, and it waits for a woman; I am told that this can take longer."""
    alone.play({**REVIEW, "complaint.woman": "wait", "complaint.review": "send"})

    assert ("woman", "women") == (filed(alone).handler, filed(alone).desk)
    assert "Your report waits for a woman" in alone.told()


def test_anyone_is_what_the_person_said(alone: Person) -> None:
    """Anyone may deal with it: that is what is filed, and my other answers stay."""
    alone.play({**REVIEW, "complaint.woman": "anyone", "complaint.review": "send"})

    assert ("either", "general") == (filed(alone).handler, filed(alone).desk)
    assert "waits for a woman" not in alone.told()


@pytest.mark.parametrize("how", ["button", "word"])
def test_the_question_can_be_answered_again(alone: Person, how: str) -> None:
    """I go back and choose differently."""
    alone.play({"language": "en", "menu": "report", "complaint.category": "cash", "complaint.handler": "woman"})

    alone.tap("again") if how == "button" else alone.say("back")

    assert "complaint.handler" == alone.talk.asked


def test_where_the_last_woman_has_gone_the_person_is_asked_before_it_is_sent(ann: Person) -> None:
    """A woman was there when I began and is gone when I send: I am asked then, and nothing is sent before."""
    ann.play(REVIEW)
    ann.women = NOBODY
    ann.tap("send")
    asked, before = ann.talk.asked, len(ann.filed())
    waits, anyone, back = ann.copy(), ann.copy(), ann.copy()

    waits.tap("wait")
    anyone.tap("anyone")
    back.tap("again")

    assert ("complaint.sending", 0) == (asked, before)
    assert ("woman", "women") == (filed(waits).handler, filed(waits).desk)
    assert ("either", "general") == (filed(anyone).handler, filed(anyone).desk)
    assert ("complaint.review", []) == (back.talk.asked, back.filed())


def test_words_said_at_the_last_moment_are_reviewed_before_they_are_sent(ann: Person) -> None:
    """I add something where I should choose: it is in my report, and I see the card again first."""
    ann.play(REVIEW)
    ann.women = NOBODY
    ann.tap("send")

    ann.say("and one more thing")

    assert ("complaint.review", []) == (ann.talk.asked, ann.filed())
    assert "and one more thing" in ann.last()


def test_who_waits_for_one_desk_is_asked_again_for_another(alone: Person) -> None:
    """I agreed to wait at one desk and then changed what it is about: that is another wait, so I am asked."""
    alone.play({**REVIEW, "complaint.woman": "wait"})
    alone.play({"complaint.review": "change", "complaint.change": "category", "complaint.category": "conduct"})
    alone.play({"misconduct.whose": prompts.SKIP})

    alone.tap("send")

    assert ("misconduct.sending", []) == (alone.talk.asked, alone.filed())


def test_an_old_button_that_asks_for_a_woman_is_honest_as_well(alone: Person) -> None:
    """I tap “a woman” further up: I am told at once that none is there."""
    alone.play({**COMPLAINT})
    old = next(each.id for each in alone.choices if each.id.endswith("complaint.handler~woman"))

    alone.hear_choice(old)

    assert (Picked("woman"), "complaint.woman") == (alone.talk.answer("complaint.handler"), alone.talk.asked)


def test_words_sent_as_they_are_ask_for_nobody(ann: Person) -> None:
    """I send my words as they are: anybody may deal with it, and I can make it a full complaint on the card."""
    ann.play({"language": "en", "menu": Said("the lights are broken"), "offer": "send"})
    asked = ann.talk.asked

    ann.play({"tell.review": "details", "complaint.category": "quality"})

    assert ("tell.review", "complaint.handler") == (asked, ann.talk.asked)
    assert "the lights are broken" in to_json(ann.talk)


def test_a_draft_that_is_erased_waits_for_nobody(alone: Person) -> None:
    """I erase what I began: that I wanted to wait is forgotten too."""
    alone.play({**REVIEW, "complaint.woman": "wait", "complaint.review": Wished("stop"), "stop": "erase"})

    assert "" == alone.talk.waits


def test_whoever_asks_for_a_person_now_is_not_asked_whom(alone: Person) -> None:
    """I ask for a person: no further question stands between us."""
    alone.play({"language": "en", "menu": "human", "human.about": Said("my card")})

    assert ["either"] == [each.report.handler for each in alone.done(FileCase)]

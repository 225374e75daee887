"""Files as evidence: unchanged only where the person says so, after reading what that means."""

from __future__ import annotations

import pytest

from actions.programme import Programme
from actions.talk import File, Said, Sent, Wished
from tests.actions.replies import COMPLAINT, Person

PHOTO = File("f1", "photo")


@pytest.fixture
def ann(programme: Programme) -> Person:
    """Somebody who has a photo in their report and sees the review card."""
    ann = Person(programme)
    ann.play({**COMPLAINT, "complaint.what": Sent(PHOTO, "My card did not work.")})
    return ann


def offered(ann: Person) -> list[str]:
    return [each.id.partition("~")[2] for each in ann.letters[-1].choices]


def test_files_are_not_kept_unchanged_unasked(ann: Person) -> None:
    """I only send it: of my photo only the picture is kept."""
    ann.tap("send")

    assert (False, (PHOTO,)) == (ann.filed()[0].evidence, ann.filed()[0].files)


def test_the_person_reads_what_it_means_before_choosing(ann: Person) -> None:
    """I read that an unchanged photo shows where and when it was taken."""
    assert "Unchanged files can also show where and when a photo was taken" in ann.last()
    assert ["send", "change", "evidence", "stop"] == offered(ann)


def test_files_are_kept_as_evidence_when_the_person_says_so(ann: Person) -> None:
    """I want it kept unchanged: the card says so, and so does what is filed."""
    ann.tap("evidence")
    card, choices = ann.last(), offered(ann)

    ann.tap("send")

    assert "Your files are kept unchanged, as evidence" in card
    assert ["send", "change", "picture", "stop"] == choices
    assert ann.filed()[0].evidence


def test_the_person_can_change_that_again(ann: Person) -> None:
    """I would rather not: the card no longer says so, and nothing unchanged is filed."""
    ann.play({"complaint.review": "evidence"})
    ann.tap("picture")

    assert "kept unchanged" not in ann.last()
    ann.tap("send")
    assert not ann.filed()[0].evidence


def test_nothing_is_asked_where_there_are_no_files(programme: Programme) -> None:
    """I sent no file: nobody bothers me with that."""
    person = Person(programme)
    person.play(COMPLAINT)

    assert ["send", "change", "stop"] == offered(person)
    assert "Unchanged files" not in person.last()


@pytest.mark.parametrize("end", ["send", "erase"])
def test_the_choice_does_not_outlive_its_report(ann: Person, end: str) -> None:
    """What I chose for one report does not hold for the next."""
    ann.tap("evidence")

    ann.tap("send") if end == "send" else ann.play({"complaint.review": "stop", "stop": "erase"})

    assert not ann.talk.evidence


def test_the_choice_stays_while_the_report_is_changed(ann: Person) -> None:
    """I change an answer or come back later: my choice stands."""
    ann.play({"complaint.review": "evidence"})
    ann.play({"complaint.review": "change", "complaint.change": "where", "complaint.where": Said("Camp 5")})
    ann.play({"complaint.review": Wished("menu"), "menu": "resume"})

    assert ("complaint.review", True) == (ann.talk.asked, ann.talk.evidence)

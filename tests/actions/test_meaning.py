"""Words that are not understood for sure: the likeliest meanings are asked about by number, none is taken for it."""

from __future__ import annotations

import pytest

from actions import prompts
from actions.intents import MOVES
from actions.programme import Programme
from actions.talk import Said
from nlu.intents import INTENTS
from tests.actions.replies import COMPLAINT, Person

MAYBE = ("check_status", "report_problem", "request_assistance")
WORDS = "the thing with the card"


@pytest.fixture
def ann(programme: Programme) -> Person:
    ann = Person(programme)
    ann.play({"language": "en"})
    return ann


def _unsure(ann: Person, *maybe: str) -> Person:
    ann.hear(Said(WORDS, None, (), maybe or MAYBE))
    return ann


def test_what_is_not_sure_is_asked_about_by_number(ann: Person) -> None:
    """You are not sure what I mean: I read three possibilities and “something else”, and nothing has begun."""
    _unsure(ann)

    assert "mean" == ann.talk.asked
    assert [*MAYBE, "other"] == [each.id.partition("~")[2] for each in ann.letters[-1].choices]
    assert "I am not sure I understood" in ann.last()
    assert ("", WORDS) == (ann.talk.draft, ann.talk.held)


def test_words_of_the_talk_itself_take_nobodys_place(ann: Person) -> None:
    """“Back” and “thanks” are likelier than what I mean: they are no matter, and still three matters stand there."""
    _unsure(ann, "back", "check_status", "thanks_bye", "report_problem", "request_assistance", "suggest")

    assert [*MAYBE, "other"] == [each.id.partition("~")[2] for each in ann.letters[-1].choices]


def test_the_number_of_what_i_mean_begins_it_with_my_words(ann: Person) -> None:
    """I type 2: my report begins, and what I wrote is part of it already."""
    _unsure(ann).say("2")
    ann.play({"consent": "agree", "unfinished": "no"})

    assert "complaint" == ann.talk.draft
    assert WORDS in str(ann.talk.answer("complaint.what"))
    assert ("", ()) == (ann.talk.held, ann.talk.maybe)


def test_something_else_can_still_be_sent_as_it_is(ann: Person) -> None:
    """None of the three: I can send my words as they are, answer questions first, or drop them."""
    _unsure(ann).tap("other")

    assert "offer" == ann.talk.asked
    assert WORDS == ann.talk.held


def test_what_safety_hangs_on_is_not_asked_twice(ann: Person) -> None:
    """I tap that somebody threatens me: that was my own word, so the careful questions begin."""
    _unsure(ann, "report_threat", "report_problem", "suggest").tap("report_threat")
    ann.play({"consent": "agree", "unfinished": "no"})

    assert "threat" == ann.talk.draft
    assert "guess.report_threat" not in [each.id for each in ann.letters[-1].choices]


def test_violence_chosen_here_leaves_no_word(ann: Person) -> None:
    """I tap violence by a relative: warm words, and what I had written is held nowhere. (R71)"""
    _unsure(ann, "disclose_gbv", "report_threat", "suggest").tap("disclose_gbv")

    assert ("gbv", "", "", ()) == (ann.talk.asked, ann.talk.held, ann.talk.draft, ann.talk.maybe)


def test_a_likely_danger_is_asked_about_before_anything_else(ann: Person) -> None:
    """You cannot rule out that I am in danger: that is the question, not which of three things I mean. (R81)"""
    ann.hear(Said("they come", None, ("emergency",), ("report_rumour", "emergency", "report_threat")))

    assert "guess.emergency" == ann.talk.asked


def test_every_meaning_that_can_be_asked_about_has_a_move_and_a_label() -> None:
    """Whatever stands there by number can be done; what is one word of the talk itself never stands there."""
    alone = {"affirm", "deny", "back", "skip", "stop", "menu", "greet", "thanks_bye", "out_of_scope"}

    assert INTENTS - alone == set(prompts.MEANT)
    assert set(MOVES) == INTENTS


@pytest.mark.parametrize("intent", sorted(prompts.MEANT))
def test_each_of_them_leads_somewhere(programme: Programme, intent: str) -> None:
    """Whichever I choose, I am asked or told something new, and my words are not lost in silence."""
    ann = Person(programme)
    ann.play({"language": "en"})
    before = len(ann.letters)

    _unsure(ann, intent).tap(intent)

    assert len(ann.letters) > before + 1
    assert "mean" != ann.talk.asked


def test_the_menu_lets_go_of_what_was_asked(ann: Person) -> None:
    """I write “menu” instead: it is over, and I am told that my words were dropped."""
    _unsure(ann).say("menu")

    assert ("menu", "", ()) == (ann.talk.asked, ann.talk.held, ann.talk.maybe)


@pytest.mark.parametrize(
    ("asked", "words", "intent", "guess"),
    [
        ("complaint.where", "at home", None, ""),
        ("complaint.where", "at home, there he beats me every night", None, "disclose_gbv"),
        ("complaint.where", "he beats me", None, "disclose_gbv"),
        ("complaint.where", "beats me", "disclose_gbv", "disclose_gbv"),
        ("complaint.what", "at home", None, "disclose_gbv"),
    ],
)
def test_two_words_for_a_place_are_a_place(
    programme: Programme, asked: str, words: str, intent: str | None, guess: str
) -> None:
    """I say where it was in two words and am not asked whether somebody hurts me; what I tell is listened to. (R65)"""
    ann = Person(programme)
    ann.play({name: COMPLAINT[name] for name in list(COMPLAINT)[: list(COMPLAINT).index(asked)]})
    also = () if intent else ("disclose_gbv",)

    ann.hear(Said(words, intent, also))

    assert f"guess.{guess}" * bool(guess) == ann.talk.asked * ann.talk.asked.startswith("guess.")
    assert words in str(ann.talk.answers)

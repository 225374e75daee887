"""What the first words of a report were taken for goes with it, sealed, so that corrections show what is confused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from actions.programme import Programme
from bot.intake import Intake
from store import cases, opening, tallies
from tests.bot.somebody import Somebody
from tests.conftest import NOON_S, Founded
from tests.nlu.test_client import rasa, says

MODEL = "0123456789abcdef"


@pytest.fixture
def ada(founded: Founded) -> opening.Ring:
    """A member of the general desk, signed in."""
    member, identity = opening.new_member("ada", "ada", "Ada", "a password", "TOTP")
    assert founded.store.do(lambda tx: opening.enrol(tx, founded.token, member, NOON_S))
    return founded.store.read(lambda tx: opening.ring_of(tx, "ada", identity))


async def _say(me: Somebody, words: str, **chances: float) -> None:
    """Say words that are understood so."""
    ours = me.intake
    async with rasa(says(model=MODEL, **chances)) as (_, client):
        me.intake = Intake(replace(me.house, nlu=client))
        await me.say(words)
    me.intake = ours


async def _send(me: Somebody) -> None:
    """Answer whatever is asked until the report is sent."""
    if me.asked().asked == "consent":
        await me.tap("agree")
    await me.through({"category": "quality", "write": "yes", "others": "no", "contact": "confidential"})
    await me.tap("send")


def _heads(ada: opening.Ring, founded: Founded) -> list[dict[str, str]]:
    listed, _ = founded.store.read(lambda tx: cases.listed(tx, cases.Access(ada.holders, ""), 0, 10))
    return [json.loads(ada.unwrap(each.case, each.holder, each.sealed).head()) for each in listed]


def _counted(founded: Founded) -> list[tuple[str, int]]:
    every = founded.store.read(lambda tx: tallies.of(tx, [tallies.month(NOON_S)]))
    return [(each.value, each.n) for each in every if each.what == "understood"]


async def test_what_my_words_were_taken_for_and_by_which_model_goes_with_my_case(
    founded: Founded, programme: Programme, ada: opening.Ring
) -> None:
    """I say what is wrong: the guess and the model stand sealed with the case; a month's count grows, without me."""
    me = Somebody(founded, programme)
    await me.begin()
    await _say(me, "the rice of this month was wet", report_problem=0.9)
    await _send(me)

    assert [f"report_problem@{MODEL}"] == [each.get("understood") for each in _heads(ada, founded)]
    assert [("report_problem>quality", 1)] == _counted(founded)


async def test_a_guess_that_was_asked_about_goes_with_my_case_as_well(
    founded: Founded, programme: Programme, ada: opening.Ring
) -> None:
    """Nobody was sure what I mean and I chose by number: what was likeliest is kept, right or wrong."""
    me = Somebody(founded, programme)
    await me.begin()
    await _say(me, "the rice of this month was wet", suggest=0.4, report_problem=0.3, ask_information=0.2)
    await me.tap("report_problem")
    await _send(me)

    assert [f"suggest@{MODEL}"] == [each.get("understood") for each in _heads(ada, founded)]


async def test_words_told_within_a_report_are_understood_too(
    founded: Founded, programme: Programme, ada: opening.Ring
) -> None:
    """I began by the menu: what my story was taken for is kept, and nothing of what I wrote before I began."""
    me = Somebody(founded, programme)
    await me.begin()
    await _say(me, "hello", greet=0.95)
    await me.say("report")
    await me.tap("agree")
    await me.through({"category": "quality"}, to="what")
    await _say(me, "the rice of this month was wet", report_problem=0.9)
    await me.through({"write": "yes", "others": "no", "contact": "confidential"})
    await me.tap("send")

    assert [f"report_problem@{MODEL}"] == [each.get("understood") for each in _heads(ada, founded)]


async def test_nowhere_stands_that_my_words_sounded_like_violence_at_home(
    founded: Founded, programme: Programme, ada: opening.Ring
) -> None:
    """I was asked whether it is about violence and said no: nobody who reads my case sees that I was asked. (R71)"""
    me = Somebody(founded, programme)
    await me.begin()
    await _say(me, "somebody was here last night", disclose_gbv=0.95)
    await me.tap("no")
    await me.say("1")
    await _send(me)

    assert [None] == [each.get("understood") for each in _heads(ada, founded)]
    assert [] == _counted(founded)

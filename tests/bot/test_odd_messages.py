"""What people also write: nothing, a sign, a command that is none, a book, another language. All of it is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from actions.programme import Programme
from actions.talk import Tapped
from bot.intake import Intake
from store.schema import alarms, tallies
from tests.bot.somebody import Somebody, references
from tests.conftest import Founded
from tests.nlu.test_client import rasa, says

ODD = {
    "nothing": "", "a space": " \n\t", "a question mark": "?", "a sign": "\U0001f44d", "no command": "/report_sea",
    "a book": "word " * 200_000, "no yes": "I do not want to say yes", "digits": "12345", "a number": "77",
    "arabic": "لم نتلق الماء في القرية منذ ثلاثة أيام",
}  # fmt: skip


async def _fresh(me: Somebody) -> None:
    """Nobody has written yet."""


async def _begun(me: Somebody) -> None:
    await me.hear(Tapped("start"))
    await me.tap("en")


async def _consent(me: Somebody) -> None:
    await _begun(me)
    await me.say("report")


async def _choice(me: Somebody) -> None:
    await _consent(me)
    await me.through({}, to="category")


async def _prose(me: Somebody) -> None:
    await _consent(me)
    await me.through({"category": "cash"}, to="where")


async def _review(me: Somebody) -> None:
    await _consent(me)
    await me.through({"category": "cash"})


async def _guessed(intent: str, me: Somebody) -> None:
    """Asked whether it is that, yes or no."""
    await _begun(me)
    ours = me.intake
    async with rasa(says(**{intent: 0.95})) as (_, client):
        me.intake = Intake(replace(me.house, nlu=client))
        await me.say("somebody was here last night")
    me.intake = ours
    assert f"guess.{intent}" == me.asked().asked


async def _danger(me: Somebody) -> None:
    await _guessed("emergency", me)


async def _violence(me: Somebody) -> None:
    await _guessed("disclose_gbv", me)


async def _status(me: Somebody) -> None:
    await _begun(me)
    await me.say("status")


PLACES: dict[str, Callable[[Somebody], Awaitable[None]]] = {
    "before anything": _fresh, "at the menu": _begun, "asked to agree": _consent, "asked to choose": _choice,
    "asked for words": _prose, "at the review card": _review, "asked whether in danger": _danger,
    "asked whether it is violence": _violence, "asked for a code": _status,
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
async def test_whatever_somebody_writes_they_are_answered_and_nothing_is_filed(
    founded: Founded, programme: Programme, place: str
) -> None:
    """I write a sign, nothing, a book or another language, anywhere: I am answered, and nothing is filed or counted."""
    answered = {}
    for odd, words in ODD.items():
        me = Somebody(founded, programme, chat=odd)
        await PLACES[place](me)
        before = len(me.told())
        await me.say(words)
        answered[odd] = len(me.told()) > before and bool(me.told()[-1])

    assert dict.fromkeys(ODD, True) == answered
    assert [] == references(founded.store)
    assert [[]] * 2 == [founded.store.read(lambda tx, t=t: tx.rows(sa.select(t))) for t in (alarms, tallies)]


@pytest.mark.parametrize("place", PLACES)
async def test_what_is_no_plain_yes_agrees_to_nothing(founded: Founded, programme: Programme, place: str) -> None:
    """I say that I do not want to say yes: nobody takes the yes in it for mine."""
    me = Somebody(founded, programme)
    await PLACES[place](me)
    consents = me.asked().consents

    await me.say("I do not want to say yes")

    assert consents == me.asked().consents
    assert "gbv" != me.asked().asked
    assert [] == references(founded.store)
    assert [[]] * 2 == [founded.store.read(lambda tx, t=t: tx.rows(sa.select(t))) for t in (alarms, tallies)]

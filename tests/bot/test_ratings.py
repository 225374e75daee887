"""What people say of how their case ended is kept once, sealed for the case, and only from whom the case belongs to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from actions.programme import Programme
from actions.talk import Rate
from bot import rating
from store import cases, tallies
from tests.bot.somebody import Somebody
from tests.conftest import NOON_S, Founded


@pytest.fixture
def me(founded: Founded, programme: Programme) -> Somebody:
    return Somebody(founded, replace(programme))


async def _closed(me: Somebody, mode: str = "confidential") -> str:
    case = await me.report(mode)
    me.store.do(lambda tx: cases.close(tx, case.reference, NOON_S, reason=True))
    return case.reference


def _said(me: Somebody, reference: str) -> list[str]:
    return [each.kind for each in me.store.read(lambda tx: cases.entries_of(tx, reference, [rating.KIND]))]


def _counted(me: Somebody) -> list[tuple[str, int]]:
    every = me.store.read(lambda tx: tallies.of(tx, ["2026-03"]))
    return [(each.value, each.n) for each in every if each.what == "helped"]


async def test_it_is_kept_once_and_counted(me: Somebody) -> None:
    """I tap twice: the first answer stands beside my case, sealed, and one number grew by one. (R26)"""
    reference = await _closed(me)

    for value in ("no", "yes"):
        me.store.do(lambda tx, value=value: rating.keep(tx, Rate(reference, value, proved=False), me.address, NOON_S))

    assert ([rating.KIND], [("no", 1)]) == (_said(me, reference), _counted(me))
    [entry] = me.store.read(lambda tx: cases.entries_of(tx, reference, [rating.KIND]))
    assert json.dumps({"helped": "no"}).encode() not in entry.sealed


async def test_nobody_else_says_it_for_me(me: Somebody) -> None:
    """Somebody who only knows the number of my case cannot say that it helped. (R26)"""
    reference = await _closed(me)

    me.store.do(lambda tx: rating.keep(tx, Rate(reference, "yes", proved=False), "somebody else", NOON_S))

    assert ([], []) == (_said(me, reference), _counted(me))


async def test_a_case_that_goes_on_is_not_rated(me: Somebody) -> None:
    """It is not over: nothing is kept. (R26)"""
    case = await me.report("confidential")

    me.store.do(lambda tx: rating.keep(tx, Rate(case.reference, "yes", proved=True), me.address, NOON_S))

    assert [] == _said(me, case.reference)


async def test_somebody_anonymous_can_say_it_with_the_code(me: Somebody) -> None:
    """Nobody knows me; with my code I say that it helped in part, on a day and at no minute. (R26)"""
    reference = await _closed(me, "anonymous")

    me.store.do(lambda tx: rating.keep(tx, Rate(reference, "partly", proved=True), me.address, NOON_S + 4321))

    [entry] = me.store.read(lambda tx: cases.entries_of(tx, reference, [rating.KIND]))
    assert 0 == entry.at % cases.DAY
    assert [("partly", 1)] == _counted(me)


async def test_a_case_that_was_opened_again_can_be_rated_again(me: Somebody) -> None:
    """I said no, so it was opened again; when it is closed the second time I can say that it is all right now. (R26)"""
    reference = await _closed(me)
    me.store.do(lambda tx: rating.keep(tx, Rate(reference, "no", proved=False), me.address, NOON_S))
    later = NOON_S + 3 * cases.DAY
    me.store.do(lambda tx: cases.reopen(tx, reference, later, later))
    me.store.do(lambda tx: cases.close(tx, reference, later + 60, reason=True))

    me.store.do(lambda tx: rating.keep(tx, Rate(reference, "yes", proved=False), me.address, later + 90))

    assert [rating.KIND] * 2 == _said(me, reference)

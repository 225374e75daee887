"""What a turn counts, whom it calls, and what is noticed when many write the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
import sqlalchemy as sa

from actions.programme import DAYS, Duty, Programme
from actions.talk import Alarm, Count, Effect, Said, Updates
from bot.intake import Message, _Turn
from store import alarms, cases, people, tallies
from store.db import Tx
from store.schema import alarms as alarm_rows
from store.schema import audit as audit_rows
from store.schema import echoes, subscribers
from tests.bot.somebody import Somebody, references
from tests.conftest import NOON, NOON_S, Founded


def carry_out(somebody: Somebody, *effects: Effect) -> None:
    """What follows from a turn, as the bot does it."""
    message = Message("key", "web", somebody.address, somebody.chat, Said("x"), lambda _: True)
    turn = _Turn(message, Said("x"), None, NOON)

    def unit(tx: Tx) -> None:
        people.know(tx, somebody.address, "web", "person", lambda: b"sealed", NOON_S)
        for number, effect in enumerate(effects):
            somebody.intake._carry_out(tx, effect, turn, somebody.house.mint.take(), number)

    somebody.store.do(unit)


@pytest.fixture
def somebody(founded: Founded, programme: Programme) -> Somebody:
    return Somebody(founded, replace(programme, rota=(Duty("ada", DAYS, time(0), time(0)),), ack_minutes=7))


async def test_a_count_of_a_turn_leads_to_nobody(somebody: Somebody) -> None:
    """I told of violence: a number is larger, and stands beside no case, no address and no time. (R71)"""
    carry_out(somebody, Count("gbv", "-"))

    assert [tallies.Tally("2026-03", "gbv", "-", 1)] == somebody.store.read(lambda tx: tallies.of(tx, ["2026-03"]))
    assert [] == references(somebody.store)
    assert [] == somebody.store.read(lambda tx: tx.rows(sa.select(audit_rows)))


async def test_an_alarm_of_a_turn_is_no_case_and_leads_to_nobody(somebody: Somebody) -> None:
    """I am in danger: staff are called; no row of it names me, my message or a letter to me. (R81)"""
    carry_out(somebody, Alarm("north", NOON_S), Alarm("north", NOON_S))

    [row] = somebody.store.read(lambda tx: tx.rows(sa.select(alarm_rows)))
    assert ("north", "", NOON_S) == (row.area, row.called, row.at)
    assert [] == references(somebody.store)
    assert not {"key", somebody.address} & {str(cell) for cell in row}
    assert "key" not in row.id
    assert somebody.store.read(lambda tx: alarms.get(tx, row.id))


async def test_where_somebody_is_belongs_to_the_alarm_they_raised(somebody: Somebody) -> None:
    """I am in danger and then say where: one alarm, now with the area, and nobody is called twice. (R81)"""
    carry_out(somebody, Alarm("", NOON_S))
    carry_out(somebody, Alarm("north", NOON_S))

    [row] = somebody.store.read(lambda tx: tx.rows(sa.select(alarm_rows)))
    assert ("north", 1) == (row.area, row.step)


async def test_an_alarm_that_is_settled_is_not_changed(somebody: Somebody) -> None:
    """Somebody saw to it and told what became of it; that I say now where I am calls somebody again. (R81)"""
    carry_out(somebody, Alarm("", NOON_S))
    [row] = somebody.store.read(lambda tx: tx.rows(sa.select(alarm_rows)))
    somebody.store.do(
        lambda tx: (alarms.take(tx, row.id, "ada", "a", NOON_S), alarms.tell(tx, row.id, "helped", "a", 1))
    )

    carry_out(somebody, Alarm("north", NOON_S))

    every = somebody.store.read(lambda tx: tx.rows(sa.select(alarm_rows)))
    assert {"", "north"} == {each.area for each in every}


async def test_what_was_chosen_of_announcements_is_kept(somebody: Somebody) -> None:
    """I choose announcements for women, then all, then none: each holds as I said it last. (R56)"""
    seen = []
    for effect in (Updates(wanted=True, audience="women"), Updates(wanted=True), Updates(wanted=False)):
        carry_out(somebody, effect)
        seen.append([row.audience for row in somebody.store.read(lambda tx: tx.rows(sa.select(subscribers)))])

    assert [["women"], ["all"], []] == seen


async def test_many_reports_that_are_nearly_the_same_are_flagged_and_all_are_answered(
    founded: Founded, programme: Programme
) -> None:
    """Seven people send nearly the same words: each has a case and a code, and from the fifth on staff see it. (R49)"""
    people_ = [Somebody(founded, programme, f"chat{n}") for n in range(7)]
    flagged = []
    for n, each in enumerate(people_):
        words = "The chief is a good man!" if n % 2 else "the CHIEF is a good, good man"
        case = await each.report("anonymous" if n % 2 else "confidential", what=words)
        flagged.append(founded.store.read(lambda tx, case=case: cases.alerts_of(tx, [case.reference])))
        assert each.code()
    other = await Somebody(founded, programme, "other").report(what="No water since Monday")

    assert [False] * 4 + [True] * 3 == ["burst" in str(each) for each in flagged]
    assert {} == founded.store.read(lambda tx: cases.alerts_of(tx, [other.reference]))
    assert 8 == len(references(founded.store))
    assert {0} == {row.at % 600 for row in founded.store.read(lambda tx: tx.rows(sa.select(echoes)))}

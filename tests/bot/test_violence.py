"""What is told of violence by somebody who brings no help: a number grows, and nothing else of it stays anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.programme import Programme
from actions.talk import DANGER, Said, Silence, to_json
from bot.intake import Intake
from store.schema import chunks, diary, entries, files, talks, tallies
from tests.bot.pictures import jpeg
from tests.bot.somebody import Somebody, rows
from tests.boundaries.test_keys_and_columns import CANARY
from tests.conftest import Founded
from tests.nlu.test_client import rasa, says

WORDS = "CANARY my husband beats me"
# What stays of a web conversation, whatever it was about: that messages were heard, the letters, where the talk stands.
OF_ANY_TALK = {"addresses", "inbox", "outbox", "talks"}


async def _understood(somebody: Somebody, words: str, intent: str) -> None:
    """Words that are understood so."""
    async with rasa(says(**{intent: 0.95})) as (_, client):
        somebody.intake = Intake(replace(somebody.house, nlu=client))
        await somebody.say(words)


def _sealed(somebody: Somebody, *tables: sa.Table) -> list[bytes]:
    """Everything that is sealed in these tables."""
    every = [(row, table) for table in tables for row in somebody.store.read(lambda tx, t=table: tx.rows(sa.select(t)))]
    return [row.sealed for row, table in every if row.sealed]


def _kept(home: Path) -> bytes:
    """Every byte of every file of the house."""
    return b"".join(each.read_bytes() for each in sorted(home.rglob("*")) if each.is_file())


def _found(needles: Sequence[bytes], hay: bytes) -> list[bytes]:
    """Which of them are there, whole or in part: a row is cut where a page of the database ends."""
    return [each for each in needles if each[:24] in hay or each[-24:] in hay]


async def _half_filled(somebody: Somebody, up_to: str) -> list[tuple[str, tuple[Any, ...]]]:
    """Somebody in the middle of a report with a photo; every row there was before it."""
    await somebody.begin()
    before = rows(somebody.store)
    await somebody.say("report")
    await somebody.through({"category": "cash", "what": jpeg()}, to=up_to)
    return before


@pytest.mark.parametrize("up_to", ["more", "where", "relation", "contact"])
async def test_violence_told_in_the_middle_of_a_report_leaves_a_number_and_nothing_else(
    founded: Founded, programme: Programme, up_to: str
) -> None:
    """I say that my husband beats me, in a report I had begun: no case, no entry, no file, no word; one count. (R71)"""
    me = Somebody(founded, programme)
    before = await _half_filled(me, up_to)
    await _understood(me, WORDS, "disclose_gbv")
    assert "guess.disclose_gbv" == me.asked().asked
    assert WORDS in to_json(me.asked())
    drafted = _sealed(me, talks, entries, chunks)
    assert 1 + 1 + 2 == len(drafted)

    await me.tap("yes")

    new = [(table, row) for table, row in rows(me.store) if (table, row) not in before]
    assert OF_ANY_TALK | {"tallies"} == {table for table, _ in new}
    assert [("tallies", ("2026-03", "gbv", "-", 1))] == [each for each in new if each[0] == "tallies"]
    assert [[]] * 4 == [me.store.read(lambda tx, t=t: tx.rows(sa.select(t))) for t in (entries, files, chunks, diary)]
    talk = me.asked()
    assert ((), (), "", "", ()) == (talk.answers, talk.files, talk.draft, talk.held, talk.guessed)
    assert "CANARY" not in to_json(talk)
    assert not [each for each in me.told() if "CANARY" in each]
    assert not [row for _, row in rows(me.store) if any(b"CANARY" in _bytes(cell) for cell in row)]
    assert me.store.truncate_log()
    assert [] == _found([*drafted, b"CANARY", CANARY.encode()], _kept(founded.home))


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode()


async def test_the_search_for_what_was_told_is_not_blind(founded: Founded, programme: Programme) -> None:
    """While the report is there, what is looked for in the test before is found in the same way."""
    me = Somebody(founded, programme)
    await _half_filled(me, "where")

    drafted = _sealed(me, talks, entries, chunks)
    me.store.truncate_log()

    assert drafted == _found(drafted, _kept(founded.home))


async def test_violence_chosen_from_the_list_leaves_a_number_too(founded: Founded, programme: Programme) -> None:
    """I wrote everything, saw it, and then chose violence from the list: my draft is gone, and one count grew. (R71)"""
    me = Somebody(founded, programme)
    await me.begin()
    before = rows(me.store)
    await me.say("report")
    await me.through({"category": "cash", "what": Said(WORDS), "where": jpeg()})
    assert any(WORDS in each for each in me.told())
    await me.taps("change", "category")
    await me.tap("violence")

    new = [(table, row) for table, row in rows(me.store) if (table, row) not in before]
    assert OF_ANY_TALK | {"tallies"} == {table for table, _ in new}
    assert "CANARY" not in to_json(me.asked())
    assert not [each for each in me.told() if "CANARY" in each]


async def test_words_of_violence_that_wait_for_an_answer_are_not_held_long(
    founded: Founded, programme: Programme
) -> None:
    """I was asked whether it is violence and fell silent: my words are gone, and nothing was filed or counted. (R71)"""
    me = Somebody(founded, programme)
    await me.begin()
    await _understood(me, WORDS, "disclose_gbv")
    assert WORDS == me.asked().held
    held = _sealed(me, talks)

    await me.hear(Silence(DANGER))

    assert "CANARY" not in to_json(me.asked())
    assert [[]] * 2 == [me.store.read(lambda tx, t=t: tx.rows(sa.select(t))) for t in (entries, tallies)]
    assert [] == _found(held, _kept(founded.home))


async def test_who_says_no_goes_on_with_the_report_and_loses_nothing(founded: Founded, programme: Programme) -> None:
    """It was not that: my answers and my photo are still there, nothing is counted, and I can send it. (R71)"""
    me = Somebody(founded, programme)
    await _half_filled(me, "where")
    await _understood(me, "CANARY he beats the drum for the queue", "disclose_gbv")
    await me.tap("no")
    await me.through({})
    await me.tap("send")

    assert [] == me.store.read(lambda tx: tx.rows(sa.select(tallies).where(tallies.c.what == "gbv")))
    assert ["file", "report"] == sorted(row.kind for row in me.store.read(lambda tx: tx.rows(sa.select(entries))))

"""Whichever way somebody comes it is one list of cases; the bot knows whether anybody at a desk reads them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from actions.programme import Programme
from actions.talk import FileCase, Report
from store import cases, opening, staff
from store.sealing import Recipient
from store.staff import Member
from tests.bot.somebody import Somebody
from tests.bot.test_counts_alarms_and_bursts import carry_out
from tests.conftest import NOON_S, Founded

NOBODY = "Nobody at this desk reads English now."


@pytest.fixture
def ada(founded: Founded) -> opening.Ring:
    """A member of the general desk, signed in."""
    member, identity = opening.new_member("ada", "ada", "Ada", "a password", "TOTP")
    assert founded.store.do(lambda tx: opening.enrol(tx, founded.token, member, NOON_S))
    return founded.store.read(lambda tx: opening.ring_of(tx, "ada", identity))


def reads(founded: Founded, who: str, *languages: str) -> None:
    founded.store.do(lambda tx: staff.set_languages(tx, who, languages))


def beside(founded: Founded, ring: opening.Ring, name: str) -> Member:
    """One more member of the general desk."""
    member, identity = opening.new_member(name, name, name.title(), "a password", "TOTP")
    founded.store.do(lambda tx: staff.add(tx, member, NOON_S))
    key: Recipient = identity.recipient
    founded.store.do(lambda tx: opening.give_desks(tx, ring, ["general"], name, key))
    return member


async def called(founded: Founded, programme: Programme, chat: str) -> Somebody:
    """Somebody who asked for a person; what is asked about an interpreter they leave to us."""
    person = Somebody(founded, programme, chat)
    await person.begin()
    await person.say("human")
    told: dict[str, str] = {"write": "no", "interpreter": "woman"}
    while (asked := person.asked()).asked.startswith("human."):
        await person.say("my card") if asked.step == "about" else await person.tap(told[asked.step])
    return person


async def test_the_same_words_by_two_channels_are_two_cases_of_one_list(
    founded: Founded, programme: Programme, ada: opening.Ring
) -> None:
    """I wrote it on the web, she wrote the same in Telegram: both are in one list, each with its channel. (R42)"""
    for channel in ("web", "telegram"):
        await Somebody(founded, programme, f"chat {channel}", channel).report(what="The rice was wet.")

    listed, _ = founded.store.read(lambda tx: cases.listed(tx, cases.Access(ada.holders, ""), 0, 10))
    told = []
    for each in listed:
        opened = ada.unwrap(each.case, each.holder, each.sealed)
        ref = each.case.reference
        [report] = founded.store.read(lambda tx, ref=ref: cases.entries_of(tx, ref, ["report"]))
        told.append(json.loads(opened.entry(report)))

    assert sorted(each["channel"] for each in told) == ["telegram", "web"]
    assert all("The rice was wet." in [value for _, _, value in each["answers"]] for each in told)


async def test_where_somebody_is_stands_where_a_list_looks(
    founded: Founded, programme: Programme, ada: opening.Ring
) -> None:
    """I said that I live in the north: whoever is liaison there finds my report by that. (R62)"""
    days = {"first_look_by": date(2026, 3, 20), "answer_by": date(2026, 4, 9)}
    report = Report("complaint", "cash", "general", "fr", (), (), "confidential", human=False, **days, area="north")
    carry_out(Somebody(founded, programme), FileCase(report))

    [[each], _] = founded.store.read(lambda tx: cases.listed(tx, cases.Access(ada.holders, ""), 0, 10))

    head = json.loads(ada.unwrap(each.case, each.holder, each.sealed).head())
    assert head == {"category": "cash", "language": "fr", "area": "north"}


async def test_the_bot_says_that_nobody_reads_me_when_everybody_said_so(
    founded: Founded, programme: Programme, ada: opening.Ring
) -> None:
    """
    I write English: as long as it is not known who reads it I am told nothing; when Ada reads only Arabic I am told;
    when Ben, who has not said what he reads, or reads English, works there too I am not. (R61)
    """
    seen = []
    for n, then in enumerate((
        lambda: None,
        lambda: reads(founded, "ada", "ar"),
        lambda: beside(founded, ada, "ben"),
        lambda: reads(founded, "ben", "en"),
        lambda: founded.store.do(lambda tx: staff.retire(tx, "ben")),
    )):  # fmt: skip
        then()
        person = await called(founded, programme, f"chat {n}")
        seen.append(any(NOBODY in each for each in person.told()))

    assert seen == [False, True, False, False, True]

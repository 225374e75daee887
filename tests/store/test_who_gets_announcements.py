"""Announcements for everybody reach everybody; those for women reach those who chose them, and nobody else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from store import announcements, keys, letters, people
from store.announcements import Audience
from store.db import Tx
from store.schema import outbox
from tests.conftest import NOON_S, Founded


@pytest.fixture
def subscribed(founded: Founded) -> Founded:
    """Ann gets everything, Wen chose announcements for women, Moe has none; a partner's group is linked."""

    def unit(tx: Tx) -> None:
        for name, kind in (("ann", "person"), ("wen", "person"), ("moe", "person"), ("group", "group")):
            people.know(tx, name, "web", kind, lambda: b"where", 0)
        people.subscribe(tx, "ann", NOON_S)
        people.subscribe(tx, "wen", NOON_S, "women")
        announcements.link_code(tx, "c1", b"partner", "ann", NOON_S, NOON_S + 60)
        announcements.link(tx, "c1", "group", NOON_S)

    founded.store.do(unit)
    return founded


def announce(house: Founded, audience: Audience) -> list[str]:
    """An announcement goes out; to whom."""
    store = house.store
    to = store.read(lambda tx: [keys.bot(tx)])
    store.do(lambda tx: announcements.write(tx, "n1", "{}", "ada", to, NOON_S, audience))
    store.do(lambda tx: announcements.approve(tx, "n1", "ben", NOON_S))
    while store.do(lambda tx: announcements.post_some(tx, NOON_S, 1)):
        pass
    rows = store.read(lambda tx: tx.rows(sa.select(outbox.c.address)))
    return sorted(row.address for row in rows)


def test_an_announcement_for_everybody_reaches_everybody_who_wants_any(subscribed: Founded) -> None:
    """I chose announcements for women: those for everybody come as well. (R56)"""
    assert ["ann", "group", "wen"] == announce(subscribed, "all")


def test_an_announcement_for_women_reaches_those_who_chose_it(subscribed: Founded) -> None:
    """The women's meeting is announced to those who asked for that, and in no group where others read it. (R56)"""
    assert ["wen"] == announce(subscribed, "women")


def test_whom_no_organisation_reaches_is_reached_directly(founded: Founded) -> None:
    """Where I live no group is linked: I subscribed myself, and get it. (R63)"""
    founded.store.do(lambda tx: people.know(tx, "far", "telegram", "person", lambda: b"where", 0))
    founded.store.do(lambda tx: people.subscribe(tx, "far", NOON_S))

    assert ["far"] == announce(founded, "all")


def test_who_has_chosen_otherwise_meanwhile_gets_nothing_that_was_for_women(subscribed: Founded) -> None:
    """My telephone is not mine alone today, I chose again: what still waits for me is not shown. (R56)"""
    store = subscribed.store
    announce(subscribed, "women")
    before = store.read(lambda tx: letters.wanted(tx, "wen", "n1"))

    store.do(lambda tx: people.subscribe(tx, "wen", NOON_S, "all"))

    assert before
    assert [False, True] == [store.read(lambda tx, each=each: letters.wanted(tx, "wen", each)) for each in ("n1", "")]
    assert [2, 0] == [store.read(lambda tx, each=each: announcements.subscribed(tx, each)) for each in ("all", "women")]

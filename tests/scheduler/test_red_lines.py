"""A change of the red lines is told to every partner group, once."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from actions import notices
from actions.programme import Programme, RedLines
from actions.words import Letter, Words, from_json
from scheduler import main
from store import announcements, letters, people
from store.db import Tx
from store.schema import outbox
from tests.conftest import NOON_S, Founded

HOUR = 3600


def house(founded: Founded, *groups: str) -> list[str]:
    """Linked partner groups, by their addresses."""

    def link(tx: Tx) -> list[str]:
        found = []
        for each in groups:
            address = founded.pocket.address("telegram", each)
            people.know(tx, address, "telegram", "group", lambda: b"sealed", NOON_S)
            announcements.link_code(tx, f"code of {each}", b"sealed", "ada", NOON_S, NOON_S + HOUR)
            announcements.link(tx, f"code of {each}", address, NOON_S)
            found.append(address)
        person = founded.pocket.address("web", "ann")
        people.know(tx, person, "web", "person", lambda: b"sealed", NOON_S)
        people.subscribe(tx, person, NOON_S)
        return found

    return founded.store.do(link)


def added(programme: Programme, version: str, line: str) -> Programme:
    lines = (*programme.red_lines.lines, Words((("en", line),)))
    return replace(programme, red_lines=RedLines(version, lines))


def posted(founded: Founded) -> list[tuple[str, str]]:
    """Address and key of every letter, in the order in which they were posted."""
    every = sa.select(outbox.c.address, outbox.c.key).order_by(outbox.c.id)
    return [(row.address, row.key) for row in founded.store.read(lambda tx: tx.rows(every))]


def read(founded: Founded, key: str) -> Letter:
    """A letter as the bot opens it."""
    row = founded.store.read(lambda tx: tx.row(sa.select(outbox.c.sealed).where(outbox.c.key == key)))
    assert row is not None
    return from_json(founded.pocket.open(row.sealed, letters.place(key)).decode())


def test_a_house_that_begins_announces_no_red_lines(founded: Founded, programme: Programme) -> None:
    """When Amana starts for the first time nothing has changed, so no partner is written to. (R09)"""
    house(founded, "one", "two")

    main.tidy(founded.store, programme, NOON_S)
    main.tidy(founded.store, programme, NOON_S + HOUR)

    assert posted(founded) == []


def test_a_red_line_that_is_added_is_told_to_every_partner_group_once(founded: Founded, programme: Programme) -> None:
    """Each linked group reads the lines that hold now, once, however often Amana starts; nobody else does. (R09)"""
    groups = house(founded, "one", "two")
    main.tidy(founded.store, programme, NOON_S)
    changed = added(programme, "2027-01-01", "We carry no letters.")

    for hours in (1, 2, 3):
        main.tidy(founded.store, changed, NOON_S + hours * HOUR)

    assert sorted(posted(founded)) == sorted((each, f"redlines/2027-01-01/{each}") for each in groups)
    assert read(founded, f"redlines/2027-01-01/{groups[0]}") == notices.red_lines_changed(changed.red_lines)


def test_the_next_change_is_told_again(founded: Founded, programme: Programme) -> None:
    """A second version is another change, and each group reads that one too. (R09)"""
    groups = house(founded, "one")
    for hours, version in enumerate(("1", "2", "3")):
        main.tidy(founded.store, added(programme, version, "We carry no letters."), NOON_S + hours * HOUR)

    assert posted(founded) == [(groups[0], f"redlines/{each}/{groups[0]}") for each in ("2", "3")]

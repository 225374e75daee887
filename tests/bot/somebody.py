"""Somebody at a bot with desks and members behind it: what the tests of a person's own case stand on."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from actions.programme import Programme
from actions.talk import Event, Said, Tapped
from actions.words import Letter, to_json
from bot.fetching import newer
from bot.intake import Attached, Message
from store import cases, keys, letters, people
from store.cases import Case
from store.letters import Lane
from store.schema import cases as case_table
from store.schema import meta
from store.sealing import Recipient
from tests.boundaries.test_keys_and_columns import Chat
from tests.conftest import NOON_S, Founded

CODE = re.compile(r"\d{4}(?: \d{4}){6}")


class Somebody(Chat):
    """A person with a conversation of their own."""

    def __init__(self, founded: Founded, programme: Programme, chat: str = "mine", channel: str = "web") -> None:
        super().__init__(founded, programme)
        self.chat, self.channel = chat, channel
        self.store = founded.store
        self.address = founded.pocket.address(channel, chat)

    async def hear(self, what: Event | Attached) -> bool:
        self.n += 1
        key = f"{self.chat}-{self.n}"
        claim = lambda tx: people.claim(tx, key, self.channel, NOON_S)  # noqa: E731
        return await self.intake.hear(Message(key, self.channel, self.address, self.chat, what, claim))

    async def say(self, *every: str) -> None:
        for each in every:
            await self.hear(Said(each))

    async def taps(self, *every: str) -> None:
        for each in every:
            await self.tap(each)

    def told(self) -> list[str]:
        """Every letter that waits for this person, as they read it."""
        house = self.house
        found = house.store.read(lambda tx: newer(tx, house.pocket, house.texts, self.address, 0))
        return [letter.text for _, letter in found.shown]

    def code(self) -> str:
        """The newest code they were given."""
        return [each for each in self.told() if CODE.fullmatch(each)][-1]

    async def begin(self) -> None:
        await self.hear(Tapped("start"))
        await self.tap("en")

    async def report(
        self, how: str = "confidential", *, handler: str = "either", what: str = "The rice was wet.", name: str = "",
        about: str = "quality",
    ) -> Case:  # fmt: skip
        """One more report; the case it became."""
        before = set(references(self.store))
        await self.begin() if self.n == 0 else None
        await self.say("report")
        told = {"category": about, "handler": handler, "contact": how, "write": "yes", "others": "no"}
        said = {"what": what, "where": "At the school", "wish": "Dry rice", "name": name}
        await self.through(told | {key: Said(words) for key, words in said.items() if words})
        await self.tap("send")
        [new] = set(references(self.store)) - before
        return case(self.store, new)


def references(store: Any) -> list[str]:
    return [row.reference for row in store.read(lambda tx: tx.rows(sa.select(case_table.c.reference)))]


def case(store: Any, reference: str) -> Case:
    found = store.read(lambda tx: cases.get(tx, reference))
    assert found is not None
    return found


def answer(founded: Founded, to: Case, words: str) -> None:
    """Staff answer a case as the console does."""

    def unit(tx: Any) -> None:
        id_ = cases.add(tx, to, "answer", "ada", words.encode(), NOON_S, None, [Recipient(to.reporter)])
        if to.address:
            key, sent = f"reply/{id_}", to_json(Letter((words,)))
            letters.post(tx, key, to.address, sent, Lane.REPLY, keys.bot(tx), NOON_S)
        cases.answered(tx, to.reference, NOON_S)

    founded.store.do(unit)


def rows(store: Any, *but: str) -> list[tuple[str, tuple[Any, ...]]]:
    """Every row of every table, except for some."""
    return [
        (table.name, tuple(row)) for table in meta.sorted_tables if table.name not in but
        for row in store.read(lambda tx, t=table: tx.rows(sa.select(t)))
    ]  # fmt: skip


def names_of(founded: Founded, reference: str) -> set[str]:
    """Everything by which the database calls a case or a part of it."""
    entries = founded.store.read(lambda tx: cases.entries_of(tx, reference))
    return {reference, *(each.id for each in entries)}


def mentions(row: tuple[Any, ...], names: set[str]) -> bool:
    """Whether a row names any of these, alone or within a key."""
    return any(name in cell for cell in row if isinstance(cell, str) for name in names)

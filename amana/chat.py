"""Talking in a terminal to the real core: the real intake and the house's own store."""

from __future__ import annotations

import asyncio
import secrets

from actions.talk import Event, Said, Tapped
from amana import founding
from bot import main as bot
from bot.fetching import newer
from bot.intake import House, Intake, Message
from house import logs
from house.settings import Settings
from house.texts import Rendered
from store import letters, people
from store.db import Tx

# The same channel as the web chat: letters are fetched, and its silences are worked on by the bot.
CHANNEL = "web"


def talk(settings: Settings) -> int:
    """Read lines and show letters until the input ends."""
    founding.found(settings)
    logs.quiet("chat", "ERROR")
    asyncio.run(_talk(settings))
    return 0


async def _talk(settings: Settings) -> None:
    house = bot.furnished(settings)
    me = _Person(house, Intake(house))
    print("You are talking to Amana's real core. What you send here is kept like any message. Ctrl-D ends.\n")
    await me.hear(Tapped("start"))
    try:
        while True:
            line = await asyncio.to_thread(input, "> ")
            if line.strip():
                await me.hear(Said(line))
    except EOFError:
        print()
    finally:
        await house.close()


class _Person:
    def __init__(self, house: House, intake: Intake) -> None:
        self._house, self._intake = house, intake
        self._address = house.pocket.address(CHANNEL, secrets.token_urlsafe(16))
        self._heard = 0

    async def hear(self, what: Event) -> None:
        key = self._house.pocket.token("inbound", CHANNEL, secrets.token_urlsafe(16))
        now = self._intake.now()
        await self._intake.hear(
            Message(key, CHANNEL, self._address, "", what, lambda tx: people.claim(tx, key, CHANNEL, now))
        )
        for number, letter in await self._house.store.look(self._letters):
            self._heard = number
            print(f"\n{letter.text}")
            for _, label in letter.choices:
                print(f"  {label}")
        await self._house.store.run(lambda tx: letters.fetched(tx, self._address, self._heard))

    def _letters(self, tx: Tx) -> tuple[tuple[int, Rendered], ...]:
        return newer(tx, self._house.pocket, self._house.texts, self._address, self._heard).shown

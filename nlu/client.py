"""Asks Rasa what a text means: an intent or None, within half a second, and never an exception."""

import asyncio
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import aiohttp

from nlu.intents import ASKED_FROM, INTENTS, SAFETY, SURE, UNSURE

WITHIN: Final = 0.45
"""Seconds for everything; the promise to callers is half a second."""
REST: Final = 1.5
"""Seconds in which a Rasa that failed is not asked again."""
LONGEST: Final = 4_000
# Of the safety intents that are likely together, those are asked about that make up so much of it.
_PART: Final = 0.3
_JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text means.

    `also` names the safety intents beside `intent` that are worth a question. Where nothing is sure, `intent` is
    "out_of_scope" and `maybe` is what it may be, the likeliest first. `model` is the version of the model that said it.
    """

    intent: str
    confidence: float
    also: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    model: str = ""

    @property
    def guess(self) -> str:
        """What the text was likeliest taken for and by which model: `report_problem@1f6b22c4a90d3e58`."""
        return f"{(self.maybe or (self.intent,))[0]}@{self.model}"


# In which languages there are examples: a text in any other would be taken for whatever looks like it.
TAUGHT = frozenset(each.stem for each in (Path(__file__).parent / "data").glob("*.yml"))


class Client:
    """A connection to Rasa's server, kept alive."""

    def __init__(self, url: str | None, token: str, *, threshold: float = SURE) -> None:
        """Without an address every answer is None."""
        self._url, self._token, self._threshold = url, token, threshold
        self._rested_at = 0.0
        self._http: aiohttp.ClientSession | None = None

    async def understand(self, text: str) -> Understood | None:
        """Name the intent of a text, or None where Rasa is absent or slow, or the text is not for it."""
        # A leading slash would let the writer choose the intent.
        plain = re.sub(r"^[\s/]+", "", text)
        if self._url is None or len(plain) > LONGEST or not any(letter.isalpha() for letter in plain):
            return None
        now = asyncio.get_running_loop().time
        if now() < self._rested_at:
            return None
        try:
            async with asyncio.timeout(WITHIN):
                status, body = await self._ask(self._url, plain)
        except Exception:  # noqa: BLE001 - whatever goes wrong the menu still works, and no error may hold the text
            self._rested_at = now() + REST
            return None
        try:
            return _read(json.loads(body), self._threshold) if status == HTTPStatus.OK else None
        except Exception:  # noqa: BLE001 - not an answer of ours; no rest either, or one text could silence all others
            return None

    async def _ask(self, url: str, plain: str) -> tuple[int, bytes]:
        if self._http is None:
            self._http = aiohttp.ClientSession(headers={"Authorization": f"Bearer {self._token}", **_JSON})
        # json.dumps escapes half a surrogate pair, which would otherwise be an error.
        call = self._http.post(
            f"{url.rstrip('/')}/model/parse", data=json.dumps({"text": plain}), allow_redirects=False
        )
        async with call as reply:
            return reply.status, await reply.read()

    async def aclose(self) -> None:
        """Let the connection go."""
        if self._http is not None:
            await self._http.close()


def _read(said: dict[str, Any], threshold: float) -> Understood | None:
    chances = {str(one["name"]): float(one["confidence"]) for one in said["intent_ranking"]}
    if not chances:
        return None
    first = max(chances, key=lambda name: chances[name])
    sure = first in INTENTS and chances[first] >= threshold
    intent = first if sure else UNSURE
    also = tuple(name for name in _likely(said, chances) if name != intent)
    ours = [name for name in sorted(chances, key=lambda name: -chances[name]) if name in INTENTS - {UNSURE}]
    maybe = () if sure else tuple(ours)
    if not (sure or maybe or also):
        return None
    return Understood(intent, chances[first], also, maybe, str(said.get("model", "")))


def _likely(said: dict[str, Any], chances: dict[str, float]) -> list[str]:
    """The safety intents worth a question, the likeliest first: likely enough together, in any part of the text."""
    screened = {str(name): float(chance) for name, chance in (said.get("safety") or chances).items() if name in SAFETY}
    together = sum(screened.values())
    found = [name for name, chance in screened.items() if chance >= _PART * together]
    return sorted(found, key=lambda name: -screened[name]) if together >= ASKED_FROM else []

"""The client names an intent or says None, soon, and never raises, whatever is at the other end."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from nlu.client import Client, Understood
from nlu.intents import ASKED_FROM, SAFETY

TOKEN = "a token of the test"
SOON = 1.5  # the promise is half a second; the machine may be busy

Answer = Callable[[asyncio.StreamWriter, str], Awaitable[None]]


class Rasa:
    """A strict double of Rasa's server: one path, one method, one token; says each text it was given."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.heard: list[str] = []
        self.url = ""

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                assert lines[0] == "POST /model/parse HTTP/1.1"
                headers = {
                    name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)
                }
                assert headers["authorization"] == f"Bearer {TOKEN}"
                asked = json.loads(await reader.readexactly(int(headers["content-length"])))
                assert set(asked) == {"text"}
                self.heard.append(asked["text"])
                await self.answer(writer, asked["text"])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def http(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def says(safety: dict[str, float] | None = None, model: str = "", **chances: float) -> Answer:
    ranking = [{"name": name, "confidence": p} for name, p in sorted(chances.items(), key=lambda each: -each[1])]
    screened = {name: chances.get(name, 0.0) for name in SAFETY} | (safety or {})
    said = {"intent": ranking[0], "intent_ranking": ranking, "safety": screened, "model": model}
    return sends(http(json.dumps(said).encode()))


def sends(reply: bytes) -> Answer:
    async def answer(writer: asyncio.StreamWriter, _text: str) -> None:
        writer.write(reply)

    return answer


@asynccontextmanager
async def rasa(answer: Answer) -> AsyncIterator[tuple[Rasa, Client]]:
    double = Rasa(answer)
    server = await asyncio.start_server(double.meet, "127.0.0.1", 0)
    client = Client(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", TOKEN)
    try:
        yield double, client
    finally:
        await client.aclose()
        server.close()


async def test_a_sure_answer_is_an_intent() -> None:
    async with rasa(says(report_problem=0.9, greet=0.1)) as (_, client):
        found = await client.understand("my food card does not work")

    assert found == Understood("report_problem", 0.9)


async def test_a_likely_safety_intent_is_named_beside_what_was_meant() -> None:
    """One sentence of a long text may be about abuse, whatever the whole of it is about. (R65)"""
    async with rasa(says({"report_sea": 0.6, "emergency": 0.05}, report_problem=0.95)) as (_, client):
        found = await client.understand("he wants something for the card")

    assert found == Understood("report_problem", 0.95, ("report_sea",))


async def test_what_is_not_sure_is_said_with_what_is_likeliest() -> None:
    """Below the line nothing is taken for meant; what is nothing of ours is not among what it may be. (R65)"""
    unsure = says(out_of_scope=0.3, suggest=0.2, check_status=0.17, report_problem=0.16, greet=0.1)
    async with rasa(unsure) as (_, client):
        found = await client.understand("hm well maybe")

    assert found == Understood("out_of_scope", 0.3, (), ("suggest", "check_status", "report_problem", "greet"))


async def test_whoever_said_it_is_named() -> None:
    """The version of the model stands beside every guess."""
    body = json.dumps({"intent_ranking": [{"name": "greet", "confidence": 0.99}], "model": "0123456789abcdef"}).encode()
    async with rasa(sends(http(body))) as (_, client):
        assert await client.understand("hello") == Understood("greet", 0.99, model="0123456789abcdef")


async def test_what_is_surely_none_of_ours_is_said_without_guesses() -> None:
    async with rasa(says(out_of_scope=0.95, greet=0.02)) as (_, client):
        assert await client.understand("goal!") == Understood("out_of_scope", 0.95)


async def test_safety_intents_that_share_the_chance_are_likely_together() -> None:
    """Abuse or violence, nobody can say: each alone is not likely, both are asked about, the likelier first. (R66)"""
    half = ASKED_FROM / 2 + 0.01
    async with rasa(says(disclose_gbv=half, report_sea=half + 0.01, suggest=0.5)) as (_, client):
        found = await client.understand("he comes at night")

    assert found is not None
    assert ("report_sea", "disclose_gbv") == found.also


@pytest.mark.parametrize(("together", "asked"), [(0.15, ()), (0.24, ("emergency",))])
async def test_where_nothing_is_likely_safety_is_not_either(together: float, asked: tuple[str, ...]) -> None:
    """Two words that mean anything are not taken for danger; where danger stands out they are."""
    async with rasa(says(emergency=together, suggest=0.25, greet=0.2)) as (_, client):
        found = await client.understand("by the well")

    assert found is not None
    assert asked == found.also


async def test_where_safety_is_unlikely_nothing_is_asked() -> None:
    few = ASKED_FROM / 4
    async with rasa(says(disclose_gbv=few, report_sea=few, suggest=0.9)) as (_, client):
        found = await client.understand("a well would help")

    assert found is not None
    assert () == found.also


@pytest.mark.parametrize(
    "text", ["", "  ", "123", "12:30", "👍", "?!", "/", "//", "+243 990 000 000", "...", "x" * 4001]
)
async def test_what_has_no_words_or_too_many_is_not_asked(text: str) -> None:
    async with rasa(says(affirm=1.0)) as (double, client):
        assert await client.understand(text) is None
        assert double.heard == []


@pytest.mark.parametrize("text", ["/report_sea", " / /report_sea", "\n//report_sea"])
async def test_a_leading_slash_is_taken_off(text: str) -> None:
    async with rasa(says(greet=0.9)) as (double, client):
        await client.understand(text)
        assert double.heard == ["report_sea"]


@pytest.mark.parametrize("text", ["لا توجد مياه", "ውሃ የለም", "half a pair \ud800 here", "zero\x00byte"])
async def test_any_script_and_any_nonsense_reaches_rasa_as_it_is(text: str) -> None:
    async with rasa(says(report_problem=0.9)) as (double, client):
        assert await client.understand(text) is not None
        assert double.heard == [text]


WRONG = {
    "not JSON": http(b"<html>"),
    "another JSON": http(b"[1, 2]"),
    "no ranking": http(b"{}"),
    "an empty ranking": http(b'{"intent_ranking": []}'),
    "a ranking of nonsense": http(b'{"intent_ranking": [{"name": "greet", "confidence": "much"}]}'),
    "an intent that is not ours": http(b'{"intent_ranking": [{"name": "joke", "confidence": 1.0}]}'),
    "a failure": http(b"{}", "500 Internal Server Error"),
    "a wrong token": http(b"{}", "401 Unauthorized"),
    "a redirect": http(b"", "302 Found"),
    "not HTTP": b"hello\r\n\r\n",
    "half an answer": b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{",
    "headers without end": b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000,
}


@pytest.mark.parametrize("reply", WRONG.values(), ids=WRONG.keys())
async def test_a_wrong_answer_is_none_and_soon(reply: bytes) -> None:
    async with rasa(sends(reply)) as (_, client):
        began = time.monotonic()
        assert await client.understand("my food card does not work") is None
        assert time.monotonic() - began < SOON


async def _hangs(_writer: asyncio.StreamWriter, _text: str) -> None:
    await asyncio.sleep(5)


async def _drips(writer: asyncio.StreamWriter, _text: str) -> None:
    for one in http(b"{}" + b" " * 1000):
        writer.write(bytes([one]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def _closes(writer: asyncio.StreamWriter, _text: str) -> None:
    writer.close()


@pytest.mark.parametrize("answer", [_hangs, _drips, _closes])
async def test_slow_or_gone_is_none_and_soon_and_then_at_once(answer: Answer) -> None:
    async with rasa(answer) as (double, client):
        began = time.monotonic()
        assert await client.understand("my food card does not work") is None
        assert time.monotonic() - began < SOON
        began = time.monotonic()
        for _ in range(100):
            assert await client.understand("my food card does not work") is None
        assert time.monotonic() - began < 0.2
        assert len(double.heard) == 1


async def test_nobody_there_costs_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = Client(f"http://127.0.0.1:{taken.getsockname()[1]}", TOKEN)
        began = time.monotonic()
        for _ in range(100):
            assert await client.understand("hello there") is None
        assert time.monotonic() - began < SOON
    await client.aclose()


async def test_without_an_address_there_is_no_rasa() -> None:
    client = Client(None, "")
    assert await client.understand("hello there") is None
    await client.aclose()


@pytest.mark.parametrize("url", ["not an address", "http://", "ftp://127.0.0.1", "http://127.0.0.1:99999"])
async def test_a_wrong_address_is_none(url: str) -> None:
    client = Client(url, TOKEN)
    assert await client.understand("hello there") is None
    await client.aclose()


async def test_rasa_is_asked_again_after_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlu.client.REST", 0.1)
    fails = iter([True])

    async def answer(writer: asyncio.StreamWriter, text: str) -> None:
        await (_closes if next(fails, False) else says(greet=0.9))(writer, text)

    async with rasa(answer) as (_, client):
        assert await client.understand("hello there") is None
        await asyncio.sleep(0.15)
        assert await client.understand("hello there") == Understood("greet", 0.9)


async def test_a_text_that_rasa_cannot_take_does_not_silence_the_others() -> None:
    async def answer(writer: asyncio.StreamWriter, text: str) -> None:
        await (sends(http(b"{}", "500 Oh")) if text == "poison" else says(greet=0.9))(writer, text)

    async with rasa(answer) as (_, client):
        assert await client.understand("poison") is None
        assert await client.understand("hello there") == Understood("greet", 0.9)


async def test_many_at_once_share_a_connection_pool() -> None:
    async with rasa(says(greet=0.9)) as (double, client):
        answers = await asyncio.gather(*(client.understand("hello there") for _ in range(50)))
        assert answers == [Understood("greet", 0.9)] * 50
        assert len(double.heard) == 50

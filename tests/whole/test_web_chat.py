"""The calls of the web chat as CONTRACT says them, at a bot that runs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from actions.languages import NAMES
from tests.whole.house import House
from tests.whole.people import REPORT, USUAL, WebPerson, events

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A bot with the web chat alone."""
    with House(tmp_path_factory.mktemp("web"), names=["bot"]) as house:
        yield house


def test_health_says_what_works(bot: House) -> None:
    """
    Whoever runs it sees that the store works and that there is no Rasa.
    """
    answer = bot.client(bot.chat).get("/health")

    assert (200, {"store": "ok", "nlu": "off"}) == (answer.status_code, answer.json())


@pytest.mark.parametrize("path", ["/", "/page/chat.js", "/health", "/chat/letters", "/nothing", "/chat"])
def test_every_answer_is_guarded_and_sets_no_cookie(bot: House, path: str) -> None:
    """
    No answer, refusals among them, leaves a cookie on my phone, and none lets another page look in.
    """
    answer = bot.client(bot.chat).get(path)

    assert "set-cookie" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_the_same_id_twice_is_one_message(bot: House) -> None:
    """
    The network broke and my phone sent it again: it was heard once.
    """
    person = WebPerson(bot)
    person.begin()
    person.tap("English")
    person.wait_for("What would you like to do")
    before = len(person.texts())

    for _ in range(3):
        person.say("status", "the-same")
    person.say("menu", "another")
    person.wait_for("What would you like to do", before)

    assert [each for each in person.texts() if "28 digits" in each] == [person.texts()[before]]
    assert len(person.texts()) == before + 2


@pytest.mark.parametrize("channel", ["desk", "phone", "letter", "box"])
def test_a_talk_may_begin_for_somebody_who_reached_staff(bot: House, channel: str) -> None:
    """
    Staff begin a talk for somebody who came, called or wrote; its bearer is one like any other, and cannot be changed
    into another way. (R42)
    """
    person = WebPerson(bot)
    person.begin(channel)
    assert person.fetch()

    label, _, rest = person.token.partition("~")
    for other in (rest, f"web~{rest}", f"~{rest}", person.token.replace(label, "box" if label != "box" else "desk", 1)):
        person.token = other
        assert person.once(json={"id": "a", "text": "b"}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b"desk", b'"desk"', b'{"channel": "web"}', b'{"channel": ""}', b'{"channel": ["desk"]}',
     b'{"channel": "desk", "name": "x"}', b'{"channel": "desk"', b"\xff", b"[" * 900, b" " * 5000],
)  # fmt: skip
def test_a_talk_begins_with_nothing_else(bot: House, body: bytes) -> None:
    """
    A page that begins a talk with anything but one of four ways is told in one sentence what it may say.
    """
    answer = bot.client(bot.chat).post("/chat", content=body)

    assert answer.status_code == 400
    assert answer.json() == {"error": "A talk begins with no body, or with a channel: desk, phone, letter or box."}


def test_ten_turns_cost_little(bot: House) -> None:
    """
    My data are dear: a turn of a report cost me less than a kilobyte on the average, no letter's words cost more, and
    none brings or names anything but text. (R60)
    """
    person = WebPerson(bot)
    person.begin()
    asked = []

    person.report({
        name: (lambda name=name, given=given: asked.append(name) or person.answer(person.question(), given))
        for name, given in {**USUAL, **REPORT}.items()
    })  # fmt: skip

    sizes = [len(json.dumps(each, ensure_ascii=False).encode()) for each in person.letters]
    assert len(asked) >= 10
    assert sum(sizes) <= 1024 * len(asked)
    assert max(len(each["text"].encode()) for each in person.letters) <= 1024
    assert {each["audio"] for each in person.letters} == {None}


def test_an_open_call_is_answered_at_once_and_an_idle_one_after_25_seconds(bot: House) -> None:
    """
    While I wait the page asks once in 25 seconds; when something comes it is there at once.
    """
    person = WebPerson(bot)
    person.begin()
    person.fetch()
    began = time.monotonic()

    assert person.fetch() == []
    assert 20 < time.monotonic() - began < 28


def test_a_stream_of_events_goes_on_where_it_broke_off(bot: House) -> None:
    """
    The page listens to a stream; after a break it names the last letter it has and gets what came since, once.
    """
    person = WebPerson(bot)
    person.begin()
    with person.http.stream("GET", "/chat/events", headers=person.headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        first = next(events(answer.iter_lines()))
    person.choose(first["choices"][0]["id"])

    again = {**person.headers, "Last-Event-ID": first["id"]}
    with person.http.stream("GET", "/chat/events", headers=again) as answer:
        stream = events(answer.iter_lines())
        then = [next(stream) for _ in range(4)]

    polled = person.http.get("/chat/letters", params={"after": 0}, headers=person.headers).json()
    assert polled == [{key: each[key] for key in ("n", "text", "choices", "audio")} for each in (first, *then)]
    assert [str(each["n"]) for each in polled] == [first["id"], *(each["id"] for each in then)]


def test_what_came_before_a_crash_is_fetched_after_it(bot: House) -> None:
    """
    The server died before my phone had fetched the answer; I got it when it was back.
    """
    person = WebPerson(bot)
    person.begin()
    person.tap("English")
    bot.again("bot")

    person.wait_for("What would you like to do")

    assert [each["n"] for each in person.letters] == list(range(1, len(person.letters) + 1))
    bot.ready("bot")


def test_a_letter_is_what_contract_says(bot: House) -> None:
    """
    Others can write their own page: a letter is a number, a text, choices and no sound yet.
    """
    person = WebPerson(bot)
    person.begin()
    person.fetch()

    assert {"n", "text", "choices", "audio"} == set(person.letters[0])
    assert person.letters[0]["choices"] == [
        {"id": f"0.0.language~{key}", "label": f"{n}. {name}"} for n, (key, name) in enumerate(NAMES.items(), 1)
    ]
    assert json.dumps(person.letters[0])

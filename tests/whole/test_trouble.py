"""Trouble from outside: no Rasa, no room on the disk, a busy store, bad input, and wrong settings."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import secrets
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions import code as return_code
from tests.fakes.bot_api import BotApi
from tests.whole import hunting
from tests.whole.house import EVERY, HOST, House, free_port, wait_until
from tests.whole.people import Staff, TelegramPerson, WebPerson, complain

pytestmark = pytest.mark.slow

PYTHON = os.environ.get("AMANA_NLU_PYTHON", "")
SECRET = "the-secret-of-the-webhook"
CHAT = 7_348_215_590
NOT_KEPT = "We cannot keep your message at this moment. Nothing was saved."
MB = 1024 * 1024


# --- without understanding -------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _silent_server() -> Iterator[str]:
    """Something that takes every call and never answers, as a Rasa that hangs."""
    with socket.create_server((HOST, 0)) as listener:
        yield f"http://{HOST}:{listener.getsockname()[1]}"


def test_a_rasa_that_hangs_holds_nobody_up(tmp_path: Path) -> None:
    """
    The understanding hangs: I was answered all the same, in about the half second that it may take.
    """
    with _silent_server() as url, House(tmp_path, names=["bot"], AMANA_NLU_URL=url, AMANA_NLU_TOKEN="x") as house:
        person = WebPerson(house)
        person.begin()
        person.tap("English")
        began = time.monotonic()
        person.say("the queue was long and nobody had water")
        person.wait_for("Shall I send your words")
        took = time.monotonic() - began

        assert took < 3
        assert "nobody had water" in complain_on(person)


def complain_on(person: WebPerson) -> str:
    """Send words that are held, as they are; the review card that stood before it."""
    before = len(person.texts())
    person.report({"offer": "send", "contact": "confidential"}, until="review")
    person.report()
    return person.wait_for("Shall I send this", before)


@pytest.mark.rasa
@pytest.mark.skipif(not PYTHON, reason="AMANA_NLU_PYTHON names no interpreter with Rasa")
def test_rasa_stopped_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    """
    It understood my first words; then it died, and buttons, numbers and plain words went on working to the receipt.
    """
    rasa = {"AMANA_NLU_PYTHON": PYTHON, "AMANA_NLU_TOKEN": secrets.token_urlsafe(9), "AMANA_NLU_PORT": str(free_port())}
    with House(tmp_path, names=["nlu", "bot"], **rasa) as house:
        person = WebPerson(house)
        person.begin()
        person.tap("English")
        person.say("I want to talk to a human being")
        person.wait_for("What would you like to talk about")
        person.say("menu")
        house.kill("nlu")
        assert not house.understands()

        before = len(person.texts())
        person.say("they gave us rotten beans again")
        person.wait_for("Shall I send your words", before)

        assert "rotten beans" in complain_on(person)


# --- no room on the disk, a busy store -------------------------------------------------------------------------------


@contextlib.contextmanager
def _small_disk(folder: Path) -> Iterator[Callable[[House], AbstractContextManager[None]]]:
    """The home folder on a disk of its own that can be filled (needs the right to mount)."""
    folder.mkdir(parents=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "amana", str(folder)], check=False)
    if done.returncode:
        pytest.skip("a disk that can be filled needs the right to mount one")
    try:
        yield _filled
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextlib.contextmanager
def _filled(house: House) -> Iterator[None]:
    ballast = house.home / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    assert shutil.disk_usage(house.home).free == 0
    yield
    ballast.unlink()


@contextlib.contextmanager
def _limited(house: House) -> Iterator[None]:
    """No file of the bot may grow or be written beyond a page: every write to the store fails."""
    before = resource.prlimit(house.pid("bot"), resource.RLIMIT_FSIZE)
    resource.prlimit(house.pid("bot"), resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.prlimit(house.pid("bot"), resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def _held(house: House) -> Iterator[None]:
    """Another program holds the database: no write gets through."""
    with contextlib.closing(sqlite3.connect(house.database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextlib.contextmanager
def _as_it_is(way: Callable[[House], AbstractContextManager[None]]) -> Iterator[Callable[..., Any]]:
    yield way


@pytest.mark.parametrize(
    ("trouble", "webhook"),
    [
        ("disk full", ""),
        ("disk full", SECRET),
        ("writing refused", ""),
        ("writing refused", SECRET),
        ("store held", ""),
    ],
    ids=["disk full", "disk full, webhook", "writing refused", "writing refused, webhook", "store held"],
)
def test_what_cannot_be_kept_is_said_and_kept_later_once(tmp_path: Path, trouble: str, webhook: str) -> None:
    """
    The store took nothing: I was told so honestly and nothing was half kept; my neighbour's Telegram went on holding
    what she wrote. Then there was room again: mine, sent again, and hers were each kept once.
    """
    ways = {"writing refused": _limited, "store held": _held}
    disk = _small_disk(tmp_path / "home") if trouble == "disk full" else _as_it_is(ways[trouble])
    with (
        BotApi() as api,
        disk as break_store,
        House(tmp_path, names=["bot", "console"], api=api, webhook=webhook) as house,
    ):
        staff = Staff(house, "mariam", "Mariam Haroun")
        staff.enrol(house.first_token)
        web, telegram = WebPerson(house), TelegramPerson(api, CHAT)
        for person in (web, telegram):
            person.begin()
            person.report(until="what")
        api.wait_pending(0, 20)
        letters = _count(house, "outbox")

        photo = {"file": ("a.jpg", b"\xff\xd8\xff" + bytes(200), "image/jpeg")}
        with break_store(house), ThreadPoolExecutor(3) as threads:
            telegram.say("telegramwords kept once")
            sending = [
                *(threads.submit(web.once, json={"id": "mine", "text": "webwords kept once"}) for _ in range(2)),
                threads.submit(web.once, data={"id": "photo"}, files=photo),
            ]
            refused = [each.result() for each in sending]
            _tried(api, webhook)
            assert [503] * 3 == [each.status_code for each in refused]
            assert all(each.json()["error"].startswith(NOT_KEPT) for each in refused)
            assert len(api.pending()) == 1
            assert web.http.get("/health").status_code in (200, 503)
            assert (letters, 0) == (_count(house, "outbox"), _count(house, "entries"))

        for _ in range(2):
            web.send({"id": "mine", "text": "webwords kept once"})
        for person, words in ((web, "webwords"), (telegram, "telegramwords")):
            assert not person.question().is_("what")
            page = staff.open(person.report().reference).words
            assert (page.count(words), page.count("kept once")) == (1, 1)
        api.wait_pending(0, 20)


def _tried(api: BotApi, webhook: str) -> None:
    """The bot has had the message in its hands and could not keep it."""
    if webhook:
        wait_until(lambda: "503" in api.webhook().get("last_error_message", ""), "Telegram was told 503")
    else:
        api.wait_calls("getUpdates", sum(call.method == "getUpdates" for call in list(api.calls)) + 2, 40)


def _count(house: House, table: str) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{house.database}?mode=ro", uri=True)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, BotApi]]:
    """A house whose Telegram comes by webhook, and its logs are read at the end: nothing that was said is in them."""
    with BotApi() as api, House(tmp_path_factory.mktemp("open"), api=api, webhook=SECRET) as house:
        wait_until(lambda: api.webhook()["url"], "the webhook is set")
        yield house, api
        house.stop()
        said = {"what was said": (b"zebrafish",), "token": tuple(hunting.forms(api.token.encode())),
                "secret": (SECRET.encode(),)}  # fmt: skip
        assert [] == hunting.found(said, house.files())


@pytest.fixture
def person(open_house: tuple[House, BotApi]) -> WebPerson:
    """Somebody in the middle of a report, asked what happened."""
    person = WebPerson(open_house[0])
    person.begin()
    person.report(until="what")
    return person


def _refused(answer: httpx.Response, status: int) -> str:
    """The one sentence of a refusal."""
    assert answer.status_code == status, answer.text[:300]
    assert list(answer.json()) == ["error"]
    sentence = str(answer.json()["error"])
    assert 10 < len(sentence) < 200
    assert sentence.endswith(".")
    assert "zebrafish" not in sentence
    return sentence


def _json(content: object) -> dict[str, Any]:
    return {"content": content, "headers": {"content-type": "application/json"}}


def _form(*parts: str) -> dict[str, Any]:
    return {"content": b"zebrafish", "headers": {"content-type": "; ".join(("multipart/form-data", *parts))}}


def _photo(content: bytes) -> dict[str, Any]:
    return {"data": {"id": "bad"}, "files": {"file": ("zebrafish.jpg", content, "image/jpeg")}}


BAD: dict[str, tuple[int, Callable[[], dict[str, Any]]]] = {
    "10 MB text": (413, lambda: {"json": {"id": "bad", "text": "zebrafish " * MB}}),
    "text a little too long": (413, lambda: {"json": {"id": "bad", "text": "zebrafish" * 445}}),
    "30 MB file": (413, lambda: _photo(bytes(30 * MB))),
    "30 MB without a length": (413, lambda: _json(b"zebrafish" * 7000 for _ in range(500))),
    "empty file": (400, lambda: _photo(b"")),
    "form without a file": (400, lambda: {"data": {"id": "bad"}, "files": {"other": ("zebrafish", b"x")}}),
    "form without an id": (400, lambda: {"files": {"file": ("zebrafish.jpg", b"x", "image/jpeg")}}),
    "broken form": (400, lambda: _form("boundary=x")),
    "form without boundary": (400, _form),
    "broken JSON": (400, lambda: _json(b'{"id": "bad", "text": "zebrafish')),
    "JSON that is no UTF-8": (400, lambda: _json(b'{"id": "bad", "text": "zebrafish \xff"}')),
    "JSON that is too deep": (400, lambda: _json(b"[" * 60_000)),
    "JSON of another shape": (400, lambda: {"json": ["zebrafish"]}),
    "number for an id": (400, lambda: {"json": {"id": 7, "text": "zebrafish"}}),
    "id too long": (400, lambda: {"json": {"id": "zebrafish" * 10, "text": "zebrafish"}}),
    "empty text": (400, lambda: {"json": {"id": "bad", "text": "  \n "}}),
    "neither text nor choice": (400, lambda: {"json": {"id": "bad"}}),
    "choice too long": (400, lambda: {"json": {"id": "bad", "choice": "zebrafish" * 20}}),
    "plain text": (415, lambda: {"content": b"zebrafish", "headers": {"content-type": "text/plain"}}),
    "no content type": (415, lambda: {"content": b"zebrafish"}),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_refused_in_one_sentence_and_nothing_is_lost(person: WebPerson, bad: str) -> None:
    """
    What came was no message: one sentence says what to do, and the talk stands where it stood.
    """
    status, message = BAD[bad]
    asked = message()
    headers = {**person.headers, **asked.pop("headers", {})}

    answer = person.http.post("/chat/messages", headers=headers, **asked)

    _refused(answer, status)
    before = len(person.texts())
    assert person.question().is_("what")
    person.say("zebrafish in the rice")
    assert not person.question().is_("what")
    assert len(person.texts()) == before + 1


@pytest.mark.parametrize(
    "bearer", [None, "", "Bearer", "Bearer nobody", "Bearer nobody.nothing", "Basic bm9ib2R5", "Bearer \xe9.\xe9"]
)
def test_who_is_not_known_is_told_to_begin_anew(open_house: tuple[House, BotApi], bearer: str | None) -> None:
    """
    Without the token of a conversation nothing is read, nothing is shown and nothing is taken.
    """
    http = open_house[0].client(open_house[0].chat)
    headers = [] if bearer is None else [(b"authorization", bearer.encode("latin-1"))]

    for answer in (
        http.post("/chat/messages", json={"id": "a", "text": "zebrafish"}, headers=headers),
        http.get("/chat/letters", headers=headers),
        http.get("/chat/events", headers=headers),
    ):
        assert _refused(answer, 401) == "This conversation is not known here. Please begin a new one."


def test_a_number_that_is_none_is_refused(person: WebPerson) -> None:
    """
    A page that asks for letters after "yesterday" is told what it should say.
    """
    answers = [
        person.http.get("/chat/letters", params={"after": "yesterday"}, headers=person.headers),
        person.http.get("/chat/letters", params={"after": "9" * 30}, headers=person.headers),
        person.http.get("/chat/events", headers={**person.headers, "Last-Event-ID": "yesterday"}),
    ]

    for answer in answers:
        _refused(answer, 400)


# It was taken as an answer: what is asked next is something else.
_GOES_ON = ""
ODD: dict[str, tuple[str, str]] = {
    "emoji only": ("\U0001f600\U0001f64f\U0001f3fd", "I can read words and numbers"),
    "an intent of Rasa's": ("/report_sea", _GOES_ON),
    "marks only": ("???!!", "I can read words and numbers"),
    "half a character": ("zebrafish \ud83d", _GOES_ON),
    "zeros": ("zebrafish \x00\x00", _GOES_ON),
    "braces": ("zebrafish {name} %s <b>&amp;", _GOES_ON),
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_are_answered(person: WebPerson, odd: str) -> None:
    """
    Whatever I write, there is an answer that I understand.
    """
    words, answer = ODD[odd]
    before = len(person.texts())

    body = json.dumps({"id": "odd", "text": words})
    kept = person.http.post(
        "/chat/messages", content=body, headers={**person.headers, "content-type": "application/json"}
    )

    assert kept.status_code == 202

    assert answer in person.wait_for(".", before)
    assert person.question().is_("what") == (answer != _GOES_ON)


@pytest.mark.parametrize("wrong", ["three digits", "made up", "too short"])
def test_a_wrong_code_is_told_kindly_on_both_channels(open_house: tuple[House, BotApi], wrong: str) -> None:
    """
    I mistyped my code: I was told to look again, and with the right one I found my report.
    """
    house, api = open_house
    web = WebPerson(house)
    right = complain(web, what="zebrafish")
    chat = CHAT + 1 + len(wrong)
    telegram = TelegramPerson(api, chat)
    telegram.begin()
    telegram.tap("English")
    digits = right.digits
    turned = "".join(str((int(each) + 1) % 10) if n in (3, 11, 20) else each for n, each in enumerate(digits))
    given = {
        "three digits": turned,
        "made up": return_code.complete("31415926535897932384626433"),
        "too short": digits[:-4],
    }

    for person in (web, telegram):
        before = len(person.texts())
        person.say(given[wrong])
        person.wait_for("I find no report with that code", before)
        person.say(right.code)
        person.wait_for(f"Report {right.reference}", before)


@pytest.mark.parametrize(
    "choice",
    [
        "0.1.complaint.what~skip_it",
        "0.1.complaint.contact~confidential",
        "0.1.complaint.review~send",
        "0.0.menu~nonsense",
        "999999.1.menu~x",
        "1.1.1.1~~",
        "nonsense",
        "",
    ],
)
def test_a_button_of_yesterday_changes_nothing(open_house: tuple[House, BotApi], choice: str) -> None:
    """
    I tapped a button of a report that is long sent, or one that never was: I was told kindly, and nothing happened.
    """
    person = WebPerson(open_house[0])
    complain(person, what="zebrafish")
    before = len(person.texts())

    person.choose(choice)

    person.wait_for("That button belongs to something earlier. Nothing was changed.", before)
    assert len(person.texts()) == before + 1


def test_who_floods_is_slowed_down_and_loses_nothing_that_was_taken(open_house: tuple[House, BotApi]) -> None:
    """
    I pressed too fast: some were refused with a sentence, and each that was taken is in my report once.
    """
    house, _ = open_house
    staff = Staff(house, "mariam", "Mariam Haroun")
    if "first-invitation" in [each.name for each in (house.home / "keys").iterdir()]:
        staff.enrol(house.first_token)
    person = WebPerson(house)
    person.begin()
    person.report(until="category")

    def shout(number: int) -> tuple[int, httpx.Response]:
        return number, person.once(json={"id": f"shout {number}", "text": f"shouted{number:03}"})

    with ThreadPoolExecutor(16) as threads:
        answers = dict(threads.map(shout, range(240)))

    taken = {f"shouted{number:03}" for number, answer in answers.items() if answer.status_code == 202}
    refused = [answer for answer in answers.values() if answer.status_code != 202]
    assert refused
    assert all("wait a moment" in _refused(each, 429) for each in refused)
    assert len(taken) >= 60
    time.sleep(2)
    got = person.report({"category": "quality", "contact": "confidential"})
    words = Counter(staff.open(got.reference).words.split())
    assert {each: words[each] for each in taken} == dict.fromkeys(taken, 1)
    assert {each for each in words if each.startswith("shouted")} == taken


def test_two_phones_with_one_conversation_lose_nothing(open_house: tuple[House, BotApi]) -> None:
    """
    My sister and I hold two phones in one conversation and type at once: both phones show every letter, each once.
    """
    house, _ = open_house
    mine, hers = WebPerson(house), WebPerson(house)
    mine.begin()
    hers.token = mine.token
    mine.report(until="category")
    said = {"mine": [f"mine{n:02}zebrafish" for n in range(25)], "hers": [f"hers{n:02}zebrafish" for n in range(25)]}
    done = threading.Event()

    def read(phone: WebPerson) -> None:
        while not done.is_set():
            phone.fetch()

    def type_(phone: WebPerson, words: list[str]) -> None:
        for each in words:
            phone.say(each)

    readers = [WebPerson(house), WebPerson(house)]
    for each in readers:
        each.token = mine.token
    with ThreadPoolExecutor(4) as threads:
        reading = [threads.submit(read, each) for each in readers]
        typing = [threads.submit(type_, mine, said["mine"]), threads.submit(type_, hers, said["hers"])]
        for each in typing:
            each.result(60)
        mine.report(until="where")
        done.set()
        for each in reading:
            each.result(60)

    wait_until(lambda: hers.fetch() is not None and len(hers.letters) == len(mine.letters), "hers has them all")
    expected = list(range(1, mine.letters[-1]["n"] + 1))
    for each in readers:
        each.fetch() if len(each.letters) < len(expected) else None
    assert [expected] * 4 == [[each["n"] for each in phone.letters] for phone in (mine, hers, *readers)]
    assert len([each for each in mine.texts() if "I added your words" in each]) == 50


def test_a_broken_webhook_is_refused(open_house: tuple[House, BotApi]) -> None:
    """
    Only Telegram knows the secret, and what is no update is none.
    """
    house, _ = open_house
    http, secret = house.client(house.chat), {"x-telegram-bot-api-secret-token": SECRET}
    update = {"update_id": 1, "message": {"chat": {"id": CHAT, "type": "private"}, "text": "zebrafish"}}

    assert http.post("/telegram", json=update).status_code == 401
    assert (
        http.post(
            "/telegram", json=update, headers={**secret, "x-telegram-bot-api-secret-token": "zebrafish"}
        ).status_code
        == 401
    )
    for broken in (b"", b"{", b"zebrafish", b"[]", b'{"update_id": "zebrafish"}', b"[" * 60_000, b'"\xff"'):
        assert http.post("/telegram", content=broken, headers=secret).status_code == 400
    assert http.post("/telegram", content=b" " * (2 * MB), headers=secret).status_code == 413
    for odd in (
        {"update_id": 2},
        {"update_id": 3, "message": None},
        {"update_id": 4, "message": {"chat": {"id": "zebrafish"}}},
    ):
        assert http.post("/telegram", json=odd, headers=secret).status_code == 200


def test_an_intent_of_rasas_typed_on_telegram_is_no_command(open_house: tuple[House, BotApi]) -> None:
    """
    I wrote /report_sea: I was asked what to do with my words, and nothing was decided for me.
    """
    telegram = TelegramPerson(open_house[1], CHAT + 40)
    telegram.begin()
    telegram.tap("English")
    before = len(telegram.texts())

    telegram.say("/report_sea")

    telegram.wait_for("Shall I send your words", before)


# --- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AMANA_BOT_PORT", "abc"),
        ("AMANA_BOT_PORT", "70000"),
        ("AMANA_CONSOLE_PORT", "-1"),
        ("AMANA_TELEGRAM_API", "zebrafish"),
        ("AMANA_TELEGRAM_TOKEN", ""),
        ("AMANA_LOG_LEVEL", "LOUD"),
        ("AMANA_PROGRAMME", "/zebrafish"),
        ("AMANA_DATABASE_URL", "mysql://zebrafish"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    """
    I mistyped a setting: it did not start and said which one.
    """
    house = House(tmp_path)

    done = house.run("bot", **{name: value})

    assert done.returncode == 2
    assert name in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["bot", "console"])
def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path, name: str) -> None:
    """
    Something else listens there, or I started it twice: it says so and leaves the first one alone.
    """
    with House(tmp_path, names=[name]) as house:
        done = house.run(name)

        assert done.returncode == 2
        assert str(house.ports[name]) in done.stderr
        assert done.stderr.count("\n") == 1
        house.ready(name)


@pytest.mark.parametrize("name", EVERY)
def test_a_process_stops_when_it_is_told(tmp_path: Path, name: str) -> None:
    """
    It ends within seconds, quietly and with nothing half done.
    """
    with House(tmp_path, names=[name]) as house:
        began = time.monotonic()
        house.stop()

        assert time.monotonic() - began < 8
        assert "Traceback" not in house.log(name).read_text()

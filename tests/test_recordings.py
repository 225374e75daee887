"""Whoever would rather listen hears what is asked, in the organisation's own voice; everybody else gets text alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions import prompts
from actions.programme import Programme
from actions.talk import Wished
from actions.words import Letter, from_json, to_json
from bot.bell import Bell
from bot.inbound import Delivered, Later
from bot.intake import Intake
from bot.webchat import WebChat
from house import programme as programmes
from house import recordings
from house.programme_reading import WrongProgramme
from house.recordings import Recording
from house.texts import Rendered, Texts
from tests.actions.replies import Person
from tests.bot.postroom import postroom
from tests.bot.somebody import Somebody
from tests.conftest import ROOT, Founded

VOICE = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + b"a voice" * 90
ANN = 7_000_000_001


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample programme with a few recordings in English and Swahili."""
    folder = tmp_path / "programme"
    shutil.copytree(ROOT / "programme", folder)
    for name in ("en/language", "en/menu", "en/complaint.where", "en/about.role", "sw/menu"):
        file = folder / "recordings" / f"{name}.ogg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(VOICE)
    return folder


@pytest.fixture
def spoken(folder: Path) -> Programme:
    return programmes.load(folder)


def _page(web: WebChat) -> httpx.AsyncClient:
    async def refused(_: Request, error: Exception) -> Response:
        return JSONResponse({}, getattr(error, "status_code", 500))

    app = Starlette(routes=web.routes(), exception_handlers={HTTPException: refused})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot.test")


def test_whoever_taps_the_loudspeaker_hears_every_question(spoken: Programme) -> None:
    """I cannot read: under the languages stands a loudspeaker, and from then on letters name a sound. (R48)"""
    ann = Person(spoken)
    ann.hear(Wished("start"))
    before = [each.spoken for each in ann.letters]

    ann.tap("aloud")
    ann.play({"language": "en", "menu": "report", "complaint.category": "cash"})

    assert (("en", "sw"), prompts.LISTEN) == (spoken.recorded, ann.letters[0].choices[-1].label)
    assert {""} == set(before)
    assert ["language", "menu", "consent", "unfinished"] == [
        each for each in dict.fromkeys(each.spoken for each in ann.letters) if each and "." not in each
    ]
    assert "complaint.handler" == ann.letters[-1].spoken


def test_the_pages_about_us_can_be_listened_to(spoken: Programme) -> None:
    """I ask who you are: three short pages, each with its recording; without the wish there is none. (R11)"""
    ann = Person(spoken)
    ann.play({"language": "en", "menu": "more"})
    silent = ann.copy()
    silent.tap("about")

    ann.play({"more": "aloud", "menu": "more"})
    ann.tap("about")

    assert set(prompts.ABOUT) <= {each.spoken for each in ann.letters}
    assert {""} == {each.spoken for each in silent.letters}
    ann.play({"more": "silent"})
    assert ("", False) == (ann.letters[-1].spoken, ann.talk.aloud)


def test_where_nothing_was_recorded_nothing_is_offered(programme: Programme) -> None:
    """A house without recordings promises none. (R48)"""
    ann = Person(programme)
    ann.play({"language": "en", "menu": "more"})

    assert not {prompts.LISTEN, prompts.READ} & {choice.label for each in ann.letters for choice in each.choices}
    assert not {"aloud", "silent"} & {each.id.partition("~")[2] for each in ann.letters[-1].choices}


def test_what_flows_ask_in_the_same_words_is_recorded_once() -> None:
    """Where it happened has one voice, whichever report it belongs to; the review too."""
    assert ["complaint.where", "complaint.where", "patrol.where", "complaint.review", "status.add", "menu"] == [
        prompts.spoken(each)
        for each in ("complaint.where", "threat.where", "patrol.where", "tell.review", "status.add", "menu")
    ]


def test_a_letter_names_its_sound_in_the_outbox_too() -> None:
    """What is to be read aloud is posted with the letter, and most letters are as short as before."""
    letter = Letter(("x",), (), "menu")

    assert letter == from_json(to_json(letter))
    assert '"s"' not in to_json(Letter(("x",)))


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("en/complaint.wher.ogg", VOICE, "nothing is asked by the name complaint.wher; docs/flows.md has the names."),
        ("xx/menu.ogg", VOICE, "xx is no language of profile.toml; use en, fr, es, ar, sw."),
        ("en/menu.wav", VOICE, "use a file that ends in .ogg, .mp3, .m4a."),
        ("en/stop.ogg", b"RIFF....", "it is no sound of the kind its name says; record it again as Ogg Opus (.ogg)."),
        ("en/stop.ogg", VOICE + bytes(1_000_000), "it has more than 1 MB; speak shorter, or save it smaller."),
    ],
)
def test_a_recording_that_cannot_be_used_is_named(folder: Path, file: str, content: bytes, why: str) -> None:
    """A slip in a file's name is told at the start, with the file and what to do."""
    path = folder / "recordings" / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)

    with pytest.raises(WrongProgramme) as wrong:
        programmes.load(folder)

    assert f"{path}: {why}" in str(wrong.value)


async def test_the_page_gets_a_player_whose_address_tells_nothing(
    founded: Founded, folder: Path, spoken: Programme
) -> None:
    """The address of a recording is another one each time and says neither what I am asked nor who I am. (R48)"""
    me = Somebody(founded, spoken)
    texts = Texts.load(spoken.languages, recordings=recordings.load(folder, spoken.languages, prompts.SPOKEN))
    house = replace(me.house, texts=texts)
    web = WebChat(Intake(house), house.store, house.pocket, texts, Bell(house.store))
    async with _page(web) as page:
        person = (await page.post("/chat")).json()["person"]
        bearer = {"Authorization": f"Bearer {person}"}
        for n, said in enumerate(("1", "language", "6", "1", "menu", "menu")):
            await page.post("/chat/messages", json={"id": str(n), "text": said}, headers=bearer)
        found = (await page.get("/chat/letters?after=0", headers=bearer)).json()
        addresses = [each["audio"] for each in found if each["audio"]]

        heard = [await page.get(each) for each in addresses]

    assert len(addresses) == len(set(addresses)) >= 2
    assert {(200, VOICE, "audio/ogg")} == {
        (each.status_code, each.content, each.headers["content-type"]) for each in heard
    }
    assert not any("menu" in each or person[:12] in each for each in addresses)


async def test_a_made_up_address_of_a_recording_is_not_there(founded: Founded, spoken: Programme) -> None:
    """Nobody can look into the folder from outside."""
    me = Somebody(founded, spoken)
    web = WebChat(Intake(me.house), me.house.store, me.house.pocket, me.house.texts, Bell(me.house.store))
    async with _page(web) as page:
        for each in ("x", "AAAA", "..%2Fprofile.toml", "%C3%A9", "A" * 5000):
            assert 404 == (await page.get(f"/chat/recordings/{each}")).status_code


async def test_telegram_plays_it_before_the_words(tmp_path: Path, folder: Path) -> None:
    """First I hear the question, then it stands there with its buttons. (R48)"""
    sound = Recording("en", "menu", folder / "recordings" / "en" / "menu.ogg", "audio/ogg")
    async with postroom(tmp_path) as room:
        room.api.says(ANN, "/start")

        outcome = await room.telegram.send(str(ANN), Rendered("What?", (("x", "1. Go on"),), sound))

        voice, text = room.api.sent(ANN)
        assert ("sendVoice", VOICE, []) == (voice.method, voice.file, voice.buttons)
        assert ("What?", [("1. Go on", "x")]) == (text.text, text.buttons)
        assert isinstance(outcome, Delivered)


async def test_a_recording_that_is_gone_or_refused_leaves_the_words(tmp_path: Path) -> None:
    """Somebody took the file away, or I let nobody send me voice messages: I read the words all the same."""
    sound = Recording("en", "menu", tmp_path / "gone.ogg", "audio/ogg")
    async with postroom(tmp_path) as room:
        room.api.says(ANN, "/start")

        outcome = await room.telegram.send(str(ANN), Rendered("What?", (), sound))

        assert ["What?"] == [each.text for each in room.api.sent(ANN)]
        assert isinstance(outcome, Delivered)
        assert 1 == len(outcome.messages)


async def test_a_repeat_does_not_play_it_twice(tmp_path: Path, folder: Path) -> None:
    """Telegram asks us to wait between voice and words: I hear it once."""
    sound = Recording("en", "menu", folder / "recordings" / "en" / "menu.ogg", "audio/ogg")
    letter = Rendered("What?", (), sound)
    async with postroom(tmp_path) as room:
        room.api.says(ANN, "/start")
        room.api.too_many(ANN, retry_after=1, method="sendMessage")

        first, second = [await room.telegram.send(str(ANN), letter) for _ in range(2)]

        assert (True, True) == (isinstance(first, Later), isinstance(second, Delivered))
        assert ["sendVoice", "sendMessage"] == [each.method for each in room.api.sent(ANN)]

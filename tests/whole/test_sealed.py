"""Sealed: what was told, who told it and every token are nowhere on the disk, and what lies there opens no case."""

from __future__ import annotations

import gzip
import io
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from store import casekeys
from store.pocket import Held
from store.sealing import seal
from store.unsealing import Identity
from tests.fakes.bot_api import BotApi
from tests.whole import hunting
from tests.whole.house import EVERY, House, free_port, wait_until
from tests.whole.people import PASSWORD, Receipt, Staff, TelegramPerson, WebPerson, receipt

PYTHON = os.environ.get("AMANA_NLU_PYTHON", "")
GROUP, CHAT, PHONE = -1_007_348_215_590, 7_348_215_590, "+235 66 91 47 03"
pytestmark = pytest.mark.slow


@dataclass
class Told:
    """Everything that was told in one house, by what it is."""

    house: House
    staff: Staff
    words: dict[str, Iterable[bytes]] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)

    def canary(self, name: str) -> str:
        """A word nobody else says."""
        word = "kanarie" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(14)) + "é"
        self.secret(name, word)
        return word

    def secret(self, name: str, word: str) -> str:
        assert name not in self.words
        self.words[name] = tuple(hunting.forms(word.encode()))
        return word

    def photo(self, name: str) -> bytes:
        """A photo in which a camera wrote."""
        out = io.BytesIO()
        Image.effect_noise((90, 60), 90).save(out, "JPEG", comment=self.canary(name).encode())
        return out.getvalue()

    def paper(self, name: str) -> bytes:
        return b"%PDF-1.7\n" + secrets.token_bytes(300) + self.canary(name).encode() + secrets.token_bytes(3000)

    def receipt(self, name: str, got: Receipt) -> Receipt:
        self.secret(f"{name} code", got.code)
        self.secret(f"{name} code without spaces", got.digits)
        self.references.append(got.reference)
        return got


@pytest.fixture(
    scope="module",
    params=[
        "without Rasa",
        pytest.param("Rasa", marks=[
            pytest.mark.rasa, pytest.mark.skipif(not PYTHON, reason="AMANA_NLU_PYTHON names no interpreter with Rasa"),
        ]),
    ],
)  # fmt: skip
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A house in which everything was said that can be said, still running."""
    token = secrets.token_urlsafe(24)
    rasa = {"AMANA_NLU_PYTHON": PYTHON, "AMANA_NLU_TOKEN": token, "AMANA_NLU_PORT": str(free_port())}
    with_rasa = request.param == "Rasa"
    names = (*EVERY, *(["nlu"] if with_rasa else []))
    base = tmp_path_factory.mktemp("sealed")
    with BotApi(strict=True) as api, House(base, api=api, names=names, **(rasa if with_rasa else {})) as house:
        told = Told(house, Staff(house, "mariam", "Mariam Haroun"))
        told.secret("NLU's token", token)
        told.secret("Telegram's token", api.token)
        told.secret("enrolment token", house.first_token)
        told.staff.enrol(house.first_token)
        told.secret("password", PASSWORD)
        told.secret("second factor", told.staff.secret)
        _by_web(told)
        _half_a_report(told)
        _by_telegram(told, api)
        _at_the_console(told, api)
        told.secret("session cookie", str(told.staff.http.cookies["amana_console"]))
        yield told


def _by_web(told: Told) -> None:
    person = WebPerson(told.house)
    person.begin()
    told.secret("web bearer", person.token)
    told.secret("web bearer's secret part", person.token.partition(".")[0])
    person.tap("English")
    person.say(told.canary("web words before a report"))
    person.tap("details")
    person.tap("cash")
    person.tap("either")
    person.send_file(told.photo("web photo"), told.canary("web file name") + ".jpg", "image/jpeg",
                     told.canary("web caption"))  # fmt: skip
    person.say(told.canary("web where"))
    person.say(told.canary("web when"))
    person.say(told.canary("web wish"))
    person.tap("confidential")
    person.tap("complaint.review~send")
    got = told.receipt("web", receipt(person))
    before = len(person.texts())
    person.say(got.code)
    person.wait_for("Report", before)
    person.tap("add")
    person.say(told.canary("web addition"))
    person.wait_for("It is added", before)
    person.tap("human")
    person.say(told.canary("web question to a person"))
    told.receipt("web call", _call(person))
    person.say(told.canary("web word to a person"))
    person.tap("subscribe")
    person.wait_for("You will get our announcements here")
    assert "reply" not in told.words
    before = len(person.texts())
    told.staff.reply(got.reference, told.canary("web reply"))
    person.wait_for("An answer from our staff", before)


def _call(person: WebPerson) -> Receipt:
    words = person.wait_for("A person will answer you")
    before = next(n for n, text in enumerate(person.texts()) if "read the answer with this code" in text)
    code = person.wait_for(r"^\d{4} \d{4}", before)
    newest = {line for line in person.texts() if "A person will answer" in line}
    assert newest == {words}
    return Receipt("", code, words)


def _half_a_report(told: Told) -> None:
    person = WebPerson(told.house)
    person.begin()
    told.secret("other web bearer", person.token)
    person.tap("Français")
    person.tap("report")
    person.tap("other")
    person.tap("either")
    person.say(told.canary("draft"))
    person.send_file(told.photo("draft photo"), "photo.jpg", "image/jpeg")
    person.wait_for("gardé")


def _by_telegram(told: Told, api: BotApi) -> None:
    first, username = told.canary("Telegram first name"), told.canary("Telegram user name")
    person = TelegramPerson(api, CHAT, name=first, username=username)
    told.words["chat id"] = tuple(hunting.number_forms(CHAT))
    person.begin()
    person.tap("English")
    # Trouble is what a process writes about.
    api.fail(500, n=2)
    api.fail(500, n=1, method="getFile")
    api.too_many(retry_after=1)
    api.sends(CHAT, contact={"phone_number": told.secret("phone number", PHONE), "first_name": first, "user_id": CHAT})
    told.secret("phone number without spaces", PHONE.replace(" ", ""))
    person.wait_for("I cannot keep that kind of message")
    person.tap("report")
    person.tap("conduct")
    person.tap("either")
    person.wait_for("What happened")
    person.send_file(told.photo("Telegram photo"), "", "image/jpeg", told.canary("Telegram caption"))
    person.wait_for("Where did it happen")
    person.send_file(told.paper("Telegram document"), told.canary("Telegram file name") + ".pdf", "application/pdf")
    person.wait_for("I kept what you sent")
    person.say(told.canary("Telegram where"))
    person.wait_for("When did it happen")
    person.say(told.canary("Telegram when"))
    person.wait_for("What would you like to happen")
    person.say(told.canary("Telegram wish"))
    person.tap("anonymous")
    person.tap("complaint.review~send")
    got = told.receipt("Telegram", receipt(person))
    told.staff.reply(got.reference, told.canary("reply to somebody anonymous"))
    before = len(person.texts())
    person.say(got.code)
    person.wait_for("Our staff have answered", before)


def _at_the_console(told: Told, api: BotApi) -> None:
    staff = told.staff
    web, telegram = told.references[0], told.references[-1]
    staff.note(telegram, told.canary("note"))
    staff.close(telegram, told.canary("reason for closing"))
    invitation = told.secret("colleague's enrolment token", staff.invite())
    colleague = Staff(told.house, "idriss", "Idriss Saleh")
    colleague.enrol(invitation)
    told.secret("unused enrolment token", staff.invite())
    told.secret("colleague's session cookie", str(colleague.http.cookies["amana_console"]))
    code = told.secret("link code", staff.link_code(told.canary("partner")))
    told.secret("link code without dashes", code.replace("-", ""))
    told.words["group id"] = tuple(hunting.number_forms(GROUP))
    api.group(GROUP, told.canary("group name"))
    api.says_in_group(GROUP, CHAT, told.canary("words in a group"))
    api.says_in_group(GROUP, CHAT, f"/link {code}")
    wait_until(lambda: any("is linked" in each.text for each in api.sent(GROUP)), "the group is linked")
    announcement = told.canary("announcement")
    staff.write(announcement, **{"text-fr": told.canary("French announcement")})
    colleague.approve()
    wait_until(lambda: any(announcement in each.text for each in api.sent(GROUP)), "the group has the announcement", 60)
    shown = staff.open(web).words + staff.open(telegram).words
    read = (
        "web caption",
        "web where",
        "web when",
        "web wish",
        "web addition",
        "Telegram caption",
        "Telegram wish",
        "note",
    )
    assert not [name for name in read if next(iter(told.words[name])).decode() not in shown]
    # The picture is there, and what the camera wrote in it is not; a paper is as it was.
    picture = staff.file(staff.open(web))
    assert Image.open(io.BytesIO(picture)).size == (90, 60)
    assert next(iter(told.words["web photo"])) not in picture
    assert next(iter(told.words["Telegram document"])) in staff.file(staff.open(telegram), 1)


def test_nothing_that_was_told_lies_in_clear_anywhere(told: Told) -> None:
    """
    Every file under the home folder, every temporary file and every log at DEBUG was read: no word, no number, no
    name, no code and no token of anybody is in it, while all runs and after it was stopped.
    """
    told.house.stop()
    for name in told.house.names:
        told.house.start(name)
        told.house.ready(name)

    while_running = hunting.found(told.words, told.house.files())
    told.house.stop()
    afterwards = hunting.found(told.words, told.house.files())

    assert len(told.words) > 40
    assert "a letter is put off" in told.house.log("bot").read_text()
    assert "a message could not be worked on" in told.house.log("bot").read_text()
    assert [] == while_running
    assert [] == afterwards


def test_the_hunt_finds_what_lies_there(tmp_path: Path) -> None:
    """
    The same search finds a word in every disguise it knows, so its silence means something.
    """
    word = "kanarie0123456789é"
    words = {"it": tuple(hunting.forms(word.encode())), "chat": tuple(hunting.number_forms(CHAT))}
    disguises = [
        b"x" + word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), word.encode().hex().encode(),
        gzip.compress(word.encode()), b"ab" + gzip.compress(b"x" * 99 + word.encode()) + b"cd",
        *(hunting.base64.b64encode(b"y" * n + word.encode() + b"zz") for n in range(6)), str(CHAT).encode(),
        b"\x05" + CHAT.to_bytes(6, "big"), json.dumps(word).encode(),
    ]  # fmt: skip
    for each in disguises:
        (tmp_path / "file").write_bytes(each)
        assert len(hunting.found(words, [tmp_path / "file"])) >= 1, each


def test_a_whole_stolen_disk_opens_no_case(told: Told, tmp_path: Path) -> None:
    """
    All files that the bot can read were copied and everything in them that can be a key was tried on everything that
    was filed: nothing opens. The bot's own keys open addresses and what is half told, as they must.
    """
    told.house.stop()
    stolen = tmp_path / "stolen"
    shutil.copytree(told.house.home, stolen, ignore=shutil.ignore_patterns("model", "rasa-home"))

    candidates, url = hunting.keys(stolen), f"sqlite:///{stolen / 'amana.db'}"
    entries = hunting.sealed(url, "entries")
    wraps = hunting.sealed(url, "desk_wraps")
    accounts = [*hunting.sealed(url, "staff"), *hunting.sealed(url, "sessions")]

    cases = [each for table in ("cases", "case_wraps") for each in hunting.sealed(url, table)]

    assert len(entries) >= 10
    assert len(wraps) >= 2
    assert len(accounts) >= 4
    assert len(cases) >= 6
    half_way = [each for table in ("addresses", "talks") for each in hunting.sealed(url, table)]
    drafts = [each for each in entries if each[0].purpose == "draft"]
    for place, envelope in (*entries, *cases, *wraps, *accounts):
        if (place, envelope) not in drafts:
            assert not [key for key in candidates if hunting.opened(key, place, envelope)], place
    for place, envelope in (*drafts, *half_way):
        assert len([key for key in candidates if hunting.opened(key, place, envelope)]) == 1
    # A file's key lies in its draft, or sealed for its case, and nowhere else; every file here is one piece.
    pieces = hunting.sealed(url, "chunks")
    inner = {key for draft in drafts for key in hunting.keys_in_draft(candidates, *draft)}
    assert len(pieces) >= 5
    for place, envelope in pieces:
        assert not [key for key in candidates if hunting.opened(key, place, envelope)], place
    assert len([each for each in pieces if any(hunting.opened(key, *each) for key in inner)]) == len(inner) == 2


def test_what_the_home_folder_holds_is_for_its_owner_only(told: Told) -> None:
    """
    Nobody else on the machine may look into the home folder or at the keys; the first link is gone once it was used.
    """
    assert told.house.home.stat().st_mode & 0o077 == 0
    keys = sorted((told.house.home / "keys").iterdir())
    assert ["audit.json", "bot.json"] == [each.name for each in keys]
    assert [] == [each for each in keys if each.stat().st_mode & 0o077]


def test_every_key_of_the_bot_is_among_the_keys_that_are_tried(tmp_path: Path) -> None:
    """
    The bot's keys of today and those it had before are all tried, and each opens what is under it: where the hunt says
    that nothing opens, that is because nothing does.
    """
    held, older = Held.new(), Held.new()
    both = Held((*held.keys, *older.keys), (*held.locks, *older.locks), (*held.lookups, *older.lookups))
    both.write(tmp_path / "bot.json")
    desk, place = Identity.new(), casekeys.head_place("AAAA-BBBB")
    made = casekeys.new("AAAA-BBBB", b"head", [casekeys.holder_of_desk(desk.recipient)])
    wrap_place = casekeys.place("AAAA-BBBB", desk.recipient.id.hex())
    case_key = desk.open(made.wraps[0][1], wrap_place)

    candidates = hunting.keys(tmp_path)

    secret = {*(each.private for each in both.keys), *(each.key for each in both.locks), *both.lookups}
    assert (6, True) == (len(secret), secret <= candidates)
    for each in both.keys:
        assert [each.private] == [
            key for key in candidates if hunting.opened(key, place, seal(b"x", place, [each.recipient]))
        ]
    for lock in both.locks:
        assert [lock.key] == [key for key in candidates if hunting.opened(key, place, lock.shut(b"x", place))]
    assert hunting.opened(case_key, place, made.head)
    assert hunting.opened(desk.private, wrap_place, made.wraps[0][1])

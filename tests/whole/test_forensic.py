"""Sealed: what was told, who told it and every token lie nowhere, and what lies there opens no case."""

from __future__ import annotations

import gzip
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from store import casekeys, cases
from store import staff as members
from store.db import Store, Tx
from store.opening import Ring, ring_of, unlock
from store.places import Place, Unopenable
from store.pocket import Held
from store.schema import case_wraps
from store.sealing import KEY_ID, MAGIC, NONCE, TAG, WRAP, seal
from store.unsealing import Identity
from tests.conftest import server
from tests.fakes.bot_api import BotApi
from tests.whole import hunting, life
from tests.whole.house import EVERY, House, free_port, wait_until
from tests.whole.life import CHAT, Told
from tests.whole.people import PASSWORD, Staff, WebPerson

# A wrapped private key: one wrap, and 32 bytes padded to the smallest bucket.
_WRAPPED = len(MAGIC) + 1 + KEY_ID + WRAP + NONCE + 256 + TAG
PYTHON = os.environ.get("AMANA_NLU_PYTHON", "")
pytestmark = pytest.mark.slow


@dataclass
class Lived(Told):
    """A house in which everything was said that can be said, still running, with its backup."""

    colleague: Staff | None = None
    shares: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def backup(self) -> Path:
        return self.house.base / "backup.age"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("Rasa", marks=[
            pytest.mark.rasa, pytest.mark.skipif(not PYTHON, reason="AMANA_NLU_PYTHON names no interpreter with Rasa"),
        ]),
        "PostgreSQL",
    ],
)  # fmt: skip
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The whole life cycle: on SQLite with Rasa, and on PostgreSQL, whose folder is searched like our own."""
    names, settings = EVERY, dict[str, str]()
    beside, stack = list[Path](), ExitStack()
    token = secrets.token_urlsafe(24)
    if request.param == "Rasa":
        settings = {"AMANA_NLU_PYTHON": PYTHON, "AMANA_NLU_TOKEN": token, "AMANA_NLU_PORT": str(free_port())}
        names = (*EVERY, "nlu")
    else:
        # Of its own: every byte of its folder is searched.
        postgresql = stack.enter_context(server())
        settings, beside = {"AMANA_DATABASE_URL": postgresql.new()}, [postgresql.data]
    base = tmp_path_factory.mktemp("forensic")
    with stack, BotApi(strict=True) as api, House(base, api=api, names=names, **settings) as house:
        begun = life.begun(house, api)
        url = settings.get("AMANA_DATABASE_URL", f"sqlite:///{house.database}")
        told = Lived(house, begun.staff, begun.words, beside=beside, url=url)
        told.secret("NLU's token", token)
        told.shares = life.recovery(told)
        life.by_web(told)
        life.half_a_report(told)
        life.by_telegram(told, api)
        told.colleague = life.at_the_console(told, api)
        told.secret("session cookie", str(told.staff.http.cookies["amana_console"]))
        backed = house.run("backup", str(told.backup))
        assert backed.returncode == 0, backed.stderr
        yield told


def _ring(told: Lived, login: str) -> Ring:
    """What a member's password opens, with nothing but the store."""
    store = Store(told.url)
    try:
        found = store.read(lambda tx: members.by_login(tx, login))
        assert found
        return store.read(lambda tx: ring_of(tx, found.id, unlock(found, PASSWORD).identity))
    finally:
        store.close()


def _bots_keys(told: Lived) -> dict[str, tuple[bytes, ...]]:
    held = json.loads((told.house.home / "keys" / "bot.json").read_text())
    return {
        f"the bot's {name}": (*hunting.forms(each.encode()), bytes.fromhex(each))
        for name, ring in held.items() for each in ring
    }  # fmt: skip


def test_nothing_that_was_told_lies_in_clear_anywhere(lived: Lived) -> None:
    """
    Every file under the home folder, every temporary file, every log at DEBUG, Rasa's folders, PostgreSQL's data
    folder and the backup were read: no word, number, name, code or token of anybody is in it, while all runs and
    after it was stopped.
    """
    for name in lived.house.names:
        lived.house.kill(name)
        lived.house.start(name)
        lived.house.ready(name)

    assert len(lived.words) > 45
    assert "a letter is put off" in lived.house.log("bot").read_text()
    assert lived.backup.stat().st_size > 10_000
    assert [] == lived.found()
    assert [] == hunting.found(_bots_keys(lived), [lived.backup])


def test_the_schedulers_memory_holds_nothing(lived: Lived, tmp_path: Path) -> None:
    """
    A dump of the scheduler's memory holds no word, no name, no code, no token and none of the bot's keys.
    """
    core = life.memory(lived.house.pid("scheduler"), tmp_path / "core")

    assert core.stat().st_size > 5_000_000
    assert [] == hunting.found({**lived.words, **_bots_keys(lived)}, [core])


def test_what_the_home_folder_holds_is_for_its_owner_only(lived: Lived) -> None:
    """
    Nobody else on the machine may look into the home folder or at the keys; the first link is gone once it was used.
    """
    keys = lived.house.home / "keys"

    assert lived.house.home.stat().st_mode & 0o077 == 0
    assert {"audit.json", "bot.json"} == {each.name for each in keys.iterdir()}
    assert not [each for each in keys.iterdir() if each.stat().st_mode & 0o077]


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
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / word).touch()
    assert 1 == len(hunting.found(words, [tmp_path / "file", tmp_path / word]))


# --- what can be opened -----------------------------------------------------------------------------------------------

FILED = ("entries", "case_wraps", "cases", "desk_wraps")
ACCOUNTS = ("staff", "sessions")


def _candidates(told: Lived, folder: Path) -> set[bytes]:
    """Everything in a folder and in the settings of bot and scheduler that can be a key."""
    settings = folder / "settings"
    settings.write_text("\n".join(f"{name}={value}" for name, value in told.house.environment.items()))
    return hunting.keys(folder)


def _stolen(told: Lived, to: Path) -> Path:
    ignored = shutil.ignore_patterns("model", "rasa-home")
    return Path(shutil.copytree(told.house.home, to / "stolen", ignore=ignored))


def test_a_whole_stolen_disk_opens_no_case(lived: Lived, tmp_path: Path) -> None:
    """
    All files of the house, the database and every setting of bot and scheduler were taken, and whatever in them can be
    a key was tried on everything that was filed and on every account: nothing opens, and every attempt is told. The
    bot's own keys open addresses and what is half told, as they must.
    """
    candidates = _candidates(lived, _stolen(lived, tmp_path))
    filed = [each for table in FILED for each in hunting.sealed(lived.url, table)]
    accounts = [each for table in ACCOUNTS for each in hunting.sealed(lived.url, table)]
    drafts = [each for each in filed if each[0].purpose == "draft"]
    bots = [*drafts, *(each for table in ("addresses", "talks") for each in hunting.sealed(lived.url, table))]

    assert len(filed) > 20
    assert len(accounts) >= 4
    assert drafts
    for place, envelope in (*filed, *accounts):
        if (place, envelope) not in drafts:
            assert not [key for key in candidates if hunting.opened(key, place, envelope)], place
    for place, envelope in bots:
        assert 1 == len([key for key in candidates if hunting.opened(key, place, envelope)]), place


def test_the_consoles_disk_opens_nothing_without_a_password(lived: Lived) -> None:
    """
    The console keeps nothing of its own on the disk; with the whole database and a wrong password no account opens.
    """
    store = Store(lived.url)
    found = store.read(members.every)
    store.close()

    assert 2 == len(found)
    for each in found:
        with pytest.raises(Unopenable):
            unlock(each, PASSWORD + "!")


def test_one_members_password_opens_only_their_desks(lived: Lived) -> None:
    """
    The colleague was invited to the general desk alone: with their password, the database and nothing else, every case
    of that desk opens and none of any other.
    """
    ring = _ring(lived, "idriss")
    store = Store(lived.url)

    def look(tx: Tx) -> dict[str, tuple[str, bool]]:
        every = [cases.get(tx, each) for each in lived.references.values() if each]
        return {each.reference: (each.desk, ring.case(tx, each) is not None) for each in every if each}

    found = store.read(look)
    store.close()
    assert {"general", "protection"} == {desk for desk, _ in found.values()}
    assert all(opened == (desk == "general") for desk, opened in found.values())


# --- erased -----------------------------------------------------------------------------------------------------------


def test_what_was_erased_opens_with_no_living_key(lived: Lived, tmp_path: Path) -> None:
    """
    A person erases their report with its code. Afterwards every byte of every file of the house and of PostgreSQL was
    searched for its keys, and every living key was tried: the bot's, and what the passwords of all members open. Before
    it was erased the same search opens it, so its silence means something.
    """
    reference = lived.references["web"]
    store = Store(lived.url)
    held = json.loads((lived.house.home / "keys" / "bot.json").read_text())
    living = [Identity(bytes.fromhex(each)) for each in held["keys"]]
    for login in ("mariam", "idriss"):
        ring = _ring(lived, login)
        living += [ring.me, *ring.every.values()]
    wanted = sa.select(case_wraps.c.holder).where(case_wraps.c.case_ref == reference)
    holders = [row.holder for row in store.read(lambda tx: tx.rows(wanted))]
    places = [casekeys.place(reference, each) for each in holders]
    store.close()

    def opened() -> int:
        return sum(
            _opens(living, place, piece)
            for path in lived.places() if path.suffix != ".age"
            for piece in _wraps(path) for place in places
        )  # fmt: skip

    assert opened() >= 1
    person = WebPerson(lived.house)
    person.begin()
    person.tap("English")
    person.say(lived.codes["web"])
    person.tap("erase")
    person.tap("status.erase~erase")
    person.wait_for("is erased")

    assert 404 == lived.staff.get(f"/cases/{reference}").status
    wait_until(lambda: opened() == 0, "the last byte of the case's key is gone", 60)


def _wraps(path: Path) -> Iterator[bytes]:
    """Whatever in a file can be a case's key wrapped for one holder."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    at = data.find(MAGIC + b"\x01")
    while at >= 0:
        yield data[at : at + _WRAPPED]
        at = data.find(MAGIC + b"\x01", at + 1)


def _opens(living: list[Identity], place: Place, piece: bytes) -> bool:
    for each in living:
        try:
            each.open(piece, place)
        except Unopenable:
            continue
        return True
    return False

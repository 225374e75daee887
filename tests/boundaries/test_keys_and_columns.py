"""The real boundary: what the bot has opens no case, and no column could hold a narrative in clear."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from actions import prompts
from actions.programme import Programme
from actions.talk import Event, Said, Talk, Tapped
from actions.talk import from_json as talk_from_json
from actions.words import from_json
from bot.codes import Mint
from bot.intake import Attached, House, Intake, Message
from house.texts import Texts
from nlu.client import Client
from store import casekeys, cases, files, letters, opening, people, staff
from store.announcements import place as announcement_place
from store.db import Store, Tx
from store.files import Stored
from store.locks import Lock
from store.places import Place, Unopenable
from store.schema import case_wraps, chunks, desk_wraps, entries, meta
from store.schema import cases as case_table
from store.schema import files as file_table
from store.unsealing import Identity
from tests.bot.pictures import jpeg
from tests.conftest import NOON, NOON_S, ROOT, Founded

CANARY = "CANARY-the-well-is-dry"
VOICE = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead CANARY-voice"
CHAT = "CANARY-chat-66123456"
# Every column that is text or bytes, by what may stand in it. A new column is decided about here, or this fails.
OPAQUE = "a keyed hash, a random name or a hash"
NAMED = "a word of ours from a closed list, or a name that staff chose"
SEALED = "an envelope, locked bytes, or nothing"
PUBLIC = "a public key or a salt"
COLUMNS = {
    "addresses": {"id": OPAQUE, "channel": NAMED, "kind": NAMED, "sealed": SEALED, "stone": OPAQUE},
    # An alarm leads to no message and no address: its name is keyed or random.
    "alarms": {"id": OPAQUE, "area": NAMED, "called": NAMED, "acked_by": NAMED, "outcome": NAMED},
    "alerts": {"case_ref": OPAQUE, "kind": NAMED},
    "announcements": {"id": OPAQUE, "state": NAMED, "sealed": SEALED, "written_by": OPAQUE, "approved_by": OPAQUE,
                      "audience": NAMED},
    "audit": {"who": OPAQUE, "act": NAMED, "about": OPAQUE, "before": OPAQUE, "hash": OPAQUE},
    "cases": {
        "reference": OPAQUE, "desk": NAMED, "state": NAMED, "mode": NAMED, "handler": NAMED, "address": OPAQUE,
        "locator": OPAQUE, "salt": PUBLIC, "reporter": PUBLIC, "public": PUBLIC, "head": SEALED,
    },
    "case_wraps": {"case_ref": OPAQUE, "holder": OPAQUE, "sealed": SEALED},
    "chunks": {"file": OPAQUE, "sealed": SEALED},
    "files": {"id": OPAQUE, "state": NAMED, "entry": OPAQUE},
    "desk_wraps": {"desk": NAMED, "key_id": OPAQUE, "holder": OPAQUE, "sealed": SEALED},
    # Which words of a report: a keyed hash, so nobody without the bot's key can try texts. Of a report it says no more.
    "echoes": {"mark": OPAQUE, "kind": NAMED},
    "desks": {"name": NAMED, "key_id": OPAQUE},
    "diary": {"key": OPAQUE, "kind": NAMED, "address": OPAQUE, "case_ref": OPAQUE},
    "entries": {"id": OPAQUE, "case_ref": OPAQUE, "draft_of": OPAQUE, "kind": NAMED, "by": OPAQUE, "sealed": SEALED},
    "inbox": {"key": OPAQUE, "channel": NAMED, "address": OPAQUE, "state": NAMED, "sealed": SEALED, "silence": NAMED},
    "invitations": {"id": OPAQUE, "public": PUBLIC, "made_by": OPAQUE},
    "erasures": {"case_ref": OPAQUE, "sealed": SEALED, "asked_by": OPAQUE},
    "keys": {"id": OPAQUE, "kind": NAMED, "name": NAMED, "public": PUBLIC, "state": NAMED},
    "link_codes": {"id": OPAQUE, "sealed": SEALED, "made_by": OPAQUE, "address": OPAQUE},
    "offsets": {"channel": NAMED},
    "outbox": {
        "key": OPAQUE, "address": OPAQUE, "channel": NAMED, "state": NAMED, "sealed": SEALED, "announcement": OPAQUE,
        "trouble": NAMED,
    },
    "consultations": {"id": OPAQUE, "result": OPAQUE},
    "suggestions": {"id": OPAQUE, "consultation": OPAQUE, "sealed": SEALED, "written_by": OPAQUE},
    "versions": {"what": NAMED, "version": NAMED},
    "plans": {"id": OPAQUE, "case_ref": OPAQUE},
    "referrals": {"id": OPAQUE, "case_ref": OPAQUE, "body": NAMED, "state": NAMED},
    "relays": {"id": OPAQUE, "case_ref": OPAQUE, "to_staff": OPAQUE, "by": OPAQUE, "language": NAMED, "sealed": SEALED},
    "reveals": {
        "id": OPAQUE, "case_ref": OPAQUE, "entry": OPAQUE, "sealed": SEALED, "asked_by": OPAQUE, "approved_by": OPAQUE,
    },
    "shut_out": {"case_ref": OPAQUE, "staff": OPAQUE},
    "tombstones": {"kind": NAMED, "name": OPAQUE, "why": NAMED},
    "sessions": {"id": OPAQUE, "staff": OPAQUE, "locked": SEALED},
    "staff": {"id": OPAQUE, "login": NAMED, "name": NAMED, "gender": NAMED, "public": PUBLIC, "salt": PUBLIC,
              "locked": SEALED, "languages": NAMED, "areas": NAMED},
    # `audience` is what the person chose; nothing of who they are is worked out.
    "subscribers": {"address": OPAQUE, "audience": NAMED},
    "talks": {"address": OPAQUE, "sealed": SEALED},
    "traces": {"address": OPAQUE},
    # The pattern in `store.tallies` lets no sentence in.
    "tallies": {"month": NAMED, "what": NAMED, "value": NAMED},
    "tasks": {"key": NAMED, "kind": NAMED, "done_by": OPAQUE},
}  # fmt: skip


def test_no_column_may_hold_a_narrative() -> None:
    """Every column that could hold words is known, and none may hold what a person said."""
    could = (sa.Text, sa.String, sa.LargeBinary, sa.JSON)
    real = {
        table.name: {each.name for each in table.columns if isinstance(each.type, could)}
        for table in meta.sorted_tables
    }

    assert {name: set(columns) for name, columns in COLUMNS.items()} == real
    sealed = {f"{name}.{each}" for name, columns in COLUMNS.items() for each, what in columns.items() if what == SEALED}
    binary = {
        f"{table.name}.{each.name}"
        for table in meta.sorted_tables
        for each in table.columns
        if isinstance(each.type, sa.LargeBinary) and each.name not in ("public", "salt", "reporter")
    }
    assert binary == sealed


# --- a whole conversation through the bot's own way in ----------------------------------------------------------------


_USUAL = {"consent": "agree", "unfinished": "no", "more": "go_on"}


class Chat:
    """A person at the bot, heard by `bot.intake` with the real store, keys and understanding (absent)."""

    def __init__(self, founded: Founded, programme: Programme) -> None:
        texts = Texts.load(programme.languages, ROOT / "locales")
        self.house = House(
            founded.store, founded.pocket, programme, texts, Client(None, ""), Mint(founded.pocket), lambda: NOON
        )
        self.intake, self.n = Intake(self.house), 0
        self.address = founded.pocket.address("web", CHAT)

    async def hear(self, what: Event | Attached) -> bool:
        self.n += 1
        key = f"web/{self.n}"
        return await self.intake.hear(
            Message(key, "web", self.address, CHAT, what, lambda tx: people.claim(tx, key, "web", NOON_S))
        )

    async def send(self, content: bytes, words: str = "") -> bool:
        """Send a file."""
        async with self.intake.uploads.begin() as upload:
            await upload.write(content)
            stored = await upload.end()
        assert stored
        return await self.hear(Attached(stored, words))

    def choice(self, ends: str) -> Tapped:
        """The newest button of that option."""
        store, pocket = self.house.store, self.house.pocket
        newest = store.read(lambda tx: letters.newer(tx, self.address, 0, 1000))
        told = [from_json(pocket.open(each.sealed or b"", letters.place(each.key)).decode()) for each in newest]
        return Tapped([each.id for letter in told for each in letter.choices if each.id.endswith(f"~{ends}")][-1])

    async def tap(self, ends: str) -> None:
        assert await self.hear(self.choice(ends))

    def asked(self) -> Talk:
        """The talk as the bot remembers it."""
        kept = self.house.store.read(lambda tx: people.talk(tx, self.address))
        opened = self.house.pocket.open(kept, people.talk_place(self.address)) if kept else b""
        return talk_from_json(opened.decode()) if opened else Talk()

    async def through(self, answers: Mapping[str, str | Event | bytes], to: str = "review") -> None:
        """Every question of the draft answered by its name, up to the review card; skipped where nothing is said."""
        left = dict(answers)
        for _ in range(40):
            if (step := self.asked().step) == to:
                return
            match left.pop(step, None) or _USUAL.get(step, prompts.SKIP):
                case str(option):
                    await self.tap(option)
                case bytes(picture):
                    await self.send(picture, f"{CANARY} {step}")
                case event:
                    await self.hear(event)
        raise AssertionError(f"{to} is never asked; asked is {self.asked().asked}")


@pytest.fixture
async def filed(founded: Founded, programme: Programme) -> AsyncIterator[Founded]:
    """A house with one anonymous report, one confidential one, and one call for a human; each with a file."""
    chat = Chat(founded, programme)
    await chat.hear(Tapped("start"))
    await chat.tap("en")
    for contact in ("anonymous", "confidential"):
        await chat.hear(Said("report"))
        said = {each: Said(f"{CANARY} {each}") for each in ("when", "wish")}
        await chat.through({"category": "cash", "handler": "either", "what": Said(f"{CANARY} {contact}"),
                            "where": jpeg(), "contact": contact, "write": "yes", **said})  # fmt: skip
        await chat.tap("send")
    await chat.hear(Said("human"))
    await chat.send(VOICE)
    await chat.hear(Said(f"{CANARY} more for the human"))
    yield founded
    await chat.house.close()


def _every(store: Store) -> list[sa.Row[tuple[object, ...]]]:
    return [row for table in meta.sorted_tables for row in store.read(lambda tx, t=table: tx.rows(sa.select(t)))]


def _codes(told: list[str]) -> list[str]:
    """The codes in some letters: each stands alone, in groups of four."""
    paragraphs = [each for words in told for each in from_json(words).paragraphs if isinstance(each, str)]
    return [each for each in paragraphs if each[:4].isdigit()]


def _all(tx: Tx) -> list[cases.Case]:
    return [case for case in (cases.get(tx, row.reference) for row in tx.rows(sa.select(case_table))) if case]


def _staff(founded: Founded) -> opening.Ring:
    member, identity = opening.new_member("ann", "ann", "Ann", "a password", "TOTP")
    assert founded.store.do(lambda tx: opening.enrol(tx, founded.token, member, NOON_S))
    session = opening.new_session("ann", identity, "token", NOON_S)
    founded.store.do(lambda tx: staff.sign_in(tx, session))
    return founded.store.read(lambda tx: opening.ring(tx, session, "token"))


async def test_what_the_bot_filed_is_opened_by_staff(filed: Founded) -> None:
    """What I said and sent arrives whole with the people who are to read it."""
    ring, store = _staff(filed), filed.store
    found = store.read(_all)
    keys = {case.reference: store.read(lambda tx, case=case: ring.case(tx, case)) for case in found}

    opened = {
        reference: [
            (each.kind, key.entry(each))
            for each in store.read(lambda tx, reference=reference: cases.entries_of(tx, reference))
        ]
        for reference, key in keys.items()
        if key is not None
    }

    told = [words for case in opened.values() for kind, words in case if kind == "report"]
    assert (3, 3) == (len(found), len(told))
    heads = [json.loads(key.head()) for key in keys.values() if key is not None]
    assert ["cash", "cash", "human"] == sorted(each["category"] for each in heads)
    for contact in ("anonymous", "confidential"):
        assert any(f"{CANARY} {contact}".encode() in words for words in told)
    sent = [(kind, files.from_json(words)) for case in opened.values() for kind, words in case
            if kind in ("file", "voice")]  # fmt: skip
    # A voice tells who somebody is, so it stands apart from pictures and papers.
    assert [("file", "photo"), ("file", "photo"), ("voice", "voice")] == sorted(
        (kind, each.kind) for kind, each in sent
    )
    for kind, each in sent:
        whole = b"".join(files.opened(store, each))
        assert whole == VOICE if kind == "voice" else Image.open(BytesIO(whole)).size == (40, 60)
        assert each.original is None
    assert any(b"more for the human" in words for case in opened.values() for kind, words in case if kind == "words")


def _filed_things(store: Store) -> dict[str, list[tuple[Place, bytes]]]:
    """All that is under the keys of cases and desks, by table, with the place where each thing belongs."""

    def rows(table: sa.Table) -> list[sa.Row[Any]]:
        return store.read(lambda tx: tx.rows(sa.select(table)))

    return {
        # Files of a draft are the bot's to open until they are filed; here none is left.
        "entries": [(cases.place(row.case_ref, row.id, row.kind, row.by), row.sealed) for row in rows(entries)],
        "heads": [(casekeys.head_place(row.reference), row.head) for row in rows(case_table)],
        "case_wraps": [(casekeys.place(row.case_ref, row.holder), row.sealed) for row in rows(case_wraps)],
        "desk_wraps": [(staff.wrap_place(row.desk, row.key_id, row.holder), row.sealed) for row in rows(desk_wraps)],
    }


async def test_the_bot_s_keys_open_no_piece_of_a_file_that_was_filed(filed: Founded) -> None:
    """The key of a photo goes into the case and nowhere else: no key of the bot's and no cell of the database fits."""
    store = filed.store
    held = json.loads((filed.home / "keys" / "bot.json").read_text())
    keys = [bytes.fromhex(each) for ring in held.values() for each in ring]
    keys += [cell for row in _every(store) for cell in row if isinstance(cell, bytes) and len(cell) == 32]
    pieces = store.read(lambda tx: tx.rows(sa.select(chunks)))

    opened = []
    for key in keys:
        for row in pieces:
            try:
                opened += files.opened(store, Stored(row.file, key, 1, 0, ""))
            except Unopenable:
                continue

    assert (3, []) == (len(pieces), opened)
    assert [("filed", 3)] == [
        tuple(row) for row in store.read(
            lambda tx: tx.rows(sa.select(file_table.c.state, sa.func.count()).group_by(file_table.c.state))
        )
    ]  # fmt: skip


async def test_the_pocket_opens_no_entry_of_a_case(filed: Founded) -> None:
    """With every key the bot has and the whole database, no entry, head or key of a case and no desk key is opened."""
    held = json.loads((filed.home / "keys" / "bot.json").read_text())
    keys = [bytes.fromhex(each) for ring in held.values() for each in ring]
    store = filed.store
    things = _filed_things(store)

    opened = []
    for place, sealed in (each for some in things.values() for each in some):
        for key in keys:
            for opener in (Identity(key), Lock(key), casekeys.head_lock(key)):
                try:
                    opener.open(sealed, place)
                except Unopenable:
                    continue
                opened.append(place)
        with pytest.raises(Unopenable):
            filed.pocket.open(sealed, place)

    assert [] == opened
    assert 3 == len(keys)
    assert {"entries": 7, "heads": 3, "case_wraps": 3, "desk_wraps": 1} == {k: len(v) for k, v in things.items()}
    # The same places are right: whoever has the desk's key opens every one of these things.
    ring = _staff(filed)
    for case in store.read(_all):
        found = store.read(lambda tx, case=case: ring.case(tx, case))
        assert found is not None
        assert found.head()
        assert all(found.entry(each) for each in store.read(lambda tx, c=case: cases.entries_of(tx, c.reference)))
    # The same keys do open what is the bot's own, so the attempt was a real one.
    talk = store.read(lambda tx: people.talk(tx, filed.pocket.address("web", CHAT)))
    assert Lock(keys[1]).open(talk or b"", Place("talks", filed.pocket.address("web", CHAT), "talk"))


async def test_no_word_stands_in_clear_in_any_file(filed: Founded) -> None:
    """No byte of what I said, of my photo, of who I am or of my code in any row, or in any file of the house."""
    store = filed.store
    newest = store.read(lambda tx: letters.newer(tx, filed.pocket.address("web", CHAT), 0, 1000))
    told = [filed.pocket.open(each.sealed or b"", letters.place(each.key)).decode() for each in newest]
    spoken = _codes(told)

    rows = b"".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in _every(store) for cell in row)
    await asyncio.to_thread(store.truncate_log)
    kept = b"".join(path.read_bytes() for path in sorted(Path(filed.home).rglob("*")) if path.is_file())

    assert 3 == len(spoken)
    written = [form.encode() for each in spoken for form in (each, each.replace(" ", ""))]
    secrets = [b"CANARY", CHAT.encode(), *written]
    assert [] == [each for each in secrets if each in rows or each in kept]


async def test_an_anonymous_case_does_not_lead_back(filed: Founded) -> None:
    """In the database nothing of my anonymous report names my address, nor the second I sent it."""
    store, address = filed.store, filed.pocket.address("web", CHAT)
    [anonymous] = [each for each in store.read(_all) if each.anonymous]
    about = [row for row in _every(store) if anonymous.reference in [str(cell) for cell in row]]

    assert anonymous.address is None
    assert len(about) >= 4
    assert [] == [tuple(row) for row in about if address in [str(cell) for cell in row]]
    assert [] == [tuple(row) for row in about if NOON_S in list(row)]


async def test_a_message_heard_twice_is_answered_once(founded: Founded, programme: Programme) -> None:
    """A message that is redelivered changes nothing and is answered by nothing."""
    chat = Chat(founded, programme)
    first = await chat.hear(Tapped("start"))
    before = len(_every(founded.store))
    chat.n -= 1

    again = await chat.hear(Tapped("start"))

    assert (True, False, before) == (first, again, len(_every(founded.store)))
    await chat.house.close()


def test_the_place_of_an_announcement_is_its_own() -> None:
    """An announcement's words cannot be passed off as anything else."""
    assert announcement_place("x") != Place("outbox", "x", "words")


async def test_what_is_added_to_a_report_closed_meanwhile_is_not_said_to_be_added(
    founded: Founded, programme: Programme
) -> None:
    """Staff close my report while I write an addition: I am not told that it was added when it was not."""
    chat = Chat(founded, programme)
    await chat.hear(Tapped("start"))
    await chat.tap("en")
    await chat.tap("report")
    await chat.through({})
    await chat.tap("send")
    newest = founded.store.read(lambda tx: letters.newer(tx, chat.address, 0, 1000))
    told = [founded.pocket.open(each.sealed or b"", letters.place(each.key)).decode() for each in newest]
    [spoken] = _codes(told)
    await chat.hear(Said(spoken))
    await chat.tap("add")
    [case] = founded.store.read(_all)
    founded.store.do(lambda tx: cases.close(tx, case.reference, NOON_S, reason=True))

    await chat.hear(Said("an addition"))

    last = founded.store.read(lambda tx: letters.newer(tx, chat.address, 0, 1000))[-1]
    said = founded.pocket.open(last.sealed or b"", letters.place(last.key)).decode()
    await chat.house.close()
    assert "It is added to your report" not in said

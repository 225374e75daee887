"""Files on their way in: sealed as they arrive, kept once or not at all, pictures without what the camera wrote."""

from __future__ import annotations

import asyncio
import io
import json
import os
import tracemalloc
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from actions.programme import Programme
from actions.talk import File, Said
from bot import attaching
from bot.bell import Bell
from bot.fetching import newer
from bot.intake import LARGEST, Attached
from bot.main import _refused
from bot.webchat import WebChat
from store import cases, files
from store.cases import Case
from store.db import Store
from store.files import PIECE, Stored, from_json
from store.schema import cases as case_table
from store.schema import chunks, entries, inbox, outbox
from store.schema import files as table
from tests.bot.pictures import COMMENT, MP3, OGG, PDF, jpeg, picture
from tests.boundaries.test_keys_and_columns import Chat
from tests.conftest import NOON_S, Founded

BOUNDARY = "cut-here"
ID, TEXT = ("id", "one"), ("text", "look at this")
CASE = Case(
    "AAAA-BBBB", "general", "filed", False, "confidential", "either", None, NOON_S, NOON_S + 1, NOON_S + 2, True, b"s",
    b"r" * 32, NOON_S, 365,
)  # fmt: skip


def _field(name: str, value: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _file(content: bytes, name: str = "file.bin", part: str = "file") -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\nContent-Type: what/ever'
    )
    return head.encode() + b"\r\n\r\n" + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


@dataclass
class Page:
    """A web page at the bot, and what its store holds."""

    chat: Chat
    app: Starlette
    token: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.chat.house.store

    async def send(self, body: bytes, cut: int = 65536, *, broken: bool = False) -> int:
        """Post a form in pieces of that size; the status of the answer."""
        return await self.call(
            "/chat/messages", (body[at : at + cut] for at in range(0, len(body), cut)), broken=broken
        )

    async def call(self, path: str, pieces: Iterable[bytes] = (), *, broken: bool = False) -> int:
        waiting, sent = iter(pieces), []

        async def receive() -> dict[str, Any]:
            # As a network does: between two pieces others get their turn.
            await asyncio.sleep(0)
            piece = next(waiting, None)
            if piece is None and broken:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [
            (b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode()),
            (b"authorization", f"Bearer {self.token}".encode()),
        ]
        scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b"", "state": {}}
        await self.app(scope, receive, send)
        self.told.append(json.loads(b"".join(each.get("body", b"") for each in sent[1:])))
        return int(sent[0]["status"])

    def count(self, what: sa.Table) -> int:
        return len(self.store.read(lambda tx: tx.rows(sa.select(what))))

    def drafts(self) -> list[Stored]:
        """The particulars of every draft's files."""
        rows = self.store.read(lambda tx: tx.rows(sa.select(entries).where(entries.c.kind == "draft")))
        pocket = self.chat.house.pocket
        return [from_json(pocket.open(row.sealed, cases.draft_place(row.id))) for row in rows]

    def opened(self, stored: Stored) -> bytes:
        return b"".join(files.opened(self.store, stored))

    def empty(self) -> bool:
        """Whether nothing of any file is in the store."""
        return (0, 0, 0) == (self.count(table), self.count(chunks), self.count(entries))


@pytest.fixture
async def page(founded: Founded, programme: Programme) -> AsyncIterator[Page]:
    """Somebody in the middle of a report, asked what happened."""
    chat = Chat(founded, programme)
    house = chat.house
    web = WebChat(chat.intake, house.store, house.pocket, house.texts, Bell(house.store))
    found = Page(chat, Starlette(routes=web.routes(), exception_handlers={HTTPException: _refused}))
    assert 201 == await found.call("/chat")
    found.token = found.told[-1]["person"]
    chat.address = house.pocket.address("web", found.token.partition(".")[0])
    await chat.hear(Said("/start"))
    await chat.tap("en")
    await chat.tap("report")
    await chat.through({"category": "cash", "handler": "either"}, to="what")
    yield found
    await house.close()


PARTS = {"id": _field(*ID), "text": _field(*TEXT), "file": _file(PDF)}
ORDERS: list[Sequence[str]] = [
    ("id", "text", "file"), ("file", "id", "text"), ("text", "file", "id"), ("id", "file"), ("file", "id"),
]  # fmt: skip


@pytest.mark.parametrize("cut", [1, 7, 65536])
@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
async def test_the_parts_of_a_form_come_in_any_order(page: Page, order: Sequence[str], cut: int) -> None:
    """However my browser puts the form together and however it trickles in, what I sent is kept."""
    assert 202 == await page.send(b"".join(PARTS[each] for each in order) + END, cut)

    [stored] = page.drafts()
    assert PDF == page.opened(stored)
    assert ("file", "application/pdf", len(PDF), "file.bin") == (stored.kind, stored.type, stored.size, stored.name)
    assert stored.sha256 == sha256(PDF).hexdigest()
    assert [("draft", None)] == [
        (row.state, row.entry) for row in page.store.read(lambda tx: tx.rows(sa.select(table)))
    ]


SO_LARGE = LARGEST - len(PDF)
BAD: dict[str, tuple[int, bytes]] = {
    "too large": (413, _field(*ID) + _file(PDF + bytes(SO_LARGE + 1)) + END),
    "much too large": (413, _field(*ID) + _file(bytes(LARGEST + 5 * PIECE)) + END),
    "empty": (400, _field(*ID) + _file(b"") + END),
    "no file": (400, _field(*ID) + END),
    "a file that is called otherwise": (400, _field(*ID) + _file(PDF, part="other") + END),
    "a file that is a field": (400, _field(*ID) + _field("file", "words") + END),
    "two files": (400, _field(*ID) + _file(PDF) + _file(PDF) + END),
    "no id": (400, _file(PDF + bytes(PIECE)) + END),
    "an id too long": (400, _field("id", "x" * 65) + _file(PDF) + END),
    "an id without an end": (400, _field("id", "x" * 500_000) + _file(PDF) + END),
    "too many fields": (400, b"".join(_field(f"n{n}", "x") for n in range(5)) + _file(PDF) + END),
    "a text too long": (413, _field(*ID) + _field("text", "x" * 4001) + _file(PDF) + END),
    "no end": (400, _field(*ID) + _file(PDF + bytes(2 * PIECE))),
    "no form": (400, b"what is this?" * 1000),
    "a part without a name": (400, f"--{BOUNDARY}\r\nContent-Type: a/b\r\n\r\nx\r\n".encode() + END),
}


@pytest.mark.parametrize("bad", BAD)
async def test_a_form_that_is_wrong_leaves_nothing(page: Page, bad: str) -> None:
    """I am told in one sentence, and not a piece of the file stays."""
    status, body = BAD[bad]
    before = page.count(inbox)

    assert status == await page.send(body)

    assert page.told[-1]["error"].endswith(".")
    assert page.empty()
    assert before == page.count(inbox)


@pytest.mark.parametrize("at", [10, 200, 5000, PIECE * 2 + 5000])
async def test_a_connection_that_breaks_leaves_nothing(page: Page, at: int) -> None:
    """My connection breaks anywhere: nothing is half kept, and the same sent again is kept once."""
    body = _field(*ID) + _file(PDF + b"x" * (3 * PIECE)) + END

    broken = await page.send(body[:at], broken=True)
    assert page.empty()
    again = await page.send(body)

    assert (400, 202) == (broken, again)
    assert [len(PDF) + 3 * PIECE] == [each.size for each in page.drafts()]


async def test_the_largest_file_is_kept(page: Page) -> None:
    """10 MB are 10 MB."""
    content = PDF + os.urandom(SO_LARGE)

    assert 202 == await page.send(_field(*ID) + _file(content) + END)

    assert content == page.opened(page.drafts()[0])


async def test_the_same_message_again_leaves_no_second_file_and_no_second_answer(page: Page) -> None:
    """My page sends it again, or twice at once, since the answer was lost: it is kept once and answered once."""
    body = _field(*ID) + _file(jpeg()) + END
    before = page.count(outbox)
    first = await page.send(body)
    after = page.count(outbox)

    again = await asyncio.gather(*(page.send(body) for _ in range(3)))

    assert [202] * 4 == [first, *again]
    assert (before + 1, after) == (after, page.count(outbox))
    [stored] = page.drafts()
    assert set(stored.ids) == {row.id for row in page.store.read(lambda tx: tx.rows(sa.select(table)))}
    assert 2 == page.count(chunks)


async def test_a_file_is_in_the_store_while_the_rest_of_it_arrives(page: Page) -> None:
    """What has come is sealed at once: 256 KiB at most are ever held back."""
    seen = []

    def arriving() -> Iterable[bytes]:
        yield _field(*ID) + _file(PDF)[:-2]
        for _ in range(8):
            yield b"x" * PIECE
            seen.append(page.count(chunks))
        yield b"\r\n" + END

    assert 202 == await page.call("/chat/messages", arriving())
    assert [1, 2, 3, 4, 5, 6, 7, 8] == seen


async def test_an_upload_takes_the_memory_of_a_few_pieces(page: Page) -> None:
    """A file of 10 MB comes in and at no time more than a few pieces of it are in memory."""
    piece = os.urandom(65536)
    await page.send(_field("id", "warm") + _file(PDF) + END)

    def arriving() -> Iterable[bytes]:
        yield _field(*ID) + _file(PDF)[:-2]
        for _ in range(159):
            yield piece
        yield b"\r\n" + END

    tracemalloc.start()
    status = await page.call("/chat/messages", arriving())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert 202 == status
    assert 159 * 65536 + len(PDF) in [each.size for each in page.drafts()]
    assert peak < 5 * PIECE


# --- what it is -------------------------------------------------------------------------------------------------------


async def test_a_photo_is_drawn_anew_without_what_the_camera_wrote(page: Page) -> None:
    """No place, no device, no description and no comment: not in the copy, and the original is apart."""
    photo = jpeg(600, 400)
    assert b"CANARY phone" in photo

    await page.send(_field(*ID) + _file(photo, "IMG_20260310_120000.jpg") + END)

    [stored] = page.drafts()
    drawn = page.opened(stored)
    shown = Image.open(io.BytesIO(drawn))
    assert ("photo", "image/jpeg", "", len(drawn)) == (stored.kind, stored.type, stored.name, stored.size)
    assert (400, 600) == shown.size  # upright, as the camera meant it
    assert {} == dict(shown.getexif())
    assert {} == dict(shown.getexif().get_ifd(0x8825))
    assert "comment" not in shown.info
    assert b"CANARY" not in drawn
    assert b"Exif" not in drawn
    assert COMMENT not in drawn
    assert stored.original is not None
    assert photo == page.opened(stored.original)
    assert sha256(photo).hexdigest() == stored.original.sha256


async def test_what_is_transparent_stays_unseen(page: Page) -> None:
    """A screenshot's hidden layer does not come to light by drawing it anew."""
    await page.send(_field(*ID) + _file(picture("PNG", "RGBA")) + END)

    drawn = Image.open(io.BytesIO(page.opened(page.drafts()[0])))
    assert (255, 255, 255) == drawn.getpixel((1, 1))


REFUSED = {
    "a picture that cannot be drawn": b"\xff\xd8\xff\xe0" + os.urandom(PIECE * 2),
    "a picture that would fill the memory": picture("PNG", "1", (20000, 20000)),
    "a page": b"<html><script>alert(1)</script></html>",
    "a program": b"\x7fELF\x02\x01\x01" + bytes(PIECE * 3),
    "a script": b"#!/bin/sh\nrm -rf /\n",
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_not_kept_is_said_not_to_be_kept(page: Page, what: str) -> None:
    """What could run, or cannot be drawn, is not taken, whatever it is called; I am told, and nothing of it stays."""
    assert 202 == await page.send(_field(*ID) + _file(REFUSED[what], "photo.jpg") + END)

    assert page.empty()
    assert "I cannot keep that kind of message" in _last(page)


def _last(page: Page) -> str:
    house = page.chat.house
    found = page.store.read(lambda tx: newer(tx, house.pocket, house.texts, page.chat.address, 0))
    return found.shown[-1][1].text


async def test_a_voice_note_is_kept_as_it_is(page: Page) -> None:
    """Its name, which holds the second it was recorded, is not."""
    await page.send(_field(*ID) + _file(OGG, "Recording 20260310 120000.ogg") + END)

    [stored] = page.drafts()
    assert ("voice", "audio/ogg", "", None) == (stored.kind, stored.type, stored.name, stored.original)
    assert OGG == page.opened(stored)


async def test_what_comes_after_the_last_file_that_fits_is_erased(page: Page) -> None:
    """One report holds so many files: one more is said not to be kept, and is not."""
    for n in range(21):
        await page.send(_field("id", f"n{n}") + _file(MP3) + END)

    assert (20, 20, 20) == (page.count(table), page.count(chunks), len(page.drafts()))
    assert "One report holds 20 files" in _last(page)


# --- from a draft into a case -----------------------------------------------------------------------------------------


async def _stored(page: Page, content: bytes) -> Stored:
    async with page.chat.intake.uploads.begin() as upload:
        await upload.write(content)
        stored = await upload.end()
    assert stored is not None
    return stored


def _states(page: Page) -> list[tuple[str, bool, int]]:
    rows = page.store.read(lambda tx: tx.rows(sa.select(table)))
    return [(row.state, row.entry is not None, row.at) for row in rows]


@pytest.mark.parametrize("evidence", [True, False])
async def test_the_original_stays_only_as_evidence(page: Page, evidence: bool) -> None:
    """Only where I said "keep it as evidence" is the untouched photo filed; otherwise its pieces are erased at once."""
    photo, pocket, store = jpeg(), page.chat.house.pocket, page.store
    stored = await _stored(page, photo)
    note, address = File("entry", "photo"), page.chat.address
    store.do(lambda tx: attaching.keep(tx, pocket, note, stored, address, NOON_S))
    filed: list[str] = []

    def unit(tx: Any) -> None:
        case = cases.file(tx, replace(CASE, evidence=evidence), "locator", b"{}", b"report")
        attaching.adopt(tx, pocket, case, [note], address)
        filed.extend(files.of_case(tx, case.reference))

    store.do(unit)

    assert [*stored.ids][: 2 if evidence else 1] == sorted(filed, key=[*stored.ids].index)
    assert [("filed", True, NOON_S - NOON_S % 86400)] * len(filed) == _states(page)
    assert len(filed) == page.count(chunks)
    assert [] == page.drafts()
    assert b"CANARY" not in page.opened(stored)
    if evidence:
        assert stored.original is not None
        assert photo == page.opened(stored.original)


async def test_whoever_says_so_at_the_end_has_the_photo_kept_as_evidence(page: Page) -> None:
    """From the page to the case: I say "keep my files unchanged" at the end, and the original is filed."""
    photo, chat = jpeg(), page.chat
    await page.send(_field(*ID) + _field("text", "My card did not work") + _file(photo) + END)
    await chat.through({})
    await chat.tap("evidence")
    await chat.tap("send")

    assert [("filed", True, NOON_S - NOON_S % 86400)] * 2 == _states(page)
    assert [] == page.drafts()
    [case] = page.store.read(lambda tx: [cases.get(tx, row.reference) for row in tx.rows(sa.select(case_table))])
    assert case is not None
    assert case.evidence


async def test_a_file_for_a_closed_case_is_not_kept(page: Page) -> None:
    """Staff close my report while my photo is on its way: nothing of it stays."""
    store, stored = page.store, await _stored(page, jpeg())
    store.do(lambda tx: cases.file(tx, CASE, "locator", b"{}", b"report"))
    store.do(lambda tx: cases.close(tx, CASE.reference, NOON_S, reason=True))

    store.do(lambda tx: attaching.append(tx, CASE.reference, stored, NOON_S))

    assert (0, 0) == (page.count(table), page.count(chunks))


async def test_a_voice_note_added_later_is_kept_apart_like_the_first(page: Page) -> None:
    """A voice tells who I am: it is an entry of its own kind, whenever it comes."""
    store, stored = page.store, await _stored(page, OGG)
    store.do(lambda tx: cases.file(tx, CASE, "locator", b"{}", b"report"))

    store.do(lambda tx: attaching.append(tx, CASE.reference, stored, NOON_S))

    found = store.read(lambda tx: cases.entries_of(tx, CASE.reference))
    assert ["report", "voice"] == [each.kind for each in found]
    assert OGG == page.opened(stored)


async def test_a_draft_s_files_go_with_it(page: Page) -> None:
    """I erase everything about this chat: the pieces of my photos are erased in the same moment."""
    await page.send(_field(*ID) + _file(jpeg()) + END)
    assert not page.empty()

    await page.chat.hear(Said("mydata"))
    await page.chat.tap("erase")

    assert page.empty()


async def test_what_was_damaged_holds_up_no_report(page: Page) -> None:
    """Somebody tampered with one photo of my draft: my report is filed without it, and the audit says so."""
    pocket, store, address = page.chat.house.pocket, page.store, page.chat.address
    stored, whole = await _stored(page, OGG), await _stored(page, PDF)
    notes = [File("harmed", "voice"), File("whole", "file")]
    for note, each in zip(notes, (stored, whole), strict=True):
        store.do(lambda tx, note=note, each=each: attaching.keep(tx, pocket, note, each, address, NOON_S))
    harmed = sa.update(entries).where(entries.c.id == "harmed").values(sealed=b"AL\x02nonsense")
    store.do(lambda tx: tx.do(harmed))

    def unit(tx: Any) -> list[str]:
        case = cases.file(tx, CASE, "locator", b"{}", b"report")
        attaching.adopt(tx, pocket, case, notes, address)
        return [each.kind for each in cases.entries_of(tx, case.reference)]

    assert ["report", "file"] == store.do(unit)


async def test_pictures_are_drawn_one_at_a_time_and_others_are_answered_meanwhile(page: Page) -> None:
    """Five people send large photos at once: each is kept, and whoever writes words is not kept waiting."""
    photo = jpeg(2400, 1600, noise=True)
    uploading = asyncio.gather(*(_stored(page, photo) for _ in range(5)))
    heard = await asyncio.wait_for(page.chat.hear(Said("nobody had water")), 10)

    assert heard
    assert not uploading.done()
    assert 5 == len({each.file for each in await uploading})


async def test_an_upload_that_nobody_ends_leaves_nothing(page: Page, home: Path) -> None:
    """Whatever goes wrong on the way."""

    async def fails() -> None:
        async with page.chat.intake.uploads.begin() as upload:
            await upload.write(b"words " * PIECE)
            assert page.count(chunks) == 5
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()

    assert page.empty()
    assert [] == [each for each in home.rglob("*") if each.is_file() and b"words words" in each.read_bytes()]


def test_what_a_turn_holds_of_a_file_shows_nothing() -> None:
    """A traceback that quotes it names neither key nor file."""
    stored = Stored("file", b"secret key", 1, 2, "hash", name="letter of Amina.pdf")

    assert "secret" not in repr(Attached(stored, "words"))
    assert "Amina" not in repr(Attached(stored, "words"))

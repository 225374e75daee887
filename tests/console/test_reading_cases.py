"""Reading: the list, one case, its files; whoever looks is written down."""

import io
import logging
import os
import re
from hashlib import sha256

import pytest
import sqlalchemy as sa
from conftest import CANARY, DAY, NOON
from PIL import Image

from store import audit, cases, reveals
from store.schema import chunks


def acts(house):
    return [(row.who, row.act, row.about) for row in reversed(house.store.read(audit.recent))]


def photo(**more):
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=exif, **more)
    return out.getvalue()


async def test_who_asked_for_a_human_stands_on_top_then_who_waits_longest(house, ada):
    """The list begins with who waits for a person, then goes by time left, with words and not colour alone. (R25)"""
    house.case("R-SOON", filed=NOON, due=1)
    house.case("R-LATER", filed=NOON, due=9)
    house.case("R-HUMAN", filed=NOON, due=30, human=True)
    house.case("R-LATE", filed=NOON - 5 * DAY, due=3)

    page = (await ada.get("/")).text

    assert sorted(["R-HUMAN", "R-LATE", "R-SOON", "R-LATER"], key=page.index) == [
        "R-HUMAN",
        "R-LATE",
        "R-SOON",
        "R-LATER",
    ]
    assert all(each in page for each in ("conversation", "overdue by 2 days", "9 days left", "Something with the aid"))
    assert ("id-ada", "looked at the list (open)", "general") in acts(house)


async def test_the_list_refreshes_itself_only_when_something_changed(house, ada):
    """A poll of an unchanged list opens nothing and leaves no trace; a new case brings the rows again."""
    house.case("R-1")
    seen = (await ada.get("/")).text.partition("seen=")[2].partition('"')[0]
    before = len(acts(house))

    unchanged = await ada.get(f"/list?tab=open&seen={seen}")
    house.case("R-2")
    changed = await ada.get(f"/list?tab=open&seen={seen}")

    assert (unchanged.status_code, changed.status_code, "R-2" in changed.text) == (204, 200, True)
    assert before + 1 == len(acts(house))


async def test_opening_a_case_stops_the_first_clock_and_is_written_down(house, ada):
    """Whoever opens a case is in the audit, the case is no longer unread, its alert goes."""
    house.case()
    house.store.do(lambda tx: cases.alert(tx, "R-1", "first_look", NOON))
    assert "first look overdue" in (await ada.get("/")).text

    page = (await ada.get("/cases/R-1")).text

    assert CANARY in page
    assert page.index("I want my card back") < page.index(CANARY)
    assert house.store.read(lambda tx: cases.get(tx, "R-1")).state == "read"
    assert ("id-ada", "opened", "R-1") in acts(house)
    assert "first look overdue" not in (await ada.get("/")).text


async def test_another_desks_case_is_not_here(house, ada):
    """A member sees the cases of their own desks; a knock at another gives nothing away and is noted. (R66)"""
    house.case("R-PSEA", desk="psea")
    photo_id = house.attach("R-PSEA", "image/jpeg", photo())

    answers = [await ada.get("/cases/R-PSEA"), await ada.get(f"/cases/R-PSEA/files/{photo_id}"),
               await ada.get("/cases/R-PSEA/thread"), await ada.get("/cases/R-NONE")]  # fmt: skip

    assert [each.status_code for each in answers] == [404] * 4
    assert len({each.text for each in answers}) == 1
    assert "R-PSEA" not in (await ada.get("/")).text
    assert ("id-ada", "refused", "R-PSEA") in acts(house)


async def test_no_form_works_on_another_desks_case(house, ada):
    """Answering, noting and closing stop at the same door, and the knock stays in the audit."""
    house.case("R-1")
    house.case("R-PSEA", desk="psea")
    csrf = (await ada.get("/cases/R-1")).text.partition('name="csrf" value="')[2].partition('"')[0]

    sent = [
        await ada.post(f"/cases/R-PSEA/{each}", csrf=csrf, id="a" * 24, text="hello", note="hello", reason="hello")
        for each in ("reply", "note", "close")
    ]

    assert [each.status_code for each in sent] == [404] * 3
    assert acts(house).count(("id-ada", "refused", "R-PSEA")) == 3
    assert len(house.store.read(lambda tx: cases.entries_of(tx, "R-PSEA"))) == 1


async def test_a_photo_is_drawn_anew_without_what_the_camera_wrote(house, ada):
    """A photo is shown without place, device or comment, cannot run anything, and the look is in the audit."""
    house.case()
    id_ = house.attach("R-1", "image/jpeg", photo(comment=b"hidden words"))

    shown = await ada.get(f"/cases/R-1/files/{id_}")

    assert shown.headers["content-type"] == "image/jpeg"
    assert b"taken at home" not in shown.content
    assert b"hidden words" not in shown.content
    assert "sandbox" in shown.headers["content-security-policy"]
    assert ("id-ada", "looked at a file", f"R-1/{id_}") in acts(house)


@pytest.mark.parametrize(
    ("type_", "content"),
    [
        ("text/html", b"<script>alert(1)</script>"),
        ("image/svg+xml", b"<svg onload='x'/>"),
        ("image/png", b"no picture"),
    ],
)
async def test_anything_else_can_only_be_saved(house, ada, type_, content):
    """A page, a drawing with scripts or a broken picture is never shown by the console."""
    house.case()
    id_ = house.attach("R-1", type_, content, 'a"b\r\nc/../élan.html')

    saved = await ada.get(f"/cases/R-1/files/{id_}")

    assert ("application/octet-stream", content) == (saved.headers["content-type"], saved.content)
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert saved.headers["x-content-type-options"] == "nosniff"


async def test_a_picture_that_would_fill_the_memory_is_not_drawn(house, ada):
    """A small file that unfolds into a giant picture is only offered for saving."""
    bomb = io.BytesIO()
    Image.new("1", (20000, 20000)).save(bomb, "PNG")
    house.case()
    id_ = house.attach("R-1", "image/png", bomb.getvalue())

    shown = await ada.get(f"/cases/R-1/files/{id_}")

    assert shown.headers["content-type"] == "application/octet-stream"


async def test_a_voice_note_plays_and_can_be_wound(house, ada):
    """Sound goes to the browser's player in its own type, whole or in parts; parts are one look."""
    house.case()
    id_ = house.attach("R-1", "audio/ogg", b"0123456789")

    whole = await ada.get(f"/cases/R-1/files/{id_}")
    part = await ada.get(f"/cases/R-1/files/{id_}", headers={"range": "bytes=4-6"})

    assert (whole.headers["content-type"], whole.content) == ("audio/ogg", b"0123456789")
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"456", "bytes 4-6/10")
    assert acts(house).count(("id-ada", "looked at a file", f"R-1/{id_}")) == 1


def let_hear(house, entry, member):
    """A voice is heard by whoever was allowed to."""
    house.store.do(lambda tx: reveals.ask(tx, "a" * 24, cases.get(tx, "R-1"), entry, "to understand", member, NOON))
    house.store.do(lambda tx: reveals.allow(tx, "a" * 24, "id-ben", NOON + 3600))


async def test_a_long_recording_is_served_in_parts_from_its_pieces(house, ada):
    """Winding into the middle of a long recording brings exactly that part; its size is told beforehand."""
    content = os.urandom(600_000)
    house.case()
    id_ = house.attach("R-1", "audio/mpeg", content, kind="voice")
    let_hear(house, id_, "id-ada")

    whole = await ada.get(f"/cases/R-1/files/{id_}")
    part = await ada.get(f"/cases/R-1/files/{id_}", headers={"range": "bytes=262000-525000"})
    rest = await ada.get(f"/cases/R-1/files/{id_}", headers={"range": "bytes=599990-"})
    beyond = await ada.get(f"/cases/R-1/files/{id_}", headers={"range": "bytes=600000-"})

    assert (whole.content, whole.headers["content-length"]) == (content, "600000")
    assert (part.status_code, part.content) == (206, content[262000:525001])
    assert (rest.content, rest.headers["content-range"]) == (content[-10:], "bytes 599990-599999/600000")
    assert (beyond.status_code, beyond.content) == (200, content)


async def test_the_original_is_there_only_as_evidence(house, ada):
    """A picture's untouched original can be saved where the person kept it as evidence, and nowhere else. (R106)"""
    house.case()
    drawn, original = photo(), photo(comment=b"hidden words")
    plain = house.attach("R-1", "image/jpeg", drawn)
    kept = house.attach("R-1", "image/jpeg", drawn, original=original)

    page = (await ada.get("/cases/R-1")).text
    saved = [await ada.get(f"/cases/R-1/files/{each}?save={how}") for each, how in
             ((plain, "1"), (kept, "1"), (kept, "original"))]  # fmt: skip

    assert page.count("Save the original") == 1
    assert [each.content for each in saved] == [drawn, drawn, original]
    assert f"{sha256(original).hexdigest()}" in page
    assert f"{sha256(drawn).hexdigest()}" in page
    assert ("id-ada", "saved an original", f"R-1/{kept}") in acts(house)


async def test_the_case_shows_who_had_a_file_in_hand(house, ada):
    """Evidence has a history: who looked at it and who saved it, when, beside its SHA-256. (R106)"""
    house.case()
    id_, other = house.attach("R-1", "application/pdf", b"%PDF-1.4 x"), house.attach("R-1", "image/jpeg", photo())
    before = (await ada.get("/cases/R-1")).text
    await ada.get(f"/cases/R-1/files/{other}")
    await ada.get(f"/cases/R-1/files/{id_}?save=1")

    page = (await ada.get("/cases/R-1")).text

    assert before.count("Nobody has looked at it or saved it.") == 2
    history = re.findall(r"<li>(.*?)</li>", page)
    assert ["looked at a file", "saved a file"] == sorted(each.rpartition("</span> ")[2] for each in history)
    assert all(">Ada</span>" in each for each in history)
    assert sha256(b"%PDF-1.4 x").hexdigest() in page


@pytest.mark.parametrize(
    ("type_", "name", "saved"),
    [
        ("text/plain", "run.bat", "run.txt"),
        ("application/zip", "letter.docx", "letter.docx"),
        ("application/x-ole-storage", "setup.msi", "setup.doc"),
        ("application/pdf", "..", "file-"),
        ("image/jpeg", "", "file-"),
        ("unheard/of", "a.exe", "a.bin"),
    ],
)
async def test_nothing_becomes_a_program_by_its_name(house, ada, type_, name, saved):
    """What staff save ends as its content says, whatever the person's phone called it."""
    house.case()
    id_ = house.attach("R-1", type_, b"x", name)

    told = (await ada.get(f"/cases/R-1/files/{id_}?save=1")).headers["content-disposition"]

    assert told.startswith(f"attachment; filename=\"file\"; filename*=UTF-8''{saved}")


async def test_a_damaged_file_is_no_file(house, ada):
    """A file of which a piece is missing is not served as if it were whole, and whoever asks is told so."""
    house.case()
    id_ = house.attach("R-1", "application/pdf", os.urandom(600_000))
    house.store.do(lambda tx: tx.do(sa.delete(chunks).where(chunks.c.n == 1)))

    answer = await ada.get(f"/cases/R-1/files/{id_}?save=1")

    assert (answer.status_code, "changed or damaged" in answer.text) == (409, True)


async def test_what_the_person_adds_appears_in_the_open_case(house, ada):
    """New words come into an open page by themselves, marked read; an unchanged one is not opened again. (R27)"""
    house.case()
    seen = (await ada.get("/cases/R-1")).text.partition("seen=")[2].partition('"')[0]
    assert (await ada.get(f"/cases/R-1/thread?seen={seen}")).status_code == 204
    house.store.do(lambda tx: cases.add_from_person(tx, "R-1", "They came again.", NOON + 60))

    polled = await ada.get(f"/cases/R-1/thread?seen={seen}")

    assert "They came again." in polled.text
    assert not house.store.read(lambda tx: cases.get(tx, "R-1")).news


async def test_what_a_person_wrote_is_shown_as_words_and_never_as_a_page(house, ada):
    """Markup in a report is text."""
    house.case(words="<script>alert(1)</script>")

    assert "&lt;script&gt;alert(1)" in (await ada.get("/cases/R-1")).text


async def test_the_audit_shows_names_and_whether_it_is_whole(house, ada):
    """Staff see who looked at what, and that no row was changed."""
    house.case()
    await ada.get("/cases/R-1")

    page = (await ada.get("/audit")).text

    head = house.store.read(audit.head)
    assert all(each in page for each in ("Ada", "opened", "R-1", "chain whole"))
    assert f"row {head.seq} with <code>{head.hash[:16]}</code>" in page


async def test_no_log_holds_a_word_of_a_case(house, ada, caplog, capsys):
    """At DEBUG, reading and answering a case leaves no word of it, no name and no token in any log."""
    caplog.set_level(logging.DEBUG)
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/reply", text="secret-answer-51c")
    await ada.get("/cases/R-1")

    written = caplog.text + "".join(capsys.readouterr())

    tokens = list(dict(ada.http.cookies).values())
    assert not [each for each in (CANARY[:12], "secret-answer-51c", "my card back", *tokens) if each in written]

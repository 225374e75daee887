"""What was changed or damaged in the database is told and noted, never left out and never shown as something else."""

import pytest
import sqlalchemy as sa
from conftest import CANARY
from test_announcing import every

from console.damaged import SENTENCE
from store import audit, cases
from store import reveals as store_reveals
from store.schema import announcements, case_wraps, desk_wraps, entries, reveals
from store.schema import cases as case_table


def noted(house):
    return [row.about for row in house.store.read(audit.recent) if row.act == "could not open"]


def spoil(house, table, column, where):
    """Change one byte near the end, as a fault of the disk would."""
    row = house.store.read(lambda tx: tx.row(sa.select(column).where(where)))
    broken = row[0][:-1] + bytes([row[0][-1] ^ 1])
    house.store.do(lambda tx: tx.do(sa.update(table).where(where).values(**{column.name: broken})))


def report(house):
    return house.store.read(lambda tx: cases.entries_of(tx, "R-1", ["report"]))[0].id


async def test_a_damaged_report_is_told_in_red_and_noted_once_a_look(house, ada):
    """The rest of the case is there; in the audit stands which entry it was."""
    house.case()
    house.store.do(lambda tx: cases.add_from_person(tx, "R-1", "They came again.", 0))
    spoil(house, entries, entries.c.sealed, entries.c.id == report(house))

    page = (await ada.get("/cases/R-1")).text

    assert (SENTENCE in page, CANARY in page, "They came again." in page) == (True, False, True)
    assert noted(house) == [f"R-1/{report(house)}"]
    await ada.get("/cases/R-1")
    assert len(noted(house)) == 2


async def test_a_message_that_was_moved_from_another_case_is_damage_too(house, ada):
    """Somebody with the database exchanged two people's words: neither is shown."""
    house.case("R-1")
    house.case("R-2")
    house.store.do(lambda tx: cases.add_from_person(tx, "R-1", "first-words", 0))
    house.store.do(lambda tx: cases.add_from_person(tx, "R-2", "second-words", 0))
    house.store.do(lambda tx: tx.do(sa.update(entries).where(entries.c.kind == "words", entries.c.case_ref == "R-1")
                                    .values(case_ref="R-2")))  # fmt: skip

    page = (await ada.get("/cases/R-2")).text

    assert (SENTENCE in page, "second-words" in page, "first-words" in page) == (True, True, False)
    assert [each.partition("/")[0] for each in noted(house)] == ["R-2"]


async def test_a_damaged_file_is_no_file_that_is_missing(house, ada):
    """Asked for, it is said to be damaged; the case says so as well."""
    house.case()
    id_ = house.attach("R-1", "audio/ogg", b"sound")
    spoil(house, entries, entries.c.sealed, entries.c.id == id_)

    shown, page = await ada.get(f"/cases/R-1/files/{id_}"), await ada.get("/cases/R-1")

    assert (shown.status_code, SENTENCE in shown.text, SENTENCE in page.text) == (409, True, True)
    assert noted(house) == [f"R-1/{id_}"] * 2


async def test_a_damaged_head_stands_in_the_list_as_damaged(house, ada):
    """The case is still in the list, the others with it."""
    house.case("R-1")
    house.case("R-2")
    spoil(house, case_table, case_table.c.head, case_table.c.reference == "R-1")

    page = (await ada.get("/")).text

    assert (SENTENCE in page, "changed or damaged</span>" in page, "Something with the aid" in page) == (True,) * 3
    assert noted(house) == ["R-1/head"]


@pytest.mark.parametrize("path", ["/cases/R-1", "/cases/R-1/thread"])
async def test_a_damaged_key_of_a_case_is_told_and_is_no_fault_of_the_page(house, ada, path):
    """Nobody reads this case now, and whoever looks is told why."""
    house.case()
    spoil(house, case_wraps, case_wraps.c.sealed, case_wraps.c.case_ref == "R-1")

    answer = await ada.get(path)

    assert (answer.status_code, SENTENCE in answer.text) == (409, True)
    assert noted(house) == ["R-1/key"]


async def test_a_damaged_announcement_is_told_and_nobody_is_asked_to_approve_it(house, browsers, ada):
    """What cannot be read cannot be read over."""
    await ada.submit("/announcements", "/announcements", **{"text-en": "Water on Monday."})
    (draft,) = every(house)
    spoil(house, announcements, announcements.c.sealed, announcements.c.id == draft.id)
    ben = browsers()
    ben.sign_in_as(house, *house.member("ben")[:2])

    page = await ben.get("/announcements")

    assert (page.status_code, SENTENCE in page.text) == (200, True)
    assert f"/announcements/{draft.id}/approve" not in page.text
    assert noted(house) == [draft.id]


async def test_a_damaged_key_of_a_desk_is_told_and_leaves_the_other_desks(house, browsers):
    """I am not signed out without a word: the list of my other desk is there, and says that something is damaged."""
    house.case("R-1")
    house.case("R-2", desk="psea")
    eve = browsers()
    eve.sign_in_as(house, *house.member("eve", ("general", "psea"))[:2])
    spoil(house, desk_wraps, desk_wraps.c.sealed, sa.and_(desk_wraps.c.holder == "id-eve", desk_wraps.c.desk == "psea"))

    page = (await eve.get("/")).text

    assert (SENTENCE in page, "R-1" in page, "R-2" in page) == (True, True, False)
    assert noted(house) == ["psea/key"]


async def test_a_damaged_reason_and_a_damaged_name_are_told(house, ada):
    """Why somebody asked for a name, and the name itself, are not blank and not left out when they are damaged."""
    house.case()
    found = house.store.read(lambda tx: cases.get(tx, "R-1"))
    id_ = house.store.do(lambda tx: cases.add(tx, found, "identity", "person", b'{"name": "Amina"}', 0))
    house.store.do(lambda tx: store_reveals.ask(tx, "w" * 24, found, id_, "to call her", "id-ada", house.clock.at))
    house.store.do(lambda tx: store_reveals.allow(tx, "w" * 24, "id-ada", house.clock.at + 3600, alone=True))
    assert "Amina" in (await ada.get("/cases/R-1")).text
    spoil(house, reveals, reveals.c.sealed, reveals.c.case_ref == "R-1")
    spoil(house, entries, entries.c.sealed, entries.c.id == id_)

    page = (await ada.get("/cases/R-1")).text

    assert (SENTENCE in page, "Amina" in page, "to call her" in page) == (True, False, False)
    assert set(noted(house)) == {f"R-1/{id_}", f"R-1/{'w' * 24}"}


async def test_what_is_whole_is_never_called_damaged(house, ada):
    """No false alarm in the list, the case or the audit."""
    house.case()

    pages = [(await ada.get(each)).text for each in ("/", "/cases/R-1", "/announcements")]

    assert not [each for each in pages if SENTENCE in each]
    assert noted(house) == []


async def test_one_damaged_entry_does_not_hold_a_case_back(house, browsers, ada):
    """The rest goes to the other desk, and the damaged entry is told there."""
    eve = browsers()
    eve.sign_in_as(house, *house.member("eve", ("psea",))[:2])
    house.case()
    house.store.do(lambda tx: cases.add_from_person(tx, "R-1", "They came again.", 0))
    whole = sa.and_(entries.c.case_ref == "R-1", entries.c.kind == "words")
    broken = bytes(400)
    house.store.do(lambda tx: tx.do(sa.update(entries).where(whole).values(sealed=broken)))

    await ada.submit("/cases/R-1", "/cases/R-1/transfer", desk="psea", why="For you.")

    page = (await eve.get("/cases/R-1")).text
    assert (CANARY in page, SENTENCE in page) == (True, True)

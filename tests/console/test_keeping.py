"""Keeping a case, opening it again, and erasing it for good: that takes two members, a reason, and no hold."""

import asyncio

import pytest
import sqlalchemy as sa
from conftest import CANARY, DAY, NOON, PASSWORD

from actions.words import from_json
from console.keeping import HELD
from console.revealing import ANOTHER
from store import audit, casekeys, cases, diary, erasing, letters, opening, schema, staff, tombstones

REASON = "canary-55 because of the court"


@pytest.fixture
def ben(house, browsers):
    """A second member of the general desk."""
    browser = browsers()
    browser.sign_in_as(house, *house.member("ben")[:2])
    return browser


def again(house, browser, name):
    """The session was over; this member signs in again."""
    member = house.store.read(lambda tx: staff.by_id(tx, f"id-{name}"))
    browser.sign_in_as(house, member, opening.unlock(member, PASSWORD).identity)


def got(house, reference="R-1"):
    return house.store.read(lambda tx: cases.get(tx, reference))


def acts(house):
    return [(row.who, row.act, row.about) for row in house.store.read(audit.recent)]


def sent(house, reference="R-1"):
    """The letters that wait for the person of a case."""
    address = house.pocket.address("web", reference)
    rows = house.store.read(lambda tx: letters.newer(tx, address, 0))
    opened = [house.pocket.open(each.sealed, letters.place(each.key)).decode() for each in rows]
    return [from_json(each).paragraphs[0] for each in opened]


def noted(house, kind):
    rows = house.store.read(lambda tx: tx.rows(sa.select(schema.diary).where(schema.diary.c.kind == kind)))
    return {row.case_ref: row.due for row in rows}


async def close(browser, reference="R-1"):
    return await browser.submit(f"/cases/{reference}", f"/cases/{reference}/close", reason="Done.")


# --- holds ------------------------------------------------------------------------------------------------------------


async def test_a_hold_and_its_end_have_reasons(house, ada):
    """Both stand in the case with who and why, sealed; both are in the audit without the words."""
    house.case()

    held = await ada.submit("/cases/R-1", "/cases/R-1/hold", reason=REASON)
    assert ("The case is kept from being erased." in held.text, REASON in held.text) == (True, True)
    assert got(house).hold
    released = await ada.submit("/cases/R-1", "/cases/R-1/release", reason="It is over.")

    assert "It is over." in released.text
    assert not got(house).hold
    assert [act for _, act, _ in acts(house)].count("kept it from being erased") == 1
    assert not any(REASON in str(each) for each in acts(house))


async def test_a_hold_needs_a_reason_and_is_set_once(house, ada):
    """Nothing is kept without one; a second click adds no second entry."""
    house.case()
    refused = await ada.submit("/cases/R-1", "/cases/R-1/hold", reason=" ")
    assert (refused.status_code, got(house).hold) == (422, False)
    page = (await ada.get("/cases/R-1")).text

    for _ in range(2):
        await ada.post("/cases/R-1/hold", csrf=between(page, 'name="csrf" value="'), id="a" * 24, reason="Court")

    assert len(house.store.read(lambda tx: cases.entries_of(tx, "R-1", ["hold"]))) == 1


async def test_the_end_of_a_hold_lets_the_time_run_again(house, ada):
    """A case that would be gone by now is looked at at once; its end is announced before it comes."""
    house.case()
    await close(ada)
    await ada.submit("/cases/R-1", "/cases/R-1/hold", reason="Court")
    house.store.do(lambda tx: diary.write(tx, "expire", NOON + 9999 * DAY, case="R-1"))

    await ada.submit("/cases/R-1", "/cases/R-1/release", reason="Over")

    assert noted(house, "expire") == {"R-1": NOON + (365 - 14) * DAY}


async def test_what_its_person_wants_erased_goes_with_the_hold(house, ada):
    """The person asked while it was held: the page says so, and the end of the hold is the end of the case."""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/hold", reason="Court")
    house.store.do(lambda tx: erasing.wish(tx, cases.get(tx, "R-1"), NOON))
    assert "The person wants this erased" in (await ada.get("/cases/R-1")).text

    done = await ada.submit("/cases/R-1", "/cases/R-1/release", reason="Over")

    assert "The case is erased." in done.text
    assert got(house) is None
    assert stones(house) == [(tombstones.name_of("case", "R-1"), "person")]


def stones(house):
    rows = house.store.read(lambda tx: tx.rows(sa.select(schema.tombstones)))
    return [(row.name, row.why) for row in rows]


# --- reopening --------------------------------------------------------------------------------------------------------


async def test_a_closed_case_is_opened_again(house, ada):
    """It waits for an answer with a date of its own, the person is told, and it will not expire."""
    house.case()
    await close(ada)
    assert noted(house, "expire") == {"R-1": NOON + (365 - 14) * DAY}
    house.clock.at = NOON + 30 * DAY
    again(house, ada, "ada")

    page = await ada.submit("/cases/R-1", "/cases/R-1/reopen")

    assert "The case is open again." in page.text
    assert (got(house).state, got(house).answer_by) == ("read", NOON + 51 * DAY)
    assert noted(house, "answer") == {"R-1": NOON + 51 * DAY}
    assert noted(house, "expire") == {}
    assert sent(house)[-1].msgid == "We deal with your message {reference} again. You hear from us by {date}."
    assert "R-1" in (await ada.get("/")).text


async def test_reopening_twice_is_reopening_once(house, ada):
    """A second click neither writes to the person again nor moves the date."""
    house.case()
    await close(ada)
    page = (await ada.get("/cases/R-1")).text
    for later in (0, 60):
        house.clock.at += later
        await ada.post("/cases/R-1/reopen", csrf=between(page, 'name="csrf" value="'))

    assert len(sent(house)) == 2
    assert got(house).answer_by == NOON + 21 * DAY


# --- erasing ----------------------------------------------------------------------------------------------------------


async def test_two_members_erase_a_case_for_good(house, ada, ben):
    """One asks with a reason, another reads it and agrees: of the case a stone is left, and the person is told."""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/reply", text="An answer that nobody has fetched yet.")

    asked = await ada.submit("/cases/R-1", "/cases/R-1/erasure", reason=REASON)
    assert "A second member has to agree" in asked.text
    assert "Erase for good" not in asked.text
    seen = await ben.get("/cases/R-1")
    assert (REASON in seen.text, "Erase for good" in seen.text) == (True, True)
    done = await ben.submit("/cases/R-1", "/cases/R-1/erasure/approve")

    assert "The case is erased." in done.text
    assert got(house) is None
    assert [(await each.get("/cases/R-1")).status_code for each in (ada, ben)] == [404, 404]
    assert stones(house) == [(tombstones.name_of("case", "R-1"), "staff")]
    assert [each.msgid for each in sent(house)] == ["Your message {reference} is erased. Its code leads nowhere now."]
    assert {("id-ada", "asked to erase", "R-1"), ("id-ben", "erased", "R-1")} <= set(acts(house))
    assert not any(REASON in str(each) for each in acts(house))
    for table in (schema.case_wraps, schema.entries, schema.erasures, schema.alerts):
        assert house.store.read(lambda tx, table=table: tx.rows(sa.select(table))) == []


async def test_nothing_erased_is_found_in_the_files_of_the_database(house, ada, ben):
    """Neither the wrapped key nor the report nor the reason lingers in the database or its log."""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/erasure", reason=REASON)
    rows = house.store.read(lambda tx: [
        row.sealed[60:120] for table in (schema.case_wraps, schema.entries, schema.erasures)
        for row in tx.rows(sa.select(table.c.sealed))
    ])  # fmt: skip
    assert len(rows) == 3
    await ben.submit("/cases/R-1", "/cases/R-1/erasure/approve")

    files = b"".join(each.read_bytes() for each in house.home.glob("amana.db*"))

    assert not [each for each in rows if each in files]


async def test_who_asks_cannot_agree(house, ada):
    """One member alone erases nothing, whatever they send."""
    house.case()
    page = await ada.submit("/cases/R-1", "/cases/R-1/erasure", reason=REASON)

    refused = await ada.post("/cases/R-1/erasure/approve", csrf=between(page.text, 'name="csrf" value="'))

    assert (refused.status_code, ANOTHER in refused.text) == (409, True)
    assert got(house) is not None


async def test_who_does_not_see_the_case_cannot_agree(house, ada, browsers):
    """A member of another desk finds nothing there; the knock is in the audit."""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/erasure", reason=REASON)
    eve = browsers()
    eve.sign_in_as(house, *house.member("eve", ("psea",))[:2])
    csrf = between((await eve.get("/")).text, 'name="csrf" value="')

    refused = await eve.post("/cases/R-1/erasure/approve", csrf=csrf)

    assert refused.status_code == 404
    assert ("id-eve", "refused", "R-1") in acts(house)
    assert got(house) is not None


async def test_do_not_erase_is_the_end_of_it(house, ada, ben):
    """The case stays, the wish is gone, and an old page's button does nothing."""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/erasure", reason=REASON)
    old = (await ben.get("/cases/R-1")).text

    await ben.submit("/cases/R-1", "/cases/R-1/erasure/refuse")
    again = await ben.post("/cases/R-1/erasure/approve", csrf=between(old, 'name="csrf" value="'))

    assert "The case is not erased." in again.text
    assert got(house) is not None
    assert ("id-ben", "did not let it be erased", "R-1") in acts(house)


async def test_a_hold_refuses_erasing_before_and_after_it_was_asked_for(house, ada, ben):
    """Nobody can ask for a held case, nor agree when a hold came in between."""
    house.case()
    page = await ada.submit("/cases/R-1", "/cases/R-1/erasure", reason=REASON)
    await ada.submit("/cases/R-1", "/cases/R-1/hold", reason="Court")
    csrf = between((await ben.get("/cases/R-1")).text, 'name="csrf" value="')

    refused = [
        await ben.post("/cases/R-1/erasure/approve", csrf=csrf),
        await ada.post("/cases/R-1/erasure", csrf=between(page.text, 'name="csrf" value="'), id="c" * 24, reason="x"),
    ]

    assert [(each.status_code, HELD in each.text) for each in refused] == [(409, True)] * 2
    assert got(house) is not None


async def test_two_who_agree_at_once_erase_once(house, ada, ben, browsers):
    """Both click in the same moment: one stone, one letter, one act in the audit."""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/erasure", reason=REASON)
    cyd = browsers()
    cyd.sign_in_as(house, *house.member("cyd")[:2])
    tokens = [(each, between((await each.get("/cases/R-1")).text, 'name="csrf" value="')) for each in (ben, cyd, ben)]

    done = await asyncio.gather(*(
        each.post("/cases/R-1/erasure/approve", csrf=csrf, follow=False) for each, csrf in tokens
    ))  # fmt: skip

    assert sorted(each.status_code for each in done) == [303, 404, 404]
    assert len(sent(house)) == 1
    assert [act for _, act, _ in acts(house)].count("erased") == 1


async def test_the_list_says_what_will_be_erased_soon(house, ada):
    """Whoever looks through the closed cases sees which are near their end."""
    house.case()
    await close(ada)
    house.store.do(lambda tx: cases.alert(tx, "R-1", "erased_soon", NOON))

    assert "erased soon" in (await ada.get("/?tab=closed")).text
    assert CANARY not in (await ada.get("/?tab=closed")).text


async def test_a_case_s_reason_goes_to_its_new_key(house, ada, ben):
    """A case that gets another key while somebody waits for its erasure: the second member still reads why."""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/erasure", reason=REASON)
    await ada.submit("/cases/R-1", "/cases/R-1/note", note="x")
    rekey(house)

    assert REASON in (await ben.get("/cases/R-1")).text


def rekey(house):
    member, identity, _ = house.member("rea")

    def unit(tx):
        opened = opening.ring_of(tx, member.id, identity).case(tx, cases.get(tx, "R-1"))
        opened.rekey(tx, casekeys.readers(tx, "general"))

    house.store.do(unit)


def between(page, start):
    return page.partition(start)[2].partition('"')[0]

"""Giving a case to another desk, and shutting it to whom it is about: who is left with nothing, and who is not."""

import re

import pytest
from conftest import CANARY, NOON, form_on
from starlette.routing import Route
from test_answering import sent

from store import audit, casekeys, cases, opening
from store.places import Unopenable

WHY = "The report names somebody of the staff."


def acts(house):
    return [(row.who, row.act, row.about) for row in reversed(house.store.read(audit.recent))]


def case(house, reference="R-1"):
    return house.store.read(lambda tx: cases.get(tx, reference))


def enter(house, browsers, name, desks=("general",), gender=""):
    browser = browsers()
    browser.member, browser.identity, _ = house.member(name, desks, gender)
    browser.sign_in_as(house, browser.member, browser.identity)
    return browser


@pytest.fixture
def eve(house, browsers):
    """Eve works at PSEA."""
    return enter(house, browsers, "eve", ("psea",))


@pytest.fixture
def ben(house, browsers):
    """Ben works beside Ada."""
    return enter(house, browsers, "ben")


async def give(browser, desk="psea", why=WHY, reference="R-1"):
    return await browser.submit(f"/cases/{reference}", f"/cases/{reference}/transfer", desk=desk, why=why)


async def test_a_case_given_to_another_desk_is_read_there_and_gone_here(house, ada, ben, eve):
    """Eve reads all of it, with the reason; for Ada and Ben there is no such case any more."""
    house.case()
    file = house.attach("R-1", "audio/ogg", b"sound")

    done = await give(ada)

    assert "It is gone from here" in done.text
    read = (await eve.get("/cases/R-1")).text
    assert (CANARY in read, WHY in read) == (True, True)
    assert (await eve.get(f"/cases/R-1/files/{file}")).content == b"sound"
    for each in (ada, ben):
        assert "R-1" not in (await each.get("/")).text
        assert [(await each.get(f"/cases/R-1{part}")).status_code for part in ("", "/thread", f"/files/{file}")] == [
            404
        ] * 3


async def test_its_clocks_go_on_and_both_desks_have_it_in_the_audit(house, ada, eve):
    """The person waits no longer because of it."""
    house.case()
    await ada.get("/cases/R-1")
    before = case(house)

    await give(ada)

    after = case(house)
    assert (after.desk, after.news) == ("psea", True)
    assert (after.state, after.filed, after.first_look_by, after.answer_by) == (
        before.state, before.filed, before.first_look_by, before.answer_by
    )  # fmt: skip
    assert ("id-ada", "gave the case to psea", "R-1") in acts(house)
    assert "gave the case to psea" in (await eve.get("/audit")).text
    assert ("gave a case to psea" in (await ada.get("/audit")).text, "R-1" in (await ada.get("/audit")).text) == (
        True, False
    )  # fmt: skip


async def test_the_old_desks_keys_open_nothing_of_it(house, ada, eve):
    """Not with the desk's key, not with the case's former key, saved from before: it has another."""
    house.case()
    ring = house.store.read(lambda tx: opening.ring_of(tx, *house._founder()))
    old = house.store.read(lambda tx: ring.case(tx, cases.get(tx, "R-1")))

    await give(ada)

    now, entries = case(house), house.store.read(lambda tx: cases.entries_of(tx, "R-1"))
    assert now.public != old.case.public
    for each in entries:
        with pytest.raises(Unopenable):
            old.entry(each)
    with pytest.raises(Unopenable):
        old._lock.open(now.head, casekeys.head_place("R-1"))


async def test_the_person_is_told_by_a_neutral_letter_and_the_answer_still_reaches_them(house, ada, eve):
    """One letter, without a desk's name; a person without an address gets none."""
    house.case()
    house.case("R-2", reachable=False)

    await give(ada)
    await give(ada, reference="R-2")
    await eve.submit("/cases/R-1", "/cases/R-1/reply", text="We look into it.")

    letters = sent(house)
    assert letters[0][0].startswith("Another team now deals with")
    assert "PSEA" not in str(letters[0])
    assert ["An answer from our staff:", "We look into it."] == letters[1]
    assert sent(house, "R-2") == []


async def test_sent_twice_it_is_given_once(house, ada, eve):
    """The second form of somebody who is not of the new desk meets nothing."""
    house.case()
    form = form_on((await ada.get("/cases/R-1")).text, "/cases/R-1/transfer")

    await ada.post("/cases/R-1/transfer", **form, desk="psea", why=WHY)
    again = await ada.post("/cases/R-1/transfer", **form, desk="psea", why=WHY)

    assert again.status_code == 404
    notes = house.store.read(lambda tx: cases.entries_of(tx, "R-1", ["note"]))
    assert (len(notes), acts(house).count(("id-ada", "gave the case to psea", "R-1"))) == (1, 1)


async def test_who_works_at_both_desks_stays_with_the_case_and_gives_it_once(house, browsers):
    """I gave it to my other desk: it is still mine to read, and a second tap gives it nowhere else."""
    house.case()
    both = enter(house, browsers, "dan", ("general", "psea"))
    form = form_on((await both.get("/cases/R-1")).text, "/cases/R-1/transfer")

    done = await both.post("/cases/R-1/transfer", **form, desk="psea", why=WHY)
    again = await both.post("/cases/R-1/transfer", **form, desk="psea", why=WHY)

    assert ("belongs to this desk now" in done.text, again.status_code) == (True, 200)
    assert len(house.store.read(lambda tx: cases.entries_of(tx, "R-1", ["note"]))) == 1


@pytest.mark.parametrize(("desk", "why"), [("psea", ""), ("psea", "x" * 3501), ("", WHY), ("nowhere", WHY)])
async def test_a_desk_and_a_reason_are_needed_and_what_was_typed_stays(house, ada, eve, desk, why):
    """Nothing is given away by mistake."""
    house.case()

    refused = await give(ada, desk, why)

    assert (refused.status_code, "was not given away" in refused.text) == (422, True)
    assert (why in refused.text, case(house).desk) == (True, "general")


async def test_a_case_is_not_given_to_a_desk_where_nobody_could_deal_with_it(house, browsers, ada, ben):
    """Nobody there, everybody there shut out, or no woman where a woman was asked for: refused with what to do."""
    house.case("R-1")
    nobody = await give(ada, "women")
    gus = enter(house, browsers, "gus", ("psea",), "man")
    house.case("R-2", shut=("id-gus",))
    shut = await give(ada, reference="R-2")
    fay = enter(house, browsers, "fay", ("general",), "woman")
    house.case("R-3", handler="woman")
    no_woman = await give(fay, reference="R-3")

    assert [each.status_code for each in (nobody, shut, no_woman)] == [409] * 3
    assert "Nobody works at Women" in nobody.text
    assert "Everybody who works at PSEA is shut out" in shut.text
    assert "no woman who could read this case works at PSEA" in no_woman.text
    assert [case(house, each).desk for each in ("R-1", "R-2", "R-3")] == ["general"] * 3
    assert (await gus.get("/cases/R-2")).status_code == 404


async def test_whom_a_case_is_shut_to_is_shut_out_of_it_at_the_next_desk_too(house, browsers, ada, eve):
    """It is about Gus, who works at PSEA: the others of PSEA read it."""
    gus = enter(house, browsers, "gus", ("psea",))
    house.case(shut=("id-gus",))

    await give(ada)

    assert [(await each.get("/cases/R-1")).status_code for each in (eve, gus)] == [200, 404]


async def test_a_case_about_a_colleague_is_shut_to_them_and_stays_open_to_the_others(house, ada, ben):
    """Ben finds it nowhere: not in the list, not by its number, not in its files, nor in the audit. (R77)"""
    house.case()
    file = house.attach("R-1", "audio/ogg", b"sound")
    house.store.do(lambda tx: cases.alert(tx, "R-1", "first_look", NOON))
    assert (await ben.get("/cases/R-1")).status_code == 200
    house.store.do(lambda tx: cases.alert(tx, "R-1", "answer", NOON))
    form = form_on((await ada.get("/cases/R-1")).text, "/cases/R-1/conflict")

    done = await ada.post("/cases/R-1/conflict", **{**form, "who": "id-ben"})
    again = await ada.post("/cases/R-1/conflict", **{**form, "who": "id-ben"})

    assert ("is shut to your colleague" in done.text, again.status_code in {200, 409}) == (True, True)
    page = (await ben.get("/")).text
    assert ("R-1" in page, "overdue" in page) == (False, False)
    parts = ("", "/thread", f"/files/{file}")
    assert [(await ben.get(f"/cases/R-1{part}")).status_code for part in parts] == [404] * 3
    audited = (await ben.get("/audit")).text
    assert ("R-1" in audited, "shut a colleague out" in audited) == (False, False)
    assert CANARY in (await ada.get("/cases/R-1")).text
    assert acts(house).count(("id-ada", "shut a colleague out", "R-1")) == 1


async def test_what_they_saved_before_opens_nothing_that_comes_after(house, ada, ben):
    """Ben read it yesterday and kept every key: today's words are under another."""
    house.case()
    ring = house.store.read(lambda tx: opening.ring_of(tx, "id-ben", ben.identity))
    old = house.store.read(lambda tx: ring.case(tx, cases.get(tx, "R-1")))
    await ada.submit("/cases/R-1", "/cases/R-1/conflict", who="id-ben")

    house.store.do(lambda tx: cases.add_from_person(tx, "R-1", "He did it again.", NOON + 60))

    assert house.store.read(lambda tx: ring.case(tx, cases.get(tx, "R-1"))) is None
    for each in house.store.read(lambda tx: cases.entries_of(tx, "R-1")):
        with pytest.raises(Unopenable):
            old.entry(each)


async def test_a_case_about_me_leaves_me_at_the_list(house, ada, ben):
    """I say so myself, and my colleague deals with it."""
    house.case()

    done = await ada.submit("/cases/R-1", "/cases/R-1/conflict", who="id-ada")

    assert ("The case is shut to you" in done.text, "R-1" in done.text) == (True, False)
    assert [(await each.get("/cases/R-1")).status_code for each in (ada, ben)] == [404, 200]


async def test_nobody_is_shut_out_where_nobody_would_be_left(house, browsers, ada):
    """The only one, or the only woman where a woman was asked for: the page advises another desk."""
    house.case("R-1")
    me = await ada.submit("/cases/R-1", "/cases/R-1/conflict", who="id-ada")
    fay, ida = (enter(house, browsers, each, ("psea",), "woman") for each in ("fay", "ida"))
    enter(house, browsers, "gus", ("psea",), "man")
    house.case("R-2", desk="psea", handler="woman")
    first = await fay.submit("/cases/R-2", "/cases/R-2/conflict", who="id-ida")
    second = await fay.submit("/cases/R-2", "/cases/R-2/conflict", who="id-fay")

    assert [each.status_code for each in (me, first, second)] == [409, 200, 409]
    assert all("Give it to another desk" in each.text for each in (me, second))
    assert [(await each.get("/cases/R-2")).status_code for each in (fay, ida)] == [200, 404]


async def test_only_somebody_who_works_at_the_desk_can_be_named(house, ada, ben, eve):
    """Somebody of another desk cannot see the case anyway."""
    house.case()
    form = form_on((await ada.get("/cases/R-1")).text, "/cases/R-1/conflict")

    refused = [await ada.post("/cases/R-1/conflict", **{**form, "who": each}) for each in ("id-eve", "", "nobody")]

    assert [each.status_code for each in refused] == [409] * 3
    assert house.store.read(lambda tx: casekeys.shut_for(tx, "R-1")) == frozenset()


# --- nowhere a difference between "not yours" and "not there" ---------------------------------------------------------


def doors(app):
    """Every address of the console that names a case, with the way to come in."""
    found = [each for each in app.routes if isinstance(each, Route) and "{reference}" in each.path]
    return [(next(iter(each.methods - {"HEAD"})), each.path) for each in found]


async def knock(browser, method, path, reference, csrf, file):
    parts = {"reference": reference, "entry": file, "id": "a" * 24}
    address = re.sub(r"{(\w+)(:\w+)?}", lambda each: parts.get(each[1], "a" * 24), path)
    if method == "GET":
        return await browser.get(address)
    words = dict.fromkeys(("text", "note", "reason", "why", "words"), "hello")
    return await browser.post(address, csrf=csrf, id="b" * 24, desk="psea", who="id-ada", **words)


@pytest.mark.parametrize("kind", ["of another desk", "shut to me", "for a woman only"])
async def test_every_address_of_a_case_answers_as_if_there_were_none(house, app, ada, ben, eve, kind):
    """Not yours is not there, at every address of a case: same status, same words, same headers. (R53, R66, R77)"""
    await ada.get("/")
    match kind:
        case "of another desk":
            house.case(desk="psea")
        case "shut to me":
            house.case(shut=("id-ada",))
        case _:
            house.case(handler="woman")
    file = house.attach("R-1", "audio/ogg", b"sound")
    csrf = form_on((await ada.get("/")).text, "/sign-out")["csrf"]
    before = house.store.read(lambda tx: cases.entries_of(tx, "R-1"))

    for method, path in doors(app):
        there, nowhere = [await knock(ada, method, path, each, csrf, file) for each in ("R-1", "R-0")]
        assert (there.status_code, nowhere.status_code) == (404, 404), (method, path)
        assert (nowhere.text, dict(nowhere.headers)) == (there.text, dict(there.headers)), (method, path)
    assert "R-1" not in (await ada.get("/audit")).text
    assert house.store.read(lambda tx: cases.entries_of(tx, "R-1")) == before


async def test_the_walk_opens_a_case_that_is_mine(house, app, ada):
    """The walk is not blind: the same knocks at my own case find it, and every door is known to it."""
    house.case()
    file = house.attach("R-1", "audio/ogg", b"sound")
    csrf = form_on((await ada.get("/")).text, "/sign-out")["csrf"]

    found = [await knock(ada, method, path, "R-1", csrf, file) for method, path in doors(app) if method == "GET"]

    # Looking for questions like it leads back to a case that is none.
    assert {200, 303} == {each.status_code for each in found}
    assert ["/cases/R-1"] == [each.headers["location"] for each in found if each.is_redirect]
    every = {path.rpartition("}")[2] or path for _, path in doors(app)}

    assert {"/thread", "/reply", "/note", "/close", "/transfer", "/conflict", "/question", "/alike", "/plan"} <= every
    assert "/cases/{reference}/files/{entry}" in {path for _, path in doors(app)}

"""One passage of a case in the hands of an interpreter: who sees it, when, what comes of it, and how it vanishes."""

import re

import pytest
from conftest import CANARY, PASSWORD, form_on

from console.case import LONGEST
from console.passages import GONE, NO_PROMISE, NOT_PROMISED
from console.relaying import CLOSED, DAMAGED
from store import audit, cases, opening, relays, staff, turning
from store.places import Unopenable
from store.schema import meta

PASSAGE = "canary-b81e ils ont pris ma carte"
MEANING = "canary-44d0 they took my card"


def acts(house):
    return [(row.who, row.act, row.about) for row in reversed(house.store.read(audit.recent))]


def waiting(house, reference="R-1"):
    return house.store.read(lambda tx: relays.of_case(tx, reference))


def cells(house):
    """Every cell of every table."""
    return [
        cell for table in meta.sorted_tables for row in house.store.read(lambda tx, t=table: tx.rows(t.select()))
        for cell in row
    ]  # fmt: skip


def enter(house, browsers, name, *languages, desks=("psea",), gender=""):
    """The browser of somebody who reads these languages and works, unless it is said, at another desk."""
    browser = browsers()
    browser.sign_in_as(house, *house.member(name, desks, gender)[:2])
    house.store.do(lambda tx: staff.set_languages(tx, f"id-{name}", languages))
    return browser


@pytest.fixture
def lou(house, browsers):
    """Lou reads French and works at PSEA."""
    return enter(house, browsers, "lou", "fr")


async def csrf_of(browser):
    return form_on((await browser.get("/account")).text, "/sign-out")["csrf"]


async def hand(browser, passage=PASSAGE, to="id-lou", reference="R-1"):
    return await browser.submit(f"/cases/{reference}", f"/cases/{reference}/relays", passage=passage, to=to)


async def asked(house, browser):
    """A passage was handed to Lou; its name."""
    await hand(browser)
    [relay] = waiting(house)
    return relay.id


async def promised(browser, id_):
    return await browser.submit("/interpreting", f"/interpreting/{id_}/promise", promise="1")


def offered(page):
    """Who can be chosen as an interpreter."""
    form = re.search(r'action="/cases/R-1/relays">.*?</form>', page.text, re.DOTALL)
    return set(re.findall(r'<option value="(id-\w+)"', form.group())) if form else set()


# --- the whole way ----------------------------------------------------------------------------------------------------


async def test_a_passage_is_handed_over_promised_interpreted_and_read_in_the_case(house, ada, lou):
    """Ada cannot read it; Lou, who works elsewhere, promises, reads that passage and writes what it says. (R61)"""
    house.case()

    handed = await hand(ada)
    before = (await lou.get("/interpreting")).text
    [relay] = waiting(house)
    shown = (await promised(lou, relay.id)).text
    sent = await lou.submit("/interpreting", f"/interpreting/{relay.id}", text=MEANING)

    assert "The passage waits for the interpreter." in handed.text
    assert ("French" in before, "Ada" in before, PASSAGE in before) == (True, True, False)
    assert PASSAGE in shown
    assert ("Thank you." in sent.text, PASSAGE in sent.text, waiting(house)) == (True, False, [])
    thread = (await ada.get("/cases/R-1/thread")).text
    assert (MEANING in thread, "<b>Lou</b> · interpreted" in thread) == (True, True)
    about = f"R-1/{relay.id}"
    assert [each for each in acts(house) if each[2] == about] == [
        ("id-ada", "handed a passage to an interpreter", about),
        ("id-lou", "promised to tell nobody what they interpret", about),
        ("id-lou", "looked at a passage to interpret", about),
        ("id-lou", "looked at a passage to interpret", about),
        ("id-lou", "interpreted a passage", about),
    ]


async def test_an_interpreter_sees_nothing_of_the_case_but_the_passage(house, ada, lou):
    """No reference, no desk, no word of the report; the case itself is not there for Lou, before and after. (R61)"""
    house.case()
    id_ = await asked(house, ada)

    pages = [await lou.get("/interpreting"), await promised(lou, id_), await lou.get("/"), await lou.get("/audit")]
    doors = [(await lou.get(f"/cases/R-1{part}")).status_code for part in ("", "/thread", "/alike")]
    await lou.submit("/interpreting", f"/interpreting/{id_}", text=MEANING)
    after = (await lou.get("/cases/R-1")).status_code

    told = "".join(each.text for each in pages)
    assert (CANARY in told, "R-1" in told, "General" in told) == (False, False, False)
    assert (doors, after) == ([404] * 3, 404)


async def test_nobody_but_the_chosen_one_sees_the_passage_and_nobody_before_the_promise(house, browsers, ada, lou):
    """Mia reads French too; she is not shown it, and cannot promise, interpret or decline in Lou's place. (R61)"""
    house.case()
    mia = enter(house, browsers, "mia", "fr")
    id_, csrf = await asked(house, ada), await csrf_of(mia)

    refused = [
        await mia.post(f"/interpreting/{id_}{what}", csrf=csrf, promise="1", text="mine") for what in ("", "/promise")
    ]
    await mia.post(f"/interpreting/{id_}/decline", csrf=csrf)
    await lou.get("/interpreting")

    assert [(each.status_code, GONE in each.text) for each in refused] == [(409, True)] * 2
    assert PASSAGE not in "".join(each.text for each in (*mia.seen, *lou.seen))
    assert [(each.to, each.promised) for each in waiting(house)] == [("id-lou", False)]


async def test_without_the_promise_there_is_nothing_to_read_and_nothing_to_write(house, ada, lou):
    """Lou sends the form without the tick, or an interpretation before it: a sentence says what to do. (R61)"""
    house.case()
    id_, csrf = await asked(house, ada), await csrf_of(lou)

    no_tick = await lou.post(f"/interpreting/{id_}/promise", csrf=csrf)
    too_early = await lou.post(f"/interpreting/{id_}", csrf=csrf, text=MEANING)

    assert (no_tick.status_code, NO_PROMISE in no_tick.text) == (422, True)
    assert (too_early.status_code, NOT_PROMISED in too_early.text) == (409, True)
    assert PASSAGE not in no_tick.text + too_early.text
    assert house.store.read(lambda tx: cases.entries_of(tx, "R-1", [relays.ENTRY])) == []


async def test_what_waits_is_sealed_for_the_interpreter_alone(house, ada, lou):
    """The row holds no clear word; Lou's key opens it, Ada's and the case's do not. (R61)"""
    house.case()
    await hand(ada)

    [relay] = waiting(house)

    assert not [each for each in cells(house) if PASSAGE[:11] in str(each)]
    lous = house.store.read(lambda tx: staff.by_id(tx, "id-lou"))
    identity = opening.unlock(lous, PASSWORD).identity
    assert identity.open(relay.sealed, relay.place).decode() == PASSAGE
    adas = opening.unlock(house.store.read(lambda tx: staff.by_id(tx, "id-ada")), PASSWORD).identity
    ring = house.store.read(lambda tx: opening.ring_of(tx, "id-ada", adas))
    opened = house.store.read(lambda tx: ring.case(tx, cases.get(tx, "R-1")))
    for other in (adas.open, *(each.open for each in ring.every.values()), opened.thing):
        with pytest.raises(Unopenable):
            other(relay.sealed, relay.place)


async def test_interpreting_is_linked_only_while_something_waits(house, ada, lou):
    """Lou finds the page in the navigation until the passage is settled; nobody else has it. (R61)"""
    house.case()

    async def linked():
        return ["/interpreting" in (await each.get("/")).text for each in (ada, lou)]

    before, id_, during = await linked(), await asked(house, ada), await linked()
    await lou.submit("/interpreting", f"/interpreting/{id_}/decline")

    assert [before, during, await linked()] == [[False, False], [False, True], [False, False]]


async def test_repeated_forms_are_harmless(house, ada, lou):
    """Each form is sent twice: one passage, one promise, one interpretation. (R61)"""
    house.case()
    form = {**form_on((await ada.get("/cases/R-1")).text, "/cases/R-1/relays"), "passage": PASSAGE, "to": "id-lou"}
    for _ in range(2):
        await ada.post("/cases/R-1/relays", **form)
    [relay] = waiting(house)
    csrf = await csrf_of(lou)
    for path, words in (("/promise", {"promise": "1"}), ("", {"text": MEANING})):
        twice = [await lou.post(f"/interpreting/{relay.id}{path}", csrf=csrf, **words) for _ in range(2)]
        assert [each.status_code for each in twice] == [200, 200]
    again = await ada.post("/cases/R-1/relays", **form)

    assert (again.status_code, waiting(house)) == (200, [])
    assert len(house.store.read(lambda tx: cases.entries_of(tx, "R-1", [relays.ENTRY]))) == 1
    assert len([act for _, act, _ in acts(house) if act == "interpreted a passage"]) == 1
    assert len([act for _, act, _ in acts(house) if act == "handed a passage to an interpreter"]) == 1


# --- who can be chosen ------------------------------------------------------------------------------------------------


async def test_those_who_read_the_language_can_be_chosen_of_whatever_desk(house, browsers, ada, lou):
    """Not Ada herself, not who reads no French, not who has left, not whom the case is shut to. (R61)"""
    house.store.do(lambda tx: staff.set_languages(tx, "id-ada", ["fr"]))
    enter(house, browsers, "eng", "en")
    enter(house, browsers, "gone", "fr")
    enter(house, browsers, "ben", "fr", desks=("general",))
    enter(house, browsers, "out", "fr", desks=("general",))
    house.store.do(lambda tx: staff.retire(tx, "id-gone"))
    house.case(shut=("id-out",))

    page = await ada.get("/cases/R-1")
    refused = [await hand(ada, to=each) for each in ("id-ada", "id-eng", "id-gone", "id-out", "", "nobody")]

    assert offered(page) == {"id-lou", "id-ben"}
    assert [each.status_code for each in refused] == [422] * 6
    assert all("Choose who shall interpret it" in each.text and PASSAGE in each.text for each in refused)
    assert waiting(house) == []


@pytest.mark.parametrize(("answer", "handler", "found"), [
    ("A woman", "either", {"id-wen"}),
    ("A man", "either", {"id-max"}),
    ("No preference", "either", {"id-wen", "id-max", "id-lou"}),
    ("No preference", "woman", {"id-wen", "id-max", "id-lou"}),
    ("", "woman", {"id-wen"}),
])  # fmt: skip
async def test_a_woman_or_a_man_interprets_as_the_person_wished(house, browsers, lou, answer, handler, found):
    """She asked that a woman interprets, or that a woman deals with it: no man is offered, nor refused later. (R61)"""
    enter(house, browsers, "wen", "fr", gender="woman")
    enter(house, browsers, "max", "fr", gender="man")
    fay = enter(house, browsers, "fay", "en", desks=("general",), gender="woman")
    house.case(handler=handler, answers=[["interpreter", "Interpreter", answer]] if answer else [])

    page = await fay.get("/cases/R-1")
    tried = {each: (await hand(fay, to=each)).status_code for each in ("id-wen", "id-max", "id-lou")}

    assert offered(page) == found
    assert {each for each, status in tried.items() if status == 200} == found


async def test_that_no_such_interpreter_is_there_is_said(house, browsers, ada, lou):
    """A woman was wished for and only Lou reads French: the page says so, and what would help. (R61)"""
    house.case("R-1", answers=[["interpreter", "Interpreter", "A woman"]])
    house.case("R-2")
    house.store.do(lambda tx: staff.set_languages(tx, "id-lou", ["fr"]))

    woman = (await ada.get("/cases/R-1")).text
    house.store.do(lambda tx: staff.set_languages(tx, "id-lou", []))
    nobody = (await ada.get("/cases/R-2")).text

    assert "A woman has to interpret this, and no woman who could has said that they read French." in woman
    assert "No colleague who could interpret this has said that they read French." in nobody
    assert 'action="/cases/R-1/relays"' not in woman


async def test_at_a_desk_of_women_women_interpret(house, browsers, lou):
    """What is told to the women's desk is not handed to a man. (R61)"""
    fay = enter(house, browsers, "fay", "en", desks=("women",), gender="woman")
    enter(house, browsers, "wen", "fr", gender="woman")
    house.case(desk="women")

    assert offered(await fay.get("/cases/R-1")) == {"id-wen"}


async def test_a_liaison_interprets_nothing_of_a_sensitive_desk(house, browsers, ada, lou):
    """Lio is a liaison: a passage of the general desk can be handed to them, one of PSEA cannot. (R61, R62)"""
    enter(house, browsers, "lio", "fr", desks=())
    house.store.do(lambda tx: staff.set_liaison(tx, "id-lio", liaison=True))
    eve = enter(house, browsers, "eve", "en")
    house.case()
    there = offered(await ada.get("/cases/R-1"))
    await ada.submit("/cases/R-1", "/cases/R-1/transfer", desk="psea", why="abuse")

    assert (there, offered(await eve.get("/cases/R-1"))) == ({"id-lou", "id-lio"}, {"id-lou"})


@pytest.mark.parametrize("passage", ["", "x" * (LONGEST + 1)])
async def test_a_passage_that_is_empty_or_too_long_is_refused(house, ada, lou, passage):
    """A sentence says how long it may be; what was typed is still there, and so is who was chosen. (R61)"""
    house.case()

    refused = await hand(ada, passage=passage)

    assert refused.status_code == 422
    assert f"A passage has 1 to {LONGEST} characters; this one has {len(passage)}. Nobody was asked." in refused.text
    assert ('<option value="id-lou" selected>' in refused.text, passage in refused.text) == (True, True)
    assert waiting(house) == []


@pytest.mark.parametrize("text", ["", "x" * (LONGEST + 1)])
async def test_an_interpretation_that_is_empty_or_too_long_is_refused(house, ada, lou, text):
    """A sentence says how long it may be; the passage still waits, and what was typed is still there. (R61)"""
    house.case()
    id_ = await asked(house, ada)
    await promised(lou, id_)

    refused = await lou.submit("/interpreting", f"/interpreting/{id_}", text=text)

    assert refused.status_code == 422
    assert f"An interpretation has 1 to {LONGEST} characters; this one has {len(text)}." in refused.text
    assert (PASSAGE in refused.text, text in refused.text, len(waiting(house))) == (True, True, 1)


async def test_nothing_is_handed_over_of_a_closed_or_damaged_case(house, ada, lou):
    """A sentence says what to do first. (R61)"""
    house.case("R-1")
    house.case("R-2")
    csrf = await csrf_of(ada)
    await ada.submit("/cases/R-1", "/cases/R-1/close", reason="no answer wanted")
    [report] = house.store.read(lambda tx: cases.entries_of(tx, "R-2", ["report"]))
    house.store.do(lambda tx: tx.do(meta.tables["entries"].update().where(
        meta.tables["entries"].c.id == report.id).values(sealed=b"spoiled")) and None)  # fmt: skip

    refused = [
        await ada.post(f"/cases/{each}/relays", csrf=csrf, id="b" * 24, passage=PASSAGE, to="id-lou")
        for each in ("R-1", "R-2")
    ]

    assert [(each.status_code, said in each.text) for each, said in zip(refused, (CLOSED, DAMAGED), strict=True)] == [
        (409, True), (409, True)
    ]  # fmt: skip
    assert waiting(house) == []


async def test_a_passage_that_was_changed_is_told_and_can_be_declined(house, ada, lou):
    """Lou reads in red that it cannot be opened; it is in the audit. (R61)"""
    house.case()
    id_ = await asked(house, ada)
    table = meta.tables["relays"]
    house.store.do(lambda tx: tx.do(table.update().values(sealed=b"spoiled", promised=True)) and None)

    page = (await lou.get("/interpreting")).text
    await lou.submit("/interpreting", f"/interpreting/{id_}/decline")

    assert "Something here was changed or damaged" in page
    assert ("id-lou", "could not open", f"R-1/{id_}") in acts(house)
    assert waiting(house) == []


# --- how it vanishes --------------------------------------------------------------------------------------------------


async def test_an_interpreter_can_decline(house, ada, lou):
    """Lou does not want to; the passage is gone without having been read, and the audit has it. (R61)"""
    house.case()
    id_ = await asked(house, ada)

    for _ in range(2):
        done = await lou.post(f"/interpreting/{id_}/decline", csrf=await csrf_of(lou))

    assert ("You have declined." in done.text, PASSAGE in done.text, waiting(house)) == (True, False, [])
    assert [each for each in acts(house) if "declined" in each[1]] == [
        ("id-lou", "declined to interpret a passage", f"R-1/{id_}")
    ]


async def test_whoever_asked_takes_it_back(house, ada, lou):
    """Ada sees whom she asked and whether they have promised; taken back, Lou's interpretation is not kept. (R61)"""
    house.case()
    id_ = await asked(house, ada)
    before = (await ada.get("/cases/R-1")).text
    await promised(lou, id_)
    after = (await ada.get("/cases/R-1")).text

    done = await ada.submit("/cases/R-1", f"/cases/R-1/relays/{id_}/back")
    late = await lou.post(f"/interpreting/{id_}", csrf=await csrf_of(lou), text=MEANING)

    assert ("was asked on" in before, "has promised" in before, "has promised" in after) == (True, False, True)
    assert ("does not wait for the interpreter any more" in done.text, waiting(house)) == (True, [])
    assert (late.status_code, GONE in late.text) == (409, True)
    assert "Nothing waits for you." in (await lou.get("/interpreting")).text
    assert ("id-ada", "took a passage back from an interpreter", f"R-1/{id_}") in acts(house)


async def test_a_passage_is_taken_back_by_its_own_case_only(house, ada, lou):
    """The address of another case does not lead to it. (R61)"""
    house.case("R-1")
    house.case("R-2")
    id_ = await asked(house, ada)

    await ada.post(f"/cases/R-2/relays/{id_}/back", csrf=await csrf_of(ada))

    assert len(waiting(house)) == 1


async def closed(house, browsers, ada, lou):
    await ada.submit("/cases/R-1", "/cases/R-1/close", reason="settled")


async def given_away(house, browsers, ada, lou):
    await ada.submit("/cases/R-1", "/cases/R-1/transfer", desk="psea", why="abuse")


async def erased(house, browsers, ada, lou):
    zoe = enter(house, browsers, "zoe", desks=("general",))
    await ada.submit("/cases/R-1", "/cases/R-1/erasure", reason="by mistake")
    await zoe.submit("/cases/R-1", "/cases/R-1/erasure/approve")


async def shut_out(house, browsers, ada, lou):
    await enter(house, browsers, "eve", desks=("general",)).submit(
        "/colleagues", "/colleagues/id-lou/give", desk="general"
    )
    await ada.submit("/cases/R-1", "/cases/R-1/conflict", who="id-lou")


async def retired(house, browsers, ada, lou):
    house.store.do(lambda tx: staff.retire(tx, "id-lou"))


async def another_key(house, browsers, ada, lou):
    signed = turning.signed(house.store, "lou", PASSWORD)
    turning.staff_key(house.store, signed.member, signed.unlocked, PASSWORD, house.clock(), "id-lou")


@pytest.mark.parametrize("how", [closed, given_away, erased, shut_out, retired, another_key])
async def test_a_passage_goes_when_nobody_should_read_it_any_more(house, browsers, ada, lou, how):
    """The case is closed, given away or erased; the interpreter is shut out, leaves, or has another key. (R61)"""
    house.case("R-1")
    house.case("R-2")
    id_ = await asked(house, ada)
    await promised(lou, id_)
    ada.seen.clear()

    await how(house, browsers, ada, lou)

    assert [each.status_code for each in ada.seen if each.status_code >= 400] == []
    assert waiting(house) == []
    assert PASSAGE not in (await lou.get("/interpreting")).text


async def test_the_passages_of_other_cases_stay(house, browsers, ada, lou):
    """One case is closed; what was asked about another still waits. (R61)"""
    house.case("R-1")
    house.case("R-2")
    for each in ("R-1", "R-2"):
        await hand(ada, reference=each)

    await closed(house, browsers, ada, lou)

    assert ([], 1) == (waiting(house, "R-1"), len(waiting(house, "R-2")))


async def test_no_log_no_audit_and_no_address_holds_a_word_of_it(house, ada, lou, capsys):
    """Handed over, refused, read and interpreted: the words are on two pages, sealed in the case, and nowhere. (R61)"""
    house.case()
    id_ = await asked(house, ada)
    await hand(ada, to="id-nobody")
    await promised(lou, id_)
    await lou.submit("/interpreting", f"/interpreting/{id_}", text=MEANING)

    said = [str(cell) for cell in cells(house)] + ["".join(capsys.readouterr())]
    said += [str(each.url) + str(each.headers) for each in (*ada.seen, *lou.seen)]

    assert not [each for each in said for words in (PASSAGE, MEANING) if words[:11] in each]

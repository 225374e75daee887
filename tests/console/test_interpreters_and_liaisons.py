"""Who reads which language, when an interpreter is needed, and what a liaison sees."""

import pytest
from conftest import CANARY, form_on
from test_giving_cases import doors, knock
from test_signing_in import enrol

from console.colleagues import LIAISON, NOT_ONESELF, NOT_YOURS
from store import audit, cases, staff

ASKED = [["about", "About", "my card"], ["interpreter", "Interpreter", "A woman"]]


def acts(house):
    return [(row.who, row.act, row.about) for row in reversed(house.store.read(audit.recent))]


def token_on(page):
    return page.text.partition("/enrol#")[2].partition("<")[0]


@pytest.fixture
def eve(house, browsers):
    """Eve's browser: a member of the general desk and of PSEA."""
    browser = browsers()
    browser.sign_in_as(house, *house.member("eve", ("general", "psea"))[:2])
    return browser


async def liaison(house, browsers, eve, *languages):
    """Lou's browser: a liaison at the general desk who reads these languages."""
    browser = browsers()
    browser.sign_in_as(house, *house.member("lou")[:2])
    await eve.submit("/colleagues", "/colleagues/id-lou/liaison")
    if languages:
        await browser.submit("/account", "/account/languages", **{f"reads-{each}": "1" for each in languages})
    return browser


async def test_a_member_says_which_languages_they_read(house, ada):
    """I tick French; it is ticked when I come back, it is in the audit, and I can take it away again. (R61)"""
    kept = await ada.submit("/account", "/account/languages", **{"reads-fr": "1", "reads-xx": "1"})

    assert "Kept." in kept.text
    assert form_on(kept.text, "/account/languages").keys() == {"csrf", "reads-fr"}
    assert ("id-ada", "changed which languages they read", "") in acts(house)
    csrf = form_on(kept.text, "/account/languages")["csrf"]
    emptied = await ada.post("/account/languages", csrf=csrf)
    assert form_on(emptied.text, "/account/languages").keys() == {"csrf"}


@pytest.mark.parametrize(("reads", "needed"), [((), False), (("en",), True), (("en", "fr"), False)])
async def test_a_case_that_nobody_at_the_desk_reads_needs_an_interpreter(house, ada, reads, needed):
    """A report in French: the case says so once everybody at the desk has said what they read, and none reads it.

    (R61)
    """
    house.case("R-1")
    if reads:
        await ada.submit("/account", "/account/languages", **{f"reads-{each}": "1" for each in reads})

    page = (await ada.get("/cases/R-1")).text

    assert ("Needs an interpreter: French" in page) == needed


async def test_whom_the_person_prefers_as_interpreter_is_on_the_case(house, ada):
    """She asked that a woman interprets; whoever opens the case sees it until somebody there reads French. (R61)"""
    house.case("R-1", human=True, answers=ASKED)

    before = (await ada.get("/cases/R-1")).text
    await ada.submit("/account", "/account/languages", **{"reads-fr": "1"})
    after = (await ada.get("/cases/R-1")).text

    assert "Needs an interpreter: French, a woman" in before
    assert "Needs an interpreter" not in after


def test_it_is_not_known_who_reads_what_until_everybody_has_said_it(house):
    """One at the desk has said nothing: nobody is told that nobody reads them. (R61)"""
    house.member("ada")
    house.member("ben")
    seen = []
    for who, read in (("id-ada", ["en"]), ("id-ben", ["en", "sw"])):
        house.store.do(lambda tx, who=who, read=read: staff.set_languages(tx, who, read))
        seen.append([house.store.read(lambda tx, each=each: staff.unread_at(tx, each)) for each in ("ar", "sw")])

    assert seen == [[frozenset(), frozenset()], [frozenset({"general"}), frozenset()]]


async def test_a_liaison_does_not_find_a_sensitive_case(house, browsers, eve):
    """Lou helps with what people say at the general desk; a case of abuse is not there for them. (R62)"""
    house.case("R-1")
    house.case("R-2", desk="psea")
    lou = await liaison(house, browsers, eve, "fr")

    seen = [(await lou.get(f"/cases/{each}")).status_code for each in ("R-1", "R-2")]

    assert seen == [200, 404]
    assert "R-2" not in (await lou.get("/")).text
    assert ("id-eve", "made somebody a liaison", "id-lou") in acts(house)


async def test_a_liaison_is_not_let_in_at_a_sensitive_desk(house, browsers, eve):
    """Eve cannot let Lou work there, whatever her browser sends; when Lou is no liaison any more, she can. (R62)"""
    await liaison(house, browsers, eve)
    csrf = form_on((await eve.get("/colleagues")).text, "/sign-out")["csrf"]

    refused = await eve.post("/colleagues/id-lou/give", csrf=csrf, desk="psea")
    await eve.submit("/colleagues", "/colleagues/id-lou/liaison")
    let_in = await eve.submit("/colleagues", "/colleagues/id-lou/give", desk="psea")

    assert (refused.status_code, LIAISON.format(desk="PSEA") in refused.text) == (409, True)
    assert let_in.status_code == 200
    assert house.store.read(staff.desks_of)["id-lou"] == ["general", "psea"]
    assert ("id-eve", "ended a liaison", "id-lou") in acts(house)


async def test_who_works_at_a_sensitive_desk_does_not_become_a_liaison(house, browsers, eve):
    """First Ben leaves the desk where abuse is dealt with. (R62)"""
    house.member("ben", ("general", "psea"))

    refused = await eve.submit("/colleagues", "/colleagues/id-ben/liaison")

    assert (refused.status_code, LIAISON.format(desk="PSEA") in refused.text) == (409, True)


async def test_nobody_ends_their_own_being_a_liaison(house, browsers, eve):
    """Lou cannot make more of themselves than others made of them. (R62)"""
    lou = await liaison(house, browsers, eve)
    csrf = form_on((await lou.get("/colleagues")).text, "/sign-out")["csrf"]

    refused = await lou.post("/colleagues/id-lou/liaison", csrf=csrf, liaison="no")

    assert (refused.status_code, NOT_ONESELF in refused.text) == (403, True)


async def test_a_liaison_is_invited_as_one(house, browsers, eve):
    """The link makes a liaison of whoever enrols with it, and it leads to no sensitive desk. (R62)"""
    refused = await eve.submit("/colleagues", "/colleagues", **{"desk-psea": "1", "liaison": "1"})
    shown = await eve.submit("/colleagues", "/colleagues", **{"desk-general": "1", "liaison": "1"})
    await enrol(browsers(), token_on(shown), login="lou", at=house.clock.at)

    lou = house.store.read(lambda tx: staff.by_login(tx, "lou"))
    assert (refused.status_code, LIAISON.format(desk="PSEA") in refused.text) == (422, True)
    assert lou.liaison
    assert any(act == "invited a liaison to general" for _, act, _ in acts(house))


@pytest.mark.parametrize(("reads", "listed"), [((), False), (("en",), False), (("fr",), True)])
async def test_a_liaison_finds_the_cases_in_languages_they_read(house, browsers, eve, reads, listed):
    """A report in French is in Lou's list when Lou reads French, and in nobody's list for that reason alone. (R62)"""
    house.case("R-1")

    lou = await liaison(house, browsers, eve, *reads)

    assert ("R-1" in (await lou.get("/")).text) == listed
    assert "R-1" in (await eve.get("/")).text


# --- in their own languages and areas, everywhere ---------------------------------------------------------------------


def ticked(page, action):
    return {each for each in form_on(page.text, action) if each.startswith("area-")}


async def areas_of_lou(eve, *areas):
    """Eve ticks these areas for Lou and no other."""
    csrf = form_on((await eve.get("/colleagues")).text, "/sign-out")["csrf"]
    return await eve.post("/colleagues/id-lou/areas", csrf=csrf, **{f"area-{each}": "1" for each in areas})


@pytest.mark.parametrize(("reads", "areas", "area", "found"), [
    (("fr",), (), "north", True),
    (("fr",), ("north",), "north", True),
    (("fr",), ("north",), "", True),
    (("fr",), ("north",), None, True),
    (("fr",), ("north",), "south", False),
    (("en",), ("north",), "north", False),
    (("en",), (), "north", False),
    ((), (), "", False),
])  # fmt: skip
async def test_a_liaison_deals_with_their_languages_and_areas_only(house, browsers, eve, reads, areas, area, found):
    """In the list and by its address: a case that Lou can read, from their area or from nobody knows where. (R62)"""
    house.case("R-1", area=area)
    lou = await liaison(house, browsers, eve, *reads)
    await areas_of_lou(eve, *areas)

    listed, opened = await lou.get("/"), await lou.get("/cases/R-1")

    assert ("R-1" in listed.text, opened.status_code, CANARY in opened.text) == (found, 200 if found else 404, found)
    assert ("refused" in [act for who, act, about in acts(house) if (who, about) == ("id-lou", "R-1")]) != found


@pytest.mark.parametrize(("reads", "area"), [("en", "north"), ("fr", "south")])
async def test_every_address_of_a_case_that_is_not_a_liaisons_answers_as_if_there_were_none(
    house, app, browsers, eve, reads, area
):
    """Not in Lou's languages or areas is not there: no page, no file, no poll, no form, not in the audit. (R62)"""
    lou = await liaison(house, browsers, eve, reads)
    await areas_of_lou(eve, "north")
    house.case("R-1", area=area)
    file = house.attach("R-1", "audio/ogg", b"sound")
    csrf = form_on((await lou.get("/")).text, "/sign-out")["csrf"]
    before = house.store.read(lambda tx: cases.entries_of(tx, "R-1"))

    for method, path in doors(app):
        there, nowhere = [await knock(lou, method, path, each, csrf, file) for each in ("R-1", "R-0")]
        assert (there.status_code, there.text) == (404, nowhere.text), (method, path)

    assert "R-1" not in (await lou.get("/audit")).text
    assert "R-1" in (await eve.get("/audit")).text
    assert house.store.read(lambda tx: cases.entries_of(tx, "R-1")) == before


async def test_a_liaison_is_offered_no_question_of_another_area_that_is_like_theirs(house, browsers, eve):
    """Two people ask the same; Lou answers the one of the north, the other is neither shown nor answered. (R62)"""
    house.case("R-1", category="ask", area="north", words="when is the card given out")
    house.case("R-2", category="ask", area="south", words="when is the card given out")
    lou = await liaison(house, browsers, eve, "fr")
    await areas_of_lou(eve, "north")

    answered = await lou.submit("/cases/R-1", "/cases/R-1/reply", text="On Monday.")
    csrf = form_on(answered.text, "/sign-out")["csrf"]
    await lou.post("/cases/R-1/alike", csrf=csrf, id="c" * 24, **{"too-R-2": "1"})

    assert "R-2" not in "".join(each.text for each in lou.seen)
    assert house.store.read(lambda tx: cases.entries_of(tx, "R-2", ["answer"])) == []


async def test_the_areas_of_a_liaison_are_ticked_with_making_one_and_changed_later(house, browsers, eve):
    """Eve ticks the north with making Lou a liaison; it is ticked when she comes back, and she takes it away. (R62)"""
    house.member("lou")

    made = await eve.submit("/colleagues", "/colleagues/id-lou/liaison", **{"area-north": "1", "area-xx": "1"})
    kept = house.store.read(lambda tx: staff.by_id(tx, "id-lou")).areas
    emptied = await areas_of_lou(eve)

    assert (ticked(made, "/colleagues/id-lou/areas"), kept) == ({"area-north"}, {"north"})
    assert "liaison for the north" in made.text
    assert ticked(emptied, "/colleagues/id-lou/areas") == set()
    assert [act for who, act, about in acts(house) if (who, about) == ("id-eve", "id-lou")] == [
        "made somebody a liaison", "set the areas of a liaison: north", "set the areas of a liaison: all"
    ]  # fmt: skip


async def test_who_is_no_liaison_any_more_has_no_areas_left(house, browsers, eve):
    """Lou sees every case of the desk again, and is made a liaison anew without the areas of before. (R62)"""
    house.case("R-1", area="south")
    lou = await liaison(house, browsers, eve)
    await areas_of_lou(eve, "north")

    await eve.submit("/colleagues", "/colleagues/id-lou/liaison")

    assert "R-1" in (await lou.get("/")).text
    assert house.store.read(lambda tx: staff.by_id(tx, "id-lou")).areas == frozenset()
    refused = await areas_of_lou(eve, "north")
    assert refused.status_code == 404


async def test_nobody_says_where_they_are_a_liaison_themselves(house, browsers, eve):
    """Lou cannot widen what others set, and who works at no desk sets nothing. (R62)"""
    lou = await liaison(house, browsers, eve)
    await areas_of_lou(eve, "north")
    out = browsers()
    out.sign_in_as(house, *house.member("out", ())[:2])
    own, other = [
        await each.post(
            "/colleagues/id-lou/areas", csrf=form_on((await each.get("/colleagues")).text, "/sign-out")["csrf"]
        )
        for each in (lou, out)
    ]

    assert (own.status_code, NOT_ONESELF in own.text) == (403, True)
    assert (other.status_code, NOT_YOURS in other.text) == (403, True)
    assert house.store.read(lambda tx: staff.by_id(tx, "id-lou")).areas == {"north"}


async def test_what_a_liaison_sees_is_said_to_colleagues_and_to_the_liaison(house, browsers, eve):
    """Whoever makes a liaison reads what they will find; Lou reads it above the list. (R62)"""
    lou = await liaison(house, browsers, eve, "fr")
    await areas_of_lou(eve, "north")

    assert (
        "They find only cases in the languages that they say they read, from the areas"
        in (await eve.get("/colleagues")).text
    )
    assert (
        "only the cases in the languages you read, from the north or from where nobody knows"
        in (await lou.get("/")).text
    )


async def test_a_case_is_not_left_to_liaisons_who_do_not_deal_with_it(house, browsers, eve):
    """At the women's desk there is only a liaison for the south: a case of the north is given to no such desk. (R62)"""
    house.case("R-1", area="north")
    house.member("lou", ("women",), "woman")
    house.store.do(lambda tx: staff.set_liaison(tx, "id-lou", liaison=True))
    house.store.do(lambda tx: staff.set_languages(tx, "id-lou", ["fr"]))
    house.store.do(lambda tx: staff.set_areas(tx, "id-lou", ["south"]))

    refused = await eve.submit("/cases/R-1", "/cases/R-1/transfer", desk="women", why="she asked")

    assert (refused.status_code, "only liaisons for other languages or areas" in refused.text) == (409, True)
    assert house.store.read(lambda tx: cases.get(tx, "R-1")).desk == "general"


async def test_a_damaged_head_is_nobodys_case_among_liaisons(house, browsers, eve):
    """What its language is cannot be known any more: Eve is told, and for Lou there is no such case. (R62)"""
    house.case("R-1")
    lou = await liaison(house, browsers, eve, "fr")
    house.store.do(lambda tx: cases.recategorise(tx, "R-1", b"spoiled", 365))

    assert [(await each.get("/cases/R-1")).status_code for each in (eve, lou)] == [200, 404]

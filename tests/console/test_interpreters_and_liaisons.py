"""Who reads which language, when an interpreter is needed, and what a liaison sees."""

import pytest
from conftest import form_on
from test_signing_in import enrol

from console.colleagues import LIAISON, NOT_ONESELF
from store import audit, staff

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

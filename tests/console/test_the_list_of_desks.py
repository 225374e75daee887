"""The list of somebody with several desks, and people who asked for a woman or a man."""

import pytest
from conftest import NOON

from store import cases


@pytest.fixture
def fay(house, browsers):
    """Fay, a woman, works at General and PSEA."""
    browser = browsers()
    browser.sign_in_as(house, *house.member("fay", ("general", "psea"), "woman")[:2])
    return browser


@pytest.fixture
def gus(house, browsers):
    """Gus, a man, works at General."""
    browser = browsers()
    browser.sign_in_as(house, *house.member("gus", ("general",), "man")[:2])
    return browser


async def test_the_list_says_which_desk_and_can_be_one_desks(house, fay):
    """Each case with what its desk is called; one desk's cases alone when I ask for them."""
    house.case("R-1")
    house.case("R-2", desk="psea")

    both, one = (await fay.get("/")).text, (await fay.get("/?desk=psea")).text

    assert ("R-1" in both, "R-2" in both, 'data-label="Desk">PSEA' in both) == (True, True, True)
    assert ("R-1" in one, "R-2" in one) == (False, True)
    assert '<option value="psea" selected>PSEA</option>' in one


async def test_who_works_at_one_desk_chooses_nothing(house, ada):
    """No choice where there is none, and another desk's name in the address changes nothing."""
    house.case("R-1")
    house.case("R-2", desk="psea")

    page = (await ada.get("/?desk=psea")).text

    assert ("<select" in page, "R-1" in page, "R-2" in page) == (False, True, False)


async def test_the_list_of_one_desk_refreshes_itself(house, fay):
    """A new case of the other desk does not come into it."""
    page = (await fay.get("/?desk=psea")).text
    seen = page.partition("seen=")[2].partition('"')[0]
    house.case("R-1")

    assert "desk=psea" in page.partition('hx-get="/list')[2].partition(" ")[0]
    assert (await fay.get(f"/list?tab=open&desk=psea&seen={seen}")).status_code == 204
    house.case("R-2", desk="psea")
    assert "R-2" in (await fay.get(f"/list?tab=open&desk=psea&seen={seen}")).text


async def test_how_many_more_there_are_counts_my_desk_only(house, fay):
    """Other desks' numbers never appear."""
    for each in range(103):
        house.case(f"R-{each}", desk="general")
    for each in range(4):
        house.case(f"P-{each}", desk="psea")

    assert "7 more" in (await fay.get("/")).text
    assert "3 more" in (await fay.get("/?desk=general")).text
    assert " more<" not in (await fay.get("/?desk=psea")).text


async def test_a_case_for_a_woman_is_shown_to_women_only_and_says_so(house, fay, gus, ada):
    """Neither a man nor somebody who does not say sees it. (R52, R53)"""
    house.case(handler="woman")

    page = (await fay.get("/cases/R-1")).text

    assert "<dt>Asked for</dt><dd>a woman</dd>" in page
    for each in (gus, ada):
        assert ((await each.get("/cases/R-1")).status_code, "R-1" in (await each.get("/")).text) == (404, False)


async def test_when_nobody_works_there_whom_somebody_asked_for_it_is_said_without_a_number(house, gus):
    """Two people asked for a woman, and none works here: one sentence, no number, no reference."""
    house.case("R-1", handler="woman")
    house.case("R-2", handler="woman")
    house.case("R-3", desk="psea", handler="man")
    house.case("R-4")
    sentence = "Somebody at General has asked to be dealt with by a woman, and no woman works there."

    page = (await gus.get("/")).text

    assert page.count("has asked to be dealt with") == page.count(sentence) == 1
    assert not [each for each in ("R-1", "R-2", "R-3") if each in page]
    house.member("ida", gender="woman")
    assert "has asked to be dealt with" not in (await gus.get("/")).text


async def test_whoever_asked_and_is_settled_waits_for_nobody(house, gus):
    """A closed case of that kind is no longer spoken of."""
    house.case(handler="woman")
    house.store.do(lambda tx: cases.close(tx, "R-1", NOON, reason=True))

    assert "has asked to be dealt with" not in (await gus.get("/")).text

"""Alarms on top of every page: who is called sees it first, anybody takes it, and what became of it is kept."""

from dataclasses import replace

import pytest
from conftest import PROGRAMME, Browser, form_on, said

from actions.programme import Area
from console import main
from store import alarms, audit

RULES = replace(PROGRAMME, areas=(Area("north", said("North"), said("call 117")),))
PAGES = ["/", "/announcements", "/partners", "/colleagues", "/alarms", "/audit", "/account"]


@pytest.fixture
def app(house):
    return main.app(house.store, RULES, house.home, now=house.clock, pause=house.clock.pause)


@pytest.fixture
def ben(house, browsers):
    browser: Browser = browsers()
    browser.sign_in_as(house, *house.member("ben")[:2])
    return browser


def ring(house, *logins, area="north"):
    return house.store.do(lambda tx: alarms.ring(tx, area, logins, house.clock()))


def acts(house):
    return [(each.who, each.act) for each in house.store.read(audit.recent)]


@pytest.mark.parametrize("path", PAGES)
async def test_an_alarm_is_on_top_of_every_page_of_every_member(house, ada, ben, path):
    """Whatever I look at, I see that somebody is in danger; whoever is called sees it largest. (R81)"""
    ring(house, "ada")

    mine, his = (await ada.get(path)).text, (await ben.get(path)).text

    assert 'class="alarm me" role="alert"' in mine
    assert "You are called: somebody in North says that they are in danger." in mine
    assert "Numbers there: call 117" in mine
    assert 'class="alarm" role="alert"' in his
    assert ("You are called" in his, "Called: Ada." in his) == (False, True)
    assert mine.index('id="alarms"') < mine.index("<header")


async def test_the_own_call_comes_first(house, ada):
    """I am called for the second of two alarms: mine is on top."""
    ring(house, "ben", area="")
    house.clock.at += 60
    ring(house, "ada")

    page = (await ada.get("/")).text

    assert page.index("You are called") < page.index("an area we do not know")


async def test_the_top_of_a_page_is_asked_for_again_and_again(house, ada):
    """My page is open: the alarm appears by itself, and is not read out again while nothing changes. (R81)"""
    before = (await ada.get("/account")).text
    mark = before.partition("/alarms/open?known=")[2].partition('"')[0]
    same = await ada.get(f"/alarms/open?known={mark}")
    ring(house, "ada")

    changed = await ada.get(f"/alarms/open?known={mark}")

    assert 'hx-trigger="every 10s"' in before
    assert 'role="alert"' not in before
    assert (204, 200, True) == (same.status_code, changed.status_code, "You are called" in changed.text)
    assert f"/alarms/open?known={mark}" not in changed.text


async def test_one_takes_it_and_tells_what_became_of_it(house, ada, ben):
    """Ben took it under his name, and told what became of it; both are in the log and in the audit. (R82)"""
    id_ = ring(house, "ada")
    old = (await ada.get("/")).text

    taken = await ben.submit("/", f"/alarms/{id_}/take")
    late = await ada.post(f"/alarms/{id_}/take", **form_on(old, f"/alarms/{id_}/take"))
    hers, his = (await ada.get("/")).text, (await ben.get("/")).text
    nothing = await ben.submit("/", f"/alarms/{id_}/outcome")
    told = await ben.submit("/", f"/alarms/{id_}/outcome", outcome="passed_on")
    after = (await ada.get("/")).text

    assert "nobody else is called" in taken.text
    assert "A colleague has taken it already." in late.text
    assert "Ben has taken it" in hers
    assert (f"/alarms/{id_}/outcome" in hers, 'role="alert"' in hers) == (False, False)
    assert "you have taken it" in his
    assert nothing.status_code == 422
    assert "passed to emergency services" in told.text
    assert "in danger" not in after
    assert "taken it" not in after
    assert ("id-ben", "took an alarm") in acts(house)
    assert ("id-ben", "told what became of an alarm: passed on") in acts(house)


async def test_the_page_of_alarms_shows_ninety_days(house, browsers, ada):
    """When, where, who was called, who took it, what became of it; of what is older only what is not settled. (R82)"""
    ring(house, "nobody")
    old = ring(house, "ada", area="")
    first = (await ada.get("/alarms")).text
    house.store.do(lambda tx: alarms.take(tx, old, "ada", "id-ada", house.clock()))
    house.store.do(lambda tx: alarms.tell(tx, old, "helped", "id-ada", house.clock()))
    settled = (await ada.get("/alarms")).text
    house.clock.at += 91 * 86400
    later = browsers()
    later.sign_in_as(house, *house.member("ben")[:2])

    second = (await later.get("/alarms")).text

    assert ("nobody was on duty" in first, "not taken yet" in first) == (True, True)
    assert "<td>helped</td>" in settled
    assert ("<td>helped</td>" in second, "not taken yet" in second) == (False, True)


async def test_an_alarm_that_is_not_there_is_not_there(house, ada):
    """A made-up alarm is no page."""
    form = form_on((await ada.get("/")).text, "/sign-out")

    found = [await ada.post(f"/alarms/none/{each}", **form, outcome="helped") for each in ("take", "outcome")]

    assert [404, 404] == [each.status_code for each in found]


async def test_who_is_not_signed_in_sees_no_alarm(house, browsers):
    """Before signing in nothing is told of any alarm."""
    ring(house, "ada")
    stranger = browsers()

    page, polled = await stranger.get("/sign-in"), await stranger.get("/alarms/open?known=")

    assert ("in danger" in page.text, polled.status_code) == (False, 303)

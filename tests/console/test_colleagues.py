"""Who works where: invited to chosen desks, let in at others, and gone when somebody has left."""

import pytest
from conftest import form_on
from test_signing_in import enrol

from console.colleagues import NO_DESK, NOT_YOURS
from console.enrolment import USED
from store import audit, staff


def acts(house):
    return [(row.who, row.act, row.about) for row in reversed(house.store.read(audit.recent))]


def desks_of(house, who):
    return house.store.read(staff.desks_of).get(who, [])


def token_on(page):
    return page.text.partition("/enrol#")[2].partition("<")[0]


@pytest.fixture
def eve(house, browsers):
    """Eve's browser: a member of the general desk and of PSEA."""
    browser = browsers()
    browser.sign_in_as(house, *house.member("eve", ("general", "psea"))[:2])
    return browser


async def csrf_of(browser):
    return form_on((await browser.get("/colleagues")).text, "/sign-out")["csrf"]


async def test_an_invitation_brings_the_desks_that_were_ticked_and_no_other(house, browsers, eve):
    """I ticked one of my two desks: my colleague opens its cases, and for them the others are not there."""
    house.case("R-1")
    house.case("R-2", desk="psea")
    shown = await eve.submit("/colleagues", "/colleagues", **{"desk-general": "1"})

    _, listed = await enrol(browsers(), token_on(shown), login="ben", at=house.clock.at)

    assert ("R-1" in listed.text, "R-2" in listed.text) == (True, False)


async def test_an_invitation_to_no_desk_is_refused(house, eve):
    """Nothing is ticked beforehand where I have a choice, and without a desk there is no link."""
    page = (await eve.get("/colleagues")).text
    refused = await eve.submit("/colleagues", "/colleagues")

    assert " checked" not in page
    assert (refused.status_code, NO_DESK in refused.text, "/enrol#" in refused.text) == (422, True, False)


async def test_who_has_one_desk_finds_it_ticked(ada):
    """There is nothing to choose."""
    assert 'name="desk-general" value="1" checked' in (await ada.get("/colleagues")).text


async def test_nobody_invites_to_a_desk_where_they_do_not_work(house, ada):
    """A desk that is not mine counts as no desk, whatever my browser sends."""
    csrf = form_on((await ada.get("/colleagues")).text, "/colleagues")["csrf"]
    refused = await ada.post("/colleagues", csrf=csrf, **{"desk-psea": "1"})

    assert (refused.status_code, "/enrol#" in refused.text) == (422, False)


async def test_everybody_sees_who_works_where(house, ada, eve):
    """Name, sign-in name and the desks by what they are called."""
    page = (await ada.get("/colleagues")).text

    assert "Works at General, PSEA" in page
    assert '<b dir="auto">Eve</b>' in page


async def test_a_member_lets_a_colleague_work_at_a_desk_of_theirs(house, browsers, ada, eve):
    """With one tap Ada reads the cases of PSEA, old ones too, as long as Eve works there; a second tap is harmless."""
    house.case("R-2", desk="psea")
    await eve.submit("/colleagues", "/colleagues/id-ada/give", desk="psea")
    again = await eve.post("/colleagues/id-ada/give", csrf=await csrf_of(eve), desk="psea")

    assert (await ada.get("/cases/R-2")).status_code == 200
    assert again.status_code == 200
    assert acts(house).count(("id-eve", "let a colleague work at psea", "id-ada")) == 1


async def test_nobody_gives_or_takes_a_desk_where_they_do_not_work(house, ada, eve):
    """Ada cannot let herself in at PSEA, nor send Eve away from there."""
    csrf = await csrf_of(ada)

    sent = [await ada.post(f"/colleagues/{who}/{what}", csrf=csrf, desk="psea")
            for who, what in (("id-ada", "give"), ("id-eve", "leave"))]  # fmt: skip

    assert [(each.status_code, NOT_YOURS in each.text) for each in sent] == [(403, True)] * 2
    assert (desks_of(house, "id-ada"), desks_of(house, "id-eve")) == (["general"], ["general", "psea"])


async def test_who_leaves_a_desk_reads_nothing_of_it_any_more(house, browsers, ada, eve):
    """Eve leaves the general desk: her list, its cases and her open invitations to it are gone; PSEA stays hers."""
    house.case("R-1")
    house.case("R-2", desk="psea")
    link = await eve.submit("/colleagues", "/colleagues", **{"desk-general": "1"})

    await ada.submit("/colleagues", "/colleagues/id-eve/leave", desk="general")

    listed = (await eve.get("/")).text
    assert ("R-1" in listed, "R-2" in listed) == (False, True)
    assert (await eve.get("/cases/R-1")).status_code == 404
    _, refused = await enrol(browsers(), token_on(link), login="mallory", at=house.clock.at)
    assert (refused.status_code, USED in refused.text) == (403, True)
    assert ("id-ada", "took general from a colleague", "id-eve") in acts(house)


async def test_who_leaves_altogether_is_signed_out_and_nothing_is_left_of_what_they_held(house, browsers, ada, eve):
    """Account, sessions, invitations and keys end in one step; the form again changes nothing."""
    house.member("ben", ("psea",))
    link = await eve.submit("/colleagues", "/colleagues", **{"desk-psea": "1"})
    form = form_on((await ada.get("/colleagues")).text, "/colleagues/id-eve/retire")

    unsure = await ada.post("/colleagues/id-eve/retire", **form)
    done = await ada.post("/colleagues/id-eve/retire", **form, sure="1")
    again = await ada.post("/colleagues/id-eve/retire", **form, sure="1")

    assert (unsure.status_code, done.status_code, again.status_code) == (422, 200, 200)
    assert "no longer active" in done.text
    assert (await eve.get("/")).is_redirect
    assert house.store.read(lambda tx: staff.by_login(tx, "eve")) is None
    assert (desks_of(house, "id-eve"), house.store.read(lambda tx: staff.open_invitations(tx, "id-eve"))) == ([], [])
    _, refused = await enrol(browsers(), token_on(link), login="mallory", at=house.clock.at)
    assert refused.status_code == 403
    assert acts(house).count(("id-ada", "closed a colleague's account", "id-eve")) == 1


async def test_the_last_one_at_a_desk_cannot_leave_it(house, ada, eve):
    """PSEA without Eve would be cases that nobody can ever open: a sentence says what to do first."""
    csrf = await csrf_of(eve)

    left = await eve.post("/colleagues/id-eve/leave", csrf=csrf, desk="psea")
    closed = await ada.submit("/colleagues", "/colleagues/id-eve/retire", sure="1")

    assert [each.status_code for each in (left, closed)] == [409, 409]
    assert "Eve is the last one who works at PSEA" in left.text
    assert "Let somebody else work there first" in closed.text
    assert desks_of(house, "id-eve") == ["general", "psea"]


async def test_who_alone_can_open_a_case_cannot_leave_it_behind(house, ada, eve):
    """A case that is shut to Ada is open to Eve alone: Eve stays until it is somewhere else."""
    house.case("R-1", shut=("id-ada",))

    refused = await ada.submit("/colleagues", "/colleagues/id-eve/leave", desk="general")

    assert (refused.status_code, "R-1" in refused.text) == (409, False)
    assert (await eve.get("/cases/R-1")).status_code == 200


async def test_a_desk_of_women_is_given_to_women_only(house, browsers):
    """Nobody but a woman is let in there, by a colleague or by a link. (R53)"""
    fay = browsers()
    fay.sign_in_as(house, *house.member("fay", ("general", "women"), "woman")[:2])
    for name, gender in (("gus", "man"), ("hal", ""), ("ida", "woman")):
        house.member(name, gender=gender)
    csrf = await csrf_of(fay)

    given = [await fay.post(f"/colleagues/id-{who}/give", csrf=csrf, desk="women") for who in ("gus", "hal", "ida")]
    token = token_on(await fay.submit("/colleagues", "/colleagues", **{"desk-women": "1"}))
    _, as_man = await enrol(browsers(), token, login="jon", at=house.clock.at, gender="man")
    _, as_woman = await enrol(browsers(), token, login="kim", at=house.clock.at, gender="woman")

    assert [each.status_code for each in given] == [409, 409, 200]
    assert (as_man.status_code, "where only women work" in as_man.text) == (422, True)
    assert "Welcome" in as_woman.text


async def test_a_new_colleague_at_a_desk_opens_what_is_shut_to_somebody_else(house, browsers, ada, eve):
    """A case that is shut to Ada is wrapped for each other member; whoever comes later is one of them."""
    house.case("R-1", shut=("id-ada",))
    ben = browsers()
    ben.sign_in_as(house, *house.member("ben", ("psea",))[:2])

    await eve.submit("/colleagues", "/colleagues/id-ben/give", desk="general")

    assert (await ben.get("/cases/R-1")).status_code == 200
    assert (await ada.get("/cases/R-1")).status_code == 404

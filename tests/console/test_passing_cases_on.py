"""Passing a case on: what the person hears of it, what needs their consent, what comes back, what is never asked."""

import re

import pytest
import sqlalchemy as sa
from conftest import CANARY, DAY, NOON, form_on
from test_answering import entries, sent
from test_dealing_with_cases import acts, got

from actions import passing
from actions.words import Text, from_json
from console import promises
from house.texts import Texts
from store import audit, cases, diary, plans, referrals
from store import letters as outbox
from store.schema import entries as table

TO = {"body": "agency", "name": "The water agency", "what": "The pump at the north well.", "ask_on": "2026-10-01"}
AGREED = [["refer", "v1", "yes"]]


def passed(house, reference="R-1"):
    return house.store.read(lambda tx: referrals.every(tx, reference))


def letters(house):
    """What was said to the person, with the braces filled."""
    address = house.pocket.address("web", "R-1")
    rows = house.store.read(lambda tx: outbox.newer(tx, address, 0))
    opened = [from_json(house.pocket.open(each.sealed, outbox.place(each.key)).decode()) for each in rows]
    return [" ".join(Texts({}).say(part, "en") for part in each.paragraphs) for each in opened]


async def pass_on(browser, **changed):
    return await browser.submit("/cases/R-1", "/cases/R-1/referrals", **{**TO, **changed})


async def move(house, browser, **how):
    (first, *_) = passed(house)
    return await browser.submit("/cases/R-1", f"/cases/R-1/referrals/{first.id}", **how)


async def test_whoever_passes_a_case_on_says_to_whom_what_and_when_we_ask_again(house, ada):
    """The case shows it; the person hears what kind of body it is and when we ask again. (R07, R19)"""
    house.case()

    done = await pass_on(ada)

    assert all(
        each in done.text for each in ("The water agency", "another organisation", "1 Oct 2026", "waits for them")
    )
    assert letters(house) == [
        (
            "Your message R-1: waiting for another organisation, not in our control. "
            "We ask again on Thursday, October 1, 2026."
        )
    ]
    (one,) = house.store.read(lambda tx: referrals.of(tx, "R-1"))
    assert (one.body, one.state) == ("agency", "passed_on")
    assert ("id-ada", "passed it on", "R-1") in acts(house)


async def test_the_same_form_again_passes_nothing_on_twice(house, ada):
    """A second click is no second referral and no second letter."""
    house.case()
    form = form_on((await ada.get("/cases/R-1")).text, "/cases/R-1/referrals")

    for _ in range(2):
        await ada.post("/cases/R-1/referrals", **form, **TO)

    assert (len(passed(house)), len(entries(house, "referral")), len(sent(house))) == (1, 1, 1)


async def test_nothing_that_tells_who_somebody_is_leaves_without_their_consent(house, ada):
    """I have not agreed that others are asked for me: the form says so and takes no personal details. (R19, R76)"""
    house.case()
    page = (await ada.get("/cases/R-1")).text

    refused = await pass_on(ada, shared="1")

    assert ('name="shared"' in page, "has not agreed that we ask others" in page) == (False, True)
    assert (refused.status_code, "Nothing was passed on" in refused.text, passed(house)) == (422, True, [])
    assert "The pump at the north well." in refused.text


async def test_with_consent_it_is_noted_that_details_were_shared(house, ada):
    """I agreed: the case keeps that my details went along."""
    house.case(consents=AGREED)

    done = await pass_on(ada, shared="1")

    assert "Personal details were shared." in done.text


@pytest.mark.parametrize(
    "changed", [{"body": "anybody"}, {"name": ""}, {"what": ""}, {"ask_on": "2026-09-21"}, {"ask_on": "soon"}]
)
async def test_to_whom_what_and_when_are_needed(house, ada, changed):
    """Nothing is passed on by halves, and what was typed stays."""
    house.case()

    refused = await pass_on(ada, **changed)

    assert (refused.status_code, passed(house), sent(house)) == (422, [], [])


async def test_what_was_accepted_and_done_is_told_in_neutral_words(house, ada):
    """Each step is told, without a word of what it is about and without the name of the body. (R19)"""
    house.case()
    await pass_on(ada)

    await move(house, ada, state="accepted", ask_on="2026-10-20", note="They sent number 17.")
    await move(house, ada, state="done", note="Repaired.")

    told = letters(house)[1:]
    assert told == [
        (
            "Your message R-1 has reached another organisation; what comes next is not in our control. "
            "We ask on Tuesday, October 20, 2026."
        ),
        "Your message R-1: another organisation told us that their part is finished.",
    ]
    page = (await ada.get("/cases/R-1")).text
    assert ("They sent number 17." in page, "Repaired." in page) == (True, True)
    assert house.store.read(lambda tx: referrals.of(tx, "R-1")) == []


async def test_an_anonymous_person_sees_it_with_the_code(house, ada):
    """No letter leads to me; what ended there I read with my code, in my language where it is translated."""
    key = house.case(reachable=False)
    await pass_on(ada)

    await move(house, ada, state="done")

    (notice,) = entries(house, "notice")
    assert b"R-1" in key.identity.open(notice.sealed, notice.place)


async def test_when_nobody_answers_we_ask_again_and_say_when(house, ada):
    """The day comes: an alert in the list; asked again, it goes, and the person hears the next day. (R07)"""
    house.case()
    await pass_on(ada)
    (due,) = house.store.do(lambda tx: diary.take_due(tx, NOON + 30 * DAY, 100))[-1:]
    house.store.do(lambda tx: referrals.ask(tx, "R-1", NOON + 30 * DAY))
    alerted = house.store.read(lambda tx: cases.alerts_of(tx, ["R-1"]))

    await move(house, ada, state="passed_on", ask_on="2026-12-01")

    assert (due.kind, alerted) == ("ask_again", {"R-1": ["ask_again"]})
    assert "We ask again on Tuesday, December 1, 2026." in letters(house)[-1]


async def test_nothing_is_closed_while_somebody_else_still_has_it(house, ada):
    """Nobody forgets what is awaited of others."""
    house.case()
    await pass_on(ada)

    refused = await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Done.")
    await move(house, ada, state="done")
    done = await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Done.")

    assert (refused.status_code, "something is still awaited" in refused.text) == (409, True)
    assert "The case is closed" in done.text


# --- misconduct -------------------------------------------------------------------------------------------------------


@pytest.fixture
def eve(house, browsers):
    """Eve works at PSEA and at the general desk."""
    browser = browsers()
    browser.sign_in_as(house, *house.member("eve", ("psea", "general"))[:2])
    return browser


async def test_a_case_that_was_given_back_begins_anew_where_it_is_read(house, eve, ada):
    """It is no misconduct after all: another category, its desk, new dates, and the person hears when. (R69)"""
    house.case(desk="psea", category="fraud")
    await pass_on(eve, body="mandated")

    done = await move(house, eve, state="returned", category="aid", note="Not for us.")

    after = got(house)
    assert ("begins anew here" in done.text, after.desk, after.state) == (True, "general", "read")
    assert (after.answer_by - NOON) // DAY == 21
    assert "Your message R-1 was given back to us. You hear from us by Monday, October 12, 2026." in letters(house)
    assert CANARY in (await ada.get("/cases/R-1")).text
    (one,) = passed(house)
    assert (one.state, house.store.read(lambda tx: referrals.of(tx, "R-1"))) == ("returned", [])


async def test_what_was_given_back_needs_a_category_and_somebody_who_reads_it(house, ada, browsers):
    """It is never given back to nobody."""
    house.case()
    await pass_on(ada, body="mandated")

    nothing = await move(house, ada, state="returned", category="")
    nobody = await move(house, ada, state="returned", category="fraud")

    assert (nothing.status_code, nobody.status_code, "Nobody works at PSEA" in nobody.text) == (422, 409, True)
    assert [each.state for each in passed(house)] == ["passed_on"]


@pytest.mark.parametrize("category", ["fraud", "sea"])
async def test_nobody_here_looks_into_misconduct(house, eve, category):
    """No state, no button and no field of the console is for questioning or investigating; who may is named. (R68)"""
    house.case(desk="psea", category=category)

    page = (await eve.get("/cases/R-1")).text

    forms = " ".join(re.findall(r"<form.*?</form>", page, re.DOTALL)).lower()
    fields = set(re.findall(r' name="([\w-]+)"', page))
    assert not re.search(r"investigat|witness|interview|testimon|suspect|interrogat|evidence of", forms)
    assert fields <= {
        "csrf", "id", "text", "note", "reason", "done", "category", "desk", "why", "who", "body", "name", "what",
        "shared", "ask_on", "state", "color-scheme", "viewport", "htmx-config",
    }  # fmt: skip
    assert referrals.STATES == ("passed_on", "accepted", "returned", "done")
    assert ("Only the inspector may look into this" in page, "Write to inspect@x." in page) == (True, True)


async def test_the_person_hears_who_alone_may_look_into_it(house, eve):
    """Misconduct is passed on to the body that may; the letter names it as the organisation does. (R67)"""
    house.case(desk="psea", category="fraud")

    await pass_on(eve, body="mandated")

    assert "waiting for the inspector, not in our control" in letters(house)[0]


def test_no_sentence_about_others_promises_anything():
    """What others do is not ours to promise. (R04, R07)"""
    said = [each.msgid for each in vars(passing).values() if isinstance(each, Text)]

    assert len(said) > 8
    assert [each for each in said if promises.found(each) or len(each) > 160] == []


# --- a plan for somebody's safety -------------------------------------------------------------------------------------

PLAN = {"measure": "A colleague walks with you to the well.", "who": "The site team", "from": "2026-09-22",
        "until": "2026-10-22", "review": "2026-10-06", "realistic": "1"}  # fmt: skip


async def plan(browser, **changed):
    form = {name: value for name, value in {**PLAN, **changed}.items() if value}
    return await browser.submit("/cases/R-1", "/cases/R-1/plan", **form)


async def test_a_measure_says_what_by_whom_and_for_how_long_and_the_person_reads_it(house, ada):
    """I know what is done for my safety, by whom, until when, and that it is no more than that. (R08, R17)"""
    key = house.case(category="threat")

    done = await plan(ada)

    assert all(each in done.text for each in (PLAN["measure"], "The site team", "2026-10-22", "2026-10-06"))
    (letter,) = letters(house)
    assert ("A colleague walks" in letter, "We are not an emergency service." in letter) == (True, True)
    (notice,) = entries(house, "notice")
    assert b"The site team" in key.identity.open(notice.sealed, notice.place)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"realistic": ""}, "Tick that it is realistic"),
        ({"until": "2026-09-01"}, "ends after today"),
        ({"review": "2026-12-01"}, "before its end"),
        ({"measure": "We guarantee your safety."}, "reads like a promise"),
        ({"who": ""}, "who does it"),
    ],
)
async def test_what_is_not_realistic_is_not_planned(house, ada, changed, sentence):
    """Nothing is planned that nobody can do, or without an end. (R08)"""
    house.case(category="threat")

    refused = await plan(ada, **changed)

    assert (refused.status_code, sentence in refused.text, entries(house, "plan"), sent(house)) == (422, True, [], [])


async def test_before_it_ends_staff_are_told_until_somebody_has_looked(house, ada):
    """Seven days before the end the list says so; whoever has looked at the plan says so. (R17)"""
    house.case(category="threat")
    await plan(ada)
    end = house.store.do(lambda tx: plans.ends(tx, "R-1", NOON + 25 * DAY))
    house.clock.at = NOON + 60
    listed = (await ada.get("/")).text

    await ada.submit("/cases/R-1", "/cases/R-1/plan/reviewed")

    assert (end is not None, "plan ends" in listed) == (True, True)
    assert house.store.read(lambda tx: cases.alerts_of(tx, ["R-1"])) == {}
    assert ("id-ada", "looked at the plan", "R-1") in acts(house)


async def test_there_is_a_plan_only_where_somebody_is_threatened(house, ada):
    """Other cases have no such form, and a form from elsewhere is refused."""
    house.case()
    page = (await ada.get("/cases/R-1")).text

    refused = await ada.post("/cases/R-1/plan", **form_on(page, "/cases/R-1/note"), **PLAN)

    assert ("/cases/R-1/plan" in page, refused.status_code, entries(house, "plan")) == (False, 409, [])


async def test_what_is_damaged_of_it_is_told(house, ada):
    """A step that was tampered with is said to be damaged, and noted."""
    house.case()
    await pass_on(ada)
    house.store.do(lambda tx: tx.do(sa.update(table).where(table.c.kind == "referral").values(sealed=b"nothing")))

    page = (await ada.get("/cases/R-1")).text

    assert ("changed or damaged" in page, "could not open" in [row.act for row in house.store.read(audit.recent)]) == (
        True, True
    )  # fmt: skip

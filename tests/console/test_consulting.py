"""Groups are asked, what they suggest is written down, and each reads whether it is accepted, and why."""

import pytest
from conftest import form_on
from test_leaving_and_keys import settle

from bot.announced import announced
from house.texts import Texts
from store import announcements, audit, consultations
from tests.whole.house import wait_until

ASKED = "Where should the water point stand?"
ROAD = {"what-en": "Beside the road", "why-en": "Everybody passes there.", "accepted": "yes"}
HILL = {"what-en": "On the hill", "why-en": "The pump is too weak.", "accepted": "no",
        "what-fr": "Sur la colline", "why-fr": "La pompe est trop faible."}  # fmt: skip


@pytest.fixture
def ben(house, browsers):
    browser = browsers()
    browser.sign_in_as(house, *house.member("ben")[:2])
    return browser


@pytest.fixture
async def asked(house, ada, ben):
    """A question that Ada wrote and Ben let go out; its id."""
    await ada.submit("/announcements", "/announcements", **{"text-en": ASKED, "consultation": "1"})
    (question,) = every(house)
    await ben.submit("/announcements", f"/announcements/{question.id}/approve")
    return question.id


def every(house):
    return house.store.read(announcements.every)


def answer_to(house, asked):
    """The announcement that answers a consultation."""
    result = house.store.read(consultations.results)[asked]
    return house.store.read(lambda tx: announcements.get(tx, result))


async def suggest(browser, asked, **filled):
    return await browser.submit("/announcements", f"/announcements/{asked}/suggestions", **filled)


def read(house, announcement, language, *, to_group):
    """An announcement as the bot puts it for one address."""
    texts = Texts({})
    return house.store.read(
        lambda tx: announced(tx, house.pocket, texts, announcement.id, language, to_group=to_group)
    )  # fmt: skip


async def test_each_suggestion_gets_its_decision_and_its_reason(house, ada, ben, asked):
    """We suggested a place: when the consultation was closed we read whether it is accepted, and why. (R10)"""
    for each in (ROAD, HILL):
        await suggest(ada, asked, **each)
    await ada.submit("/announcements", f"/announcements/{asked}/close")
    answer = answer_to(house, asked)
    await ben.submit("/announcements", f"/announcements/{answer.id}/approve")

    told = read(house, answer, "en", to_group=True)

    assert "Beside the road: accepted. Everybody passes there." in told
    assert "On the hill: not accepted. The pump is too weak." in told
    assert told.endswith("We heard you. The decision stays with Sample Relief.")
    assert [each.state for each in every(house) if each.id == answer.id] == ["approved"]


async def test_an_answer_goes_out_only_when_a_second_person_approves_it(house, ada, asked):
    """Ada closed it; what we are told was read over by somebody else, like every announcement. (R10)"""
    await suggest(ada, asked, **ROAD)

    closed = await ada.submit("/announcements", f"/announcements/{asked}/close")
    answer = answer_to(house, asked)
    page = (await ada.get("/announcements")).text

    assert "goes out when a colleague has approved it" in closed.text
    assert (answer.state, answer.written_by, answer.audience) == ("draft", "id-ada", "all")
    assert f"/announcements/{answer.id}/approve" not in page
    assert "Beside the road: accepted. Everybody passes there." in page


async def test_an_answer_thrown_away_opens_the_consultation_again(house, ada, asked):
    """There was a mistake in it: it is thrown away, and written anew with one suggestion more. (R10)"""
    await suggest(ada, asked, **ROAD)
    await ada.submit("/announcements", f"/announcements/{asked}/close")
    first = answer_to(house, asked)
    late = await ada.post(f"/announcements/{asked}/suggestions", csrf=await csrf_of(ada), id="a" * 24, **HILL)

    await ada.submit("/announcements", f"/announcements/{first.id}/discard")
    await suggest(ada, asked, **HILL)
    await ada.submit("/announcements", f"/announcements/{asked}/close")

    assert late.status_code == 409
    assert "On the hill" in read(house, answer_to(house, asked), "en", to_group=False)


async def test_who_reads_another_language_reads_it_in_theirs_as_far_as_it_is_written(house, ada, asked):
    """I read French: what is written in French comes in French, and a group reads no half of it. (R10)"""
    await suggest(ada, asked, **HILL)
    await ada.submit("/announcements", f"/announcements/{asked}/close")
    answer = answer_to(house, asked)

    assert "Sur la colline" in read(house, answer, "fr", to_group=False)
    assert "Sur la colline" not in read(house, answer, "sw", to_group=False)
    assert "Sur la colline" in read(house, answer, "sw", to_group=True)


@pytest.mark.parametrize("missing", ["what-en", "why-en", "accepted"])
async def test_no_suggestion_is_without_decision_and_reason(house, ada, asked, missing):
    """Nobody reads that they were turned down without being told why. (R10)"""
    refused = await suggest(ada, asked, **{**ROAD, missing: ""})

    assert refused.status_code == 422
    assert house.store.read(lambda tx: consultations.suggested(tx, asked)) == []


async def test_a_consultation_without_any_suggestion_is_not_closed(house, ada, asked):
    """There is nothing to answer yet. (R10)"""
    refused = await ada.post(f"/announcements/{asked}/close", csrf=await csrf_of(ada), id="b" * 24)

    assert refused.status_code == 422
    assert house.store.read(consultations.results) == {asked: ""}


async def test_a_question_that_nobody_has_approved_is_not_answered(house, ada):
    """Nobody was asked yet. (R10)"""
    await ada.submit("/announcements", "/announcements", **{"text-en": ASKED, "consultation": "1"})
    (question,) = every(house)

    refused = await ada.post(
        f"/announcements/{question.id}/suggestions", csrf=await csrf_of(ada), id="c" * 24, **ROAD
    )  # fmt: skip

    assert refused.status_code == 409


async def test_what_was_suggested_is_sealed_and_survives_another_key(house, ada, ben, asked):
    """A member leaves and the desk's key is changed: what was suggested stays readable, and stands nowhere in clear.

    (R10)
    """
    await suggest(ada, asked, **ROAD)
    house.member("eve")
    [before] = house.store.read(lambda tx: consultations.suggested(tx, asked))

    await ada.submit("/colleagues", "/colleagues/id-eve/leave")
    settle(house)
    changed = lambda: house.store.read(lambda tx: consultations.suggested(tx, asked))[0].sealed != before.sealed  # noqa: E731
    wait_until(changed, "what was suggested is sealed for the new key")

    assert b"Beside the road" not in before.sealed
    assert "Beside the road" in (await ada.get("/announcements")).text


async def test_a_consultation_is_in_the_audit(house, ada, asked):
    """Who began, wrote down and closed it can be seen later. (R10)"""
    await suggest(ada, asked, **ROAD)
    await ada.submit("/announcements", f"/announcements/{asked}/close")

    acts = {row.act for row in house.store.read(audit.recent) if row.who == "id-ada" and row.about == asked}

    assert {"began a consultation", "wrote down a suggestion", "closed a consultation"} <= acts


async def csrf_of(browser):
    return form_on((await browser.get("/announcements")).text, "/sign-out")["csrf"]

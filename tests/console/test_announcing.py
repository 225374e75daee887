"""Announcements and partner groups: two people for one announcement, one code for one group."""

import json

import pytest
from conftest import form_on

from console.announcements import NOT_GENERAL, SAME_PERSON
from store import announcements, audit
from store.announcements import link_id


@pytest.fixture
def ben(house, browsers):
    browser = browsers()
    browser.sign_in_as(house, *house.member("ben")[:2])
    return browser


def every(house):
    return house.store.read(announcements.every)


async def test_an_announcement_needs_a_second_person(house, ada, ben):
    """Who wrote it cannot approve it, even by force; a colleague can, and the bot can read it then. (R77)"""
    await ada.submit(
        "/announcements", "/announcements", **{"text-en": "Water on Monday.", "text-fr": "De l'eau lundi."}
    )
    (draft,) = every(house)
    page = (await ada.get("/announcements")).text

    forced = await ada.post(f"/announcements/{draft.id}/approve", csrf=form_on(page, "/announcements")["csrf"])
    approved = await ben.submit("/announcements", f"/announcements/{draft.id}/approve")

    assert (forced.status_code, SAME_PERSON in forced.text) == (409, True)
    assert f"/announcements/{draft.id}/approve" not in page
    assert "is approved" in approved.text
    (done,) = every(house)
    assert (done.state, done.approved_by) == ("approved", "id-ben")
    words = json.loads(house.pocket.open(done.sealed, announcements.place(done.id)))
    assert words == {"en": "Water on Monday.", "fr": "De l'eau lundi."}


async def test_english_is_needed_and_what_was_typed_stays(house, ada):
    """Without English some people would read nothing; the other text is not lost."""
    refused = await ada.submit("/announcements", "/announcements", **{"text-en": "", "text-fr": "De l'eau lundi."})

    assert (refused.status_code, "De l&#39;eau lundi." in refused.text) == (422, True)
    assert every(house) == []


async def test_a_promise_is_held_back_and_going_on_is_written_down(house, ada):
    """Nothing reads like a promise by oversight; who lets it stand does so under their name."""
    promise = {"text-en": "We promise rice on Monday."}
    held = await ada.submit("/announcements", "/announcements", **promise)
    before = every(house)

    await ada.submit("/announcements", "/announcements", **promise, promise_ok="1")

    assert (held.status_code, before) == (422, [])
    assert [each.state for each in every(house)] == ["draft"]
    assert "overrode the promise check" in [each.act for each in house.store.read(audit.recent)]


async def test_a_draft_can_be_thrown_away_and_is_not_approved_afterwards(house, ada, ben):
    """What was thrown away is gone, also for a page that still shows it."""
    await ada.submit("/announcements", "/announcements", **{"text-en": "Wrong day."})
    (draft,) = every(house)
    old = (await ben.get("/announcements")).text

    await ada.submit("/announcements", f"/announcements/{draft.id}/discard")
    late = await ben.post(
        f"/announcements/{draft.id}/approve", csrf=form_on(old, f"/announcements/{draft.id}/approve")["csrf"]
    )

    assert (every(house), late.status_code) == ([], 409)


async def test_few_subscribers_are_not_counted_in_public(ada):
    """A number below five could point at somebody."""
    assert "fewer than 5 subscribers" in (await ada.get("/announcements")).text


async def test_announcements_belong_to_the_general_desk(house, browsers):
    """A member of another desk is told so."""
    eve = browsers()
    eve.sign_in_as(house, *house.member("eve", ("psea",))[:2])

    refused = await eve.get("/announcements")

    assert (refused.status_code, NOT_GENERAL in refused.text) == (403, True)


async def test_a_partners_code_is_shown_once_and_kept_as_a_hash(house, ada):
    """The code links one group within its time, however it is typed; the store never has it."""
    shown = await ada.submit("/partners", "/partners", partner="Network of Women")
    code = shown.text.partition('<p class="code"><code>')[2].partition("<")[0]

    ((id_, sealed, until, linked),) = house.store.read(announcements.links)

    assert (14, "Network of Women" in shown.text) == (len(code), True)
    assert (link_id(code.lower().replace("-", " ")), house.clock.at + 72 * 3600, False) == (id_, until, linked)
    assert b"Network" not in sealed
    assert code not in (await ada.get("/partners")).text
    assert house.store.do(lambda tx: announcements.link(tx, id_, "group", house.clock.at))
    assert "linked" in (await ada.get("/partners")).text
    await ada.submit("/partners", f"/partners/{id_}/unlink")
    assert house.store.read(announcements.links) == []

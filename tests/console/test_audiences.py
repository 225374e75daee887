"""Whom an announcement is for is chosen by its writer, seen by whoever approves it, and never guessed."""

from store import announcements, people


async def test_an_announcement_can_be_for_those_who_chose_the_women_s(house, ada):
    """The women's meeting is announced to those who want such announcements; my colleague sees that. (R56)"""
    house.store.do(lambda tx: people.subscribe(tx, "a", 1, "women"))

    page = (await ada.submit("/announcements", "/announcements", **{"text-en": "Tea at 3."}, audience="women")).text

    [draft] = house.store.read(announcements.every)
    assert "women" == draft.audience
    assert "for women" in page.partition('class="list"')[2]
    assert "Fewer than 5 chose announcements for women." in page


async def test_an_audience_nobody_can_choose_is_refused(house, ada):
    """A changed form does not send to more people than its writer meant."""
    refused = await ada.submit("/announcements", "/announcements", **{"text-en": "Tea at 3."}, audience="men")

    assert (422, []) == (refused.status_code, house.store.read(announcements.every))


async def test_a_refused_form_keeps_whom_it_is_for(ada):
    """My text was held back; what I had chosen stays chosen."""
    held = await ada.submit("/announcements", "/announcements", **{"text-en": "We promise rice."}, audience="women")

    assert '<option value="women" selected>' in held.text

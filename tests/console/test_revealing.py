"""Who sent it is shown to whoever asks with a reason, for half a day, and the person hears of it."""

import json
import re

import pytest
from conftest import NOON
from test_keeping import acts, again, between, sent

from store import cases, reveals

HOUR = 3600
NAME, REASON = "canary-name Mariam", "canary-44 to call her back"
SOUND = b"OggS" + b"canary-voice" * 50


@pytest.fixture
def team(house, browsers):
    """Two members of the sensitive desk."""

    def one(name):
        browser = browsers()
        browser.sign_in_as(house, *house.member(name, ("psea",))[:2])
        return browser

    return one("mia"), one("noa")


def identity(house, reference="R-1", name=NAME):
    """The person gave a name; the entry's id."""
    id_ = cases.new_id()
    plain = json.dumps({"name": name}).encode()
    house.store.do(lambda tx: cases.add(tx, cases.get(tx, reference), "identity", "person", plain, NOON, id_))
    return id_


def voice(house, reference="R-1"):
    """The person sent a voice message; the entry's id."""
    return house.attach(reference, "audio/ogg", SOUND, kind="voice")


async def ask(browser, entry, reason=REASON):
    page = (await browser.get("/cases/R-1")).text
    return await browser.post(
        "/cases/R-1/reveals", csrf=between(page, 'name="csrf" value="'), id=fresh(page), entry=entry, reason=reason
    )


def fresh(page):
    return re.search(r'action="/cases/R-1/reveals">.*?name="id" value="(\w+)"', page, re.DOTALL)[1]


async def answer(browser, what):
    page = (await browser.get("/cases/R-1")).text
    action = re.search(rf'action="(/cases/R-1/reveals/\w+/{what})"', page)[1]
    return await browser.post(action, csrf=between(page, 'name="csrf" value="'))


async def test_nothing_that_tells_who_somebody_is_shows_by_itself(house, ada):
    """Neither page nor thread has the name; the voice cannot be fetched; the refusal is in the audit."""
    house.case()
    identity(house)
    heard = voice(house)

    pages = [await ada.get("/cases/R-1"), await ada.get("/cases/R-1/thread")]
    refused = await ada.get(f"/cases/R-1/files/{heard}")

    assert not [each for each in pages if NAME in each.text or f"/files/{heard}" in each.text]
    assert "Who sent this" in pages[0].text
    assert (refused.status_code, SOUND in refused.content) == (404, False)
    assert ("id-ada", "refused", f"R-1/{heard}") in acts(house)


async def test_at_a_desk_that_is_not_sensitive_a_reason_is_enough(house, ada):
    """It opens at once for whoever asked, for twelve hours, and each look is in the audit."""
    house.case()
    entry = identity(house)

    shown = await ask(ada, entry)
    assert (NAME in shown.text, REASON in shown.text) == (True, True)
    house.clock.at = NOON + 11 * HOUR
    again(house, ada, "ada")
    assert NAME in (await ada.get("/cases/R-1")).text
    house.clock.at = NOON + 12 * HOUR
    again(house, ada, "ada")

    closed = await ada.get("/cases/R-1")

    assert (NAME in closed.text, REASON in closed.text) == (False, True)
    told = [(act, about) for who, act, about in acts(house) if who == "id-ada" and about.endswith(entry)]
    assert told == [
        ("looked at who sent it", f"R-1/{entry}"), ("looked at who sent it", f"R-1/{entry}"),
        ("allowed a wish to see", f"R-1/{entry}"), ("asked to see who sent it", f"R-1/{entry}"),
    ]  # fmt: skip
    assert not any(NAME in str(each) or REASON in str(each) for each in acts(house))


async def test_only_whoever_asked_sees_it(house, ada, browsers):
    """A colleague of the same desk sees that and why it was asked for, and not the name."""
    house.case()
    entry, heard = identity(house), voice(house)
    await ask(ada, entry)
    await ask(ada, heard)
    ben = browsers()
    ben.sign_in_as(house, *house.member("ben")[:2])

    page = await ben.get("/cases/R-1")

    assert (NAME in page.text, REASON in page.text) == (False, True)
    assert (await ben.get(f"/cases/R-1/files/{heard}")).status_code == 404
    assert (await ada.get(f"/cases/R-1/files/{heard}")).content == SOUND


async def test_at_a_sensitive_desk_a_second_member_allows_it(house, team):
    """Whoever asked cannot; the other reads the reason, and what they allow only the asker sees."""
    mia, noa = team
    house.case(desk="psea")
    entry = identity(house)

    waits = await ask(mia, entry)
    assert (NAME in waits.text, "Waits for a second member." in waits.text) == (False, True)
    wish = house.store.read(lambda tx: reveals.of_case(tx, "R-1"))[0].id
    own = await mia.post(f"/cases/R-1/reveals/{wish}/allow", csrf=between(waits.text, 'name="csrf" value="'))
    assert own.status_code == 409
    assert REASON in (await noa.get("/cases/R-1")).text
    allowed = await answer(noa, "allow")

    assert NAME not in allowed.text
    assert NAME in (await mia.get("/cases/R-1")).text
    assert ("id-noa", "allowed a wish to see", f"R-1/{entry}") in acts(house)


async def test_what_is_refused_stays_closed(house, team):
    """The refusal stands on the page; nobody is told of a look that never was; it can be asked for again."""
    mia, noa = team
    house.case(desk="psea")
    entry = identity(house)
    await ask(mia, entry)

    await answer(noa, "refuse")

    page = (await mia.get("/cases/R-1")).text
    assert (NAME in page, "Not allowed (Noa)" in page, "Ask to see it" in page) == (False, True, True)
    assert sent(house) == []
    assert ("id-noa", "refused a wish to see", f"R-1/{entry}") in acts(house)


async def test_who_asked_can_take_it_back(house, team):
    """Then there is nothing to allow."""
    mia, noa = team
    house.case(desk="psea")
    await ask(mia, identity(house))

    await answer(mia, "refuse")

    assert "Allow for 12 hours" not in (await noa.get("/cases/R-1")).text


async def test_a_wish_needs_a_reason_and_is_made_once(house, team):
    """Without one nothing is asked; asking again while it waits adds nothing."""
    mia, _ = team
    house.case(desk="psea")
    entry = identity(house)
    csrf = between((await mia.get("/cases/R-1")).text, 'name="csrf" value="')
    refused = await mia.post("/cases/R-1/reveals", csrf=csrf, id="b" * 24, entry=entry, reason="  ")
    assert (refused.status_code, "1 to 3500 characters" in refused.text) == (422, True)

    for id_ in ("c" * 24, "c" * 24, "d" * 24):
        await mia.post("/cases/R-1/reveals", csrf=csrf, id=id_, entry=entry, reason=REASON)

    assert len(house.store.read(lambda tx: reveals.of_case(tx, "R-1"))) == 1


async def test_only_what_tells_who_somebody_is_can_be_asked_for(house, ada):
    """An ordinary entry, another case's or none: not found."""
    house.case()
    house.case("R-2")
    elsewhere = identity(house, "R-2")
    csrf = between((await ada.get("/cases/R-1")).text, 'name="csrf" value="')
    report = house.store.read(lambda tx: cases.entries_of(tx, "R-1"))[0].id

    for entry in (elsewhere, report, "none"):
        refused = await ada.post("/cases/R-1/reveals", csrf=csrf, id="e" * 24, entry=entry, reason=REASON)
        assert refused.status_code == 404


async def test_the_person_is_told_by_a_letter_once(house, ada):
    """Each allowed wish is one letter, however often its form is sent or the page is opened."""
    house.case()
    entry = identity(house)
    page = await ask(ada, entry)
    for _ in range(3):
        await ada.get("/cases/R-1")
        await ada.post("/cases/R-1/reveals", csrf=between(page.text, 'name="csrf" value="'), id="f" * 24, entry=entry,
                       reason=REASON)  # fmt: skip

    (letter,) = sent(house)
    assert letter.msgid.startswith("A member of our staff has looked at who sent message {reference}")


async def test_an_anonymous_person_is_told_with_the_code(house, team):
    """Nothing leads to them: a notice lies in the case, and the key of their code opens it. It has no reason."""
    mia, noa = team
    key = house.case(desk="psea", reachable=False)
    heard = voice(house)
    await ask(mia, heard)
    assert notices(house) == []

    await answer(noa, "allow")

    (notice,) = notices(house)
    told = key.identity.open(notice.sealed, notice.place).decode()
    assert told.startswith("A member of our staff has looked")
    assert REASON not in told
    assert (await mia.get(f"/cases/R-1/files/{heard}")).content == SOUND
    assert "told the person" in (await mia.get("/cases/R-1")).text


def notices(house):
    return house.store.read(lambda tx: cases.entries_of(tx, "R-1", ["notice"]))

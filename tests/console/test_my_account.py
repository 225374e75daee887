"""My account: another password, what I say of myself, what I hold."""

import pyotp
import pytest
from conftest import PASSWORD, form_on

from console import second_factor
from console.account import WRONG
from store import audit, opening, staff
from store.places import Unopenable

NEW = "Zebra-lamp-quartz-nine"


@pytest.fixture
def mia(house, browsers):
    """Mia's browser, with her account as it was."""
    browser = browsers()
    browser.member, browser.identity, browser.secret = house.member("mia", ("general", "psea"))
    browser.sign_in_as(house, browser.member, browser.identity)
    return browser


def member(house):
    return house.store.read(lambda tx: staff.by_login(tx, "mia"))


async def change(browser, house, **changed):
    given = {"old": PASSWORD, "new": NEW, "again": NEW, "code": pyotp.TOTP(browser.secret).at(house.clock.at)}
    return await browser.submit("/account", "/account/password", **{**given, **changed})


async def test_a_new_password_comes_with_a_new_key_and_ends_all_other_sessions(house, browsers, mia):
    """I changed it: I go on here, my other browser is out, and my cases are mine as before."""
    house.case("R-1")
    house.case("R-2", desk="psea", shut=("id-ada",))
    other = browsers()
    other.sign_in_as(house, mia.member, mia.identity)

    done = await change(mia, house)

    assert "Your password is changed" in done.text
    assert (await other.get("/")).is_redirect
    assert [(await mia.get(f"/cases/{each}")).status_code for each in ("R-1", "R-2")] == [200, 200]
    assert member(house).public != mia.member.public
    assert any((row.who, row.about) == ("id-mia", "") and "password" in row.act
               for row in house.store.read(audit.recent))  # fmt: skip


async def test_the_old_password_and_the_old_key_open_nothing_afterwards(house, mia):
    """Whoever had my old password or my old key has nothing of mine any more."""
    await change(mia, house)

    with pytest.raises(Unopenable):
        opening.unlock(member(house), PASSWORD)
    with pytest.raises(Unopenable):
        house.store.read(lambda tx: opening.ring_of(tx, "id-mia", mia.identity))
    assert opening.unlock(member(house), NEW).totp == mia.secret


async def test_signing_in_takes_the_new_password(house, browsers, mia):
    """The authenticator stays the same."""
    await change(mia, house)
    house.clock.at += second_factor.STEP
    code = pyotp.TOTP(mia.secret).at(house.clock.at)

    entered = await browsers().post("/sign-in", login="mia", password=NEW, code=code)

    assert "No case is open" in entered.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"old": "not my password"}, WRONG),
        ({"code": "000000"}, WRONG),
        ({"new": "short", "again": "short"}, "at least 12"),
        ({"new": "password2026!", "again": "password2026!"}, "too easy to guess"),
        ({"again": "something else here"}, "not the same"),
        ({"new": PASSWORD, "again": PASSWORD}, "the old one"),
    ],
)
async def test_a_refused_change_says_why_and_changes_nothing(house, mia, changed, sentence):
    """The same is asked of a password as at the beginning, and the old one and a code prove who asks."""
    refused = await change(mia, house, **changed)

    assert (refused.status_code in {403, 422}, sentence in refused.text) == (True, True)
    assert member(house).locked == mia.member.locked
    assert (await mia.get("/")).status_code == 200


async def test_guessing_the_old_password_waits_as_at_the_sign_in_page(house, mia):
    """Who finds my screen unlocked cannot try one password after the other."""
    for _ in range(5):
        await change(mia, house, old="not my password")

    assert house.clock.waited == sorted(house.clock.waited)
    assert house.clock.waited[-1] > 0


async def test_the_form_sent_again_changes_nothing(house, mia):
    """A second tap on the button meets a page that is over."""
    form = form_on((await mia.get("/account")).text, "/account/password")
    given = {"old": PASSWORD, "new": NEW, "again": NEW, "code": pyotp.TOTP(mia.secret).at(house.clock.at)}
    await mia.post("/account/password", **form, **given)
    after = member(house)

    again = await mia.post("/account/password", **form, **given)

    assert (again.status_code, member(house).public) == (403, after.public)
    assert (await mia.get("/account")).status_code == 200


@pytest.mark.parametrize("gender", ["woman", "man", ""])
async def test_i_say_whether_i_am_a_woman_or_a_man_or_do_not(house, mia, gender):
    """It is asked for those who want to be dealt with by a woman or a man; only I set it."""
    await mia.submit("/account", "/account/gender", gender="man" if gender == "woman" else "woman")

    done = await mia.submit("/account", "/account/gender", gender=gender)

    assert (done.status_code, member(house).gender) == (200, gender)


async def test_a_woman_at_a_desk_of_women_leaves_it_before_she_says_otherwise(house, browsers):
    """A desk where only women work stays one."""
    fay = browsers()
    fay.sign_in_as(house, *house.member("fay", ("women",), "woman")[:2])

    refused = await fay.submit("/account", "/account/gender", gender="man")

    assert (refused.status_code, "Leave that desk first" in refused.text) == (409, True)


async def test_i_see_which_desks_and_keys_i_hold(house, mia):
    """Desks by what they are called, and the fingerprint of each key."""
    page = (await mia.get("/account")).text

    public = member(house).public
    fingerprint = opening.Recipient(public).id.hex()
    assert all(each in page for each in ("General", "PSEA", f"{fingerprint[:4]} {fingerprint[4:8]}"))

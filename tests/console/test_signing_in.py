"""Getting in: the founding link, password and code, sessions and their ends."""

import pyotp
import pytest
from conftest import PASSWORD, form_on

from console import passwords, second_factor
from console.enrolment import USED
from console.sign_in import WRONG
from store import audit, staff


async def enrol(browser, token, login="ada", at=0, **changed):
    fields = form_on((await browser.get("/enrol")).text, "/enrol")
    code = pyotp.TOTP(fields["secret"]).at(at)
    filled = {"token": token, "name": "Ada", "login": login, "password": PASSWORD, "again": PASSWORD, "code": code}
    return fields["secret"], await browser.post("/enrol", **{**fields, **filled, **changed})


async def sign_in(browser, secret, at, **changed):
    given = {"login": "ada", "password": PASSWORD, "code": pyotp.TOTP(secret).at(at)}
    return await browser.post("/sign-in", **{**given, **changed})


async def test_the_founding_link_makes_the_first_account_once(house, browsers):
    """The first member enrols with the founding link and is at the list at once; the link is then used up."""
    _, answer = await enrol(browsers(), house.token, at=house.clock.at)

    assert "No case is open" in answer.text
    assert not (house.home / "keys" / "first-invitation").exists()
    _, again = await enrol(browsers(), house.token, login="eve", at=house.clock.at)
    assert (again.status_code, USED in again.text) == (403, True)


async def test_the_token_of_a_link_is_in_no_address(house, browsers):
    """The invitation stands behind the # and travels in the form's body only."""
    browser = browsers()

    await enrol(browser, house.token, at=house.clock.at)

    assert all(house.token not in str(each.url) for each in browser.seen)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "short", "again": "short"}, "at least 12"),
        ({"password": "password2026!", "again": "password2026!"}, "too easy to guess"),
        ({"again": "something else here"}, "not the same"),
        ({"code": "000000"}, "code is not right"),
        ({"login": "two words"}, "no spaces"),
    ],
)
async def test_a_wrong_enrolment_says_what_to_correct_and_can_be_repeated(house, browsers, changed, sentence):
    """A mistake in the form costs nothing: the link still works."""
    _, refused = await enrol(browsers(), house.token, at=house.clock.at, **changed)

    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert "No case is open" in (await enrol(browsers(), house.token, at=house.clock.at))[1].text


async def test_signing_in_needs_name_password_and_a_fresh_code(house, browsers):
    """A code counts once: the same code is refused, the next one is accepted."""
    secret, _ = await enrol(browsers(), house.token, at=house.clock.at)

    same = await sign_in(browsers(), secret, house.clock.at)
    following = await sign_in(browsers(), secret, house.clock.at + second_factor.STEP)

    assert (same.status_code, WRONG in same.text) == (403, True)
    assert "No case is open" in following.text


@pytest.mark.parametrize("changed", [{"password": "not the password"}, {"login": "nobody"}, {"code": "123456"}])
async def test_every_failure_has_the_same_sentence(house, browsers, changed):
    """Nobody learns from the page whether the name, the password or the code was wrong."""
    secret, _ = await enrol(browsers(), house.token, at=house.clock.at)

    refused = await sign_in(browsers(), secret, house.clock.at + second_factor.STEP, **changed)

    assert (refused.status_code, WRONG in refused.text) == (403, True)
    assert any(row.act == "sign-in failed" for row in house.store.read(audit.recent))
    assert not any("nobody" in row.who + row.about for row in house.store.read(audit.recent))


async def test_failures_make_the_next_attempt_slower_but_never_shut_an_account(house, browsers):
    """Waiting grows to a few seconds and no further; the right person gets in after it."""
    secret, _ = await enrol(browsers(), house.token, at=house.clock.at)
    for _ in range(6):
        await sign_in(browsers(), secret, house.clock.at, password="not the password")

    entered = await sign_in(browsers(), secret, house.clock.at + second_factor.STEP)

    assert house.clock.waited == sorted(house.clock.waited)
    assert 0 < house.clock.waited[0] < house.clock.waited[-1] <= 8
    assert "No case is open" in entered.text


async def test_a_session_ends_after_half_an_hour_of_nothing(house, ada):
    """Whoever leaves the desk is signed out after 30 minutes; a page that refreshes itself is no activity."""
    house.clock.at += 20 * 60
    assert (await ada.get("/list?tab=open&seen=")).status_code == 200
    house.clock.at += 11 * 60

    polled = await ada.get("/list?tab=open&seen=", headers={"hx-request": "true"})

    assert (polled.status_code, polled.headers["hx-redirect"]) == (401, "/sign-in?said=over")
    assert (await ada.get("/")).headers["location"].startswith("/sign-in")


async def test_a_session_ends_after_ten_hours_however_busy(house, ada):
    """Activity keeps a session for ten hours at most."""
    for _ in range(29):
        house.clock.at += 20 * 60
        assert (await ada.get("/")).status_code == 200
    house.clock.at += 21 * 60

    assert (await ada.get("/")).is_redirect


async def test_signing_out_ends_the_session_in_the_store(ada):
    """The cookie of a session that was signed out opens nothing."""
    cookies = dict(ada.http.cookies)

    await ada.submit("/", "/sign-out")

    ada.http.cookies.update(cookies)
    assert (await ada.get("/")).is_redirect


async def test_the_cookie_is_for_this_browser_and_this_site_only(house, browsers):
    """No script reads the cookie and no other site sends it."""
    browser = browsers()
    await enrol(browser, house.token, at=house.clock.at)

    cookie = next(each.headers["set-cookie"] for each in browser.seen if "set-cookie" in each.headers)

    assert all(each in cookie for each in ("HttpOnly", "SameSite=strict", "Path=/"))


async def test_a_colleague_joins_by_a_link_that_is_shown_once(house, browsers, ada):
    """An invited colleague opens the cases of the same desk."""
    house.case()
    shown = await ada.submit("/colleagues", "/colleagues")
    token = shown.text.partition("/enrol#")[2].partition("<")[0]

    _, listed = await enrol(browsers(), token, login="ben", at=house.clock.at)

    assert "R-1" in listed.text
    assert token not in (await ada.get("/colleagues")).text


async def test_an_invitation_is_too_old_after_three_days(house, browsers, ada):
    """A forgotten link lets nobody in."""
    shown = await ada.submit("/colleagues", "/colleagues")
    token = shown.text.partition("/enrol#")[2].partition("<")[0]
    house.clock.at += 73 * 3600

    _, late = await enrol(browsers(), token, login="ben", at=house.clock.at)

    assert USED in late.text


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "1234567890123", "Passwort!!!!2026", "qwertyuiop12",
                                      "ada-lovelace", "passwordpassword", "adaadaada123"])  # fmt: skip
def test_passwords_that_everybody_guesses_are_refused(password):
    """Common roots, runs, repetitions and one's own name are no passwords."""
    assert passwords.refusal(password, "ada-lovelace", "Ada")


@pytest.mark.parametrize(
    "password", ["four unrelated words", "Zebra-lamp-quartz", "مفتاح البيت القديم", "x" * 3 + "kQ9vT2mWzLp"]
)
def test_long_passwords_of_any_kind_are_accepted(password):
    """There is no rule of composition and no favourite script."""
    assert not passwords.refusal(password, "ada", "Ada Lovelace")


async def test_staff_rows_hold_no_password_and_no_secret_in_clear(house, browsers):
    """What is kept of an account opens with its password only."""
    secret, _ = await enrol(browsers(), house.token, at=house.clock.at)

    member = house.store.read(lambda tx: staff.by_login(tx, "ada"))

    assert secret.encode() not in member.locked
    assert PASSWORD.encode() not in member.locked

"""The doors: forged forms, headers, errors in sentences."""

import pytest
from conftest import form_on

from console.door import NOT_KEPT
from store.db import StoreUnavailable

PAGES = ["/", "/list", "/?tab=closed", "/cases/R-1", "/cases/R-1/thread", "/announcements", "/partners", "/colleagues",
         "/audit", "/sign-in", "/enrol", "/nowhere", "/cases/none", "/static/console.css", "/static/none"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_carries_the_headers(house, ada, path):
    """Every response, refusals included, is locked down and kept by nobody."""
    house.case()

    headers = (await ada.get(path)).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert (
        headers["x-content-type-options"], headers["referrer-policy"], headers["cache-control"]
    ) == ("nosniff", "no-referrer", "no-store")  # fmt: skip
    assert "same-origin" == headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"]


@pytest.mark.parametrize(
    "path", ["/", "/cases/R-1", "/announcements", "/partners", "/colleagues", "/audit", "/sign-in", "/enrol"]
)
async def test_no_page_needs_what_the_policy_forbids(house, ada, path):
    """No inline script, no inline style, nothing from elsewhere."""
    house.case()

    page = (await ada.get(path)).text

    assert not [
        each for each in ("<style", " style=", " onclick", "javascript:", "https://", "http://") if each in page
    ]


async def test_a_form_without_the_sessions_token_is_refused(house, ada):
    """A form that no page of ours was the source of does nothing."""
    house.case()
    form = form_on((await ada.get("/cases/R-1")).text, "/cases/R-1/reply")

    missing = await ada.post("/cases/R-1/reply", id=form["id"], text="hello")
    wrong = await ada.post("/cases/R-1/reply", id=form["id"], csrf="0" * 64, text="hello")
    elsewhere = await ada.post("/cases/R-1/reply", site="cross-site", **form, text="hello")

    assert [each.status_code for each in (missing, wrong, elsewhere)] == [403] * 3


@pytest.mark.parametrize(("origin", "status"), [("http://console.test", 303), ("http://evil.test", 403)])
async def test_without_fetch_metadata_the_origin_decides(ada, origin, status):
    """Older browsers say where a form came from, and that is enough."""
    form = form_on((await ada.get("/")).text, "/sign-out")

    assert status == (await ada.http.post("/sign-out", data=form, headers={"origin": origin})).status_code


async def test_signing_in_from_another_sites_form_is_refused(browsers):
    """Nobody is signed in by a form they did not see; a form without an origin is one of those."""
    browser = browsers()

    forged = [await browser.http.post("/sign-in", data={"login": "x"}, headers={"origin": each})
              for each in ("null", "http://evil.test")]  # fmt: skip

    assert [each.status_code for each in forged] == [403] * 2


@pytest.mark.parametrize("path", ["/", "/cases/R-1", "/audit", "/announcements"])
async def test_who_is_not_signed_in_sees_the_sign_in_page_only(house, browsers, path):
    """Without a session every page leads to the sign-in."""
    house.case()

    answer = await browsers().get(path)

    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


async def test_a_form_that_is_too_long_is_refused(ada):
    """The console reads a page of text and not a book."""
    answer = await ada.http.post("/announcements", data={"text-en": "x" * 300_000})

    assert answer.status_code == 413


async def test_when_the_store_cannot_keep_it_the_page_says_so(house, ada, monkeypatch):
    """Full disk: nothing is half done, nobody gets a traceback, and without an audit row nothing is opened."""
    house.case()

    def full(_):
        raise StoreUnavailable("disk full")

    monkeypatch.setattr(house.store, "do", full)

    answer = await ada.get("/cases/R-1")

    assert (answer.status_code, NOT_KEPT in answer.text) == (503, True)


async def test_a_mistake_of_ours_is_a_sentence_too(house, ada, monkeypatch, capsys):
    """Whatever breaks inside, the page holds no traceback and the log no content."""
    house.case()

    def broken(_):
        raise RuntimeError("the words of a person")

    monkeypatch.setattr(house.store, "do", broken)

    answer = await ada.get("/cases/R-1")

    assert (answer.status_code, "the words of a person" in answer.text + "".join(capsys.readouterr())) == (500, False)

"""One Chromium and one house for all tests in a browser; every page tells what went wrong in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from tests.browser.pages import PHONE, Console, Talk, Troubles, a_person_of_staff
from tests.whole.house import House

_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_MS = 15_000
OpenBrowser = Callable[..., Browser]
NewContext = Callable[..., BrowserContext]


# Playwright keeps an event loop in this thread for as long as it runs: no longer than this folder's tests, then.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """What drives the browser."""
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def open_browser(playwright: Playwright) -> Iterator[OpenBrowser]:
    """Start a Chromium, with further arguments if need be."""
    program = os.environ.get("AMANA_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        reason = "no Chromium here: install Debian's package chromium, or name one in AMANA_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    opened: list[Browser] = []

    def open_(*further: str) -> Browser:
        opened.append(playwright.chromium.launch(executable_path=program, args=[*_ARGUMENTS, *further]))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture(scope="package")
def chromium(open_browser: OpenBrowser) -> Browser:
    """The browser of everybody."""
    return open_browser()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[House]:
    """Bot, scheduler and console; asked for after the browser, so that a skip starts nothing."""
    with House(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def troubles() -> Iterator[Troubles]:
    """What pages complain about; nobody may have complained when the test ends."""
    found = Troubles()
    yield found
    assert found.every == []


@pytest.fixture
def context(chromium: Browser, troubles: Troubles) -> Iterator[NewContext]:
    """Make somebody's browser: nothing in it is anybody else's."""
    made: list[BrowserContext] = []

    def new(browser: Browser = chromium, **settings: Any) -> BrowserContext:
        made.append(browser.new_context(**settings))
        made[-1].set_default_timeout(_PATIENCE_MS)
        troubles.watch(made[-1])
        return made[-1]

    yield new
    for each in made:
        each.close()


@pytest.fixture
def talk(context: NewContext, house: House) -> Callable[..., Talk]:
    """Open the chat page on somebody's small phone."""

    def open_(**settings: Any) -> Talk:
        return Talk(context(**{**PHONE, **settings}).new_page(), house.chat).open()

    return open_


@pytest.fixture(scope="package")
def ada(house: House, chromium: Browser) -> dict[str, Any]:
    """What Ada's browser keeps since she enrolled as the first member of staff: her session's cookie."""
    return a_person_of_staff(chromium, house, f"/enrol#{house.first_token}", "ada", "Ada Okonkwo").session


@pytest.fixture
def desk(context: NewContext, house: House, ada: dict[str, Any]) -> Console:
    """Ada's console on her desk's screen."""
    return Console(context(storage_state=ada, viewport={"width": 1280, "height": 800}).new_page(), house.console)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go: into the documents if that was asked for."""
    return Path(__file__).parents[2] / "docs" / "pictures" if os.environ.get("AMANA_PICTURES") == "1" else tmp_path

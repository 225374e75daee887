"""A founded house on a temporary file, its staff, its cases, and browsers without a browser."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape
from pathlib import Path

import httpx
import pyotp
import pytest

from actions.programme import About, Area, Category, Desk, Mandated, Need, Programme, RedLines, Service
from actions.words import Words
from console import main, sessions
from store import cases, files, opening, people, staff
from store.cases import Case
from store.db import Store
from store.founding import found
from store.pocket import CodeKey, Pocket
from store.staff import Member
from store.unsealing import Identity

NOON = 1_790_000_000
DAY = 86400
PASSWORD = "four unrelated words"
CANARY = "canary-7f3a the card was taken away"


def said(english: str) -> Words:
    return Words((("en", english),))


def category(key: str, label: str, desk: str, **more) -> Category:
    return Category(key, said(label), desk, 3, 21, said("We cannot promise anything."), **more)


def service(key: str, need: str, name: str, *areas: str, verified: date = date(2026, 9, 1)) -> Service:
    return Service(key, need, said(name), said("Come by."), said("The same day."), said("8 to 16"), said("Call 12345."),
                   "owner", verified, areas)  # fmt: skip


PROGRAMME = Programme(
    name=said("Voices"), organisation=said("Sample Relief"), purpose=said("p"), emergency=said("e"), contact=said("c"),
    hours=said("h"), languages=("en", "fr"), timezone="UTC",
    human=category("human", "Talk to a person", "general"),
    categories=(
        category("aid", "Something with the aid", "general"),
        category("ask", "A question", "general", path="question", priority=4),
        category("threat", "A threat", "general", path="threat", priority=1),
        category("child", "A child at risk", "general", path="child", priority=1),
        category("fraud", "Money asked for", "psea", path="misconduct", priority=2),
        category("sea", "Misconduct", "psea", path="sea", priority=1),
    ),
    about=About(said("r"), said("a"), said("l")), mandated=Mandated(said("the inspector"), said("Write to inspect@x.")),
    red_lines=RedLines("1", (said("We take no money."),)),
    areas=(Area("north", said("the north"), said("e")),),
    needs=(Need("food", said("Food")), Need("safe", said("Safety"), "gbv"), Need("kids", said("Children"), "child")),
    services=(service("kitchen", "food", "The kitchen"), service("home", "safe", "The safe house", "north"),
              service("kids", "kids", "Child protection", "north"), service("far", "food", "The far store", "south"),
              service("old", "food", "The old store", "north", verified=date(2026, 1, 1))),
    desks=(Desk("general", said("General")), Desk("psea", said("PSEA"), sensitive=True),
           Desk("women", said("Women"), women=True)),
)  # fmt: skip


@dataclass
class Clock:
    """A clock that tests move."""

    at: int = NOON
    waited: list[float] = field(default_factory=list)

    def __call__(self) -> int:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)


@dataclass
class House:
    """A founded house: its store, the bot's keys, the founding token."""

    store: Store
    home: Path
    pocket: Pocket
    token: str
    clock: Clock

    def member(self, name: str, desks: tuple[str, ...] = ("general",), gender="") -> tuple[Member, Identity, str]:
        """A member of staff who was enrolled some time ago."""
        secret = pyotp.random_base32()
        member, identity = opening.new_member(f"id-{name}", name, name.title(), PASSWORD, secret, gender)

        def keep(tx):
            staff.add(tx, member, NOON)
            opening.give_desks(tx, opening.ring_of(tx, *self._founder()), desks, member.id, identity.recipient)

        self.store.do(keep)
        return member, identity, secret

    def _founder(self) -> tuple[str, Identity]:
        return opening.invitation_identity(self.token)

    def case(self, reference="R-1", *, desk="general", reachable=True, human=False, words=CANARY, filed=NOON, due=3,
             handler="either", shut=(), category="", area=None, understood="", **more):  # fmt: skip
        """A case as the bot files it, with `more` in its report; its code key. Without `area` it is an older one."""
        about = category or ("sea" if desk == "psea" else "aid")
        key = CodeKey.from_code(f"code of {reference}", b"s" * 16, self.pocket)
        address = self.pocket.address("web", reference) if reachable else None
        answers = [
            ["complaint.category", "What is it about?", about],
            ["complaint.what", "What happened?", words],
            ["complaint.where", "Where?", ""],
            ["complaint.wish", "What would you like to happen?", "I want my card back"],
        ]
        mode = "confidential" if reachable else "anonymous"
        where = {} if area is None else {"area": area}
        guess = {"understood": understood} if understood else {}
        head = json.dumps({"category": about, "language": "fr", **where, **guess}).encode()
        report = {"flow": "complaint", "category": about, "language": "fr",
                  "channel": "web", "answers": answers, "mode": mode, "human": human, **where,
                  **more}  # fmt: skip
        case = Case(reference, desk, "filed", human, mode, handler, address, filed, filed + due * DAY,
                    filed + 21 * DAY, True, key.salt, key.recipient.public, filed, 365)  # fmt: skip

        def keep(tx):
            if address:
                people.know(tx, address, "web", "person", lambda: b"sealed", 0)
            cases.file(tx, case, key.locator, head, json.dumps(report).encode(), shut)

        self.store.do(keep)
        return key

    def attach(self, reference: str, type_: str, content: bytes, name: str = "", original: bytes | None = None,
               kind: str = "file") -> str:  # fmt: skip
        """A file the person sent to a case, as the bot keeps it; the entry's id."""
        id_ = cases.new_id()
        stored = replace(self._stored(content), type=type_, name=name)
        if original is not None:
            stored = replace(stored, original=replace(self._stored(original), type=type_, name=name))

        def keep(tx):
            cases.add(tx, cases.get(tx, reference), kind, "person", stored.to_json(), self.clock(), id_)
            files.keep_in_case(tx, stored, id_, self.clock())

        self.store.do(keep)
        return id_

    def _stored(self, content: bytes) -> files.Stored:
        growing = files.Growing()
        pieces = list(growing.add(content))
        last, stored = growing.end()
        for each in (*pieces, last):
            self.store.do(lambda tx, each=each: files.write(tx, each, self.clock()))
        return stored


class Browser:
    """One browser: cookies, forms filled in as they stand on the page, every response kept."""

    def __init__(self, app) -> None:
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console.test")
        self.seen: list[httpx.Response] = []

    async def get(self, path: str, **more) -> httpx.Response:
        self.seen.append(await self.http.get(path, **more))
        return self.seen[-1]

    async def post(self, path: str, *, site="same-origin", follow=True, **form) -> httpx.Response:
        headers = {"sec-fetch-site": site} if site else {}
        self.seen.append(await self.http.post(path, data=form, headers=headers))
        while follow and self.seen[-1].is_redirect:
            await self.get(self.seen[-1].headers["location"])
        return self.seen[-1]

    async def submit(self, page: str, action: str, **filled) -> httpx.Response:
        """Open a page, fill in the form with this action, and send it."""
        return await self.post(action, **{**form_on((await self.get(page)).text, action), **filled})

    def sign_in_as(self, house: House, member: Member, identity: Identity) -> None:
        """Give this browser a session, as signing in does."""
        token = sessions.new_token()
        session = opening.new_session(member.id, identity, token, house.clock())
        house.store.do(lambda tx: staff.sign_in(tx, session))
        self.http.cookies.set(sessions.COOKIE, token, domain="console.test")


def form_on(html: str, action: str) -> dict[str, str]:
    """The hidden fields and ticked boxes of the form with this action, as a browser would send them."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', html, re.DOTALL)
    assert form, f"no form {action} on the page"
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.group())
    hidden += re.findall(r'<input type="checkbox" name="([\w-]+)" value="([^"]*)" checked', form.group())
    return {name: unescape(value) for name, value in hidden}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def house(tmp_path, clock):
    store = Store(f"sqlite:///{tmp_path / 'amana.db'}")
    token = found(store, tmp_path, ("general", "psea", "women"), clock())
    assert token
    yield House(store, tmp_path, Pocket.load(tmp_path / "keys" / "bot.json"), token, clock)
    store.close()


@pytest.fixture
def app(house):
    return main.app(house.store, PROGRAMME, house.home, now=house.clock, pause=house.clock.pause)


@pytest.fixture
async def browsers(app):
    """Make as many browsers as a test needs."""
    made = []

    def one() -> Browser:
        made.append(Browser(app))
        return made[-1]

    yield one
    for each in made:
        await each.http.aclose()


@pytest.fixture
def ada(house, browsers):
    """Ada's browser: a member of the general desk, signed in."""
    browser = browsers()
    browser.sign_in_as(house, *house.member("ada")[:2])
    return browser

"""The chat page and the console as people use them: by what they see, by finger and by keyboard."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyotp
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, FloatRect, Locator, Page, expect

from tests.whole.house import House, wait_until

PHONE = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True, "locale": "en-GB"}
PASSWORD = "ladder cotton harbour nineteen"
CODE = re.compile(r"\d{4}(?: \d{4}){6}")
REFERENCE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
_VIOLATIONS = """document.addEventListener("securitypolicyviolation",
  (found) => console.error("policy", found.violatedDirective, found.blockedURI, found.sourceFile, found.lineNumber))"""
_DOUBLE_TAP, _A_FINGER = 0.55, 60
_NETWORK = "Failed to load resource"
_WIDTH = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth, Math.round(innerWidth))"
_ACCESSIBLE = """() => {
  const wrong = [], name = (one) => (one.labels && one.labels.length && one.labels[0].textContent
    || one.getAttribute("aria-label") || "").trim();
  if (!/\\S/.test(document.title)) wrong.push("no title");
  if (!document.documentElement.lang) wrong.push("no language");
  const heads = document.querySelectorAll("h1");
  if (heads.length !== 1) wrong.push(heads.length + " h1");
  document.querySelectorAll("input:not([type=hidden]), textarea, select").forEach((one) => {
    if (!name(one)) wrong.push("no label: " + one.outerHTML.slice(0, 120));
  });
  document.querySelectorAll("button, a[href]").forEach((one) => {
    if (!one.textContent.trim() && !one.getAttribute("aria-label")) wrong.push("no name: " + one.outerHTML);
  });
  document.querySelectorAll("img:not([alt])").forEach((one) => wrong.push("no alt: " + one.src));
  document.querySelectorAll("style, script:not([src]), [onclick]").forEach((one) => {
    wrong.push("inline: " + one.outerHTML.slice(0, 120));
  });
  const ids = Array.from(document.querySelectorAll("[id]")).map((one) => one.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => wrong.push("twice: #" + id));
  return wrong;
}"""


class Troubles:
    """Errors on any page: of scripts, of the content policy, of what could not be loaded."""

    def __init__(self) -> None:
        self.every: list[str] = []
        self.network_fails = False

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a browser."""
        context.add_init_script(_VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", lambda raised: self.every.append(str(raised.error)))

    def _said(self, message: ConsoleMessage) -> None:
        expected = self.network_fails and message.text.startswith(_NETWORK)
        if message.type in ("error", "warning") and not expected:
            self.every.append(message.text)

    def taken(self) -> list[str]:
        """What was complained about so far, which was expected."""
        every, self.every = self.every, []
        return every


def faults(page: Page) -> list[str]:
    """What a simple walk over the page finds missing for those who do not see it, or against the content policy."""
    return list(page.evaluate(_ACCESSIBLE))


def assert_fits(page: Page, width: int) -> None:
    """Nothing has to be scrolled sideways."""
    assert page.evaluate(_WIDTH) <= width, page.url


@dataclass(frozen=True)
class Receipt:
    """What a person is given for a report."""

    reference: str
    code: str
    words: str


class Talk:
    """Somebody at the chat page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self._touched: tuple[float, FloatRect | None] = (0.0, None)

    def open(self) -> Talk:
        self.page.goto(self.url)
        return self

    @property
    def letters(self) -> Locator:
        return self.page.locator(".letter")

    @property
    def mine(self) -> Locator:
        return self.page.locator(".mine")

    def letter(self, words: str | re.Pattern[str]) -> Locator:
        """The newest letter with these words, as soon as it is there."""
        found = self.letters.filter(has_text=words).last
        expect(found).to_be_visible()
        return found

    def tap(self, question: str, label: str) -> None:
        """Touch the button below a question whose words begin so."""
        button = self.letter(question).locator(".choice", has_text=re.compile(rf"^\d+\. {label}"))
        button.scroll_into_view_if_needed()
        self._no_double_tap(button)
        here = button.bounding_box()
        button.tap() if self.page.evaluate("'ontouchstart' in window") else button.click()
        self._touched = time.monotonic(), here

    def _no_double_tap(self, button: Locator) -> None:
        """Wait where the next touch would be the second half of a double tap, which the page takes for none."""
        (when, there), here = self._touched, button.bounding_box()
        if not there or not here or abs(_middle(here) - _middle(there)) < _A_FINGER:
            self.page.wait_for_timeout(max(0, 1000 * (when + _DOUBLE_TAP - time.monotonic())))

    def say(self, text: str, question: str = "") -> None:
        """Write and press Send, once the question is there."""
        if question:
            self.letter(question)
        self.page.locator("#words").fill(text)
        self.page.locator("#send").click()

    def attach(self, name: str, type_: str, content: bytes) -> None:
        """Choose a file and press Send."""
        self.page.locator("#file").set_input_files({"name": name, "mimeType": type_, "buffer": content})
        expect(self.page.locator("#held")).to_be_visible()
        self.page.locator("#send").click()

    def states(self) -> list[str]:
        """What became of each message of mine."""
        return [each.get_attribute("data-state") or "" for each in self.mine.all()]

    def all_sent(self) -> None:
        """Every message has arrived."""
        expect(self.page.locator('.mine:not([data-state="sent"])')).to_have_count(0)

    def begin(self, *, language: str = "English", report: str = "Report a problem") -> None:
        """Until the first question of a report."""
        self.tap(language, language)
        self.tap(report, report)

    def report(self, steps: Iterable[tuple[str, str, str]]) -> None:
        """Answer questions: each as the words of the question, "tap" or "say", and the answer."""
        for question, how, answer in steps:
            self.tap(question, answer) if how == "tap" else self.say(answer, question)

    def receipt(self, received: str = "Its number is", cannot: str = "What we cannot do") -> Receipt:
        """What was given for the report."""
        self.letter(cannot)
        self.letter(received)
        words = "\n".join(self.page.locator(".letter .words").all_inner_texts())
        reference, code = REFERENCE.findall(words), CODE.findall(words)
        assert reference, words
        assert code, words
        return Receipt(reference[-1], code[-1], words)


def _middle(box: FloatRect) -> float:
    """How far down a finger meets it."""
    return box["y"] + box["height"] / 2


COMPLAINT = (
    ("What is it about?", "tap", "Help that is bad"),
    ("Who should deal with your report?", "tap", "No preference"),
    ("What happened?", "say", "The rice was wet."),
    ("Where did it happen?", "say", "At the school"),
    ("When did it happen?", "tap", "Yesterday"),
    ("What would you like to happen?", "say", "Dry rice"),
    ("How far may we know you?", "tap", "Confidential, answer me here"),
    ("Shall I send this?", "tap", "Send it"),
)


class Console:
    """Somebody at the console."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def answer(self, words: str) -> None:
        """Write to the person of the case that is open, and send it."""
        self.page.locator("#text").fill(words)
        self.page.locator("#reply button").click()

    def invite(self) -> str:
        """The address, without the console's own, of a colleague's link."""
        page = self.go("/colleagues")
        page.get_by_role("checkbox", name="General").check()
        page.get_by_role("button", name="Make a link").click()
        found = re.search(r"/enrol#[\w-]+", self.page.locator(".code.link").inner_text())
        assert found
        return found[0]

    def enrol(self, link: str, login: str, name: str) -> str:
        """Fill in the form behind a link; the authenticator's secret."""
        page = self.go(link)
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Sign-in name").fill(login)
        page.get_by_label("Password, at least").fill(PASSWORD)
        page.get_by_label("The same password again").fill(PASSWORD)
        secret = page.locator(".secret code").inner_text().replace(" ", "")
        page.get_by_label("The six digits").fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Make my account").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
        return secret


@dataclass(frozen=True)
class Enrolled:
    """A member of staff: what signs them in, and what their browser keeps."""

    login: str
    secret: str
    session: dict[str, Any]
    enrolled: float

    def next_code(self) -> str:
        """The authenticator's code after the one that was used; the console takes it half a minute early."""
        step = int(self.enrolled) // 30 + 1
        wait_until(lambda: int(time.time()) // 30 >= step - 1, "the authenticator's next code", 60)
        return str(pyotp.TOTP(self.secret).generate_otp(max(step, int(time.time()) // 30)))


def a_person_of_staff(browser: Browser, house: House, link: str, login: str, name: str) -> Enrolled:
    """Enrol somebody through a link, in a browser of their own."""
    context = browser.new_context()
    secret = Console(context.new_page(), house.console).enrol(link, login, name)
    made = Enrolled(login, secret, dict(context.storage_state()), time.time())
    context.close()
    return made

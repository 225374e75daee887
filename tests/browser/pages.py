"""The chat page and the console as people use them: by what they see, by finger and by keyboard."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import pyotp
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, FloatRect, Locator, Page, expect

from tests.whole.house import House, wait_until
from tests.whole.people import CODE, PASSWORD, REFERENCE, REPORT, Answer, Answering, Answers, Asked, Receipt, asked

PHONE = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True, "locale": "en-GB"}
_VIOLATIONS = """document.addEventListener("securitypolicyviolation",
  (found) => console.error("policy", found.violatedDirective, found.blockedURI, found.sourceFile, found.lineNumber))"""
_DOUBLE_TAP, _A_FINGER, _PATIENCE = 0.55, 60, 15.0
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


_NOW = """() => Array.from(document.querySelectorAll(".letter")).map((one) => [
  Number(one.dataset.n), one.querySelector(".words").textContent,
  Array.from(one.querySelectorAll(".choice")).map((each) => [each.textContent, each.dataset.choice])])"""
_BUTTON = '.choice[data-choice$="~{option}"]'


class Talk:
    """Somebody at the chat page, in any language: they know what is asked by its name, and buttons by their option."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self._touched: tuple[float, FloatRect | None] = (0.0, None)
        self._answered = 0

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

    # --- what is asked ---

    def question(self) -> Asked:
        """What is asked now: by the newest letter with buttons that is newer than my last answer."""
        found = wait_until(self._newest, "a question", _PATIENCE)
        assert isinstance(found, Asked)
        return found

    def _newest(self) -> Asked | None:
        every = [found for n, _, choices in self._letters() if n > self._answered and (found := asked(choices))]
        if not every:
            self.page.wait_for_timeout(50)
        return every[-1] if every else None

    def _letters(self) -> list[tuple[int, str, list[tuple[str, str]]]]:
        return [(n, words, [(label, id_) for label, id_ in choices]) for n, words, choices in self.page.evaluate(_NOW)]

    def questions(self) -> list[str]:
        """What was asked so far, a name for each letter with buttons."""
        return [found.name for _, _, choices in self._letters() if (found := asked(choices))]

    def asked(self, name: str) -> Locator:
        """The newest letter that asks this, as soon as it is there."""
        # By the full name or the last part of it.
        found = self.letters.filter(has=self.page.locator(f'[data-choice*=".{name}~"]')).last
        expect(found).to_be_visible()
        return found

    # --- what is answered ---

    def choose(self, name: str, option: str) -> None:
        """Touch an option's button under the newest letter that asks this."""
        self._touch(self.asked(name).locator(_BUTTON.format(option=option)))

    def _touch(self, button: Locator) -> None:
        button.scroll_into_view_if_needed()
        self._no_double_tap(button)
        here = button.bounding_box()
        self._answering()
        button.tap() if self.page.evaluate("'ontouchstart' in window") else button.click()
        self._touched = time.monotonic(), here

    def _no_double_tap(self, button: Locator) -> None:
        """Wait where the next touch would be the second half of a double tap, which the page takes for none."""
        (when, there), here = self._touched, button.bounding_box()
        if not there or not here or abs(_middle(here) - _middle(there)) < _A_FINGER:
            self.page.wait_for_timeout(max(0, 1000 * (when + _DOUBLE_TAP - time.monotonic())))

    def _answering(self) -> None:
        """What is asked from now on is newer than all that is there."""
        self._answered = max((n for n, _, _ in self._letters()), default=0)

    def say(self, text: str) -> None:
        """Write and press Send."""
        self.page.locator("#words").fill(text)
        self._answering()
        self.page.locator("#send").click()

    def attach(self, name: str, type_: str, content: bytes) -> None:
        """Choose a file and press Send."""
        self.page.locator("#file").set_input_files({"name": name, "mimeType": type_, "buffer": content})
        expect(self.page.locator("#held")).to_be_visible()
        self._answering()
        self.page.locator("#send").click()

    def answer(self, question: Asked, given: Answer, *, numbers: bool = False) -> None:
        """Touch an option's button or type its number, say other words, or do something else."""
        if callable(given):
            given()
        elif given not in question.options:
            self.say(given)
        elif numbers:
            self.say(question.number(given))
        else:
            self.choose(question.name, given)

    def begin(self, language: str = "en", menu: str = "report") -> None:
        """Choose a language and what to do."""
        self.report({"language": language}, until="menu")
        self.choose("menu", menu)

    def report(
        self, answers: Answers = REPORT, *, until: str = "", numbers: bool = False,
        each: Callable[[], object] = lambda: None,
    ) -> Receipt:  # fmt: skip
        """Answer by name until the receipt is there, or until something is asked that is left to the caller."""
        answering, known = Answering(answers), self._codes()
        while True:
            question = self.question()
            each()
            if until and question.is_(until):
                return Receipt("", "", "")
            if not until and self._codes() - known:
                return self.receipt(known)
            self.answer(question, answering.to(question), numbers=numbers)

    def _codes(self) -> set[str]:
        return set(CODE.findall(self._words()))

    def _words(self) -> str:
        """What is on the screen: every letter, and at a desk the code."""
        slip = self.page.locator("#slip:not([hidden]) p").all_text_contents()
        return "\n".join([*(words for _, words, _ in self._letters()), *slip])

    def receipt(self, known: AbstractSet[str] = frozenset()) -> Receipt:
        """What was given for the report, once it is there, beside the codes that are known already."""

        def there() -> Receipt | None:
            words = self._words()
            reference, code = REFERENCE.findall(words), [each for each in CODE.findall(words) if each not in known]
            if not reference or not code:
                self.page.wait_for_timeout(50)
            return Receipt(reference[-1], code[-1], words) if reference and code else None

        found = wait_until(there, "a receipt", _PATIENCE)
        assert isinstance(found, Receipt)
        return found

    def next_person(self) -> None:
        """At a desk: what is asked from now on is asked of somebody else."""
        with self.page.expect_navigation():
            self.page.locator("#next").click()
        self._answered = 0

    # --- what became of it ---

    def states(self) -> list[str]:
        """What became of each message of mine."""
        return [each.get_attribute("data-state") or "" for each in self.mine.all()]

    def all_sent(self) -> None:
        """Every message has arrived."""
        expect(self.page.locator('.mine:not([data-state="sent"])')).to_have_count(0)


def _middle(box: FloatRect) -> float:
    """How far down a finger meets it."""
    return box["y"] + box["height"] / 2


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

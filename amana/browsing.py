"""A person and a member of staff as programs: they use the web chat and the console exactly as browsers do."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx
import pyotp
from typing_extensions import override

from actions import prompts


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as it arrives in the web chat."""

    n: int
    text: str
    choices: dict[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, by its full name (`complaint.where`), and the options under it."""

    name: str
    options: tuple[str, ...]


def asked(choices: Iterable[str]) -> Question | None:
    """What is asked with these choices; nothing without any."""
    taps = [tap for each in choices if (tap := prompts.read_tap(each))]
    return Question(taps[-1].asked, tuple(each.option for each in taps)) if taps else None


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody says to what they are asked, by its name: an option's key, or words of their own."""

    options: Mapping[str, str]
    words: Mapping[str, str]

    def said(self, question: Question) -> str:
        """The words of their own with which they answer, if any."""
        return self.words.get(question.name, "")

    def option(self, question: Question) -> str:
        """The option they choose: what they do not know is skipped, and where theirs is not offered it is the first."""
        wanted = self.options.get(question.name, prompts.SKIP)
        return wanted if wanted in question.options else question.options[0]


class Person:
    """Somebody at the web chat."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=40, trust_env=False)
        token = self._http.post("/chat").raise_for_status().json()["person"]
        self._http.headers["authorization"] = f"Bearer {token}"
        self._n = 0
        self.choices: dict[str, str] = {}

    def say(self, text: str) -> None:
        """Send words."""
        self._send({"text": text})

    def tap(self, option: str) -> str:
        """Tap the newest choice that stands for this option; what is written on it."""
        id_ = next(each for each in self.choices if each.endswith(f"~{option}"))
        self._send({"choice": id_})
        return self.choices[id_]

    def question(self) -> Question | None:
        """What is asked now."""
        return asked(self.choices)

    def begin(self) -> None:
        """Open the page."""
        self._send({"choice": "start"})

    def _send(self, what: dict[str, str]) -> None:
        self._http.post("/chat/messages", json={"id": secrets.token_hex(8), **what}).raise_for_status()

    def letters(self) -> list[Shown]:
        """What has come since; waits up to 25 seconds for something."""
        found = self._http.get("/chat/letters", params={"after": self._n}).raise_for_status().json()
        shown = [Shown(each["n"], each["text"], {c["id"]: c["label"] for c in each["choices"]}) for each in found]
        if shown:
            self._n = shown[-1].n
            self.choices = next((each.choices for each in reversed(shown) if each.choices), self.choices)
        return shown


class _Form(HTMLParser):
    """The fields and plain words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.words: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "input" and (name := about.get("name")):
            self.fields[name] = about.get("value") or ""

    @override
    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(" ".join(data.split()))


class Member:
    """A member of staff with a browser and an authenticator."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(
            base_url=url, timeout=30, trust_env=False, follow_redirects=True, headers={"origin": url.rstrip("/")}
        )
        self._password, self._secret, self._step = secrets.token_urlsafe(18), "", 0

    def enrol(self, token: str, login: str, name: str) -> None:
        """Make an account through a one-time link."""
        fields = self._page("/enrol").fields
        self._secret = fields["secret"]
        self._post(
            "/enrol", token=token, name=name, login=login, password=self._password, again=self._password,
            secret=self._secret, code=self._code(),
        )  # fmt: skip

    def sign_in(self, login: str) -> None:
        """Sign in; a code counts once, so this may wait for the next one."""
        self._post("/sign-in", login=login, password=self._password, code=self._code())

    def cases(self) -> list[str]:
        """The references in the list, in its order."""
        return list(
            dict.fromkeys(re.findall(r'href="/cases/([A-Z0-9-]+)', self._http.get("/").raise_for_status().text))
        )

    def read(self, reference: str) -> list[str]:
        """The words on a case's page."""
        return self._page(f"/cases/{reference}").words

    def reply(self, reference: str, text: str) -> None:
        """Answer the person."""
        fields = self._page(f"/cases/{reference}").fields
        self._post(f"/cases/{reference}/reply", text=text, csrf=fields["csrf"], id=fields["id"])

    def close_case(self, reference: str) -> None:
        """Close the case."""
        fields = self._page(f"/cases/{reference}").fields
        self._post(f"/cases/{reference}/close", reason="", csrf=fields["csrf"], id=fields["id"])

    def _page(self, path: str) -> _Form:
        form = _Form()
        form.feed(self._http.get(path).raise_for_status().text)
        return form

    def _post(self, path: str, **fields: str) -> None:
        self._http.post(path, data=fields).raise_for_status()

    def _code(self) -> str:
        """The authenticator's code; waits for the next when this one was used."""
        totp = pyotp.TOTP(self._secret)
        while int(time.time()) // totp.interval <= self._step:
            time.sleep(0.5)
        self._step = int(time.time()) // totp.interval
        return totp.now()

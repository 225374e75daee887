"""One case from report to answer, with the real processes in a house of its own, printed as it goes."""

from __future__ import annotations

import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amana import founding
from amana import nlu as language_server
from amana import run as running
from amana.browsing import Answers, Member, Person
from house.settings import Settings

_CODE = re.compile(r"(?:\d{4} ){6}\d{4}")
_REPORT = Answers(
    options={
        "language": "en", "menu": "report", "consent": "agree", "unfinished": "no", "complaint.category": "cash",
        "complaint.handler": "either", "complaint.party": "self", "complaint.more": "go_on",
        "complaint.when": "yesterday", "complaint.relation": "yes", "complaint.contact": "confidential",
        "complaint.others": "no", "complaint.write": "yes", "complaint.hours": "any", "complaint.review": "send",
        "kept": "yes",
    },
    words={
        "complaint.what": "The shop took my card and gave me half.", "complaint.where": "Site 3, by the well",
        "complaint.wish": "I want my card back",
    },
)  # fmt: skip
_MOST_QUESTIONS = 60
_ANSWER = "We asked the trader. Please bring your card to the help desk on Monday; we look at it together."


def play(settings: Settings, *, nlu: bool) -> int:
    """Play it; nothing of the operator's own house is touched."""
    with tempfile.TemporaryDirectory(prefix="amana-tour-") as folder, _house(settings, Path(folder), nlu=nlu) as own:
        tour = _Tour(f"http://127.0.0.1:{own.bot_port}", f"http://127.0.0.1:{own.console_port}")
        tour.staff_enrols(founding.found(own) or "")
        code = tour.person_reports()
        tour.staff_answers()
        tour.person_hears()
        tour.code_shows_it(code)
        print(f"\nFrom the first word to the answer: {time.monotonic() - tour.begun:.1f} s. All of it is erased again.")
    return 0


@contextmanager
def _house(settings: Settings, home: Path, *, nlu: bool) -> Iterator[Settings]:
    ports = dict(zip(("bot_port", "console_port", "nlu_port"), _free(3), strict=True))
    own = settings.model_copy(
        update={"home": home, "database_url": None, "telegram_token": None, "console_url": None, **ports}
    )
    for name, value in {"home": home, **ports}.items():
        os.environ[f"AMANA_{name.upper()}"] = str(value)
    os.environ["AMANA_LOG_LEVEL"] = "ERROR"
    for name in ("DATABASE_URL", "TELEGRAM_TOKEN", "CONSOLE_URL"):
        os.environ.pop(f"AMANA_{name}", None)
    founding.found(own)
    if nlu and own.nlu_python:
        language_server.run(own, "train")
    children = running.of(own, nlu=nlu)
    try:
        for child in children.every:
            children.start(child)
        running.wait_until_ready(own, children)
        yield own
    finally:
        children.stop()


def _free(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


class _Tour:
    def __init__(self, bot: str, console: str) -> None:
        self._member, self._person = Member(console), Person(bot)
        self._other = Person(bot)
        self._since = self.begun = time.monotonic()

    def staff_enrols(self, token: str) -> None:
        self._told("A member of staff enrols through the one-time link")
        self._member.enrol(token, "amina", "Amina")
        self._took()

    def person_reports(self) -> str:
        self._told("A person opens the web chat and reports a problem")
        self._person.begin()
        self._heard()
        self._answers_until("done")
        return self._code

    def staff_answers(self) -> None:
        self._told("Staff open the case and answer")
        reference = self._member.cases()[0]
        words = self._member.read(reference)
        wish = words[words.index("What the person would like to happen") + 1]
        print(f"  staff  opens {reference}; first on the page: “{wish}”")
        self._member.reply(reference, _ANSWER)
        print(f"  staff  {_ANSWER}")
        self._took()

    def person_hears(self) -> None:
        self._told("The answer arrives in the chat")
        self._heard()
        self._took()

    def code_shows_it(self, code: str) -> None:
        self._told("From another phone, the code shows the answer")
        self._person = self._other
        self._person.begin()
        self._heard()
        self._answers_until("menu")
        self._says(code)

    def _answers_until(self, name: str) -> None:
        """Answer what is asked, by its name and never by its place, until this is asked."""
        for _ in range(_MOST_QUESTIONS):
            question = self._person.question()
            if question is None or question.name == name:
                return
            if words := _REPORT.said(question):
                self._says(words)
            else:
                self._taps(_REPORT.option(question))
        raise RuntimeError(f"{name} was never asked")

    def _taps(self, option: str) -> None:
        self._since = time.monotonic()
        print(f"  person [{self._person.tap(option)}]")
        self._heard()
        self._took()

    def _says(self, words: str) -> None:
        self._since = time.monotonic()
        print(f"  person {words}")
        self._person.say(words)
        self._heard()
        self._took()

    _code = ""

    def _heard(self) -> None:
        for letter in self._person.letters():
            for line in letter.text.split("\n\n"):
                print(f"  Amana  {line}")
            if letter.choices:
                print(f"         [{'] ['.join(letter.choices.values())}]")
            if found := _CODE.search(letter.text):
                self._code = found.group()

    def _told(self, what: str) -> None:
        print(f"\n{what}")
        self._since = time.monotonic()

    def _took(self) -> None:
        print(f"         ({(time.monotonic() - self._since) * 1000:.0f} ms)", flush=True)

"""A person who talks with the pure core: answers by name what is asked, never in a counted order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

from actions import code, prompts
from actions.advance import advance
from actions.programme import Programme
from actions.talk import (
    Append,
    Effect,
    Event,
    FileCase,
    Found,
    Given,
    Kept,
    Receipt,
    Report,
    Said,
    Say,
    Silence,
    Talk,
    Tapped,
)
from actions.words import Choice, Letter
from house.texts import Texts
from tests.conftest import NOON, ROOT

_E = TypeVar("_E")
LANGUAGES = tuple(sorted(("en", *(each.name for each in (ROOT / "locales").iterdir()))))
TEXTS = Texts.load(LANGUAGES, ROOT / "locales")
Answers = Mapping[str, str | Event]


@dataclass
class Person:
    """One person and the core; `effects` are all that ever followed, `letters` all they were told.

    A woman works at every desk unless `women` says otherwise; `kept` is why a case of theirs cannot be erased.
    """

    programme: Programme
    talk: Talk = field(default_factory=Talk)
    now: datetime = NOON
    channel: str = "web"
    call_open: bool = True
    women: frozenset[str] | None = None
    unread: frozenset[str] = frozenset()
    kept: Kept = ""
    on_duty: bool = True
    known: dict[str, Found] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def given(self, event: Event) -> Given:
        n = next(self.numbers)
        receipt = Receipt(code.complete(f"{n:026d}"), f"AAAA-{n:04d}")
        digits = code.read(event.words) if isinstance(event, Said) else None
        return Given(
            now=self.now, today=self.now.date(), channel=self.channel, programme=self.programme, receipt=receipt,
            largest=10, say=TEXTS.say, found=self.known.get(digits or ""),
            call_open=bool(self.talk.call) and self.call_open,
            case_open=bool(self.talk.case) and not any(
                each.reference == self.talk.case and each.state == "closed" for each in self.known.values()
            ),
            case_question=any(each.reference == self.talk.case and each.question for each in self.known.values()),
            case_kept=self.kept,
            women=frozenset(each.key for each in self.programme.desks) if self.women is None else self.women,
            unread=self.unread,
            on_duty=self.on_duty,
        )  # fmt: skip

    def hear(self, event: Event) -> tuple[Effect, ...]:
        """One turn; what followed."""
        self.talk, effects = advance(self.talk, event, self.given(event))
        self.effects += effects
        for letter in [each.letter for each in effects if isinstance(each, Say)]:
            self.letters.append(letter)
            self.choices += letter.choices
        return effects

    def say(self, words: str, intent: str | None = None, *also: str) -> tuple[Effect, ...]:
        return self.hear(Said(words, intent, also))

    def tap(self, option: str) -> tuple[Effect, ...]:
        """Tap an option of what is asked now."""
        return self.hear(Tapped(f"{self.talk.serial}.{self.talk.revision}.{self.talk.asked}~{option}"))

    def hear_choice(self, choice: str) -> tuple[Effect, ...]:
        """Tap a button anywhere in the chat, by its id."""
        return self.hear(Tapped(choice))

    def usual(self) -> str | None:
        """The answer to what is asked in passing: agree, do not pass on what is unfinished, that was all."""
        return USUAL.get(self.talk.asked) or ("go_on" if self.talk.asked.endswith(".more") else None)

    def play(self, answers: Answers) -> None:
        """Answer by name what is asked, each once, until something is asked that has no answer here."""
        left = dict(answers)
        while (answer := left.pop(self.talk.asked or "language", None) or self.usual()) is not None:
            if not self.talk.asked:
                self.hear(Tapped("start"))
            if isinstance(answer, str):
                self.tap(answer)
            else:
                self.hear(answer)
        assert not left, f"never asked: {sorted(left)}; asked is {self.talk.asked}"

    def wait(self, name: str = "draft", **time: int) -> tuple[Effect, ...]:
        """Say nothing for so long; then the diary's time comes."""
        self.now += timedelta(**time)
        return self.hear(Silence(name))

    def told(self, since: int = 0) -> str:
        """All they read, in their language."""
        return "\n".join(TEXTS.render(each, self.talk.language).text for each in self.letters[since:])

    def last(self) -> str:
        return self.told(-1)

    def done(self, kind: type[_E]) -> list[_E]:
        """Every effect of a kind so far."""
        return [each for each in self.effects if isinstance(each, kind)]

    def filed(self) -> list[Report]:
        return [each.report for each in self.done(FileCase)]

    def appended(self) -> list[Append]:
        return self.done(Append)

    def copy(self) -> Person:
        return replace(self, effects=[], letters=[], choices=[])


# What is asked in passing and answered so unless a test says otherwise.
USUAL = {"consent": "agree", "unfinished": "no", "human.write": "yes", "audience": "all", "mean": "other"}
COMPLAINT: dict[str, str | Event] = {
    "language": "en",
    "menu": "report",
    "complaint.category": "cash",
    "complaint.handler": "either",
    "complaint.party": "self",
    "complaint.what": Said("My card did not work."),
    "complaint.where": Said("Camp 4"),
    "complaint.when": "yesterday",
    "complaint.wish": Said("A new card"),
    "complaint.relation": "yes",
    "complaint.contact": "anonymous",
}
# How somebody who may be written to is asked about it.
REACHED: dict[str, str | Event] = {"complaint.others": "no", "complaint.write": "yes", "complaint.hours": "any"}
# The same with every question that is only asked of some.
EVERY: dict[str, str | Event] = {
    **{name: COMPLAINT[name] for name in ("language", "menu", "complaint.category", "complaint.handler")},
    "complaint.party": "other",
    "complaint.agreed": "yes",
    "complaint.reach": Said("At the school"),
    **{f"complaint.{key}": COMPLAINT[f"complaint.{key}"] for key in ("what", "where", "when", "wish", "relation")},
    "complaint.contact": "open",
    "complaint.name": Said("Ann Example"),
    **REACHED,
}
SKIPPED = {name: prompts.SKIP for name in COMPLAINT if name.startswith("complaint.")}

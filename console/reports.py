"""A sealed report, opened: category, language, and the answers, what the person wishes first."""

from __future__ import annotations

import json
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from actions.programme import Programme
from actions.talk import Mode

_CATEGORY, _WISH = "category", "wish"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's label and what the person answered, or nothing."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a person told, as staff read it."""

    what: str
    language: str
    channel: str
    mode: Mode
    human: bool
    wish: Answer | None
    answers: tuple[Answer, ...]


def read(plain: bytes, programme: Programme) -> Report:
    """The report that was sealed as JSON."""
    told = json.loads(plain)
    what = programme.category(told["category"]).label.in_("en")
    answers = {_short(key): Answer(label, value) for key, label, value in told["answers"]}
    if _CATEGORY in answers:
        answers[_CATEGORY] = Answer(answers[_CATEGORY].label, what)
    wish = answers.pop(_WISH, None)
    return Report(
        what, language(told["language"]), told["channel"], told["mode"], told["human"], wish,
        tuple(answers.values()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """What a list shows of a case: what it is about, and the person's language."""

    what: str
    language: str


def head(plain: bytes, programme: Programme) -> Head:
    """The head that was locked as JSON."""
    told = json.loads(plain)
    return Head(programme.category(told["category"]).label.in_("en"), language(told["language"]))


def language(code: str) -> str:
    """A language's English name."""
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def _short(question: str) -> str:
    return question.rpartition(".")[2]

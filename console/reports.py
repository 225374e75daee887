"""A sealed report, opened: category, language, and the answers, what the person wishes first."""

from __future__ import annotations

import json
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from actions.programme import Programme

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
    anonymous: bool
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
        what, language(told["language"]), told["channel"], told["anonymous"], told["human"], wish,
        tuple(answers.values()),
    )  # fmt: skip


def language(code: str) -> str:
    """A language's English name."""
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def _short(question: str) -> str:
    return question.rpartition(".")[2]

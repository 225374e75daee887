"""A sealed report, opened: category, language, and the answers, what the person wishes first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError

from actions.programme import Category, Programme
from actions.talk import Mode, Terms
from store.opening import Opened
from store.places import Unopenable

_CATEGORY, _WISH, _INTERPRETER = "category", "wish", "interpreter"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's label and what the person answered, or nothing."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to or not, in which version of its words."""

    point: str
    version: str
    given: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a person told, as staff read it; what an older report does not hold has its default.

    `party` says for whom they speak (self, other, group), `agreed` whether that person does; `partial`: it was not
    finished; `duplicates`: it is much like others of that time. `code` is that of their language; `interpreter` says
    whom they prefer as one, where they were asked.
    """

    category: str
    what: str
    language: str
    channel: str
    mode: Mode
    human: bool
    wish: Answer | None
    answers: tuple[Answer, ...]
    area: str = ""
    terms: Terms | None = None
    consents: tuple[Consent, ...] = ()
    party: str = "self"
    agreed: str = ""
    partial: bool = False
    duplicates: bool = False
    code: str = "en"
    interpreter: str = ""

    def consent(self, point: str) -> bool:
        """Whether the person agreed to that."""
        said = [each.given for each in self.consents if each.point == point]
        return bool(said) and said[-1]


def read(plain: bytes, programme: Programme) -> Report:
    """The report that was sealed as JSON."""
    told = json.loads(plain)
    what = programme.category(told["category"]).label.in_("en")
    answers = {_short(key): Answer(label, value) for key, label, value in told["answers"]}
    if _CATEGORY in answers:
        answers[_CATEGORY] = Answer(answers[_CATEGORY].label, what)
    wish, interpreter = answers.pop(_WISH, None), answers.get(_INTERPRETER)
    return Report(
        told["category"], what, language(told["language"]), told["channel"], told["mode"], told["human"], wish,
        tuple(answers.values()), told.get("area") or "", _terms(told.get("terms")),
        tuple(Consent(point, version, given in ("yes", True)) for point, version, given in told.get("consents") or ()),
        told.get("party") or "self", told.get("agreed") or "", bool(told.get("partial")),
        bool(told.get("duplicates")), told["language"], interpreter.value if interpreter else "",
    )  # fmt: skip


def _terms(told: Mapping[str, Any] | None) -> Terms | None:
    if not told:
        return None
    begins, ends = told.get("hours") or (0, 24)
    return Terms(told["write"], (begins, ends))


@dataclass(frozen=True, slots=True)
class Head:
    """What a list shows of a case: what it is about, and the person's language; `area`, where that is known.

    `understood` is what its first words were taken for, and `model` by which model; both may be unknown.
    """

    category: Category
    language: str
    code: str = "en"
    area: str = ""
    understood: str = ""
    model: str = ""

    @property
    def what(self) -> str:
        """Its category, in English."""
        return self.category.label.in_("en")


def head(plain: bytes, programme: Programme) -> Head:
    """The head that was locked as JSON."""
    told = json.loads(plain)
    area, (understood, _, model) = told.get("area") or "", (told.get("understood") or "").partition("@")
    category, code = programme.category(told["category"]), told["language"]
    return Head(category, language(code), code, area, understood, model)


def head_of(opened: Opened, programme: Programme) -> Head | None:
    """The head of a case, or None where it was changed or damaged."""
    try:
        return head(opened.head(), programme)
    except Unopenable:
        return None


def language(code: str) -> str:
    """A language's English name."""
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def _short(question: str) -> str:
    return question.rpartition(".")[2]

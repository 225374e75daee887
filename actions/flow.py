"""The shape of a guided flow: questions as data, and what is derived from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from actions.programme import Programme
from actions.talk import Answer, Picked, Skipped, Talk, Told
from actions.words import Text, Wording

# The review card shows the beginning of a long answer; the whole of it is sent.
_CARD = 300

Options: TypeAlias = Callable[[Programme], tuple[tuple[str, Wording], ...]]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One option of a list; the list may come from the programme."""

    options: Options


@dataclass(frozen=True, slots=True)
class Prose:
    """The person's own words, voice or photo; `options` are quick answers beside them."""

    options: Options = lambda _: ()


Kind: TypeAlias = OneOf | Prose


@dataclass(frozen=True, slots=True)
class Question:
    """One question, said once: prompt, reason, label; buttons, skip, review card and sealed field follow from it."""

    key: str
    ask: Text
    why: Text
    label: Text
    kind: Kind


@dataclass(frozen=True, slots=True)
class Flow:
    """A guided conversation: an opening, questions in order, and whether there is a review card before sending."""

    key: str
    title: Text
    opening: tuple[Text, ...]
    questions: tuple[Question, ...]
    reviewed: bool = True

    def name(self, question: Question) -> str:
        """The question's full name, `flow.question`."""
        return f"{self.key}.{question.key}"

    def question(self, name: str) -> Question | None:
        """The question of a full name, or None."""
        return next((each for each in self.questions if self.name(each) == name), None)

    def next_open(self, talk: Talk) -> Question | None:
        """Where the talk stands in this flow: the first question without an answer."""
        return next((each for each in self.questions if talk.answer(self.name(each)) is None), None)

    def before(self, name: str) -> Question | None:
        """The question before that one, to go back to."""
        names = [self.name(each) for each in self.questions]
        at = names.index(name) if name in names else len(names)
        return self.questions[at - 1] if at > 0 else None


def options(question: Question, programme: Programme) -> tuple[tuple[str, Wording], ...]:
    """The options a question offers."""
    match question.kind:
        case OneOf(listed) | Prose(options=listed):
            return listed(programme)


def shown(question: Question, answer: Answer, programme: Programme) -> Wording:
    """An answer as the person reads it on the review card."""
    match answer:
        case Told(""):
            return Text("(a voice message or a file)")
        case Told(words):
            return words if len(words) <= _CARD else words[:_CARD] + " …"
        case Picked(option):
            return dict(options(question, programme)).get(option, option)
        case Skipped():
            return Text("(no answer)")


def plain(answer: Answer) -> str:
    """An answer as it is sealed: the words, the option's key, or nothing."""
    match answer:
        case Told(words):
            return words
        case Picked(option):
            return option
        case Skipped():
            return ""

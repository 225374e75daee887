"""The shape of a guided flow: questions as data, and what is derived from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from actions.programme import Programme
from actions.talk import Answer, Picked, Skipped, Talk, Told
from actions.words import N_, Text, Wording

# The review card shows the beginning of a long answer; the whole of it is sent.
_CARD = 300
_NO_ANSWER = N_("(no answer)")

Options: TypeAlias = Callable[[Programme], tuple[tuple[str, Wording], ...]]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One option of a list; the list may come from the programme."""

    options: Options


@dataclass(frozen=True, slots=True)
class Prose:
    """The person's own words, voice or photo; `options` are quick answers beside them.

    `more`: several messages in a row belong to it, until the person says that this is all.
    """

    options: Options = lambda _: ()
    more: bool = False


Kind: TypeAlias = OneOf | Prose


@dataclass(frozen=True, slots=True)
class Question:
    """One question, said once: prompt, reason, label; buttons, skip, review card and sealed field follow from it.

    It is asked only `when` that holds; `help` are paragraphs before the prompt; `skipped` is what holds without an
    answer. A `private` answer is forgotten as soon as its question is not asked any more.
    """

    key: str
    ask: Text
    why: Text
    label: Text
    kind: Kind
    when: Callable[[Talk], bool] = lambda _: True
    help: tuple[Text, ...] = ()
    skipped: Wording = _NO_ANSWER
    private: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A guided conversation: an opening, questions in order, and whether there is a review card before sending.

    `counted`: after filing, the person may say who they are like, for statistics that are kept apart.
    """

    key: str
    title: Text
    opening: tuple[Text, ...]
    questions: tuple[Question, ...]
    reviewed: bool = True
    counted: bool = False

    def name(self, question: Question) -> str:
        """The question's full name, `flow.question`."""
        return f"{self.key}.{question.key}"

    def question(self, name: str) -> Question | None:
        """The question of a full name, or None."""
        return next((each for each in self.questions if self.name(each) == name), None)

    def has(self, key: str) -> bool:
        """Whether this flow asks that."""
        return any(each.key == key for each in self.questions)

    def asked_of(self, talk: Talk) -> tuple[Question, ...]:
        """The questions that are asked in this talk."""
        return tuple(each for each in self.questions if each.when(talk))

    def next_open(self, talk: Talk) -> Question | None:
        """Where the talk stands in this flow: the first question without an answer."""
        return next((each for each in self.asked_of(talk) if talk.answer(self.name(each)) is None), None)

    def before(self, name: str, talk: Talk) -> Question | None:
        """The question before that one, to go back to."""
        asked = self.asked_of(talk)
        names = [self.name(each) for each in asked]
        at = names.index(name) if name in names else len(names)
        return asked[at - 1] if at > 0 else None

    def settled(self, talk: Talk) -> Talk:
        """The talk without private answers to what is not asked in it any more; the others wait to be asked again."""
        for each in self.questions:
            if each.private and not each.when(talk) and talk.answer(self.name(each)) is not None:
                talk = talk.with_answer(self.name(each), None)
        return talk


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
            return question.skipped


def plain(answer: Answer) -> str:
    """An answer as it is sealed: the words, the option's key, or nothing."""
    match answer:
        case Told(words):
            return words
        case Picked(option):
            return option
        case Skipped():
            return ""

"""One whole conversation a flow and language, as the person sees it; `AMANA_TRANSCRIPTS=write` writes them anew."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import pytest

from actions import lexicon
from actions.flows import FLOWS
from actions.programme import Programme
from actions.talk import Effect, Event, Said, Sent, Silence, Tapped, Unkept, Wished
from tests.actions.replies import LANGUAGES, TEXTS, Person
from tests.actions.scripts import ASKED, SCRIPTS, Quiet, Step, Word
from tests.actions.test_conversations import CODE
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "transcripts"
WRITES = os.environ.get("AMANA_TRANSCRIPTS") == "write"


@dataclass
class Written(Person):
    """The same person, with everything written down, and the names of what was asked."""

    page: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def hear(self, event: Event) -> tuple[Effect, ...]:
        before = len(self.letters)
        self.page.append(f"> {_did(event, self)}")
        effects = super().hear(event)
        self.asked.add(self.talk.asked)
        for letter in self.letters[before:]:
            shown = TEXTS.render(letter, self.talk.language)
            buttons = "\n".join(f"    [{label}]" for _, label in shown.choices)
            self.page.append("\n\n".join(each for each in (shown.text, buttons) if each))
        return effects


def _did(event: Event, person: Person) -> str:
    match event:
        case Said(words):
            return words
        case Tapped(choice):
            labels = {each.id: each.label for each in person.choices}
            return f"[{TEXTS.say(labels[choice], person.talk.language)}]" if choice in labels else "[Start]"
        case Wished(wish):
            return f"/{wish}"
        case Sent(file, words):
            return f"({file.kind}) {words}".strip()
        case Unkept(why):
            return f"(something of no {why} we can keep)"
        case Silence(name):
            return f"(says nothing; the time noted as “{name}” has come)"


def _played(flow: str, language: str, programme: Programme) -> Written:
    person = Written(programme, known={CODE: ASKED}, women=frozenset() if flow == "woman" else None)
    for step in SCRIPTS[flow]:
        _until(person, step, language)
    return person


def _until(person: Person, step: Step, language: str) -> None:
    """Answer by name what is asked, and what is asked in passing, until every answer of this step was given."""
    left = dict(step)
    while left:
        answer = left.pop(person.talk.asked or "language", None) or person.usual()
        if not person.talk.asked and isinstance(answer, str):
            person.hear(Tapped("start"))
        match answer:
            case Word(wish):
                person.say(lexicon.main(wish, language))
            case Quiet(name, time):
                person.now += time
                person.hear(Silence(name))
            case str() if person.talk.asked == "language":
                person.tap(language)
            case str():
                person.tap(answer)
            case None:
                raise AssertionError(f"never asked: {sorted(left)}; asked is {person.talk.asked}")
            case event:
                person.hear(event)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", SCRIPTS)
def test_a_conversation_reads_as_it_was_agreed(flow: str, language: str, programme: Programme) -> None:
    """What the person sees, word for word and in their language, is what was read and agreed on."""
    page = "\n\n".join(_played(flow, language, programme).page) + "\n"
    path = FOLDER / f"{flow}.{language}.txt"

    if WRITES:
        path.write_text(page, encoding="utf-8")

    agreed = path.read_text(encoding="utf-8") if path.exists() else ""
    assert agreed == page, "read what changed, then run this with AMANA_TRANSCRIPTS=write"


def test_there_is_no_transcript_of_what_is_not_said_any_more() -> None:
    """Whoever reads the folder reads nothing but what people see today."""
    wanted = {f"{flow}.{language}.txt" for flow in SCRIPTS for language in LANGUAGES}
    if WRITES:
        for each in FOLDER.iterdir():
            each.unlink() if each.name not in wanted else None

    assert wanted == {each.name for each in FOLDER.iterdir()}


def test_every_flow_is_played_in_a_transcript(programme: Programme) -> None:
    """No flow is without a conversation that somebody can read."""
    asked = {name for flow in SCRIPTS for name in _played(flow, "en", programme).asked}

    assert set(FLOWS) == {name.partition(".")[0] for name in asked} & set(FLOWS)
    assert {"gbv", "refer", "where_now", "unfinished", "consent", "faq", "terms", "audience"} <= asked

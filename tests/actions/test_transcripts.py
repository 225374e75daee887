"""One whole conversation a flow, as the person sees it; `AMANA_TRANSCRIPTS=write` writes them anew."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from actions import code, prompts
from actions.programme import Programme
from actions.talk import Event, File, Said, Sent, Silence, Tapped, Unkept, Wished
from tests.actions.replies import COMPLAINT, TEXTS, Person
from tests.actions.test_conversations import CODE, FOUND
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "transcripts"
HELLO: dict[str, str | Event] = {"language": "en"}
FLOWS: dict[str, list[Mapping[str, str | Event]]] = {
    "complaint": [
        {name: COMPLAINT[name] for name in ("language", "menu", "complaint.category", "complaint.handler")},
        {"complaint.what": Wished("why")},
        {"complaint.what": Sent(File("f1", "photo"), "My card did not work.")},
        {name: COMPLAINT[name] for name in COMPLAINT if name[10:] in ("where", "when", "wish", "contact")},
        {"complaint.review": "change", "complaint.change": "where", "complaint.where": prompts.SKIP},
        {"complaint.review": "send"}, {"kept": "not_yet"}, {"kept": "yes"},
    ],
    "status": [HELLO, {"menu": "status", "status.code": Said("1234")}, {"status.code": Said(code.spoken(CODE))},
               {"found": "add", "status.add": Said("It still does not work.")}],
    "code_in_words": [HELLO, {"menu": "report", "complaint.category": "cash", "complaint.handler": "either"},
                      {"complaint.what": Said(f"You told me to use {code.spoken(CODE)} but nobody answered")},
                      {"complaint.what": Sent(File("f1", "photo"), f"My code {CODE}")},
                      {"complaint.what": Said("Nobody answered")}],
    "mode": [HELLO, {"menu": Said(code.spoken(CODE))}, {"found": "mode", "status.mode": "open"},
             {"status.name": Said("Ann Example")}, {"found": "mode", "status.mode": "anonymous"}, {"found": "menu"}],
    "renew": [HELLO, {"menu": Said(code.spoken(CODE))}, {"found": "renew", "status.renew": Said("1234 5678 9012 3456")},
              {"status.renew": Said(code.spoken(CODE))}, {"kept": "yes"}],
    "erase": [HELLO, {"menu": Said(code.spoken(CODE))}, {"found": "erase", "status.erase": "keep"}, {"found": "erase"},
              {"status.erase": "erase"}],
    "woman": [HELLO, {"menu": "report", "complaint.category": "safety", "complaint.handler": "woman"},
              {"complaint.woman": "again"}, {"complaint.handler": "woman", "complaint.woman": "wait"},
              {name: prompts.SKIP for name in COMPLAINT if name[10:] in ("where", "when", "wish", "contact")}
              | {"complaint.what": Said("I am followed."), "complaint.review": "send"}],
    "evidence": [HELLO, {"menu": "report", "complaint.category": "quality", "complaint.handler": "either"},
                 {"complaint.what": Sent(File("f1", "photo"), "The rice was wet."), "complaint.where": Said("Camp 4"),
                  "complaint.when": "today", "complaint.wish": prompts.SKIP, "complaint.contact": "open",
                  "complaint.name": Said("Ann Example")},
                 {"complaint.review": "evidence"}, {"complaint.review": "send"}],
    "human": [HELLO, {"menu": "human", "human.about": Said("My card")}, {"done": Said("Are you there?")}],
    "announcements": [HELLO, {"menu": "subscribe"}, {"menu": Said("STOP")}],
    "own_words": [{"language": Said("There is no water")}, HELLO, {"offer": "details", "complaint.category": "quality"},
                  {"complaint.handler": prompts.SKIP},
                  {"complaint.where": Said("stop")}, {"stop": "erase"}, {"menu": Unkept("kind")},
                  {"menu": Said("the lights are broken")}, {"offer": "drop"}, {"menu": "mydata", "data": "erase"}],
}  # fmt: skip


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
        case Silence():
            return "(says nothing)"


class Written(Person):
    """The same person, with everything written down."""

    def hear(self, event: Event) -> tuple[object, ...]:  # type: ignore[override]
        self.page: list[str] = getattr(self, "page", [])
        before = len(self.letters)
        self.page.append(f"> {_did(event, self)}")
        effects = super().hear(event)
        for letter in self.letters[before:]:
            shown = TEXTS.render(letter, self.talk.language)
            buttons = "\n".join(f"    [{label}]" for _, label in shown.choices)
            self.page.append("\n\n".join(each for each in (shown.text, buttons) if each))
        return effects


@pytest.mark.parametrize("flow", FLOWS)
def test_a_conversation_reads_as_it_was_agreed(flow: str, programme: Programme) -> None:
    """What the person sees, word for word, is what was read and agreed on."""
    person = Written(programme, known={CODE: FOUND}, women=frozenset() if flow == "woman" else None)
    for answers in FLOWS[flow]:
        _until(person, answers)
    page = "\n\n".join(person.page) + "\n"
    path = FOLDER / f"{flow}.en.txt"

    if os.environ.get("AMANA_TRANSCRIPTS") == "write":
        path.write_text(page, encoding="utf-8")

    assert path.read_text(encoding="utf-8") == page


def _until(person: Person, answers: Mapping[str, str | Event]) -> None:
    left = dict(answers)
    while (answer := left.pop(person.talk.asked or "language", None)) is not None:
        if not person.talk.asked and isinstance(answer, str):
            person.hear(Tapped("start"))
        person.tap(answer) if isinstance(answer, str) else person.hear(answer)
    assert not left, f"never asked: {sorted(left)}; asked is {person.talk.asked}"

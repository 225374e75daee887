"""What holds in every conversation there can be: lists of up to forty random events."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import code, prompts
from actions.intents import MOVES, SAFETY
from actions.programme import Programme
from actions.talk import (
    Append,
    ChangeMode,
    DropFiles,
    EraseCase,
    EraseLater,
    Event,
    File,
    FileCase,
    Forget,
    Found,
    Keep,
    Kept,
    Renew,
    Said,
    Say,
    Sent,
    Silence,
    Talk,
    Tapped,
    Told,
    Unkept,
    Wish,
    Wished,
    from_json,
    to_json,
)
from actions.words import Letter, Text
from actions.words import from_json as letter_from_json
from actions.words import to_json as letter_to_json
from house.programme import load
from tests.actions.replies import COMPLAINT, TEXTS, Person
from tests.actions.test_conversations import CODE, FOUND
from tests.conftest import ROOT

PARAGRAPH = 160
# Not a fixture: Hypothesis would print the whole of it with every example.
PROGRAMME = load(ROOT / "programme")
OTHER = code.complete("2" * 26)
REPORT = {name: each for name, each in COMPLAINT.items() if name.startswith("complaint.")}
words = st.one_of(
    st.sampled_from(
        [
            "stop",
            "back",
            "menu",
            "why",
            "1",
            "2",
            "٣",
            "7",
            "99",
            CODE,
            CODE[:-1] + "0",
            "no water",
            "STOP",
            OTHER,
            f"my code {CODE} works not",
            f"1 {OTHER}",
        ]
    ),
    st.text(max_size=30),
)


@dataclass(frozen=True)
class World:
    """What a conversation meets: where women work, and why a case cannot be erased."""

    women: frozenset[str] | None
    kept: Kept

    def person(self, programme: Programme) -> Person:
        known = {CODE: FOUND, OTHER: replace(FOUND, reference="CCCC-9999", mode="open", state="read", answers=())}
        return Person(programme, known=known, women=self.women, kept=self.kept)


@dataclass(frozen=True)
class Now:
    """A button under what is asked now."""

    at: int


def _answer(name: str) -> Event:
    """How that question of the report is answered, as somebody types it."""
    answer = REPORT[name]
    return answer if not isinstance(answer, str) else Said("A woman" if name == "complaint.handler" else "2")


# An event, or an index into the buttons seen so far, newest first.
events = st.one_of(
    st.integers(0, 200),
    st.integers(0, 8),
    st.integers(0, 8),
    st.builds(
        Said, words, st.sampled_from([None, *sorted(MOVES)]), st.sampled_from([(), *((each,) for each in SAFETY)])
    ),
    st.builds(Wished, st.sampled_from(get_args(Wish))),
    st.builds(Sent, st.builds(File, st.just("?"), st.sampled_from(["photo", "voice", "file"])), words),
    st.builds(Unkept, st.sampled_from(["kind", "size", "lost"])),
    st.builds(Silence, st.sampled_from(["draft", "code"])),
    st.integers(1, 60).map(lambda hours: timedelta(hours=hours)),
)
# A button of what is asked now leads deeper than any button that was ever seen.
now = st.builds(Now, st.integers(0, 9))
codes = st.just(Said(CODE))
deep = st.lists(st.one_of(now, now, codes, st.just(Said("words")), events), min_size=10, max_size=30)
deeper = st.lists(st.one_of(now, now, now, codes), min_size=15, max_size=30)
hello = [Tapped("start"), Tapped("0.0.language~en")]
answers = [Wished("report"), *(each for name in REPORT for each in (_answer(name),))]
histories = st.one_of(
    st.lists(events, max_size=40),
    st.lists(events, min_size=20, max_size=40),
    st.one_of(deep, deeper).map(lambda drawn: [*hello, Said(CODE), *drawn]),
    deep.map(lambda drawn: [*hello, *answers, *drawn]),
)
worlds = st.builds(
    World,
    women=st.sampled_from([None, frozenset(), frozenset({"general"}), frozenset({"women"})]),
    kept=st.sampled_from(["", "", "evidence", "hold"]),
)
often = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _event(person: Person, drawn: object, n: int) -> Event | None:
    match drawn:
        case int():
            seen = person.choices
            return Tapped(seen[-1 - drawn % len(seen)].id) if seen else Tapped("start")
        case Now(at):
            offered = prompts.offered(person.talk, person.given(Silence("draft")))
            return Tapped(
                f"{person.talk.serial}.{person.talk.revision}.{person.talk.asked}~{offered[at % len(offered)][0]}"
            )
        case timedelta():
            person.now += drawn
            return None
        case Sent(file, caption):
            return Sent(replace(file, id=f"f{n}"), caption)
        case _:
            return drawn  # type: ignore[return-value]


def _codes_in(person: Person) -> list[str]:
    """Whatever of what is remembered or handed on holds a code that opens something."""
    answers = [each.words for _, each in person.talk.answers if isinstance(each, Told)]
    filed = [words for report in person.filed() for _, words in report.answers] + [each.name for each in person.filed()]
    kept = [person.talk.held, *answers, *filed, *(each.words for each in person.appended())]
    return [each for each in kept if any(known in code.plain(each) for known in person.known)]


def _waits(talk: Talk, event: Event) -> bool:
    """Whether this event is the answer that the report shall wait for a woman."""
    wait = {"1", "1.", "Send it, and wait for a woman"}
    tapped = isinstance(event, Tapped) and event.choice.endswith("complaint.sending~wait")
    return talk.asked == "complaint.sending" and (tapped or (isinstance(event, Said) and event.words in wait))


def _texts(letter: Letter) -> list[Text]:
    return [each for each in letter.paragraphs if isinstance(each, Text)]


@often
@given(history=histories, world=worlds)
def test_in_every_conversation(history: list[object], world: World) -> None:
    """Everybody is answered every time; a talk survives the trip to disk; files are kept, filed, added or dropped;
    a report is filed only from its review card, to nobody but whom the person wants; buttons fit every platform;
    a case is changed or erased only by whoever gave its code; no code is remembered, filed or added.
    """
    person = world.person(PROGRAMME)
    there = person.given(Silence("draft")).women
    drafted: set[str] = set()
    for n, drawn in enumerate(history):
        event = _event(person, drawn, n)
        if event is None:
            continue
        before = person.talk

        effects = person.hear(event)

        says = [each.letter for each in effects if isinstance(each, Say)]
        assert says or isinstance(event, Silence)
        assert person.talk == from_json(to_json(person.talk))
        assert not _codes_in(person)
        for each in effects:
            if isinstance(each, ChangeMode | EraseCase | EraseLater | Renew):
                assert each.case == before.case
                assert before.asked.startswith("status.")
                assert person.now.timestamp() - before.touched <= 3600
        for letter in says:
            assert letter == letter_from_json(letter_to_json(letter))
            assert TEXTS.render(letter, "en").text or letter.choices
            assert all(len(each.id.encode()) <= prompts.LONGEST_CHOICE for each in letter.choices)
            shown = TEXTS.render(letter, "en").text
            assert code.alone(shown) or not code.within(shown)
        for effect in effects:
            match effect:
                case FileCase(report):
                    card = before.asked in ("complaint.review", "complaint.sending")
                    assert report.flow == "human" or (card and isinstance(event, Tapped | Said))
                    woman = report.desk in there or report.desk == before.waits or _waits(before, event)
                    assert report.handler != "woman" or woman
                    assert report.mode == "open" or not report.name
                    assert report.files or not report.evidence
                    assert {each.id for each in report.files} <= drafted
                    drafted -= {each.id for each in report.files}
                case Keep(file):
                    drafted.add(file.id)
                case DropFiles(files):
                    drafted -= {each.id for each in files}
                case EraseCase():
                    assert world.kept != "hold"
                case EraseLater():
                    assert world.kept == "hold"
                case Renew():
                    assert isinstance(event, Said)
                    assert person.known[code.read(event.words) or ""].reference == before.case
                case Append(case, _, file):
                    assert case
                    assert file is None or file.id not in drafted
                case Forget():
                    drafted.clear()
                case _:
                    pass
        assert {each.id for each in person.talk.files} == drafted
        assert sum(isinstance(each, FileCase) for each in effects) <= 1


@often
@given(history=histories, world=worlds)
def test_the_same_conversation_ends_the_same(history: list[object], world: World) -> None:
    """Nothing but the conversation decides: played again, also from disk after every turn, it is the same."""
    one, other = world.person(PROGRAMME), world.person(PROGRAMME)

    for n, drawn in enumerate(history):
        event = _event(one, drawn, n)
        _event(other, drawn, n)
        if event is not None:
            one.hear(event)
            other.talk = from_json(to_json(other.talk))
            other.hear(event)

    assert (one.talk, one.effects) == (other.talk, other.effects)


@often
@given(text=st.text(max_size=200))
def test_answers_in_own_words_are_kept_letter_by_letter(text: str) -> None:
    """Whatever I write where my own words are asked stands in what is filed, or was a word with a fixed meaning."""
    person = Person(PROGRAMME)
    person.play({"language": "en", "menu": "report", "complaint.category": "cash", "complaint.handler": "either"})
    person.say(text)

    if person.talk.asked == "complaint.where" and text not in ("skip", "pass"):
        assert text in to_json(person.talk) or from_json(to_json(person.talk)).answer("complaint.what") is not None


def _sentences() -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "actions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("N_", "Text"):
                sentence = node.args[0]
                if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
                    found.append((path.name, sentence.value))
    return found


def test_no_sentence_of_ours_is_longer_than_a_text_message() -> None:
    """Every sentence of ours can be sent as one text message (160 letters)."""
    sentences = _sentences()

    assert len(sentences) > 100
    assert [] == [each for each in sentences if len(each[1]) > PARAGRAPH]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sentence_can_be_put_into_every_language(programme: Programme, language: str) -> None:
    """No letter breaks because a translator dropped or invented a brace."""
    person = Person(programme, known={CODE: Found("R", "read", person_day := FOUND.filed, person_day, person_day)})
    person.play({"language": language, "menu": "status", "status.code": Said(CODE)})
    for intent in sorted(MOVES):
        person.say("words", intent)

    texts = [TEXTS.render(letter, language).text for letter in person.letters]

    assert [] == [each for each in texts if "{" in each or "}" in each]


def test_a_code_minted_for_a_turn_is_a_code(programme: Programme) -> None:
    """The receipts of these tests are as real ones."""
    person = Person(programme)

    assert code.read(code.spoken(person.given(Silence("draft")).receipt.code))

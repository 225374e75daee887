"""What holds in every conversation there can be: histories of up to sixty random events, from every stage."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import code, consent, prompts
from actions.flows import FLOWS
from actions.intents import MOVES, SAFETY
from actions.programme import Programme
from actions.promises import promises
from actions.talk import (
    DRAFT_KEPT_FOR,
    Append,
    ChangeMode,
    Count,
    DropFiles,
    Effect,
    EraseCase,
    EraseLater,
    Event,
    File,
    FileCase,
    Forget,
    Found,
    Keep,
    Kept,
    Leave,
    Renew,
    Report,
    Said,
    Say,
    Sent,
    Silence,
    Talk,
    Tapped,
    Told,
    Undue,
    Unkept,
    Wish,
    Wished,
    from_json,
    to_json,
)
from actions.words import Letter, Wording
from actions.words import from_json as letter_from_json
from actions.words import to_json as letter_to_json
from house.programme import load
from tests.actions.replies import COMPLAINT, LANGUAGES, TEXTS, Person
from tests.actions.test_conversations import CODE, FOUND
from tests.conftest import ROOT

PARAGRAPH = 160
LONGEST = 60
# Not a fixture: Hypothesis would print the whole of it with every example.
PROGRAMME = load(ROOT / "programme")
OTHER = code.complete("2" * 26)
words = st.one_of(
    st.sampled_from(
        [
            "stop", "exit", "back", "menu", "why", "skip", "yes", "no", "1", "2", "٣", "7", "99", "1, 2", CODE,
            CODE[:-1] + "0", "no water", "STOP", "I am 12 years old", OTHER, f"my code {CODE} works not", f"1 {OTHER}",
            "no hay agua en el campamento y la gente no tiene comida",
        ]
    ),
    st.text(max_size=30),
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """What a conversation meets: where women work, why a case cannot be erased, who is on duty, what staff asked."""

    women: frozenset[str] | None
    kept: Kept
    on_duty: bool = True
    question: bool = False

    def person(self, programme: Programme) -> Person:
        found = replace(FOUND, question=self.question)
        known = {CODE: found, OTHER: replace(FOUND, reference="CCCC-9999", mode="open", state="read", answers=())}
        return Person(programme, known=known, women=self.women, kept=self.kept, on_duty=self.on_duty)


@dataclass(frozen=True)
class Now:
    """A button under what is asked now."""

    at: int


@dataclass(frozen=True)
class Pick:
    """A button under what is asked now, by its option; nothing where that is not offered."""

    option: str


# An event, or an index into the buttons seen so far, newest first.
events = st.one_of(
    st.integers(0, 200),
    st.integers(0, 8),
    st.builds(
        Said, words, st.sampled_from([None, *sorted(MOVES)]), st.sampled_from([(), *((each,) for each in SAFETY)])
    ),
    st.builds(Wished, st.sampled_from(get_args(Wish))),
    st.builds(Sent, st.builds(File, st.just("?"), st.sampled_from(["photo", "voice", "file"])), words),
    st.builds(Unkept, st.sampled_from(["kind", "size", "lost"])),
    st.builds(Silence, st.sampled_from(["draft", "reminder", "code", "danger"])),
    st.integers(1, 60).map(lambda hours: timedelta(hours=hours)),
    st.integers(1, 10).map(lambda minutes: timedelta(minutes=minutes)),
)
# A button of what is asked now leads deeper than any button that was ever seen.
now = st.builds(Now, st.integers(0, 12))
skipped, agreed, refused = Pick(prompts.SKIP), [Pick("agree"), Pick("yes")], [Pick("agree"), Pick("no")]
hello: list[object] = [Tapped("start"), Pick("en")]
category = st.sampled_from([*(each.key for each in PROGRAMME.listed), "violence"]).map(lambda key: [
    Pick("report"), *agreed, Pick(key)])  # fmt: skip
telling = st.sampled_from([*prompts._TELLING, "other"]).map(lambda key: [Pick("telling"), Pick(key), *agreed])
shy = st.sampled_from([[], [Pick("report"), *refused, Pick("cash")], [Pick("report"), Pick("no")]])
begun = st.one_of(category, category, telling, telling, shy)
# An answer to whatever is asked; where a choice is asked, words are one more part of the story.
answer = st.one_of(now, st.sampled_from([
    skipped, skipped, Pick("woman"), Pick("other"), Pick("yes"), Pick("confidential"), Pick("open"), Said("words"),
    Wished("back"), Wished("why"), Wished("skip"), Said("back"), Sent(File("?", "photo"), ""), Pick("go_on"),
]))  # fmt: skip
answers = st.lists(answer, min_size=3, max_size=12)
# To the review card of any flow, and what can be done there.
finished: list[object] = [Pick("go_on"), *[skipped] * 14]
card = st.sampled_from(["send", "send", "change", "evidence", "details", "stop"]).map(lambda key: [Pick(key)])
over = st.sampled_from([[], [timedelta(hours=21), Silence("reminder")], [timedelta(hours=25), Silence("draft")]])
elsewhere = st.one_of(
    st.sampled_from(sorted(MOVES)).map(lambda intent: [Said("words of mine", intent)]),
    st.sampled_from(sorted(SAFETY)).map(lambda intent: [Said("words", intent), Pick("yes")]),
    st.just([Pick("services"), Pick("north"), Pick("food"), Pick("at_food_point")]),
    st.just([Said(CODE)]),
    st.just([Pick("emergency"), Pick("north")]),
    st.just([Pick("more"), Pick("terms"), Pick("yes")]),
)
deep = st.lists(st.one_of(now, now, answer, events), min_size=10, max_size=40)
histories = st.one_of(
    st.lists(events, max_size=LONGEST),
    st.builds(lambda first, then: [*hello, *first, *then][:LONGEST], st.one_of(begun, elsewhere), deep),
    st.builds(
        lambda first, said, danger, last, after, then: [*hello, *first, *said, *danger, *finished, *last, *after,
                                                        *then][:LONGEST],
        begun, answers, st.one_of(st.just([]), elsewhere), card, over, st.lists(st.one_of(now, events), max_size=12),
    ),
    st.builds(lambda first, said, after, then: [*hello, *first, *said, *after, *then][:LONGEST],
              begun, answers, over, st.one_of(elsewhere, deep)),
)  # fmt: skip
worlds = st.builds(
    World,
    women=st.sampled_from([None, frozenset(), frozenset({"general"}), frozenset({"women"})]),
    kept=st.sampled_from(["", "", "evidence", "hold"]),
    on_duty=st.booleans(),
    question=st.booleans(),
)
checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
often = settings(max_examples=250, deadline=None, suppress_health_check=checks)
sometimes = settings(often, max_examples=100)


def _event(person: Person, drawn: object, n: int) -> Event | None:
    match drawn:
        case int():
            seen = person.choices
            return Tapped(seen[-1 - drawn % len(seen)].id) if seen else Tapped("start")
        case Now(at):
            offered = _offered(person)
            return _tap(person, offered[at % len(offered)])
        case Pick(option):
            return _tap(person, option) if option in _offered(person) else None
        case timedelta():
            person.now += drawn
            return None
        case Sent(file, caption):
            return Sent(replace(file, id=f"f{n}"), caption)
        case _:
            return drawn  # type: ignore[return-value]


def _offered(person: Person) -> list[str]:
    return [option for option, _ in prompts.offered(person.talk, person.given(Silence("draft")))]


def _tap(person: Person, option: str) -> Tapped:
    return Tapped(f"{person.talk.serial}.{person.talk.revision}.{person.talk.asked}~{option}")


def _played(history: list[object], world: World) -> Person:
    person = world.person(PROGRAMME)
    for n, drawn in enumerate(history):
        event = _event(person, drawn, n)
        if event is not None:
            person.hear(event)
    return person


def _codes_in(person: Person) -> list[str]:
    """Whatever of what is remembered or handed on holds a code that opens something."""
    answers = [each.words for _, each in person.talk.answers if isinstance(each, Told)]
    filed = [words for report in person.filed() for _, words in report.answers] + [each.name for each in person.filed()]
    kept = [person.talk.held, *answers, *filed, *(each.words for each in person.appended())]
    return [each for each in kept if any(known in code.plain(each) for known in person.known)]


def _waits(talk: Talk, event: Event) -> bool:
    """Whether this event is the answer that the report shall wait for a woman."""
    wait = {"1", "1.", "Send it, and wait for a woman"}
    tapped = isinstance(event, Tapped) and event.choice.endswith(f"{talk.draft}.sending~wait")
    return talk.step == "sending" and (tapped or (isinstance(event, Said) and event.words in wait))


def _sent_by(before: Talk, event: Event, report: Report, now: datetime) -> bool:
    """Whether the person wanted exactly this to be filed."""
    chosen = isinstance(event, Tapped | Said)
    if report.human:
        return report.flow == "human" and isinstance(event, Tapped | Said | Sent | Wished)
    if report.flow == "referral":
        return chosen and before.asked == "refer"
    if report.partial:
        over = before.touched + DRAFT_KEPT_FOR.total_seconds() <= now.timestamp()
        return event == Silence("draft") and consent.UNFINISHED.given(before) and over
    return chosen and before.reporting and before.step in ("review", "sending") and report.flow == before.draft


def _draft_of(talk: Talk) -> dict[str, object]:
    return {name.partition(".")[2]: answer for name, answer in talk.answers if name.startswith(f"{talk.draft}.")}


def _still_there(before: Talk, after: Talk) -> dict[str, object]:
    """The answers of a draft that nothing may take away: all, except private ones that are not asked any more."""
    flow = FLOWS[after.draft or before.draft]
    private = {each.key for each in flow.questions if each.private and not each.when(after)}
    return {key: answer for key, answer in _draft_of(before).items() if key not in private}


def _only_looked(talk: Talk, event: Event) -> bool:
    """Whether somebody only asked why, went back, or looked for an answer to change."""
    match event:
        case Wished("back" | "why"):
            return True
        case Tapped(choice):
            tap = prompts.read_tap(choice)
            return tap is not None and (
                tap.option in (prompts.BACK, prompts.WHY) or tap.asked.endswith((".change", ".review~change"))
            )
        case Said(words):
            return words in ("back", "why")
        case _:
            return False


def _skipped(talk: Talk, event: Event) -> bool:
    return event in (Wished("skip"), Said("skip")) or (
        isinstance(event, Tapped) and event.choice.endswith(f"{talk.asked}~{prompts.SKIP}")
    )


@cache
def _promised(paragraph: Wording) -> list[str]:
    said = [TEXTS.say(paragraph, each) for each in LANGUAGES]
    return [each for words in said for each in promises(words)]


def _letter_holds(letter: Letter) -> None:
    """It survives its journey, is not empty, fits every platform, shows no code among words, and promises nothing."""
    shown = TEXTS.render(letter, "en").text
    assert letter == letter_from_json(letter_to_json(letter))
    assert shown or letter.choices
    assert all(len(each.id.encode()) <= prompts.LONGEST_CHOICE for each in letter.choices)
    assert code.alone(shown) or not code.within(shown)
    assert [] == [found for each in letter.paragraphs for found in _promised(each)]


def _answers_hold(before: Talk, event: Event, after: Talk) -> None:
    """As long as it is the same draft, every answer is still there; looking around changes none of them."""
    if after.serial != before.serial or not before.draft or not after.draft:
        return
    kept, there = _still_there(before, after), _draft_of(after)
    assert kept.keys() <= there.keys()
    looked = _only_looked(before, event) and after.draft == before.draft
    if looked or _skipped(before, event):
        skipped = before.step if _skipped(before, event) else ""
        assert kept.items() - {skipped: kept.get(skipped)}.items() <= there.items()


def _nothing_of_violence(before: Talk, effects: tuple[Effect, ...], after: Talk) -> None:
    """A confirmed disclosure leaves nothing behind but one more in a count."""
    assert ((), (), "", "", "") == (tuple(_draft_of(after)), after.files, after.draft, after.held, after.held_intent)
    assert not any(isinstance(each, FileCase | Append | Keep) for each in effects)
    assert set(before.files) <= set(_dropped(effects))
    assert not [each for name, each in before.answers if name.startswith(f"{before.draft}.") and isinstance(each, Told)
                and each.words and (name, each) in after.answers]  # fmt: skip
    assert 1 == len([each for each in effects if isinstance(each, Count)])


def _dropped(effects: tuple[Effect, ...]) -> list[File]:
    return [file for each in effects if isinstance(each, DropFiles) for file in each.files]


def _report_holds(before: Talk, event: Event, report: Report, person: Person, there: frozenset[str]) -> None:
    """It was wanted, agreed to, goes to whom the person wants, and holds no more than it may."""
    assert _sent_by(before, event, report, person.now)
    if not report.human and report.flow != "referral":
        assert consent.REPORT.answered(given=True) in report.consents
        assert report.agreed != "yes" or report.party == "other"
        woman = report.desk in there or report.desk == before.waits or _waits(before, event) or report.partial
        assert report.handler != "woman" or woman
    assert report.mode == "open" or not report.name
    assert report.files or not report.evidence


@often
@given(history=histories, world=worlds)
def test_in_every_conversation(history: list[object], world: World) -> None:
    """Everybody is answered every time; a talk survives the trip to disk; files are kept, filed, added or dropped;
    a report is filed only when it was sent, to nobody but whom the person wants; no answer of a draft is lost;
    a case is changed or erased only by whoever gave its code; no code is remembered, filed or added; of violence
    nothing stays but a count; buttons fit every platform, and nothing reads like a promise in any language. (R71)
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
        _answers_hold(before, event, person.talk)
        for letter in says:
            _letter_holds(letter)
        for effect in effects:
            match effect:
                case FileCase(report):
                    _report_holds(before, event, report, person, there)
                    assert {each.id for each in report.files} <= drafted
                    drafted -= {each.id for each in report.files}
                case Keep(file):
                    drafted.add(file.id)
                case DropFiles(files):
                    drafted -= {each.id for each in files}
                case ChangeMode() | EraseCase() | EraseLater() | Renew():
                    assert effect.case == before.case
                    assert before.asked.startswith("status.")
                    assert person.now.timestamp() - before.touched <= 3600
                    assert world.kept != "hold" or not isinstance(effect, EraseCase)
                    assert world.kept == "hold" or not isinstance(effect, EraseLater)
                    if isinstance(effect, Renew):
                        assert isinstance(event, Said)
                        assert person.known[code.read(event.words) or ""].reference == before.case
                case Append(case, _, file):
                    assert case
                    assert file is None or file.id not in drafted
                case Count("gbv"):
                    _nothing_of_violence(before, effects, person.talk)
                case Forget():
                    drafted.clear()
                    assert Talk() == person.talk
                case _:
                    pass
        assert {each.id for each in person.talk.files} == drafted
        assert sum(isinstance(each, FileCase) for each in effects) <= 1


@sometimes
@given(history=histories, world=worlds)
def test_stop_always_stops(history: list[object], world: World) -> None:
    """Wherever I am I write “stop”: nothing goes on; and what I then erase is gone with its files."""
    person = _played(history, world)
    before = person.talk

    person.say("stop")

    stopped = person.talk
    assert stopped.asked in ("stop", "menu", "language", "")
    assert _draft_of(before).items() <= _draft_of(stopped).items()
    if stopped.asked == "stop":
        effects = person.tap("erase")
        assert [*stopped.files] == _dropped(effects)
        assert {Undue("draft"), Undue("reminder")} <= {each for each in effects if isinstance(each, Undue)}
        assert not person.talk.has_draft
    assert "" == person.talk.held
    assert person.talk.asked == "menu" or not person.talk.language or stopped.asked == "stop"


@sometimes
@given(history=histories, world=worlds)
def test_leaving_leaves_nothing(history: list[object], world: World) -> None:
    """Wherever I am I write “exit”: nothing stays of what I told, chose or looked for; only how I may be written to.
    (R100)
    """
    person = _played(history, world)
    before = person.talk

    effects = person.say("exit")

    kept = replace(
        Talk(), language=before.language, updates=before.updates, audience=before.audience, terms=before.terms,
        consents=before.consents, serial=person.talk.serial, revision=person.talk.revision, touched=person.talk.touched,
    )  # fmt: skip
    assert kept == person.talk
    assert [*before.files] == _dropped(effects)
    assert Leave() in effects
    assert not [each for each in effects if isinstance(each, FileCase | Append)]


@sometimes
@given(history=histories, world=worlds)
def test_erasing_leaves_nothing(history: list[object], world: World) -> None:
    """Wherever I am I ask what is kept and erase it: the bot knows me no more."""
    person = _played(history, world)

    person.hear(Wished("mydata"))

    if person.talk.language:
        assert (Forget(),) == tuple(each for each in person.tap("erase") if not isinstance(each, Say))
        assert Talk() == person.talk


@sometimes
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
    person.play({**{name: COMPLAINT[name] for name in ("language", "menu")}, "complaint.category": "cash"})
    person.play({"complaint.handler": "either", "complaint.party": "self"})

    person.say(text)

    if person.talk.asked == "complaint.more":
        assert Told(text) == person.talk.answer("complaint.what")
        assert Told(text) == from_json(to_json(person.talk)).answer("complaint.what")


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

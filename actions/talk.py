"""The nouns of a conversation: what is remembered, what can happen, what then is to be done."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from actions.programme import Programme
from actions.words import Letter, Wording

Wish: TypeAlias = Literal[
    "start", "again", "menu", "report", "status", "human", "language", "mydata", "stop", "help", "about",
    "back", "skip", "why", "subscribe", "unsubscribe", "emergency", "exit", "services", "contact", "other",
    "redlines", "withdraw", "continue",
]  # fmt: skip
# Silences a talk waits for. A report that was begun and not sent: erased, or passed on if that was agreed to.
DRAFT, DRAFT_KEPT_FOR = "draft", timedelta(hours=24)
# One neutral line before that, to whoever may be written to.
REMINDER, REMINDED_AFTER = "reminder", timedelta(hours=20)
# So long after the last message a talk forgets which case a code was given for.
CODE, CODE_HOLDS_FOR = "code", timedelta(hours=1)
# Who does not answer whether they are in danger may not be able to: then somebody is called all the same.
DANGER, DANGER_ASKED_FOR = "danger", timedelta(minutes=3)
# So long a person's alarm is the same one, and where they are is added to it; after that it is another danger.
SAME_DANGER = timedelta(minutes=15)

FileKind: TypeAlias = Literal["photo", "voice", "file"]
CaseState: TypeAlias = Literal["filed", "read", "answered", "closed"]
# How far a person may be known: not at all, to the few who deal with the case, or by name to whom it concerns.
Mode: TypeAlias = Literal["anonymous", "confidential", "open"]
# By whom a person wants to be dealt with.
Handler: TypeAlias = Literal["woman", "man", "either"]
# For whom a person speaks.
Party: TypeAlias = Literal["self", "other", "group"]
# On which terms a person may be written to: not at all (they come and look), with a neutral line, or in full.
Writing: TypeAlias = Literal["no", "neutral", "yes"]
# Which announcements a person wants: those for everybody, or also those that are for women alone.
Audience: TypeAlias = Literal["all", "women"]
# Whether what came of a case is all right for its person.
Helped: TypeAlias = Literal["yes", "partly", "no"]
# Why a case that its person wants erased is kept: their own wish for evidence, or a legal hold with a reason.
Kept: TypeAlias = Literal["", "evidence", "hold"]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in the person's own words."""

    words: str


@dataclass(frozen=True, slots=True)
class Picked:
    """An answer chosen from a list, by the option's key."""

    option: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The person chose not to answer."""


Answer: TypeAlias = Told | Picked | Skipped


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a person may be written to without having written first.

    `hours` are local hours, from the first until before the second: (8, 12); `(0, 24)` is any time. Whoever has set
    no terms is not written to; what waits for them is shown when they write (R91).
    """

    write: Writing = "no"
    hours: tuple[int, int] = (0, 24)


@dataclass(frozen=True, slots=True)
class File:
    """Something sent that is not text; `id` names the sealed bytes in the store, `sha256` (hex) is of what came in."""

    id: str
    kind: FileKind
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to or not: the point, and the version of the words they were shown (R101)."""

    point: str
    version: str
    given: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """All that is remembered between two messages of one person.

    `asked` is what was last asked and the only thing a message can answer; where a flow stands is derived from
    `answers` (full question name -> answer). `flow` is the flow under way, `draft` the one of a report that is not
    sent yet, `wanted` what begins or comes again once the question between is answered. `serial` counts finished
    reports, `revision` counts changes, so that any old button can be told apart. `touched` is when the person last
    wrote (seconds since 1970). `held` are words kept until the person has said what they are for. `case` is the case
    whose code was given, `case_mode` how far its person is known in it. `evidence`: the draft's files are to be kept
    unchanged; `waits` is the desk at which the person waits for a woman although none works there now. `audience` are
    the announcements they want, `area` is the part of the country they named, `terms` are those on which they may be
    written to, `alarmed` is when they last raised an alarm, `aloud`: they want it read to them, `maybe` are the
    intents between which they were asked. `foreign`: nobody
    at the desk where they ask for a person reads their language. `guessed` are the guesses they were asked about in
    this draft; `reminded` and `counted` say what is done once and not again. `understood` is what the words with which
    the report began were taken for and by which model, as `intent@model`.
    """

    language: str = ""
    asked: str = ""
    flow: str = ""
    answers: tuple[tuple[str, Answer], ...] = ()
    files: tuple[File, ...] = ()
    serial: int = 0
    revision: int = 0
    held: str = ""
    held_intent: str = ""
    call: str = ""
    case: str = ""
    case_mode: Mode | Literal[""] = ""
    updates: Literal["", "on", "off"] = ""
    audience: Audience = "all"
    touched: int = 0
    evidence: bool = False
    waits: str = ""
    draft: str = ""
    wanted: str = ""
    area: str = ""
    guessed: tuple[str, ...] = ()
    consents: tuple[Consent, ...] = ()
    terms: Terms | None = None
    reminded: bool = False
    counted: bool = False
    foreign: bool = False
    alarmed: int = 0
    aloud: bool = False
    maybe: tuple[str, ...] = ()
    understood: str = ""

    def answer(self, question: str) -> Answer | None:
        """The answer to a question by its full name, or None while it is open."""
        return dict(self.answers).get(question)

    def picked(self, key: str) -> str:
        """The option chosen for a question of the draft, or nothing."""
        answer = self.answer(f"{self.draft}.{key}")
        return answer.option if isinstance(answer, Picked) else ""

    def with_answer(self, question: str, answer: Answer | None) -> Talk:
        """The talk with one answer given, changed or (None) taken back."""
        kept = {name: value for name, value in self.answers if name != question or answer is not None}
        if answer is not None:
            kept[question] = answer
        return replace(self, answers=tuple(kept.items()), revision=self.revision + 1)

    def without(self, flow: str) -> Talk:
        """The talk with a flow's answers, and what was chosen for them, wiped and its buttons made old."""
        kept = tuple((name, value) for name, value in self.answers if not name.startswith(f"{flow}."))
        return replace(
            self, answers=kept, serial=self.serial + 1, held="", held_intent="", evidence=False, waits="", guessed=(),
            draft="" if flow == self.draft else self.draft, understood="",
        )  # fmt: skip

    def told_in(self, flow: str) -> Talk:
        """The talk with its draft told in another flow from here on; every answer that was given goes along."""
        if flow == self.draft:
            return replace(self, flow=flow)
        before = f"{self.draft}."
        moved = tuple(
            (f"{flow}.{name.removeprefix(before)}" if self.draft and name.startswith(before) else name, value)
            for name, value in self.answers
        )
        return replace(self, answers=moved, draft=flow, flow=flow, revision=self.revision + 1)

    def holding(self, words: str, intent: str = "") -> Talk:
        """The talk with words kept until their use is clear, after those that are kept already."""
        held = f"{self.held}\n{words}" if self.held and words else words or self.held
        return replace(self, held=held, held_intent=intent or self.held_intent)

    def agreeing(self, consent: Consent) -> Talk:
        """The talk with one more consent given or refused, in the place of an older one to the same point."""
        others = tuple(each for each in self.consents if each.point != consent.point)
        return replace(self, consents=(*others, consent), revision=self.revision + 1)

    def consent(self, point: str) -> Consent | None:
        """What was last said to that point."""
        return next((each for each in self.consents if each.point == point), None)

    def began(self, flow: str) -> bool:
        """Whether anything of a flow was answered."""
        return bool(flow) and any(name.startswith(f"{flow}.") for name, _ in self.answers)

    @property
    def has_draft(self) -> bool:
        """Whether anything would be lost with the draft."""
        return self.began(self.draft) or bool(self.files)

    @property
    def reporting(self) -> bool:
        """Whether what is asked now belongs to the draft."""
        return bool(self.draft) and self.asked.startswith(f"{self.draft}.")

    @property
    def in_doubt(self) -> bool:
        """Whether it is asked now if what was said is about this or that danger."""
        return self.asked.startswith("guess.")

    @property
    def step(self) -> str:
        """The part of what is asked that follows its flow's name."""
        return self.asked.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Said:
    """A text message; `intent` is what the classifier is sure of, `also` the safety intents it could not rule out.

    `maybe`: where it is sure of nothing, what it may be, the likeliest first. `guess` is what they were likeliest
    taken for and by which model, as `intent@model`.
    """

    words: str
    intent: str | None = None
    also: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button, by the id of its choice."""

    choice: str


@dataclass(frozen=True, slots=True)
class Wished:
    """A command or a plain word with one fixed meaning."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Sent:
    """A photo, voice note or file, with the words that came with it."""

    file: File
    words: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """A time that was noted in the diary has come and nothing else happened."""

    name: str


@dataclass(frozen=True, slots=True)
class Unkept:
    """Something came that could not be kept: of no kind we know, too large, or lost on the way."""

    why: Literal["kind", "size", "lost"]


Event: TypeAlias = Said | Tapped | Wished | Sent | Silence | Unkept


@dataclass(frozen=True, slots=True)
class Say:
    """Post a letter to this person; `card`: it repeats what they told."""

    letter: Letter
    card: bool = False


@dataclass(frozen=True, slots=True)
class Unsay:
    """Take back every letter to this person that repeats what they told and was not sent yet."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is filed: sealed as a whole; only desk, mode, handler and dates decide anything afterwards.

    `name` is an identity and sealed apart from the answers; `evidence` keeps the files as they came in; `keep_days` is
    how long the closed case is kept. `party` says for whom the person speaks, and `agreed` whether that person agrees;
    `partial`: it was not finished. `understood` is what its first words were taken for, as `intent@model`.
    """

    flow: str
    category: str
    desk: str
    language: str
    answers: tuple[tuple[str, str], ...]
    files: tuple[File, ...]
    mode: Mode
    human: bool
    first_look_by: date
    answer_by: date
    handler: Handler = "either"
    name: str = ""
    evidence: bool = False
    keep_days: int = 365
    area: str = ""
    terms: Terms | None = None
    consents: tuple[Consent, ...] = ()
    party: Party = "self"
    agreed: Literal["", "yes", "no"] = ""
    partial: bool = False
    understood: str = ""


@dataclass(frozen=True, slots=True)
class FileCase:
    """File a report under the turn's receipt."""

    report: Report


@dataclass(frozen=True, slots=True)
class Append:
    """Add the person's words or file to a case that is already filed."""

    case: str
    words: str
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep the file of this turn as part of the draft."""

    file: File


@dataclass(frozen=True, slots=True)
class DropFiles:
    """Erase files of a draft that will not be sent."""

    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Speak:
    """This address reads that language from now on."""

    language: str


@dataclass(frozen=True, slots=True)
class Updates:
    """Announcements for this address: wanted or not; those for all, or those for women as well, as they chose (R56)."""

    wanted: bool
    audience: Literal["all", "women"] = "all"


@dataclass(frozen=True, slots=True)
class Due:
    """Come back to this talk at a time (aware UTC) with a `Silence` of this name; one a name, the newest holds."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Undue:
    """That time need not be kept any more."""

    name: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase everything held about this address: talk, draft, files, letters, subscription."""


@dataclass(frozen=True, slots=True)
class Reach:
    """From now on this address is written to on these terms."""

    terms: Terms


@dataclass(frozen=True, slots=True)
class Count:
    """Add one to a count of this month, and to nothing else: no case, no address, no words."""

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Call whoever is on duty: somebody in that area ("" where it is not known) says that they are in danger.

    `since` (seconds since 1970) is when this person's alarm was first raised; with the same one the area is added to
    that alarm, and nobody is called twice.
    """

    area: str
    since: int


@dataclass(frozen=True, slots=True)
class Leave:
    """Take away from the platform what may be taken away of this chat, on both sides, before this turn's letters."""


@dataclass(frozen=True, slots=True)
class ChangeMode:
    """From now on the person is known in this case as far as that; a `name` is kept apart."""

    case: str
    mode: Mode
    name: str = ""


@dataclass(frozen=True, slots=True)
class Renew:
    """The case answers to this turn's receipt's code from now on, and to the old code no more.

    Only in a turn that brings the old code: with it the answers that were left for it are handed over.
    """

    case: str


@dataclass(frozen=True, slots=True)
class EraseCase:
    """Erase a filed case, because its person wants that and nothing keeps it."""

    case: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What the person says of how their case ended; `proved`: they have given its code."""

    case: str
    value: Helped
    proved: bool


@dataclass(frozen=True, slots=True)
class EraseLater:
    """Note that its person wants this case erased as soon as the hold that keeps it ends."""

    case: str


Effect: TypeAlias = (
    Say | FileCase | Append | Keep | DropFiles | Speak | Updates | Due | Undue | Forget
    | ChangeMode | Renew | EraseCase | EraseLater | Reach | Count | Alarm | Leave | Unsay
    | Rate
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What a right return code shows: dates, state, and what staff wrote to the person, oldest first.

    `waiting` are the bodies it was passed on to and when we ask them again; `question`: staff asked the person
    something and have no answer yet.
    """

    reference: str
    state: CaseState
    filed: date
    first_look_by: date
    answer_by: date
    answers: tuple[Wording, ...] = ()
    mode: Mode = "anonymous"
    waiting: tuple[tuple[Wording, date], ...] = ()
    question: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A return code (plain digits) and a reference minted for this turn; unused ones are never shown."""

    code: str
    reference: str


@dataclass(frozen=True, slots=True)
class Given:
    """What the turn may know of the world: time, place, chance, the programme, and what was looked up beforehand.

    `today` is the programme's local date. `found` belongs to a right code in this event. `call_open` says whether the
    case of `talk.call` still waits for staff, `case_open` whether that of `talk.case` does, `case_question` whether
    staff asked its person something and have no answer yet, `case_kept` why that one cannot be erased. `women` are the
    desks where a woman works now, `unread` those where nobody reads the person's language, `on_duty` says whether
    anybody of staff can be called now. `largest` is the largest file kept, in MB. `say` puts a label into a language,
    to recognise one that was typed.
    """

    now: datetime
    today: date
    channel: str
    programme: Programme
    receipt: Receipt
    largest: int
    say: Callable[[Wording, str], str]
    found: Found | None = None
    call_open: bool = False
    case_open: bool = False
    case_question: bool = False
    case_kept: Kept = ""
    women: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    on_duty: bool = False

    def after(self, days: int) -> date:
        """The local date so many days from today."""
        return self.today + timedelta(days=days)


Turn: TypeAlias = tuple[Talk, tuple[Effect, ...]]


_APART = frozenset({"answers", "files", "consents", "terms", "guessed", "maybe"})


def to_json(talk: Talk) -> str:
    """A talk as JSON; `from_json` gives the same talk back."""
    fields = {name: getattr(talk, name) for name in Talk.__slots__ if name not in _APART}
    apart = {
        "answers": [[name, *_answer_out(value)] for name, value in talk.answers],
        "files": [[each.id, each.kind, each.sha256] for each in talk.files],
        "consents": [[each.point, each.version, each.given] for each in talk.consents],
        "terms": [talk.terms.write, *talk.terms.hours] if talk.terms else None,
        "guessed": list(talk.guessed),
        "maybe": list(talk.maybe),
    }
    return json.dumps({**fields, **apart}, ensure_ascii=False, separators=(",", ":"))


def from_json(words: str) -> Talk:
    """The talk that `to_json` wrote; fields that a later version added have their defaults."""
    read = json.loads(words)
    plain = {name: read[name] for name in Talk.__slots__ if name in read and name not in _APART}
    return Talk(
        answers=tuple((name, _answer_in(kind, value)) for name, kind, value in read["answers"]),
        files=tuple(File(*each) for each in read["files"]),
        consents=tuple(Consent(*each) for each in read.get("consents", ())),
        terms=_terms_in(read.get("terms")),
        guessed=tuple(read.get("guessed", ())),
        maybe=tuple(read.get("maybe", ())),
        **plain,
    )


def _terms_in(read: list[object] | None) -> Terms | None:
    match read:
        case ["no" | "neutral" | "yes" as write, int(begins), int(ends)]:
            return Terms(write, (begins, ends))
        case _:
            return None


def _answer_out(answer: Answer) -> tuple[str, str]:
    match answer:
        case Told(words):
            return "told", words
        case Picked(option):
            return "picked", option
        case Skipped():
            return "skipped", ""


def _answer_in(kind: str, value: str) -> Answer:
    if kind == "told":
        return Told(value)
    return Picked(value) if kind == "picked" else Skipped()

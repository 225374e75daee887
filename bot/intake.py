"""One message, one turn, one transaction: claim it, advance the talk, keep what follows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from actions import code, guessing, lexicon, talk
from actions.advance import advance
from actions.flow import options
from actions.flows import FLOWS
from actions.helping import GBV
from actions.intents import SAFETY
from actions.programme import Programme
from actions.talk import (
    Alarm,
    Append,
    ChangeMode,
    Count,
    DropFiles,
    Due,
    Effect,
    EraseCase,
    EraseLater,
    Event,
    File,
    FileCase,
    Forget,
    Given,
    Keep,
    Kept,
    Leave,
    Mode,
    Rate,
    Reach,
    Renew,
    Report,
    Said,
    Say,
    Sent,
    Silence,
    Speak,
    Talk,
    Terms,
    Undue,
    Unsay,
    Updates,
    Wished,
)  # fmt: skip
from actions.words import to_json
from bot import attaching, broken, rating
from bot.codes import Mint, Minted, Seeker, Shown
from bot.fetching import spoken
from bot.inbound import Particulars
from bot.uploads import LARGEST, LARGEST_MB, Uploads
from house.texts import Texts
from nlu.client import TAUGHT, Client, Understood
from store import (
    alarms,
    audit,
    cases,
    conflicts,
    diary,
    echoes,
    erasing,
    files,
    letters,
    people,
    renaming,
    staff,
    tallies,
    traces,
)  # fmt: skip
from store.cases import Case
from store.db import Store, StoreUnavailable, Tx
from store.files import Stored
from store.places import Place, Unopenable
from store.pocket import Pocket

_FORGET_AFTER = timedelta(minutes=10)
_PERSON = "person"
# So many reports that are nearly the same within ten minutes are told to staff, and kept and answered like any.
_BURST = 5


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that has arrived and is stored in sealed pieces, and the words that came with it."""

    file: Stored
    words: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that happened at an address; `claim` takes it in and says whether it is new.

    `names` are all the names of the address at this moment, the newest first; none where it has only the one.
    `entered` says how somebody reached the staff member who types for them (desk, phone, letter, box): a label in what
    is filed, where it stands instead of the channel.
    """

    key: str
    channel: str
    address: str
    chat: str
    what: Event | Attached
    claim: Callable[[Tx], bool]
    names: Callable[[], tuple[str, ...]] | None = None
    entered: str = ""


@dataclass(frozen=True, slots=True)
class _Turn:
    """What was prepared outside the transaction for one message."""

    message: Message
    event: Event
    shown: Shown | None
    now: datetime
    file: Stored | None = None

    @property
    def lane(self) -> letters.Lane:
        """An answer to somebody who may be in danger goes before all others."""
        said = self.event
        if isinstance(said, Wished):
            return letters.Lane.SAFETY if said.wish == "emergency" else letters.Lane.REPLY
        urgent = isinstance(said, Said) and (
            said.intent in SAFETY or not SAFETY.isdisjoint(said.also) or lexicon.wish(said.words) == "emergency"
        )
        return letters.Lane.SAFETY if urgent else letters.Lane.REPLY

    @property
    def silent(self) -> bool:
        """Whether its person did not write: then nothing is known anew of them, and what follows is pushed."""
        return isinstance(self.event, Silence)

    @property
    def at(self) -> int:
        return int(self.now.timestamp())


@dataclass(frozen=True, slots=True)
class House:
    """What the bot is made of."""

    store: Store
    pocket: Pocket
    programme: Programme
    texts: Texts
    nlu: Client
    mint: Mint
    clock: Callable[[], datetime]
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def close(self) -> None:
        """Let everything go."""
        for close in (self.nlu.aclose, *self.closing):
            await close()
        self.mint.close()
        self.store.close()


class Intake:
    """Hears messages."""

    def __init__(self, house: House, posted: Callable[[str], None] = lambda _: None) -> None:
        """`posted` is told the address of each message once what follows from it is kept."""
        self._house, self._posted = house, posted
        self._zone = ZoneInfo(house.programme.timezone)
        self.uploads = Uploads(house.store, self.now)
        self._seeker = Seeker(house.store, house.pocket, house.programme)

    async def hear(self, message: Message) -> bool:
        """Work on one message, whole or not at all; False when it was heard before. `StoreUnavailable` if not kept."""
        turn = await self._prepared(message)
        effects = await self._house.store.run(lambda tx: self._turn(tx, turn))
        for each in message.names() if message.names else (message.address,):
            self._posted(each)
        # Who is silent when asked about violence has the words erased that waited, with no effect that says so.
        if any(map(_erases, effects or ())) or turn.event == Silence(talk.DANGER):
            await self._let_go()
        return effects is not None

    async def _let_go(self) -> None:
        """Nothing erased lingers in the database's log; where it cannot be done now, the scheduler does it."""
        store = self._house.store
        # The message is kept, whatever comes of this: nobody may be told otherwise.
        with suppress(StoreUnavailable):
            if not await asyncio.to_thread(store.truncate_log):
                await store.run(erasing.owe)

    def now(self) -> int:
        """The time, as the store keeps it."""
        return int(self._house.clock().timestamp())

    async def _prepared(self, message: Message) -> _Turn:
        now = self._house.clock()
        if isinstance(message.what, Attached):
            return _attached(message, message.what, now)
        if not isinstance(message.what, Said):
            return _Turn(message, message.what, None, now)
        shown = await self._seeker.seek(message.address, message.what.words)
        # A code is nobody's but the person's: what is to be understood is what stands beside it.
        words = code.without(message.what.words)
        if lexicon.several(words) or lexicon.wish(words) or lexicon.wordless(words):
            return _Turn(message, message.what, shown, now)
        if (seems := guessing.language_of(words)) and seems not in TAUGHT:
            return _Turn(message, message.what, shown, now)
        meant = await self._house.nlu.understand(words)
        return _Turn(message, _understood(message.what, meant) if meant else message.what, shown, now)

    # --- inside the transaction --------------------------------------------------------------------------------------

    def _turn(self, tx: Tx, turn: _Turn) -> tuple[Effect, ...] | None:
        """What was done, or None for a message that was heard before."""
        pocket = self._house.pocket
        turn = _settled(tx, turn, pocket)
        message = turn.message
        if not message.claim(tx):
            files.drop(tx, turn.file.ids if turn.file else ())
            return None
        if turn.silent and people.sealed_address(tx, message.address) is None:
            return ()
        back = not turn.silent and self._heard(tx, message, turn.at)
        place = people.talk_place(message.address)
        kept = people.talk(tx, message.address)
        before = self._before(tx, turn, kept, place) if kept else Talk()
        if back:
            letters.wake(tx, message.address)
            self._found_again(tx, message, before.language)
        for entry in turn.shown.damaged if turn.shown else ():
            audit.note(tx, turn.at - turn.at % cases.DAY, "bot", "could not open", entry)
        minted = self._house.mint.take()
        after, effects = advance(before, turn.event, self._given(tx, before, turn, minted))
        people.keep(tx, message.address, pocket.lock.shut(talk.to_json(after).encode(), place))
        if any(isinstance(each, Leave) for each in effects):
            self._leave(tx, turn)
        for number, effect in enumerate(effects, 1):
            self._carry_out(tx, effect, turn, minted, number)
        if turn.file and not any(isinstance(each, Keep | Append) and each.file for each in effects):
            files.drop(tx, turn.file.ids)
        if not any(isinstance(each, FileCase | Renew) for each in effects):
            self._house.mint.back(minted)
        return effects

    def _heard(self, tx: Tx, message: Message, now: int) -> bool:
        """Somebody writes: what waited for that goes out; whether they could not be written to until now."""
        fresh = lambda: Particulars(message.chat).sealed(self._house.pocket, message.address)  # noqa: E731
        back = people.know(tx, message.address, message.channel, "person", fresh, now)
        if message.channel != letters.FETCHED:
            letters.free(tx, message.address)
        return back

    def _before(self, tx: Tx, turn: _Turn, kept: bytes, place: Place) -> Talk:
        """The talk as it was kept; one that cannot be opened begins again, in the same language, and that is told."""
        message, pocket = turn.message, self._house.pocket
        try:
            return talk.from_json(pocket.open(kept, place).decode())
        except Unopenable:
            broken.talk(tx, message.key, message.address, pocket.lock, turn.at, pushed=turn.silent)
            return Talk(language=spoken(tx, pocket, message.address))

    def _found_again(self, tx: Tx, message: Message, language: str) -> None:
        """Somebody who could not be written to writes: if their address was damaged, it is made anew."""
        pocket, address = self._house.pocket, message.address
        try:
            Particulars.opened(pocket, address, people.sealed_address(tx, address) or b"")
        except Unopenable:
            people.readdress(tx, address, Particulars(message.chat, language).sealed(pocket, address))

    def _particulars(self, tx: Tx, message: Message) -> Particulars:
        """Where and how this person is written to; what is damaged begins again without any terms."""
        sealed = people.sealed_address(tx, message.address)
        try:
            found = Particulars.opened(self._house.pocket, message.address, sealed) if sealed else None
        except Unopenable:
            found = None
        return found or Particulars(message.chat)

    def _readdress(self, tx: Tx, message: Message, particulars: Particulars) -> None:
        people.readdress(tx, message.address, particulars.sealed(self._house.pocket, message.address))

    def _given(self, tx: Tx, before: Talk, turn: _Turn, minted: Minted) -> Given:
        return Given(
            now=turn.now, today=turn.now.astimezone(self._zone).date(), channel=turn.message.channel,
            programme=self._house.programme, receipt=minted.receipt, largest=LARGEST_MB, say=self._house.texts.say,
            found=turn.shown.found if turn.shown else None, call_open=_open(tx, before.call),
            case_open=_open(tx, before.case), case_question=bool(before.case) and cases.asked(tx, before.case),
            case_kept=_kept(tx, before.case),
            women=staff.women_at(tx) if before.draft or before.flow or before.asked == "gbv" else frozenset(),
            unread=staff.unread_at(tx, before.language) if _may_end(before) else frozenset(),
            on_duty=self._on_duty(tx, before, turn),
        )  # fmt: skip

    def _on_duty(self, tx: Tx, before: Talk, turn: _Turn) -> bool:
        """Whether anybody can be called; not looked up for words that are an answer in a report."""
        said = turn.event
        if before.reporting and isinstance(said, Said) and lexicon.wish(said.words) != "emergency":
            return False
        return bool(alarms.there(tx, self._house.programme.on_duty(turn.now)))

    def _carry_out(self, tx: Tx, effect: Effect, turn: _Turn, minted: Minted, number: int) -> None:
        address = turn.message.address
        match effect:
            case Say(letter, card):
                key = f"{turn.message.key}/{number}{letters.CARD if card else ''}"
                lock, pushed = self._house.pocket.lock, turn.silent
                letters.post(tx, key, address, to_json(letter), turn.lane, lock, turn.at, pushed=pushed)
            case FileCase(report):
                self._file(tx, report, turn, minted)
            case Append(case, words, file):
                self._append(tx, case, words, file, turn)
            case Keep(file):
                attaching.keep(tx, self._house.pocket, file, _present(turn.file), address, turn.at)
            case DropFiles(dropped):
                attaching.drop(tx, self._house.pocket, [each.id for each in dropped], address)
            case Speak(language):
                self._readdress(
                    tx, turn.message, replace(self._particulars(tx, turn.message), language=language)
                )  # fmt: skip
            case Reach(terms):
                self._readdress(tx, turn.message, replace(self._particulars(tx, turn.message), terms=terms))
            case Leave():
                pass  # carried out before this turn's letters
            case Updates(wanted, audience):
                people.subscribe(tx, address, turn.at, audience) if wanted else people.unsubscribe(tx, address)
            case Count(what, value):
                tallies.count(tx, what, value, turn.at)
            case Alarm(area, since):
                self._ring(tx, area, since, turn)
            case Unsay():
                letters.unsay(tx, address, turn.at)
            case Due(name, at):
                diary.write(tx, name, int(at.timestamp()), address=address)
            case Undue(name):
                diary.strike(tx, name, address)
            case Forget():
                self._forget(tx, turn)
            case ChangeMode(case, mode, name):
                self._change_mode(tx, case, mode, name, turn)
            case Renew(case):
                self._renew(tx, case, turn, minted)
            case Rate():
                rating.keep(tx, effect, address, turn.at)
            case EraseLater(case):
                self._erase_later(tx, case, turn)
            case EraseCase(case):
                erasing.erase_case(tx, case, "person", turn.at)
                audit.note(tx, turn.at - turn.at % cases.DAY, _PERSON, "erased a case", case)

    def _file(self, tx: Tx, report: Report, turn: _Turn, minted: Minted) -> None:
        """File a report. An anonymous one keeps no address, and no time finer than the day it was filed."""
        message, key = turn.message, minted.key
        first_look_by, answer_by = self._evening(report.first_look_by), self._evening(report.answer_by)
        nameless = report.mode == "anonymous"
        filed, address = turn.at - turn.at % cases.DAY if nameless else turn.at, None if nameless else message.address
        words = json.dumps(self._told(report, message.entered or message.channel), ensure_ascii=False)
        # What they said and not the JSON, in which a new line would be a letter before the name that stands there.
        answers = "\n".join(answer for _, answer in report.answers)
        desk, shut = conflicts.sorted_out(tx, report.desk, answers, report.handler)
        case = cases.file(tx, Case(
            minted.receipt.reference, desk, "filed", report.human, report.mode, report.handler, address, filed,
            first_look_by, answer_by, news=True, salt=key.salt, reporter=key.recipient.public, touched=filed,
            keep_days=report.keep_days, evidence=report.evidence,
        ), key.locator, _head(report), words.encode(), shut)  # fmt: skip
        if report.name:
            cases.add(tx, case, "identity", _PERSON, _identity(report.name), filed)
        attaching.adopt(tx, self._house.pocket, case, report.files, message.address)
        tallies.count(tx, "area", report.area or "-", filed)
        if report.understood:
            tallies.count(tx, "understood", f"{report.understood.partition('@')[0]}>{report.category}", filed)
        if self._like_it(tx, report, turn.at) >= _BURST:
            cases.alert(tx, case.reference, "burst", filed)
        diary.write(tx, "first_look", first_look_by, case=case.reference)
        diary.write(tx, "answer", answer_by, case=case.reference, address=address)
        if address and not report.human:
            diary.write(tx, "follow_up", first_look_by, case=case.reference, address=address)

    def _like_it(self, tx: Tx, report: Report, at: int) -> int:
        """How many reports like this one there were lately, this one counted; 0 where it has no words of its own."""
        told = dict(report.answers)
        asked = FLOWS[report.flow].questions if report.flow in FLOWS else ()
        picked = {each.key: dict(options(each, self._house.programme)) for each in asked}
        own = echoes.folded("\n".join(value for key, value in told.items() if value not in picked.get(key, {})))
        mark = self._house.pocket.token("echo", own, report.area)
        return echoes.heard(tx, mark, "report", at) if own else 0

    def _told(self, report: Report, channel: str) -> dict[str, object]:
        """A report as it is sealed: [key, label, value] an answer, in English where the words are ours."""
        return {
            "flow": report.flow, "category": report.category, "language": report.language, "channel": channel,
            "answers": [self._labelled(report.flow, *each) for each in report.answers], "mode": report.mode,
            "human": report.human, "area": report.area, "party": report.party, "agreed": report.agreed,
            "partial": report.partial, "consents": [[each.point, each.version, each.given] for each in report.consents],
            "terms": {"write": report.terms.write, "hours": report.terms.hours} if report.terms else None,
        }  # fmt: skip

    def _labelled(self, flow: str, key: str, value: str) -> list[str]:
        asked = FLOWS[flow].questions if flow in FLOWS else ()
        question = next((each for each in asked if each.key == key), None)
        if question is None:
            return [key, key.capitalize(), value]
        picked = dict(options(question, self._house.programme)).get(value, value)
        return [key, question.label.msgid, self._house.texts.say(picked, "en")]

    def _evening(self, day: date) -> int:
        """The end of a local day, as promised to the person."""
        return int(datetime.combine(day, time(23, 59), self._zone).timestamp())

    def _ring(self, tx: Tx, area: str, since: int, turn: _Turn) -> None:
        """Call who is on duty. The alarm's name is keyed, so that none of the letters of this turn leads to it."""
        programme = self._house.programme
        named = ("alarm", turn.message.address, str(since))
        if area and alarms.locate(tx, self._house.pocket.token(*named), area, turn.at):
            return
        id_ = self._house.pocket.token(*named, *((area,) if area else ()))
        alarms.ring(tx, area, programme.on_duty(turn.now), turn.at, ack_minutes=programme.ack_minutes, id_=id_)

    def _append(self, tx: Tx, case: str, words: str, file: File | None, turn: _Turn) -> None:
        if words:
            cases.add_from_person(tx, case, words, turn.at)
        if file:
            attaching.append(tx, case, _present(turn.file), turn.at)

    def _erase_later(self, tx: Tx, reference: str, turn: _Turn) -> None:
        if case := cases.get(tx, reference, hold=True):
            erasing.wish(tx, case, turn.at - turn.at % cases.DAY)
            audit.note(tx, turn.at - turn.at % cases.DAY, _PERSON, "wants it erased", reference)

    def _change_mode(self, tx: Tx, reference: str, mode: Mode, name: str, turn: _Turn) -> None:
        """The person decides how far they are known; whoever proves the case is theirs may be answered here."""
        case = cases.get(tx, reference, hold=True)
        if case is None:
            return
        cases.change_mode(tx, case, mode, turn.message.address, turn.at)
        changed = replace(case, mode=mode)
        if name:
            cases.add(tx, changed, "identity", _PERSON, _identity(name), cases.coarse(changed, turn.at))
        audit.note(tx, turn.at - turn.at % cases.DAY, _PERSON, f"made it {mode}", reference)

    def _renew(self, tx: Tx, reference: str, turn: _Turn, minted: Minted) -> None:
        """A new code for the case; the old one, which this very message brought, hands its answers over."""
        case, shown, new = cases.get(tx, reference, hold=True), turn.shown, minted.key
        if case is None or shown is None or not shown.key.opens(case.reporter):
            return
        cases.renew(
            tx, case, new.locator, new.salt, new.recipient.public, lambda each: shown.key.handed(each, new.recipient)
        )
        audit.note(tx, turn.at - turn.at % cases.DAY, _PERSON, "renewed the code", reference)

    def _leave(self, tx: Tx, turn: _Turn) -> None:
        """What was not sent yet is not sent, and what stands in the chat is to be taken away, under all its names."""
        message, at = turn.message, turn.at
        standing: list[int] = []
        for each in {*(message.names() if message.names else ()), message.address}:
            standing += traces.of(tx, each, at, at)
            traces.drop(tx, each, at)
        letters.leave(tx, message.address, at, fetched=message.channel == letters.FETCHED)
        if message.channel != letters.FETCHED:
            key = f"{message.key}{letters.LEAVE}"
            letters.take_away(tx, key, message.address, standing, self._house.pocket.lock, at)

    def _forget(self, tx: Tx, turn: _Turn) -> None:
        """Erase all, and keep the bare address just long enough to say so."""
        address = turn.message.address
        self._readdress(tx, turn.message, replace(self._particulars(tx, turn.message), terms=Terms()))
        attaching.drop(tx, self._house.pocket, cases.drafts(tx, address), address)
        people.erase(tx, address)
        diary.write(tx, "forget", int((turn.now + _FORGET_AFTER).timestamp()), address=address)


def _may_end(before: Talk) -> bool:
    """Whether this turn may file something or call somebody; while a report is answered it does not."""
    return bool(before.language) and not (before.reporting and before.step not in ("review", "sending"))


def _erases(effect: Effect) -> bool:
    """Whether something was erased with it, of which the database's log must not keep a copy."""
    if isinstance(effect, FileCase):
        return bool(effect.report.files)
    if isinstance(effect, Count):
        # A count is all that stays of what was told of violence: no older talk may lie beside it.
        return effect.what == GBV
    return isinstance(effect, Forget | DropFiles | EraseCase | ChangeMode | Renew | Leave)


def _settled(tx: Tx, turn: _Turn, pocket: Pocket) -> _Turn:
    """The turn at the address as it is called now, which nobody else works for until it is over."""
    message = turn.message
    address = renaming.settle(tx, message.names or (lambda: (message.address,)), pocket.again)
    return turn if address == message.address else replace(turn, message=replace(message, address=address))


def _open(tx: Tx, reference: str) -> bool:
    case = cases.get(tx, reference) if reference else None
    return case is not None and case.state != "closed"


def _kept(tx: Tx, reference: str) -> Kept:
    # Held: nobody sets a hold between what the person is told and what is done.
    case = cases.get(tx, reference, hold=True) if reference else None
    if case is None:
        return ""
    return "hold" if case.hold else "evidence" if case.evidence else ""


def _head(report: Report) -> bytes:
    """What a list shows of a case, locked under the case's own key."""
    shown = {"category": report.category, "language": report.language, "area": report.area}
    return json.dumps(shown | ({"understood": report.understood} if report.understood else {})).encode()


def _understood(said: Said, meant: Understood) -> Said:
    return replace(said, intent=meant.intent, also=meant.also, maybe=meant.maybe, guess=meant.guess)


def _identity(name: str) -> bytes:
    return json.dumps({"name": name}, ensure_ascii=False).encode()


def _attached(message: Message, sent: Attached, now: datetime) -> _Turn:
    # What proves later that it is the file that was sent is the hash of the file that was sent, not of our copy.
    came_in = sent.file.original or sent.file
    file = File(cases.new_id(), sent.file.kind, came_in.sha256)
    return _Turn(message, Sent(file, sent.words), None, now, sent.file)


def _present(file: Stored | None) -> Stored:
    if file is None:
        raise ValueError("a file is kept in the turn it came in")
    return file


__all__ = ["LARGEST", "LARGEST_MB", "Attached", "House", "Intake", "Message"]

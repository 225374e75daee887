"""Cases: a row of sealed entries, the clocks beside them, and the alerts of clocks that ran out."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from actions.talk import CaseState, Handler, Mode
from store import casekeys, diary, letters, relays
from store.db import Tx
from store.places import Place
from store.schema import alerts, case_wraps, cases, entries, reveals
from store.sealing import Recipient, seal
from store.staff import Gender

DAY = 24 * 3600
_SAME = case_wraps.c.case_ref == cases.c.reference
# Kinds of entries that the person reads with their code.
QUESTION = "question"
FOR_PERSON = ("answer", "notice", QUESTION)
# Alerts that an answer to the person does not end: somebody else is to be asked, what was planned is to be looked at.
_STAY = ("ask_again", "plan_ends")


class Unanswered(Exception):
    """A case is closed with an answer to the person, or with the reason why there is none."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True)
class Case:
    """What stands in clear about a case: who it belongs to, its state and its clocks (seconds since 1970).

    `public` is what its entries are sealed for; `head` holds category, language and area, locked under the case's key.
    """

    reference: str
    desk: str
    state: CaseState
    human: bool
    mode: Mode
    handler: Handler
    address: str | None
    filed: int
    first_look_by: int
    answer_by: int
    news: bool
    salt: bytes
    reporter: bytes
    touched: int
    keep_days: int
    evidence: bool = False
    hold: bool = False
    answered: bool = False
    closed_at: int | None = None
    public: bytes = b""
    head: bytes = b""
    warned: int | None = None

    @property
    def anonymous(self) -> bool:
        """Whether nothing but the code leads back to the person."""
        return self.mode == "anonymous"

    @property
    def key(self) -> Recipient:
        """Whom its entries are sealed for."""
        return Recipient(self.public)


@dataclass(frozen=True, slots=True)
class Entry:
    """One sealed entry of a case; `by` is `person`, or the id of a member of staff."""

    id: str
    case: str
    kind: str
    by: str
    at: int
    sealed: bytes

    @property
    def place(self) -> Place:
        """Where its words belong."""
        return place(self.case, self.id, self.kind, self.by)


def place(case: str, entry: str, kind: str, by: str) -> Place:
    """Where an entry's words belong: it can be moved to no other case, kind or author."""
    return Place("entries", f"{case}/{entry}", f"{kind} by {by}")


def draft_place(entry: str) -> Place:
    """Where a draft's file belongs."""
    return Place("entries", entry, "draft")


def new_id() -> str:
    """A random name for an entry: nothing is told by its order."""
    return os.urandom(12).hex()


def file(tx: Tx, case: Case, locator: str, head: bytes, report: bytes, shut: Collection[str] = ()) -> Case:
    """Keep a new case with its report under a key of its own; members who are `shut` out of it never get that key."""
    made = casekeys.new(case.reference, head, casekeys.readers(tx, case.desk, shut))
    filed = replace(case, public=made.public, head=made.head)
    tx.new(
        cases, reference=filed.reference, desk=filed.desk, state=filed.state, human=filed.human, mode=filed.mode,
        handler=filed.handler, address=filed.address, filed=filed.filed, first_look_by=filed.first_look_by,
        answer_by=filed.answer_by, news=True, locator=locator, salt=filed.salt, reporter=filed.reporter,
        public=filed.public, head=filed.head, touched=filed.touched, keep_days=filed.keep_days,
        evidence=filed.evidence, hold=False,
    )  # fmt: skip
    casekeys.give(tx, filed.reference, made.wraps)
    casekeys.shut(tx, filed.reference, shut)
    add(tx, filed, "report", "person", report, filed.filed)
    return filed


def add(
    tx: Tx, case: Case, kind: str, by: str, plain: bytes, now: int, id_: str | None = None,
    also: Sequence[Recipient] = (),
) -> str:  # fmt: skip
    """Seal an entry for the case, `also` for others, and append it; its id. A given `id_` makes a repeat harmless."""
    id_ = id_ or new_id()
    last = tx.row(sa.select(sa.func.max(entries.c.turn)).where(entries.c.case_ref == case.reference))
    turn = (last[0] or 0) + 1 if last else 1
    sealed = seal(plain, place(case.reference, id_, kind, by), [case.key, *also])
    tx.new(entries, id=id_, case_ref=case.reference, draft_of=None, kind=kind, by=by, at=now, turn=turn, sealed=sealed)
    return id_


def add_from_person(tx: Tx, case: str, words: str, now: int) -> bool:
    """Append what the person wrote to a case that is open; False when there is none."""
    return _from_person(tx, case, "words", words.encode(), now)


def add_file(tx: Tx, case: str, kind: str, file: bytes, now: int, id_: str) -> bool:
    """Append a file's particulars to a case that is open; its pieces are where they were (`store.files`)."""
    return _from_person(tx, case, kind, file, now, id_)


def _from_person(tx: Tx, case: str, kind: str, plain: bytes, now: int, id_: str | None = None) -> bool:
    found = get(tx, case, hold=True)
    if found is None or found.state == "closed":
        return False
    at = coarse(found, now)
    add(tx, found, kind, "person", plain, at, id_)
    tx.do(sa.update(cases).where(cases.c.reference == case).values(news=True, touched=at))
    return True


def coarse(case: Case, now: int) -> int:
    """When something of the person's happened, as it may be kept: of an anonymous case only the day.

    A second would tell who wrote it, beside the letters of that second.
    """
    return now - now % DAY if case.anonymous else now


def keep_draft_file(tx: Tx, id_: str, address: str, locked: bytes, now: int) -> None:
    """Keep a locked file as part of somebody's draft."""
    tx.new(entries, id=id_, case_ref=None, draft_of=address, kind="draft", by="person", at=now, turn=0, sealed=locked)


def draft_file(tx: Tx, id_: str, address: str) -> bytes | None:
    """A locked file of a draft."""
    row = tx.row(sa.select(entries.c.sealed).where(entries.c.id == id_, entries.c.draft_of == address))
    return row.sealed if row else None


def drafts(tx: Tx, address: str) -> list[str]:
    """The files of a draft."""
    return [row.id for row in tx.rows(sa.select(entries.c.id).where(entries.c.draft_of == address))]


def drop_files(tx: Tx, ids: Sequence[str], address: str) -> None:
    """Erase files of a draft."""
    tx.do(sa.delete(entries).where(entries.c.id.in_(ids), entries.c.draft_of == address))


def get(tx: Tx, reference: str, *, hold: bool = False) -> Case | None:
    """The case of that reference; with `hold` nobody else changes it until this transaction is over."""
    wanted = sa.select(cases).where(cases.c.reference == reference)
    row = tx.row(tx.holding(wanted) if hold else wanted)
    return _case(row) if row else None


def seek(tx: Tx, locators: Sequence[str]) -> Case | None:
    """The case a return code leads to, by its name under any lookup key."""
    row = tx.row(sa.select(cases).where(cases.c.locator.in_(locators)))
    return _case(row) if row else None


def _case(row: sa.Row[tuple[object, ...]]) -> Case:
    return Case(
        row.reference, row.desk, row.state, row.human, row.mode, row.handler, row.address, row.filed,
        row.first_look_by, row.answer_by, row.news, row.salt, row.reporter, row.touched, row.keep_days, row.evidence,
        row.hold, row.answered_at is not None, row.closed_at, row.public, row.head, row.warned,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """What a member may see: the cases whose key is wrapped for one of these holders, and whom people ask for."""

    holders: tuple[str, ...]
    gender: Gender

    def may(self, case: Case) -> bool:
        """Whether the person let such a member deal with the case; never silently a man where a woman was asked for."""
        return case.handler in ("either", self.gender)


def seen_by(tx: Tx, access: Access, references: Collection[str]) -> frozenset[str]:
    """Those of these cases that a member may see."""
    mine = sa.select(cases.c.reference).join_from(case_wraps, cases, _SAME)
    here = mine.where(
        cases.c.reference.in_(references), case_wraps.c.holder.in_(access.holders),
        cases.c.handler.in_(("either", access.gender)),
    )  # fmt: skip
    return frozenset(row.reference for row in tx.rows(here))


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list, with its key as it is wrapped for a holder."""

    case: Case
    holder: str
    sealed: bytes


def listed(
    tx: Tx, access: Access, start: int, most: int, *, closed: bool = False, desk: str = ""
) -> tuple[list[Listed], int]:
    """Some of the cases a member may see, of all desks or of one, and how many there are after them.

    Open: people who asked for a human on top, then by time left, those that wait for nobody last. Closed: newest first.
    """
    due = sa.case((cases.c.state == "filed", cases.c.first_look_by), else_=cases.c.answer_by)
    settled = sa.and_(cases.c.state == "answered", ~cases.c.news, ~cases.c.human)
    waiting = (settled, sa.desc(cases.c.human), sa.desc(sa.and_(cases.c.news, cases.c.human)), due, cases.c.reference)
    order = (cases.c.filed.desc(), cases.c.reference) if closed else waiting
    rows = tx.rows(
        sa.select(cases, case_wraps.c.holder, case_wraps.c.sealed).join_from(case_wraps, cases, _SAME)
        .where(*_visible(access, desk, closed=closed)).order_by(*order).offset(start).limit(most)
    )  # fmt: skip
    count = sa.select(sa.func.count()).select_from(case_wraps).join(cases, _SAME)
    every = tx.row(count.where(*_visible(access, desk, closed=closed)))
    more = int(every[0]) - start - len(rows) if every else 0
    return [Listed(_case(row), row.holder, row.sealed) for row in rows], max(0, more)


def waiting_for_others(tx: Tx, access: Access) -> list[tuple[str, Handler]]:
    """The desks whose open cases this member could read, were it not for whom the person asked; and for whom."""
    asked = sa.select(cases.c.desk, cases.c.handler).join_from(case_wraps, cases, _SAME).distinct()
    mine = asked.where(
        case_wraps.c.holder.in_(access.holders), cases.c.state != "closed",
        cases.c.handler.not_in(("either", access.gender)),
    )  # fmt: skip
    return [(row.desk, row.handler) for row in tx.rows(mine.order_by(cases.c.desk, cases.c.handler))]


def _visible(access: Access, desk: str, *, closed: bool) -> tuple[sa.ColumnElement[bool], ...]:
    # A case has one wrap a member can use, except for the moment in which a desk's key is rotated.
    first = case_wraps.alias()
    another = sa.exists().where(
        first.c.case_ref == case_wraps.c.case_ref, first.c.holder.in_(access.holders),
        first.c.holder < case_wraps.c.holder,
    )  # fmt: skip
    state = cases.c.state == "closed" if closed else cases.c.state != "closed"
    here = cases.c.desk == desk if desk else sa.true()
    return (
        case_wraps.c.holder.in_(access.holders), state, here, cases.c.handler.in_(("either", access.gender)), ~another,
    )  # fmt: skip


def asked(tx: Tx, reference: str) -> bool:
    """Whether staff asked the person something, and the person has said nothing since."""
    newest = (
        sa.select(entries.c.kind)
        .where(entries.c.case_ref == reference, sa.or_(entries.c.kind == QUESTION, entries.c.by == "person"))
        .order_by(entries.c.turn.desc())
        .limit(1)
    )
    row = tx.row(newest)
    return row is not None and row.kind == QUESTION


def entries_of(tx: Tx, reference: str, kinds: Sequence[str] = ()) -> list[Entry]:
    """The entries of a case in order; of some kinds only, when they are named."""
    wanted = sa.select(entries).where(entries.c.case_ref == reference)
    if kinds:
        wanted = wanted.where(entries.c.kind.in_(kinds))
    ordered = wanted.order_by(entries.c.turn, entries.c.id)
    return [_entry(row) for row in tx.rows(ordered)]


def _entry(row: sa.Row[tuple[object, ...]]) -> Entry:
    return Entry(row.id, row.case_ref, row.kind, row.by, row.at, row.sealed)


def entry(tx: Tx, reference: str, id_: str) -> Entry | None:
    """One entry of a case."""
    return next((each for each in entries_of(tx, reference) if each.id == id_), None)


def change_mode(tx: Tx, case: Case, mode: Mode, address: str | None, now: int) -> None:
    """From now on the person is known in this case as far as that; an anonymous one leads back to nobody at once."""
    kept = None if mode == "anonymous" else address
    change = {"mode": mode, "address": kept, "touched": now}
    if mode == "anonymous":
        change |= {"touched": now - now % DAY, "filed": case.filed - case.filed % DAY}
        theirs = sa.update(entries).where(entries.c.case_ref == case.reference, entries.c.by == "person")
        tx.do(theirs.values(at=entries.c.at - entries.c.at % DAY))
    if kept != case.address:
        # Whoever decides this has just read the answers with the code, so none is lost.
        letters.drop_about(tx, case.reference, [each.id for each in entries_of(tx, case.reference)])
    if mode != "open":
        _nameless(tx, case.reference)
    tx.do(sa.update(cases).where(cases.c.reference == case.reference).values(**change))
    diary.readdress(tx, case.reference, kept)


def _nameless(tx: Tx, reference: str) -> None:
    """A name was lent for as long as the person wanted that: it goes, and with it every wish to see it."""
    names = sa.select(entries.c.id).where(entries.c.case_ref == reference, entries.c.kind == "identity")
    tx.do(sa.delete(reveals).where(reveals.c.entry.in_(names)))
    tx.do(sa.delete(entries).where(entries.c.id.in_(names)))


def renew(tx: Tx, case: Case, locator: str, salt: bytes, reporter: bytes, entry: Callable[[Entry], bytes]) -> None:
    """The case answers to another code; `entry` hands each answer that was left for the old one over to the new."""
    for each in entries_of(tx, case.reference, FOR_PERSON):
        tx.do(sa.update(entries).where(entries.c.id == each.id).values(sealed=entry(each)))
    changed = sa.update(cases).where(cases.c.reference == case.reference)
    tx.do(changed.values(locator=locator, salt=salt, reporter=reporter))


def rekey(tx: Tx, case: Case, made: casekeys.Sealed, entry: Callable[[Entry], bytes]) -> None:
    """The case has another key: whoever had the old one opens nothing any more. `entry` re-wraps one."""
    # Held first: nothing is added under the old key meanwhile, and would be lost.
    get(tx, case.reference, hold=True)
    for each in entries_of(tx, case.reference):
        tx.do(sa.update(entries).where(entries.c.id == each.id).values(sealed=entry(each)))
    casekeys.take_all(tx, case.reference)
    casekeys.give(tx, case.reference, made.wraps)
    tx.do(sa.update(cases).where(cases.c.reference == case.reference).values(public=made.public, head=made.head))


def move(tx: Tx, reference: str, desk: str) -> None:
    """The case belongs to another desk, where it is new; what that desk wants interpreted it asks for itself."""
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(desk=desk, news=True))
    relays.drop_of(tx, reference)


def reopen(tx: Tx, reference: str, answer_by: int, now: int) -> bool:
    """A closed case is worked on again, with a date of its own; whether it was closed."""
    closed = sa.update(cases).where(cases.c.reference == reference, cases.c.state == "closed")
    opened = {"state": "read", "answered_at": None, "closed_at": None, "warned": None}
    done = tx.do(closed.values(**opened, answer_by=answer_by, touched=now)).rowcount == 1
    if done:
        _settled(tx, reference)
        diary.strike(tx, "expire", reference)
        diary.write(tx, "answer", answer_by, case=reference)
    return done


def restart(tx: Tx, reference: str, first_look_by: int, answer_by: int, now: int) -> None:
    """The case begins anew, with clocks of its own: it came back from whom it was passed on to (R69)."""
    case = get(tx, reference, hold=True)
    new = {"state": "filed", "read_at": None, "answered_at": None, "closed_at": None, "warned": None, "news": True}
    changed = sa.update(cases).where(cases.c.reference == reference)
    tx.do(changed.values(**new, first_look_by=first_look_by, answer_by=answer_by, touched=now))
    _settled(tx, reference)
    diary.strike(tx, "expire", reference)
    diary.write(tx, "first_look", first_look_by, case=reference)
    diary.write(tx, "answer", answer_by, case=reference, address=case.address if case else None)


def recategorise(tx: Tx, reference: str, head: bytes, keep_days: int) -> None:
    """The case is about something else than was thought: its new locked head, and how long it is kept."""
    changed = sa.update(cases).where(cases.c.reference == reference)
    tx.do(changed.values(head=head, keep_days=keep_days))


def hold(tx: Tx, reference: str, *, on: bool) -> None:
    """Keep a case from being erased, or no longer; whoever was warned of its end is warned anew before it comes."""
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(hold=on, warned=None))
    calm(tx, reference, "erased_soon")


def read_by_staff(tx: Tx, reference: str, now: int) -> None:
    """Somebody responsible has opened it: the first clock stops, its alert goes."""
    tx.do(
        sa.update(cases)
        .where(cases.c.reference == reference, cases.c.state == "filed")
        .values(state="read", read_at=now)
    )
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(news=False))
    calm(tx, reference, "first_look")
    diary.strike(tx, "first_look", reference)


def answered(tx: Tx, reference: str, now: int) -> None:
    """An answer was posted: the second clock stops, its alert goes."""
    done = sa.update(cases).where(cases.c.reference == reference)
    tx.do(done.values(state="answered", answered_at=now, touched=now))
    _settled(tx, reference)


def _settled(tx: Tx, reference: str) -> None:
    """No clock of this case runs any more."""
    tx.do(sa.delete(alerts).where(alerts.c.case_ref == reference, alerts.c.kind.not_in(_STAY)))
    for kind in ("first_look", "answer", "follow_up"):
        diary.strike(tx, kind, reference)


def close(tx: Tx, reference: str, now: int, *, reason: bool) -> None:
    """Close a case that has an answer, or for which a reason was recorded in the same transaction."""
    row = tx.row(sa.select(cases.c.answered_at).where(cases.c.reference == reference))
    if row is None or not (row.answered_at or reason):
        raise Unanswered
    _settled(tx, reference)
    relays.drop_of(tx, reference)
    tx.do(sa.delete(alerts).where(alerts.c.case_ref == reference))
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(state="closed", closed_at=now, touched=now))


def late(tx: Tx, reference: str, new_by: int) -> None:
    """The promised date has passed without an answer: the next one, noted so that it can be late again."""
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(answer_by=new_by))
    diary.write(tx, "answer", new_by, case=reference)


def alert(tx: Tx, reference: str, kind: str, now: int) -> bool:
    """Say in the console that a clock of this case has run out; once a clock."""
    return tx.new(alerts, case_ref=reference, kind=kind, at=now)


def calm(tx: Tx, reference: str, kind: str) -> None:
    """An alert of this case is over."""
    tx.do(sa.delete(alerts).where(alerts.c.case_ref == reference, alerts.c.kind == kind))


def alerts_of(tx: Tx, references: Sequence[str]) -> dict[str, list[str]]:
    """Reference -> the clocks that have run out, for these cases."""
    found: dict[str, list[str]] = {}
    for row in tx.rows(sa.select(alerts).where(alerts.c.case_ref.in_(references)).order_by(alerts.c.at)):
        found.setdefault(row.case_ref, []).append(row.kind)
    return found

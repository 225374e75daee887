"""Cases: a row of sealed entries, the clocks beside them, and the alerts of clocks that ran out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from actions.talk import CaseState
from store import diary, keys
from store.db import Tx
from store.places import Place
from store.schema import alerts, cases, entries
from store.sealing import Recipient, seal

DAY = 24 * 3600


class Unanswered(Exception):
    """A case is closed with an answer to the person, or with the reason why there is none."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True)
class Case:
    """What stands in clear about a case: who it belongs to, its state and its clocks (seconds since 1970)."""

    reference: str
    desk: str
    state: CaseState
    human: bool
    anonymous: bool
    address: str | None
    filed: int
    first_look_by: int
    answer_by: int
    news: bool
    salt: bytes
    reporter: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One sealed entry of a case; `by` is `person`, or the id of a member of staff."""

    id: str
    kind: str
    by: str
    at: int
    sealed: bytes

    @property
    def place(self) -> Place:
        """Where its words belong."""
        return place(self.id, self.kind)


def place(entry: str, kind: str) -> Place:
    """Where an entry's words belong."""
    return Place("entries", entry, kind)


def new_id() -> str:
    """A random name for an entry: nothing is told by its order."""
    return os.urandom(12).hex()


def file(tx: Tx, case: Case, locator: str, report: bytes) -> None:
    """Keep a new case with its report."""
    tx.new(
        cases, reference=case.reference, desk=case.desk, state=case.state, human=case.human, anonymous=case.anonymous,
        address=case.address, filed=case.filed, first_look_by=case.first_look_by, answer_by=case.answer_by, news=True,
        locator=locator, salt=case.salt, reporter=case.reporter,
    )  # fmt: skip
    add(tx, case.reference, "report", "person", report, [keys.desk(tx, case.desk)], case.filed)


def add(
    tx: Tx, case: str, kind: str, by: str, plain: bytes, to: Sequence[Recipient], now: int, id_: str | None = None
) -> str:
    """Seal an entry and append it to a case; its id. A given `id_` makes a repeat harmless."""
    id_ = id_ or new_id()
    last = tx.row(sa.select(sa.func.max(entries.c.turn)).where(entries.c.case_ref == case))
    turn = (last[0] or 0) + 1 if last else 1
    tx.new(
        entries, id=id_, case_ref=case, draft_of=None, kind=kind, by=by, at=now, turn=turn,
        sealed=seal(plain, place(id_, kind), to),
    )  # fmt: skip
    return id_


def add_from_person(tx: Tx, case: str, words: str, now: int) -> bool:
    """Append what the person wrote to a case that is open; False when there is none."""
    return _from_person(tx, case, "words", words.encode(), now)


def add_file(tx: Tx, case: str, file: bytes, now: int) -> bool:
    """Append a file the person sent (header line and bytes) to a case that is open."""
    return _from_person(tx, case, "file", file, now)


def _from_person(tx: Tx, case: str, kind: str, plain: bytes, now: int) -> bool:
    found = get(tx, case)
    if found is None or found.state == "closed":
        return False
    # A second would tell who wrote an anonymous case's addition, beside the letters of that second.
    at = now - now % DAY if found.anonymous else now
    add(tx, case, kind, "person", plain, [keys.desk(tx, found.desk)], at)
    tx.do(sa.update(cases).where(cases.c.reference == case).values(news=True))
    return True


def keep_draft_file(tx: Tx, id_: str, address: str, locked: bytes, now: int) -> None:
    """Keep a locked file as part of somebody's draft."""
    tx.new(entries, id=id_, case_ref=None, draft_of=address, kind="draft", by="person", at=now, turn=0, sealed=locked)


def draft_file(tx: Tx, id_: str, address: str) -> bytes | None:
    """A locked file of a draft."""
    row = tx.row(sa.select(entries.c.sealed).where(entries.c.id == id_, entries.c.draft_of == address))
    return row.sealed if row else None


def drop_files(tx: Tx, ids: Sequence[str], address: str) -> None:
    """Erase files of a draft."""
    tx.do(sa.delete(entries).where(entries.c.id.in_(ids), entries.c.draft_of == address))


def get(tx: Tx, reference: str) -> Case | None:
    """The case of that reference."""
    row = tx.row(sa.select(cases).where(cases.c.reference == reference))
    return _case(row) if row else None


def seek(tx: Tx, locator: str) -> Case | None:
    """The case a return code leads to."""
    row = tx.row(sa.select(cases).where(cases.c.locator == locator))
    return _case(row) if row else None


def _case(row: sa.Row[tuple[object, ...]]) -> Case:
    return Case(
        row.reference, row.desk, row.state, row.human, row.anonymous, row.address, row.filed, row.first_look_by,
        row.answer_by, row.news, row.salt, row.reporter,
    )  # fmt: skip


def listed(tx: Tx, desks: Sequence[str], *, closed: bool = False) -> list[Case]:
    """The cases of these desks: people who asked for a human on top, then by time left."""
    state = cases.c.state == "closed" if closed else cases.c.state != "closed"
    due = sa.case((cases.c.state == "filed", cases.c.first_look_by), else_=cases.c.answer_by)
    waiting_human = sa.and_(cases.c.human, cases.c.state != "closed")
    order = (sa.desc(waiting_human), sa.desc(cases.c.news & cases.c.human), due, cases.c.reference)
    return [_case(row) for row in tx.rows(sa.select(cases).where(cases.c.desk.in_(desks), state).order_by(*order))]


def entries_of(tx: Tx, reference: str, kinds: Sequence[str] = ()) -> list[Entry]:
    """The entries of a case in order; of some kinds only, when they are named."""
    wanted = sa.select(entries).where(entries.c.case_ref == reference)
    if kinds:
        wanted = wanted.where(entries.c.kind.in_(kinds))
    ordered = wanted.order_by(entries.c.turn, entries.c.id)
    return [Entry(row.id, row.kind, row.by, row.at, row.sealed) for row in tx.rows(ordered)]


def reports_of(tx: Tx, references: Sequence[str]) -> dict[str, Entry]:
    """Reference -> the sealed report, for a list of cases."""
    wanted = sa.select(entries).where(entries.c.case_ref.in_(references), entries.c.kind == "report")
    return {row.case_ref: Entry(row.id, row.kind, row.by, row.at, row.sealed) for row in tx.rows(wanted)}


def entry(tx: Tx, reference: str, id_: str) -> Entry | None:
    """One entry of a case."""
    return next((each for each in entries_of(tx, reference) if each.id == id_), None)


def read_by_staff(tx: Tx, reference: str, now: int) -> None:
    """Somebody responsible has opened it: the first clock stops, its alert goes."""
    tx.do(
        sa.update(cases)
        .where(cases.c.reference == reference, cases.c.state == "filed")
        .values(state="read", read_at=now)
    )
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(news=False))
    tx.do(sa.delete(alerts).where(alerts.c.case_ref == reference, alerts.c.kind == "first_look"))
    diary.strike(tx, "first_look", reference)


def answered(tx: Tx, reference: str, now: int) -> None:
    """An answer was posted: the second clock stops, its alert goes."""
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(state="answered", answered_at=now))
    _settled(tx, reference)


def _settled(tx: Tx, reference: str) -> None:
    """No clock of this case runs any more."""
    tx.do(sa.delete(alerts).where(alerts.c.case_ref == reference))
    for kind in ("first_look", "answer", "follow_up"):
        diary.strike(tx, kind, reference)


def close(tx: Tx, reference: str, now: int, *, reason: bool) -> None:
    """Close a case that has an answer, or for which a reason was recorded in the same transaction."""
    row = tx.row(sa.select(cases.c.answered_at).where(cases.c.reference == reference))
    if row is None or not (row.answered_at or reason):
        raise Unanswered
    _settled(tx, reference)
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(state="closed", closed_at=now))


def late(tx: Tx, reference: str, new_by: int) -> None:
    """The promised date has passed without an answer: the next one, noted so that it can be late again."""
    tx.do(sa.update(cases).where(cases.c.reference == reference).values(answer_by=new_by))
    diary.write(tx, "answer", new_by, case=reference)


def alert(tx: Tx, reference: str, kind: str, now: int) -> bool:
    """Say in the console that a clock of this case has run out; once a clock."""
    return tx.new(alerts, case_ref=reference, kind=kind, at=now)


def alerts_of(tx: Tx, desks: Sequence[str]) -> dict[str, list[str]]:
    """Reference -> the clocks that have run out, for these desks."""
    joined = sa.select(alerts).join(cases, cases.c.reference == alerts.c.case_ref).where(cases.c.desk.in_(desks))
    found: dict[str, list[str]] = {}
    for row in tx.rows(joined.order_by(alerts.c.at)):
        found.setdefault(row.case_ref, []).append(row.kind)
    return found

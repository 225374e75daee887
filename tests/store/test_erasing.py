"""What is erased is gone: from every table, from the database's files and log, once, and never while it is held."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from store import (
    cases,
    erasing,
    keys,
    letters,
    people,
    plans,
    referrals,
    relays,
    remnants,
    retention,
    reveals,
    schema,
    tombstones,
)  # fmt: skip
from store.cases import Case
from store.db import Store, Tx
from store.erasing import OnHold, SamePerson
from store.letters import Lane
from store.referrals import Referral
from store.schema import meta
from store.unsealing import Identity
from tests.conftest import NOON_S, PostgreSQL

DAY = 86400
DESK, BOT = Identity.new(), Identity.new()
CASE = Case(
    "AAAA-BBBB", "general", "filed", False, "confidential", "either", "ann", NOON_S, NOON_S + DAY, NOON_S + 9 * DAY,
    True, b"s" * 16, os.urandom(32), NOON_S, 365,
)  # fmt: skip


@pytest.fixture
def house(store: Store) -> Store:
    """A store with keys, one person, and one case of theirs."""

    def unit(tx: Tx) -> None:
        keys.publish(tx, "bot", "bot", BOT.recipient, NOON_S)
        keys.publish(tx, "desk", "general", DESK.recipient, NOON_S)
        people.know(tx, "ann", "telegram", "person", lambda: b"sealed", NOON_S)

    store.do(unit)
    _file(store, CASE)
    return store


def _file(store: Store, case: Case) -> None:
    store.do(lambda tx: cases.file(tx, case, f"locator {case.reference}", b"{}", os.urandom(400)) and None)


def _got(tx: Tx, reference: str = CASE.reference) -> Case:
    case = cases.get(tx, reference)
    assert case is not None
    return case


def _full(store: Store) -> None:
    """Everything that a case can have."""

    def unit(tx: Tx) -> None:
        case = _got(tx)
        entry = cases.add(tx, case, "identity", "person", b"{}", NOON_S)
        reveals.ask(tx, "r" * 24, case, entry, "why", "ada", NOON_S)
        assert relays.ask(tx, "s" * 24, case.reference, "lou", DESK.recipient, "words", "ada", "fr", NOON_S)
        erasing.ask(tx, case.reference, case.key, "why", "ada", NOON_S)
        cases.alert(tx, case.reference, "answer", NOON_S)
        retention.plan(tx, case.reference, NOON_S)
        passed_on = Referral("f" * 24, case.reference, "agency", "passed_on", NOON_S + DAY)
        assert referrals.pass_on(tx, passed_on, NOON_S)
        assert plans.add(tx, "p" * 24, case.reference, NOON_S + 30 * DAY, NOON_S)
        tx.new(schema.shut_out, case_ref=case.reference, staff="eve")
        letters.post(tx, letters.reply_key(entry), "ann", "{}", Lane.REPLY, keys.bot(tx), NOON_S)

    store.do(unit)


def _where(store: Store, reference: str) -> list[str]:
    """The tables in which anything names a case."""

    def unit(tx: Tx) -> list[str]:
        found = []
        for table in meta.sorted_tables:
            texts = [each for each in table.columns if isinstance(each.type, sa.Text)]
            if texts and tx.rows(sa.select(table).where(sa.or_(*(each.contains(reference) for each in texts)))):
                found.append(table.name)
        return found

    return store.read(unit)


def test_an_erased_case_is_named_nowhere(house: Store) -> None:
    """Entries, keys, clocks, alerts, wishes, letters that wait: of all of them nothing is left but a nameless stone."""
    _full(house)
    _file(house, replace(CASE, reference="CCCC-DDDD"))
    before = _where(house, "CCCC-DDDD")
    assert {"alerts", "diary", "plans", "referrals", "relays", "reveals"} <= set(_where(house, CASE.reference))

    assert house.do(lambda tx: erasing.erase_case(tx, CASE.reference, "staff", NOON_S))
    assert not house.do(lambda tx: erasing.erase_case(tx, CASE.reference, "staff", NOON_S))

    assert _where(house, CASE.reference) == []
    assert _where(house, "CCCC-DDDD") == before
    assert house.read(lambda tx: tx.rows(sa.select(schema.outbox))) == []
    (stone,) = house.read(lambda tx: tx.rows(sa.select(schema.tombstones)))
    assert (stone.name, stone.at) == (tombstones.name_of("case", CASE.reference), NOON_S - NOON_S % DAY)


def test_whoever_agrees_is_another_person(house: Store) -> None:
    """The one who asked is refused; another may; when nobody asks any more, nobody may."""
    ref = CASE.reference
    house.do(lambda tx: erasing.ask(tx, ref, _got(tx).key, "why", "ada", NOON_S))
    assert not house.do(lambda tx: erasing.ask(tx, ref, _got(tx).key, "again", "ben", NOON_S))
    with pytest.raises(SamePerson):
        house.do(lambda tx: erasing.may_approve(tx, ref, "ada"))

    allowed = house.do(lambda tx: erasing.may_approve(tx, ref, "ben"))
    house.do(lambda tx: erasing.withdraw(tx, ref))

    assert (allowed, house.do(lambda tx: erasing.may_approve(tx, ref, "ben"))) == (True, False)


def test_a_held_case_is_refused_to_everybody(house: Store) -> None:
    """Asking, agreeing, and two at once; the person's own wish waits for the end of the hold and for no member."""
    ref = CASE.reference
    house.do(lambda tx: erasing.ask(tx, ref, _got(tx).key, "why", "ada", NOON_S))
    house.do(lambda tx: cases.hold(tx, ref, on=True))

    for unit in (
        lambda tx: erasing.ask(tx, ref, _got(tx).key, "why", "ada", NOON_S),
        lambda tx: erasing.may_approve(tx, ref, "ben"),
        lambda tx: erasing.by_two(tx, ref, "ada", "ben"),
    ):
        with pytest.raises(OnHold):
            house.do(unit)
    house.do(lambda tx: erasing.wish(tx, _got(tx), NOON_S))

    assert not house.do(lambda tx: erasing.may_approve(tx, ref, "ben"))
    assert not house.do(lambda tx: erasing.withdraw(tx, ref))
    assert house.read(lambda tx: erasing.wished(tx, ref))


def test_two_who_agree_at_once_erase_once(house: Store) -> None:
    """Eight members click in the same moment: one of them erases."""
    ref = CASE.reference
    house.do(lambda tx: erasing.ask(tx, ref, _got(tx).key, "why", "ada", NOON_S))

    def unit(tx: Tx, who: str) -> bool:
        return erasing.may_approve(tx, ref, who) and erasing.erase_case(tx, ref, "staff", NOON_S)

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda n: house.do(lambda tx: unit(tx, f"m{n}")), range(8)))

    assert sum(done) == 1


def test_what_is_added_while_a_case_is_erased_does_not_outlive_it(house: Store) -> None:
    """The person writes, a clock is noted, the case goes: whatever comes first, no entry is left without its case."""
    for n in range(20):
        _file(house, replace(CASE, reference=f"R-{n}"))

    def both(n: int) -> None:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(house.do, (
                lambda tx: cases.add_from_person(tx, f"R-{n}", "more", NOON_S),
                lambda tx: erasing.erase_case(tx, f"R-{n}", "staff", NOON_S),
            )))  # fmt: skip

    for n in range(20):
        both(n)

    left = house.read(lambda tx: tx.rows(sa.select(schema.entries.c.case_ref)))
    assert {row.case_ref for row in left} == {CASE.reference}


def test_a_wish_to_see_is_allowed_by_another_and_refused_once(house: Store) -> None:
    """What was refused cannot be allowed afterwards, and the other way round."""

    def ask(tx: Tx, id_: str) -> None:
        reveals.ask(tx, id_, _got(tx), "entry", "why", "ada", NOON_S)

    for id_ in ("one", "two"):
        house.do(lambda tx, id_=id_: ask(tx, id_))
    with pytest.raises(SamePerson):
        house.do(lambda tx: reveals.allow(tx, "one", "ada", NOON_S + 10))

    told = [
        house.do(lambda tx: reveals.allow(tx, "one", "ben", NOON_S + 10)),
        house.do(lambda tx: reveals.refuse(tx, "one", "cyd")),
        house.do(lambda tx: reveals.refuse(tx, "two", "cyd")),
        house.do(lambda tx: reveals.allow(tx, "two", "ben", NOON_S + 10)),
    ]

    assert told == [True, False, True, False]
    assert house.read(lambda tx: reveals.open_for(tx, CASE.reference, "entry", "ada", NOON_S))
    assert not house.read(lambda tx: reveals.open_for(tx, CASE.reference, "entry", "ada", NOON_S + 10))
    assert not house.read(lambda tx: reveals.open_for(tx, CASE.reference, "entry", "ben", NOON_S))


# --- retention's questions to the database ----------------------------------------------------------------------------


def test_cases_whose_time_is_over_are_found(house: Store) -> None:
    """Closed, silent for long enough; those without a time in the diary are found apart."""
    for name, state, touched in (("OLD", "closed", 0), ("NEW", "closed", 300 * DAY), ("LIVE", "read", 0)):
        _file(house, replace(CASE, reference=name, state=state, touched=NOON_S + touched))
    ripe = NOON_S + 351 * DAY
    _file(house, replace(CASE, reference="NOTED", state="closed"))
    house.do(lambda tx: retention.plan(tx, "NOTED", ripe))

    def found(now: int) -> tuple[list[str], list[str]]:
        return house.read(lambda tx: (retention.overdue(tx, now, 14), retention.lost(tx, now, 14, now + 30 * DAY)))

    assert found(ripe - 1) == ([], [])
    assert found(ripe) == (["NOTED", "OLD"], ["OLD"])
    assert house.read(lambda tx: retention.overdue(tx, ripe, 14, after="NOTED")) == ["OLD"]


def test_the_silent_are_found_and_forgotten_once(house: Store) -> None:
    """Somebody without a case, unheard of: forgotten with a stone. Ann has a case and stays."""
    house.do(lambda tx: people.know(tx, "ben", "telegram", "person", lambda: b"sealed", NOON_S) and None)
    before = retention.Limits(NOON_S + DAY, NOON_S + DAY, NOON_S)

    assert house.read(lambda tx: retention.silent(tx, before)) == ["ben"]
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda _: house.do(lambda tx: retention.forget(tx, "ben", before, NOON_S)), range(4)))

    assert sum(done) == 1
    assert house.read(lambda tx: [row.kind for row in tx.rows(sa.select(schema.tombstones))]) == ["address"]


# --- what a database keeps of deleted rows ----------------------------------------------------------------------------


@pytest.fixture
def files(request: pytest.FixtureRequest, house: Store, home: Path) -> Path:
    """Where the database keeps its files."""
    if house.lonely:
        return home
    data: Path = request.getfixturevalue("postgresql").data
    return data


def _found(folder: Path, needles: dict[str, bytes]) -> set[str]:
    found = set()
    for each in folder.rglob("*"):
        try:
            content = each.read_bytes() if each.is_file() else b""
        except OSError:
            continue
        found |= {name for name, needle in needles.items() if needle in content}
    return found


def _written(store: Store) -> None:
    """What PostgreSQL's log may cut in two, at the border of two of its pages, stands whole in the tables' files."""
    if not store.lonely:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("CHECKPOINT")


def _needles(store: Store) -> dict[str, bytes]:
    """The wrapped key of the case, and what the bot's keys open of its person."""

    def unit(tx: Tx) -> dict[str, bytes]:
        tables = {"key": schema.case_wraps, "report": schema.entries, "letter": schema.outbox, "talk": schema.talks,
                  "address": schema.addresses}  # fmt: skip
        return {name: bytes(tx.rows(sa.select(table.c.sealed))[0].sealed[150:200]) for name, table in tables.items()}

    return store.read(unit)


def _talk(tx: Tx) -> None:
    people.readdress(tx, "ann", os.urandom(200))
    people.keep(tx, "ann", os.urandom(400))
    letters.post(tx, "reply/x", "ann", "{}", Lane.REPLY, keys.bot(tx), NOON_S)


def test_nothing_of_an_erased_case_or_person_is_left_in_the_files(house: Store, files: Path) -> None:
    """Searched byte by byte, data and log: the key that would open the case, and whatever the bot could open."""
    house.do(_talk)
    needles = _needles(house)
    _written(house)
    assert _found(files, needles) == set(needles)

    def erase(tx: Tx) -> None:
        erasing.erase_case(tx, CASE.reference, "staff", NOON_S)
        people.forget(tx, "ann", "person", NOON_S)

    house.do(erase)
    assert erasing.let_go(house)

    assert _found(files, needles) == set()
    assert house.read(erasing.owed) is None


@pytest.fixture
def reader(house: Store) -> Iterator[sa.Connection]:
    """Somebody who began to read before the erasure and has not done yet."""
    with house.engine.connect() as conn:
        if house.lonely:
            conn.exec_driver_sql("BEGIN")
        else:
            conn.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        conn.exec_driver_sql("SELECT count(*) FROM cases").all()
        yield conn
        conn.exec_driver_sql("ROLLBACK")


def test_while_somebody_still_reads_it_is_said_and_tried_again(
    house: Store, reader: sa.Connection, files: Path
) -> None:
    """What a reader may still see cannot go; the store says so, and owes it until it is done."""
    wrap = {"key": house.read(lambda tx: tx.rows(sa.select(schema.case_wraps.c.sealed)))[0].sealed[40:90]}
    house.do(lambda tx: erasing.erase_case(tx, CASE.reference, "staff", NOON_S))

    assert not erasing.let_go(house)
    assert house.read(erasing.owed) == 1
    _written(house)
    assert _found(files, wrap) == {"key"}
    reader.exec_driver_sql("COMMIT")
    if house.lonely:
        reader.exec_driver_sql("BEGIN")

    assert erasing.let_go(house)
    assert _found(files, wrap) == set()


def test_what_was_erased_without_a_stone_can_be_owed_too(house: Store) -> None:
    """A photo taken out of a draft leaves no stone; where the log could not let go of it, that is tried again."""
    assert erasing.let_go(house)
    assert house.read(erasing.owed) is None

    house.do(erasing.owe)

    assert house.read(erasing.owed) == 0
    assert erasing.let_go(house)
    assert house.read(erasing.owed) is None


def test_what_is_owed_while_the_log_is_truncated_stays_owed(house: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague's key is taken in the very moment: the truncation before it does not count for it."""
    house.do(erasing.owe)
    truncate = house.truncate_log

    def meanwhile() -> bool:
        whole = truncate()
        house.do(erasing.owe)
        return whole

    monkeypatch.setattr(house, "truncate_log", meanwhile)
    assert not erasing.let_go(house)
    monkeypatch.undo()

    assert house.read(erasing.owed) is not None
    assert erasing.let_go(house)
    assert house.read(erasing.owed) is None


def test_a_role_that_may_not_clear_the_log_is_told_once_what_helps(
    postgresql: PostgreSQL, tables: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows' own remnants go all the same; the warning names the grants and the setting."""
    monkeypatch.setattr(remnants, "_told", set())
    url = postgresql.new(tables)
    name = url.partition("@/")[2].partition("?")[0]
    postgresql.tell("DO $$ BEGIN CREATE ROLE plain LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    postgresql.tell(f"ALTER DATABASE {name} OWNER TO plain")
    owner = Store(url)
    for each in meta.sorted_tables:
        owner.do(lambda tx, each=each: tx.do(sa.text(f"ALTER TABLE {each.name} OWNER TO plain")) and None)
    owner.close()
    store = Store(url.replace("postgres@", "plain@"))

    whole = [store.truncate_log(), store.truncate_log()]
    store.close()

    said = capsys.readouterr()
    assert whole == [True, True]
    told = said.out + said.err
    assert told.count("pg_switch_wal") == told.count("pg_checkpoint") == told.count("wal_recycle=off") == 1

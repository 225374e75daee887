"""Retention: what is closed for long enough is announced and erased, what is alive never, whatever the clock does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.programme import Programme
from house import programme
from scheduler import due, expiry, main
from scheduler.expiry import Erase, Keep, Live, Wait, Warn, verdict
from store import audit, cases, diary, erasing, keys, letters, people, retention, schema, tombstones
from store.cases import Case
from store.db import Store, Tx
from store.letters import Lane
from store.pocket import Pocket
from store.unsealing import Identity

ROOT = Path(__file__).resolve().parents[2]
POCKET, DESK = Pocket.new(), Identity.new()
NOW, DAY = 1_764_028_800, 24 * 3600
RULES: Programme = replace(programme.load(ROOT / "programme"), warn_days=14, silent_days=180)
KEEP, WARN = 365, 14
ANN = POCKET.address("telegram", "1")
CASE = Case(
    "R-1", "general", "filed", False, "confidential", "either", ANN, NOW, NOW + 2 * DAY, NOW + 14 * DAY, True, b"salt",
    Identity.new().recipient.public, NOW, KEEP,
)  # fmt: skip


def opened(path: Path) -> Store:
    store = Store(f"sqlite:///{path}")
    # Thousands of days pass in a test; none of them survives a power cut.
    sa.event.listen(store.engine, "connect", lambda conn, _: conn.execute("PRAGMA synchronous=OFF"))
    schema.meta.create_all(store.engine)

    def found(tx: Tx) -> None:
        keys.publish(tx, "bot", "bot", POCKET.recipient, 1)
        keys.publish(tx, "desk", "general", DESK.recipient, 1)
        people.know(tx, ANN, "telegram", "person", lambda: b"sealed", NOW)

    store.do(found)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = opened(tmp_path / "amana.db")
    yield store
    store.close()


def file(store: Store, case: Case = CASE) -> None:
    store.do(lambda tx: cases.file(tx, case, f"locator of {case.reference}", b"{}", b"report") and None)


def close(store: Store, at: int, reference: str = "R-1") -> None:
    """Close a case as the console does."""

    def unit(tx: Tx) -> None:
        cases.close(tx, reference, at, reason=True)
        retention.began(tx, reference, WARN)

    store.do(unit)


def got(store: Store, reference: str = "R-1") -> Case | None:
    return store.do(lambda tx: cases.get(tx, reference))


def tick(store: Store, now: int) -> None:
    main.tick(store, RULES, now)
    main.tidy(store, RULES, now)


def posted(store: Store) -> list[tuple[Lane, str, str]]:
    """Lane, second sentence and day of every letter."""
    rows = store.do(lambda tx: tx.rows(sa.select(schema.outbox).order_by(schema.outbox.c.id)))
    found = [(row.lane, json.loads(POCKET.open(row.sealed, letters.place(row.key)))["p"][0]) for row in rows]
    return [(Lane(lane), each["t"].split(".")[1].strip(), each["v"]["date"]["d"]) for lane, each in found]


def alerts(store: Store) -> list[str]:
    return store.do(lambda tx: cases.alerts_of(tx, ["R-1"])).get("R-1", [])


def noted(store: Store) -> list[int]:
    return [
        row.due for row in store.do(lambda tx: tx.rows(sa.select(schema.diary).where(schema.diary.c.kind == "expire")))
    ]


def stones(store: Store) -> list[tuple[str, str, str]]:
    return [(row.kind, row.name, row.why) for row in store.do(lambda tx: tx.rows(sa.select(schema.tombstones)))]


def remains(store: Store) -> dict[str, int]:
    """How many rows each table has that a case leaves rows in."""
    tables = (schema.cases, schema.case_wraps, schema.entries, schema.diary, schema.alerts, schema.outbox)

    def count(tx: Tx) -> dict[str, int]:
        return {each.name: len(tx.rows(sa.select(each))) for each in tables}

    return {name: rows for name, rows in store.do(count).items() if rows}


RIPE = NOW + (KEEP - WARN) * DAY


# --- one case ---------------------------------------------------------------------------------------------------------


def test_a_closed_case_is_announced_and_erased(store: Store) -> None:
    """Two weeks before its year is over staff and the person are told the day; on that day nothing of it is left."""
    file(store)
    close(store, NOW)
    tick(store, RIPE - 1)
    assert (posted(store), alerts(store)) == ([], [])

    tick(store, RIPE)

    assert alerts(store) == ["erased_soon"]
    assert posted(store) == [(Lane.FOLLOW_UP, "We erase it on {date}", "2026-11-25")]
    tick(store, RIPE + WARN * DAY - 1)
    assert got(store) is not None

    tick(store, RIPE + WARN * DAY)

    assert remains(store) == {}
    assert ("case", tombstones.name_of("case", "R-1"), "retention") in stones(store)
    assert [(row.who, row.act) for row in store.do(audit.recent)] == [("retention", "erased")]


def test_an_anonymous_case_is_erased_without_a_letter(store: Store) -> None:
    """There is nobody to write to; the time is the same."""
    file(store, replace(CASE, mode="anonymous", address=None))
    close(store, NOW)

    tick(store, RIPE)
    tick(store, RIPE + WARN * DAY)

    assert remains(store) == {}


def test_what_happens_in_between_starts_the_time_anew(store: Store) -> None:
    """Reopened and closed again after the warning: the alert goes, and a year later there is a warning of its own."""
    file(store)
    close(store, NOW)
    tick(store, RIPE)
    again = RIPE + DAY
    assert store.do(lambda tx: cases.reopen(tx, "R-1", again + 14 * DAY, again))
    assert alerts(store) == []
    assert noted(store) == []
    tick(store, RIPE + 60 * DAY)
    close(store, RIPE + 60 * DAY)

    tick(store, RIPE + 60 * DAY + (KEEP - WARN) * DAY - 1)
    assert got(store) is not None
    tick(store, RIPE + 60 * DAY + (KEEP - WARN) * DAY)

    assert alerts(store) == ["erased_soon"]
    assert got(store) is not None


def test_a_case_on_hold_or_kept_as_evidence_stays(store: Store) -> None:
    """Ten years on both are there, and are looked at every thirty days."""
    for reference in ("HELD", "EVIDENCE"):
        file(store, replace(CASE, reference=reference, evidence=reference == "EVIDENCE"))
        close(store, NOW, reference)
    store.do(lambda tx: cases.hold(tx, "HELD", on=True))

    for days in range(300, 3650, 30):
        tick(store, NOW + days * DAY)

    assert got(store, "HELD") is not None
    assert got(store, "EVIDENCE") is not None
    assert posted(store) == []
    assert all(NOW + 3600 * DAY < each <= NOW + 3680 * DAY for each in noted(store))


def test_a_hold_after_the_warning_takes_the_warning_back(store: Store) -> None:
    """When it ends, the person and staff are told again and have their two weeks."""
    file(store)
    close(store, NOW)
    tick(store, RIPE)
    store.do(lambda tx: cases.hold(tx, "R-1", on=True))
    assert alerts(store) == []
    tick(store, RIPE + 90 * DAY)
    store.do(lambda tx: cases.hold(tx, "R-1", on=False))
    store.do(lambda tx: retention.began(tx, "R-1", WARN))

    tick(store, RIPE + 91 * DAY)
    assert alerts(store) == ["erased_soon"]
    tick(store, RIPE + (91 + WARN) * DAY - 1)
    assert got(store) is not None
    tick(store, RIPE + (91 + WARN) * DAY)

    assert got(store) is None


def test_evidence_after_the_warning_takes_the_warning_back(store: Store) -> None:
    """The person says that it must be kept: it is, and nothing says otherwise any more."""
    file(store)
    close(store, NOW)
    tick(store, RIPE)
    store.do(lambda tx: tx.do(sa.update(schema.cases).values(evidence=True)) and None)

    tick(store, RIPE + WARN * DAY)

    assert (found := got(store)) is not None
    assert found.warned is None
    assert alerts(store) == []


def test_a_case_whose_time_was_lost_is_found_within_a_day(store: Store) -> None:
    """The row in the diary is gone, or stands at a time that a wrong clock wrote."""
    for reference in ("GONE", "FAR"):
        file(store, replace(CASE, reference=reference))
        close(store, NOW, reference)
    tick(store, NOW)
    store.do(lambda tx: diary.strike(tx, "expire", "GONE"))
    store.do(lambda tx: retention.plan(tx, "FAR", NOW + 4000 * DAY))

    for days in range(KEEP - WARN, KEEP + 3):
        tick(store, NOW + days * DAY)

    assert (got(store, "GONE"), got(store, "FAR")) == (None, None)


def test_a_run_that_is_cut_off_or_doubled_changes_nothing_else(store: Store, tmp_path: Path) -> None:
    """Killed before the commit it is done again; two schedulers erase and write once."""
    for number in range(20):
        file(store, replace(CASE, reference=f"R-{number}"))
        close(store, NOW, f"R-{number}")

    class Killed(Exception):
        """The process is gone."""

    def cut_off(tx: Tx) -> None:
        due.tick(tx, RIPE, RULES)
        raise Killed

    second = Store(f"sqlite:///{tmp_path / 'amana.db'}")
    for at in (RIPE, RIPE + WARN * DAY):
        with pytest.raises(Killed):
            store.do(cut_off)
        while store.do(lambda tx, at=at: due.tick(tx, at, RULES)) + second.do(
            lambda tx, at=at: due.tick(tx, at, RULES)
        ):
            pass
        if at == RIPE:
            assert len(posted(store)) == 20
    second.close()

    assert len(stones(store)) == 20
    assert remains(store) == {}


def test_what_was_posted_about_an_erased_case_goes_with_it(store: Store) -> None:
    """An answer that still waits in the outbox is a copy of the case; other letters of this person stay."""
    file(store)
    entry = store.do(lambda tx: cases.add(tx, _case_of(tx), "answer", "ada", b"words", NOW))
    for key in (letters.reply_key(entry), "closed/R-1", "follow_up/R-1/5", "reply/of another case", "closed/R-10"):
        store.do(lambda tx, key=key: letters.post(tx, key, ANN, "{}", Lane.REPLY, keys.bot(tx), NOW))

    store.do(lambda tx: erasing.erase_case(tx, "R-1", "staff", NOW))

    left = store.do(lambda tx: tx.rows(sa.select(schema.outbox.c.key).order_by(schema.outbox.c.id)))
    assert [row.key for row in left] == ["reply/of another case", "closed/R-10"]


def _case_of(tx: Tx) -> Case:
    case = cases.get(tx, "R-1")
    assert case is not None
    return case


# --- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "now", "expected"),
    [
        (replace(CASE, state="read"), NOW + 4000 * DAY, Live()),
        (replace(CASE, state="closed"), NOW, Keep(RIPE)),
        (replace(CASE, state="closed", hold=True), RIPE, Keep(RIPE + 30 * DAY)),
        (replace(CASE, state="closed", evidence=True, warned=RIPE), RIPE + 99 * DAY, Keep(RIPE + 129 * DAY)),
        (replace(CASE, state="closed"), RIPE, Warn(RIPE + 14 * DAY)),
        (replace(CASE, state="closed", warned=RIPE), RIPE + DAY, Wait(RIPE + 14 * DAY)),
        (replace(CASE, state="closed", warned=RIPE), RIPE + 14 * DAY, Erase()),
        (replace(CASE, state="closed", warned=RIPE + 900 * DAY), RIPE, Warn(RIPE + 14 * DAY)),
        (replace(CASE, state="closed", warned=RIPE - 1), RIPE + 900 * DAY, Warn(RIPE + 914 * DAY)),
        (replace(CASE, state="closed", touched=NOW + 900 * DAY, warned=RIPE), RIPE + 99 * DAY, Keep(RIPE + 900 * DAY)),
    ],
)
def test_the_time_says_what_is_to_be_done(case: Case, now: int, expected: object) -> None:
    """Closed, silent for long enough and announced: only then. A warning by a clock that was ahead is none."""
    assert verdict(case, now, WARN) == expected


def beat(store: Store, now: int) -> None:
    """What the process does once."""
    for job in (main.tick, main.tidy):
        main._safely(job, store, RULES, lambda: now)


def test_a_clock_that_leaps_erases_nothing_for_a_day(store: Store) -> None:
    """Ten years ahead for a minute, then right again: nothing was announced, erased or forgotten."""
    people_before = store.do(lambda tx: people.channel_and_kind(tx, ANN))
    file(store, replace(CASE, address=None, mode="anonymous"))
    close(store, NOW)
    beat(store, NOW)
    for second in range(60):
        beat(store, NOW + 3650 * DAY + second)

    assert alerts(store) == []
    assert got(store) is not None
    assert store.do(lambda tx: people.channel_and_kind(tx, ANN)) == people_before

    for days in range(KEEP + WARN + 5):
        beat(store, NOW + days * DAY)
    assert got(store) is None


def test_a_machine_that_was_off_for_a_month_goes_on_a_day_later(store: Store) -> None:
    """What became due meanwhile is done, after the clock has gone on evenly for a day."""
    file(store)
    close(store, NOW)
    beat(store, NOW)
    beat(store, RIPE)
    assert alerts(store) == []
    beat(store, RIPE + DAY)
    assert alerts(store) == ["erased_soon"]
    beat(store, RIPE + 40 * DAY)
    assert got(store) is not None

    beat(store, RIPE + 41 * DAY)

    assert got(store) is None


# --- five years -------------------------------------------------------------------------------------------------------


@dataclass
class Known:
    """What the test knows of a case: a second book beside the store."""

    closed: bool = False
    hold: bool = False
    evidence: bool = False
    last: int = 0
    warned: int | None = None


@dataclass
class World:
    """A house through the years."""

    store: Store
    now: int = NOW
    book: dict[str, Known] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def days(self, days: int) -> None:
        """Days pass; the scheduler runs, and once more a day later because the clock has leapt."""
        for step in (days, 1):
            self.now += step * DAY
            beat(self.store, self.now)
            self._look()

    def _look(self) -> None:
        """Whatever is gone was allowed to go."""
        for reference, known in self.book.items():
            case = got(self.store, reference)
            if case is None and reference not in self.gone:
                self.gone.add(reference)
                assert known.closed
                assert not known.hold
                assert not known.evidence
                assert self.now >= known.last + KEEP * DAY
                assert known.warned is not None
                assert self.now >= known.warned + WARN * DAY
            if case is not None:
                known.warned = case.warned

    def glitch(self) -> None:
        """The clock is wrong for a moment."""
        for wrong in (1500 * DAY, 1500 * DAY + 60, -900 * DAY, 0):
            beat(self.store, self.now + wrong)
            self._look()

    def lose(self) -> None:
        """The diary is lost."""
        self.store.do(lambda tx: tx.do(sa.delete(schema.diary)) and None)

    def file(self, reference: str) -> None:
        """A new case."""
        if reference not in self.book:
            file(self.store, replace(CASE, reference=reference, filed=self.now, touched=self.now))
            self.book[reference] = Known(last=self.now)

    def act(self, what: str, reference: str) -> None:
        """Something happens in a case, if it can."""
        known = self.book.get(reference)
        if known is None or reference in self.gone:
            return
        match what:
            case "close" if not known.closed:
                close(self.store, self.now, reference)
                known.closed, known.last = True, self.now
            case "reopen" if known.closed:
                assert self.store.do(lambda tx: cases.reopen(tx, reference, self.now + 9 * DAY, self.now))
                known.closed, known.last, known.warned = False, self.now, None
            case "answer" if not known.closed:
                self.store.do(lambda tx: cases.answered(tx, reference, self.now))
                known.last = self.now
            case "add":
                if self.store.do(lambda tx: cases.add_from_person(tx, reference, "more", self.now)):
                    known.last = self.now
            case "hold":
                self.store.do(lambda tx: cases.hold(tx, reference, on=True))
                known.hold, known.warned = True, None
            case "release":
                self.store.do(lambda tx: cases.hold(tx, reference, on=False))
                self.store.do(lambda tx: retention.began(tx, reference, WARN))
                known.hold, known.warned = False, None
            case "evidence":
                value = not known.evidence
                self.store.do(lambda tx: tx.do(
                    sa.update(schema.cases).where(schema.cases.c.reference == reference).values(evidence=value)
                ) and None)  # fmt: skip
                known.evidence = value


_ACTS = ("close", "close", "close", "reopen", "answer", "add", "hold", "release", "release", "evidence")
_STEP = st.tuples(
    st.integers(0, 140),
    st.one_of(
        st.tuples(st.just("file"), st.sampled_from("ABCD")),
        st.tuples(st.sampled_from(_ACTS), st.sampled_from("ABCD")),
        st.tuples(st.sampled_from(("glitch", "lose", "nothing")), st.just("")),
    ),
)


@settings(max_examples=int(os.environ.get("AMANA_TEST_HISTORIES", "25")), deadline=None)
@given(history=st.lists(_STEP, min_size=5, max_size=40))
def test_in_five_years_nothing_alive_is_erased_and_nothing_dead_is_kept(
    history: list[tuple[int, tuple[str, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """
    Random histories: cases filed, answered, closed, reopened, added to, held, released, kept as evidence; the clock
    leaps, the diary is lost. No case goes while it is open, held or evidence, within its time, or unannounced; each
    whose time is over is gone in the end, and each that is gone has its stone.
    """
    world = World(opened(tmp_path_factory.mktemp("years") / "amana.db"))
    try:
        beat(world.store, world.now)
        for reference in "AB":
            world.file(reference)
        for days, (what, reference) in history:
            world.days(days)
            match what:
                case "file":
                    world.file(reference)
                case "glitch":
                    world.glitch()
                case "lose":
                    world.lose()
                case _:
                    world.act(what, reference)
        for _ in range(4):
            world.days(20)

        over = {
            reference
            for reference, known in world.book.items()
            if known.closed and not known.hold and not known.evidence and known.last + (KEEP + 70) * DAY <= world.now
        }
        recent = {name for name, known in world.book.items() if name in over and known.warned is not None}
        assert over - recent <= world.gone
        assert {each for each in recent if world.book[each].warned + 40 * DAY <= world.now} <= world.gone
        names = {name for kind, name, why in stones(world.store) if (kind, why) == ("case", "retention")}
        assert {tombstones.name_of("case", each) for each in world.gone} == names
    finally:
        world.store.close()


# --- people who fell silent -------------------------------------------------------------------------------------------


def know(store: Store, name: str, channel: str = "telegram", seen: int = NOW) -> str:
    """Somebody who wrote then and has a talk."""
    address = POCKET.address(channel, name)

    def unit(tx: Tx) -> None:
        people.know(tx, address, channel, "person", lambda: b"sealed", seen)
        people.keep(tx, address, b"talk")

    store.do(unit)
    return address


def known(store: Store, address: str) -> bool:
    return store.do(lambda tx: people.sealed_address(tx, address)) is not None


def test_who_is_silent_for_half_a_year_is_forgotten(store: Store) -> None:
    """Talk, letters and address go, with a stone; somebody who wrote yesterday is known."""
    old, new = know(store, "old"), know(store, "new", seen=NOW + 179 * DAY)
    tick(store, NOW + 180 * DAY)
    assert known(store, old)

    tick(store, NOW + 181 * DAY)

    assert (known(store, old), known(store, new)) == (False, True)
    assert store.do(lambda tx: people.talk(tx, old)) is None
    assert ("address", "retention") in [(kind, why) for kind, _, why in stones(store)]


def test_a_web_conversation_is_forgotten_after_thirty_days(store: Store) -> None:
    """It ended with its tab."""
    web, telegram = know(store, "w", "web"), know(store, "t")

    tick(store, NOW + 31 * DAY)

    assert (known(store, web), known(store, telegram)) == (False, True)


def test_nobody_is_forgotten_to_whom_something_still_leads(store: Store) -> None:
    """A case, a subscription, a partner's group, a message that waits, a letter of the last thirty days."""
    kept = {each: know(store, each) for each in ("case", "updates", "group", "message", "letter")}
    later = NOW + 400 * DAY

    def unit(tx: Tx) -> None:
        cases.file(tx, replace(CASE, address=kept["case"]), "locator", b"{}", b"report")
        people.subscribe(tx, kept["updates"], NOW)
        tx.new(schema.link_codes, id="l", sealed=b"", made_by="ada", made=NOW, until=NOW, address=kept["group"])
        people.take_in(tx, "m", "telegram", kept["message"], b"sealed", NOW)
        letters.post(tx, "k", kept["letter"], "{}", Lane.REPLY, keys.bot(tx), later - 29 * DAY)

    store.do(unit)
    tick(store, later)
    assert {name for name, each in kept.items() if known(store, each)} == set(kept)

    tick(store, later + 2 * DAY)

    assert {name for name, each in kept.items() if known(store, each)} == set(kept) - {"letter"}


def test_files_of_a_draft_without_a_talk_are_erased(store: Store) -> None:
    """A photo for a report that was never sent does not lie there for ever; one of a living talk does not go."""
    living = know(store, "living")
    store.do(lambda tx: cases.keep_draft_file(tx, "theirs", living, b"locked", NOW))
    store.do(lambda tx: cases.keep_draft_file(tx, "nobody's", "gone", b"locked", NOW))

    tick(store, NOW + 2 * DAY)

    assert [row.id for row in store.do(lambda tx: tx.rows(sa.select(schema.entries.c.id)))] == ["theirs"]


# --- at once, and the log ---------------------------------------------------------------------------------------------


def test_everything_due_can_be_carried_out_at_once(store: Store) -> None:
    """For whoever sits at the machine: how many were erased, announced and forgotten; a second time nothing."""
    for number in range(3):
        file(store, replace(CASE, reference=f"R-{number}"))
        close(store, NOW + number * 8 * DAY, f"R-{number}")
    old = know(store, "old")

    first = expiry.carry_out(store, RIPE, RULES)
    second = expiry.carry_out(store, RIPE + 15 * DAY, RULES)
    again = expiry.carry_out(store, RIPE + 15 * DAY, RULES)

    assert (first.erased, first.warned, first.forgotten) == (0, 1, 1)
    assert (second.erased, second.warned) == (1, 1)
    assert (again.erased, again.warned, again.forgotten) == (0, 0, 0)
    assert not known(store, old)


def test_a_log_that_is_being_read_is_truncated_later(store: Store, tmp_path: Path) -> None:
    """Somebody reads while a case is erased: what they see stays until they have done, and goes with the next tick."""
    file(store)
    wrap = store.do(lambda tx: tx.rows(sa.select(schema.case_wraps.c.sealed)))[0].sealed[40:90]
    wal = tmp_path / "amana.db-wal"
    with store.engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT count(*) FROM cases").all()
        store.do(lambda tx: erasing.erase_case(tx, "R-1", "staff", NOW))
        assert not erasing.let_go(store)
        assert wrap in wal.read_bytes()
        reader.exec_driver_sql("COMMIT")

    tick(store, NOW)

    assert wrap not in wal.read_bytes()
    assert wrap not in (tmp_path / "amana.db").read_bytes()
    assert store.read(erasing.owed) is None

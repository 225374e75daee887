"""Whoever is called and does not answer is followed by the next; what was not verified in time is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.programme import DAYS, About, Area, Category, Desk, Duty, Mandated, Programme, RedLines, Service
from actions.words import Words
from scheduler import main
from store import alarms, echoes, schema, staff, tasks
from store.db import Store, Tx
from store.staff import Member

NOON, MINUTE, DAY = int(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp()), 60, 24 * 3600


def said(english: str) -> Words:
    return Words((("en", english),))


def service(key: str, verified: date) -> Service:
    words = said(key)
    return Service(key, "home", words, words, words, words, words, "Kim", verified)


def on_duty(login: str, begins: int = 0, ends: int = 0) -> Duty:
    return Duty(login, DAYS, time(begins), time(ends))


RULES = Programme(
    name=said("n"), organisation=said("o"), purpose=said("p"), emergency=said("e"), contact=said("c"), hours=said("h"),
    languages=("en",), timezone="UTC", human=Category("human", said("h"), "general", 1, 2, said("l")),
    categories=(Category("aid", said("a"), "general", 1, 2, said("l")),), desks=(Desk("general", said("g")),),
    about=About(said("r"), said("a"), said("l")), mandated=Mandated(said("b"), said("d")), red_lines=RedLines("1", ()),
    areas=(Area("north", said("North"), said("call 117")),), rota=(on_duty("ada"), on_duty("gone"), on_duty("ben")),
    services=(service("fresh", date(2026, 3, 1)), service("shelter", date(2025, 9, 1))), ack_minutes=5,
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'amana.db'}")
    schema.meta.create_all(store.engine)
    for name in ("ada", "ben"):
        member = Member(name, name, name.title(), "", b"k" * 32, b"s" * 16, b"locked", 0, active=True)
        store.do(lambda tx, member=member: staff.add(tx, member, NOON))
    yield store
    store.close()


def ring(store: Store, rules: Programme = RULES) -> str:
    def unit(tx: Tx) -> str | None:
        logins = rules.on_duty(datetime.fromtimestamp(NOON, UTC))
        return alarms.ring(tx, "north", logins, NOON, ack_minutes=rules.ack_minutes)

    id_ = store.do(unit)
    assert id_ is not None
    return id_


def called(store: Store, id_: str) -> tuple[str, bool]:
    found = store.read(lambda tx: alarms.get(tx, id_))
    assert found is not None
    return found.called, found.unanswered


def test_nobody_answered_in_five_minutes_so_the_deputy_is_called(store: Store) -> None:
    """I wrote that there is an attack: Ada did not answer for five minutes, so Ben was called, then Ada again. (R81)"""
    id_ = ring(store)
    seen = [called(store, id_)]
    for minutes in (4, 5, 9, 10, 15):
        main.tick(store, RULES, NOON + minutes * MINUTE)
        seen.append(called(store, id_))

    assert [("ada", False), ("ada", False), ("ben", False), ("ben", False), ("ada", True), ("ben", True)] == seen


def test_an_alarm_that_was_taken_calls_nobody_else(store: Store) -> None:
    """Ada took it: Ben can sleep. (R81)"""
    id_ = ring(store)
    store.do(lambda tx: alarms.take(tx, id_, "ada", "ada", NOON + MINUTE))

    main.tick(store, RULES, NOON + 10 * MINUTE)

    assert ("ada", False) == called(store, id_)
    assert [] == store.read(lambda tx: tx.rows(sa.select(schema.diary)))


def test_whoever_begins_duty_is_called_for_what_rang_before(store: Store) -> None:
    """Nobody was on duty when I wrote; Ben's hours began ten minutes later, and he was called. (R81)"""
    late = replace(RULES, rota=(Duty("ben", DAYS, time(12, 10), time(18)),))
    id_ = ring(store, late)
    seen = []
    for minutes in (5, 10):
        main.tick(store, late, NOON + minutes * MINUTE)
        seen.append(called(store, id_))

    assert [("", False), ("ben", False)] == seen


def test_a_clock_that_jumps_calls_once_and_every_step_is_in_the_audit(store: Store) -> None:
    """Ticks that are doubled, or come an hour late, call nobody twice for one wait. (R82)"""
    id_ = ring(store)
    for _ in range(3):
        main.tick(store, RULES, NOON + 60 * MINUTE)

    rows = store.read(lambda tx: tx.rows(sa.select(schema.audit).order_by(schema.audit.c.seq)))
    assert ("ben", False) == called(store, id_)
    assert [("bot", "called ada"), ("scheduler", "called ben")] == [
        (row.who, row.act) for row in rows if row.about == f"alarm/{id_}"
    ]


def test_what_was_not_verified_in_time_is_a_task_until_it_was(store: Store) -> None:
    """The shelter was last called 190 days ago and is shown to nobody: staff are asked to verify it. (R14)"""
    main.tidy(store, RULES, NOON)
    main.tidy(store, RULES, NOON + 3600)
    asked = store.read(tasks.open_)

    main.tidy(store, replace(RULES, services=(service("shelter", date(2026, 3, 10)),)), NOON + 2 * 3600)

    assert [("numbers", "2026-03"), ("verify", "shelter")] == [(each.kind, each.key) for each in asked]
    assert [("numbers", "2026-03")] == [(each.kind, each.key) for each in store.read(tasks.open_)]


def test_the_emergency_numbers_are_called_every_month(store: Store) -> None:
    """A number that rings nowhere is found within a month: each month asks anew, done or not. (R82)"""
    main.tidy(store, RULES, NOON)
    store.do(lambda tx: tasks.done(tx, tasks.NUMBERS, "2026-03", "ada", NOON))
    main.tidy(store, RULES, NOON + 3600)
    march = [each.key for each in store.read(tasks.open_) if each.kind == tasks.NUMBERS]

    main.tidy(store, RULES, NOON + 25 * DAY)

    assert ([], ["2026-04"]) == (march, [each.key for each in store.read(tasks.open_) if each.kind == tasks.NUMBERS])


def test_marks_of_reports_are_tidied_away_after_a_day(store: Store) -> None:
    """That my report was like others is not known for longer than a day. (R49)"""
    store.do(lambda tx: echoes.heard(tx, "m", "report", NOON))

    main.tidy(store, RULES, NOON + DAY + 600)

    assert [] == store.read(lambda tx: tx.rows(sa.select(schema.echoes)))

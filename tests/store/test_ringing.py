"""An alarm calls who is on duty, one after the other, until somebody takes it; all of it is in the audit."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from store import alarms, audit, diary, staff
from store.db import Store
from store.schema import alarms as alarm_rows
from store.schema import audit as audit_rows
from tests.conftest import NOON_S
from tests.store.office import Office

MINUTE = 60


@pytest.fixture
def office(store: Store) -> Office:
    """Ada and Ben, who may be on duty, and Cem, who has left."""
    made = Office(store).desk("general").member("ada", "general").member("ben", "general").member("cem", "general")
    store.do(lambda tx: staff.retire(tx, "cem"))
    return made


def ring(office: Office, *logins: str, now: int = NOON_S, area: str = "north", id_: str = "") -> str | None:
    return office.store.do(lambda tx: alarms.ring(tx, area, logins, now, id_=id_))


def call_next(office: Office, id_: str, *logins: str, now: int) -> bool:
    return office.store.do(lambda tx: alarms.call_next(tx, id_, logins, now, 5))


def take(office: Office, id_: str, login: str) -> bool:
    return office.store.do(lambda tx: alarms.take(tx, id_, login, f"id-{login}", NOON_S + 99))


def tell(office: Office, id_: str, outcome: alarms.Outcome) -> bool:
    return office.store.do(lambda tx: alarms.tell(tx, id_, outcome, "id-ben", NOON_S + 99))


def alarm(office: Office, id_: str) -> alarms.Alarm:
    found = office.store.read(lambda tx: alarms.get(tx, id_))
    assert found is not None
    return found


def acts(office: Office, id_: str) -> list[tuple[str, str]]:
    rows = office.store.read(lambda tx: tx.rows(sa.select(audit_rows).order_by(audit_rows.c.seq)))
    return [(row.who, row.act) for row in rows if row.about == f"alarm/{id_}"]


def due(office: Office) -> list[tuple[str, int]]:
    taken = office.store.do(lambda tx: diary.take_due(tx, NOON_S + 10**6))
    return [(each.about, each.due) for each in taken]


def test_only_members_who_work_here_are_on_duty(office: Office) -> None:
    """Somebody who has left, or never came, is not said to be there. (R81)"""
    there = office.store.read(lambda tx: alarms.there(tx, ("cem", "ben", "nobody", "ada")))

    assert ("ben", "ada") == there


def test_the_first_on_duty_is_called_and_given_five_minutes(office: Office) -> None:
    """I wrote that they are at my door: whoever is on duty is called, and it is noted when to call another. (R81)"""
    id_ = ring(office, "cem", "ada", "ben")

    assert id_ is not None
    found = alarm(office, id_)
    assert ("north", NOON_S, "ada", 1, False) == (found.area, found.at, found.called, found.step, found.unanswered)
    assert [(id_, NOON_S + 5 * MINUTE)] == due(office)
    assert [("bot", "called ada")] == acts(office, id_)


def test_when_nobody_is_on_duty_that_is_written_down(office: Office) -> None:
    """Nobody is called and nobody pretends: the alarm is there all the same, and it is tried again. (R81, R82)"""
    id_ = ring(office, "cem")

    assert id_ is not None
    assert "" == alarm(office, id_).called
    assert [("bot", "called nobody: nobody is on duty")] == acts(office, id_)
    assert call_next(office, id_, "ben", now=NOON_S + 5 * MINUTE)
    assert ("ben", False) == (alarm(office, id_).called, alarm(office, id_).unanswered)


def test_who_writes_again_within_a_minute_calls_once(office: Office) -> None:
    """I wrote three times in my fear; another area, a later minute, or one that was taken, rings of its own."""
    first = ring(office, "ada")
    again = [ring(office, "ada", now=NOON_S + each) for each in (1, 30, 60)]
    others = [ring(office, "ada", area="south"), ring(office, "ada", now=NOON_S + 2 * MINUTE)]
    for each in office.store.read(alarms.unsettled):
        take(office, each.id, "ada")
    after = ring(office, "ada", now=NOON_S + 2 * MINUTE + 1)

    assert first is not None
    assert [None] * 3 == again
    assert None not in (*others, after)


def test_the_same_message_rings_once(office: Office) -> None:
    """A message that is worked on twice calls nobody twice."""
    assert ["x", None] == [ring(office, "ada", id_="x", now=each) for each in (NOON_S, NOON_S + 600)]


def test_who_does_not_answer_is_followed_by_the_next(office: Office) -> None:
    """Ada did not take it in five minutes, so Ben was called; nobody did, so it is marked and begins again. (R81)"""
    id_ = ring(office, "ada", "ben")
    assert id_ is not None
    seen = []
    for n in range(1, 4):
        assert call_next(office, id_, "ada", "ben", now=NOON_S + 5 * n * MINUTE)
        seen.append((alarm(office, id_).called, alarm(office, id_).unanswered))

    assert [("ben", False), ("ada", True), ("ben", True)] == seen
    assert [
        ("bot", "called ada"), ("scheduler", "called ben"), ("scheduler", "nobody answered"),
        ("scheduler", "called ada"), ("scheduler", "called ben"),
    ] == acts(office, id_)  # fmt: skip


def test_whose_duty_has_ended_is_followed_by_who_is_there_now(office: Office) -> None:
    """Ada's hours ended while she was called: Ben is called, and nobody where nobody is left."""
    id_ = ring(office, "ada")
    assert id_ is not None

    call_next(office, id_, "ben", now=NOON_S + 300)
    first = alarm(office, id_)
    call_next(office, id_, now=NOON_S + 600)
    second = alarm(office, id_)

    assert (("ben", False), ("", True)) == ((first.called, first.unanswered), (second.called, second.unanswered))


def test_one_who_takes_it_ends_the_calling_and_tells_what_became_of_it_once(office: Office) -> None:
    """Ben takes it: nobody else is called, nobody takes it from him, and what became of it stands in the log. (R82)"""
    id_ = ring(office, "ada", "ben")
    assert id_ is not None
    early = tell(office, id_, "helped")

    took = [take(office, id_, each) for each in ("ben", "ada")]
    noted, called = due(office), call_next(office, id_, "ada", "ben", now=NOON_S + 300)
    told = [tell(office, id_, "helped"), tell(office, id_, "not_reached")]

    assert (False, [True, False], [], False, [True, False]) == (early, took, noted, called, told)
    found = alarm(office, id_)
    assert ("ben", NOON_S + 99, "helped") == (found.acked_by, found.acked_at, found.outcome)
    assert [("id-ben", "took an alarm"), ("id-ben", "told what became of an alarm: helped")] == acts(office, id_)[1:]
    assert [] == office.store.read(alarms.unsettled)
    assert office.store.read(audit.broken) is None


def test_the_calling_ends_after_a_day_and_the_alarm_stays(office: Office) -> None:
    """Where nobody ever looks, the log does not grow for ever; the alarm waits for the first who comes."""
    id_ = ring(office, "ada")
    assert id_ is not None

    assert not call_next(office, id_, "ada", now=NOON_S + 86401)
    assert [id_] == [each.id for each in office.store.read(alarms.unsettled)]


def test_an_alarm_holds_no_words_no_address_and_no_second(office: Office) -> None:
    """What is kept of my cry for help leads to nobody: an area, minutes, and names of staff."""
    id_ = ring(office, "ada", now=NOON_S + 17)

    [row] = office.store.read(lambda tx: tx.rows(sa.select(alarm_rows)))
    assert (id_, "north", NOON_S, "ada", 1, False, None, None, None) == tuple(row)
    assert [(id_, NOON_S + 6 * MINUTE)] == due(office)

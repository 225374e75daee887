"""What is awaited of others and what was planned: noted once, due once, gone with its case."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from store import cases, erasing, plans, referrals, tallies
from store.cases import Case
from store.db import Store
from store.places import Unopenable
from store.referrals import Referral
from store.schema import cases as case_table
from store.schema import diary as diary_table
from store.schema import plans as plan_table
from store.schema import referrals as referral_table
from store.sealing import Recipient
from store.unsealing import Identity
from tests.conftest import NOON_S
from tests.store.office import DAY, Office, case

REF = "AAAA-BBBB"
ONE = Referral("r1", REF, "mandated", "passed_on", NOON_S + 10 * DAY)


@pytest.fixture
def office(store: Store) -> Office:
    """A desk with one member and one case."""
    there = Office(store).desk("general").member("ann", "general")
    there.file(case())
    return there


def _noted(store: Store) -> list[tuple[str, int]]:
    rows = store.read(lambda tx: tx.rows(sa.select(diary_table.c.kind, diary_table.c.due)))
    return sorted((row.kind, row.due) for row in rows)


def _alerts(store: Store) -> list[str]:
    return store.read(lambda tx: cases.alerts_of(tx, [REF])).get(REF, [])


def test_what_is_awaited_of_others_is_open_until_they_said_how_it_ended(office: Office) -> None:
    """The status of my case names who has it, until they are done. (R07)"""
    store = office.store

    made = [store.do(lambda tx: referrals.pass_on(tx, ONE, NOON_S)) for _ in range(2)]
    open_ = store.read(lambda tx: referrals.of(tx, REF))
    store.do(lambda tx: referrals.move(tx, ONE, "accepted", NOON_S + 20 * DAY, NOON_S))
    accepted = _noted(store)
    store.do(lambda tx: referrals.move(tx, ONE, "done", ONE.ask_again, NOON_S))

    assert (made, open_) == ([True, False], [ONE])
    assert accepted == [("ask_again", NOON_S + 20 * DAY)]
    assert ([], []) == (store.read(lambda tx: referrals.of(tx, REF)), _noted(store))


def test_an_answer_to_the_person_does_not_end_what_is_awaited_of_others(office: Office) -> None:
    """Answered is not forgotten: staff still hear that others are to be asked again."""
    store = office.store
    store.do(lambda tx: referrals.pass_on(tx, ONE, NOON_S))
    store.do(lambda tx: referrals.ask(tx, REF, ONE.ask_again))
    store.do(lambda tx: cases.alert(tx, REF, "answer", NOON_S))

    store.do(lambda tx: cases.answered(tx, REF, NOON_S))
    answered = _alerts(store)
    store.do(lambda tx: cases.close(tx, REF, NOON_S, reason=True))

    assert (["ask_again"], []) == (answered, _alerts(store))


def test_a_plan_is_looked_at_a_week_before_its_end_and_on_its_last_day(office: Office) -> None:
    """A short one is looked at as well; whoever has looked ends the alert. (R17)"""
    store, end = office.store, NOON_S + 30 * DAY
    store.do(lambda tx: plans.add(tx, "p1", REF, end, NOON_S))
    store.do(lambda tx: plans.add(tx, "p2", REF, NOON_S + 3 * DAY, NOON_S))
    first = _noted(store)

    short = store.do(lambda tx: plans.ends(tx, REF, NOON_S + 2 * DAY))
    alerted, then = _alerts(store), _noted(store)
    store.do(lambda tx: plans.reviewed(tx, REF, NOON_S + 2 * DAY))

    assert [("plan_ends", NOON_S + 2 * DAY)] == first
    assert (NOON_S + 3 * DAY, ["plan_ends"], [("plan_ends", end - 7 * DAY)]) == (short, alerted, then)
    assert [] == _alerts(store)


def test_erasing_a_case_erases_both(office: Office) -> None:
    """Nothing says any more that my case was with somebody, or that I was to be protected. (R102)"""
    store = office.store
    store.do(lambda tx: referrals.pass_on(tx, ONE, NOON_S))
    store.do(lambda tx: plans.add(tx, "p1", REF, NOON_S + 30 * DAY, NOON_S))

    store.do(lambda tx: erasing.erase_case(tx, REF, "person", NOON_S))

    left = [store.read(lambda tx, t=t: tx.rows(sa.select(t))) for t in (referral_table, plan_table, diary_table)]
    assert [[], [], []] == left


def test_a_case_that_came_back_has_clocks_of_its_own(office: Office) -> None:
    """It was given back to us: it begins anew, answered or closed as it was. (R69)"""
    store = office.store
    store.do(lambda tx: cases.close(tx, REF, NOON_S, reason=True))
    first, by = NOON_S + 2 * DAY, NOON_S + 14 * DAY

    store.do(lambda tx: cases.restart(tx, REF, first, by, NOON_S + 60))

    now = office.case()
    assert (now.state, now.answered, now.closed_at, now.news) == ("filed", False, None, True)
    assert (now.first_look_by, now.answer_by) == (first, by)
    assert [("answer", by), ("first_look", first)] == _noted(store)


def test_another_category_is_locked_like_the_first_and_keeps_the_rest(store: Store) -> None:
    """What my case is about is read by its desk alone, before and after it was corrected. (R65)"""
    office = Office(store).desk("general").member("ann", "general")
    new = case()
    store.do(lambda tx: cases.file(tx, new, "locator", b'{"category": "aid", "language": "sw"}', b"report"))
    opened = office.opened("ann")
    assert opened is not None

    before = store.do(lambda tx: opened.recategorise(tx, "threat", 730))

    again = office.opened("ann")
    assert again is not None
    assert ("aid", b'{"category": "threat", "language": "sw"}') == (before, again.head())
    row = store.read(lambda tx: tx.row(sa.select(case_table.c.head, case_table.c.keep_days)))
    assert row is not None
    assert (b"threat" in row.head, row.keep_days) == (False, 730)


def test_a_question_is_handed_over_to_a_new_code(office: Office) -> None:
    """I asked for another code: with it I read what staff asked me, with the old one nobody does. (R27)"""
    store, old, new = office.store, Identity.new(), Identity.new()
    filed: Case = office.case()
    store.do(lambda tx: cases.add(tx, filed, "question", "ann", b"Which site?", NOON_S, also=[old.recipient]))

    def over(each: cases.Entry) -> bytes:
        return old.rewrapped(each.sealed, each.place, [filed.key, Recipient(new.recipient.public)])

    store.do(lambda tx: cases.renew(tx, filed, "another locator", b"t" * 16, new.recipient.public, over))

    [asked] = store.read(lambda tx: cases.entries_of(tx, REF, cases.FOR_PERSON))
    assert b"Which site?" == new.open(asked.sealed, asked.place)
    with pytest.raises(Unopenable):
        old.open(asked.sealed, asked.place)


def test_counts_hold_no_words(store: Store) -> None:
    """What is counted is two keys of the programme; a sentence is refused."""
    store.do(lambda tx: tallies.count(tx, "corrected", "aid>threat", NOON_S))

    with pytest.raises(tallies.NotCounted):
        store.do(lambda tx: tallies.count(tx, "corrected", "he took my card", NOON_S))

    assert [("2026-03", "aid>threat", 1)] == [
        (each.month, each.value, each.n) for each in store.read(lambda tx: tallies.of(tx, ["2026-03"]))
    ]

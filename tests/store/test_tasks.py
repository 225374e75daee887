"""What staff have to verify is asked for once, and is over when it is done."""

from __future__ import annotations

from store import audit, tasks
from store.db import Store
from store.tasks import Task
from tests.conftest import NOON_S


def test_a_service_is_asked_for_until_the_programme_says_it_was_verified(store: Store) -> None:
    """The shelter's date ran out: staff are asked to call it, once, until the new date is written. (R14)"""
    for _ in range(2):
        store.do(lambda tx: tasks.agree(tx, {"shelter": NOON_S, "clinic": NOON_S}))
    before = store.read(tasks.open_)

    store.do(lambda tx: tasks.agree(tx, {"clinic": NOON_S}))

    assert ["clinic", "shelter"] == [each.key for each in before]
    assert [Task("clinic", "verify", NOON_S)] == store.read(tasks.open_)


def test_the_calls_of_a_month_are_done_once_by_somebody_with_a_name(store: Store) -> None:
    """Whoever called the numbers said so under their name; a second time changes nothing. (R82)"""
    store.do(lambda tx: tasks.ask(tx, tasks.NUMBERS, "2026-03", NOON_S))

    done = [store.do(lambda tx, by=by: tasks.done(tx, tasks.NUMBERS, "2026-03", by, NOON_S)) for by in ("ada", "ben")]

    assert ([True, False], []) == (done, store.read(tasks.open_))
    assert [("ada", "did: numbers", "numbers.2026-03")] == [
        (each.who, each.act, each.about) for each in store.read(audit.recent)
    ]


def test_only_the_newest_month_is_asked_for(store: Store) -> None:
    """Nobody is nagged about calls of last month: those of this month are the ones that help. (R82)"""
    for month in ("2026-02", "2026-03"):
        store.do(lambda tx, month=month: tasks.ask(tx, tasks.NUMBERS, month, NOON_S))
    asked = [each.key for each in store.read(tasks.open_)]

    store.do(lambda tx: tasks.done(tx, tasks.NUMBERS, "2026-03", "ada", NOON_S))

    assert (["2026-03"], []) == (asked, store.read(tasks.open_))

"""What is counted is a number and nothing else; reports that are like each other are noticed, and soon forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from store import backups, echoes, tallies
from store.db import Store
from store.schema import echoes as marks
from store.schema import meta
from store.tallies import NotCounted, Tally
from tests.conftest import NOON_S

DAY = 24 * 3600


def _all(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {
        table.name: [tuple(row) for row in store.read(lambda tx, t=table: tx.rows(sa.select(t)))]
        for table in meta.sorted_tables
    }


def test_a_count_is_a_number_of_a_month_and_leaves_no_other_trace(store: Store) -> None:
    """I told of violence and no report was made: one number of the month is larger, and nothing else is kept. (R71)"""
    before = _all(store)

    for _ in range(3):
        store.do(lambda tx: tallies.count(tx, "gbv", "north", NOON_S))

    after = _all(store)
    assert [("2026-03", "gbv", "north", 3)] == after.pop("tallies")
    assert {name: rows for name, rows in before.items() if name != "tallies"} == after


def test_nothing_is_lost_when_many_are_counted_at_once(store: Store) -> None:
    """Forty people in the same moment are forty. (R51)"""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.do(lambda tx: tallies.count(tx, "age", "not_stated", NOON_S)), range(40)))

    assert [Tally("2026-03", "age", "not_stated", 40)] == store.read(lambda tx: tallies.of(tx, ["2026-03"]))


@pytest.mark.parametrize("words", ["he hit me", "he_hit_me!", "a" * 50, "", "عنف", "north\n"])
def test_no_sentence_can_get_into_a_count(store: Store, words: str) -> None:
    """Whatever went wrong elsewhere, no sentence of mine stands among the numbers or in what is said of it. (R71)"""
    for what, value in ((words, "north"), ("gbv", words)):
        with pytest.raises(NotCounted) as raised:
            store.do(lambda tx, what=what, value=value: tallies.count(tx, what, value, NOON_S))
        assert not words or words not in str(raised.value)

    assert [] == _all(store)["tallies"]


def test_counts_are_asked_for_by_month(store: Store) -> None:
    """What was counted in other months is not in the figures of this one."""
    for at in (NOON_S, NOON_S + 40 * DAY):
        store.do(lambda tx, at=at: tallies.count(tx, "corrected", "cash>quality", at))

    found = store.read(lambda tx: tallies.of(tx, ["2026-04"]))

    assert [Tally("2026-04", "corrected", "cash>quality", 1)] == found


# --- reports that are like each other ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "The Food was GREAT, thank you Mr. Chief!",
        "thank you mr chief the food was great great",
        "  Chief, thank you! Food... the food was great  ",
    ],
)
def test_texts_that_are_nearly_the_same_have_one_mark(words: str) -> None:
    """Somebody has thirty people send the same praise: capitals, order and small words do not make it another. (R49)"""
    assert "chief food great thank the was you" == echoes.folded(words)


def test_what_has_no_longer_word_has_no_mark() -> None:
    """Reports without words of their own are not like each other for that."""
    assert "" == echoes.folded("no\n!! 12 ok")


def test_how_many_there_were_in_ten_minutes_and_of_which_kind(store: Store) -> None:
    """Thirty within ten minutes are thirty, however these fall; the next day, and other texts, begin anew. (R49)"""
    heard = [store.do(lambda tx, n=n: echoes.heard(tx, "m", "report", NOON_S + 300 + 20 * n)) for n in range(30)]
    others = [
        store.do(lambda tx, each=each: echoes.heard(tx, *each))
        for each in (("other", "report", NOON_S), ("m", "else", NOON_S), ("m", "report", NOON_S + DAY))
    ]

    assert list(range(1, 31)) == heard
    assert [1, 1, 1] == others


def test_a_mark_tells_no_second_and_is_gone_after_a_day(store: Store) -> None:
    """Nobody can find out from the marks when I wrote, nor at all after a day, nor from any backup. (R49)"""
    store.do(lambda tx: echoes.heard(tx, "m", "report", NOON_S + 77))
    [row] = store.read(lambda tx: tx.rows(sa.select(marks)))

    store.do(lambda tx: echoes.tidy(tx, NOON_S + DAY))
    kept = store.read(lambda tx: tx.rows(sa.select(marks)))
    store.do(lambda tx: echoes.tidy(tx, NOON_S + DAY + 1))

    assert (NOON_S, 1) == (row.at, row.n)
    assert (1, []) == (len(kept), store.read(lambda tx: tx.rows(sa.select(marks))))
    assert "echoes" not in {each.name for each in backups.TABLES}
    assert {"tallies", "alarms", "tasks"} <= {each.name for each in backups.TABLES}

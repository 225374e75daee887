"""What is due and what was filed: nothing is forgotten, nothing is done twice, nothing closes without an answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from store import cases, diary
from store.cases import Case, Unanswered
from store.db import Store, Tx
from store.schema import entries
from tests.conftest import NOON_S
from tests.store.office import DAY, Office, case

CASE = case()


@pytest.fixture
def office(store: Store) -> Office:
    """Two desks, with one member each."""
    return Office(store).desk("general", "women").member("ann", "general").member("wen", "women")


@pytest.fixture
def desk(office: Office) -> Store:
    return office.store


def _file(office: Office, new: Case = CASE) -> Case:
    return office.file(new)


def _opened(office: Office) -> list[tuple[str, bytes]]:
    found = office.read("ann")
    assert found is not None
    return found


def test_one_time_is_kept_of_each_kind_and_person(store: Store) -> None:
    """Whoever writes again is asked again later, and not twice."""
    for due in (NOON_S + 10, NOON_S + 20):
        store.do(lambda tx, due=due: diary.write(tx, "draft", due, address="a"))
    store.do(lambda tx: diary.write(tx, "draft", NOON_S + 10, address="b"))

    early = store.do(lambda tx: diary.take_due(tx, NOON_S + 15))
    late = store.do(lambda tx: diary.take_due(tx, NOON_S + 25))

    assert (["b"], ["a"]) == ([each.address for each in early], [each.address for each in late])


def test_what_is_due_is_taken_once(store: Store) -> None:
    """Two schedulers on one database do not both write to me."""
    for n in range(40):
        store.do(lambda tx, n=n: diary.write(tx, "follow_up", NOON_S, address=f"a{n}"))

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda _: store.do(lambda tx: diary.take_due(tx, NOON_S, 7)), range(12)))

    every = [each.address for some in taken for each in some]
    assert sorted(f"a{n}" for n in range(40)) == sorted(str(each) for each in every)


def test_what_was_not_acted_upon_comes_back(store: Store) -> None:
    """A scheduler that dies in the middle of a promise leaves the promise in the diary."""
    store.do(lambda tx: diary.write(tx, "answer", NOON_S, case="AAAA-BBBB"))

    def dies(tx: Tx) -> None:
        assert diary.take_due(tx, NOON_S)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.do(dies)

    assert ["AAAA-BBBB"] == [each.case for each in store.do(lambda tx: diary.take_due(tx, NOON_S))]


def test_one_that_fails_is_put_off_and_stops_no_other(store: Store) -> None:
    """One promise that cannot be kept now is tried again in an hour; the others are kept."""
    for each in ("good", "bad", "fine"):
        store.do(lambda tx, each=each: diary.write(tx, "answer", NOON_S, case=each))
    done: list[str | None] = []

    def on(_: Tx, entry: diary.Entry) -> None:
        if entry.case == "bad":
            raise RuntimeError
        done.append(entry.case)

    counted = store.do(lambda tx: diary.act(tx, NOON_S, on))

    assert ((3, 1), ["good", "fine"]) == (counted, done)
    assert [] == store.do(lambda tx: diary.take_due(tx, NOON_S + 3599))
    assert ["bad"] == [each.case for each in store.do(lambda tx: diary.take_due(tx, NOON_S + 3600))]


def test_what_was_struck_is_not_due(store: Store) -> None:
    """A report that was sent is not erased as an old draft."""
    store.do(lambda tx: diary.write(tx, "draft", NOON_S, address="a"))

    store.do(lambda tx: diary.strike(tx, "draft", "a"))

    assert [] == store.do(lambda tx: diary.take_due(tx, NOON_S))


# --- cases ------------------------------------------------------------------------------------------------------------


def test_a_filed_case_is_found_by_its_reference_and_its_code(office: Office, desk: Store) -> None:
    """What I filed is there as I filed it."""
    filed = _file(office)

    assert CASE == replace(filed, public=b"", head=b"")
    assert filed == desk.read(lambda tx: cases.get(tx, CASE.reference))
    assert filed == desk.read(lambda tx: cases.seek(tx, ["another", f"locator {CASE.reference}"]))
    assert desk.read(lambda tx: cases.seek(tx, ["another"])) is None
    assert [("report", b"report")] == _opened(office)


def test_a_draft_s_file_is_found_by_its_owner_alone(office: Office, desk: Store) -> None:
    """A stranger's photo cannot be taken into a report by naming it."""
    desk.do(lambda tx: cases.keep_draft_file(tx, "mine", "a", b"locked", NOON_S))

    found = desk.read(lambda tx: (cases.draft_file(tx, "mine", "a"), cases.draft_file(tx, "mine", "b")))

    assert (b"locked", None) == found


def test_a_file_of_a_case_is_sealed_for_its_desk(office: Office, desk: Store) -> None:
    """A photo I send later is read by the people who read my report, and is refused once it is closed."""
    _file(office)

    added = [desk.do(lambda tx: cases.add_file(tx, CASE.reference, "file", b"photo", NOON_S, "one"))]
    desk.do(lambda tx: cases.close(tx, CASE.reference, NOON_S, reason=True))
    added.append(desk.do(lambda tx: cases.add_file(tx, CASE.reference, "file", b"another", NOON_S, "two")))

    assert [True, False] == added
    assert [("report", b"report"), ("file", b"photo")] == _opened(office)


def test_an_addition_to_an_anonymous_case_names_the_day_only(office: Office, desk: Store) -> None:
    """The second of my addition would tell who wrote it."""
    _file(office, replace(CASE, mode="anonymous", address=None, filed=NOON_S - NOON_S % DAY))

    desk.do(lambda tx: cases.add_from_person(tx, CASE.reference, "more", NOON_S))

    found = desk.read(lambda tx: cases.entries_of(tx, CASE.reference))
    assert [NOON_S - NOON_S % DAY] * 2 == [each.at for each in found]


def test_a_dropped_draft_takes_only_its_own_files(office: Office, desk: Store) -> None:
    """Erase my draft: its photos are gone, and only they."""
    for id_, owner in (("mine", "a"), ("hers", "b")):
        desk.do(lambda tx, id_=id_, owner=owner: cases.keep_draft_file(tx, id_, owner, b"x", NOON_S))

    desk.do(lambda tx: cases.drop_files(tx, ["mine", "hers"], "a"))

    assert ["hers"] == [row.id for row in desk.read(lambda tx: tx.rows(sa.select(entries.c.id)))]


def test_what_is_added_stands_in_order(office: Office, desk: Store) -> None:
    """What I add later is read after what I said first, also in the same second."""
    _file(office)
    for n in range(5):
        assert desk.do(lambda tx, n=n: cases.add_from_person(tx, CASE.reference, f"more {n}", NOON_S))

    assert [b"report", *(f"more {n}".encode() for n in range(5))] == [words for _, words in _opened(office)]


def test_nothing_is_added_to_what_is_closed_or_unknown(office: Office, desk: Store) -> None:
    """What is added to a closed report is refused, and not swallowed."""
    _file(office)
    desk.do(lambda tx: cases.close(tx, CASE.reference, NOON_S, reason=True))

    added = [
        desk.do(lambda tx, each=each: cases.add_from_person(tx, each, "more", NOON_S))
        for each in (CASE.reference, "ZZZZ-ZZZZ")
    ]

    assert [False, False] == added
    assert 1 == len(_opened(office))


def test_a_case_closes_only_with_an_answer_or_a_reason(office: Office, desk: Store) -> None:
    """Nobody can close my report without telling me anything, or saying in writing why not. (R23)"""
    references = ("A", "B", "C")
    for each in references:
        _file(office, replace(CASE, reference=each))
    desk.do(lambda tx: cases.answered(tx, "B", NOON_S))

    for each in ("A", "unknown"):
        with pytest.raises(Unanswered):
            desk.do(lambda tx, each=each: cases.close(tx, each, NOON_S, reason=False))
    desk.do(lambda tx: cases.close(tx, "B", NOON_S, reason=False))
    desk.do(lambda tx: cases.close(tx, "C", NOON_S, reason=True))

    states = [office.case(each).state for each in references]
    assert ["filed", "closed", "closed"] == states


def test_an_answer_stops_its_clocks(office: Office, desk: Store) -> None:
    """When I was answered no alert and no letter says that you are late."""
    _file(office)
    for kind in ("first_look", "answer", "follow_up"):
        desk.do(lambda tx, kind=kind: diary.write(tx, kind, NOON_S, case=CASE.reference))
        assert desk.do(lambda tx, kind=kind: cases.alert(tx, CASE.reference, kind, NOON_S))
    again = desk.do(lambda tx: cases.alert(tx, CASE.reference, "answer", NOON_S))

    desk.do(lambda tx: cases.read_by_staff(tx, CASE.reference, NOON_S))
    read = desk.read(lambda tx: cases.alerts_of(tx, [CASE.reference]))
    desk.do(lambda tx: cases.answered(tx, CASE.reference, NOON_S))

    assert again is False
    assert ["answer", "follow_up"] == sorted(read[CASE.reference])
    assert {} == desk.read(lambda tx: cases.alerts_of(tx, [CASE.reference]))
    assert [] == desk.do(lambda tx: diary.take_due(tx, NOON_S))


def test_people_who_asked_for_a_person_stand_on_top(office: Office, desk: Store) -> None:
    """Whoever waits for a human is seen first, then whoever has the least time left."""
    for reference, human, first in (
        ("soon", False, 1),
        ("later", False, 5),
        ("human", True, 9),
        ("elsewhere", True, 1),
    ):
        _file(office, replace(CASE, reference=reference, human=human, first_look_by=NOON_S + first * DAY))
    desk.do(lambda tx: cases.close(tx, "elsewhere", NOON_S, reason=True))

    assert ["human", "soon", "later"] == office.listed("ann")
    assert [] == office.listed("wen")
    assert ["elsewhere"] == office.listed("ann", closed=True)


def test_a_missed_date_has_a_next_one(office: Office, desk: Store) -> None:
    """You are late and say until when; that date is watched as well. (R24)"""
    _file(office)

    desk.do(lambda tx: cases.late(tx, CASE.reference, NOON_S + 20 * DAY))

    [noted] = desk.do(lambda tx: diary.take_due(tx, NOON_S + 20 * DAY))
    due = office.case().answer_by
    assert ("answer", CASE.reference, NOON_S + 20 * DAY) == (noted.kind, noted.case, due)

"""Members, their desks and what rests on them, as rows: the same on both databases."""

from __future__ import annotations

import pytest

from store import casekeys, cases, erasing, opening, staff
from store.db import Store
from tests.conftest import NOON_S
from tests.store.office import Office, case


@pytest.fixture
def office(store: Store) -> Office:
    """Two desks: Ann and Ben at General, Ben and Wen, a woman, at PSEA."""
    made = Office(store).desk("general", "psea")
    return made.member("ann", "general").member("ben", "general", "psea").member("wen", "psea", gender="woman")


def test_the_list_of_one_desk_has_that_desks_cases_and_counts_only(office: Office) -> None:
    """I asked for one desk of mine: how many more there are is told of that one."""
    for n in range(4):
        office.file(case(f"G-{n}"))
    office.file(case("P-0", desk="psea"))

    some, more = office.store.read(lambda tx: cases.listed(tx, office.access("ben"), 0, 3, desk="general"))
    other, none = office.store.read(lambda tx: cases.listed(tx, office.access("ben"), 0, 3, desk="psea"))

    assert ({"general"}, 3, 1) == ({each.case.desk for each in some}, len(some), more)
    assert (["P-0"], 0) == ([each.case.reference for each in other], none)


def test_which_of_some_cases_a_member_may_see(office: Office) -> None:
    """Those of my desks that are not shut to me and whose person did not ask for somebody else."""
    office.file(case("MINE-0"))
    office.file(case("PSEA-0", desk="psea"))
    office.file(case("SHUT-0"), shut=["ann"])
    office.file(case("ASKS-0", handler="woman"))
    every = ["MINE-0", "PSEA-0", "SHUT-0", "ASKS-0", "NONE-0"]

    seen = office.store.read(lambda tx: cases.seen_by(tx, office.access("ann"), every))

    assert {"MINE-0"} == seen


def test_who_waits_for_somebody_else_at_my_desks(office: Office) -> None:
    """The desk and whom they asked for, once, and nothing of desks that are not mine."""
    for each in ("A-0", "A-1"):
        office.file(case(each, handler="woman"))
    office.file(case("P-0", desk="psea", handler="man"))

    assert [("general", "woman")] == office.store.read(lambda tx: cases.waiting_for_others(tx, office.access("ann")))
    office.store.do(lambda tx: cases.close(tx, "A-0", NOON_S, reason=True))
    office.store.do(lambda tx: cases.close(tx, "A-1", NOON_S, reason=True))
    assert [] == office.store.read(lambda tx: cases.waiting_for_others(tx, office.access("ann")))


def test_a_case_that_only_one_member_can_open_rests_on_them(office: Office) -> None:
    """Shut to Ann, open to Ben alone: it rests on Ben at that desk, and at no other."""
    office.file(case("SHUT-0"), shut=["ann"])

    rests = [office.store.read(lambda tx, w=who, d=desk: casekeys.rests_on(tx, w, d))
             for who, desk in (("ben", "general"), ("ben", None), ("ben", "psea"), ("ann", None))]  # fmt: skip

    assert [True, True, False, False] == rests


def test_a_newcomer_is_let_in_where_single_members_are_and_those_shut_out_are_not(office: Office) -> None:
    """Whoever comes to the desk later reads what is shut to Ann; Ann does not."""
    office.file(case("SHUT-0"), shut=["ann"])
    office.store.do(lambda tx: opening.give_desks(tx, office.ring("ben"), ["general"], "wen",
                                                  office.members["wen"].recipient))  # fmt: skip

    office.store.do(lambda tx: opening.share(tx, office.ring("ben")))

    assert [("report", b"report")] == office.read("wen", "SHUT-0")
    assert office.read("ann", "SHUT-0") is None
    assert not office.store.read(lambda tx: casekeys.rests_on(tx, "ben"))


def test_whoever_leaves_one_desk_keeps_what_is_theirs_at_the_other(office: Office) -> None:
    """Ben's own wraps of General's cases go, those of PSEA's stay."""
    office.file(case("SHUT-0"), shut=["ann"])
    office.file(case("SHUT-1", desk="psea"), shut=["wen"])

    office.store.do(lambda tx: casekeys.take_from(tx, "ben", "general"))

    assert (None, [("report", b"report")]) == (office.read("ben", "SHUT-0"), office.read("ben", "SHUT-1"))


def test_a_retired_account_has_nothing_left(office: Office) -> None:
    """No session, no invitation, no desk; and it cannot sign in."""
    session = opening.new_session("ben", office.members["ben"], "token", NOON_S)
    office.store.do(lambda tx: staff.sign_in(tx, session))
    id_ = office.store.do(lambda tx: opening.invite(tx, office.ring("ben"), ["psea"], "secret", NOON_S, NOON_S + 9))

    office.store.do(lambda tx: staff.retire(tx, "ben"))

    held = office.store.read(staff.desks_of)
    assert not {"ben", id_} & set(held)
    assert office.store.read(lambda tx: staff.session(tx, session.id)) is None
    assert not office.store.read(lambda tx: staff.invited(tx, id_, NOON_S))
    assert office.store.read(lambda tx: staff.by_login(tx, "ben")) is None
    assert ["ann"] == [each.id for each in office.store.read(lambda tx: staff.members_of(tx, "general"))]


def test_what_is_taken_from_somebody_is_owed_by_the_log_until_it_has_let_go(office: Office) -> None:
    """A log that could not be truncated at once is truncated later, also where nothing was erased."""
    erasing.let_go(office.store)
    assert office.store.read(erasing.owed) is None

    office.store.do(erasing.owe)

    assert office.store.read(erasing.owed) is not None
    assert erasing.let_go(office.store)
    assert office.store.read(erasing.owed) is None


def test_one_damaged_wrap_leaves_the_others(office: Office) -> None:
    """A desk's key that was damaged for me is named, and my other desk is there."""
    whole = next(each for each in office.store.read(lambda tx: staff.wraps(tx, "ben")) if each.desk == "psea")
    broken = staff.Wrap(whole.desk, whole.key_id, whole.holder, whole.sealed[:-1] + bytes([whole.sealed[-1] ^ 1]))
    office.store.do(lambda tx: staff.wrap(tx, broken))

    ring = office.ring("ben")

    assert (["general"], ("psea",)) == (list(ring.desks), ring.damaged)

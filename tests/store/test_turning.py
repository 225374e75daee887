"""Desks' and members' keys are rotated while everybody works: all is read on, and who had an old key reads nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import sqlalchemy as sa

from store import announcements, audit, casekeys, cases, keys, opening, staff, turning
from store.casekeys import RECOVERY
from store.db import Store, Tx
from store.places import Unopenable
from store.schema import case_wraps, desk_wraps
from store.schema import staff as accounts
from store.sealing import seal
from store.turning import NotTurned
from store.unsealing import Identity
from tests.conftest import NOON_S
from tests.store.mortal import Died, Mortal
from tests.store.office import Office, case

DAY = 24 * 3600


@pytest.fixture
def office(store: Store) -> Office:
    """Two desks; Ann and Ben at the first, Ben and Cem at the second; three cases, one of them shut to Ben."""
    office = Office(store).desk("general", "psea")
    office.member("ann", "general").member("ben", "general", "psea").member("cem", "psea")
    for n, (reference, desk) in enumerate((("AAAA", "general"), ("BBBB", "general"), ("CCCC", "psea"))):
        office.file(case(reference, desk=desk), report=f"report {n}".encode())
    office.file(case("DDDD"), report=b"about Ben", shut=["ben"])
    to = [office.desks["general"].recipient]
    store.do(lambda tx: announcements.write(tx, "n1", "{}", "ann", to, NOON_S))
    partner = seal(b"a partner", announcements.partner_place("l1"), to)
    store.do(lambda tx: announcements.link_code(tx, "l1", partner, "ann", NOON_S, NOON_S + DAY))
    return office


def reads(office: Office, name: str) -> list[str]:
    """The cases a member can read, each with its report opened."""
    told = {reference: office.read(name, reference) for reference in ("AAAA", "BBBB", "CCCC", "DDDD")}
    return [reference for reference, words in told.items() if words is not None and words[0][0] == "report"]


def opened_with(identity: Identity, store: Store) -> int:
    """How many cases' keys this key opens."""
    done = 0
    for row in store.read(lambda tx: tx.rows(sa.select(case_wraps))):
        try:
            identity.open(row.sealed, casekeys.place(row.case_ref, row.holder))
        except Unopenable:
            continue
        done += 1
    return done


def test_after_a_desks_rotation_its_members_read_on_and_the_old_key_opens_nothing(office: Office) -> None:
    """Everybody reads what they read before; whoever kept the desk's old key and took the database opens no case."""
    store, old = office.store, office.desks["general"]
    before = {name: reads(office, name) for name in ("ann", "ben", "cem")}

    done = turning.desk_key(store, office.ring("ann"), "general", NOON_S, "ann")

    assert before == {name: reads(office, name) for name in ("ann", "ben", "cem")}
    assert {"ann": ["AAAA", "BBBB", "DDDD"], "ben": ["AAAA", "BBBB", "CCCC"], "cem": ["CCCC"]} == before
    assert (2, 2, 0, 0) == (done.cases, done.others, done.damaged, opened_with(old, store))
    assert old.recipient.id.hex() not in [each.id for each in store.read(keys.every)]
    held = store.read(lambda tx: tx.rows(sa.select(desk_wraps.c.key_id)))
    assert old.recipient.id.hex() not in [row.key_id for row in held]
    assert ((), 1) == (store.read(turning.due), len(office.ring("ann").every))


def test_announcements_and_partners_are_read_on(office: Office) -> None:
    """What is sealed for the desk itself goes along."""
    turning.desk_key(office.store, office.ring("ann"), "general", NOON_S, "ann")

    ring = office.ring("ann")
    written = office.store.read(lambda tx: announcements.get(tx, "n1"))
    [(id_, partner, _, _)] = office.store.read(announcements.links)
    assert written is not None
    assert b"{}" == ring.open("general", written.sealed, announcements.place("n1"))
    assert b"a partner" == ring.open("general", partner, announcements.partner_place(id_))
    assert [] == [each for each in (written.sealed, partner) if office.desks["general"].recipient.id in each]


def test_what_is_filed_afterwards_is_for_the_new_key(office: Office) -> None:
    """Nothing is sealed for the old key once the new one is there."""
    turning.desk_key(office.store, office.ring("ann"), "general", NOON_S, "ann")

    office.file(case("EEEE"))

    assert (0, True) == (opened_with(office.desks["general"], office.store), office.read("ben", "EEEE") is not None)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_rotation_that_was_killed_goes_on(
    office: Office, url: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at any step: all read on meanwhile, the same command ends it, and no third key is made."""
    monkeypatch.setattr(turning, "_BATCH", 1)
    for step in count():
        mortal = Mortal(url)
        mortal.left, mortal.after = step, after
        try:
            turning.desk_key(mortal, office.ring("ann"), "general", NOON_S, "ann")
            died = False
        except Died:
            died = True
        mortal.close()
        between, unfinished = office.ring("ann").desks["general"], office.store.read(turning.due)
        assert ["AAAA", "BBBB", "DDDD"] == reads(office, "ann"), step
        assert ["AAAA", "BBBB"] == [each for each in office.listed("ben") if each != "CCCC"]

        if died and unfinished:
            turning.desk_key(office.store, office.ring("ben"), "general", NOON_S, "ben")

        assert between == office.ring("ann").desks["general"]
        assert (["AAAA", "BBBB", "CCCC"], (), 1) == (
            reads(office, "ben"), office.store.read(turning.due), len(office.ring("ann").every)
        )  # fmt: skip
        if not died:
            break
    assert step > 4


def test_reports_come_in_while_a_desks_key_is_rotated(office: Office) -> None:
    """Twenty reports are filed while the key is rotated three times; every one is read, none is under an old key."""
    store, olds = office.store, [office.desks["general"]]

    def rotate() -> None:
        for _ in range(3):
            turning.desk_key(store, office.ring("ann"), "general", NOON_S, "ann")
            olds.append(office.ring("ann").desks["general"])

    with ThreadPoolExecutor(5) as threads:
        rotating = threads.submit(rotate)
        filed = [threads.submit(office.file, case(f"F{n:03}")) for n in range(20)]
        rotating.result()
        names = [each.result().reference for each in filed]

    assert [] == [each for each in names if office.read("ben", each) is None]
    assert [0, 0, 0] == [opened_with(each, store) for each in olds[:3]]


def test_whoever_was_invited_before_the_rotation_enrols_after_it(office: Office) -> None:
    """My invitation lay in my mailbox while the key was rotated: I enrol and read the desk's cases."""
    ring, new = office.ring("ann"), Identity.new()
    office.store.do(lambda tx: opening.invite(tx, ring, ["general"], "token", NOON_S, NOON_S + DAY))
    dan = staff.Member("dan", "dan", "Dan", "", new.recipient.public, b"salt", b"", 0, active=True)

    turning.desk_key(office.store, ring, "general", NOON_S, "ann")

    assert office.store.do(lambda tx: opening.enrol(tx, "token", dan, NOON_S))
    office.members["dan"] = new
    assert ["AAAA", "BBBB"] == reads(office, "dan")


def test_a_colleague_who_invites_with_an_old_page_gives_the_new_key(office: Office) -> None:
    """I opened my page before the rotation and invite somebody after it: they read the desk's cases."""
    ring, new = office.ring("ann"), Identity.new()
    turning.desk_key(office.store, office.ring("ben"), "general", NOON_S, "ben")

    office.store.do(lambda tx: opening.invite(tx, ring, ["general"], "token", NOON_S, NOON_S + DAY))

    dan = staff.Member("dan", "dan", "Dan", "", new.recipient.public, b"salt", b"", 0, active=True)
    assert office.store.do(lambda tx: opening.enrol(tx, "token", dan, NOON_S))
    office.members["dan"] = new
    assert ["AAAA", "BBBB"] == reads(office, "dan")


def test_a_colleague_who_has_left_does_not_get_the_new_key(office: Office) -> None:
    """Ben has left with the desk's key in his head: the next rotation, which was asked for, leaves him outside."""
    store, ben = office.store, office.ring("ben")

    def leaves(tx: Tx) -> None:
        tx.do(sa.update(accounts).where(accounts.c.id == "ben").values(active=False))
        turning.ask(tx, "general")
        turning.ask(tx, "psea")

    store.do(leaves)
    assert ("general", "psea") == store.read(turning.due)
    turning.desk_sweep(store, office.ring("ann"), "general", NOON_S, "ann")

    assert ("psea",) == store.read(turning.due)
    assert (["AAAA", "BBBB", "DDDD"], ["CCCC"]) == (reads(office, "ann"), reads(office, "ben"))
    assert 0 == opened_with(ben.desks["general"], store)


def test_whoever_leaves_in_the_middle_of_a_rotation_is_left_outside_by_the_next(office: Office, url: str) -> None:
    """Ben was given the new key before he left; the sweep ends that rotation and makes one more key, without him."""
    mortal = Mortal(url)
    mortal.left, mortal.after = 0, True
    with pytest.raises(Died):
        turning.desk_key(mortal, office.ring("ann"), "general", NOON_S, "ann")
    mortal.close()
    ben = office.ring("ben")

    def leaves(tx: Tx) -> None:
        tx.do(sa.update(accounts).where(accounts.c.id == "ben").values(active=False))
        turning.ask(tx, "general")

    office.store.do(leaves)
    turning.desk_sweep(office.store, office.ring("ann"), "general", NOON_S, "ann")

    general = [each for each in ben.every.values() if each != ben.desks["psea"]]
    assert (2, [0, 0]) == (len(general), [opened_with(each, office.store) for each in general])
    assert ((), ["AAAA", "BBBB", "DDDD"]) == (office.store.read(turning.due), reads(office, "ann"))


def test_only_a_member_of_the_desk_can_rotate_its_key(office: Office) -> None:
    """Somebody else cannot open what has to be wrapped anew, and is told so."""
    with pytest.raises(NotTurned, match="not one of its members"):
        turning.desk_key(office.store, office.ring("cem"), "general", NOON_S, "cem")
    with pytest.raises(NotTurned, match="no desk nowhere"):
        turning.desk_key(office.store, office.ring("cem"), "nowhere", NOON_S, "cem")


def test_a_damaged_case_stops_no_rotation(office: Office) -> None:
    """One case's wrap is damaged: it is counted, and all others are under the new key."""
    office.store.do(lambda tx: tx.do(sa.update(case_wraps).where(case_wraps.c.case_ref == "AAAA").values(sealed=b"x")))

    done = turning.desk_key(office.store, office.ring("ann"), "general", NOON_S, "ann")

    assert (1, 1) == (done.cases, done.damaged)
    assert all(office.read("ann", each) for each in ("BBBB", "DDDD"))


def test_every_step_is_in_the_audit(office: Office) -> None:
    """Who rotated what, and when the old key went, stands in the audit, which stays whole."""
    turning.desk_key(office.store, office.ring("ann"), "general", NOON_S, "ann")

    acts = [(row.who, row.act, row.about) for row in office.store.read(audit.recent)]
    assert [("ann", "took an old key away", "desk general"), ("ann", "made a new key", "desk general")] == acts[:2]
    assert office.store.read(audit.first_broken) is None


# --- a member's own key -----------------------------------------------------------------------------------------------


def test_a_member_gets_another_key_with_another_password(store: Store) -> None:
    """I change my password: I read all I read before, also what is shut to a colleague; my old key opens nothing."""
    office = Office(store).desk("general").member("ben", "general")
    member, me = opening.new_member("ann", "ann", "Ann", "an old password", "TOTP")
    store.do(lambda tx: staff.add(tx, member, NOON_S))
    store.do(lambda tx: opening.give(tx, "general", office.desks["general"], "ann", me.recipient))
    office.members["ann"] = me
    office.file(case("AAAA"))
    office.file(case("DDDD"), shut=["ben"])
    store.do(lambda tx: staff.sign_in(tx, opening.new_session("ann", me, "cookie", NOON_S)))
    signed = turning.signed(store, "ann", "an old password")
    assert signed is not None

    office.members["ann"] = turning.staff_key(store, signed.member, signed.unlocked, "a new password", NOON_S, "ann")

    again = turning.signed(store, "ann", "a new password")
    assert again is not None
    assert ("TOTP", None) == (again.unlocked.totp, turning.signed(store, "ann", "an old password"))
    assert [True, True] == [office.read("ann", each) is not None for each in ("AAAA", "DDDD")]
    assert store.read(lambda tx: staff.session(tx, opening.session_id("cookie"))) is None
    assert 0 == opened_with(me, store)
    wraps = store.read(lambda tx: staff.wraps(tx, "ann"))
    with pytest.raises(Unopenable):
        me.open(wraps[0].sealed, wraps[0].place)
    with pytest.raises(NotTurned, match="at the same moment"):
        turning.staff_key(store, signed.member, signed.unlocked, "a third password", NOON_S, "ann")


# --- a new desk, recovery ---------------------------------------------------------------------------------------------


def test_a_new_desk_is_for_the_members_it_is_made_for(office: Office) -> None:
    """A desk that the programme names anew is opened by whom I say, and by nobody else."""
    office.store.do(lambda tx: turning.new_desk(tx, "women", ["ann", "cem"], NOON_S, "operator"))

    office.file(case("WWWW", desk="women"))

    assert [True, False, True] == [office.read(name, "WWWW") is not None for name in ("ann", "ben", "cem")]
    with pytest.raises(NotTurned, match="has a key already"):
        office.store.do(lambda tx: turning.new_desk(tx, "women", ["ann"], NOON_S, "operator"))
    with pytest.raises(NotTurned, match="Nobody signs in as zoe"):
        office.store.do(lambda tx: turning.new_desk(tx, "child", ["zoe"], NOON_S, "operator"))


def test_recovery_opens_what_was_wrapped_for_it_and_follows_rotations(office: Office) -> None:
    """The recovery key opens the desks of whoever wrapped them, also after a rotation, and what is shut to somebody."""
    store, recovery = office.store, Identity.new()

    def made(tx: Tx) -> tuple[str, ...]:
        keys.publish(tx, RECOVERY, RECOVERY, recovery.recipient, NOON_S)
        return turning.recover_with(tx, office_ring, recovery.recipient)

    office_ring = office.ring("ann")
    assert ("psea",) == store.do(made)
    turning.desk_key(store, office.ring("ann"), "general", NOON_S, "ann")

    ring = store.read(lambda tx: opening.ring_of(tx, RECOVERY, recovery))
    assert ["general"] == sorted(ring.desks)
    found = store.read(lambda tx: casekeys.wraps_for(tx, "AAAA", tuple(ring.every)))
    assert b"report 0" == ring.unwrap(office.case("AAAA"), *found[0]).entry(
        store.read(lambda tx: cases.entries_of(tx, "AAAA"))[0]
    )
    [(_, sealed)] = store.read(lambda tx: casekeys.wraps_for(tx, "DDDD", (RECOVERY,)))
    assert recovery.open(sealed, casekeys.place("DDDD", RECOVERY))

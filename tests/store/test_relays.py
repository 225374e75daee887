"""Passages that wait for an interpreter: handed over once, promised once, and gone with whatever they hang on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from store import casekeys, cases, erasing, relays, staff
from store.db import Store, Tx
from store.places import Unopenable
from store.unsealing import Identity
from tests.conftest import NOON_S
from tests.store.office import Office, case

PASSAGE = "canary-b81e ils ont pris ma carte"


@pytest.fixture
def office(store: Store) -> Office:
    """Ann deals with two cases at one desk; Lou and Wen, who interpret, work at another."""
    office = Office(store).desk("general", "psea")
    office.member("ann", "general").member("lou", "psea").member("wen", "psea")
    for each in ("AAAA", "BBBB"):
        office.file(case(each))
    for id_, reference, to in (("one", "AAAA", "lou"), ("two", "AAAA", "wen"), ("three", "BBBB", "lou")):
        assert ask(office, id_, reference, to)
    return office


def ask(office: Office, id_: str, reference: str, to: str) -> bool:
    key = office.members[to].recipient
    return office.store.do(lambda tx: relays.ask(tx, id_, reference, to, key, PASSAGE, "ann", "fr", NOON_S))


def left(office: Office) -> set[str]:
    """What still waits for anybody."""
    return {
        each.id for who in ("lou", "wen") for each in office.store.read(lambda tx, who=who: relays.waiting(tx, who))
    }


def test_a_passage_is_opened_by_its_interpreter_and_nobody_else(office: Office) -> None:
    """What Ann handed over has no clear word; Lou reads it, nobody else does, and not in another's place. (R61)"""
    relay, other = office.store.read(lambda tx: (relays.get(tx, "one"), relays.get(tx, "three")))
    assert relay is not None
    assert other is not None

    assert PASSAGE.encode() not in relay.sealed
    assert PASSAGE == office.ring("lou").own(relay.sealed, relay.place).decode()
    for key in (office.members["wen"], office.members["ann"], office.desks["general"]):
        with pytest.raises(Unopenable):
            key.open(relay.sealed, relay.place)
    with pytest.raises(Unopenable):
        office.members["lou"].open(relay.sealed, other.place)


def test_it_is_asked_promised_and_settled_once(office: Office) -> None:
    """Whatever is repeated changes nothing. (R61)"""
    again = ask(office, "one", "BBBB", "wen")
    twice = [office.store.do(lambda tx: relays.promise(tx, "one")) for _ in range(2)]
    gone = [office.store.do(lambda tx: relays.drop(tx, "one")) for _ in range(2)]

    assert (again, twice, gone) == (False, [True, False], [True, False])
    assert left(office) == {"two", "three"}
    assert [True, False] == [office.store.read(lambda tx, w=who: relays.waits(tx, w)) for who in ("wen", "ann")]


def _rekeyed(tx: Tx) -> None:
    before = staff.by_id(tx, "lou")
    assert before is not None
    assert not staff.rekey(tx, replace(before, salt=b"another"), b"p" * 32, b"t" * 16, b"locked")
    assert len(relays.waiting(tx, "lou")) == 2
    assert staff.rekey(tx, before, Identity.new().recipient.public, b"t" * 16, b"locked")


@pytest.mark.parametrize(("how", "stays"), [
    (lambda tx: cases.close(tx, "AAAA", NOON_S, reason=True), {"three"}),
    (lambda tx: cases.move(tx, "AAAA", "psea"), {"three"}),
    (lambda tx: erasing.erase_case(tx, "AAAA", "staff", NOON_S), {"three"}),
    (lambda tx: casekeys.shut(tx, "AAAA", ["lou"]), {"two", "three"}),
    (lambda tx: staff.retire(tx, "lou"), {"two"}),
    (_rekeyed, {"two"}),
], ids=["closed", "given away", "erased", "shut out", "retired", "another key"])  # fmt: skip
def test_it_goes_with_what_it_hangs_on(office: Office, how: Callable[[Tx], object], stays: set[str]) -> None:
    """The case is closed, given away or erased, the interpreter shut out of it, gone, or has another key. (R61)"""
    office.store.do(how)

    assert left(office) == stays


def test_another_key_of_the_case_does_not_matter(office: Office) -> None:
    """The case is shut to somebody else and has another key: Lou's passage still waits and is still read. (R61)"""
    opened = office.opened("ann", "AAAA")
    assert opened is not None
    office.store.do(lambda tx: opened.rekey(tx, casekeys.readers(tx, "general")))

    relay = office.store.read(lambda tx: relays.get(tx, "one"))
    assert relay is not None
    assert PASSAGE == office.ring("lou").own(relay.sealed, relay.place).decode()

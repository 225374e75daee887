"""Whoever has left keeps what they saved, and it opens nothing that comes afterwards."""

import time

import pytest
from conftest import CANARY, form_on

from store import audit, cases, keys, opening, staff, turning
from store.casekeys import wraps_for
from store.places import Unopenable


def enter(house, browsers, name, desks=("general",)):
    browser = browsers()
    browser.member, browser.identity, _ = house.member(name, desks)
    browser.sign_in_as(house, browser.member, browser.identity)
    return browser


@pytest.fixture
def ben(house, browsers):
    """Ben works beside Ada."""
    return enter(house, browsers, "ben")


def settle(house, patience=10.0):
    """Wait until no desk's key is due any more, as far as somebody works on it."""
    until = time.monotonic() + patience
    while house.store.read(turning.due):
        assert time.monotonic() < until, "the rotation did not come to its end"
        time.sleep(0.02)


def desk_key(house, desk="general"):
    return house.store.read(lambda tx: keys.desk(tx, desk))


def saved(house, browser):
    """What somebody can take along: their key, and everything it opens today."""
    return house.store.read(lambda tx: opening.ring_of(tx, browser.member.id, browser.identity))


async def test_after_leaving_the_desk_has_another_key_and_everybody_else_reads_on(house, ada, ben):
    """Ben left: old and new cases are Ada's to read, under a key that Ben never had."""
    house.case("R-1")
    before = desk_key(house)

    await ada.submit("/colleagues", "/colleagues/id-ben/retire", sure="1")
    settle(house)
    house.case("R-2")

    assert desk_key(house) != before
    assert all([CANARY in (await ada.get(f"/cases/{each}")).text for each in ("R-1", "R-2")])
    assert house.store.read(lambda tx: wraps_for(tx, "R-1", [before.id.hex()])) == []


@pytest.mark.parametrize("how", ["leave", "retire"])
async def test_saved_keys_open_nothing_that_is_filed_afterwards(house, ada, ben, how):
    """With all his keys of yesterday and the whole database of tomorrow, Ben opens no case that came after him."""
    house.case("R-1")
    ring = saved(house, ben)
    assert house.store.read(lambda tx: ring.case(tx, cases.get(tx, "R-1")))

    await ada.submit("/colleagues", f"/colleagues/id-ben/{how}", desk="general", sure="1")
    settle(house)
    house.case("R-2")

    now = house.store.read(lambda tx: opening.ring_of(tx, "id-ben", ben.identity))
    after = house.store.read(lambda tx: cases.get(tx, "R-2"))
    assert now.every == {}
    assert house.store.read(lambda tx: ring.case(tx, after)) is None
    tried = [
        (holder, key)
        for holder, sealed in house.store.read(lambda tx: every_wrap(tx, "R-2"))
        for key in (ring.me, *ring.every.values())
        if opens(key, after, holder, sealed)
    ]
    assert tried == []


def every_wrap(tx, reference):
    holders = [each.id for each in keys.every(tx)] + [f"staff:{each.id}" for each in staff.every(tx)]
    return wraps_for(tx, reference, holders)


def opens(key, case, holder, sealed):
    try:
        return bool(opening.Ring("", key, {}, {holder: key}).unwrap(case, holder, sealed))
    except Unopenable:
        return False


async def test_a_desk_that_nobody_present_holds_waits_for_one_of_its_own(house, browsers, ada, ben):
    """Ben worked at PSEA too, where Ada does not: its key is due, and changed when Eve comes by."""
    eve = enter(house, browsers, "eve", ("psea",))
    house.store.do(lambda tx: opening.give_desks(tx, opening.ring_of(tx, *house._founder()), ["psea"], "id-ben",
                                                 ben.identity.recipient))  # fmt: skip
    before = desk_key(house, "psea")
    await ada.submit("/colleagues", "/colleagues/id-ben/retire", sure="1")
    assert "psea" in house.store.read(turning.due)

    await eve.get("/")
    settle(house)

    assert desk_key(house, "psea") != before
    assert (await eve.get("/")).status_code == 200


async def test_a_rotation_that_was_broken_off_is_finished_by_the_next_visit(house, app, ada, ben):
    """The console died in the middle: whoever of the desk comes next goes on, at most a minute later."""
    house.case("R-1")
    await ada.get("/")
    ring = saved(house, ben)
    turning._begin(house.store, ring, "general", house.clock.at, "id-ben", lambda _: None)
    assert "general" in house.store.read(turning.due)
    assert CANARY in (await ada.get("/cases/R-1")).text

    house.clock.at += 61
    await ada.get("/")
    settle(house)

    assert len(saved(house, ben).every) == 1
    assert CANARY in (await ada.get("/cases/R-1")).text


async def test_cases_are_read_and_given_in_while_the_key_is_changed(house, ada, ben):
    """Nobody meets a closed door meanwhile, and a colleague let in at that moment has what is needed."""
    for each in range(20):
        house.case(f"R-{each}")
    form = form_on((await ada.get("/colleagues")).text, "/colleagues/id-ben/retire")
    await ada.post("/colleagues/id-ben/retire", follow=False, **form, sure="1")

    read = [(await ada.get(f"/cases/R-{each}")).status_code for each in range(20)]
    settle(house)

    assert {200} == set(read)
    acts = [row.act for row in house.store.read(audit.recent)]
    assert acts.index("made a new key") < acts.index("closed a colleague's account")

"""A case has a key of its own: who is let in reads it, nobody else does, and what is taken away is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from actions.talk import Handler
from store import audit, casekeys, cases, diary, erasing, keys, letters, opening, people, relays, reveals, staff
from store.cases import Access, Case
from store.db import Store, Tx
from store.places import Unopenable
from store.pocket import CodeKey, Pocket
from store.schema import alerts, case_wraps, entries, meta, outbox
from store.staff import Gender
from store.unsealing import Identity
from tests.conftest import NOON_S
from tests.store.office import DAY, Office, case

OLD_CODE, NEW_CODE = "1" * 28, "2" * 28
ANSWER = "0123456789abcdef01234567"
BOT = Identity.new()


@pytest.fixture
def office(store: Store) -> Office:
    """Ann, Ben and Mia at the general desk, Wen at another."""
    made = Office(store).desk("general", "women")
    made.member("ann", "general", gender="woman").member("ben", "general", gender="man").member("mia", "general")
    return made.member("wen", "women", gender="woman")


def _holders(office: Office, reference: str = "AAAA-BBBB") -> list[str]:
    wanted = sa.select(case_wraps.c.holder).where(case_wraps.c.case_ref == reference)
    return sorted(row.holder for row in office.store.read(lambda tx: tx.rows(wanted)))


# --- who may see a case -----------------------------------------------------------------------------------------------


def test_a_desk_s_case_is_invisible_to_another_desk(office: Office) -> None:
    """What I told one desk no other desk sees, neither in a list nor with the reference in hand."""
    office.file(case())

    assert [["AAAA-BBBB"], ["AAAA-BBBB"], []] == [office.listed(each) for each in ("ann", "ben", "wen")]
    assert [("report", b"report")] == office.read("ann")
    assert office.opened("wen") is None


def test_the_report_is_under_the_case_s_key_and_not_under_the_desk_s(office: Office) -> None:
    """The desk's key opens the case's key; on what was told itself it is no use."""
    filed = office.file(case())
    [report] = office.store.read(lambda tx: cases.entries_of(tx, filed.reference))

    with pytest.raises(Unopenable):
        office.desks["general"].open(report.sealed, report.place)
    assert [office.desks["general"].recipient.id.hex()] == _holders(office)


def test_a_list_shows_what_a_case_is_about_without_opening_it(office: Office) -> None:
    """Category and language are read with the case's key and stand nowhere in clear."""
    filed = office.file(case())
    opened = office.opened("ann")

    assert opened is not None
    assert b"head" == opened.head()
    assert b"head" not in filed.head


def test_who_is_shut_out_does_not_get_the_case_though_they_hold_the_desk_s_key(office: Office) -> None:
    """My report about Ben reaches his colleagues and not him, who holds the very key of the desk."""
    office.file(case(), shut=["ben"])

    assert ["staff:ann", "staff:mia"] == _holders(office)
    assert [("report", b"report")] == office.read("ann") == office.read("mia")
    assert (None, []) == (office.opened("ben"), office.listed("ben"))
    for id_, sealed in office.store.read(lambda tx: casekeys.wraps_for(tx, "AAAA-BBBB", ["staff:ann", "staff:mia"])):
        for key in (office.members["ben"], office.desks["general"]):
            with pytest.raises(Unopenable):
                key.open(sealed, casekeys.place("AAAA-BBBB", id_))
    assert frozenset({"ben"}) == office.store.read(lambda tx: casekeys.shut_for(tx, "AAAA-BBBB"))


def test_recovery_can_open_what_somebody_was_shut_out_of(office: Office) -> None:
    """A case that only a few members hold is not lost with them."""
    recovery = Identity.new()
    office.store.do(lambda tx: keys.publish(tx, "recovery", "recovery", recovery.recipient, NOON_S))

    filed = office.file(case(), shut=["ben"])

    [(_, sealed)] = office.store.read(lambda tx: casekeys.wraps_for(tx, filed.reference, ["recovery"]))
    private = recovery.open(sealed, casekeys.place(filed.reference, "recovery"))
    assert filed.public == Identity(private).recipient.public


def test_a_case_that_nobody_could_open_is_refused(office: Office) -> None:
    """What could never be read again is not taken in as if it could."""
    with pytest.raises(ValueError, match="nobody"):
        office.file(case(), shut=["ann", "ben", "mia"])


@pytest.mark.parametrize("handler", ["woman", "man", "either"])
def test_whoever_asked_for_a_woman_is_never_shown_to_a_man(office: Office, handler: Handler) -> None:
    """A man, and somebody of whom we do not know it, see neither that case nor that there is one. (R52, R53)"""
    office.file(case(handler=handler))
    allowed = {"woman": ["ann"], "man": ["ben"], "either": ["ann", "ben", "mia"]}[handler]

    assert allowed == [each for each in ("ann", "ben", "mia", "wen") if office.listed(each)]
    assert allowed == [each for each in ("ann", "ben", "mia") if office.access(each).may(office.case())]
    for each in ("ann", "ben", "mia"):
        _, more = office.store.read(lambda tx, each=each: cases.listed(tx, office.access(each), 0, 0))
        assert (each in allowed) == bool(more)


def test_a_member_whose_gender_is_not_known_fits_no_wish(office: Office) -> None:
    """An empty answer is not taken for anything."""
    nobody: Gender = ""
    wishes: tuple[Handler, ...] = ("woman", "man", "either")

    assert [False, False, True] == [Access((), nobody).may(case(handler=each)) for each in wishes]


def test_a_case_stands_once_in_a_list_while_a_desk_s_key_is_changed(office: Office) -> None:
    """While old and new key of a desk are both in use nobody sees my case twice, or not at all."""
    office.file(case("AAAA-0001"))
    old, new = office.desks["general"], Identity.new()
    office.store.do(lambda tx: keys.publish(tx, "desk", "general", new.recipient, NOON_S))
    office.store.do(lambda tx: opening.give(tx, "general", new, "ann", office.members["ann"].recipient))
    office.file(case("AAAA-0002"))
    first = office.opened("ann", "AAAA-0001")
    assert first is not None
    private = first._key.private

    def both(tx: Tx) -> None:
        holder = casekeys.holder_of_desk(new.recipient)
        sealed = casekeys.seal(private, casekeys.place("AAAA-0001", holder.name), [holder.key])
        casekeys.give(tx, "AAAA-0001", [(holder.name, sealed)])

    office.store.do(both)

    assert ["AAAA-0001", "AAAA-0002"] == office.listed("ann")
    assert ["AAAA-0001"] == office.listed("ben")
    assert sorted([old.recipient.id.hex(), new.recipient.id.hex()]) == _holders(office, "AAAA-0001")


# --- another key ------------------------------------------------------------------------------------------------------


def test_another_key_shuts_out_whoever_had_the_old_one(office: Office) -> None:
    """A case that was given to another desk is closed to the first, whatever it kept of the old key."""
    key = CodeKey.from_code(OLD_CODE, b"s" * 16, Pocket.new())
    filed = office.file(case(reporter=key.recipient.public))
    office.store.do(lambda tx: cases.add(tx, filed, "answer", "ann", b"we came", NOON_S, ANSWER, [key.recipient]))
    assert office.store.do(lambda tx: reveals.ask(tx, "r1", filed, "e1", "why", "ann", NOON_S))
    office.store.do(lambda tx: erasing.wish(tx, filed, NOON_S))
    before = office.opened("ann")
    assert before is not None

    to = casekeys.holder_of_desk(office.desks["women"].recipient)
    office.store.do(lambda tx: before.rekey(tx, [to]))

    now = office.case()
    assert (True, True) == (filed.public != now.public, filed.head != now.head)
    assert office.opened("ann") is None
    assert [("report", b"report"), ("answer", b"we came")] == office.read("wen")
    stolen = opening.Opened(now, before._key)
    with pytest.raises(Unopenable):
        stolen.head()
    every = office.store.read(lambda tx: cases.entries_of(tx, now.reference))
    [reveal] = office.store.read(lambda tx: reveals.of_case(tx, now.reference))
    [(wish,)] = office.store.read(lambda tx: tx.rows(sa.select(meta.tables["erasures"].c.sealed)))
    after = office.opened("wen")
    assert after is not None
    things = [*((each.sealed, each.place) for each in (*every, reveal)), (wish, erasing.place(now.reference))]
    for sealed, place in things:
        assert after.thing(sealed, place)
        with pytest.raises(Unopenable):
            stolen.thing(sealed, place)
    # The person's own way in stays: the answer still opens with their code.
    assert b"we came" == key.identity.open(every[1].sealed, every[1].place)


def test_what_is_added_after_another_key_is_under_that_key(office: Office) -> None:
    """Nobody with the old key reads what I write from now on."""
    office.file(case())
    before = office.opened("ann")
    assert before is not None
    office.store.do(lambda tx: before.rekey(tx, [casekeys.holder_of_desk(office.desks["women"].recipient)]))

    office.store.do(lambda tx: cases.add_from_person(tx, "AAAA-BBBB", "more", NOON_S))

    last = office.store.read(lambda tx: cases.entries_of(tx, "AAAA-BBBB"))[-1]
    assert [("report", b"report"), ("words", b"more")] == office.read("wen")
    with pytest.raises(Unopenable):
        before.entry(last)


# --- how far the person is known --------------------------------------------------------------------------------------


def _reached(office: Office, tx: Tx, filed: Case) -> None:
    """The letters and dates of a case whose person has an address."""
    people.know(tx, "a", "web", "person", lambda: b"where", NOON_S)
    cases.add(tx, filed, "answer", "ann", b"we came", NOON_S, ANSWER)
    for key in (letters.reply_key(ANSWER), f"follow_up/{filed.reference}/1", f"closed/{filed.reference}", "web/1/1"):
        assert letters.post(tx, key, "a", "{}", letters.Lane.REPLY, BOT.recipient, NOON_S)
    for kind in ("first_look", "answer", "follow_up"):
        diary.write(tx, kind, NOON_S + DAY, case=filed.reference, address="a")


def test_who_becomes_anonymous_is_led_back_to_by_nothing(office: Office) -> None:
    """I take my name back: no row that names my report names my address, its letter or the second I wrote."""
    filed = office.file(case(filed=NOON_S + 5))
    office.store.do(lambda tx: _reached(office, tx, filed))
    office.store.do(lambda tx: cases.add_from_person(tx, filed.reference, "more", NOON_S + 7))

    office.store.do(lambda tx: cases.change_mode(tx, office.case(), "anonymous", "a", NOON_S + 9))

    now, day = office.case(), NOON_S - NOON_S % DAY
    assert ("anonymous", None, day, day) == (now.mode, now.address, now.filed, now.touched)
    theirs = [each for each in office.store.read(lambda tx: cases.entries_of(tx, now.reference)) if each.by == "person"]
    assert [day, day] == [each.at for each in theirs]
    ids = {now.reference, ANSWER, *(each.id for each in theirs)}
    about = [row for _, row in _naming(office.store, ids)]
    assert len(about) >= 6
    assert [] == [tuple(row) for row in about if "a" in [str(cell) for cell in row]]
    assert [None] * 3 == [each.address for each in office.store.do(lambda tx: diary.take_due(tx, NOON_S + DAY))]
    assert ["web/1/1"] == [row.key for row in office.store.read(lambda tx: tx.rows(sa.select(outbox.c.key)))]


def test_who_wants_answers_here_is_known_by_their_address_again(office: Office) -> None:
    """I was anonymous and say that you may write to me here: from now on answers and dates reach me."""
    office.file(case(mode="anonymous", address=None))
    office.store.do(lambda tx: diary.write(tx, "answer", NOON_S + DAY, case="AAAA-BBBB"))

    office.store.do(lambda tx: cases.change_mode(tx, office.case(), "confidential", "b", NOON_S + 9))

    now = office.case()
    [due] = office.store.do(lambda tx: diary.take_due(tx, NOON_S + DAY))
    assert ("confidential", "b", NOON_S + 9, "b") == (now.mode, now.address, now.touched, due.address)


def test_what_staff_did_keeps_its_time(office: Office) -> None:
    """Only my own times become coarse: when I was answered stays known."""
    filed = office.file(case())
    office.store.do(lambda tx: cases.add(tx, filed, "answer", "ann", b"we came", NOON_S + 3))

    office.store.do(lambda tx: cases.change_mode(tx, filed, "anonymous", None, NOON_S + 9))

    found = office.store.read(lambda tx: cases.entries_of(tx, filed.reference))
    assert [NOON_S - NOON_S % DAY, NOON_S + 3] == [each.at for each in found]


# --- another code -----------------------------------------------------------------------------------------------------


def test_a_new_code_takes_the_place_of_the_old_one(office: Office) -> None:
    """I ask for another code: the old one finds and opens nothing any more, the new one shows every answer."""
    pocket = Pocket.new()
    old, new = (CodeKey.from_code(each, b"%02d" % n * 8, pocket) for n, each in enumerate((OLD_CODE, NEW_CODE)))
    filed = office.file(case(salt=old.salt, reporter=old.recipient.public), locator=old.locator)
    for kind in ("answer", "notice", "note"):
        also = [old.recipient] if kind in cases.FOR_PERSON else []
        office.store.do(
            lambda tx, kind=kind, also=also: cases.add(tx, filed, kind, "ann", kind.encode(), NOON_S, kind, also)
        )

    def renewed(tx: Tx) -> None:
        to = [new.recipient]
        hand = lambda each: old.identity.rewrapped(each.sealed, each.place, to)  # noqa: E731
        cases.renew(tx, filed, new.locator, new.salt, new.recipient.public, hand)

    office.store.do(renewed)

    assert office.store.read(lambda tx: cases.seek(tx, pocket.tokens("code", OLD_CODE))) is None
    now = office.store.read(lambda tx: cases.seek(tx, pocket.tokens("code", NEW_CODE)))
    assert now == replace(filed, salt=new.salt, reporter=new.recipient.public)
    left = office.store.read(lambda tx: cases.entries_of(tx, filed.reference, cases.FOR_PERSON))
    assert [b"answer", b"notice"] == [new.identity.open(each.sealed, each.place) for each in left]
    for each in left:
        with pytest.raises(Unopenable):
            old.identity.open(each.sealed, each.place)
    assert (False, True) == (old.opens(new.recipient.public), new.opens(new.recipient.public))
    told = office.read("ann")
    assert told is not None
    assert ["report", "answer", "notice", "note"] == [kind for kind, _ in told]


# --- again, and never again -------------------------------------------------------------------------------------------


def test_a_closed_case_is_worked_on_again_with_a_date_of_its_own(office: Office) -> None:
    """My case is opened again: it is on the list, has a date that is watched, and does not close by itself again."""
    office.file(case())
    office.store.do(lambda tx: cases.answered(tx, "AAAA-BBBB", NOON_S))
    office.store.do(lambda tx: cases.close(tx, "AAAA-BBBB", NOON_S, reason=False))
    assert ([], ["AAAA-BBBB"]) == (office.listed("ann"), office.listed("ann", closed=True))

    done = office.store.do(lambda tx: cases.reopen(tx, "AAAA-BBBB", NOON_S + DAY, NOON_S + 5))
    again = office.store.do(lambda tx: cases.reopen(tx, "AAAA-BBBB", NOON_S + 2 * DAY, NOON_S + 6))

    now = office.case()
    assert (True, False) == (done, again)
    assert ("read", False, None, NOON_S + DAY, NOON_S + 5) == (
        now.state, now.answered, now.closed_at, now.answer_by, now.touched,
    )  # fmt: skip
    assert (["AAAA-BBBB"], []) == (office.listed("ann"), office.listed("ann", closed=True))
    [due] = office.store.do(lambda tx: diary.take_due(tx, NOON_S + DAY))
    assert ("answer", "AAAA-BBBB") == (due.kind, due.case)
    with pytest.raises(cases.Unanswered):
        office.store.do(lambda tx: cases.close(tx, "AAAA-BBBB", NOON_S, reason=False))
    assert office.store.do(lambda tx: cases.add_from_person(tx, "AAAA-BBBB", "more", NOON_S))


def test_an_erased_case_leaves_a_stone_and_the_audit_and_nothing_else(office: Office) -> None:
    """I have my report erased: not one row anywhere names it or anything in it, but that it was erased, and by whom."""
    office.file(case("CCCC-DDDD"))
    filed = office.file(case(), shut=["ben"])
    _whole(office, filed)
    store = office.store
    names = {filed.reference, *(each.id for each in store.read(lambda tx: cases.entries_of(tx, filed.reference)))}
    assert {name for name, _ in _naming(store, names)} == {
        "cases", "case_wraps", "shut_out", "entries", "alerts", "diary", "relays", "reveals", "erasures", "outbox",
        "audit",
    }  # fmt: skip

    erased = store.do(lambda tx: erasing.erase_case(tx, filed.reference, "person", NOON_S + 7))
    again = store.do(lambda tx: erasing.erase_case(tx, filed.reference, "person", NOON_S + 8))

    assert (True, False) == (erased, again)
    assert ["audit"] == [name for name, _ in _naming(store, names)]
    [stone] = store.read(lambda tx: tx.rows(sa.select(meta.tables["tombstones"])))
    assert ("case", NOON_S - NOON_S % DAY, "person") == (stone.kind, stone.at, stone.why)
    assert (32, False) == (len(stone.name), filed.reference in stone.name)
    assert (None, []) == (store.read(lambda tx: cases.get(tx, filed.reference)), office.listed("wen"))
    # The other case is as it was.
    assert [("report", b"report")] == office.read("ann", "CCCC-DDDD")
    assert ["web/1/1"] == [row.key for row in store.read(lambda tx: tx.rows(sa.select(outbox.c.key)))]


def _whole(office: Office, filed: Case) -> None:
    """A case with everything that a case can have."""

    def fill(tx: Tx) -> None:
        _reached(office, tx, filed)
        cases.alert(tx, filed.reference, "answer", NOON_S)
        reveals.ask(tx, "r1", filed, ANSWER, "why", "ann", NOON_S)
        relays.ask(tx, "s1", filed.reference, "wen", filed.key, "words", "ann", "fr", NOON_S)
        erasing.wish(tx, filed, NOON_S)
        audit.note(tx, NOON_S, "ann", "opened", filed.reference)

    office.store.do(fill)


def _naming(store: Store, names: set[str]) -> list[tuple[str, sa.Row[tuple[object, ...]]]]:
    """Every row of every table in which one of these names stands, alone or within another."""
    return [
        (table.name, row)
        for table in meta.sorted_tables
        for row in store.read(lambda tx, table=table: tx.rows(sa.select(table)))
        if any(name in cell for cell in row if isinstance(cell, str) for name in names)
    ]


def test_nothing_can_be_added_to_an_erased_case(office: Office) -> None:
    """Whoever writes to a report that was erased is told so, and leaves no row behind."""
    office.file(case())
    office.store.do(lambda tx: erasing.erase_case(tx, "AAAA-BBBB", "person", NOON_S))

    assert not office.store.do(lambda tx: cases.add_from_person(tx, "AAAA-BBBB", "more", NOON_S))
    assert [] == office.store.read(lambda tx: tx.rows(sa.select(entries)))
    assert [] == office.store.read(lambda tx: tx.rows(sa.select(alerts)))


# --- the keys of desks ------------------------------------------------------------------------------------------------


def test_a_desk_s_key_belongs_to_its_desk_its_number_and_its_holder(office: Office) -> None:
    """Nobody who writes to the database gives a member another's key, or a key of one desk for that of another."""
    [mine] = office.store.read(lambda tx: staff.wraps(tx, "ann"))
    me = office.members["ann"]
    assert office.desks["general"].private == me.open(mine.sealed, mine.place)

    for moved in (replace(mine, desk="women"), replace(mine, key_id="00" * 8), replace(mine, holder="ben")):
        for key in (me, office.members["ben"], office.members["wen"]):
            with pytest.raises(Unopenable):
                key.open(mine.sealed, moved.place)

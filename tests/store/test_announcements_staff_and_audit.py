"""Announcements, links, members of staff and the audit: each once, by the right person, and provably so."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from store import announcements, audit, cases, keys, letters, opening, people, staff
from store.announcements import SamePerson
from store.db import Store, Tx
from store.places import Unopenable
from store.schema import audit as audit_rows
from store.schema import outbox, sessions
from store.schema import staff as staff_rows
from store.sealing import seal
from store.unsealing import Identity
from tests.conftest import NOON_S, Founded
from tests.store.office import case

TOKEN = "a browser's token"


# --- announcements ----------------------------------------------------------------------------------------------------


def _subscribers(store: Store, *names: str) -> None:
    for name in names:
        store.do(
            lambda tx, name=name: (
                people.know(tx, name, "web", "person", lambda: b"where", 0),
                people.subscribe(tx, name, NOON_S),
            )
        )


def _approved(founded: Founded, id_: str = "n1") -> None:
    store = founded.store
    to = store.read(lambda tx: [keys.desk(tx, "general"), keys.bot(tx)])
    store.do(lambda tx: announcements.write(tx, id_, '{"en": "Water at 8"}', "ann", to, NOON_S))
    assert store.do(lambda tx: announcements.approve(tx, id_, "ben", NOON_S))


def _posted(store: Store) -> list[str]:
    return sorted(row.key for row in store.read(lambda tx: tx.rows(sa.select(outbox.c.key))))


def test_an_announcement_goes_out_after_a_second_member_said_so(founded: Founded) -> None:
    """No single member of staff can write to everybody."""
    store = founded.store
    to = store.read(lambda tx: [keys.bot(tx)])
    _subscribers(store, "a")
    store.do(lambda tx: announcements.write(tx, "n1", "{}", "ann", to, NOON_S))

    before = store.do(lambda tx: announcements.post_some(tx, NOON_S))
    with pytest.raises(SamePerson):
        store.do(lambda tx: announcements.approve(tx, "n1", "ann", NOON_S))
    once, twice = (store.do(lambda tx: announcements.approve(tx, "n1", "ben", NOON_S)) for _ in range(2))
    after = store.do(lambda tx: announcements.post_some(tx, NOON_S))

    assert (False, True, False, True) == (before, once, twice, after)
    assert ["announcement/n1/a"] == _posted(store)


def test_an_announcement_reaches_everybody_once_after_any_cut(founded: Founded) -> None:
    """The scheduler is killed again and again in the middle: everybody who wants it gets it once."""
    store = founded.store
    everybody = [f"p{n:02d}" for n in range(23)]
    _subscribers(store, *everybody)
    _approved(founded)

    class Killed(Exception):
        pass

    def cut(tx: Tx, most: int) -> None:
        announcements.post_some(tx, NOON_S, most)
        raise Killed

    for most in range(1, 30):
        with pytest.raises(Killed):
            store.do(lambda tx, most=most: cut(tx, most))
        if not store.do(lambda tx: announcements.post_some(tx, NOON_S, 3)):
            break
    while store.do(lambda tx: announcements.post_some(tx, NOON_S, 3)):
        pass

    told = store.read(lambda tx: announcements.get(tx, "n1"))
    assert [f"announcement/n1/{each}" for each in everybody] == _posted(store)
    assert told is not None
    assert ("sent", 23) == (told.state, told.posted)


def test_stop_ends_announcements_and_start_begins_again(founded: Founded) -> None:
    """I wrote STOP: the next one does not come. I wrote START: the one after that does."""
    store = founded.store
    _subscribers(store, "a", "b")
    wanted = [store.read(lambda tx: letters.wanted(tx, "a"))]

    store.do(lambda tx: people.unsubscribe(tx, "a"))
    wanted.append(store.read(lambda tx: letters.wanted(tx, "a")))
    _approved(founded, "n1")
    while store.do(lambda tx: announcements.post_some(tx, NOON_S)):
        pass
    store.do(lambda tx: people.subscribe(tx, "a", NOON_S))
    store.do(lambda tx: people.subscribe(tx, "a", NOON_S))
    _approved(founded, "n2")
    while store.do(lambda tx: announcements.post_some(tx, NOON_S)):
        pass

    assert [True, False] == wanted
    assert ["announcement/n1/b", "announcement/n2/a", "announcement/n2/b"] == _posted(store)


def test_a_linked_group_gets_announcements_until_its_link_ends(founded: Founded) -> None:
    """A partner's group gets them as long as it is linked."""
    store = founded.store
    store.do(lambda tx: people.know(tx, "group", "telegram", "group", lambda: b"where", 0))
    store.do(lambda tx: announcements.link_code(tx, "c1", b"partner", "ann", NOON_S, NOON_S + 60))
    store.do(lambda tx: announcements.link(tx, "c1", "group", NOON_S))
    _approved(founded, "n1")
    while store.do(lambda tx: announcements.post_some(tx, NOON_S)):
        pass

    store.do(lambda tx: announcements.unlink(tx, "group"))
    _approved(founded, "n2")
    while store.do(lambda tx: announcements.post_some(tx, NOON_S)):
        pass

    assert ["announcement/n1/group"] == _posted(store)


def test_a_link_code_works_once_in_its_time_and_however_it_is_typed(store: Store) -> None:
    """A partner's code links one group; a second group, a late one or a wrong code is refused."""
    id_ = announcements.link_id("ABCD-1234")
    store.do(lambda tx: announcements.link_code(tx, id_, b"partner", "ann", NOON_S, NOON_S + 60))
    late = announcements.link_id("LATE-0000")
    store.do(lambda tx: announcements.link_code(tx, late, b"partner", "ann", NOON_S, NOON_S + 60))

    def use(code: str, group: str, now: int = NOON_S) -> bool:
        return store.do(lambda tx: announcements.link(tx, announcements.link_id(code), group, now))

    used = [use("wrong", "g1"), use("LATE0000", "g1", NOON_S + 60), use("abcd 1234", "g1"), use("ABCD-1234", "g2")]

    assert [False, False, True, False] == used
    rows = store.read(announcements.links)
    assert {id_: True, late: False} == {row[0]: row[3] for row in rows}
    assert not any("ABCD" in str(row) for row in rows)


def test_a_link_follows_a_group_that_moved(store: Store) -> None:
    """A group that became a supergroup stays linked under its new name."""
    store.do(lambda tx: announcements.link_code(tx, "c", b"partner", "ann", NOON_S, NOON_S + 60))
    store.do(lambda tx: announcements.link(tx, "c", "old", NOON_S))

    store.do(lambda tx: announcements.moved(tx, "old", "new"))

    assert (False, True) == store.read(lambda tx: (letters.wanted(tx, "old"), letters.wanted(tx, "new")))


# --- staff ------------------------------------------------------------------------------------------------------------


def _enrolled(founded: Founded, id_: str = "ann", token: str | None = None) -> tuple[staff.Member, bool]:
    member, _ = opening.new_member(id_, id_, id_.title(), f"{id_}'s password", "TOTP")
    used = founded.store.do(lambda tx: opening.enrol(tx, token or founded.token, member, NOON_S))
    return member, used


def _ring(founded: Founded, member: staff.Member, token: str = TOKEN) -> opening.Ring:
    """Sign in with the password, then come back with the browser's token alone."""
    identity = opening.unlock(member, f"{member.id}'s password").identity
    session = opening.new_session(member.id, identity, token, NOON_S)
    founded.store.do(lambda tx: staff.sign_in(tx, session))
    kept = founded.store.read(lambda tx: staff.session(tx, opening.session_id(token)))
    assert kept is not None
    return founded.store.read(lambda tx: opening.ring(tx, kept, token))


def test_the_founding_token_lets_one_member_in(founded: Founded) -> None:
    """The link that was printed when the house was founded works once."""
    _, first = _enrolled(founded)
    _, second = _enrolled(founded, "eve")

    assert (True, False) == (first, second)
    assert ["ann"] == [each.id for each in founded.store.read(staff.every)]


def test_a_wrong_token_lets_nobody_in(founded: Founded) -> None:
    """Whoever does not hold the link cannot enrol."""
    _, used = _enrolled(founded, "eve", "a guess")

    assert used is False
    assert [] == founded.store.read(staff.every)


def test_the_desk_key_reaches_the_member(founded: Founded) -> None:
    """What is sealed for the desk is opened by its member, and a desk that is not theirs is not."""
    member, _ = _enrolled(founded)
    desk = founded.store.read(lambda tx: keys.desk(tx, "general"))
    theirs, here = Identity.new(), announcements.place("n1")
    filed = founded.store.do(lambda tx: cases.file(tx, case(), "locator", b"head", b"what happened"))
    [entry] = founded.store.read(lambda tx: cases.entries_of(tx, filed.reference))

    ring = _ring(founded, member)
    opened = founded.store.read(lambda tx: ring.case(tx, filed))

    assert opened is not None
    assert (b"head", b"what happened") == (opened.head(), opened.entry(entry))
    assert b"words" == ring.open("general", seal(b"words", here, [desk]), here)
    for desk_, to in (("women", desk), ("general", theirs.recipient)):
        with pytest.raises(Unopenable):
            ring.open(desk_, seal(b"words", here, [to]), here)


def test_a_wrong_password_opens_nothing(founded: Founded) -> None:
    """A member's keys are open to their password and to no other."""
    member, _ = _enrolled(founded)

    with pytest.raises(Unopenable):
        opening.unlock(member, "ann's passwort")

    assert "TOTP" == opening.unlock(member, "ann's password").totp


def test_a_session_opens_only_with_its_token(founded: Founded) -> None:
    """The whole database does not let anybody act as a member who is signed in."""
    member, _ = _enrolled(founded)
    _ring(founded, member)

    [row] = founded.store.read(lambda tx: tx.rows(sa.select(sessions)))
    stolen = staff.Session(row.id, row.staff, row.locked, row.made, row.seen)

    assert TOKEN not in str(tuple(row))
    for guess in ("", row.id, "another token"):
        with pytest.raises(Unopenable):
            founded.store.read(lambda tx, guess=guess: opening.ring(tx, stolen, guess))


def test_a_session_ends(founded: Founded) -> None:
    """Signed out, idle or old: the session is gone."""
    member, _ = _enrolled(founded)
    identity = opening.unlock(member, "ann's password").identity
    for token, made in (("out", NOON_S), ("idle", NOON_S - 50), ("fresh", NOON_S)):
        session = opening.new_session("ann", identity, token, made)
        founded.store.do(lambda tx, session=session: staff.sign_in(tx, session))

    founded.store.do(lambda tx: staff.sign_out(tx, opening.session_id("out")))
    founded.store.do(lambda tx: staff.drop_old_sessions(tx, NOON_S - 100, NOON_S - 10))

    left = [row.id for row in founded.store.read(lambda tx: tx.rows(sa.select(sessions.c.id)))]
    assert [opening.session_id("fresh")] == left


def test_a_colleague_is_invited_to_the_same_desks_once(founded: Founded) -> None:
    """A member invites a colleague, who then opens what they open; the invitation is used up, or too late."""
    member, _ = _enrolled(founded)
    ring = _ring(founded, member)
    for token in ("invite ben", "invite late"):
        founded.store.do(lambda tx, token=token: opening.invite(tx, ring, ["general"], token, NOON_S, NOON_S + 60))

    ben, used = _enrolled(founded, "ben", "invite ben")
    _, again = _enrolled(founded, "eve", "invite ben")
    carl, _ = opening.new_member("carl", "carl", "Carl", "carl's password", "TOTP")
    late = founded.store.do(lambda tx: opening.enrol(tx, "invite late", carl, NOON_S + 60))

    assert (True, False, False) == (used, again, late)
    assert ring.desks == _ring(founded, ben, "ben's browser").desks


def test_a_taken_name_uses_no_invitation_up(founded: Founded) -> None:
    """Somebody who chose a name that exists can try again with another."""
    member, _ = _enrolled(founded)
    ring = _ring(founded, member)
    founded.store.do(lambda tx: opening.invite(tx, ring, ["general"], "invite", NOON_S, NOON_S + 60))
    double, _ = opening.new_member("ben", "ann", "Ben", "ben's password", "TOTP")

    taken = founded.store.do(lambda tx: opening.enrol(tx, "invite", double, NOON_S))
    _, then = _enrolled(founded, "ben", "invite")

    assert (False, True) == (taken, then)


def test_a_second_factor_counts_once(founded: Founded) -> None:
    """A code that somebody read over a shoulder is used up."""
    _enrolled(founded)

    used = [founded.store.do(lambda tx, step=step: staff.used_step(tx, "ann", step)) for step in (5, 5, 4, 6)]

    assert [True, False, False, True] == used


def test_who_left_is_not_found(founded: Founded) -> None:
    """An account that was ended signs nobody in."""
    _enrolled(founded)

    founded.store.do(lambda tx: tx.do(sa.update(staff_rows).values(active=False)))

    assert (None, None) == founded.store.read(lambda tx: (staff.by_login(tx, "ann"), staff.by_id(tx, "ann")))


# --- audit ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def noted(store: Store) -> Store:
    for n in range(6):
        store.do(lambda tx, n=n: audit.note(tx, NOON_S + n, "ann", "opened", f"case {n}"))
    return store


def test_a_whole_chain_is_whole(noted: Store) -> None:
    """Nobody touched the audit: that can be shown."""
    assert noted.read(audit.first_broken) is None
    assert [6, 5, 4, 3, 2, 1] == [row.seq for row in noted.read(audit.recent)]


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", 0), ("who", "eve"), ("act", "saw"), ("about", "case 9"), ("before", "x"), ("hash", "x")],
)
def test_a_changed_row_is_found(noted: Store, column: str, value: object) -> None:
    """Whoever rewrites who opened what is found out, at that row. (R105)"""
    noted.do(lambda tx: tx.do(sa.update(audit_rows).where(audit_rows.c.seq == 3).values({column: value})))

    assert 3 == noted.read(audit.first_broken)


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_removed_row_is_found(noted: Store, seq: int) -> None:
    """Whoever takes a row out of the audit is found out."""
    noted.do(lambda tx: tx.do(sa.delete(audit_rows).where(audit_rows.c.seq == seq)))

    assert seq == noted.read(audit.first_broken)


def test_a_reordered_row_is_found(noted: Store) -> None:
    """Whoever swaps two rows is found out."""

    def swap(tx: Tx) -> None:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            tx.do(sa.update(audit_rows).where(audit_rows.c.seq == old).values(seq=new))

    noted.do(swap)

    assert 2 == noted.read(audit.first_broken)


def test_a_row_put_in_is_found(noted: Store) -> None:
    """Whoever adds a row that links to nothing is found out."""
    row = {"seq": 7, "at": 1, "who": "x", "act": "y", "about": "z", "before": "b", "hash": "h"}
    noted.do(lambda tx: tx.do(sa.insert(audit_rows).values(**row)))

    assert 7 == noted.read(audit.first_broken)


async def test_many_notes_at_once_make_one_chain(store: Store) -> None:
    """Two consoles that note at the same time do not break the chain."""
    await asyncio.gather(
        *(
            asyncio.to_thread(store.do, lambda tx, n=n: audit.note(tx, NOON_S, "ann", "opened", str(n)))
            for n in range(40)
        )
    )

    assert store.read(audit.first_broken) is None
    assert 40 == len(store.read(audit.recent))

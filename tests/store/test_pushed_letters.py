"""What nobody is waiting for: held in nobody's way, freed by the person, dropped when they leave; on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from store import letters, people, renaming, retention, traces
from store.db import Store
from store.letters import Lane, Outgoing
from store.locks import Lock
from store.places import Place
from store.pocket import Pocket
from store.schema import addresses, outbox
from tests.conftest import NOON_S

LEASE = 60


@pytest.fixture
def known(store: Store) -> Store:
    """A house that Ann and Ben have written to."""
    for each in ("ann", "ben"):
        store.do(lambda tx, each=each: people.know(tx, each, "telegram", "person", lambda: b"where", NOON_S))
    return store


def post(store: Store, pocket: Pocket, key: str, address: str = "ann", *, pushed: bool = True) -> None:
    store.do(lambda tx: letters.post(tx, key, address, "{}", Lane.REPLY, pocket.lock, NOON_S, pushed=pushed))


def take(store: Store, now: int = NOON_S) -> list[Outgoing]:
    return store.do(lambda tx: letters.take(tx, ("telegram",), now, LEASE, 10))


def states(store: Store) -> dict[str, str]:
    return {row.key: row.state for row in store.read(lambda tx: tx.rows(sa.select(outbox.c.key, outbox.c.state)))}


def hold(store: Store, taken: Outgoing, until: int | None = None) -> bool:
    return store.do(lambda tx: letters.hold(tx, taken.id, until))


def leave(store: Store, lock: Lock, messages: tuple[int, ...] = (1, 2)) -> None:
    store.do(lambda tx: letters.leave(tx, "ann", NOON_S))
    store.do(lambda tx: letters.take_away(tx, f"x{letters.LEAVE}", "ann", messages, lock, NOON_S))


def test_whoever_forgets_to_say_posts_what_is_held_back(known: Store, pocket: Pocket) -> None:
    """A letter of a part that knows nothing of terms does not reach me against mine (R91)."""
    known.do(lambda tx: letters.post(tx, "1", "ann", "{}", Lane.REPLY, pocket.lock, NOON_S))

    assert [True] == [each.pushed for each in take(known)]


def test_a_held_letter_stands_in_nobodys_way(known: Store, pocket: Pocket) -> None:
    """What waits for me does not keep me from the answers to what I write (R91)."""
    post(known, pocket, "reply")
    [taken] = take(known)
    assert hold(known, taken)

    post(known, pocket, "answer", pushed=False)

    assert ["answer"] == [each.key for each in take(known)]
    assert {"reply": "held", "answer": "waiting"} == states(known)


def test_what_was_held_comes_first_when_its_person_writes(known: Store, pocket: Pocket) -> None:
    """In the order in which it was posted, and only mine (R91)."""
    for key, address in (("1", "ann"), ("2", "ben")):
        post(known, pocket, key, address)
    for each in take(known):
        hold(known, each, NOON_S + 9000 if each.key == "1" else None)
    post(known, pocket, "3", pushed=False)

    known.do(lambda tx: letters.free(tx, "ann"))

    [first] = take(known)
    assert ("1", False, 1) == (first.key, first.pushed, first.attempts)
    assert "held" == states(known)["2"]


def test_one_neutral_line_until_the_person_writes(known: Store) -> None:
    """However many letters wait; and when I have written, the next may be told again (R100, R108)."""
    knock = lambda: known.do(lambda tx: letters.knock(tx, "ann"))  # noqa: E731

    told = [knock(), knock()]
    known.do(lambda tx: letters.free(tx, "ann"))

    assert [True, False, True] == [*told, knock()]


def test_who_leaves_gets_nothing_of_before(known: Store, pocket: Pocket) -> None:
    """Answers are dropped, what staff wrote is held, and what is to be taken away comes next (R100)."""
    for key, pushed in (("answer", False), ("reply", True)):
        post(known, pocket, key, pushed=pushed)
    known.do(lambda tx: letters.free(tx, "ann"))

    leave(known, pocket.lock)
    post(known, pocket, "harmless", pushed=False)

    assert {"reply": "held", "x/leave": "waiting", "harmless": "waiting"} == states(known)
    [first] = take(known)
    assert first.takes_away
    assert b"[1, 2]" == pocket.open(first.sealed or b"", letters.place(first.key))


@pytest.mark.parametrize(("pushed", "then"), [(False, "sent"), (True, "held")])
def test_what_was_on_its_way_and_failed_does_not_go_out_later(
    known: Store, pocket: Pocket, pushed: bool, then: str
) -> None:
    """Put off for an hour after I left, it neither comes nor keeps my chat from being emptied (R100)."""
    post(known, pocket, "under way", pushed=pushed)
    [taken] = take(known)

    leave(known, pocket.lock)
    assert [] == take(known)
    known.do(lambda tx: letters.later(tx, taken.id, NOON_S + 3600, "network"))
    [again] = take(known)
    assert ("under way", True) == (again.key, again.left)
    known.do(lambda tx: letters.let_go(tx, again))

    assert then == states(known)["under way"]
    assert ["x/leave"] == [each.key for each in take(known)]


def test_two_exits_are_both_carried_out(known: Store, pocket: Pocket) -> None:
    """The second word does not undo the first."""
    leave(known, pocket.lock)
    known.do(lambda tx: letters.leave(tx, "ann", NOON_S))
    known.do(lambda tx: letters.take_away(tx, f"y{letters.LEAVE}", "ann", (3,), pocket.lock, NOON_S))

    [first] = take(known)
    known.do(lambda tx: letters.later(tx, first.id, NOON_S + 5, "network"))

    assert ("x/leave", False) == (first.key, first.left)
    assert [] == take(known)
    assert ["x/leave"] == [each.key for each in take(known, NOON_S + 5)]


def test_a_held_letter_keeps_its_address_from_being_forgotten(known: Store, pocket: Pocket) -> None:
    """What waits for me is not thrown away with me because I am silent."""
    post(known, pocket, "reply")
    hold(known, take(known)[0])
    long_ago = retention.Limits(2 * NOON_S, 2 * NOON_S, NOON_S)

    assert ["ben"] == known.do(lambda tx: retention.silent(tx, long_ago))


def test_numbers_of_messages_follow_their_person_and_go_with_them(known: Store) -> None:
    """Under a new name they are still mine, and when I am erased they are gone; old ones are not given out (R100)."""
    known.do(lambda tx: traces.note(tx, "ann", (1, 2), NOON_S - traces.KEPT))
    known.do(lambda tx: traces.note(tx, "ann", (3, 4, 4), NOON_S))
    known.do(lambda tx: traces.note(tx, "ben", (5,), NOON_S))

    def again(sealed: bytes, _: Place, __: Place) -> bytes:
        return sealed

    assert known.do(lambda tx: renaming.rename(tx, "ann", "anew", again))
    assert (3, 4) == known.do(lambda tx: traces.of(tx, "anew", NOON_S, NOON_S))
    assert () == known.do(lambda tx: traces.of(tx, "anew", NOON_S, NOON_S - 1))
    known.do(lambda tx: people.forget(tx, "anew", "person", NOON_S))

    assert () == known.do(lambda tx: traces.of(tx, "anew", 0, 2 * NOON_S))
    assert (5,) == known.do(lambda tx: traces.of(tx, "ben", NOON_S, NOON_S))
    assert ["ben"] == [row.id for row in known.read(lambda tx: tx.rows(sa.select(addresses.c.id)))]

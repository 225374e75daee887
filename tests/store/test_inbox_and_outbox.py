"""What comes in and what goes out: in order for each person, once, and in nobody else's way."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from store import letters, people
from store.db import Store
from store.letters import Lane
from store.pocket import Pocket
from store.schema import inbox, outbox
from tests.conftest import NOON_S

LEASE = 60


def _come(store: Store, key: str, address: str) -> None:
    assert store.do(lambda tx: people.take_in(tx, key, "telegram", address, b"sealed", NOON_S))


def _waiting(store: Store) -> list[str]:
    return [each.key for each in store.read(lambda tx: people.waiting(tx, ("telegram", "web")))]


def _know(store: Store, *addresses: str, channel: str = "telegram") -> None:
    for address in addresses:
        store.do(lambda tx, address=address: people.know(tx, address, channel, "person", lambda: b"where", 0))


def _post(store: Store, pocket: Pocket, key: str, address: str, lane: Lane = Lane.REPLY, at: int = NOON_S) -> bool:
    return store.do(lambda tx: letters.post(tx, key, address, '{"p":[]}', lane, pocket.recipient, at))


def _take(store: Store, now: int = NOON_S, most: int = 100, least: Lane = Lane.ANNOUNCEMENT) -> list[letters.Outgoing]:
    return store.do(lambda tx: letters.take(tx, ("telegram",), now, LEASE, most, least))


def _keys(taken: list[letters.Outgoing]) -> list[str]:
    return [each.key for each in taken]


# --- inbox ------------------------------------------------------------------------------------------------------------


def test_a_message_taken_in_twice_waits_once(store: Store) -> None:
    """A platform that redelivers an update does not make two of it."""
    _come(store, "tg/1", "a")

    again = store.do(lambda tx: people.take_in(tx, "tg/1", "telegram", "a", b"sealed", NOON_S))

    assert again is False
    assert ["tg/1"] == _waiting(store)


def test_messages_of_one_person_are_worked_on_in_their_order(store: Store) -> None:
    """Only my oldest message is offered; the next one when that is done."""
    for key, address in (("1", "a"), ("2", "b"), ("3", "a"), ("4", "b")):
        _come(store, key, address)

    first = _waiting(store)
    for each in store.read(lambda tx: people.waiting(tx, ("telegram",))):
        assert store.do(lambda tx, each=each: people.worked(tx, each.seq))
    then = _waiting(store)

    assert ["1", "2"] == first
    assert ["3", "4"] == then


def test_a_message_is_worked_on_once(store: Store) -> None:
    """Two workers that took the same message do not both answer it."""
    _come(store, "1", "a")
    [mine] = store.read(lambda tx: people.waiting(tx, ("telegram",)))

    with ThreadPoolExecutor(8) as threads:
        worked = list(threads.map(lambda _: store.do(lambda tx: people.worked(tx, mine.seq)), range(8)))

    assert 1 == worked.count(True)


def test_what_was_worked_on_keeps_neither_words_nor_address(store: Store) -> None:
    """Once I am answered, nothing but the message's name is left of it."""
    _come(store, "1", "a")

    store.do(lambda tx: people.worked(tx, people.waiting(tx, ("telegram",))[0].seq))

    [row] = store.read(lambda tx: tx.rows(sa.select(inbox)))
    assert (None, None, "done") == (row.sealed, row.address, row.state)


def test_a_message_that_fails_again_and_again_is_parked_and_blocks_nobody(store: Store) -> None:
    """A message that cannot be worked on is set aside, kept, counted; my next one is heard."""
    for key, address in (("bad", "a"), ("other", "b"), ("next", "a")):
        _come(store, key, address)
    bad = store.read(lambda tx: people.waiting(tx, ("telegram",)))[0]

    parked = [store.do(lambda tx: people.failed(tx, bad.seq, 3)) for _ in range(3)]

    assert [False, False, True] == parked
    assert ["other", "next"] == _waiting(store)
    assert 1 == store.read(people.parked)
    kept = store.read(lambda tx: tx.rows(sa.select(inbox.c.sealed).where(inbox.c.key == "bad")))
    assert b"sealed" == kept[0].sealed


def test_a_silence_waits_like_a_message(store: Store) -> None:
    """The end of a draft's time is worked on in turn with what the person writes."""
    _come(store, "1", "a")
    store.do(lambda tx: people.take_silence(tx, "silence/1", "telegram", "a", "draft", NOON_S))

    [first] = store.read(lambda tx: people.waiting(tx, ("telegram",)))
    store.do(lambda tx: people.worked(tx, first.seq))
    [then] = store.read(lambda tx: people.waiting(tx, ("telegram",)))

    assert (None, "draft") == (first.silence, then.silence)


# --- outbox -----------------------------------------------------------------------------------------------------------


def test_a_letter_posted_twice_goes_out_once(store: Store, pocket: Pocket) -> None:
    """A turn that is run again after a crash does not answer me twice."""
    _know(store, "a")

    posted = [_post(store, pocket, "tg/1/1", "a"), _post(store, pocket, "tg/1/1", "a")]

    assert [True, False] == posted
    assert ["tg/1/1"] == _keys(_take(store))


def test_a_letter_to_nobody_is_not_posted(store: Store, pocket: Pocket) -> None:
    """After somebody was forgotten no letter can be left for them."""
    assert _post(store, pocket, "1", "forgotten") is False


def test_letters_of_one_person_go_out_in_their_order(store: Store, pocket: Pocket) -> None:
    """The question never arrives before the answer that was written first."""
    _know(store, "a")
    for n in range(3):
        _post(store, pocket, str(n), "a")

    sent = []
    while taken := _take(store):
        [one] = taken
        sent.append(one.key)
        store.do(lambda tx, one=one: letters.settle(tx, one.id))

    assert ["0", "1", "2"] == sent


def test_a_leased_letter_holds_back_the_next_one(store: Store, pocket: Pocket) -> None:
    """While one letter is on its way to me, no other overtakes it; when its sender died it is taken again."""
    _know(store, "a")
    for key in ("1", "2"):
        _post(store, pocket, key, "a")

    first, meanwhile = _take(store), _take(store, NOON_S + LEASE - 1)
    after = _take(store, NOON_S + LEASE)

    assert (["1"], [], ["1"]) == (_keys(first), _keys(meanwhile), _keys(after))
    assert 2 == after[0].attempts


def test_a_letter_put_off_holds_back_its_own_address_only(store: Store, pocket: Pocket) -> None:
    """A chat that must wait (429) waits as a whole and in order; everybody else gets theirs."""
    _know(store, "a", "b")
    for key, address in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b")):
        _post(store, pocket, key, address)
    a1, b1 = _take(store)

    store.do(lambda tx: letters.later(tx, a1.id, NOON_S + 30, "429"))
    store.do(lambda tx: letters.settle(tx, b1.id))

    assert ["b2"] == _keys(_take(store))
    assert ["a1"] == _keys(_take(store, NOON_S + 30))


def test_an_attempt_that_was_never_made_does_not_wear_a_letter_out(store: Store, pocket: Pocket) -> None:
    """Our own limits may put a letter off as often as they like."""
    _know(store, "a")
    _post(store, pocket, "1", "a")

    for _ in range(5):
        [one] = _take(store)
        store.do(lambda tx, one=one: letters.later(tx, one.id, 0, "our pace", count=False))
    [free] = _take(store)
    store.do(lambda tx: letters.later(tx, free.id, 0, "500"))
    [counted] = _take(store)

    assert (1, 2) == (free.attempts, counted.attempts)


def test_what_is_urgent_goes_first(store: Store, pocket: Pocket) -> None:
    """A word of safety is not behind a thousand announcements, nor is the letter that stands before it."""
    _know(store, "a", "b", "c", "d")
    for key, address, lane in (
        ("news", "a", Lane.ANNOUNCEMENT),
        ("follow", "b", Lane.FOLLOW_UP),
        ("reply", "c", Lane.REPLY),
        ("before", "d", Lane.ANNOUNCEMENT),
        ("safety", "d", Lane.SAFETY),
    ):
        _post(store, pocket, key, address, lane)

    urgent = store.do(lambda tx: letters.take(tx, ("telegram",), NOON_S, LEASE, 1))
    rest = _take(store, least=Lane.REPLY)
    last = _take(store)

    assert (["before"], ["reply"], ["follow", "news"]) == (_keys(urgent), _keys(rest), _keys(last))


def test_a_letter_that_arrived_or_was_fetched_leaves_no_words(store: Store, pocket: Pocket) -> None:
    """What I have on my phone is no longer with you."""
    _know(store, "a")
    _know(store, "w", channel="web")
    _post(store, pocket, "sent", "a")
    _post(store, pocket, "fetched", "w")

    store.do(lambda tx: letters.settle(tx, letters.take(tx, ("telegram",), NOON_S, LEASE, 1)[0].id))
    store.do(lambda tx: letters.fetched(tx, "w", 1))

    rows = store.read(lambda tx: tx.rows(sa.select(outbox.c.sealed, outbox.c.state)))
    assert [(None, "sent"), (None, "sent")] == [tuple(row) for row in rows]


def test_a_channel_that_fetches_gets_each_letter_until_it_says_so(store: Store, pocket: Pocket) -> None:
    """A phone that lost its network asks again from where it was and misses nothing."""
    _know(store, "w", channel="web")
    for n in range(4):
        _post(store, pocket, str(n), "w")

    every = store.read(lambda tx: letters.newer(tx, "w", 0))
    again = store.read(lambda tx: letters.newer(tx, "w", 2))
    store.do(lambda tx: letters.fetched(tx, "w", 3))
    left = store.read(lambda tx: letters.newer(tx, "w", 0))

    assert [(1, "0"), (2, "1"), (3, "2"), (4, "3")] == [(each.n, each.key) for each in every]
    assert ["2", "3"] == [each.key for each in again]
    assert ["3"] == [each.key for each in left]
    opened = pocket.open(every[0].sealed or b"", letters.place("0"))
    assert b'{"p":[]}' == opened


def test_a_dead_letter_is_kept_shown_and_in_nobodys_way(store: Store, pocket: Pocket) -> None:
    """What the platform will never take is shown to staff; my next letter comes."""
    _know(store, "a")
    for key in ("1", "2"):
        _post(store, pocket, key, "a")
    [first] = _take(store)

    store.do(lambda tx: letters.give_up(tx, first.id, "400"))

    assert [(first.id, "400", NOON_S)] == store.read(letters.dead)
    assert ["2"] == _keys(_take(store))


def test_who_writes_again_gets_what_could_not_be_brought(store: Store, pocket: Pocket) -> None:
    """I had blocked the bot and come back: the letters I missed arrive, in order; others' troubles stay."""
    _know(store, "a")
    for key, trouble in (("1", "unreachable"), ("2", "400")):
        _post(store, pocket, key, "a")
        [one] = _take(store)
        store.do(lambda tx, one=one, trouble=trouble: letters.give_up(tx, one.id, trouble))
    store.do(lambda tx: people.unreachable(tx, "a"))

    back = store.do(lambda tx: people.know(tx, "a", "telegram", "person", lambda: b"", 0))
    store.do(lambda tx: letters.wake(tx, "a"))

    assert back is True
    assert ["1"] == _keys(_take(store))
    assert ["400"] == [trouble for _, trouble, _ in store.read(letters.dead)]


def test_two_workers_never_take_the_same_letter(store: Store, pocket: Pocket) -> None:
    """Two bots on one database send each letter once, and each person's in order."""
    people_ = [f"p{n}" for n in range(20)]
    _know(store, *people_)
    for n in range(3):
        for each in people_:
            _post(store, pocket, f"{each}/{n}", each)
    taken: list[str] = []
    lock, start = threading.Lock(), threading.Barrier(4)

    def worker() -> None:
        start.wait()
        idle = 0
        while idle < 5:
            mine = _take(store, most=4)
            idle = 0 if mine else idle + 1
            for each in mine:
                with lock:
                    taken.append(each.key)
                store.do(lambda tx, each=each: letters.settle(tx, each.id))

    with ThreadPoolExecutor(4) as threads:
        for each in [threads.submit(worker) for _ in range(4)]:
            each.result()

    assert sorted(f"{each}/{n}" for each in people_ for n in range(3)) == sorted(taken)
    assert all(
        [f"{each}/0", f"{each}/1", f"{each}/2"] == [key for key in taken if key.startswith(f"{each}/")]
        for each in people_
    )


def test_letters_follow_a_group_that_moved(store: Store, pocket: Pocket) -> None:
    """A group that became a supergroup gets what waited, in order, and no announcement twice."""
    _know(store, "old", "new")
    store.do(lambda tx: letters.post_announcement(tx, "announcement/n1/old", "old", "n1", NOON_S))
    store.do(lambda tx: letters.post_announcement(tx, "announcement/n1/new", "new", "n1", NOON_S))
    _post(store, pocket, "said", "old")

    store.do(lambda tx: letters.moved(tx, "old", "new"))

    sent = []
    while taken := _take(store):
        sent += [(each.key, each.address) for each in taken]
        for each in taken:
            store.do(lambda tx, each=each: letters.settle(tx, each.id))
    assert [("announcement/n1/new", "new"), ("said", "new")] == sent


def test_forgetting_somebody_leaves_no_row_of_theirs(store: Store, pocket: Pocket) -> None:
    """Erase everything about this chat: nothing is found under its address any more."""
    _know(store, "a", "b")
    for each in ("a", "b"):
        _post(store, pocket, f"{each}/1", each)
        store.do(lambda tx, each=each: (people.keep(tx, each, b"talk"), people.subscribe(tx, each, NOON_S)))

    store.do(lambda tx: people.forget(tx, "a", "person", 0))

    assert (None, None) == store.read(lambda tx: (people.talk(tx, "a"), people.sealed_address(tx, "a")))
    assert b"talk" == store.read(lambda tx: people.talk(tx, "b"))
    assert ["b/1"] == _keys(_take(store))


def test_names_of_old_messages_are_dropped_and_waiting_ones_stay(store: Store) -> None:
    """What no platform repeats any more is forgotten; what still waits is not."""
    _come(store, "waits", "a")
    store.do(lambda tx: people.claim(tx, "done", "web", NOON_S))

    store.do(lambda tx: people.tidy(tx, NOON_S + 1, NOON_S + 1))

    assert ["waits"] == [row.key for row in store.read(lambda tx: tx.rows(sa.select(inbox)))]


def test_a_letter_nobody_fetches_any_more_is_erased(store: Store, pocket: Pocket) -> None:
    """A tab that was closed leaves no letter behind for ever; one that may still come is kept."""
    _know(store, "w", channel="web")
    _know(store, "a")
    for key, address, at in (("old", "w", NOON_S - 10), ("new", "w", NOON_S), ("telegram", "a", NOON_S - 10)):
        _post(store, pocket, key, address, at=at)

    store.do(lambda tx: people.tidy(tx, NOON_S, NOON_S - 5))

    left = store.read(lambda tx: tx.rows(sa.select(outbox.c.key).order_by(outbox.c.id)))
    assert ["new", "telegram"] == [row.key for row in left]

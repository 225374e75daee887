"""The recovery secret: shares on paper bring it back, fewer tell nothing, and age itself agrees with our keys."""

from __future__ import annotations

import os
from itertools import combinations, pairwise

import pyrage
import pytest
import sqlalchemy as sa

from store import bech32, cases, keys, opening, recovery, staff, turning
from store.db import Tx
from store.places import Place
from store.recovery import WrongShares
from store.schema import desk_wraps
from store.sealing import seal
from store.turning import NotTurned
from store.unsealing import Identity
from tests.conftest import NOON_S, Founded

SECRET = bytes(range(32))
CASE = cases.Case(
    "R-1", "general", "filed", human=False, mode="anonymous", handler="either", address=None, filed=NOON_S,
    first_look_by=NOON_S, answer_by=NOON_S, news=True, salt=b"s", reporter=bytes(31) + b"\x09", touched=NOON_S,
    keep_days=365,
)  # fmt: skip


def test_any_three_of_five_shares_bring_it_back() -> None:
    """Two of the five people are away, whichever they are: the other three can still recover."""
    shares = recovery.split(SECRET, 3, 5)

    assert 5 == len(set(shares))
    assert {SECRET} == {recovery.join(some) for some in combinations(shares, 3)}
    assert SECRET == recovery.join(shares)
    assert {3} == {recovery.needed(each) for each in shares}


@pytest.mark.parametrize(("threshold", "count"), [(2, 2), (2, 3), (16, 16)])
def test_other_numbers_of_people(threshold: int, count: int) -> None:
    """An organisation chooses how many people there are and how many of them are needed."""
    shares = recovery.split(SECRET, threshold, count)

    assert (count, SECRET) == (len(shares), recovery.join(shares[:threshold]))


@pytest.mark.parametrize(("threshold", "count"), [(1, 1), (1, 5), (0, 5), (4, 3), (3, 17), (-1, -1)])
def test_numbers_that_make_no_sense_are_refused(threshold: int, count: int) -> None:
    """One share alone would be the secret itself, and more than there are can never come together."""
    with pytest.raises(WrongShares, match="cannot be made"):
        recovery.split(SECRET, threshold, count)


def test_as_people_type_them() -> None:
    """Capitals and too many spaces do no harm."""
    first, second, third, *_ = recovery.split(SECRET, 3, 5)

    assert SECRET == recovery.join([first.upper(), f"  {second.replace(' ', '   ')} ", third])


def test_two_of_three_needed_shares_are_not_enough() -> None:
    """Two people alone open nothing, and are told how many are needed; the same share twice counts once."""
    shares = recovery.split(SECRET, 3, 5)

    with pytest.raises(WrongShares, match="3 different shares are needed, and 2 were given"):
        recovery.join(shares[:2])
    with pytest.raises(WrongShares, match="and 2 were given"):
        recovery.join([*shares[:2], shares[0]])
    with pytest.raises(WrongShares, match="No share was given"):
        recovery.join([])


def test_shares_of_two_secrets_do_not_mix() -> None:
    """A share of the secret before is noticed, not silently turned into a wrong key."""
    old, new = recovery.split(os.urandom(32), 3, 5), recovery.split(SECRET, 3, 5)

    with pytest.raises(WrongShares, match="do not belong together"):
        recovery.join([old[0], new[1], new[2]])


def test_a_share_of_something_else_is_refused() -> None:
    """SLIP-39 words of a wallet are not a recovery secret of ours."""
    wallet = recovery.split(os.urandom(16), 2, 3)

    with pytest.raises(WrongShares, match="not of Amana's"):
        recovery.join(wallet)


def test_a_misspelt_share_is_named_by_its_number_and_never_quoted() -> None:
    """I hear which share to look at again; no word of it stands in the sentence."""
    shares = recovery.split(SECRET, 3, 5)
    words = shares[1].split()
    wrong = [" ".join(words[:-1]), " ".join([*words[:5], "nonsense", *words[6:]]), " ".join(words[::-1]), "", "x"]

    for each in wrong:
        with pytest.raises(WrongShares, match="Share 2 of those given") as told:
            recovery.join([shares[0], each, shares[2]])
        assert [] == [pair for pair in pairwise(words) if " ".join(pair) in str(told.value)]
        assert told.value.__cause__ is None


def test_age_reads_our_keys_as_its_own() -> None:
    """Whatever we write as an age key, age reads, writes again letter for letter, and opens with it."""
    for _ in range(100):
        secret = os.urandom(32)
        identity, recipient = recovery.backup_identity(secret), recovery.backup_recipient(secret)

        read = pyrage.x25519.Identity.from_str(identity)

        assert (identity, recipient) == (str(read), str(read.to_public()))
    sealed = pyrage.encrypt(b"words", [pyrage.x25519.Recipient.from_str(recipient)])
    assert b"words" == pyrage.decrypt(sealed, [read])


def test_bech32_as_its_standard_says() -> None:
    """BIP 173's own examples."""
    assert "a12uel5l" == bech32.encoded("a", b"")
    program = bytes.fromhex("751e76e8199196d454941c45d1b3a323f1433bd6")
    # The standard's address has a version before the program, which we have no use for.
    five = [0, *bech32._fives(program)]
    assert "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" == "bc1" + "".join(
        bech32._LETTERS[each] for each in (*five, *bech32._checksum("bc", five))
    )


def test_the_keys_for_desks_and_for_backups_are_apart() -> None:
    """Who has only the one opens nothing that is for the other."""
    desks = recovery.desks_identity(SECRET)

    assert desks == recovery.desks_identity(recovery.join(recovery.split(SECRET, 3, 5)))
    assert pyrage.x25519.Identity.from_str(recovery.backup_identity(SECRET)) is not None
    assert recovery.backup_recipient(SECRET) != recovery.ageing.written_recipient(desks.recipient.public)
    place = Place("desk_wraps", "x", "y")
    assert b"key" == desks.open(seal(b"key", place, [desks.recipient]), place)


def test_published_for_everybody_to_see(founded: Founded) -> None:
    """The two public halves stand among the keys, the desk's key is wrapped for recovery; the secret stands nowhere."""
    desk = Identity.new()
    founded.store.do(lambda tx: keys.publish(tx, "desk", "general", desk.recipient, NOON_S))

    founded.store.do(lambda tx: recovery.publish(tx, SECRET, {"general": desk}, NOON_S))

    found = {each.kind: each for each in founded.store.read(keys.every) if each.current}
    assert {"bot", "desk", "recovery", "backup"} <= set(found)
    [wrap] = founded.store.read(lambda tx: staff.wraps(tx, "recovery"))
    assert desk.private == recovery.desks_identity(SECRET).open(wrap.sealed, wrap.place)
    rows = founded.store.read(lambda tx: tx.rows(sa.select(desk_wraps)))
    assert not any(SECRET in bytes(cell) for row in rows for cell in row if isinstance(cell, bytes))


def test_what_a_desk_lost_comes_back_with_the_shares(founded: Founded) -> None:
    """The only member is gone with their password: three shares make a link, and who opens it reads the old cases."""
    store, secret = founded.store, recovery.new_secret()
    identity = recovery.desks_identity(secret)
    member, _ = opening.new_member("ann", "ann", "Ann", "a password nobody knows", "TOTP")

    def begin(tx: Tx) -> None:
        recovery.publish(tx, secret, {}, NOON_S)
        turning.recover_with(tx, turning.founders(tx, founded.token), identity.recipient)
        opening.enrol(tx, founded.token, member, NOON_S)
        cases.file(tx, CASE, "locator", b"head", b"the well is dry")

    store.do(begin)
    shares = recovery.split(secret, 3, 5)
    again = recovery.desks_identity(recovery.join(shares[:3]))
    desks = store.do(lambda tx: turning.rescue(tx, again, "a link's token", NOON_S, NOON_S + 10))
    late, key = opening.new_member("ben", "ben", "Ben", "another password", "TOTP")
    assert store.do(lambda tx: opening.enrol(tx, "a link's token", late, NOON_S))

    def read(tx: Tx) -> bytes:
        opened = opening.ring_of(tx, "ben", key).case(tx, cases.get(tx, "R-1") or CASE)
        assert opened
        return opened.entry(cases.entries_of(tx, "R-1")[0])

    assert ("general",) == desks
    assert b"the well is dry" == store.read(read)


def test_shares_of_another_house_bring_nothing_back(founded: Founded) -> None:
    """Shares that belong together and to somebody else's recovery key are told apart, and nothing is made."""
    store, mine = founded.store, recovery.desks_identity(recovery.new_secret())
    with pytest.raises(NotTurned, match="holds no desk"):
        store.do(lambda tx: turning.rescue(tx, mine, "token", NOON_S, NOON_S + 10))
    store.do(lambda tx: turning.recover_with(tx, turning.founders(tx, founded.token), mine.recipient))
    other = recovery.desks_identity(recovery.new_secret())

    with pytest.raises(NotTurned, match="another recovery key"):
        store.do(lambda tx: turning.rescue(tx, other, "token", NOON_S, NOON_S + 10))

"""A file in sealed pieces: it comes back whole or not at all, and nothing of it stays that nobody wants."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import count

import pytest
import sqlalchemy as sa

from store import cases, erasing, files
from store.db import Store, StoreUnavailable, Tx
from store.files import PIECE, Chunk, Growing, Stored, from_json
from store.places import Unopenable
from store.schema import chunks, entries
from store.schema import files as table
from tests.conftest import NOON_S
from tests.store.office import Office, case

DAY, HOUR = 86400, 3600
CUTS = (1, 7, 1000, 65536, PIECE, PIECE + 1, 10**7)


def _grown(content: bytes, cut: int = 65536) -> tuple[list[Chunk], Stored]:
    growing = Growing()
    found = [each for at in range(0, len(content), cut) for each in growing.add(content[at : at + cut])]
    last, stored = growing.end()
    return [*found, last], stored


def _keep(store: Store, content: bytes, now: int = NOON_S) -> Stored:
    found, stored = _grown(content)
    for each in found:
        store.do(lambda tx, each=each: files.write(tx, each, now))
    return stored


def _whole(store: Store, stored: Stored) -> bytes:
    return b"".join(files.opened(store, stored))


def _rows(store: Store) -> tuple[int, int]:
    """How many files and pieces there are."""
    return tuple(len(store.read(lambda tx, t=t: tx.rows(sa.select(t)))) for t in (table, chunks))


@pytest.mark.parametrize("size", [0, 1, 255, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5])
def test_a_file_comes_back_as_it_was(store: Store, size: int) -> None:
    """What I sent is what staff open, byte for byte, with its size and SHA-256."""
    content = os.urandom(size)

    stored = _keep(store, content)

    assert content == _whole(store, stored)
    assert (size, sha256(content).hexdigest()) == (stored.size, stored.sha256)
    assert max(1, -(-size // PIECE)) == stored.chunks == _rows(store)[1]


@pytest.mark.parametrize("cut", CUTS)
def test_however_it_trickles_in_the_pieces_are_the_same(cut: int) -> None:
    """A slow phone sends drops, a fast one floods: the sealed pieces have the same sizes."""
    content = os.urandom(2 * PIECE + 77) if cut > 7 else os.urandom(PIECE + 77)

    found, stored = _grown(content, cut)

    assert stored.chunks == len(found)
    assert [256 * 1024 + 31] * (len(found) - 1) + [256 + 31] == [len(each.sealed) for each in found]


def test_a_file_s_size_shows_roughly_only() -> None:
    """Two short notes of different length look alike in the database."""
    sizes = {len(_grown(os.urandom(size))[0][-1].sealed) for size in range(20, 200, 20)}

    assert 1 == len(sizes)


def _missing(tx: Tx, a: str, b: str) -> None:
    tx.do(sa.delete(chunks).where(chunks.c.file == a, chunks.c.n == 1))


def _cut_off(tx: Tx, a: str, b: str) -> None:
    tx.do(sa.delete(chunks).where(chunks.c.file == a, chunks.c.n == 2))


def _too_many(tx: Tx, a: str, b: str) -> None:
    tx.new(chunks, file=a, n=3, sealed=files.read(tx, a, 2))


def _copied(tx: Tx, to: tuple[str, int], what: tuple[str, int]) -> None:
    sealed = files.read(tx, *what)
    tx.do(sa.update(chunks).where(chunks.c.file == to[0], chunks.c.n == to[1]).values(sealed=sealed))


def _doubled(tx: Tx, a: str, b: str) -> None:
    _copied(tx, (a, 1), (a, 0))


def _swapped(tx: Tx, a: str, b: str) -> None:
    for n in (-1, 0, 1):
        old = n + 1 if n < 1 else -1
        tx.do(sa.update(chunks).where(chunks.c.file == a, chunks.c.n == old).values(n=n))


def _of_another(tx: Tx, a: str, b: str) -> None:
    _copied(tx, (a, 0), (b, 0))


def _flipped(tx: Tx, a: str, b: str) -> None:
    sealed = files.read(tx, a, 1) or b""
    tx.do(sa.update(chunks).where(chunks.c.file == a, chunks.c.n == 1).values(sealed=sealed[:-1] + b"?"))


def _shortened(tx: Tx, a: str, b: str) -> None:
    tx.do(sa.update(chunks).where(chunks.c.file == a, chunks.c.n == 1).values(sealed=b"short"))


def _of_another_version(tx: Tx, a: str, b: str) -> None:
    sealed = files.read(tx, a, 1) or b""
    tx.do(sa.update(chunks).where(chunks.c.file == a, chunks.c.n == 1).values(sealed=b"AC\x02" + sealed[3:]))


HARM = [_of_another_version, _missing, _cut_off, _too_many, _doubled, _swapped, _of_another, _flipped, _shortened]


@pytest.mark.parametrize("harm", HARM)
def test_a_file_that_was_tampered_with_does_not_open(store: Store, harm: Callable[[Tx, str, str], None]) -> None:
    """Whoever can write to the database cannot leave out, move, double, exchange or change a piece unnoticed."""
    stored, other = _keep(store, os.urandom(2 * PIECE + 9)), _keep(store, os.urandom(2 * PIECE + 9))

    store.do(lambda tx: harm(tx, stored.file, other.file))

    with pytest.raises(Unopenable):
        _whole(store, stored)
    if harm is not _swapped:
        assert _whole(store, other)


def test_a_file_opens_with_its_own_particulars_only(store: Store) -> None:
    """Another key, another size, another checksum or fewer pieces: nothing opens."""
    stored = _keep(store, os.urandom(PIECE + 9))
    wrong = [
        replace(stored, key=os.urandom(32)), replace(stored, size=stored.size - 1), replace(stored, sha256="0" * 64),
        replace(stored, chunks=1), replace(stored, chunks=3), replace(stored, file="0" * 32),
    ]  # fmt: skip

    for each in wrong:
        with pytest.raises(Unopenable):
            _whole(store, each)


@pytest.mark.parametrize(
    ("first", "last"), [(0, 0), (4, 6), (PIECE - 1, PIECE), (0, 2 * PIECE), (2 * PIECE + 8, 2 * PIECE + 8)]
)
def test_a_part_opens_without_the_rest(store: Store, first: int, last: int) -> None:
    """Who winds a recording forward opens the pieces that hold that part."""
    content = os.urandom(2 * PIECE + 9)
    stored = _keep(store, content)

    assert content[first : last + 1] == b"".join(files.part(store, stored, first, last))


def test_the_particulars_travel_as_a_few_words() -> None:
    """What a draft and a case hold is small, comes back the same, and opens for nothing else."""
    original = replace(_grown(b"original")[1], kind="photo", type="image/png", name="élan.png")
    stored = replace(_grown(b"drawn")[1], kind="photo", type="image/jpeg", original=original)

    words = stored.to_json()

    assert stored == from_json(words)
    assert len(words) < 1024
    assert stored.ids == (stored.file, original.file)
    assert stored.without_original().ids == (stored.file,)
    for other in (b"", b"[]", b"{}", b'{"original": null}', words.replace(b'"key": "', b'"key": "x')):
        with pytest.raises(Unopenable):
            from_json(other)


def test_whoever_prints_particulars_sees_no_key_and_no_name() -> None:
    """A log that holds them by mistake opens nothing and names nobody."""
    stored = replace(_grown(b"words")[1], name="letter of Amina.pdf")
    shown = repr(replace(stored, original=stored)) + repr(_grown(b"words")[0])

    assert stored.key.hex() not in shown
    assert repr(stored.key) not in shown
    assert "Amina" not in shown


def test_no_byte_of_a_file_stands_in_the_database(store: Store) -> None:
    """The stored pieces say nothing of what I sent."""
    _keep(store, b"CANARY" * 100_000)

    rows = store.read(lambda tx: tx.rows(sa.select(chunks.c.sealed)))
    assert [] == [1 for row in rows if b"CANARY" in row.sealed]


def test_a_file_in_hand_takes_the_memory_of_a_few_pieces(store: Store) -> None:
    """However large it is: a small machine takes many files in at once."""
    piece = os.urandom(65536)
    growing = Growing()
    tracemalloc.start()
    for _ in range(160):
        for chunk in growing.add(piece):
            store.do(lambda tx, chunk=chunk: files.write(tx, chunk, NOON_S))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert growing.size == 10 * 1024 * 1024
    assert peak < 5 * PIECE


# --- belonging --------------------------------------------------------------------------------------------------------


def _states(store: Store) -> list[tuple[str, str | None, int]]:
    return [(row.state, row.entry, row.at) for row in store.read(lambda tx: tx.rows(sa.select(table)))]


def test_a_kept_file_names_the_day_only_and_a_draft_s_names_nobody(store: Store) -> None:
    """The second in which a photo came would tell who sent it; what lies in a draft leads to no case."""
    stored, day = _keep(store, b"x"), NOON_S - NOON_S % DAY
    seen = [_states(store)]

    store.do(lambda tx: files.keep_in_draft(tx, stored, NOON_S))
    seen.append(_states(store))
    store.do(lambda tx: files.keep_in_case(tx, stored, "entry", NOON_S))
    seen.append(_states(store))

    assert [[("arriving", None, NOON_S)], [("draft", None, day)], [("filed", "entry", day)]] == seen


def test_what_was_tidied_away_is_not_said_to_be_kept(store: Store) -> None:
    """A file that is gone when its message is kept is refused, and its sender told to send it again."""
    stored = _keep(store, b"x")
    store.do(lambda tx: files.drop(tx, stored.ids))

    with pytest.raises(StoreUnavailable):
        store.do(lambda tx: files.keep_in_draft(tx, stored, NOON_S))


_IDS = count()


def _draft(store: Store, content: bytes, now: int) -> Stored:
    stored, id_ = _keep(store, content, now), f"draft {next(_IDS)}"

    def unit(tx: Tx) -> None:
        cases.keep_draft_file(tx, id_, "a", b"locked", now)
        files.keep_in_draft(tx, stored, now)

    store.do(unit)
    return stored


def test_what_no_message_brought_is_erased_after_an_hour(store: Store) -> None:
    """A connection that broke leaves nothing behind; a slow one that still brings something is not disturbed."""
    broken, slow, drafted = _keep(store, b"broken"), _keep(store, os.urandom(PIECE + 1)), _draft(store, b"d", NOON_S)
    filed = _keep(store, b"filed")
    store.do(lambda tx: files.keep_in_case(tx, filed, "entry", NOON_S))
    last = Chunk(slow.file, 2, b"more")
    store.do(lambda tx: files.write(tx, last, NOON_S + HOUR))

    early = store.do(lambda tx: files.drop_orphans(tx, NOON_S))
    late = store.do(lambda tx: files.drop_orphans(tx, NOON_S + 1))

    assert (0, 1) == (early, late)
    with pytest.raises(Unopenable):
        _whole(store, broken)
    assert (b"d", b"filed") == (_whole(store, drafted), _whole(store, filed))
    assert (3, 5) == _rows(store)


def test_what_an_erased_draft_held_is_erased_by_the_scheduler_too(store: Store) -> None:
    """It cannot read which files a draft had, and yet finds those that are older than every draft."""
    old, new = _draft(store, b"old", NOON_S), _draft(store, b"new", NOON_S + 3 * DAY)
    store.do(lambda tx: files.drop_orphans(tx, NOON_S + 5 * DAY))
    before = _rows(store)
    first = sa.select(sa.func.min(entries.c.at)).scalar_subquery()
    store.do(lambda tx: tx.do(sa.delete(entries).where(entries.c.at == first)))

    store.do(lambda tx: files.drop_orphans(tx, NOON_S + 5 * DAY))

    assert ((2, 2), (1, 1)) == (before, _rows(store))
    assert b"new" == _whole(store, new)
    with pytest.raises(Unopenable):
        _whole(store, old)
    store.do(lambda tx: tx.do(sa.delete(entries)))
    assert 1 == store.do(lambda tx: files.drop_orphans(tx, NOON_S + 5 * DAY))
    assert (0, 0) == _rows(store)


def test_whoever_erases_a_case_finds_its_files_without_a_key(store: Store) -> None:
    """My case is erased by a process that can open nothing: my photos go with it, and only mine."""
    mine, original, hers = _keep(store, b"mine"), _keep(store, b"original"), _keep(store, b"hers")
    office = Office(store).desk("general")
    for reference, stored in (("A", replace(mine, original=original)), ("B", hers)):
        filed = office.file(case(reference))

        def keep(tx: Tx, filed: cases.Case = filed, stored: Stored = stored) -> None:
            entry = cases.add(tx, filed, "file", "person", stored.to_json(), NOON_S)
            files.keep_in_case(tx, stored, entry, NOON_S)

        store.do(keep)
    assert {mine.file, original.file} == set(store.read(lambda tx: files.of_case(tx, "A")))

    store.do(lambda tx: erasing.erase_case(tx, "A", "person", NOON_S))

    assert (1, 1) == _rows(store)
    assert b"hers" == _whole(store, hers)

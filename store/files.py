"""Files in sealed pieces: a file is cut, shut and stored while it still arrives, and opened piece by piece.

Each file has a random key of its own, and each piece is AES-256-GCM under it (NIST SP 800-38D; a fresh nonce a piece)
at a place that names file, number and whether it is the last: no piece can be left out, moved, doubled or cut off
unnoticed. The key stands in the file's particulars (`Stored`) and nowhere else; whoever keeps those seals them. So
filing a report seals a few hundred bytes anew and touches no piece.

The table `files` has a row a file: `arriving` until the message that brings it is kept, then `draft`, then `filed`
with the entry that holds its particulars, so that whoever erases an entry without being able to read it still finds
the pieces. A draft's file names no entry: nothing in clear leads from a person's draft to a case.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from actions.talk import FileKind
from store.db import Store, StoreUnavailable, Tx
from store.places import Place, Unopenable, pad, unpad
from store.schema import chunks, entries, files

# With the four bytes that `pad` writes before it, a full piece is 256 KiB and has no padding.
PIECE = 256 * 1024 - 4
_VERSION, _NONCE = b"AC\x01", 12
_HEAD = len(_VERSION) + _NONCE
_DAY = 24 * 3600
_ARRIVING, _DRAFT, _FILED = "arriving", "draft", "filed"
_Purpose: TypeAlias = Literal["more", "last"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One sealed piece of a file."""

    file: str
    n: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's particulars: what it is, and the key to its pieces; `original` is the untouched file it was drawn from.

    Whoever prints one sees neither key nor name.
    """

    file: str
    key: bytes = field(repr=False)
    chunks: int
    size: int
    sha256: str = field(repr=False)
    kind: FileKind = "file"
    type: str = ""
    name: str = field(default="", repr=False)
    original: Stored | None = field(default=None, repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The files whose pieces belong to it: its own and its original's."""
        return (self.file, *(self.original.ids if self.original else ()))

    def without_original(self) -> Stored:
        """The same without the untouched original."""
        return replace(self, original=None)

    def to_json(self) -> bytes:
        """What an entry holds."""
        return json.dumps(_out(self), ensure_ascii=False).encode()


def from_json(words: bytes) -> Stored:
    """The particulars that `to_json` wrote; `Unopenable` for anything else."""
    try:
        return _in(json.loads(words))
    except (ValueError, KeyError, TypeError):
        raise Unopenable from None


def _out(stored: Stored) -> dict[str, object]:
    original = _out(stored.original) if stored.original else None
    plain = {name: getattr(stored, name) for name in ("kind", "type", "name", "size", "sha256", "file", "chunks")}
    return {**plain, "key": stored.key.hex(), "original": original}


def _in(read: Any) -> Stored:
    original, key = read["original"], bytes.fromhex(read["key"])
    return Stored(**{**read, "key": key, "original": _in(original) if original else None})


# --- writing ----------------------------------------------------------------------------------------------------------


class Growing:
    """A file while it arrives: it holds one piece at most, and neither shows nor keeps anything else of it."""

    def __init__(self) -> None:
        self.file, self._key = os.urandom(16).hex(), os.urandom(32)
        self._hash, self._rest = hashlib.sha256(), bytearray()
        self.size = self._chunks = 0

    def add(self, data: bytes) -> Iterator[Chunk]:
        """The pieces that are full with this, sealed; one is held back, since the last must be told from the others."""
        self._hash.update(data)
        self.size += len(data)
        left = memoryview(data)
        while len(self._rest) + len(left) > PIECE:
            room = PIECE - len(self._rest)
            self._rest += left[:room]
            left = left[room:]
            yield self._cut("more")
        self._rest += left

    def end(self) -> tuple[Chunk, Stored]:
        """The last piece, padded so that the file's size shows roughly only, and the particulars of the whole."""
        last = self._cut("last")
        return last, Stored(self.file, self._key, self._chunks, self.size, self._hash.hexdigest())

    def _cut(self, purpose: _Purpose) -> Chunk:
        whole, n = pad(bytes(self._rest)), self._chunks
        self._rest.clear()
        self._chunks += 1
        return Chunk(self.file, n, seal(self._key, whole, place(self.file, n, purpose)))


def seal(key: bytes, padded: bytes, place: Place) -> bytes:
    """One piece under its file's key: `AC`, version, nonce, ciphertext; version and place are bound into it."""
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, padded, bound_to(place))


def bound_to(place: Place) -> bytes:
    """The associated data of a piece."""
    return _VERSION + place.bound()


def place(file: str, n: int, purpose: _Purpose) -> Place:
    """Where a piece belongs."""
    return Place("chunks", f"{file}/{n}", purpose)


def write(tx: Tx, chunk: Chunk, now: int) -> None:
    """Keep one piece of a file that is arriving."""
    tx.put(files, id=chunk.file, state=_ARRIVING, entry=None, at=now)
    tx.new(chunks, file=chunk.file, n=chunk.n, sealed=chunk.sealed)


def keep_in_draft(tx: Tx, stored: Stored, now: int) -> None:
    """The message that brought it is kept, in this transaction, as part of somebody's draft."""
    _settle(tx, stored, _DRAFT, None, now)


def keep_in_case(tx: Tx, stored: Stored, entry: str, now: int) -> None:
    """An entry of a case holds its particulars from now on."""
    _settle(tx, stored, _FILED, entry, now)


def _settle(tx: Tx, stored: Stored, state: str, entry: str | None, now: int) -> None:
    """A kept file names a day only: its second would tell who sent it."""
    mine = sa.update(files).where(files.c.id.in_(stored.ids))
    if tx.do(mine.values(state=state, entry=entry, at=now - now % _DAY)).rowcount != len(stored.ids):
        # It lay there for so long that it was tidied away. Sent again it arrives anew.
        raise StoreUnavailable("a file is gone")


# --- erasing ----------------------------------------------------------------------------------------------------------


def drop(tx: Tx, ids: Sequence[str]) -> None:
    """Erase files with all their pieces."""
    for table, name in ((chunks, chunks.c.file), (files, files.c.id)):
        tx.do(sa.delete(table).where(name.in_(ids)))


def of_case(tx: Tx, reference: str) -> list[str]:
    """The files of a case, for whoever erases it; nothing needs to be opened for that."""
    held = sa.select(entries.c.id).where(entries.c.case_ref == reference)
    return [row.id for row in tx.rows(sa.select(files.c.id).where(files.c.entry.in_(held)))]


def drop_orphans(tx: Tx, before: int, most: int = 50) -> int:
    """Erase files that no message ever brought and of which nothing has arrived since then; how many.

    With them those of drafts that are gone, whoever erased them without being able to read what they held: every file
    that is older than the oldest draft there is.
    """
    row = tx.row(sa.select(sa.func.min(entries.c.at)).where(entries.c.draft_of.is_not(None)))
    oldest = min(row[0] if row and row[0] is not None else before, before - _DAY)
    lost = sa.or_(
        sa.and_(files.c.state == _ARRIVING, files.c.at < before),
        sa.and_(files.c.state == _DRAFT, files.c.at < oldest - oldest % _DAY),
    )
    found = [row.id for row in tx.rows(sa.select(files.c.id).where(lost).limit(most))]
    drop(tx, found)
    return len(found)


# --- reading ----------------------------------------------------------------------------------------------------------


def read(tx: Tx, file: str, n: int) -> bytes | None:
    """One sealed piece."""
    row = tx.row(sa.select(chunks.c.sealed).where(chunks.c.file == file, chunks.c.n == n))
    return row.sealed if row else None


def count(tx: Tx, file: str) -> int:
    """How many pieces of a file there are."""
    row = tx.row(sa.select(sa.func.count()).select_from(chunks).where(chunks.c.file == file))
    return int(row[0]) if row else 0


def opened(store: Store, stored: Stored) -> Iterator[bytes]:
    """The whole file piece by piece; `Unopenable` as soon as a piece is missing, moved, doubled, cut or too many."""
    if store.read(lambda tx: count(tx, stored.file)) != stored.chunks:
        raise Unopenable
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(store, stored, 0, stored.chunks):
        digest.update(piece)
        size += len(piece)
        yield piece
    if (size, digest.hexdigest()) != (stored.size, stored.sha256):
        raise Unopenable


def part(store: Store, stored: Stored, first: int, last: int) -> Iterator[bytes]:
    """From one byte to another (both in it): only the pieces that hold them are opened."""
    begin, end = first // PIECE, last // PIECE + 1
    for n, piece in enumerate(_pieces(store, stored, begin, end), begin):
        at = n * PIECE
        yield piece[max(first - at, 0) : last + 1 - at]


def _pieces(store: Store, stored: Stored, begin: int, end: int) -> Iterator[bytes]:
    for n in range(begin, end):
        sealed = store.read(partial(read, file=stored.file, n=n))
        if sealed is None:
            raise Unopenable
        yield _open(stored, n, sealed)


def _open(stored: Stored, n: int, sealed: bytes) -> bytes:
    here = place(stored.file, n, "last" if n == stored.chunks - 1 else "more")
    nonce, words = sealed[len(_VERSION) : _HEAD], sealed[_HEAD:]
    try:
        if not sealed.startswith(_VERSION):
            raise Unopenable
        return unpad(AESGCM(stored.key).decrypt(nonce, words, bound_to(here)))
    except (InvalidTag, ValueError):
        raise Unopenable from None

"""Looking for words and keys in what was left on a disk."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store import casekeys, cases, files, relays, reveals, staff
from store.db import Store
from store.locks import Lock, derived
from store.opening import invitation_identity
from store.places import Place, Unopenable
from store.schema import meta
from store.sealing import KEY_ID, MAGIC, NONCE, WRAP, bound_to
from store.unsealing import Identity

_GZIP = b"\x1f\x8b\x08"
_HEX = re.compile(rb"[0-9a-fA-F]{64}")
_TOKEN = re.compile(rb"[\w-]{32,64}")


def forms(word: bytes) -> Iterator[bytes]:
    """How a word may lie on a disk: as it is, in UTF-16, in hex, in base64 at each alignment."""
    yield word
    text = word.decode("utf-8", "replace")
    if text.encode() == word:
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield "".join(f"\\u{ord(each):04x}" if ord(each) > 127 else each for each in text).encode()
    yield word.hex().encode()
    yield word.hex().upper().encode()
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + word)
        # Only the characters that the word alone decides.
        first, last = -(-shift * 4 // 3), (shift + len(word)) * 4 // 3
        sure = whole[first + (1 if shift else 0) : last]
        yield sure
        yield sure.translate(bytes.maketrans(b"+/", b"-_"))


def number_forms(number: int) -> Iterator[bytes]:
    """How a number may lie on a disk: in words, and as the bytes a database makes of it."""
    yield from forms(str(abs(number)).encode())
    size = (abs(number).bit_length() + 7) // 8
    yield abs(number).to_bytes(size, "big")
    yield abs(number).to_bytes(size, "little")
    if number < 0:
        yield number.to_bytes(size + 1, "big", signed=True)


def contents(path: Path) -> Iterator[bytes]:
    """A file's name, its bytes, and those of every gzip member in it."""
    yield str(path).encode()
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    yield data
    yield from _unpacked(data)


def _unpacked(data: bytes) -> Iterator[bytes]:
    at = data.find(_GZIP)
    while at >= 0:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            inner = unpacker.decompress(data[at:])
        except zlib.error:
            inner = b""
        if inner:
            yield inner
            yield from _unpacked(inner)
        at = data.find(_GZIP, at + 1 if not inner else len(data) - len(unpacker.unused_data))


def found(words: dict[str, Iterable[bytes]], files: Iterable[Path]) -> list[str]:
    """Which words lie where; nothing is the right answer."""
    needles = [(name, form) for name, every in words.items() for form in every]
    return [
        f"{name} in {path.name}"
        for path in files
        for data in contents(path)
        for name in dict.fromkeys(name for name, form in needles if form in data)
    ]


def keys(folder: Path) -> set[bytes]:
    """Everything in a folder that can be a key of 32 bytes: written in hex, made from a token, or kept as it is."""
    every: set[bytes] = set()
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        every.update(bytes.fromhex(each.decode()) for each in _HEX.findall(data))
        for token in set(_TOKEN.findall(data)):
            every.add(invitation_identity(token.decode())[1].private)
            every.add(derived(token, "session"))
    for cell in _cells(folder / "amana.db"):
        if isinstance(cell, bytes) and len(cell) == 32:
            every.add(cell)
    for path in folder.rglob("*.json"):
        every.update(_ringed(path.read_bytes()))
    return every


def _ringed(data: bytes) -> Iterator[bytes]:
    """Every key in the rings of a key file, the older ones too, however long it is."""
    try:
        told = json.loads(data)
    except ValueError:
        return
    rings = told.values() if isinstance(told, dict) else ()
    for each in (each for ring in rings for each in (ring if isinstance(ring, list) else [ring])):
        with contextlib.suppress(TypeError, ValueError):
            yield bytes.fromhex(each)


def _cells(database: Path) -> Iterator[object]:
    if not database.exists():
        return
    connection = sqlite3.connect(database)
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in names:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own table's name
                yield from row
    finally:
        connection.close()


def sealed(url: str, table: str) -> list[tuple[Place, bytes]]:
    """Every sealed thing of a table with the place it belongs to."""
    places, store = _PLACES[table], Store(url)
    try:
        rows = [row._asdict() for row in store.read(lambda tx: tx.rows(sa.select(meta.tables[table])))]
    finally:
        store.close()
    return [
        (places(row), cell)
        for row in rows
        for cell in row.values()
        if isinstance(cell, bytes) and cell[:2] in (b"AM", b"AL", b"AC")
    ]


def _entry(row: dict[str, Any]) -> Place:
    if row["draft_of"] is not None:
        return cases.draft_place(row["id"])
    return cases.place(row["case_ref"], row["id"], row["kind"], row["by"])


_PLACES: dict[str, Callable[[dict[str, Any]], Place]] = {
    "entries": _entry,
    "cases": lambda row: casekeys.head_place(row["reference"]),
    "case_wraps": lambda row: casekeys.place(row["case_ref"], row["holder"]),
    "desk_wraps": lambda row: staff.wrap_place(row["desk"], row["key_id"], row["holder"]),
    "reveals": lambda row: reveals.place(row["case_ref"], row["entry"], row["id"]),
    "relays": lambda row: relays.place(row["id"]),
    "addresses": lambda row: Place("addresses", row["id"], "particulars"),
    "talks": lambda row: Place("talks", row["address"], "talk"),
    "staff": lambda row: staff.keys_place(row["id"]),
    "sessions": lambda row: staff.session_place(row["id"]),
    "chunks": lambda row: files.place(row["file"], row["n"], "last"),
}


def opened(key: bytes, place: Place, envelope: bytes) -> bool:
    """Whether a key opens it: as a private key, as a lock, as that of a case's head, or as the data key itself."""
    for way in (_as_private_key, _as_lock, _as_case_key, _as_data_key, _as_file_key):
        try:
            way(key, place, envelope)
        except Exception:  # noqa: S112 - a key that does not fit fails in many ways
            continue
        return True
    return False


def _as_private_key(key: bytes, place: Place, envelope: bytes) -> None:
    Identity(key).open(envelope, place)


def _as_lock(key: bytes, place: Place, envelope: bytes) -> None:
    Lock(key).open(envelope, place)


def _as_case_key(key: bytes, place: Place, envelope: bytes) -> None:
    casekeys.head_lock(key).open(envelope, place)


def _as_data_key(key: bytes, place: Place, envelope: bytes) -> None:
    if not envelope.startswith(MAGIC):
        raise Unopenable
    body = envelope[len(MAGIC) + 1 + envelope[len(MAGIC)] * (KEY_ID + WRAP) :]
    AESGCM(key).decrypt(body[:NONCE], body[NONCE:], bound_to(place))


def _as_file_key(key: bytes, place: Place, piece: bytes) -> None:
    AESGCM(key).decrypt(piece[3 : 3 + NONCE], piece[3 + NONCE :], files.bound_to(place))


def keys_in_draft(candidates: Iterable[bytes], place: Place, locked: bytes) -> Iterator[bytes]:
    """The keys of the files of a draft, which whoever has the bot's lock has."""
    for key in candidates:
        with contextlib.suppress(Unopenable):
            stored = files.from_json(Lock(key).open(locked, place))
            yield from (each.key for each in (stored, stored.original) if each)

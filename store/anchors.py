"""Signed heads of the audit: kept elsewhere, they show that a chain was cut off at its end or written anew."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from store import audit
from store.audit import Head
from store.db import Tx
from store.refusal import Refused
from store.schema import keys
from store.sealing import key_id


class WrongAnchors(Refused):
    """Anchors cannot be made or read; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A signed head: which house, which row with which hash, when and with which key it was signed."""

    house: str
    seq: int
    hash: str
    at: int
    key: str
    signature: str = field(default="", compare=False)

    def signed(self) -> bytes:
        """What the signature is of."""
        parts = ("amana/1 audit head", self.house, str(self.seq), self.hash, str(self.at), self.key)
        return "\x1f".join(parts).encode()

    @property
    def line(self) -> str:
        """How it stands in a file."""
        return json.dumps(asdict(self)) + "\n"


@dataclass(frozen=True, slots=True)
class Signer:
    """The house's key for heads (Ed25519); its representation never shows it."""

    private: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """The public half, which is published as a key of kind `audit`."""
        return self._key().public_key().public_bytes_raw()

    def sign(self, head: Head, now: int) -> Anchor:
        """A signed head."""
        bare = Anchor(head.house, head.seq, head.hash, now, key_id(self.public).hex())
        return Anchor(bare.house, bare.seq, bare.hash, now, bare.key, self._key().sign(bare.signed()).hex())

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.private)


def new(path: Path) -> bytes:
    """Make the key, write its file once, readable by its owner only; the public half."""
    signer = Signer(Ed25519PrivateKey.generate().private_bytes_raw())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"key": signer.private.hex()}, file)
        file.flush()
        os.fsync(file.fileno())
    return signer.public


def load(path: Path) -> Signer:
    """The key in a file that nobody else may read."""
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `amana staff invite` once, or restore it from a backup.")
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} can be read by others; run: chmod 600 {path}")
    return Signer(bytes.fromhex(json.loads(path.read_text())["key"]))


def append(path: Path, anchor: Anchor) -> None:
    """Add a signed head to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(anchor.line)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Anchor]:
    """The signed heads of a file; a line that is none is refused."""
    return [_read(path, number, line) for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)]


def _read(path: Path, number: int, line: str) -> Anchor:
    match _json(line):
        case {
            "house": str(house),
            "seq": int(seq),
            "hash": str(hash_),
            "at": int(at),
            "key": str(key),
            "signature": str(signature),
        }:
            return Anchor(house, seq, hash_, at, key, signature)
        case _:
            raise WrongAnchors(f"{path}, line {number}: this is no signed head. Give a file that Amana wrote.")


def _json(line: str) -> object:
    try:
        read: object = json.loads(line)
    except ValueError:
        return None
    return read


def known(tx: Tx) -> dict[str, bytes]:
    """Every key that ever signed heads of this house, by its fingerprint."""
    return {row.id: row.public for row in tx.rows(sa.select(keys.c.id, keys.c.public).where(keys.c.kind == "audit"))}


def trouble(tx: Tx, anchor: Anchor, signers: Mapping[str, bytes]) -> str | None:
    """Why this head does not vouch for the chain as it stands; None when it does."""
    if anchor.key not in signers:
        return f"it is signed with the key {anchor.key}, which is not a key of this house"
    if not _valid(anchor, signers[anchor.key]):
        return "its signature is not right, so somebody changed the line"
    return _kept(tx, anchor)


def _kept(tx: Tx, anchor: Anchor) -> str | None:
    here, end = audit.hash_at(tx, anchor.seq), audit.head(tx)
    if here == anchor.hash:
        return None
    after = " (a backup was restored since, and what came after that backup is lost)"
    why = after if audit.restored_before(tx, anchor.seq) else ""
    if here is None:
        return f"row {anchor.seq} is not there, the audit ends at row {end.seq if end else 0}: rows were cut off{why}"
    return f"row {anchor.seq} is not the row that was signed: the audit was written anew from there or before{why}"


def _valid(anchor: Anchor, public: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(anchor.signature), anchor.signed())
    except (InvalidSignature, ValueError):
        return False
    return True

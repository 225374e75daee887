"""A symmetric lock (AES-256-GCM) for what one holder both writes and reads, and the password hashing under it.

Locked bytes: `AL`, version, key id (8 bytes), nonce, ciphertext. Version, key id and place are bound into it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.places import Place, Unopenable, pad, unpad

_VERSION = b"AL\x02"
_ID, _NONCE = 8, 12
_HEAD = len(_VERSION) + _ID


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's cost: memory in KiB, passes and lanes."""

    memory: int
    passes: int
    lanes: int


# A password may be guessable, so a guess must be dear (ASVS 5.0 6.2; the issue asks for at least 64 MiB).
PASSWORD = Cost(memory=65536, passes=3, lanes=4)
# A return code has 86 random bits: no guessing helps at any price, the salt and hash only keep it out of the database.
CODE = Cost(memory=8192, passes=1, lanes=1)


def stretched(secret: str, salt: bytes, cost: Cost) -> bytes:
    """32 bytes from a password or code (Argon2id, RFC 9106)."""
    deriver = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory)
    return deriver.derive(secret.encode())


def derived(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose from a secret that is already random (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"amana/1 " + purpose.encode()).derive(secret)


@dataclass(frozen=True, slots=True)
class Lock:
    """A 32-byte key that shuts and opens; its representation never shows it."""

    key: bytes = field(repr=False)
    id: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", sha256(b"amana lock " + self.key).digest()[:_ID])

    def shut(self, plain: bytes, place: Place) -> bytes:
        """Locked bytes for this place."""
        head, nonce = self.head, os.urandom(_NONCE)
        return head + nonce + AESGCM(self.key).encrypt(nonce, pad(plain), head + place.bound())

    @property
    def head(self) -> bytes:
        """How everything begins that this lock has shut."""
        return _VERSION + self.id

    @staticmethod
    def shut_it(locked: bytes) -> bool:
        """Whether these bytes come from a lock (and not from sealing)."""
        return locked.startswith(_VERSION)

    def is_of(self, locked: bytes) -> bool:
        """Whether this very lock shut these bytes, as far as they say."""
        return locked[:_HEAD] == self.head

    def open(self, locked: bytes, place: Place) -> bytes:
        """What was shut at this place, else `Unopenable`."""
        head, nonce, words = locked[:_HEAD], locked[_HEAD : _HEAD + _NONCE], locked[_HEAD + _NONCE :]
        try:
            if not self.is_of(locked):
                raise Unopenable
            return unpad(AESGCM(self.key).decrypt(nonce, words, head + place.bound()))
        except (InvalidTag, ValueError):
            raise Unopenable from None

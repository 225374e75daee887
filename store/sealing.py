"""Sealing for public keys: whoever holds only this can write a sealed thing and never read one.

Envelope v1: `AM`, version, algorithm, number of wraps, then for each recipient its key id (8 bytes) and the data key
wrapped with HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM, base mode), then nonce and ciphertext (AES-256-GCM).
Magic, version, algorithm and place are bound into the ciphertext and into every wrap, so that nothing can be moved,
cut or passed off as another version; a wrap may be added or dropped without touching the rest.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from store.places import Place, Unopenable, pad

MAGIC = b"AM\x01\x01"
KEY_ID = 8
WRAP = 32 + 32 + 16
NONCE, TAG = 12, 16
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def key_id(public: bytes) -> bytes:
    """The short name of a public key, the first 8 bytes of its SHA-256."""
    return hashlib.sha256(public).digest()[:KEY_ID]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key (32 raw bytes) that things can be sealed for."""

    public: bytes

    @property
    def id(self) -> bytes:
        """The key id that stands in the envelope."""
        return key_id(self.public)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed thing taken apart: (key id, wrapped data key) a recipient, and nonce with ciphertext."""

    wraps: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @classmethod
    def read(cls, sealed: bytes) -> Envelope:
        """Take an envelope apart; `Unopenable` for anything that is none of this version."""
        start, size = len(MAGIC) + 1, KEY_ID + WRAP
        if sealed[: len(MAGIC)] != MAGIC or len(sealed) < start:
            raise Unopenable
        end = start + sealed[len(MAGIC)] * size
        whole = [sealed[at : at + size] for at in range(start, end, size)]
        body = sealed[end:]
        if len(body) < NONCE + TAG or len({each[:KEY_ID] for each in whole}) != sealed[len(MAGIC)]:
            raise Unopenable
        return cls(tuple((each[:KEY_ID], each[KEY_ID:]) for each in whole), body)

    def written(self) -> bytes:
        """The envelope as it is stored."""
        wraps = b"".join(id_ + wrapped for id_, wrapped in self.wraps)
        return MAGIC + bytes([len(self.wraps)]) + wraps + self.body


def seal(plain: bytes, place: Place, recipients: Sequence[Recipient]) -> bytes:
    """An envelope that each recipient's private key opens, at this place only."""
    if not recipients:
        raise ValueError("a thing sealed for nobody is lost")
    data_key, nonce, bound = AESGCM.generate_key(256), os.urandom(NONCE), bound_to(place)
    wraps = tuple(wrap(data_key, place, each) for each in recipients)
    return Envelope(wraps, nonce + AESGCM(data_key).encrypt(nonce, pad(plain), bound)).written()


def wrap(data_key: bytes, place: Place, recipient: Recipient) -> tuple[bytes, bytes]:
    """A data key wrapped for one recipient at this place."""
    public = X25519PublicKey.from_public_bytes(recipient.public)
    return recipient.id, SUITE.encrypt(data_key, public, info=recipient.id + bound_to(place))


def bound_to(place: Place) -> bytes:
    """What ciphertext and wraps are bound to: version, algorithm and place."""
    return MAGIC + place.bound()


def new_pair() -> tuple[bytes, Recipient]:
    """A fresh private key (32 raw bytes), to be wrapped for others and forgotten, and its public half."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw(), Recipient(key.public_key().public_bytes_raw())

"""Sealing for public keys: whoever holds only this can write a sealed thing and never read one.

Envelope v1: `AM`, version, algorithm, number of wraps, then for each recipient its key id (8 bytes) and the data key
wrapped with HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM, base mode), then nonce and ciphertext (AES-256-GCM).
The place is bound into the ciphertext and into every wrap.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from store.places import Place, pad

MAGIC = b"AM\x01\x01"
KEY_ID = 8
WRAP = 32 + 32 + 16
NONCE = 12
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


def seal(plain: bytes, place: Place, recipients: Sequence[Recipient]) -> bytes:
    """An envelope that each recipient's private key opens, at this place only."""
    if not recipients:
        raise ValueError("a thing sealed for nobody is lost")
    data_key, nonce, bound = AESGCM.generate_key(256), os.urandom(NONCE), place.bound()
    wraps = [
        each.id + SUITE.encrypt(data_key, X25519PublicKey.from_public_bytes(each.public), info=each.id + bound)
        for each in recipients
    ]
    return MAGIC + bytes([len(wraps)]) + b"".join(wraps) + nonce + AESGCM(data_key).encrypt(nonce, pad(plain), bound)

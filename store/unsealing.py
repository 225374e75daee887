"""Private keys and what they open; only `store.opening` (console) and `store.pocket` (bot) may use this."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.places import Place, Unopenable, unpad
from store.sealing import KEY_ID, MAGIC, NONCE, SUITE, WRAP, Recipient


@dataclass(frozen=True, slots=True)
class Identity:
    """A private key (32 raw bytes) and its public half; its representation never shows it."""

    private: bytes = field(repr=False)
    recipient: Recipient = field(init=False, repr=False, compare=False)
    _key: X25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = X25519PrivateKey.from_private_bytes(self.private)
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "recipient", Recipient(key.public_key().public_bytes_raw()))

    @classmethod
    def new(cls) -> Identity:
        """A fresh private key."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    def open(self, envelope: bytes, place: Place) -> bytes:
        """What was sealed for this key at this place; anything else is `Unopenable`, never a blank."""
        at = len(MAGIC) + 1
        if envelope[: len(MAGIC)] != MAGIC or len(envelope) < at:
            raise Unopenable
        count, mine, bound = envelope[len(MAGIC)], self.recipient.id, place.bound()
        wraps = {
            envelope[at + n * (KEY_ID + WRAP) :][:KEY_ID]: envelope[at + n * (KEY_ID + WRAP) + KEY_ID :][:WRAP]
            for n in range(count)
        }
        body = envelope[at + count * (KEY_ID + WRAP) :]
        if mine not in wraps or len(body) < NONCE:
            raise Unopenable
        try:
            data_key = SUITE.decrypt(wraps[mine], self._key, info=mine + bound)
            return unpad(AESGCM(data_key).decrypt(body[:NONCE], body[NONCE:], bound))
        except (InvalidTag, ValueError):
            raise Unopenable from None

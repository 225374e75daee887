"""Private keys and what they open; few modules of the store may use this (contract in pyproject.toml)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.places import Place, Unopenable, unpad
from store.sealing import NONCE, SUITE, Envelope, Recipient, bound_to, wrap


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

    def open(self, sealed: bytes, place: Place) -> bytes:
        """What was sealed for this key at this place; anything else is `Unopenable`, never a blank."""
        envelope = Envelope.read(sealed)
        data_key = self._data_key(envelope, place)
        nonce, body = envelope.body[:NONCE], envelope.body[NONCE:]
        try:
            return unpad(AESGCM(data_key).decrypt(nonce, body, bound_to(place)))
        except (InvalidTag, ValueError):
            raise Unopenable from None

    def rewrapped(self, sealed: bytes, place: Place, to: Sequence[Recipient]) -> bytes:
        """The same thing with this key's wrap replaced by wraps for others; wraps that are there for them are kept."""
        envelope = Envelope.read(sealed)
        data_key, mine = self._data_key(envelope, place), self.recipient.id
        kept = {id_: wrapped for id_, wrapped in envelope.wraps if id_ != mine}
        added = dict(wrap(data_key, place, each) for each in to if each.id not in kept)
        if not (kept or added):
            raise ValueError("a thing sealed for nobody is lost")
        return Envelope((*kept.items(), *added.items()), envelope.body).written()

    def _data_key(self, envelope: Envelope, place: Place) -> bytes:
        mine = self.recipient.id
        wrapped = dict(envelope.wraps).get(mine)
        if wrapped is None:
            raise Unopenable
        try:
            return SUITE.decrypt(wrapped, self._key, info=mine + bound_to(place))
        except (InvalidTag, ValueError):
            raise Unopenable from None

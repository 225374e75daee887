"""The bot's own keys: they open addresses, letters under way, half-filled talks, and nothing that was filed."""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from store.locks import CODE, Lock, stretched
from store.places import Place
from store.sealing import Recipient
from store.unsealing import Identity


@dataclass(frozen=True, slots=True)
class Pocket:
    """Bot key, bot lock and lookup key."""

    key: Identity
    lock: Lock
    lookup: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Pocket:
        """Fresh keys."""
        return cls(Identity.new(), Lock(os.urandom(32)), os.urandom(32))

    @classmethod
    def load(cls, path: Path) -> Pocket:
        """The keys in a file that nobody else may read."""
        if not path.exists():
            raise FileNotFoundError(
                f"{path} is missing: found the house once with `amana staff invite`, or restore it."
            )
        if path.stat().st_mode & 0o077:
            raise PermissionError(f"{path} can be read by others; run: chmod 600 {path}")
        read = {name: bytes.fromhex(value) for name, value in json.loads(path.read_text()).items()}
        return cls(Identity(read["key"]), Lock(read["lock"]), read["lookup"])

    def save(self, path: Path) -> None:
        """Write the file once, readable by its owner only."""
        words = {"key": self.key.private.hex(), "lock": self.lock.key.hex(), "lookup": self.lookup.hex()}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(words, file)
            file.flush()
            os.fsync(file.fileno())

    @property
    def recipient(self) -> Recipient:
        """What everybody seals letters and addresses for."""
        return self.key.recipient

    def open(self, sealed: bytes, place: Place) -> bytes:
        """A letter: locked by the bot itself, or sealed for it by console and scheduler."""
        return self.lock.open(sealed, place) if Lock.shut_it(sealed) else self.key.open(sealed, place)

    def token(self, purpose: str, *parts: str) -> str:
        """The opaque name of something: a keyed hash under which it is found again (32 hex digits)."""
        words = "\x1f".join((purpose, *parts)).encode()
        return hmac.new(self.lookup, words, sha256).hexdigest()[:32]

    def address(self, channel: str, id_: str) -> str:
        """The opaque address of a person or group on a channel."""
        return self.token("address", channel, id_)


@dataclass(frozen=True, slots=True)
class CodeKey:
    """What a return code becomes: where its case is found, and the reporter key that opens answers left for it."""

    locator: str
    salt: bytes
    identity: Identity

    @classmethod
    def from_code(cls, code: str, salt: bytes, pocket: Pocket) -> CodeKey:
        """Derive it (Argon2id; some milliseconds, not for the event loop)."""
        return cls(pocket.token("code", code), salt, Identity(stretched(code, salt, CODE)))

    @property
    def recipient(self) -> Recipient:
        """What answers for this reporter are sealed for."""
        return self.identity.recipient

    def opens(self, reporter: bytes) -> bool:
        """Whether this is the reporter key of a case (constant time)."""
        return hmac.compare_digest(self.recipient.public, reporter)

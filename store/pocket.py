"""The bot's own keys: they open addresses, letters under way, half-filled talks, and nothing that was filed.

Each kind is a ring, newest first: the newest seals, shuts and names; older ones open what is still under them while
a rotation runs. The file is read again when it has changed, so that a running bot follows. A retired lookup key only
finds return codes: a case keeps the name it was filed under.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from store.cases import Entry
from store.locks import CODE, Lock, stretched
from store.places import Place, Unopenable
from store.sealing import Recipient
from store.unsealing import Identity

_SIZE = 32
_CODE = "code"


@dataclass(frozen=True, slots=True)
class Held:
    """Bot keys, bot locks and lookup keys, the newest of each first; retired lookup keys find codes only."""

    keys: tuple[Identity, ...]
    locks: tuple[Lock, ...]
    lookups: tuple[bytes, ...] = field(repr=False)
    retired: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def new(cls) -> Held:
        """Fresh keys, one of each."""
        return cls((Identity.new(),), (Lock(os.urandom(32)),), (os.urandom(32),))

    @classmethod
    def read(cls, path: Path) -> Held:
        """The keys in a file that nobody else may read."""
        if not path.exists():
            raise FileNotFoundError(
                f"{path} is missing: found the house once with `amana staff invite`, or restore it."
            )
        if path.stat().st_mode & 0o077:
            raise PermissionError(f"{path} can be read by others; run: chmod 600 {path}")
        try:
            told = json.loads(path.read_text())
            keys, locks, lookups = (_ring(told[name]) for name in ("keys", "locks", "lookups"))
            retired = _ring(told["retired"]) if told.get("retired") else ()
            return cls(tuple(map(Identity, keys)), tuple(map(Lock, locks)), lookups, retired)
        except (ValueError, KeyError, TypeError, AttributeError):
            # The parser's own words would quote the file.
            raise ValueError(f"{path} is not a file of the bot's keys; restore it from a backup.") from None

    def write(self, path: Path) -> None:
        """Put the file in its place whole, readable by its owner only; the one that was there is gone."""
        self._beside(path).replace(path)
        settle(path.parent)

    def write_first(self, path: Path) -> None:
        """The same unless there is a file: whoever founds the house at the same moment keeps theirs."""
        new = self._beside(path)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(new)
        new.unlink()
        settle(path.parent)

    def _beside(self, path: Path) -> Path:
        rings = {
            "keys": [each.private.hex() for each in self.keys],
            "locks": [each.key.hex() for each in self.locks],
            "lookups": [each.hex() for each in self.lookups],
        }
        if self.retired:
            rings["retired"] = [each.hex() for each in self.retired]
        new = path.with_name(f"{path.name}.{os.urandom(4).hex()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(rings, file)
            file.flush()
            os.fsync(file.fileno())
        return new


class Pocket:
    """The bot's keys as they are now."""

    def __init__(self, held: Held, path: Path | None = None) -> None:
        """`path` is the file to follow, if there is one."""
        self._held, self._path = held, path
        self._seen = _state(path)

    @classmethod
    def new(cls) -> Pocket:
        """Fresh keys that lie nowhere."""
        return cls(Held.new())

    @classmethod
    def load(cls, path: Path) -> Pocket:
        """The keys in a file that nobody else may read."""
        return cls(Held.read(path), path)

    @property
    def held(self) -> Held:
        """What is in the pocket now; a file that cannot be read for a moment changes nothing."""
        now = _state(self._path)
        if self._path is not None and now is not None and now != self._seen:
            try:
                self._held, self._seen = Held.read(self._path), now
            except (OSError, ValueError):
                return self._held
        return self._held

    @property
    def recipient(self) -> Recipient:
        """What everybody seals letters and addresses for."""
        return self.held.keys[0].recipient

    @property
    def lock(self) -> Lock:
        """What the bot shuts its own things with."""
        return self.held.locks[0]

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Whatever the bot may open: locked by itself, or sealed for it by console and scheduler."""
        held = self.held
        if Lock.shut_it(sealed):
            mine = [each for each in held.locks if each.is_of(sealed)]
            if not mine:
                raise Unopenable
            return mine[0].open(sealed, place)
        return _first_open(held.keys, sealed, place)

    def again(self, sealed: bytes, place: Place, to: Place) -> bytes:
        """What was shut at a place, shut anew for this one, under the newest lock."""
        return self.lock.shut(self.open(sealed, place), to)

    def token(self, purpose: str, *parts: str) -> str:
        """The opaque name of something: a keyed hash under which it is found again (32 hex digits)."""
        return _token(self.held.lookups[0], purpose, parts)

    def tokens(self, purpose: str, *parts: str) -> tuple[str, ...]:
        """The names of something under every lookup key there is, the newest first."""
        held = self.held
        keys = (*held.lookups, *held.retired) if purpose == _CODE else held.lookups
        return tuple(_token(each, purpose, parts) for each in keys)

    def addresses(self, channel: str, id_: str) -> tuple[str, ...]:
        """The opaque addresses that a person or group has, or had before a lookup key was rotated, newest first."""
        return self.tokens("address", channel, id_)

    def address(self, channel: str, id_: str) -> str:
        """The opaque address of a person or group on a channel."""
        return self.token("address", channel, id_)


def _ring(told: Sequence[str]) -> tuple[bytes, ...]:
    ring = tuple(bytes.fromhex(each) for each in told)
    if not ring or {len(each) for each in ring} != {_SIZE}:
        # A short or missing lookup key would make names that can be guessed.
        raise ValueError
    return ring


def settle(folder: Path) -> None:
    """Have the folder itself on the disk: after a power cut the new name is still there."""
    at = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)


def lookup_id(lookup: bytes) -> bytes:
    """The short name of a lookup key; nothing is found or named with it."""
    return sha256(b"amana lookup " + lookup).digest()[:8]


def _state(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino) if found else None


def _token(lookup: bytes, purpose: str, parts: Sequence[str]) -> str:
    return hmac.new(lookup, "\x1f".join((purpose, *parts)).encode(), sha256).hexdigest()[:32]


def _first_open(keys: Sequence[Identity], sealed: bytes, place: Place) -> bytes:
    for each in keys[:-1]:
        try:
            return each.open(sealed, place)
        except Unopenable:
            continue
    return keys[-1].open(sealed, place)


@dataclass(frozen=True, slots=True)
class CodeKey:
    """What a return code becomes: where its case is found, and the reporter key that opens answers left for it."""

    locator: str
    salt: bytes
    identity: Identity

    @classmethod
    def from_code(cls, code: str, salt: bytes, pocket: Pocket) -> CodeKey:
        """Derive it (Argon2id; some milliseconds, not for the event loop)."""
        return cls(pocket.token(_CODE, code), salt, Identity(stretched(code, salt, CODE)))

    @property
    def recipient(self) -> Recipient:
        """What answers for this reporter are sealed for."""
        return self.identity.recipient

    def handed(self, entry: Entry, to: Recipient) -> bytes:
        """An answer for another code; a damaged one stays as it is, which is told to whoever reads it."""
        try:
            return self.identity.rewrapped(entry.sealed, entry.place, [to])
        except Unopenable:
            return entry.sealed

    def opens(self, reporter: bytes) -> bool:
        """Whether this is the reporter key of a case (constant time)."""
        return hmac.compare_digest(self.recipient.public, reporter)

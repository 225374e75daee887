"""Streams through age; what goes wrong in our half of a stream comes out as it was, not as words of the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyrage

from store.bech32 import encoded


class Damaged(Exception):
    """This is no age file, or it was changed or cut off."""


class NotForUs(Exception):
    """None of these identities opens it."""


class WrongKey(Exception):
    """This is not written as age writes a recipient or an identity."""


class _Half:
    """A file as the library wants it; it keeps the error of our function, of which the library keeps only the text."""

    def __init__(self, do: Callable[[Any], Any]) -> None:
        self._do = do
        self.error: BaseException | None = None

    def read(self, most: int = -1) -> Any:
        return self._kept(most)

    def write(self, data: bytes) -> int:
        self._kept(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def _kept(self, argument: Any) -> Any:
        try:
            return self._do(argument)
        except BaseException as error:
            self.error = error
            raise


def encrypt(read: Callable[[int], bytes], write: Callable[[bytes], object], recipients: Sequence[str]) -> None:
    """Everything that `read` gives, for these recipients, to `write`; little is held at a time."""
    _stream(pyrage.encrypt_io, read, write, [recipient(each) for each in recipients])


def decrypt(read: Callable[[int], bytes], write: Callable[[bytes], object], identities: Sequence[str]) -> None:
    """The other way; `Damaged` may come after some of it was handed on."""
    try:
        _stream(pyrage.decrypt_io, read, write, [identity(each) for each in identities])
    except pyrage.DecryptError as error:
        raise (NotForUs if "No matching keys" in str(error) else Damaged) from None


def _stream(by: Callable[..., None], read: Callable[[int], bytes], write: Callable[[bytes], object], to: Any) -> None:
    source, sink = _Half(read), _Half(write)
    try:
        by(source, sink, to)
    except (OSError, pyrage.EncryptError, pyrage.DecryptError) as error:
        ours = source.error or sink.error
        if ours is not None:
            raise ours from None
        # Ctrl-C between our functions and the library's: only the library has heard of it.
        if "KeyboardInterrupt" in str(error):
            raise KeyboardInterrupt from None
        # An OSError of the library's own: a part of the file does not open.
        raise (Damaged() if isinstance(error, OSError) else error) from None


def written_recipient(public: bytes) -> str:
    """An X25519 public key as age writes it (age1…)."""
    return encoded("age", public)


def written_identity(private: bytes) -> str:
    """An X25519 private key as age writes it (AGE-SECRET-KEY-1…)."""
    return encoded("age-secret-key-", private).upper()


def recipient(text: str) -> Any:
    """A recipient (age1…)."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise WrongKey from None


def identity(text: str) -> Any:
    """An identity (AGE-SECRET-KEY-1…)."""
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError:
        raise WrongKey from None

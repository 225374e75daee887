"""Where a sealed thing belongs: bound into every ciphertext, so that none can be moved to another row or purpose."""

from __future__ import annotations

from dataclasses import dataclass

_BUCKETS = (256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)


class Unopenable(Exception):
    """This was not sealed for this key and this place, or it was changed since."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True)
class Place:
    """Table, row and purpose of a sealed thing."""

    table: str
    row: str
    purpose: str

    def bound(self) -> bytes:
        """The associated data for this place."""
        return f"amana/1\x1f{self.table}\x1f{self.row}\x1f{self.purpose}".encode()


def pad(plain: bytes) -> bytes:
    """Length, words, zeros up to a bucket, so that a ciphertext's size says little about what was told."""
    whole = len(plain) + 4
    size = next((each for each in _BUCKETS if each >= whole), -(-whole // _BUCKETS[-1]) * _BUCKETS[-1])
    return len(plain).to_bytes(4, "big") + plain + bytes(size - whole)


def unpad(padded: bytes) -> bytes:
    """The words that `pad` filled up."""
    length = int.from_bytes(padded[:4], "big")
    if length > len(padded) - 4:
        raise Unopenable
    return padded[4 : 4 + length]

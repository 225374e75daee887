"""Bech32 (BIP 173), in which age writes its keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encoded(prefix: str, data: bytes) -> str:
    """The text of these bytes under that prefix, with its checksum."""
    words = list(_fives(data))
    return f"{prefix}1" + "".join(_LETTERS[each] for each in (*words, *_checksum(prefix, words)))


def _fives(data: bytes) -> Iterator[int]:
    """The same bits, five at a time, filled up with zeros."""
    length = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << (length * 5 - len(data) * 8)
    return (number >> 5 * (length - 1 - n) & 31 for n in range(length))


def _checksum(prefix: str, words: Iterable[int]) -> list[int]:
    spread = [*(ord(each) >> 5 for each in prefix), 0, *(ord(each) & 31 for each in prefix)]
    rest = _remainder([*spread, *words, 0, 0, 0, 0, 0, 0]) ^ 1
    return [rest >> 5 * (5 - n) & 31 for n in range(6)]


def _remainder(words: Iterable[int]) -> int:
    value = 1
    for word in words:
        top = value >> 25
        value = (value & 0x1FFFFFF) << 5 ^ word
        for n, part in enumerate(_GENERATOR):
            value ^= part if top >> n & 1 else 0
    return value

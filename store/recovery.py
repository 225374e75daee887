"""The recovery secret: split among people on paper, never stored; it opens the desks' keys and the backups."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from store import ageing, keys, staff
from store.db import Tx
from store.locks import derived
from store.refusal import Refused
from store.sealing import Recipient, seal
from store.staff import Wrap
from store.unsealing import Identity

RECOVERY = "recovery"
_SIZE = 32
_MOST = 16
_OTHER = (
    "These shares do not belong together: they are of different recovery secrets, or not of Amana's. "
    "Use shares that were printed at the same time."
)


class WrongShares(Refused):
    """The shares that were given do not bring the recovery secret back; the sentence says why, never a word of them."""


def new_secret() -> bytes:
    """A fresh recovery secret."""
    return os.urandom(_SIZE)


def split(secret: bytes, threshold: int, shares: int) -> list[str]:
    """As many shares (SLIP-39 words), any `threshold` of which bring the secret back and fewer tell nothing."""
    if not 2 <= threshold <= shares <= _MOST:  # noqa: PLR2004 - one share would be the secret itself
        raise WrongShares(
            f"{threshold} of {shares} shares cannot be made: at least 2 must be needed, no more than there are, "
            f"and there may be {_MOST} at most."
        )
    made: list[str]
    [made] = generate_mnemonics(1, [(threshold, shares)], secret)
    return made


def join(shares: Sequence[str]) -> bytes:
    """The secret that these shares were split from; more than are needed do no harm."""
    read = [_share(number, words) for number, words in enumerate(shares, 1)]
    if not read:
        raise WrongShares("No share was given. Enter one share a line.")
    if len({each.group_parameters() for each in read}) > 1:
        raise WrongShares(_OTHER)
    needed, different = read[0].member_threshold, {each.index: each for each in read}
    if len(different) < needed:
        raise WrongShares(f"{needed} different shares are needed, and {len(different)} were given.")
    return _joined(list(different.values())[:needed])


def needed(share: str) -> int:
    """How many shares bring the secret back, as any one of them says."""
    threshold: int = _share(1, share).member_threshold
    return threshold


def _share(number: int, words: str) -> Share:
    try:
        return Share.from_mnemonic(" ".join(words.lower().split()))
    except MnemonicError:
        # The library's own words quote the share.
        raise WrongShares(
            f"Share {number} of those given is not right: a word is missing, misspelt or in the wrong place."
        ) from None


def _joined(shares: Sequence[Share]) -> bytes:
    try:
        secret: bytes = combine_mnemonics([each.mnemonic() for each in shares])
    except MnemonicError:
        raise WrongShares(_OTHER) from None
    if len(secret) != _SIZE:
        raise WrongShares(_OTHER)
    return secret


def desks_identity(secret: bytes) -> Identity:
    """The key that opens what is wrapped for recovery: the desks' keys."""
    return Identity(derived(secret, "recovery desks"))


def backup_identity(secret: bytes) -> str:
    """The age identity that opens backups."""
    return ageing.written_identity(derived(secret, "recovery backup"))


def backup_recipient(secret: bytes) -> str:
    """The age recipient that backups are made for."""
    return ageing.written_recipient(_backup(secret).public)


def _backup(secret: bytes) -> Recipient:
    return Identity(derived(secret, "recovery backup")).recipient


def publish(tx: Tx, secret: bytes, desks: Mapping[str, Identity], now: int) -> None:
    """Put the two public keys where everybody finds them, and wrap these desks' keys for recovery."""
    mine = desks_identity(secret).recipient
    keys.publish(tx, RECOVERY, RECOVERY, mine, now)
    keys.publish(tx, "backup", "backup", _backup(secret), now)
    for desk, identity in desks.items():
        wrap(tx, desk, identity, mine)


def wrap(tx: Tx, desk: str, key: Identity, to: Recipient) -> None:
    """Wrap one desk's key for the recovery key."""
    id_ = key.recipient.id.hex()
    staff.wrap(tx, Wrap(desk, id_, RECOVERY, seal(key.private, staff.wrap_place(desk, id_, RECOVERY), [to])))

"""Tombstones: that something was erased, so that no backup brings it back; never what it was."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal, TypeAlias

from store.db import Tx
from store.schema import tombstones

Kind: TypeAlias = Literal["case", "address"]
Why: TypeAlias = Literal["person", "retention", "staff"]
_DAY = 24 * 3600


def name_of(kind: Kind, id_: str) -> str:
    """How an erased thing is called on its stone: a hash, found again only by who still has the thing."""
    return sha256(f"amana tombstone {kind} {id_}".encode()).hexdigest()[:32]


def lay(tx: Tx, kind: Kind, id_: str, why: Why, now: int) -> None:
    """Note that this was erased; of the time only the day."""
    tx.new(tombstones, kind=kind, name=name_of(kind, id_), at=now - now % _DAY, why=why)

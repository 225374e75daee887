"""Which desk reads a case, and who is shut out of it because it is about them."""

from __future__ import annotations

from actions.naming import names
from store import keys, staff
from store.db import Tx

# Who reads what nobody at the right desk may read.
_NEXT = "about_us"


def sorted_out(tx: Tx, desk: str, words: str) -> tuple[str, frozenset[str]]:
    """The desk that shall read these words, and the members they name.

    Where everybody at the right desk is named, another desk reads them. Where everybody everywhere is named, nobody is
    shut out: a case that no one can open would be lost.
    """
    shut = frozenset(each.id for each in staff.every(tx) if each.active and names(words, each.name))
    if not shut:
        return desk, shut
    for each in dict.fromkeys((desk, _NEXT, *keys.desk_names(tx))):
        if any(member.id not in shut for member in staff.members_of(tx, each)):
            return each, shut
    return desk, frozenset()

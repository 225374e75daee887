"""Which desk reads a case, and who is shut out of it because it is about them."""

from __future__ import annotations

from actions.naming import names
from actions.talk import Handler
from store import keys, staff
from store.db import Tx

# Who reads what nobody at the right desk may read.
_NEXT = "about_us"


def sorted_out(tx: Tx, desk: str, words: str, handler: Handler = "either") -> tuple[str, frozenset[str]]:
    """The desk that shall read these words, and the members they name.

    Where everybody at the right desk is named, or everybody there whom the person asked for, another desk reads them.
    Where everybody everywhere is named, nobody is shut out: a case that no one can open would be lost.
    """
    shut = frozenset(each.id for each in staff.every(tx) if each.active and names(words, each.name))
    if not shut:
        return desk, shut
    every = {each: staff.members_of(tx, each) for each in (desk, _NEXT, *keys.desk_names(tx))}
    fit = {each: [one for one in members if handler in ("either", one.gender)] for each, members in every.items()}
    # Where nobody such works, the person has agreed to wait at this desk.
    wanted = every if fit[desk] == [] else fit
    for readers in (wanted, every):
        found = next((each for each, members in readers.items() if any(one.id not in shut for one in members)), None)
        if found is not None:
            return found, shut
    return desk, frozenset()

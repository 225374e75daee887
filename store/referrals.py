"""To whom a case was passed on, in clear as far as lists, status and the diary need it; names and words are entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import sqlalchemy as sa

from actions.passing import Body
from store import cases, diary
from store.db import Tx
from store.schema import referrals

State: TypeAlias = Literal["passed_on", "accepted", "returned", "done"]
# There is none for looking into it ourselves: who may, is asked, and nobody else does (R68).
OPEN: tuple[State, ...] = ("passed_on", "accepted")
STATES: tuple[State, ...] = (*OPEN, "returned", "done")
# The kind of its entries, of its time in the diary, and of the alert when that has come.
ENTRY, ASK = "referral", "ask_again"


@dataclass(frozen=True, slots=True)
class Referral:
    """A case in somebody else's hands: what kind of body, how it stands, when we ask again (seconds)."""

    id: str
    case: str
    body: Body
    state: State
    ask_again: int

    @property
    def open(self) -> bool:
        """Whether something is still awaited of them."""
        return self.state in OPEN


def pass_on(tx: Tx, new: Referral, now: int) -> bool:
    """Note that a case was passed on; whether it is new."""
    kept = {"case_ref": new.case, "body": new.body, "state": new.state, "ask_again": new.ask_again}
    made = tx.new(referrals, id=new.id, **kept)
    if made:
        _note(tx, new.case, now)
    return made


def move(tx: Tx, referral: Referral, state: State, ask_again: int, now: int) -> None:
    """How it stands now, and when we ask again."""
    changed = sa.update(referrals).where(referrals.c.id == referral.id)
    tx.do(changed.values(state=state, ask_again=ask_again))
    _note(tx, referral.case, now)


def of(tx: Tx, case: str) -> list[Referral]:
    """What is awaited of others about a case, the next one to be asked first."""
    return [each for each in every(tx, case) if each.open]


def every(tx: Tx, case: str) -> list[Referral]:
    """All that a case was passed on for."""
    wanted = sa.select(referrals).where(referrals.c.case_ref == case)
    rows = tx.rows(wanted.order_by(referrals.c.ask_again, referrals.c.id))
    return [Referral(row.id, row.case_ref, row.body, row.state, row.ask_again) for row in rows]


def ask(tx: Tx, case: str, now: int) -> None:
    """The time to ask again has come: say so in the console, and note the next one."""
    if _overdue(tx, case, now):
        cases.alert(tx, case, ASK, now)
    _next(tx, case, now)


def _note(tx: Tx, case: str, now: int) -> None:
    if not _overdue(tx, case, now):
        cases.calm(tx, case, ASK)
    _next(tx, case, now)


def _next(tx: Tx, case: str, now: int) -> None:
    diary.strike(tx, ASK, case)
    later = [each.ask_again for each in of(tx, case) if each.ask_again > now]
    if later:
        diary.write(tx, ASK, min(later), case=case)


def _overdue(tx: Tx, case: str, now: int) -> bool:
    return any(each.ask_again <= now for each in of(tx, case))

"""Erasing a case at the command line: two members prove here and now who they are; nothing of the case is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from store import audit, cases, erasing, opening, staff
from store.cases import Access, Case
from store.db import Store, Tx
from store.erasing import OnHold, SamePerson
from store.opening import Unlocked
from store.places import Unopenable
from store.refusal import Refused
from store.staff import Member

# Secret, code and time: the step of time whose code it is, or None.
StepOf: TypeAlias = Callable[[str, str, int], int | None]
_LONGEST = 1024
_WRONG = (
    "sign-in name, password and code of {login} do not fit together, so nothing was erased. A code works once: wait "
    "for the next one, then try again."
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a member gives at the terminal."""

    login: str
    password: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    proof: Proof
    member: Member | None
    unlocked: Unlocked | None
    step: int | None


def erase(store: Store, reference: str, proofs: tuple[Proof, Proof], step_of: StepOf, now: int) -> None:
    """Erase a case that two members agree upon; `Refused` says why not. Failed proofs stand in the audit."""
    known = [_known(store, each, step_of, now) for each in proofs]
    refused = store.do(lambda tx: _erase(tx, reference, known, now))
    if refused:
        raise Refused(refused)


def _known(store: Store, proof: Proof, step_of: StepOf, now: int) -> _Known:
    member = store.read(lambda tx: staff.by_login(tx, proof.login))
    try:
        unlocked = opening.unlock(member, proof.password[:_LONGEST]) if member else None
    except Unopenable:
        unlocked = None
    return _Known(proof, member, unlocked, step_of(unlocked.totp, proof.code, now) if unlocked else None)


def _erase(tx: Tx, reference: str, known: list[_Known], now: int) -> str:
    """Why it was refused; nothing when it was erased."""
    for each in known:
        if not _proved(tx, each, now):
            return _WRONG.format(login=each.proof.login)
    case = cases.get(tx, reference, hold=True)
    if case is None:
        return f"there is no case {reference}."
    for each in known:
        if not _opens(tx, each, case, now):
            return f"{each.proof.login} cannot open {reference}, so cannot agree. Nothing was erased."
    return _agreed(tx, case, known, now)


def _proved(tx: Tx, known: _Known, now: int) -> bool:
    member, step = known.member, known.step
    if member is not None and step is not None and staff.used_step(tx, member.id, step):
        return True
    audit.note(tx, now, member.id if member else "somebody", "sign-in failed", "")
    return False


def _opens(tx: Tx, known: _Known, case: Case, now: int) -> bool:
    member, unlocked = known.member, known.unlocked
    if member is None or unlocked is None:
        return False
    ring = opening.ring_of(tx, member.id, unlocked.identity)
    if Access(ring.holders, member.gender).may(case) and ring.case(tx, case):
        return True
    audit.note(tx, now, member.id, "refused", case.reference)
    return False


def _agreed(tx: Tx, case: Case, known: list[_Known], now: int) -> str:
    one, other = (each.member.id for each in known if each.member)
    try:
        erasing.by_two(tx, case.reference, one, other)
    except (SamePerson, OnHold) as refused:
        return f"{refused} Nothing was erased."
    audit.note(tx, now, one, "asked to erase", case.reference)
    audit.note(tx, now, other, "erased", case.reference)
    erasing.erase_and_tell(tx, case, "staff", now)
    return ""

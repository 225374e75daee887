"""What an operator may see of the store: whether the audit is whole, and members; never a case."""

from __future__ import annotations

from amana.founding import link
from house.settings import Settings
from store import audit, staff
from store.db import Store


def verify(store: Store) -> int:
    """Say whether the audit's chain is whole; exit status 1 when it is not."""
    broken = store.read(audit.first_broken)
    if broken is None:
        print("The audit is whole.")
        return 0
    print(f"The audit is broken at row {broken}: it was changed, removed or moved after it was written.")
    return 1


def first_link(settings: Settings, token: str | None) -> int:
    """The link through which the first member enrols, while nobody has."""
    print(
        f"The first member enrols here, once: {link(settings, token)}" if token
        else "Somebody has enrolled already: members invite their colleagues in the console."
    )  # fmt: skip
    return 0


def staff_of(store: Store) -> int:
    """The members of staff."""
    for member in store.read(staff.every):
        print(f"{member.login:20} {member.name}")
    return 0

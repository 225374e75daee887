"""What an operator may see of the store: members; never a case."""

from __future__ import annotations

from amana.founding import link
from house.settings import Settings
from store import staff
from store.db import Store


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

"""Desks, the people who work there and what they can open: what the tests of cases stand on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from actions.talk import Handler, Mode
from store import cases, keys, opening, staff
from store.cases import Access, Case
from store.db import Store, Tx
from store.opening import Opened, Ring
from store.staff import Gender, Member
from store.unsealing import Identity
from tests.conftest import NOON_S

DAY = 86400


def case(
    reference: str = "AAAA-BBBB", *, desk: str = "general", mode: Mode = "confidential", handler: Handler = "either",
    human: bool = False, address: str | None = "a", first_look_by: int = NOON_S + DAY, salt: bytes = b"s" * 16,
    reporter: bytes = b"r" * 32, filed: int = NOON_S,
) -> Case:  # fmt: skip
    """A case as the bot files it."""
    return Case(
        reference, desk, "filed", human, mode, handler, address, filed, first_look_by, NOON_S + 9 * DAY, news=True,
        salt=salt, reporter=reporter, touched=filed, keep_days=365,
    )  # fmt: skip


@dataclass
class Office:
    """Desks and members over a store; accounts without passwords, since those are dear to stretch."""

    store: Store
    desks: dict[str, Identity] = field(default_factory=dict)
    members: dict[str, Identity] = field(default_factory=dict)
    genders: dict[str, Gender] = field(default_factory=dict)

    def desk(self, *names: str) -> Office:
        """Desks with keys of their own."""
        for name in names:
            self.desks[name] = Identity.new()
            self.store.do(lambda tx, name=name: keys.publish(tx, "desk", name, self.desks[name].recipient, NOON_S))
        return self

    def member(self, name: str, *desks: str, gender: Gender = "", called: str = "") -> Office:
        """Somebody who works at these desks."""
        me = self.members[name] = Identity.new()
        self.genders[name] = gender
        account = Member(
            name, name, called or name.title(), gender, me.recipient.public, b"s" * 16, b"locked", 0, active=True
        )

        def keep(tx: Tx) -> None:
            staff.add(tx, account, NOON_S)
            for each in desks:
                opening.give(tx, each, self.desks[each], name, me.recipient)

        self.store.do(keep)
        return self

    def ring(self, name: str) -> Ring:
        """The keys of a member who is signed in."""
        return self.store.read(lambda tx: opening.ring_of(tx, name, self.members[name]))

    def access(self, name: str) -> Access:
        """What that member may see."""
        return Access(self.ring(name).holders, self.genders[name])

    def listed(self, name: str, *, closed: bool = False) -> list[str]:
        """The cases in that member's list."""
        some, _ = self.store.read(lambda tx: cases.listed(tx, self.access(name), 0, 100, closed=closed))
        return [each.case.reference for each in some]

    def file(self, new: Case, *, report: bytes = b"report", shut: Iterable[str] = (), locator: str = "") -> Case:
        """File a case."""
        name = locator or f"locator {new.reference}"
        return self.store.do(lambda tx: cases.file(tx, new, name, b"head", report, frozenset(shut)))

    def case(self, reference: str = "AAAA-BBBB") -> Case:
        """A case that is there."""
        found = self.store.read(lambda tx: cases.get(tx, reference))
        assert found is not None
        return found

    def opened(self, name: str, reference: str = "AAAA-BBBB") -> Opened | None:
        """A case as that member can open it."""
        ring, found = self.ring(name), self.case(reference)
        return self.store.read(lambda tx: ring.case(tx, found))

    def read(self, name: str, reference: str = "AAAA-BBBB") -> list[tuple[str, bytes]] | None:
        """Kinds and words of a case's entries as that member reads them, or None when the case is shut to them."""
        key = self.opened(name, reference)
        if key is None:
            return None
        found = self.store.read(lambda tx: cases.entries_of(tx, reference))
        return [(each.kind, key.entry(each)) for each in found]

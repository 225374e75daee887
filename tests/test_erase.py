"""`amana erase`, typed as in the documents: two members at a terminal, or all whose time is over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa

from store import audit, cases, opening, people, retention, schema, staff, tombstones
from store.cases import Case
from store.db import Store
from store.founding import found
from store.unsealing import Identity
from tests.conftest import ROOT

DAY = 86400
NOW = int(time.time())
PASSWORD = "four unrelated words"
DESKS = ("general", "psea")


@dataclass
class House:
    """A founded house with two members of one desk, one of another, and a case."""

    home: Path
    store: Store
    token: str
    secrets: dict[str, str] = field(default_factory=dict)

    def member(self, name: str, desk: str) -> None:
        secret = self.secrets[name] = pyotp.random_base32()
        member, identity = opening.new_member(f"id-{name}", name, name.title(), PASSWORD, secret)
        invited = opening.invitation_identity(self.token)

        def keep(tx):
            staff.add(tx, member, NOW)
            opening.give_desks(tx, opening.ring_of(tx, *invited), (desk,), member.id, identity.recipient)

        self.store.do(keep)

    def case(self, reference: str, **more) -> None:
        case = Case(
            reference, "general", more.get("state", "filed"), False, "confidential", "either", "ann", NOW, NOW, NOW,
            True, b"s" * 16, Identity.new().recipient.public, more.get("touched", NOW), 365,
        )  # fmt: skip

        def keep(tx):
            people.know(tx, "ann", "telegram", "person", lambda: b"sealed", NOW)
            head = json.dumps({"category": "other", "language": "en"}).encode()
            cases.file(tx, case, f"locator {reference}", head, b"report")

        self.store.do(keep)

    def typed(self, *names: str, passwords: tuple[str, ...] = ()) -> str:
        """What two members type: a password and a code each."""
        given = passwords or tuple(PASSWORD for _ in names)
        codes = [pyotp.TOTP(self.secrets[name]).now() if name in self.secrets else "123456" for name in names]
        return "".join(f"{password}\n{code}\n" for password, code in zip(given, codes, strict=True))

    def amana(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AMANA_")}
        return subprocess.run(
            [sys.executable, "-m", "amana", "erase", *words],
            cwd=ROOT, env={**kept, "AMANA_HOME": str(self.home)}, input=given, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    def erase(self, one: str, other: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return self.amana("R-1", "--as", one, "--and", other, given=self.typed(one, other) if given is None else given)

    def there(self, reference: str = "R-1") -> bool:
        return self.store.read(lambda tx: cases.get(tx, reference)) is not None

    def acts(self) -> list[tuple[str, str, str]]:
        return [(row.who, row.act, row.about) for row in self.store.read(audit.recent)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = Store(f"sqlite:///{tmp_path / 'amana.db'}")
    token = found(store, tmp_path, DESKS, NOW)
    assert token
    here = House(tmp_path, store, token)
    for name, desk in (("ada", "general"), ("ben", "general"), ("eve", "psea")):
        here.member(name, desk)
    here.case("R-1")
    yield here
    store.close()


def test_two_members_at_a_terminal_erase_a_case(house: House) -> None:
    """Both prove who they are; the case is gone, a stone stays in table and file, the person is told."""
    done = house.erase("ada", "ben")

    assert (done.returncode, done.stderr) == (0, "")
    assert "R-1 is erased." in done.stdout
    assert not house.there()
    assert [("id-ben", "erased", "R-1"), ("id-ada", "asked to erase", "R-1")] == house.acts()[:2]
    (stone,) = tombstones.read(house.home / "tombstones")
    assert (stone.name, stone.why) == (tombstones.name_of("case", "R-1"), "staff")
    rows = house.store.read(lambda tx: tx.rows(sa.select(schema.outbox.c.key)))
    assert [row.key for row in rows] == [f"erased/{stone.name}"]


@pytest.mark.parametrize(
    ("one", "other", "passwords", "said"),
    [
        ("ada", "ada", (PASSWORD, PASSWORD), "do not fit together"),
        ("ada", "eve", (PASSWORD, PASSWORD), "eve cannot open R-1"),
        ("ada", "ben", (PASSWORD, "four other words"), "of ben do not fit together"),
        ("nobody", "ben", (PASSWORD, PASSWORD), "of nobody do not fit together"),
    ],
)
def test_whoever_is_not_two_members_of_the_case_erases_nothing(
    house: House, one: str, other: str, passwords: tuple[str, ...], said: str
) -> None:
    """One person twice, a member of another desk, a wrong password, an unknown name: one sentence, in the audit."""
    done = house.erase(one, other, house.typed(one, other, passwords=passwords))

    assert done.returncode == 2
    assert said in done.stderr
    assert house.there()
    assert {act for _, act, _ in house.acts()} & {"sign-in failed", "refused"}
    assert not any(each in done.stdout + done.stderr for each in (PASSWORD, "four other words"))


def test_one_member_with_two_codes_is_still_one(house: House) -> None:
    """Their present code and the next one: both are right, and it is the same person."""
    totp = pyotp.TOTP(house.secrets["ada"])
    now = int(time.time())
    given = f"{PASSWORD}\n{totp.at(now)}\n{PASSWORD}\n{totp.at(now + 30)}\n"

    done = house.erase("ada", "ada", given)

    assert (done.returncode, house.there()) == (2, True)
    assert "Somebody else than who asked must allow it" in done.stderr


def test_a_hold_is_obeyed(house: House) -> None:
    """Two members cannot erase what somebody keeps."""
    house.store.do(lambda tx: cases.hold(tx, "R-1", on=True))

    done = house.erase("ada", "ben")

    assert (done.returncode, house.there()) == (2, True)
    assert "end the hold first" in done.stderr


def test_a_case_that_is_not_there_is_said(house: House) -> None:
    """Only to members who have proved who they are."""
    done = house.amana("R-9", "--as", "ada", "--and", "ben", given=house.typed("ada", "ben"))

    assert (done.returncode, done.stderr) == (2, "amana: there is no case R-9.\n")


def test_a_case_needs_two_names(house: House) -> None:
    """The sentence says how it is typed."""
    done = house.amana("R-1", "--as", "ada")

    assert done.returncode == 2
    assert "amana erase REFERENCE --as LOGIN --and LOGIN" in done.stderr


def test_without_a_reference_it_carries_out_what_is_due(house: House) -> None:
    """What the scheduler would do: one case is over, one is announced, one stays."""
    long_ago = NOW - 400 * DAY
    for reference, touched in (("OVER", long_ago), ("NEAR", long_ago), ("NEW", NOW)):
        house.case(reference, state="closed", touched=touched)
    house.store.do(lambda tx: retention.warned(tx, "OVER", NOW - 20 * DAY))

    first, second = house.amana(), house.amana()

    assert "Cases erased: 1. Announced: 1." in first.stdout
    assert "Cases erased: 0. Announced: 0." in second.stdout
    assert [house.there(each) for each in ("OVER", "NEAR", "NEW", "R-1")] == [False, True, True, True]

"""What an operator does with shares, backups and the audit, typed as in the documents."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa

from store import anchors, audit, keys
from store.db import Store
from store.schema import audit as rows
from store.sealing import Recipient
from tests.conftest import NOON_S, ROOT


@dataclass(frozen=True)
class Machine:
    """A machine with Amana on it, and a home."""

    home: Path

    def amana(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Type a command, answer what it asks."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AMANA_")}
        return subprocess.run(
            [sys.executable, "-m", "amana", *words],
            cwd=ROOT, env={**kept, "AMANA_HOME": str(self.home)}, input=given, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    def store(self) -> Store:
        return Store(f"sqlite:///{self.home / 'amana.db'}")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A founded house with some acts in its audit and a key that signs its heads."""
    here = Machine(tmp_path / "home")
    assert here.amana("staff", "invite").returncode == 0
    store = here.store()
    signs = here.home / "keys" / "audit.json"
    public = anchors.load(signs).public if signs.exists() else anchors.new(signs)
    store.do(lambda tx: keys.publish(tx, "audit", "audit", Recipient(public), NOON_S))
    for n in range(5):
        store.do(lambda tx, n=n: audit.note(tx, NOON_S, "ann", "opened", str(n)))
    store.close()
    return here


def shares_in(told: str) -> list[str]:
    return re.findall(r"^Share \d of 5: .*\n(.+)$", told, re.MULTILINE)


def test_from_shares_on_paper_to_a_house_that_is_back(machine: Machine, tmp_path: Path) -> None:
    """The whole way: shares once, a backup, another machine, three people with their sheets."""
    printed = machine.amana("keys", "recovery").stdout
    shares = shares_in(printed)
    made = machine.amana("backup", str(tmp_path / "b.age"))
    there = Machine(tmp_path / "there")

    restored = there.amana("restore", str(tmp_path / "b.age"), given="\n\n".join([shares[4], shares[0], shares[2]]))

    assert 5 == len(shares)
    assert re.search(r"for (age1\w+)", made.stdout).group(1) in printed  # type: ignore[union-attr]
    assert (0, 0) == (made.returncode, restored.returncode), restored.stderr
    assert "Restored and checked row by row" in restored.stdout
    assert re.search(r"digest (\w+)", made.stdout).group(1) in restored.stdout  # type: ignore[union-attr]
    assert "no tombstones newer than the backup" in restored.stderr
    assert "The audit is whole." == there.amana("verify").stdout.splitlines()[0]
    assert not any(each in (machine.home / "amana.db").read_bytes() for each in map(str.encode, shares))


def test_the_printed_sheet_itself_can_be_given(machine: Machine, tmp_path: Path) -> None:
    """Headings are passed over when the shares come from a file."""
    (tmp_path / "sheets").write_text("\n".join(machine.amana("keys", "recovery").stdout.splitlines()[4:-1]))
    machine.amana("backup", str(tmp_path / "b.age"))

    restored = Machine(tmp_path / "there").amana(
        "restore", str(tmp_path / "b.age"), "--shares", str(tmp_path / "sheets")
    )

    assert 0 == restored.returncode, restored.stderr


def test_the_recovery_key_is_replaced_on_purpose_only(machine: Machine) -> None:
    """Typing the command twice does not make the first sheets worthless."""
    machine.amana("keys", "recovery")

    twice = machine.amana("keys", "recovery")
    again = machine.amana("keys", "recovery", "--again", "--shares", "3", "--threshold", "2")

    assert (2, "") == (twice.returncode, twice.stdout)
    assert "amana keys recovery --again" in twice.stderr
    assert "Share 3 of 3" in again.stdout


def test_what_cannot_be_done_is_one_sentence(machine: Machine, tmp_path: Path) -> None:
    """No recovery key, too few sheets, a house that is there, a file that is not: each a sentence, and status 2."""
    (tmp_path / "identity").write_text("# nothing\n")
    none = machine.amana("backup")
    shares = shares_in(machine.amana("keys", "recovery").stdout)
    machine.amana("backup", str(tmp_path / "b.age"))
    there = Machine(tmp_path / "there")

    few = there.amana("restore", str(tmp_path / "b.age"), given="\n".join(shares[:2]))
    here = machine.amana("restore", str(tmp_path / "b.age"), given="\n".join(shares[:3]))
    empty = there.amana("restore", str(tmp_path / "b.age"), "--identity", str(tmp_path / "identity"))
    nowhere = there.amana("restore", str(tmp_path / "none.age"), given="\n".join(shares[:3]))
    wrong = machine.amana("keys", "recovery", "--again", "--threshold", "9")

    told = [none, few, here, empty, nowhere, wrong]
    assert [(2, 1)] * 6 == [(each.returncode, each.stderr.count("\n")) for each in told]
    says = (
        "keys recovery",
        "3 different shares",
        "empty AMANA_HOME",
        "no age identity",
        "No such file",
        "cannot be made",
    )
    assert [] == [(said, each.stderr) for said, each in zip(says, told, strict=True) if said not in each.stderr]
    assert not (there.home / "amana.db").exists()


def test_a_backup_for_somebody_else_opens_with_their_identity(machine: Machine, tmp_path: Path) -> None:
    """Head office restores with a key of its own."""
    other = pyrage.x25519.Identity.generate()
    (tmp_path / "identity").write_text(f"# head office\n{other}\n")
    machine.amana("backup", str(tmp_path / "b.age"), "--to", str(other.to_public()))

    restored = Machine(tmp_path / "there").amana(
        "restore", str(tmp_path / "b.age"), "--identity", str(tmp_path / "identity")
    )

    assert 0 == restored.returncode, restored.stderr


def test_an_audit_that_was_cut_off_is_found_with_a_head_that_was_kept(machine: Machine, tmp_path: Path) -> None:
    """Without the kept head all looks whole; with it the missing row is named, and the status is 1."""
    kept = machine.amana("verify", "--anchor", str(tmp_path / "heads"))
    held = machine.amana("verify", "--against", str(tmp_path / "heads"))
    store = machine.store()
    store.do(lambda tx: tx.do(sa.delete(rows).where(rows.c.seq > 3)))
    store.close()

    alone, against = machine.amana("verify"), machine.amana("verify", "--against", str(tmp_path / "heads"))

    assert (0, 0, 0, 1) == (kept.returncode, held.returncode, alone.returncode, against.returncode)
    assert "All 1 signed heads" in held.stdout
    assert re.search(r"Head: row 5, [0-9a-f]{64}\nSigned with [0-9a-f]{16}: [0-9a-f]{128}", kept.stdout)
    assert "line 1" in against.stdout
    assert "row 5 is not there, the audit ends at row 3: rows were cut off." in against.stdout


def test_a_broken_audit_vouches_for_nothing(machine: Machine, tmp_path: Path) -> None:
    """The broken row is named with what seems to have happened, and no head of such a chain is kept."""
    store = machine.store()
    store.do(lambda tx: tx.do(sa.update(rows).where(rows.c.seq == 2).values(who="eve")))
    store.close()

    told, kept = machine.amana("verify"), machine.amana("verify", "--anchor", str(tmp_path / "heads"))

    assert (1, 2) == (told.returncode, kept.returncode)
    assert "The audit is broken at row 2: it, or the row before it, was changed" in told.stdout
    assert not (tmp_path / "heads").exists()

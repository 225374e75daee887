"""The audit tells where it was touched; a head that was signed and kept elsewhere tells the rest."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from store import anchors, audit, keys
from store.anchors import Anchor, Signer, WrongAnchors
from store.audit import Broken
from store.db import Store, Tx
from store.schema import audit as rows
from store.sealing import Recipient
from tests.conftest import NOON_S


@pytest.fixture
def noted(store: Store) -> Store:
    """A house with nine acts in its audit."""
    for n in range(1, 10):
        store.do(lambda tx, n=n: audit.note(tx, NOON_S + n, "ann", "opened", f"case {n}"))
    return store


@pytest.fixture
def signer(noted: Store, home: Path) -> Signer:
    """The key that signs heads, published."""
    public = anchors.new(home / "audit.json")
    noted.do(lambda tx: keys.publish(tx, "audit", "audit", Recipient(public), NOON_S))
    return anchors.load(home / "audit.json")


def signed(store: Store, signer: Signer) -> Anchor:
    head = store.read(audit.head)
    assert head is not None
    return signer.sign(head, NOON_S)


def trouble(store: Store, anchor: Anchor) -> str | None:
    return store.read(lambda tx: anchors.trouble(tx, anchor, anchors.known(tx)))


def test_a_whole_chain(noted: Store) -> None:
    """Nobody touched it: nothing is found, and its head is its newest row."""
    head = noted.read(audit.head)

    assert noted.read(audit.broken) is None
    assert head is not None
    assert 9 == head.seq


def test_an_empty_audit_has_no_head(store: Store) -> None:
    """Before the first act there is nothing to sign and nothing broken."""
    assert (None, None) == (store.read(audit.head), store.read(audit.broken))


@pytest.mark.parametrize("seq", [1, 4, 9])
@pytest.mark.parametrize("column", ["at", "who", "act", "about", "before", "hash"])
def test_a_changed_row_is_told_by_its_number(noted: Store, seq: int, column: str) -> None:
    """Whoever rewrites one cell is found at that row, and it is called changed."""
    value = 0 if column == "at" else "x"
    noted.do(lambda tx: tx.do(sa.update(rows).where(rows.c.seq == seq).values({column: value})))

    assert Broken(seq, "changed") == noted.read(audit.broken)


def test_a_forged_row_that_fits_in_itself_is_found_at_the_next(noted: Store) -> None:
    """Whoever changes a row and computes its hash anew has broken the row after it."""

    def forge(tx: Tx) -> None:
        old = tx.row(sa.select(rows).where(rows.c.seq == 4))
        assert old is not None
        fits = audit.link(old.before, 4, old.at, "eve", old.act, old.about)
        tx.do(sa.update(rows).where(rows.c.seq == 4).values(who="eve", hash=fits))

    noted.do(forge)

    assert Broken(5, "changed") == noted.read(audit.broken)


@pytest.mark.parametrize("seq", [1, 4, 8])
def test_a_removed_row_is_told_by_its_number(noted: Store, seq: int) -> None:
    """A gap is called a removed row."""
    noted.do(lambda tx: tx.do(sa.delete(rows).where(rows.c.seq == seq)))

    assert Broken(seq, "removed") == noted.read(audit.broken)


def test_a_removed_row_is_found_when_the_others_are_numbered_anew(noted: Store) -> None:
    """Closing the gap does not hide that a row is gone."""

    def remove(tx: Tx) -> None:
        tx.do(sa.delete(rows).where(rows.c.seq == 4))
        for seq in range(5, 10):
            tx.do(sa.update(rows).where(rows.c.seq == seq).values(seq=seq - 1))

    noted.do(remove)

    assert Broken(4, "removed") == noted.read(audit.broken)


@pytest.mark.parametrize(("one", "other"), [(3, 4), (2, 8), (1, 9)])
def test_moved_rows_are_told_by_their_number(noted: Store, one: int, other: int) -> None:
    """Two rows in each other's places are called moved, at the first of them."""

    def swap(tx: Tx) -> None:
        for old, new in ((one, 99), (other, one), (99, other)):
            tx.do(sa.update(rows).where(rows.c.seq == old).values(seq=new))

    noted.do(swap)

    assert Broken(one, "moved") == noted.read(audit.broken)


def test_a_row_that_was_put_before_the_first_is_found(noted: Store) -> None:
    """Nothing can be put in at the beginning either."""
    row = {"seq": 0, "at": 1, "who": "x", "act": "y", "about": "z", "before": "b", "hash": "h"}
    noted.do(lambda tx: tx.do(sa.insert(rows).values(**row)))

    assert Broken(1, "changed") == noted.read(audit.broken)


def test_a_long_chain_is_read_row_by_row(store: Store) -> None:
    """More rows than are held at a time: still whole, still found."""

    def many(tx: Tx) -> None:
        for n in range(300):
            audit.note(tx, NOON_S, "ann", "opened", str(n))

    store.do(many)
    whole = store.read(audit.broken)
    store.do(lambda tx: tx.do(sa.update(rows).where(rows.c.seq == 271).values(who="eve")))

    assert (None, 271) == (whole, store.read(audit.first_broken))


# --- signed heads -----------------------------------------------------------------------------------------------------


def test_a_signed_head_holds_while_the_chain_grows(noted: Store, signer: Signer) -> None:
    """A head that I kept a year ago still vouches for everything up to it."""
    kept = signed(noted, signer)
    noted.do(lambda tx: audit.note(tx, NOON_S, "ann", "opened", "later"))

    assert trouble(noted, kept) is None


def test_a_chain_cut_off_at_its_end_is_found(noted: Store, signer: Signer) -> None:
    """The chain alone looks whole without its last rows; the head that was kept does not."""
    kept = signed(noted, signer)
    noted.do(lambda tx: tx.do(sa.delete(rows).where(rows.c.seq > 6)))

    assert noted.read(audit.broken) is None
    assert "row 9 is not there, the audit ends at row 6: rows were cut off" == trouble(noted, kept)


def test_a_chain_written_anew_is_found(noted: Store, signer: Signer) -> None:
    """Whoever writes the whole chain again, every hash right, is found out."""
    kept = signed(noted, signer)
    noted.do(lambda tx: tx.do(sa.delete(rows)))
    for n in range(12):
        noted.do(lambda tx, n=n: audit.note(tx, NOON_S, "eve", "opened", str(n)))

    assert noted.read(audit.broken) is None
    assert "row 9 is not the row that was signed" in str(trouble(noted, kept))


def test_cut_off_and_written_on_is_found(noted: Store, signer: Signer) -> None:
    """Cutting the end off and letting the house go on hides nothing."""
    kept = signed(noted, signer)
    noted.do(lambda tx: tx.do(sa.delete(rows).where(rows.c.seq > 6)))
    for n in range(9):
        noted.do(lambda tx, n=n: audit.note(tx, NOON_S, "ann", "opened", str(n)))

    assert "written anew" in str(trouble(noted, kept))


def test_after_a_restore_the_missing_end_is_explained(noted: Store, signer: Signer) -> None:
    """A head of after the backup does not hold, and the sentence says that a backup was restored."""
    kept = signed(noted, signer)
    noted.do(lambda tx: tx.do(sa.delete(rows).where(rows.c.seq > 6)))
    noted.do(lambda tx: audit.note(tx, NOON_S, "operator", audit.RESTORED, "abc"))

    assert "a backup was restored" in str(trouble(noted, kept))


@pytest.mark.parametrize(
    ("part", "value"),
    [("house", "x"), ("seq", 8), ("hash", "0" * 64), ("at", 1), ("signature", "00" * 64), ("signature", "z")],
)
def test_a_changed_line_does_not_pass(noted: Store, signer: Signer, home: Path, part: str, value: object) -> None:
    """Every part of a signed head is under its signature."""
    line = json.loads(signed(noted, signer).line)
    (home / "heads").write_text(json.dumps({**line, part: value}) + "\n")

    [kept] = anchors.read(home / "heads")

    assert "its signature is not right" in str(trouble(noted, kept))


def test_a_head_signed_with_a_foreign_key_does_not_pass(noted: Store, signer: Signer, home: Path) -> None:
    """Whoever rewrites the chain cannot vouch for it with a key of their own."""
    anchors.new(home / "other.json")
    kept = signed(noted, anchors.load(home / "other.json"))

    assert "not a key of this house" in str(trouble(noted, kept))


def test_a_head_signed_with_the_old_key_still_holds(noted: Store, signer: Signer, home: Path) -> None:
    """After a new signing key was made, what the old one signed still counts."""
    kept = signed(noted, signer)
    public = anchors.new(home / "new.json")
    noted.do(lambda tx: keys.publish(tx, "audit", "audit", Recipient(public), NOON_S + 1))

    assert trouble(noted, kept) is None
    assert trouble(noted, signed(noted, anchors.load(home / "new.json"))) is None


def test_the_file_of_heads(noted: Store, signer: Signer, home: Path) -> None:
    """Heads are added line by line and read back; a line that is none is named."""
    first = signed(noted, signer)
    noted.do(lambda tx: audit.note(tx, NOON_S, "ann", "opened", "later"))
    anchors.append(home / "heads", first)
    anchors.append(home / "heads", signed(noted, signer))

    assert [9, 10] == [each.seq for each in anchors.read(home / "heads")]
    with (home / "heads").open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(WrongAnchors, match="line 3"):
        anchors.read(home / "heads")


def test_the_signing_key_is_its_owners_alone(home: Path) -> None:
    """The file is written once with mode 600; one that others can read, or none, is refused with what to do."""
    anchors.new(home / "audit.json")

    assert 0o600 == stat.S_IMODE((home / "audit.json").stat().st_mode)
    with pytest.raises(FileExistsError):
        anchors.new(home / "audit.json")
    assert "private" not in repr(anchors.load(home / "audit.json"))
    (home / "audit.json").chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        anchors.load(home / "audit.json")
    with pytest.raises(FileNotFoundError, match="restore it"):
        anchors.load(home / "none.json")

"""The return code and the bot's keys: found with the code alone, accepted however written, kept by the bot alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions import code
from store import cases
from store.db import Store
from store.founding import found
from store.places import Unopenable
from store.pocket import CodeKey, Held, Pocket
from store.schema import meta
from store.sealing import seal
from tests.conftest import NOON_S
from tests.store.office import Office, case

CODE = code.complete("31415926535897932384626433")
SALT = b"0123456789abcdef"
ZEROS = {
    "Latin": "0", "Arabic": "\u0660", "Persian": "\u06f0", "Devanagari": "\u0966", "Bengali": "\u09e6",
    "Tamil": "\u0be6",
    "Thai": "\u0e50", "Myanmar": "\u1040", "Khmer": "\u17e0", "Ethiopic has none: fullwidth": "\uff10",
    "N'Ko": "\u07c0", "Tibetan": "\u0f20", "Adlam": "\U0001e950", "Chakma": "\U00011136",
}  # fmt: skip
codes = st.text("0123456789", min_size=code.RANDOM_DIGITS, max_size=code.RANDOM_DIGITS).map(code.complete)


def _in_script(digits: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(each)) for each in digits)


@pytest.mark.parametrize("script", ZEROS)
@pytest.mark.parametrize("between", ["", " ", "-", " - ", "\u2013", "\u00a0", ".", "\u200f"])
def test_a_code_is_read_in_any_scripts_digits(script: str, between: str) -> None:
    """I write my code as I write numbers, with spaces or dashes as I like."""
    written = between.join(_in_script(CODE, ZEROS[script]))

    assert CODE == code.read(f"my code: {written}.")


def test_a_code_is_read_as_it_was_shown() -> None:
    """What stands in the receipt can be sent back as it is, alone or in a sentence."""
    shown = code.spoken(CODE)

    assert [CODE] * 3 == [code.read(each) for each in (shown, f"  {shown}\n", f"Please: {shown} thank you")]
    assert [4] * 7 == [len(each) for each in shown.split()]


@given(codes, st.integers(0, 27), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(digits: str, at: int, by: int) -> None:
    """One digit wrong, and I am told so and not shown somebody else's report."""
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]

    assert code.read(wrong) is None


@given(codes, st.integers(0, 26))
def test_every_swap_of_neighbours_is_noticed(digits: str, at: int) -> None:
    """Two digits the wrong way round, and I am told so."""
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]

    assert (digits if swapped == digits else None) == code.read(swapped)


@given(codes)
def test_a_code_is_28_digits_and_reads_back(digits: str) -> None:
    """Every code there can be is accepted."""
    assert (28, digits) == (len(digits), code.read(code.spoken(digits)))


def test_a_number_that_is_no_code_is_none() -> None:
    """A telephone number or a date is not taken for a code."""
    assert [None] * 4 == [code.read(each) for each in ("", "no digits", "+235 66 12 34 56", "2026-03-10 12:00:00")]
    assert code.attempted("1234 5678 9012 3456")
    assert not code.attempted("my number is 66 12 34 56")


def test_a_stolen_database_does_not_find_a_code(store: Store, pocket: Pocket) -> None:
    """Whoever has every row, and even a guess at my code, cannot tell which report is mine without the bot's key."""
    thief, key = Pocket.new(), CodeKey.from_code(CODE, SALT, pocket)
    new = case(mode="anonymous", address=None, salt=SALT, reporter=key.recipient.public)
    filed = Office(store).desk("general").file(new, report=b"words", locator=key.locator)

    rows = [row for table in meta.sorted_tables for row in store.read(lambda tx, t=table: tx.rows(sa.select(t)))]
    stolen = CodeKey.from_code(CODE, SALT, thief).locator

    dump = repr(rows) + repr([bytes(cell).hex() for row in rows for cell in row if isinstance(cell, bytes)])
    assert not any(each in dump for each in (CODE, code.spoken(CODE), CODE.encode().hex()))
    assert store.read(lambda tx: cases.seek(tx, [stolen])) is None
    assert filed == store.read(lambda tx: cases.seek(tx, pocket.tokens("code", CODE)))


def test_an_answer_left_for_a_code_opens_with_that_code_only(pocket: Pocket) -> None:
    """The answer to an anonymous report is opened by its code; another code, or another salt, opens nothing."""
    right = CodeKey.from_code(CODE, SALT, pocket)
    other = CodeKey.from_code(code.complete("1" * 26), SALT, pocket)
    salted = CodeKey.from_code(CODE, SALT[::-1], pocket)
    here = cases.place("AAAA-BBBB", "e", "answer", "ann")
    sealed = seal(b"we came", here, [right.recipient])

    assert b"we came" == CodeKey.from_code(CODE, SALT, pocket).identity.open(sealed, here)
    for wrong in (other, salted):
        with pytest.raises(Unopenable):
            wrong.identity.open(sealed, here)
    assert [True, False, False] == [each.opens(right.recipient.public) for each in (right, other, salted)]


def test_the_bots_keys_are_read_as_they_were_written(home: Path, pocket: Pocket) -> None:
    """A bot that starts again has the keys it had, in a file for its owner alone."""
    path = home / "bot.json"

    pocket.held.write(path)

    assert pocket.held == Pocket.load(path).held
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert ["bot.json"] == [each.name for each in home.iterdir()]


def test_the_bots_keys_are_never_overwritten(store: Store, home: Path) -> None:
    """A second founding cannot replace the keys under which everything lies, also when both begin at once."""
    found(store, home, ["general"], NOON_S)
    path = home / "keys" / "bot.json"
    before = path.read_bytes()

    found(store, home, ["general"], NOON_S)
    Held.new().write_first(path)

    assert before == path.read_bytes()
    assert sorted(["bot.json", "first-invitation"]) == sorted(each.name for each in path.parent.iterdir())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o602])
def test_keys_that_others_can_read_are_refused(home: Path, pocket: Pocket, mode: int) -> None:
    """The bot does not start with a key file that others may read, and says what to do."""
    path = home / "bot.json"
    pocket.held.write(path)
    os.chmod(path, mode)  # noqa: PTH101

    with pytest.raises(PermissionError, match="chmod 600"):
        Pocket.load(path)


def test_an_address_tells_nothing_and_is_always_the_same(pocket: Pocket) -> None:
    """My telephone number is found again, and cannot be read from the name it is found under."""
    mine = pocket.address("telegram", "66123456")

    assert mine == pocket.address("telegram", "66123456")
    assert 3 == len({mine, pocket.address("web", "66123456"), Pocket.new().address("telegram", "66123456")})
    assert "66123456" not in mine
    assert pocket.token("a", "b", "c") != pocket.token("a", "b\x1fc", "")

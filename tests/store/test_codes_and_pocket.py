"""The return code and the bot's keys: found with the code alone, accepted however written, kept by the bot alone."""

from __future__ import annotations

import json
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
from store.places import Place, Unopenable
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
    assert sorted(["audit.json", "bot.json", "first-invitation"]) == sorted(each.name for each in path.parent.iterdir())


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


# --- rings: keys that are changed while the bot runs ------------------------------------------------------------------

HERE = Place("talks", "a", "talk")


def _turned(before: Held) -> Held:
    """The rings after each key was changed once: the newest first."""
    new = Held.new()
    return Held((*new.keys, *before.keys), (*new.locks, *before.locks), (*new.lookups, *before.lookups))


def test_what_is_under_an_older_key_still_opens() -> None:
    """My half-told report of yesterday goes on today, though the bot's keys were changed overnight."""
    before = Pocket.new()
    kept, letter = before.lock.shut(b"half told", HERE), seal(b"letter", HERE, [before.recipient])

    now = Pocket(_turned(before.held))

    assert (b"half told", b"letter") == (now.open(kept, HERE), now.open(letter, HERE))
    assert (before.token("code", CODE), now.token("code", CODE)) == tuple(reversed(now.tokens("code", CODE)))


def test_only_the_newest_key_shuts() -> None:
    """After a change nothing new is put under the old key, which may have been stolen."""
    before = Pocket.new()
    now = Pocket(_turned(before.held))

    for made in (now.lock.shut(b"words", HERE), seal(b"words", HERE, [now.recipient])):
        assert b"words" == now.open(made, HERE)
        with pytest.raises(Unopenable):
            before.open(made, HERE)
    assert (now.held.locks[0], now.held.keys[0].recipient) == (now.lock, now.recipient)
    assert now.address("web", "1") == now.tokens("address", "web", "1")[0] != before.address("web", "1")


def test_what_is_under_no_key_of_the_ring_is_refused() -> None:
    """A stranger's lock, a stranger's envelope, nonsense and nothing: each is `Unopenable`."""
    pocket, other = Pocket(_turned(Held.new())), Pocket.new()
    spoilt = pocket.lock.shut(b"words", HERE)

    strange = [other.lock.shut(b"words", HERE), seal(b"words", HERE, [other.recipient]), b"", b"AL\x02", b"AM\x01\x01"]
    for each in (*strange, spoilt[:-1], spoilt + b"\0", spoilt[:11], b"AL\x01" + spoilt[3:]):
        with pytest.raises(Unopenable):
            pocket.open(each, HERE)
    with pytest.raises(Unopenable):
        pocket.open(spoilt, Place("talks", "b", "talk"))


def test_a_running_bot_follows_its_file(home: Path) -> None:
    """Keys are changed while the bot runs: it uses the new ones at once and still opens what was under the old."""
    path = home / "bot.json"
    Held.new().write(path)
    running = Pocket.load(path)
    kept = running.lock.shut(b"half told", HERE)
    before = running.held

    _turned(before).write(path)

    assert (2, before.locks[0]) == (len(running.held.locks), running.held.locks[1])
    assert running.held == Pocket.load(path).held
    assert b"half told" == running.open(kept, HERE)
    assert running.lock != before.locks[0]


NONSENSE: dict[str, str] = {
    "nothing": "",
    "half of it": '{"keys": ["',
    "a list": "[]",
    "a number": "7",
    "an empty object": "{}",
    "one ring missing": json.dumps({"keys": ["ab" * 32], "locks": ["ab" * 32]}),
    "an empty ring of keys": json.dumps({"keys": [], "locks": ["ab" * 32], "lookups": ["ab" * 32]}),
    "an empty ring of locks": json.dumps({"keys": ["ab" * 32], "locks": [], "lookups": ["ab" * 32]}),
    "an empty ring of lookups": json.dumps({"keys": ["ab" * 32], "locks": ["ab" * 32], "lookups": []}),
    "a short key": json.dumps({"keys": ["ab" * 31], "locks": ["ab" * 32], "lookups": ["ab" * 32]}),
    "a short lock": json.dumps({"keys": ["ab" * 32], "locks": ["ab" * 16], "lookups": ["ab" * 32]}),
    "an empty lookup key": json.dumps({"keys": ["ab" * 32], "locks": ["ab" * 32], "lookups": [""]}),
    "no rings": json.dumps({"keys": "ab" * 32, "locks": "ab" * 32, "lookups": "ab" * 32}),
    "numbers": json.dumps({"keys": [1], "locks": [2], "lookups": [3]}),
    "no hexadecimal": json.dumps({"keys": ["xy" * 32], "locks": ["ab" * 32], "lookups": ["ab" * 32]}),
}


@pytest.mark.parametrize("what", NONSENSE)
def test_a_file_that_holds_no_keys_is_refused_and_never_quoted(home: Path, what: str) -> None:
    """The bot does not start with a damaged file, or with keys that are none, and says what to do without its words."""
    path = home / "bot.json"
    path.touch(0o600)
    path.write_text(NONSENSE[what])

    with pytest.raises(ValueError, match="restore it from a backup") as caught:
        Pocket.load(path)

    assert "abab" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("what", [*NONSENSE, "readable by others", "gone"])
def test_a_running_bot_keeps_its_keys_when_its_file_cannot_be_read(home: Path, what: str) -> None:
    """A file that is damaged, open to others or gone for a moment takes no key from the bot that runs."""
    path = home / "bot.json"
    Held.new().write(path)
    running = Pocket.load(path)
    before = running.held

    if what == "gone":
        path.unlink()
    elif what == "readable by others":
        Held.new().write(path)
        path.chmod(0o640)
    else:
        path.write_text(NONSENSE[what])
        os.utime(path, ns=(1, 1))

    assert before == running.held
    after = _turned(before)
    after.write(path)
    assert after == running.held


def test_a_ring_shows_nothing(home: Path) -> None:
    """Neither the pocket nor what it holds shows a key where it is printed, nor an error about it."""
    held = _turned(Held.new())
    held.write(home / "bot.json")
    pocket = Pocket.load(home / "bot.json")

    shown = "".join(map(str, (pocket, repr(pocket), held, repr(held), vars(pocket), [held], pocket.lock)))

    secret = [*(each.private for each in held.keys), *(each.key for each in held.locks), *held.lookups]
    assert 6 == len(secret)
    assert not any(each.hex() in shown or repr(each)[2:-1] in shown for each in secret)

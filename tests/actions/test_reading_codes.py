"""A return code as people write it: in their digits, with their separators, behind marks that nobody sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from actions import code

CODE = code.complete("31415926535897932384626433")
GROUPS = code.spoken(CODE).split()
DIGITS = {
    "Arabic": "٠١٢٣٤٥٦٧٨٩",
    "Persian": "۰۱۲۳۴۵۶۷۸۹",
    "Devanagari": "०१२३४५६७८९",
    "full width": "０１２３４５６７８９",
}
BETWEEN = [
    " ", "-", "، ", "٬", "٫", "۔ ", "\u2013", "\u2212", ", ", "/", "\n", "\u200f ", "\u061c", "\u2069 \u2066", "\u00a0",
    "\u202f", "\u202c \u202a", "\ufeff", "、", "，", "\u0640",
]  # fmt: skip


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("script", [None, *DIGITS])
def test_a_code_is_read_in_every_script_with_every_separator(script: str | None, between: str) -> None:
    """I type my code on the keyboard I have, with the comma it has, and my report is found. (R48)"""
    written = between.join(GROUPS).translate(str.maketrans("0123456789", DIGITS[script])) if script else (
        between.join(GROUPS)
    )  # fmt: skip

    for words in (written, f"\u2066{written}\u2069", f"\u200f{written}\u200f", f"رمزي: {written}."):
        assert code.read(words) == CODE
        assert code.within(words)
    assert code.alone(f"\u2067{written}\u2069")
    assert not code.alone(f"رمزي {written}")
    assert code.plain(code.without(f"رمزي {written} شكرا")) == ""


def test_a_code_of_keycaps_is_read() -> None:
    """The number keys of the emoji page are number keys too."""
    assert code.read("".join(f"{each}\ufe0f\u20e3" for each in CODE)) == CODE


def test_a_code_in_two_scripts_is_read() -> None:
    """The first half copied, the second half typed."""
    half = len(CODE) // 2

    assert code.read(CODE[:half] + CODE[half:].translate(str.maketrans("0123456789", DIGITS["Arabic"]))) == CODE


@given(some.integers(0, 27), some.integers(1, 9), some.sampled_from(sorted(DIGITS)))
def test_one_wrong_digit_is_noticed_in_every_script(at: int, off: int, script: str) -> None:
    """A slip is told me at once, and nobody else's report is shown."""
    wrong = CODE[:at] + str((int(CODE[at]) + off) % 10) + CODE[at + 1 :]

    assert code.read(wrong.translate(str.maketrans("0123456789", DIGITS[script]))) is None

"""Long texts in several messages: nothing is lost, no character is torn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram_text import LONGEST, parts, short, units

FAMILY, FLAG, THUMB = "👨‍👩‍👧", "🇫🇷", "👍🏽"
PIECES = st.sampled_from(["word", " ", "\n", "\n\n", "é", "e\u0301", FAMILY, FLAG, THUMB, "ماء", "न्दे", "x" * 30])


@given(st.lists(PIECES, max_size=60).map("".join), st.integers(24, 60))
def test_every_part_fits_and_nothing_but_white_space_is_lost(text: str, most: int) -> None:
    """The parts together are the text, each is as short as Telegram wants it, and none is empty."""
    found = parts(text, most)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(0 < units(each) <= most for each in found)


@given(st.lists(st.sampled_from([FAMILY, FLAG, THUMB, "e\u0301"]), min_size=1, max_size=30), st.integers(16, 40))
def test_no_sign_is_torn(signs: list[str], most: int) -> None:
    """Families, flags, skin tones and accents stay whole where there is no space to cut at."""
    for part in parts("".join(signs), most):
        rest = part
        while rest:
            sign = next(each for each in (FAMILY, FLAG, THUMB, "e\u0301") if rest.startswith(each))
            rest = rest.removeprefix(sign)


def test_a_long_text_is_cut_between_paragraphs() -> None:
    """Where paragraphs allow it, a message ends with one."""
    text = "a" * 3000 + "\n\n" + "b" * 3000

    assert parts(text) == ("a" * 3000, "b" * 3000)
    assert LONGEST == 4096


def test_a_label_too_long_ends_with_an_ellipsis() -> None:
    """The person sees that there is more; the choice itself is whole."""
    assert short("Yes", 64) == "Yes"
    assert short("word " * 30, 64).endswith("…")
    assert units(short(FAMILY * 30, 64)) <= 64

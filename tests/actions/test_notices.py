"""What is said without being asked: neutral, with nothing of what a case is about."""

from __future__ import annotations

from datetime import date

import pytest

from actions import notices
from actions.words import Letter
from tests.actions.replies import TEXTS

DAY = date(2026, 4, 1)
LETTERS = {
    "follow_up": notices.follow_up("BBBB-1234", DAY),
    "late": notices.late("BBBB-1234", DAY),
    "expiring": notices.expiring("BBBB-1234", DAY),
    "revealed": notices.revealed("BBBB-1234"),
    "erased": notices.erased("BBBB-1234"),
    "mode_changed": notices.mode_changed("BBBB-1234"),
    "reopened": notices.reopened("BBBB-1234", DAY),
    "moved": notices.moved("BBBB-1234"),
}


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize(("language", "day"), [("en", "April 1, 2026"), ("fr", "1 avril 2026")])
def test_a_notice_names_the_report_and_the_day_and_nothing_else(letter: Letter, language: str, day: str) -> None:
    """Whoever reads over my shoulder learns a number and a date."""
    text = TEXTS.render(letter, language).text

    assert text.count("BBBB-1234") == 1
    assert (day in text) == ("{date}" in str(letter.paragraphs[0]))
    assert not [each for each in ("abuse", "violence", "complain", "abus", "plainte") if each in text.lower()]
    assert () == letter.choices

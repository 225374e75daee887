"""The same claims hold on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, home: Path) -> str:
    """A database with our tables, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{home / 'amana.db'}"
    server, tables = request.getfixturevalue("postgresql"), request.getfixturevalue("tables")
    new: str = server.new(tables)
    return new


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, home: Path) -> str:
    """A database without tables, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{home / 'empty.db'}"
    new: str = request.getfixturevalue("postgresql").new()
    return new


# --- known, to be taken out with its repair ---------------------------------------------------------------------------

_NEW_SAYS_NO = "store.db.Tx.new answers False for a new row on PostgreSQL (rowcount -1 without preserve_rowcount)"
_SUFFERS = {
    "test_an_announcement_reaches_everybody_once_after_any_cut",
    "test_the_founding_token_lets_one_member_in",
    "test_the_desk_key_reaches_the_member",
    "test_a_colleague_is_invited_to_the_same_desks_once",
    "test_a_taken_name_uses_no_invitation_up",
    "test_an_answer_stops_its_clocks",
    "test_a_message_taken_in_twice_waits_once",
    "test_messages_of_one_person_are_worked_on_in_their_order",
    "test_a_message_is_worked_on_once",
    "test_what_was_worked_on_keeps_neither_words_nor_address",
    "test_a_message_that_fails_again_and_again_is_parked_and_blocks_nobody",
    "test_a_silence_waits_like_a_message",
    "test_a_letter_posted_twice_goes_out_once",
    "test_names_of_old_messages_are_dropped_and_waiting_ones_stay",
    "test_a_unit_is_whole_or_not_at_all",
    "test_a_message_that_comes_twice_is_claimed_once",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what cannot pass on PostgreSQL until `Tx.new` tells the truth there."""
    for each in items:
        name, _, kind = each.name.partition("[")
        if name in _SUFFERS and kind.startswith("postgresql"):
            each.add_marker(pytest.mark.xfail(strict=True, reason=_NEW_SAYS_NO))

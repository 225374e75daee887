"""The limits: never faster than a platform allows, in any window; and a person never waits for an announcement."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.limits import BOT, CHAT, GROUP, Kind, Limits, Rate

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "ben", "cleo", "-1", "-2"]),
        st.booleans(),
        st.floats(0, 3, allow_nan=False, allow_subnormal=False),
    ),
    max_size=200,
)


def kind(chat: str) -> Kind:
    return "group" if chat.startswith("-") else "person"


def most_in_any_window(times: list[float], seconds: float) -> int:
    return max((sum(begin <= each < begin + seconds for each in times) for begin in times), default=0)


@given(STEPS)
def test_no_window_ever_holds_more_than_is_allowed(steps: list[tuple[str, bool, float]]) -> None:
    """Whoever sends only when told to go stays within the bot's, each person's and each group's rate, always."""
    limits, now, went = Limits(), 0.0, []
    for chat, announcement, pause in steps:
        now += pause
        if limits.wait(chat, now, announcement=announcement) == 0:
            limits.went(chat, kind(chat), now, announcement=announcement)
            went.append((chat, now))

    assert most_in_any_window([at for _, at in went], BOT.seconds) <= BOT.most
    for chat in {chat for chat, _ in went}:
        mine = [at for each, at in went if each == chat]
        assert most_in_any_window(mine, CHAT.seconds) <= CHAT.most
        if kind(chat) == "group":
            assert most_in_any_window(mine, GROUP.seconds) <= GROUP.most


@given(STEPS)
def test_whoever_waits_as_long_as_told_may_go(steps: list[tuple[str, bool, float]]) -> None:
    """A wait is exact: after it, and a rounding error, the message goes."""
    limits, now = Limits(), 0.0
    for chat, announcement, pause in steps:
        now += pause
        now += limits.wait(chat, now, announcement=announcement) + 1e-6

        assert limits.wait(chat, now, announcement=announcement) == 0

        limits.went(chat, kind(chat), now, announcement=announcement)


def test_announcements_leave_room_for_people_who_wait_for_an_answer() -> None:
    """When a thousand announcements want to go at once, a reply still goes at once."""
    limits, went = Limits(), 0
    for number in range(1000):
        if limits.wait(f"s{number}", 0.0, announcement=True) == 0:
            limits.went(f"s{number}", "person", 0.0, announcement=True)
            went += 1

    assert went == int(BOT.most * 0.7)
    assert limits.announcements_wait(0.0) > 0
    assert limits.wait("somebody who asked", 0.0) == 0


def test_a_chat_told_to_wait_waits_alone() -> None:
    """A 429 holds its chat for as long as was said, and nobody else."""
    limits = Limits()
    limits.hold("ann", 30.0)

    assert limits.wait("ann", 10.0) == 20.0
    assert limits.wait("ben", 10.0) == 0
    assert limits.wait("ann", 30.0) == 0


def test_a_group_gets_at_most_twenty_messages_a_minute() -> None:
    """The twenty-first waits until the first is a minute old."""
    limits = Limits()
    for second in range(20):
        limits.went("-1", "group", float(second))

    assert limits.wait("-1", 21.0) == 39.0


def test_quiet_chats_are_forgotten() -> None:
    """A hundred thousand people a day do not stay in memory."""
    limits = Limits(bot=Rate(1_000_000, 1.0))
    for number in range(10_000):
        limits.went(f"chat{number}", "person", number / 100)
        limits.hold(f"held{number}", number / 100 + 1)

    limits.went("last", "person", 300.0)

    assert len(limits) < 10

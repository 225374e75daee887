"""How fast we may send: sliding windows a bot, a person and a group, and the waits a platform has ordered.

Telegram: "about 30 messages per second" a bot, one a second a chat, 20 a minute a group (core.telegram.org/bots/faq);
published figures are no contract, so there is head-room here and a 429 is obeyed on top. Time is an argument, in
seconds of any clock that never goes back.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["person", "group"]


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many in so many seconds, wherever those seconds begin."""

    most: int
    seconds: float


BOT = Rate(25, 1.0)
CHAT = Rate(1, 1.0)
GROUP = Rate(20, 60.0)
# What announcements leave free for people who wait for an answer.
SHARE = 0.7


@dataclass(slots=True)
class _Window:
    rate: Rate
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more fits."""
        if len(self.times) < self.rate.most:
            return 0.0
        return max(0.0, self.times[-self.rate.most] + self.rate.seconds - now)

    def went(self, now: float) -> None:
        self.times.append(now)
        while len(self.times) > self.rate.most:
            self.times.popleft()

    def empty(self, now: float) -> bool:
        return not self.times or self.times[-1] + self.rate.seconds <= now


class Limits:
    """The windows of one bot; chats that were quiet for long enough are forgotten."""

    def __init__(self, bot: Rate = BOT, chat: Rate = CHAT, group: Rate = GROUP, share: float = SHARE) -> None:
        self._chat, self._group = chat, group
        self._bot = _Window(bot)
        self._announcements = _Window(Rate(max(1, int(bot.most * share)), bot.seconds))
        self._chats: dict[str, tuple[_Window, ...]] = {}
        self._holds: dict[str, float] = {}
        self._tidied = 0.0

    def wait(self, chat: str, now: float, *, announcement: bool = False) -> float:
        """Seconds to wait before this chat may get a message; 0: go."""
        mine = (self._bot, *self._chats.get(chat, ()))
        waits = [each.wait(now) for each in (mine if not announcement else (*mine, self._announcements))]
        return max(*waits, self._holds.get(chat, now) - now, 0.0)

    def went(self, chat: str, kind: Kind, now: float, *, announcement: bool = False) -> None:
        """A message goes out now."""
        if now - self._tidied >= self._group.seconds:
            self._tidy(now)
        rates = (self._chat, self._group) if kind == "group" else (self._chat,)
        windows = self._chats.setdefault(chat, tuple(_Window(each) for each in rates))
        for each in (self._bot, *windows, *((self._announcements,) if announcement else ())):
            each.went(now)

    def hold(self, chat: str, until: float) -> None:
        """The platform told this chat to wait (429)."""
        self._holds[chat] = max(until, self._holds.get(chat, until))

    def announcements_wait(self, now: float) -> float:
        """Seconds until the bot's budget has room for one more announcement to anybody."""
        return max(self._announcements.wait(now), self._bot.wait(now))

    def __len__(self) -> int:
        return len(self._chats) + len(self._holds)

    def _tidy(self, now: float) -> None:
        self._tidied = now
        self._holds = {chat: until for chat, until in self._holds.items() if until > now}
        self._chats = {
            chat: windows for chat, windows in self._chats.items() if not all(each.empty(now) for each in windows)
        }

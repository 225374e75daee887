"""A change of the red lines, told once to every partner group."""

from __future__ import annotations

from actions import notices
from actions.programme import Programme
from actions.words import to_json
from store import announcements, keys, letters, versions
from store.db import Tx
from store.letters import Lane


def announce(tx: Tx, now: int, programme: Programme) -> int:
    """Post the note if these red lines were not announced before; how many letters. A house that begins posts none."""
    lines = programme.red_lines
    if not versions.turned(tx, versions.RED_LINES, lines.version):
        return 0
    words, bot = to_json(notices.red_lines_changed(lines)), keys.bot(tx)
    return sum(
        letters.post(tx, f"redlines/{lines.version}/{each}", each, words, Lane.ANNOUNCEMENT, bot, now)
        for each in announcements.groups(tx)
    )

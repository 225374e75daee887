"""The search of test_forensic is not blind: with one deliberate leak in a real process it finds it, at each place."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole import hunting, life
from tests.whole.house import House
from tests.whole.leaking import LEAKS
from tests.whole.life import Told

pytestmark = pytest.mark.slow


class Leaking(House):
    """A house each of whose processes has one leak."""

    leak = ""

    def _command(self, *arguments: str) -> list[str]:
        if not self.leak or arguments[0] not in ("bot", "scheduler", "console", "backup"):
            return super()._command(*arguments)
        return [sys.executable, "-m", "tests.whole.leaking", self.leak, *arguments]


@pytest.fixture
def leaking(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Told]:
    class WithThis(Leaking):
        leak = request.param

    with WithThis(tmp_path / "house") as house:
        yield life.begun(house)


def _live(told: Told, leak: str = "") -> list[str]:
    """A short life, and what the search then says; a backup and a dump are made where the leak is in them."""
    _, got = life.a_report(told, "web")
    life.half_a_report(told)
    told.staff.note(got.reference, told.canary("note"))
    for name in ("keys", "locks", "lookups"):
        [key] = json.loads((told.house.home / "keys" / "bot.json").read_text())[name]
        told.words[f"the bot's {name}"] = (*hunting.forms(key.encode()), bytes.fromhex(key))
    if leak in ("", "backup_in_clear"):
        life.recovery(told)
        backup = told.house.run("backup", str(told.house.base / "backup.age"))
        assert backup.returncode == 0, backup.stderr
    if leak in ("", "key_in_memory"):
        life.memory(told.house.pid("scheduler"), told.house.base / "core")
    files = [each for each in told.places() if each.name != "bot.json"]
    return hunting.found(told.words, files)


@pytest.mark.parametrize("leaking", sorted(LEAKS), indirect=True)
def test_each_leak_is_found(leaking: Told) -> None:
    """
    A word in a log, a temporary file, an exception, a file's name, a job's argument, a column, a letter, a talk, an
    audit row, a backup, a key in the scheduler's memory: whichever it is, the search says so.
    """
    assert _live(leaking, getattr(leaking.house, "leak", ""))


@pytest.mark.parametrize("leaking", [""], indirect=True)
def test_without_a_leak_it_finds_nothing(leaking: Told) -> None:
    """
    The same life without a leak: silence.
    """
    assert [] == _live(leaking)


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="this system shows no memory of a process")  # noqa: PTH110
def test_a_memory_is_read_whole(tmp_path: Path) -> None:
    """
    What this very process holds is found in its dump, so an empty search of a dump means something.
    """
    here = "kanarie" + "in this memory"
    assert hunting.found({"it": (here.encode(),)}, [life.memory(os.getpid(), tmp_path / "core")])

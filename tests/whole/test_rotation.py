"""Every key is rotated while people write: nobody's message fails, and everything opens afterwards."""

from __future__ import annotations

import itertools
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.whole.house import House
from tests.whole.people import PASSWORD, Receipt, Staff, WebPerson, complain

pytestmark = pytest.mark.slow
TALKERS = 3


@dataclass
class Load:
    """People who report one thing after the other, each with a conversation of their own, until it is over."""

    house: House
    over: threading.Event = field(default_factory=threading.Event)
    receipts: list[tuple[str, Receipt]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    repeats: int = 0

    def talk(self, who: int) -> None:
        for n in itertools.count():
            if self.over.is_set():
                return
            person, what = WebPerson(self.house), f"the rice of {who} was wet for the {n}th time"
            try:
                self.receipts.append((what, complain(person, what=what)))
            except Exception as error:
                self.failures.append(f"{type(error).__name__}: {error}")
            self.repeats += person.repeats


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    with House(tmp_path) as house:
        load = Load(house)
        yield load
        load.over.set()


def _with_password(staff: Staff, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that asks a member's password and the code of their second factor."""
    house = staff.house
    command = house._command("keys", "rotate", *arguments, "--as", staff.login)
    return subprocess.run(
        command, env=house.environment, cwd=house.base,
        input=f"{PASSWORD}\n{staff._code()}\n", capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_every_key_is_rotated_while_people_write(load: Load) -> None:
    """
    Bot key, bot lock, lookup key, a desk's key and a member's own key are rotated by the commands of the README while
    three people report without a pause: every report has its receipt, none had to be sent twice, staff open each, and
    every code from before, during and after finds its report.
    """
    staff = Staff(load.house, "mariam", "Mariam Haroun")
    staff.enrol(load.house.first_token)
    threads = [threading.Thread(target=load.talk, args=(who,)) for who in range(TALKERS)]
    for each in threads:
        each.start()
    rotations: list[Callable[[], subprocess.CompletedProcess[str]]] = [
        lambda: load.house.run("keys", "rotate", "bot"),
        lambda: load.house.run("keys", "rotate", "lock"),
        lambda: load.house.run("keys", "rotate", "lookup"),
        lambda: _with_password(staff, "desk", "general"),
        lambda: _with_password(staff, "staff"),
    ]

    done = [rotate() for rotate in rotations]
    load.over.set()
    for each in threads:
        each.join(120)

    assert [(0, "")] * 5 == [(each.returncode, each.stderr) for each in done]
    assert [] == load.failures
    assert 0 == load.repeats
    assert len(load.receipts) > 20
    staff.sign_in()
    pages = {got.reference: staff.open(got.reference).words for _, got in load.receipts}
    assert [] == [what for what, got in load.receipts if what not in pages[got.reference]]
    asker = WebPerson(load.house)
    asker.begin()
    asker.tap("English")
    for _, got in (load.receipts[0], load.receipts[len(load.receipts) // 2], load.receipts[-1]):
        before = len(asker.texts())
        asker.say(got.code)
        asker.wait_for(f"Report {got.reference}", before)

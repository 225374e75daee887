"""The rules of the house hold, and each is noticed when it is broken: a check that cannot fail checks nothing."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("actions", "nlu", "store", "house", "bot", "scheduler", "console", "amana")
BROKEN = {
    "Processes meet only in the store and the core": ("bot/paces.py", "import scheduler.main"),
    "Processes on top, the core at the bottom": ("actions/lexicon.py", "import nlu.intents"),
    "The core knows no library that does anything": ("actions/lexicon.py", "import random"),
    "Only the console opens what was sealed for a desk": ("bot/paces.py", "def f() -> None:\n    import store.opening"),
    "Only the bot has the bot's keys in its pocket": ("scheduler/due.py", "import store.pocket"),
    "Private keys are used in few places": ("bot/paces.py", "import store.unsealing"),
    "Keys of staff are rotated from the console and the command line": ("scheduler/due.py", "import store.turning"),
    "The bot's keys are rotated from the command line": ("console/times.py", "import store.turning_bot"),
    "Only the founding of the house makes keys for others": ("console/times.py", "import store.founding"),
    "Only the command line has the recovery secret": ("console/times.py", "import store.recovery"),
    "Only the command line erases with two passwords": ("console/times.py", "import store.four_eyes"),
    "Only the command line backs up, restores and signs": ("scheduler/due.py", "import store.backups"),
    "Only the store speaks SQL and ciphers": ("house/clock.py", "import cryptography"),
    "Inside the bot everything has its floor": ("bot/paces.py", "import bot.intake"),
    "Inside the core everything has its floor": ("actions/languages.py", "import actions.code"),
    "No cycles": ("house/clock.py", "import house.logs\n"),
}


def _copy(to: Path, *packages: str) -> Path:
    for each in packages:
        shutil.copytree(ROOT / each, to / each, ignore=shutil.ignore_patterns("__pycache__", "static", "page", "data"))
    shutil.copy(ROOT / "pyproject.toml", to)
    return to


def _linted(folder: Path) -> tuple[set[str], set[str]]:
    """The names of the contracts kept and broken."""
    tool = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([tool, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False).stdout
    plain = re.sub(r"\x1b\[[0-9;]*m", "", told)
    found = {end: set(re.findall(rf"^(.+) {end}(?: \(.*\))?$", plain, re.MULTILINE)) for end in ("KEPT", "BROKEN")}
    return found["KEPT"], found["BROKEN"]


def test_every_contract_is_kept() -> None:
    """No process imports what it must not."""
    kept, broken = _linted(ROOT)

    assert set() == broken
    assert set(BROKEN) == kept


@pytest.mark.parametrize("contract", BROKEN)
def test_a_broken_contract_is_noticed(contract: str, tmp_path: Path) -> None:
    """One offending line anywhere, also inside a function, and exactly that contract is reported."""
    folder, (file, line) = _copy(tmp_path, *PACKAGES), BROKEN[contract]
    with (folder / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    if contract == "No cycles":
        with (folder / "house" / "logs.py").open("a", encoding="utf-8") as module:
            module.write("\nimport house.clock\n")

    _, broken = _linted(folder)

    # The processes are told apart by their own contract and, as neighbours in a layer, by that of the layers.
    beside = {"Processes on top, the core at the bottom"} if contract.startswith("Processes meet") else set()
    assert {contract, *beside} == broken


# --- every arm of a match is needed -----------------------------------------------------------------------------------


def _matches(path: Path, functions: set[str]) -> list[tuple[ast.Match, ast.match_case]]:
    """Every arm of every `match` without a default arm in these functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wanted = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and each.name in functions]
    matches = [node for each in wanted for node in ast.walk(each) if isinstance(node, ast.Match)]
    closed = [
        each
        for each in matches
        if not any(isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None for case in each.cases)
    ]
    return [(each, case) for each in closed for case in each.cases]


def _without(path: Path, arm: ast.match_case) -> str:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first, last = arm.pattern.lineno - 1, arm.body[-1].end_lineno
    return "".join(lines[:first] + lines[last:])


@pytest.mark.parametrize(
    ("module", "functions"),
    [
        ("actions/advance.py", {"advance"}),
        ("actions/meaning.py", {"moved"}),
        ("actions/wishes.py", {"wished"}),
        ("bot/intake.py", {"_carry_out"}),
    ],
)
def test_deleting_any_arm_is_noticed(module: str, functions: set[str], tmp_path: Path) -> None:
    """Whoever forgets an event, an effect or a wish cannot pass the check: each arm is deleted once."""
    needed = (*PACKAGES[:4], "bot") if module.startswith("bot") else ("actions", "nlu")
    folder, path = _copy(tmp_path, *needed), ROOT / module
    arms = _matches(path, functions)
    copies = []
    for n, (_, arm) in enumerate(arms):
        copy = folder / module.replace(".py", f"_without_{n}.py")
        copy.write_text(_without(path, arm), encoding="utf-8")
        copies.append(copy.relative_to(folder).as_posix())

    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", *copies],
        cwd=folder, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip

    noticed = set(re.findall(r"^(\S+): error: .*\[exhaustive-match\]$", re.sub(r":\d+: ", ": ", told), re.MULTILINE))
    assert len(arms) > 4
    assert [] == [ast.unparse(arms[n][1].pattern) for n, copy in enumerate(copies) if copy not in noticed]

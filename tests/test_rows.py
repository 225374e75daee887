"""Each row of the requirements has a test that carries its number, and the check says which has none."""

from __future__ import annotations

from pathlib import Path

import pytest

import dev
from actions.flows import FLOWS
from amana import check, rows
from house.settings import Settings
from tests.conftest import ROOT

EVERY = "({})".format(", ".join(rows.ROWS))


@pytest.fixture
def settings() -> Settings:
    return Settings(programme=ROOT / "programme")


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """A folder without catalogues: what is said of them is not asked here."""
    return tmp_path / "locales"


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    """A folder with one test, which claims every row."""
    folder = tmp_path / "tests"
    (folder / "bot").mkdir(parents=True)
    (folder / "bot" / "test_all.py").write_text(proof(EVERY), encoding="utf-8")
    return folder


def proof(claim: str, name: str = "test_it", before: str = "") -> str:
    """A test file with one test that says what it claims."""
    return f'{before}async def {name}() -> None:\n    """Nobody is forgotten. {claim}"""\n'


# --- what a test claims ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    ["Nobody is forgotten. (R53)", "Nobody is forgotten (R53).", "Nobody\n    is forgotten. (R52, R53)\n    "],
)
def test_a_number_at_the_end_of_a_docstring_claims_its_row(said: str) -> None:
    """Alone or with others, before or behind the full stop."""
    assert "R53" in rows.claimed([f'def test_it():\n    """{said}"""\n'])


@pytest.mark.parametrize(
    "source",
    [
        '"""What R53 asks. (R53)"""\n',
        proof("# (R53)", name="forgotten"),
        proof("", before="# (R53)\n"),
        proof("Unlike (R53), this is about something else."),
        proof("R53"),
        proof("(R530)"),
        'def test_it():\n    assert "(R53)"\n',
    ],
)
def test_a_number_elsewhere_claims_nothing(source: str) -> None:
    """A comment, a module, a helper or a remark is no proof."""
    assert "R53" not in rows.claimed([source])


# --- what the check says ---------------------------------------------------------------------------------------------


def test_every_row_without_a_test_is_named() -> None:
    """Where nothing is claimed, there is one line for each row, in order; where all is claimed, none."""
    none = list(rows.faults(frozenset(), {}))

    assert [line.split("; ")[0] for line in none] == [f"tests: no test claims {row}" for row in rows.ROWS]
    assert list(rows.faults(rows.claimed([proof(EVERY)]), {})) == []


def test_a_row_that_is_not_built_is_said_and_is_no_fault() -> None:
    """What is missing is missing with its reason, at every check."""
    missing = {"R61": "there are no interpreters."}

    faults = list(rows.faults(frozenset(rows.ROWS) - {"R61", "R62"}, missing))

    assert len(faults) == 1
    assert faults[0].startswith("tests: no test claims R62; ")
    assert list(rows.notes(missing)) == ["note: R61 is not built: there are no interpreters."]


def test_the_check_fails_on_a_row_without_a_test(
    settings: Settings, locales: Path, tests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`amana check` prints the same line."""
    (tests / "bot" / "test_all.py").write_text(proof(EVERY.replace("R53, ", "")), encoding="utf-8")

    assert check.run(settings, tuple(FLOWS), locales, tests) == 1

    said = "tests: no test claims R53; end the docstring of the one that proves it with (R53), or write it."
    assert said in capsys.readouterr().out.splitlines()


def test_the_check_says_nothing_of_rows_that_tests_claim(
    settings: Settings, locales: Path, tests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Folders in folders are looked into."""
    check.run(settings, tuple(FLOWS), locales, tests)

    assert "no test claims" not in capsys.readouterr().out


def test_where_amana_is_only_installed_nobody_asks_for_tests(
    settings: Settings, locales: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An office that has no folder of tests is not told to write any."""
    check.run(settings, tuple(FLOWS), locales, tmp_path / "nowhere")

    said = capsys.readouterr()
    assert "no test claims" not in said.out
    assert said.err == ""


def test_what_is_not_built_is_shown_even_when_the_check_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """`dev.py check` keeps what a sound check wrote to itself, but not this."""
    assert dev._report("catalogues, programme, rows", 0, "note: R61 is not built: no.\nEverything is in order.\n")

    assert capsys.readouterr().err == "ok     catalogues, programme, rows\nnote: R61 is not built: no.\n"


# --- what we ship ----------------------------------------------------------------------------------------------------


def test_no_row_is_called_missing_that_a_test_claims() -> None:
    """What is said to be missing is named in the requirements, has a reason and no test."""
    claims = rows.claimed(each.read_text(encoding="utf-8") for each in (ROOT / "tests").rglob("test_*.py"))

    assert rows.NOT_BUILT.keys() <= set(rows.ROWS)
    assert rows.NOT_BUILT.keys().isdisjoint(claims)
    assert all(rows.NOT_BUILT.values())

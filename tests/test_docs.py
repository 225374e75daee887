"""What the documents say is there is there, and what is there is said."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from amana import cli
from house.settings import Settings

ROOT = Path(__file__).parent.parent
ROOMS = ("actions", "amana", "bench", "bot", "console", "house", "nlu", "scheduler", "store")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(each for room in ROOMS for each in (ROOT / room).rglob("*.md") if "node_modules" not in each.parts),
    ]
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
MADE_BY_TESTS = ROOT / "docs" / "pictures"
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(ROOT)))


def section(title: str) -> str:
    """One part of the README, from its heading to the next."""
    parts = re.split(r"^## ", README, flags=re.MULTILINE)
    return next(each for each in parts if each.startswith(title))


def rows(title: str) -> dict[str, list[str]]:
    """The table of a part: what stands in code in the first cell, and the other cells."""
    cells = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in section(title).splitlines()
        if line.startswith("| `")
    ]
    return {first.partition("`")[2].partition("`")[0]: rest for first, *rest in cells}


def settings() -> dict[str, object]:
    """Every setting by its name in the environment, with its default."""
    fields = Settings.model_fields
    return {str(field.validation_alias or f"AMANA_{name.upper()}"): field.default for name, field in fields.items()}


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command of the command line."""
    found = next(each for each in cli._parser()._actions if isinstance(each, argparse._SubParsersAction))
    return dict(found.choices)


def anchors(document: Path) -> set[str]:
    """The headings of a document as links name them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def modules(text: str) -> Iterator[str]:
    """Everything in code that looks like a path or a module of ours."""
    places = "|".join((*ROOMS, "tests", "docs", "programme", "requirements"))
    ours = re.compile(rf"(?!\w+\.(?:db|json|css)$)({places})[/.][\w./-]+")
    yield from (said for said in re.findall(r"`([^`\n]+)`", text) if ours.fullmatch(said))


def exists(said: str) -> bool:
    """Whether there is such a file or folder, or such a module with such a name in it."""
    if "/" in said:
        return (ROOT / said).exists()
    parts = said.split(".")
    for end in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:end])
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        if file.exists():
            return set(parts[end:]) <= names(file)
    return False


def names(file: Path) -> set[str]:
    """What a module defines at its top, and the methods of its classes."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        *(
            each.name
            for each in ast.walk(tree)
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        ),
        *(each.id for each in ast.walk(tree) if isinstance(each, ast.Name)),
    }


def test_every_setting_is_in_the_readme_and_every_setting_there_exists() -> None:
    """
    I look a setting up in the README: it is there, and what is there works.
    """
    assert sorted(settings()) == sorted(rows("Settings"))


def test_the_readme_states_the_defaults() -> None:
    """
    What the README calls the default is what happens when I set nothing.
    """
    stated = {name: cells[0] for name, cells in rows("Settings").items()}

    for name, default in settings().items():
        if default not in (None, ""):
            assert stated[name].split("`")[1:2] == [str(default)], name
        else:
            assert not re.search(r"`[\d.]+`|`https?:", stated[name]), name


def test_every_command_is_in_the_readme_with_its_words_and_options() -> None:
    """
    The README lists every command, with what may stand behind it, and no other.
    """
    listed = {each.replace("\\", "").partition(" ")[::2] for each in rows("Commands")}

    assert sorted(commands()) == sorted(name for name, _ in listed)
    for name, rest in listed:
        known = [each for each in commands()[name]._actions if not isinstance(each, argparse._HelpAction)]
        words = {word for each in known for word in (*each.option_strings, *(each.choices or ()), each.metavar) if word}
        assert words == set(re.findall(r"[\w-]+", rest)), name


def test_every_call_of_the_web_chat_is_in_the_readme() -> None:
    """
    Whoever writes a page of their own finds every address the bot answers on.
    """
    code = "".join((ROOT / "bot" / name).read_text(encoding="utf-8") for name in ("webchat.py", "main.py"))

    for path in re.findall(r'(?:Route|Mount)\("(/[^"]*)"', code):
        assert re.search(rf"{re.escape(path)}[`?]", README), path


def test_every_folder_is_on_the_map() -> None:
    """
    The map in the README shows every folder with code in it.
    """
    said = section("The folders")

    assert [] == [room for room in (*ROOMS, "programme", "locales", "tests", "docs") if f"`{room}/`" not in said]


@every_document
def test_every_link_leads_somewhere(document: Path) -> None:
    """
    I follow a link within these documents and arrive, at the heading too.
    """
    made = "".join(each.read_text(encoding="utf-8") for each in (ROOT / "tests" / "browser").glob("*.py"))

    for link in LINK.findall(document.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        to = (document.parent / path).resolve() if path else document
        assert to.exists() or (to.parent == MADE_BY_TESTS and to.name in made), link
        assert not anchor or anchor in anchors(to), link


@every_document
def test_every_module_that_is_named_exists(document: Path) -> None:
    """
    A document that names a file, a module or a test names one that is there.
    """
    assert [] == [said for said in modules(document.read_text(encoding="utf-8")) if not exists(said)]


def test_every_threat_names_tests_that_are_there() -> None:
    """
    What a page says somebody does not get is shown by a test of that name.
    """
    text = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| does not get")]
    named = [re.search(r"`(tests/\S+\.py)(?:::(test_\w+))?` \|$", row) for row in rows]

    assert len(rows) > 40
    assert [] == [row for row, found in zip(rows, named, strict=True) if not found]
    gone = [
        found[0] for found in named
        if found and f"def {found[2] or ''}" not in (ROOT / found[1]).read_text(encoding="utf-8")
    ]  # fmt: skip
    assert [] == gone


def test_the_architecture_is_told_with_names() -> None:
    """
    The page on architecture names enough modules that the test above means something.
    """
    assert len(set(modules((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")))) > 30


@every_document
def test_no_document_names_a_registry(document: Path) -> None:
    """
    Where somebody's packages come from is their business; a document names no address and no option for one.
    """
    text = document.read_text(encoding="utf-8")
    hosts = re.findall(r"https?://([^/\s`)>]+)", text)

    assert [] == [each for each in hosts if re.search(r"pypi|pythonhosted|npmjs|registry|packages|mirror", each)]
    assert not re.search(r"(?<!no-emit)--(?:extra-)?index-url|--find-links|--registry", text)


def test_every_decision_says_why_and_what_it_costs() -> None:
    """
    Each decision is one page: context, choice, cost; numbered without a gap.
    """
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [f"{number:04d}" for number in range(1, len(decisions) + 1)] == [each.name[:4] for each in decisions]
    for each in decisions:
        text = each.read_text(encoding="utf-8")
        assert [] == [part for part in ("**Context.**", "**Choice.**", "**What it costs.**") if part not in text], each
        assert len(text.splitlines()) <= 40, each

"""The rows of the requirements that must each be proved, and which of them a test says it proves, as in “… (R53)”."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

_PARTS = (range(1, 28), range(42, 57), range(60, 72), range(80, 83), (91, 94), range(100, 104), (108,))
# What the guided conversations are to keep; a row that somebody adds here fails the check until a test claims it.
ROWS: tuple[str, ...] = tuple(f"R{number:02}" for part in _PARTS for number in part)
# What of these is not there, and why: said aloud at every check, so that nobody takes silence for a proof.
NOT_BUILT: dict[str, str] = {}
# Numbers claim at the end of a docstring only; elsewhere in it they are talk about a row.
_CLAIM = re.compile(r"\((R\d{2,3}(?:, R\d{2,3})*)\)\.?\s*\Z")


def claimed(sources: Iterable[str]) -> frozenset[str]:
    """Every row that a test in one of these files says it proves."""
    return frozenset(row for source in sources for said in _docstrings(source) for row in _rows(said))


def faults(claims: frozenset[str], not_built: Mapping[str, str] = NOT_BUILT) -> Iterator[str]:
    """One line for each row that no test claims and nobody gave a reason for."""
    for row in ROWS:
        if row not in claims and row not in not_built:
            yield f"tests: no test claims {row}; end the docstring of the one that proves it with ({row}), or write it."


def notes(not_built: Mapping[str, str] = NOT_BUILT) -> Iterator[str]:
    """One line for each row that is not there, with its reason."""
    for row, reason in not_built.items():
        yield f"note: {row} is not built: {reason}"


def _docstrings(source: str) -> Iterator[str]:
    for each in ast.walk(ast.parse(source)):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name.startswith("test_"):
            yield ast.get_docstring(each) or ""


def _rows(docstring: str) -> tuple[str, ...]:
    claim = _CLAIM.search(docstring)
    return tuple(claim[1].split(", ")) if claim else ()

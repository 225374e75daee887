"""The catalogues as files: what the code says, what a .po file holds, and how the one is written from the other.

After a sentence was added or changed, `python -m amana.catalogues update` reads the code again and rewrites every
catalogue under `locales/`: translations stay, a changed sentence keeps its old translation marked fuzzy for the
translator to look at, what no code says any more goes. `python -m amana.catalogues update sw` also begins a new
language. The files have no dates and no line numbers in them, so that only what changed is in the difference.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from actions.languages import NAMES
from house.texts import FOLDER

ROOT = Path(__file__).parent.parent
# Where sentences for people are said.
_SAYING = ("actions", "bot", "console", "scheduler")
_Arguments: TypeAlias = tuple[int | tuple[int, int] | tuple[int, str], ...] | None
_ONE_OR_TWO: dict[int | None, _Arguments] = {1: (1,), 2: (1, (2, "c"))}
# Behind a long sentence the formatter puts a comma, which Babel takes for a third argument.
_MARKS = {"N_": {**_ONE_OR_TWO, 3: (1, (2, "c"))}, "Text": _ONE_OR_TWO}
_HEADER = """\
# Amana: {name}.
# These translations await review by native speakers; until then they are a draft.
# Say what the English says and no more: short, plain, warm, with no promise of an outcome. Keep every {{brace}}.
# After the code changed: python -m amana.catalogues update"""
_HEAD = """
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the code, and the files that say it."""

    msgid: str
    context: str
    files: tuple[str, ...]


def sentences(root: Path = ROOT) -> tuple[Sentence, ...]:
    """Every sentence the code marks for translators, by file and wording."""
    said: dict[tuple[str, str], set[str]] = {}
    for file in (each for folder in _SAYING for each in sorted((root / folder).rglob("*.py"))):
        for _, msgid, _, context in extract_from_file("python", file, keywords=_MARKS):
            if isinstance(msgid, str):
                said.setdefault((msgid, context or ""), set()).add(file.relative_to(root).as_posix())
    found = (Sentence(msgid, context, tuple(sorted(files))) for (msgid, context), files in said.items())
    return tuple(sorted(found, key=lambda each: (each.files, each.msgid, each.context)))


def place(language: str, folder: Path = FOLDER) -> Path:
    """Where a language's catalogue lies."""
    return folder / language / "LC_MESSAGES" / "amana.po"


def read(path: Path) -> Catalog:
    """A catalogue with everything in it, also what is fuzzy; `PoFileError` when it is none."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def update(language: str, folder: Path = FOLDER, root: Path = ROOT) -> None:
    """Write a language's catalogue anew from the code, with the translations it has."""
    path = place(language, folder)
    old = read(path) if path.exists() else Catalog(header_comment="")
    said = sentences(root)
    in_use = {(each.msgid, each.context) for each in said}
    gone = {str(each.id): each for each in entries(old) if each.string and (each.id, each.context or "") not in in_use}
    new = Catalog()
    for each in said:
        _carry(new, each, old, gone)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(new, language, old.header_comment))


def entries(catalogue: Catalog) -> list[Message]:
    """What a catalogue translates, without its header."""
    return [each for each in catalogue if each.id]


def _carry(new: Catalog, sentence: Sentence, old: Catalog, gone: dict[str, Message]) -> None:
    """Add a sentence with its translation, or with that of the most similar sentence that is gone."""
    context = sentence.context or None
    known = old.get(sentence.msgid, context)
    similar = () if known else get_close_matches(sentence.msgid, gone, 1)
    taken = gone[similar[0]] if similar else known
    # gettext's own mark for what a sentence was (`#|`) is not read back by Babel.
    was = [f"Was: {similar[0]}"] if similar else known.auto_comments if known and known.fuzzy else []
    new.add(
        sentence.msgid,
        taken.string if taken else "",
        locations=[(each, 0) for each in sentence.files],
        flags={"fuzzy"} if was or (known and known.fuzzy) else (),
        auto_comments=was,
        user_comments=taken.user_comments if taken else (),
        context=context,
    )


def _written(catalogue: Catalog, language: str, header: str) -> bytes:
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False)
    head = (header or _HEADER.format(name=NAMES.get(language, language))) + _HEAD.format(language=language)
    return head.encode() + body.getvalue().rstrip() + b"\n"


def main(arguments: list[str] | None = None) -> None:
    """Run `update`, for the languages named or for every catalogue there is."""
    parser = argparse.ArgumentParser(prog="python -m amana.catalogues", description="The catalogues of sentences.")
    parser.add_argument("what", choices=("update",))
    parser.add_argument("languages", nargs="*", metavar="language")
    asked = parser.parse_args(arguments)
    possible = [each for each in NAMES if each != "en"]
    if not set(asked.languages) <= set(possible):
        parser.error(f"use languages of {', '.join(possible)}; others are named in actions/languages.py first")
    for language in asked.languages or [each for each in possible if place(each).exists()]:
        update(language)
        print(f"{language}: written.")


if __name__ == "__main__":
    main()

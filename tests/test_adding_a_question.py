"""What it takes to add a question to a flow: one file, and a check that names what is still to be translated."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from amana import catalogues, check
from house.texts import FOLDER
from tests.conftest import ROOT

LANGUAGES = sorted(each.name for each in FOLDER.iterdir() if each.is_dir())
ROOMS = ("actions", "bot", "console", "scheduler", "nlu", "house", "store", "programme", "tests")
PRAISE = "actions/flows/plain.py"
BEFORE = """            N_("Good"),
            Prose(more=True),
        ),
"""
QUESTION = f"""{BEFORE}        Question(
            "who",
            N_("Who did it so well?", "praise.who"),
            N_("So that they are thanked by name.", "praise.who"),
            N_("Done by"),
            Prose(),
        ),
"""
NEW = {("Who did it so well?", "praise.who"), ("So that they are thanked by name.", "praise.who"), ("Done by", "")}
PLAYED = """
from actions.flows import FLOWS
from house.programme import load
from tests.actions.replies import Person
from tests.conftest import ROOT
from actions.talk import Said

ann = Person(load(ROOT / "programme"))
ann.play({"language": "en", "menu": "telling", "telling": "praise", "praise.what": Said("The nurse was kind.")})
ann.play({"praise.who": Said("Amina")})
assert "Done by: Amina" in ann.last(), ann.last()
ann.tap("send")
assert ("who", "Amina") in ann.filed()[0].answers, ann.filed()
print(FLOWS["praise"].questions[1].key)
"""


said = cache(catalogues.sentences)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source tree in which one file has one question more."""
    folder = tmp_path_factory.mktemp("tree")
    for room in (*ROOMS, "locales"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__", "transcripts"))
    flow = folder / PRAISE
    before = flow.read_text(encoding="utf-8")
    assert 1 == before.count(BEFORE)
    flow.write_text(before.replace(BEFORE, QUESTION), encoding="utf-8")
    return folder


def test_a_question_is_added_in_one_file_and_is_asked_shown_and_filed(tree: Path) -> None:
    """I add one entry to one file: the question is asked, stands on the review card, and its answer is filed."""
    played = subprocess.run(
        [sys.executable, "-c", PLAYED], cwd=tree, env={"PYTHONPATH": str(tree)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert (0, "who\n") == (played.returncode, played.stdout), played.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_check_names_every_entry_that_is_not_translated_yet(tree: Path, language: str) -> None:
    """I forgot the translators: the check names the new sentences of the question, one a line, and no others."""
    path = catalogues.place(language, tree / "locales")
    before = list(check._catalogue(catalogues.place(language), said(ROOT)))

    forgotten = list(check._catalogue(path, said(tree)))
    catalogues.update(language, tree / "locales", tree)
    updated = list(check._catalogue(path, said(tree)))

    for msgid, context in NEW:
        name = f"{path}: “{msgid}” ({context})" if context else f"{path}: “{msgid}”"
        assert f"{name} is missing; run `python -m amana.catalogues update` and translate it." in forgotten
        assert 1 == len([each for each in updated if each.startswith(name)])
    assert len(before) + len(NEW) == len(forgotten)

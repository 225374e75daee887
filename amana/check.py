"""What must hold before anybody is served: programme, understanding, catalogues and proofs are complete and agree."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import PoFileError

from actions.intents import MOVES
from actions.intents import SAFETY as ACTED_ON
from actions.programme import Programme
from amana import flows_page, rows
from amana.catalogues import ROOT, Sentence, entries, place, read, sentences
from house import clock
from house.programme import WrongProgramme, load, too_early
from house.settings import Settings
from house.texts import FOLDER
from nlu.intents import INTENTS, SAFETY

# One breath to read, one message to pay for; what is put into the braces comes on top.
LONGEST = 160
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_UPDATE = "run `python -m amana.catalogues update`"
_TESTS = ROOT / "tests"


def run(settings: Settings, flows: tuple[str, ...], locales: Path = FOLDER, tests: Path = _TESTS) -> int:
    """Print one line a problem; exit status 1 when there is any. What is known to be missing goes to standard error."""
    # The page of the flows is looked at when what it shows is in order.
    wrong = list(_problems(settings.programme, flows, locales)) or list(flows_page.stale())
    found = [*wrong, *_unproved(tests)]
    print("\n".join(found) if found else "Everything is in order.")
    return 1 if found else 0


def _unproved(tests: Path) -> Iterator[str]:
    """The rows without a test; where Amana is only installed there are no tests, and nothing to ask."""
    if tests.is_dir():
        for note in rows.notes():
            print(note, file=sys.stderr)
        sources = (each.read_text(encoding="utf-8") for each in sorted(tests.rglob("test_*.py")))
        yield from rows.faults(rows.claimed(sources))


def _problems(folder: Path, flows: tuple[str, ...], locales: Path) -> Iterator[str]:
    said = sentences()
    yield from _understanding()
    yield from _english(said, flows)
    try:
        programme = load(folder)
    except WrongProgramme as wrong:
        yield str(wrong)
        languages = tuple(sorted(each.name for each in locales.iterdir() if each.is_dir()))
    else:
        yield from _suggested(folder, programme)
        yield from too_early(folder, programme, clock.now().date())
        languages = programme.languages
    for language in languages:
        if language != "en":
            yield from _catalogue(place(language, locales), said)


def _understanding() -> Iterator[str]:
    """The two lists of intents say the same."""
    for intent in sorted(INTENTS - MOVES.keys()):
        yield f"actions/intents.py: MOVES has no entry for {intent}; say what it leads to."
    for intent in sorted(MOVES.keys() - INTENTS):
        yield f"actions/intents.py: MOVES has {intent}, which nlu/intents.py does not name; add it there or remove it."
    for intent in sorted(ACTED_ON ^ SAFETY):
        yield f"actions/intents.py: SAFETY and that of nlu/intents.py differ in {intent}; make them equal."


def _suggested(folder: Path, programme: Programme) -> Iterator[str]:
    named = [("categories.toml", "human", programme.human.intents)]
    named += [("categories.toml", f"category.{each.key}", each.intents) for each in programme.categories]
    named += [("faq.toml", f"faq.{each.key}", each.intents) for each in programme.faqs]
    for file, table, intents in named:
        for intent in intents:
            if intent not in INTENTS:
                yield (
                    f"{folder / file}: {table}.intents: {intent} is nothing that can be understood; "
                    "use a name of nlu/intents.py or remove it."
                )


def _english(said: tuple[Sentence, ...], flows: tuple[str, ...]) -> Iterator[str]:
    for each in said:
        where = f"{each.files[0]}: {_key(each.msgid, each.context)}"
        length = len(_BRACES.sub("", each.msgid))
        if length > LONGEST:
            yield f"{where}: {length} characters; {LONGEST} is the most, make it shorter or two sentences."
        flow, dot, _ = each.context.partition(".")
        if dot and flow not in flows:
            yield f"{where}: there is no flow {flow}; use the name of the flow and the question as its context."


def _catalogue(path: Path, said: tuple[Sentence, ...]) -> Iterator[str]:
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    try:
        catalogue = read(path)
    except FileNotFoundError:
        language = path.parent.parent.name
        yield f"{shown}: there is no catalogue; {_UPDATE[:-1]} {language}` and translate, or take {language} off."
        return
    except PoFileError as error:
        yield f"{shown}: line {error.lineno + 1} belongs to no catalogue ({error}); correct it."
        return
    except UnicodeDecodeError:
        yield f"{shown}: this is not UTF-8; save it as UTF-8."
        return
    for fault in (*_translated(catalogue, said), *_leftover(catalogue, said)):
        yield f"{shown}: {fault}"


def _translated(catalogue: Catalog, said: tuple[Sentence, ...]) -> Iterator[str]:
    for each in said:
        entry = catalogue.get(each.msgid, each.context or None)
        fault = _fault(each.msgid, entry) if entry else f"is missing; {_UPDATE} and translate it."
        if fault:
            yield f"{_key(each.msgid, each.context)} {fault}"


def _fault(english: str, entry: Message) -> str:
    """What is wrong with one translation, and what to do."""
    translation = entry.string if isinstance(entry.string, str) else ""
    if not translation.strip():
        return "has no translation; write it."
    if entry.fuzzy:
        return "is marked fuzzy; look whether the translation still says the same, then take the mark away."
    wanted = sorted(_BRACES.findall(english))
    if sorted(_BRACES.findall(translation)) != wanted:
        return f"has other braces than the English; use {', '.join(wanted) or 'none'}, each as often as there."
    most = 2 * len(english) + 40
    if len(translation) > most:
        return f"has a translation of {len(translation)} characters; {most} is the most, say it shorter."
    return ""


def _leftover(catalogue: Catalog, said: tuple[Sentence, ...]) -> Iterator[str]:
    in_use = {(each.msgid, each.context) for each in said}
    for each in (*entries(catalogue), *catalogue.obsolete.values()):
        if (each.id, each.context or "") not in in_use:
            yield f"{_key(str(each.id), each.context or '')} is said nowhere any more; {_UPDATE}."


def _key(msgid: str, context: str) -> str:
    return f"“{msgid}” ({context})" if context else f"“{msgid}”"

"""Every flow and every prompt in every language on one page, `docs/flows.md`, for who translates and who decides.

It is written by `python -m amana.flows_page` from the flows, the catalogues and the sample programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from actions.flow import Flow, OneOf, Prose, Question, options
from actions.flows import FLOWS
from actions.languages import NAMES
from actions.programme import Programme
from actions.words import Wording
from amana import prompts_shown
from amana.catalogues import ROOT
from amana.flows_rest import rest
from house.programme import load
from house.texts import Texts

PAGE = ROOT / "docs" / "flows.md"
_COMMAND = "python -m amana.flows_page"
_HEAD = f"""\
# What Amana asks, in every language

Written by `{_COMMAND}` from the flows, the catalogues and the sample programme; not to be changed by
hand. A row of another language that reads English is not translated yet. What is in braces is filled in when it is
said.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """What the page is written from."""

    programme: Programme
    texts: Texts

    def row(self, language: str, *cells: Iterable[Wording]) -> str:
        """One row of a table: a language, and wordings in it."""
        said = (" / ".join(self.texts.say(each, language) for each in cell) for cell in cells)
        return " | ".join(("", NAMES[language], *(_cell(each) for each in said), "")).strip()

    def table(self, heads: str, *cells: Iterable[Wording]) -> Iterator[str]:
        """A table with one row a language."""
        columns = ("Language", *heads.split(", "))
        yield f"| {' | '.join(columns)} |"
        yield "|" + "---|" * len(columns)
        kept = [tuple(each) for each in cells]
        yield from (self.row(each, *kept) for each in self.programme.languages)
        yield ""


def _cell(said: str) -> str:
    return said.replace("|", "\\|").replace("\n", "<br>")


def page(root: Path = ROOT) -> str:
    """The whole page."""
    programme = load(root / "programme")
    here = Page(programme, Texts.load(programme.languages, root / "locales"))
    shared = _shared(programme)
    lines = (
        _HEAD,
        *(line for flow in FLOWS.values() for line in _flow(flow, shared, here)),
        "## Questions of several flows\n",
        *(line for question in shared.values() for line in _question(question, here)),
        "## What is asked besides\n",
        *(line for each in prompts_shown.every(programme, here.texts) for line in _prompt(each, here)),
        *rest(here.texts, programme.languages),
    )
    return "\n".join(lines).rstrip() + "\n"


def _content(question: Question, programme: Programme) -> object:
    """What a question says; two that say the same stand on the page once."""
    return question.key, question.ask, question.why, question.label, options(question, programme)


def _shared(programme: Programme) -> dict[object, Question]:
    seen: dict[object, list[Question]] = {}
    for question in (each for flow in FLOWS.values() for each in flow.questions):
        seen.setdefault(_content(question, programme), []).append(question)
    return {content: found[0] for content, found in seen.items() if len(found) > 1}


def _flow(flow: Flow, shared: dict[object, Question], here: Page) -> Iterator[str]:
    own = [each for each in flow.questions if _content(each, here.programme) not in shared]
    yield f"## Flow `{flow.key}`\n"
    yield from here.table("Title, Opening", (flow.title,), flow.opening)
    yield f"Asks {', '.join(_linked(each) for each in flow.questions)}.\n"
    for each in own:
        yield from _question(each, here)


def _linked(question: Question) -> str:
    sometimes = "" if question.when is Question.__dataclass_fields__["when"].default else " (of some)"
    return f"[{question.key}](#{question.ask.context.replace('.', '')}){sometimes}"


def _question(question: Question, here: Page) -> Iterator[str]:
    labels = tuple(label for _, label in options(question, here.programme))
    yield f"### `{question.ask.context}`\n"
    yield f"{_kind(question)}\n"
    yield from here.table("Asked, Why, On the card, Options", (*question.help, question.ask), (question.why,),
                          (question.label,), labels)  # fmt: skip


def _kind(question: Question) -> str:
    forgotten = " Forgotten as soon as it is not asked any more." if question.private else ""
    match question.kind:
        case OneOf():
            return f"One of the options.{forgotten}"
        case Prose(more=True):
            return f"In own words, by voice or with a photo, in as many messages as it takes.{forgotten}"
        case Prose():
            return f"In own words.{forgotten}"


def _prompt(shown: prompts_shown.Shown, here: Page) -> Iterator[str]:
    yield f"### `{shown.name}`\n"
    yield from here.table("Said, Choices", shown.letter.paragraphs, (each.label for each in shown.letter.choices))


def stale(root: Path = ROOT) -> Iterator[str]:
    """What is to be done where the page is older than what it shows; an installed Amana has no documents."""
    path = root / "docs" / "flows.md"
    if path.parent.is_dir() and (not path.exists() or path.read_text(encoding="utf-8") != page(root)):
        yield f"docs/flows.md is older than the flows; run `{_COMMAND}`."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

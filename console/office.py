"""What every page of the console needs: store, programme, templates, clock, and a bounded room for dear work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from actions.programme import Programme
from console import times
from console.patience import Patience
from console.rotation import Turns
from store.db import Store

_TEMPLATES = Path(__file__).parent / "templates"
# Argon2id takes 64 MiB a time: two at once, however many sign in.
_AT_ONCE = 2

_TITLES = {
    400: "This could not be read",
    403: "Refused",
    404: "Not found",
    405: "Not found",
    409: "Not done",
    413: "Too long",
    503: "Not possible now",
}


def _called(programme: Programme, key: str) -> str:
    found = programme.desk(key)
    return found.label.in_("en") if found else key


def _dear() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="password")


@dataclass(frozen=True, slots=True)
class Office:
    """The console's composition; `url` is its public address, empty when it is the one the browser used."""

    store: Store
    programme: Programme
    home: Path
    clock: Callable[[], int]
    patience: Patience
    papers: Environment
    url: str = ""
    dear: ThreadPoolExecutor = field(default_factory=_dear)
    turns: Turns = field(default_factory=Turns)

    def desk(self, key: str) -> str:
        """What a desk is called."""
        return _called(self.programme, key)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A whole page or a fragment."""
        return HTMLResponse(self.papers.get_template(template).render(**values), status)

    def refusal(self, status: int, sentence: str) -> Response:
        """A page that says in one sentence why not."""
        return self.page("refusal.html", status, title=_TITLES.get(status, "Something went wrong"), sentence=sentence)


def papers(programme: Programme) -> Environment:
    """The templates; everything that is put into them is escaped."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    zone = programme.timezone
    made.globals["organisation"] = programme.organisation.in_("en")
    made.globals["programme_name"] = programme.name.in_("en")
    made.filters["day"] = lambda seconds: times.day(seconds, zone)
    made.filters["moment"] = lambda seconds: times.moment(seconds, zone)
    made.filters["few"] = few
    made.filters["desk"] = lambda key: _called(programme, key)
    return made


def few(count: int) -> str:
    """A number of people, which below five could point at one."""
    return "fewer than 5" if count < 5 else str(count)  # noqa: PLR2004 - the smallest number that is shown

"""One request of a signed-in member: who, with which keys, what they sent."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console import ringing
from console.guard import form_token
from console.office import Office
from store import people, relays
from store.cases import Access
from store.db import Tx
from store.letters import dead
from store.opening import Ring
from store.staff import Member

# The desk whose members see figures, and nothing else than figures.
FIGURES = "statistics"
_FORM_ID = re.compile(r"[0-9a-f]{24}")
_UNSEEN = {each: None for each in (*range(32), *range(127, 160)) if chr(each) not in "\n\t"}


class NotHere(Exception):
    """There is no such thing, or it is not this member's."""


class Refused(Exception):
    """It was not done; the sentence says why and holds nothing that was typed."""

    def __init__(self, sentence: str, status: int = 409) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page function gets."""

    office: Office
    request: Request
    member: Member
    ring: Ring
    now: int
    form: Mapping[str, str] = field(repr=False)
    token: str = field(repr=False)

    @property
    def access(self) -> Access:
        """Which cases this member may see."""
        return Access(self.ring.holders, self.member.gender)

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def asked(self, name: str) -> str:
        """What stands behind the question mark."""
        return self.request.query_params.get(name, "")

    def text(self, name: str) -> str:
        """A field of the form: trimmed, with plain line ends, without control characters."""
        return self.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN).strip()

    def form_id(self) -> str:
        """The random name this form was rendered with: it makes a second submit harmless."""
        given = self.form.get("id", "")
        if not _FORM_ID.fullmatch(given):
            raise Refused("This form is not complete. Open the page again and repeat it.", 400)
        return given

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page for this member."""
        trouble, rung, interprets = self.office.store.read(self._on_top)
        return self.office.page(
            template, status, member=self.member, csrf=form_token(self.token), fresh=new_form_id(), trouble=trouble,
            foreign=self.ring.foreign, figures=FIGURES in self.ring.desks, ringing=rung, outcomes=ringing.OUTCOMES,
            passages_wait=interprets, **values,
        )  # fmt: skip

    def _on_top(self, tx: Tx) -> tuple[tuple[int, int], ringing.Ringing, bool]:
        rung = ringing.shown(tx, self.office.programme, self.member.login)
        return _trouble(tx), rung, relays.waits(tx, self.member.id)

    def fragment(self, template: str, **values: Any) -> Response:
        """A part of a page, for an htmx poll."""
        return self.office.page(template, member=self.member, **values)


Page: TypeAlias = Callable[[Visit], Response]


def new_form_id() -> str:
    """A random name for what a form will make."""
    return secrets.token_hex(12)


def go(url: str) -> Response:
    """Done: look at that page (303, so that a reload repeats nothing)."""
    return RedirectResponse(url, 303)


def _trouble(tx: Tx) -> tuple[int, int]:
    return people.parked(tx), len(dead(tx))

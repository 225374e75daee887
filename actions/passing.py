"""What a person is told while their case is with somebody else: who that is, in words, and when we ask again (R07)."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias, get_args

from actions.programme import Programme
from actions.words import N_, Letter, Text, Wording

# Kinds of bodies a case can be passed on to. They stand in clear beside a case, so there are few and broad ones.
Body: TypeAlias = Literal["mandated", "service", "community_police", "agency"]
BODIES: tuple[Body, ...] = get_args(Body)

SERVICE = N_("a service that helps with this", "who a case was passed on to")
COMMUNITY_POLICE = N_("the community police", "who a case was passed on to")
AGENCY = N_("another organisation", "who a case was passed on to")

WAITING = N_("Your message {reference}: waiting for {body}, not in our control. We ask again on {date}.")
ACCEPTED = N_("Your message {reference} has reached {body}; what comes next is not in our control. We ask on {date}.")
DONE = N_("Your message {reference}: {body} told us that their part is finished.")
RETURNED = N_("Your message {reference} was given back to us. You hear from us by {date}.")
QUESTION = N_("A question from our staff. You can answer it or not:")
FOLLOWED_UP = N_("We have followed up on what you told us. Thank you.")
PLAN = N_("What can be done for your safety, by whom and from when to when:")
PLAN_LIMITS = N_("It is what can be done now, and no more than that. We are not an emergency service.")
PLAN_ENDS = N_("Your message {reference}: something that we planned with you ends on {date}. Tell us if you need more.")


def called(body: Body, programme: Programme) -> Wording:
    """How a kind of body is called when we speak to people."""
    match body:
        case "mandated":
            return programme.mandated.body
        case "service":
            return SERVICE
        case "community_police":
            return COMMUNITY_POLICE
        case "agency":
            return AGENCY


def waiting(reference: str, body: Wording, on: date) -> Letter:
    """When a case was passed on."""
    return _about(WAITING, reference, body=body, date=on)


def accepted(reference: str, body: Wording, on: date) -> Letter:
    """When that body has said that it has the case."""
    return _about(ACCEPTED, reference, body=body, date=on)


def done(reference: str, body: Wording) -> Letter:
    """When that body has said that it is done."""
    return _about(DONE, reference, body=body)


def returned(reference: str, by: date) -> Letter:
    """When a case came back, because it is for us to deal with (R69)."""
    return _about(RETURNED, reference, date=by)


def plan_ends(reference: str, on: date) -> Letter:
    """Before a measure that was planned for somebody's safety ends (R17)."""
    return _about(PLAN_ENDS, reference, date=on)


def _about(text: Text, reference: str, **values: Wording | date) -> Letter:
    return Letter((text.with_(reference=reference, **values),))

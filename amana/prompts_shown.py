"""What is asked outside the flows, each prompt as it looks when everything that can stand there does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from actions import consent, prompts
from actions import sentences as say
from actions.code import complete
from actions.languages import NAMES
from actions.programme import Programme
from actions.talk import File, Given, Kept, Picked, Receipt, Talk
from actions.words import Letter, Wording
from house.texts import Texts

# Somebody who has begun a report with a photo, and gets announcements.
_SOMEBODY = Talk(
    language="en", draft="complaint", updates="on", case="AAAA-2222", case_mode="confidential",
    answers=(("complaint.category", Picked("cash")),), files=(File("f", "photo"),), maybe=tuple(prompts.MEANT),
)  # fmt: skip
_BEFORE: dict[str, tuple[Wording, ...]] = {
    "offer": (say.NOT_SURE,),
    "switch": (say.SWITCH.with_(language=NAMES["en"]),),
    "data": (say.HELD, say.HELD_CODE, say.HELD_CASES, say.HELD_LINKS),
    "audience": (say.SUBSCRIBED,),
    "gbv": (say.SORRY, say.NOTHING_WRITTEN),
}
_ASKED = (
    "language", "mean", "consent", "unfinished", "menu", "telling", "more", "resume", "stop", "offer", "switch", "kept",
    "done",
    "where_now", "gbv", "services", "answered", "faq", "terms", "audience", "data", "found", "status.mode",
    "status.withdraw", "status.rate", "called",
)  # fmt: skip
_OF_A_DRAFT = ("more", "woman", "sending", "review", "change")
_KEPT: tuple[Kept, ...] = ("", "evidence", "hold")


@dataclass(frozen=True, slots=True)
class Shown:
    """One prompt: by which name it is asked, and the letter in which it is."""

    name: str
    letter: Letter


def every(programme: Programme, texts: Texts) -> tuple[Shown, ...]:
    """Every prompt that is no question of a flow."""
    given = _given(replace(programme, recorded=programme.languages), texts)
    refer = next((each.key for each in programme.services if each.referral), "")
    one_message = replace(_SOMEBODY, draft="tell", asked="tell.review", evidence=True)
    return (
        *(_shown(each, _SOMEBODY, given) for each in _ASKED),
        Shown("more, without announcements", prompts.letter(replace(_SOMEBODY, asked="more", updates=""), given)),
        Shown("more, listening", prompts.letter(replace(_SOMEBODY, asked="more", aloud=True), given)),
        _shown("found", _SOMEBODY, replace(given, case_open=False, case_question=False), "closed"),
        _shown("refer", replace(_SOMEBODY, wanted=refer), given),
        Shown("consent, more", Letter(consent.filled(consent.REPORT.more, programme))),
        *(_shown(f"guess.{each}", _SOMEBODY, given) for each in say.GUESS),
        *(_shown(f"complaint.{each}", _SOMEBODY, given) for each in _OF_A_DRAFT),
        Shown("tell.review", prompts.letter(one_message, given)),
        *(_shown("status.erase", _SOMEBODY, replace(given, case_kept=each), each) for each in _KEPT),
    )


def _shown(asked: str, talk: Talk, given: Given, apart: str = "") -> Shown:
    letter = prompts.letter(replace(talk, asked=asked), given, _BEFORE.get(asked, ()))
    return Shown(f"{asked}, {apart}" if apart else asked, letter)


def _given(programme: Programme, texts: Texts) -> Given:
    """The world on the day on which the last service was verified, so that the page is the same on every day."""
    today = max((each.verified for each in programme.services), default=date(2026, 1, 1))
    return Given(
        now=datetime.combine(today, time(12), UTC), today=today, channel="web", programme=programme,
        receipt=Receipt(complete("2" * 26), "AAAA-2222"), largest=10, say=texts.say, case_open=True, case_question=True,
        women=frozenset(each.key for each in programme.desks),
    )  # fmt: skip

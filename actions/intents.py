"""What each intent leads to when nothing particular was asked: exactly one entry an intent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from actions import sentences as say
from actions.talk import Wish
from actions.words import Text

UNSURE = "out_of_scope"
SAFETY = frozenset({"emergency", "report_sea", "disclose_gbv", "report_child_risk", "report_threat"})


@dataclass(frozen=True, slots=True)
class Do:
    """Act as if the person had asked for this by name."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin a report in a flow with these words as its narrative; `first` is said before, `preset` answers it."""

    flow: str = "complaint"
    first: tuple[Text, ...] = (say.NOT_LEFT_OUT,)
    preset: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AskToSend:
    """Ask whether to send the words as they are."""

    first: Text


@dataclass(frozen=True, slots=True)
class AskFirst:
    """A guess that somebody's safety hangs on: it is asked before it counts (`actions.danger`)."""


@dataclass(frozen=True, slots=True)
class Look:
    """Answer with what the programme says to that intent, and ask whether that was it; else `otherwise`."""

    otherwise: Text


@dataclass(frozen=True, slots=True)
class NotMine:
    """The telephone is somebody else's: nothing is written to it first."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Say this and offer these next steps; `keep` holds the words in case they are to be sent."""

    sentences: tuple[Text, ...]
    offers: tuple[Wish, ...]
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say again what was asked: this word alone decides nothing."""


Move: TypeAlias = Do | Begin | AskToSend | AskFirst | Look | NotMine | Tell | Repeat

MOVES: Mapping[str, Move] = {
    "greet": Do("menu"),
    "report_problem": Begin(),
    "report_misconduct": AskFirst(),
    "report_sea": AskFirst(),
    "disclose_gbv": AskFirst(),
    "report_child_risk": AskFirst(),
    "report_threat": AskFirst(),
    "emergency": AskFirst(),
    "request_patrol": Begin("patrol"),
    "ask_information": Begin("question"),
    "request_assistance": Begin("assistance", (say.HELP_WITHOUT_REPORT, say.NOT_LEFT_OUT)),
    "suggest": Begin("suggestion"),
    "praise": Begin("praise"),
    "report_rumour": Begin("rumour"),
    "check_status": Do("status"),
    "add_to_case": Do("status"),
    "talk_to_human": Do("human"),
    "delete_my_data": Do("mydata"),
    "subscribe": Do("subscribe"),
    "unsubscribe": Do("unsubscribe"),
    "ask_why": Do("help"),
    "ask_about_service": Do("services"),
    "not_my_phone": NotMine(),
    "report_for_other": Begin("complaint", (say.FOR_OTHERS, say.NOT_LEFT_OUT), (("party", "other"),)),
    "why_not_in_report": Look(say.ONLY_EXAMPLES),
    "complain_about_us": Begin("complaint", (say.NOT_LEFT_OUT,), (("category", "about_us"),)),
    "change_language": Do("language"),
    "affirm": Repeat(),
    "deny": Repeat(),
    "back": Repeat(),
    "skip": Repeat(),
    "stop": Repeat(),
    "menu": Do("menu"),
    "thanks_bye": Tell((say.GOODBYE,), ("menu",), keep=False),
    "cso_submit": Tell((say.PARTNERS,), ("human", "report", "menu")),
    "out_of_scope": AskToSend(say.NOT_SURE),
}

"""What each intent leads to when nothing particular was asked: exactly one entry an intent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from actions import sentences as say
from actions.talk import Wish
from actions.words import Text

SAFETY = frozenset({"emergency", "report_sea", "disclose_gbv", "report_child_risk", "report_threat"})


@dataclass(frozen=True, slots=True)
class Do:
    """Act as if the person had asked for this by name."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin a report with these words as its narrative; `first` is said before."""

    first: tuple[Text, ...] = (say.NOT_LEFT_OUT,)


@dataclass(frozen=True, slots=True)
class AskToSend:
    """Ask whether to send the words as they are."""

    first: Text


@dataclass(frozen=True, slots=True)
class Tell:
    """Say this and offer these next steps; `keep` holds the words in case they are to be sent."""

    sentences: tuple[Text, ...]
    offers: tuple[Wish, ...]
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say again what was asked: this word alone decides nothing."""


Move: TypeAlias = Do | Begin | AskToSend | Tell | Repeat

MOVES: Mapping[str, Move] = {
    "greet": Do("menu"),
    "report_problem": Begin(),
    "report_misconduct": Begin((say.MISCONDUCT, say.NOT_LEFT_OUT)),
    "report_sea": Tell((say.SORRY, say.MISCONDUCT, say.DANGER), ("human", "report", "menu")),
    # Seed B: it is advised not to document gender-based violence; so these words are held for nothing.
    "disclose_gbv": Tell((say.SORRY, say.DANGER, say.HELP_WITHOUT_REPORT), ("human", "menu"), keep=False),
    "report_child_risk": Tell((say.CHILD, say.DANGER), ("human", "report", "menu")),
    "report_threat": Tell((say.DANGER, say.NO_EMERGENCY_SERVICE), ("human", "report", "menu")),
    "emergency": Tell((say.DANGER, say.NO_EMERGENCY_SERVICE), ("human", "report", "menu")),
    "request_patrol": AskToSend(say.SHALL_I_SEND),
    "ask_information": Tell((say.HELP_WITHOUT_REPORT,), ("human", "report", "menu")),
    "request_assistance": Tell((say.HELP_WITHOUT_REPORT,), ("human", "report", "menu")),
    "suggest": AskToSend(say.SHALL_I_SEND),
    "praise": AskToSend(say.SHALL_I_SEND),
    "report_rumour": AskToSend(say.SHALL_I_SEND),
    "check_status": Do("status"),
    "add_to_case": Do("status"),
    "talk_to_human": Do("human"),
    "delete_my_data": Do("mydata"),
    "subscribe": Do("subscribe"),
    "unsubscribe": Do("unsubscribe"),
    "ask_why": Do("about"),
    "ask_about_service": Do("about"),
    "not_my_phone": Tell((say.SHARED_PHONE,), ("report", "status", "menu"), keep=False),
    "report_for_other": Begin((say.FOR_OTHERS, say.NOT_LEFT_OUT)),
    "why_not_in_report": Tell((say.ONLY_EXAMPLES,), ("status", "human", "menu"), keep=False),
    "complain_about_us": Begin((say.ABOUT_US_TOO, say.NOT_LEFT_OUT)),
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

"""The names of everything Amana can understand, and how likely is likely enough."""

from typing import Final

SAFETY: Final[frozenset[str]] = frozenset(
    {"emergency", "report_sea", "disclose_gbv", "report_child_risk", "report_threat"}
)
"""What must not be overlooked: looked for with recall first, and asked about before anything is done."""

INTENTS: Final[frozenset[str]] = SAFETY | {
    "greet",
    "report_problem",
    "report_misconduct",
    "request_patrol",
    "ask_information",
    "request_assistance",
    "suggest",
    "praise",
    "report_rumour",
    "check_status",
    "add_to_case",
    "talk_to_human",
    "delete_my_data",
    "subscribe",
    "unsubscribe",
    "ask_why",
    "ask_about_service",
    "not_my_phone",
    "report_for_other",
    "why_not_in_report",
    "complain_about_us",
    "change_language",
    "affirm",
    "deny",
    "back",
    "skip",
    "stop",
    "menu",
    "thanks_bye",
    "cso_submit",
    "out_of_scope",
}
"""The intents of the model, one entry each in `actions`."""

THRESHOLD: Final = 0.35
"""Surer than this or nothing. Of the held-out sentences nearly three in four are then named rightly, one in six is left
to the menu and one in eleven is wrong; lower, every right answer that is won costs about as many wrong ones."""

SAFETY_FLOOR: Final = 0.10
"""From here on a safety intent is worth a question, whatever else was meant."""

"""The fixed words of English."""

from __future__ import annotations

from actions.lexicons.vocabulary import Vocabulary

WORDS = Vocabulary(
    wishes={
        "again": ("start", "begin"),
        "menu": ("menu", "main menu"),
        "report": ("report", "complain", "complaint", "report a problem"),
        "status": ("status", "my report", "my complaint"),
        "human": ("human", "person", "agent", "a person", "talk to a person", "operator"),
        "language": ("language", "lang", "languages", "change language"),
        "mydata": ("my data", "mydata", "erase", "delete", "erase my data", "delete my data"),
        "stop": ("stop", "cancel", "quit", "end"),
        "help": ("help", "?", "??"),
        "about": ("about", "about you", "about us", "who are you"),
        "back": ("back", "go back", "previous"),
        "skip": ("skip", "pass", "next", "skip it"),
        "why": ("why", "why do you ask"),
        "subscribe": ("subscribe", "updates", "announcements"),
        "unsubscribe": ("unsubscribe", "stop updates", "stop announcements"),
        "emergency": (
            "emergency", "sos", "danger", "attack", "attack now", "help me now", "in danger", "i am in danger",
        ),
        "exit": ("exit", "xx", "exit now", "quick exit", "leave now"),
        "services": ("services", "help only", "only help", "service", "get help"),
        "contact": ("contact", "contacts", "contact us"),
        "other": ("for somebody else", "for someone else", "somebody else", "someone else", "on behalf"),
        "redlines": ("limits", "red lines", "redlines", "scope"),
        "withdraw": ("withdraw", "withdraw my report", "withdraw my complaint", "take it back"),
        "continue": ("continue", "resume", "go on", "carry on"),
    },
    in_prose=(
        "menu", "main menu", "back", "go back", "skip", "skip it", "next", "why", "why do you ask",
        "stop", "cancel", "quit", "exit", "xx", "exit now", "quick exit", "leave now",
        "emergency", "sos", "attack now", "help me now", "human", "talk to a person", "my data", "mydata",
    ),
    yes=("yes", "y", "yes i have"),
    no=("no", "n", "not yet"),
    erase=("erase", "erase it", "delete", "delete it"),
    numbers=(
        ("one",), ("two",), ("three",), ("four",), ("five",), ("six",), ("seven",), ("eight",), ("nine",), ("ten",),
    ),
    and_=("and",),
)  # fmt: skip

"""What staff and partners may not do: misconduct, and sexual exploitation and abuse, passed on and not investigated.

Seed B: only the mandated body has the right to conduct investigations. So nobody is questioned here: `ALLOWED` are the
only things that are ever asked (R68), and of sexual exploitation nothing but what a referral needs (Decision 1).
"""

from __future__ import annotations

from actions.flow import Flow, OneOf, Prose, Question
from actions.flows.parts import CATEGORY, HANDLER, KNOWN, WHERE
from actions.programme import Programme
from actions.words import N_, Wording

ALLOWED = frozenset(
    {"category", "handler", "what", "where", "whose", "safe", "contact", "name", "others", "write", "hours"}
)


def _whose(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return (
        ("staff", N_("Our staff or volunteers")),
        ("partner", N_("Another aid organisation")),
        ("vendor", N_("A shop, trader or contractor")),
        ("teacher", N_("A paid teacher or health worker")),
        ("peacekeeper", N_("A soldier or peacekeeper")),
        ("unknown", N_("I do not know")),
    )


_WHOSE = Question(
    "whose",
    N_("For whom does this person work?", "misconduct.whose"),
    N_("So that it goes to the body that may look into it. You do not have to give any name.", "misconduct.whose"),
    N_("Works for"),
    OneOf(_whose),
)
_SAFE = Question(
    "safe",
    N_("Are you safe now?", "misconduct.safe"),
    N_("If you are not, we first say whom you can call.", "misconduct.safe"),
    N_("Safe now"),
    OneOf(lambda _: (("yes", N_("Yes")), ("no", N_("No")))),
)
MISCONDUCT = Flow(
    "misconduct",
    N_("What staff did"),
    opening=(
        N_("We pass this on to those who may look into it. We do not investigate, and you need no proof."),
        N_("Say only what you want to say. You can skip any question, and stop at any word."),
    ),
    questions=(
        CATEGORY,
        HANDLER,
        Question(
            "what",
            N_("What would you like to pass on? A few words are enough.", "misconduct.what"),
            N_("We ask nothing further. Whoever may look into it can ask you, if you want that.", "misconduct.what"),
            N_("Passed on"),
            Prose(more=True),
        ),
        _WHOSE,
        WHERE,
        *KNOWN,
    ),
)
SEA = Flow(
    "sea",
    N_("Sexual exploitation or abuse"),
    opening=(
        N_("It is not your fault, and you need tell no details. Help does not depend on it."),
        N_("If somebody who brings help did this, we must tell the body that may look into it; not who you are."),
    ),
    questions=(
        CATEGORY,
        HANDLER,
        _SAFE,
        _WHOSE,
        WHERE,
        Question(
            "what",
            N_("Is there anything a trained person should know before they answer? You can skip this.", "sea.what"),
            N_("No details are needed. What you write is read only by the few who deal with it.", "sea.what"),
            N_("To be known"),
            Prose(more=True),
        ),
        *KNOWN,
    ),
)

"""Who a person is like, asked after filing and only counted: nothing of it ever stands beside a case (R51)."""

from __future__ import annotations

from actions.flow import Flow, OneOf, Question
from actions.words import N_

YOU = Flow(
    "you",
    N_("About you"),
    opening=(N_("Three short questions, if you like. They are only counted, and kept apart from your report."),),
    questions=(
        Question(
            "age",
            N_("How old are you?", "you.age"),
            N_("So that we see whom we do not reach. You can skip it.", "you.age"),
            N_("Age"),
            OneOf(
                lambda _: (
                    ("under18", N_("Younger than 18")),
                    ("18_29", N_("18 to 29")),
                    ("30_59", N_("30 to 59")),
                    ("60up", N_("60 or older")),
                )
            ),
        ),
        Question(
            "sex",
            N_("Are you a woman or a man?", "you.sex"),
            N_("So that we see whom we do not reach. You can skip it.", "you.sex"),
            N_("Sex"),
            OneOf(
                lambda _: (
                    ("woman", N_("Woman")),
                    ("man", N_("Man")),
                    ("other", N_("Neither, or I would rather not say")),
                )
            ),
        ),
        Question(
            "disability",
            N_("Do you find it hard to see, hear, walk, remember or care for yourself?", "you.disability"),
            N_("So that we see whom we do not reach. You can skip it.", "you.disability"),
            N_("Disability"),
            OneOf(lambda _: (("yes", N_("Yes")), ("no", N_("No")))),
        ),
    ),
    reviewed=False,
)

"""Fear and danger: a threat or reprisal, a child at risk, and requests for a patrol, an escort or light."""

from __future__ import annotations

from actions import sentences as say
from actions.flow import Flow, OneOf, Prose, Question
from actions.flows.parts import CATEGORY, HANDLER, KNOWN, WHERE, areas
from actions.programme import Programme
from actions.talk import Talk
from actions.words import N_, Wording


def _about_a_child(talk: Talk) -> bool:
    """Somebody who speaks of another child is asked a little more than a child is."""
    return talk.picked("who") != "me"


def _requests(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return (
        ("night", N_("A patrol at night")),
        ("market", N_("A patrol on the way to the market")),
        ("firewood", N_("A patrol while we fetch wood or water")),
        ("escort", N_("Somebody to go along with us")),
        ("lighting", N_("Light at a place")),
        ("water_point", N_("A safer place for water")),
        ("other", N_("Something else")),
    )


def _times(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return (
        ("once", N_("Once")),
        ("daily", N_("Every day")),
        ("weekly", N_("Every week")),
        ("nights", N_("Every night")),
    )


def _at_risk(_: Programme) -> tuple[tuple[str, Wording], ...]:
    return (
        ("women", N_("Women and girls")),
        ("children", N_("Children")),
        ("older", N_("Older people")),
        ("disabled", N_("People with a disability")),
        ("minority", N_("One group among us")),
        ("all", N_("Everybody")),
    )


_AT_RISK = Question(
    "at_risk",
    N_("Who is at risk?", "patrol.at_risk"),
    N_("Groups are enough. Please give no names.", "patrol.at_risk"),
    N_("At risk"),
    Prose(_at_risk),
)
THREAT = Flow(
    "threat",
    N_("I am afraid of something"),
    opening=(
        say.NO_EMERGENCY_SERVICE,
        N_("First we ask how to write to you safely. Then you say what you fear."),
    ),
    questions=(
        CATEGORY,
        HANDLER,
        *KNOWN,
        Question(
            "what",
            N_("What do you fear, or what was said to you?", "threat.what"),
            N_("So that somebody can think about it with you. Nothing is done without asking you.", "threat.what"),
            N_("Feared"),
            Prose(more=True),
        ),
        Question(
            "why",
            N_("Do you think it is because you spoke to an organisation like us?", "threat.why"),
            N_("Then people who deal with such reprisals are told.", "threat.why"),
            N_("Because of speaking"),
            OneOf(lambda _: (("yes", N_("Yes")), ("no", N_("No")), ("unsure", N_("I do not know")))),
        ),
        WHERE,
        _AT_RISK,
    ),
)
CHILD = Flow(
    "child",
    N_("A child at risk"),
    opening=(
        N_("Thank you for telling us. You did nothing wrong. You can stop at any word."),
        N_("We ask little and no names. If a child is in danger we must tell those who protect children."),
    ),
    questions=(
        CATEGORY,
        Question(
            "who",
            N_("Is it about you, and are you younger than 18?", "child.who"),
            N_("Children are asked less, and spoken to by somebody who knows children.", "child.who"),
            N_("About"),
            OneOf(lambda _: (("me", N_("Yes, it is about me")), ("child", N_("No, about a child I know")))),
        ),
        HANDLER,
        Question(
            "adult",
            N_("Is there a grown-up you trust, who may be told?", "child.adult"),
            N_("We tell nobody of your family by ourselves.", "child.adult"),
            N_("Trusted adult"),
            Prose(),
            when=lambda talk: talk.picked("who") == "me",
        ),
        Question(
            "what",
            N_("What should we know? A few words. No names are needed.", "child.what"),
            N_("We ask nothing further here. Somebody trained decides with care what to do.", "child.what"),
            N_("To be known"),
            Prose(more=True),
        ),
        Question("where", WHERE.ask, WHERE.why, WHERE.label, Prose(areas), when=_about_a_child),
        *KNOWN,
    ),
)
PATROL = Flow(
    "patrol",
    N_("Ask for a patrol, an escort or light"),
    opening=(N_("We pass it on to those who decide. It may not be granted."), say.NO_EMERGENCY_SERVICE),
    questions=(
        Question(
            "kind",
            N_("What do you ask for?", "patrol.kind"),
            N_("So that it reaches those who can decide about it.", "patrol.kind"),
            N_("Asked for"),
            OneOf(_requests),
        ),
        Question(
            "where",
            N_("For which place or way?", "patrol.where"),
            N_("A coarse place is enough. Do not say where you live.", "patrol.where"),
            N_("Where"),
            Prose(areas),
        ),
        Question(
            "when",
            N_("How often is it needed, or on which day?", "patrol.when"),
            N_("So that those who decide can plan it.", "patrol.when"),
            N_("How often"),
            Prose(_times),
        ),
        _AT_RISK,
        Question(
            "what",
            N_("Is there anything else they should know?", "patrol.what"),
            N_("For example what happened there before. You can skip this.", "patrol.what"),
            N_("Also"),
            Prose(more=True),
        ),
        *KNOWN,
    ),
    counted=True,
)

"""Help without a report: services near, a referral that shows exactly what is shared, and what follows on violence."""

from __future__ import annotations

from dataclasses import replace

from actions import consent, near
from actions import sentences as say
from actions.asking import ask, let_go, menu, then
from actions.case import handed
from actions.flows import HELP
from actions.reporting import erased, wiped
from actions.talk import Count, FileCase, Given, Picked, Report, Say, Talk, Turn
from actions.words import Letter, Wording

# The count of what was told of violence; nothing else of it is kept (R71).
GBV = "gbv"


def services(talk: Talk, given: Given, *before: Wording) -> Turn:
    """Ask where and what for; an area that is known is not asked again."""
    fresh = replace(_without(talk), flow=HELP.key)
    known = fresh.with_answer("help.area", Picked(talk.area)) if talk.area else fresh
    question = HELP.next_open(known)
    asked = HELP.name(question) if question else "help.need"
    return ask(known, asked, given, *before, *HELP.opening)


def helped(talk: Talk, given: Given, *before: Wording) -> Turn:
    """The next question, or the services."""
    answer = talk.answer("help.area")
    known = replace(talk, area=answer.option) if isinstance(answer, Picked) else talk
    question = HELP.next_open(known)
    if question is not None:
        return ask(known, HELP.name(question), given, *before)
    found = near.chosen(known, given)
    lines = tuple(near.line(each) for each in found)
    told = tuple(Say(Letter((each,))) for each in lines)
    first = Say(Letter((*before, say.HELP_LIST if found else say.NO_SERVICE_NEAR)))
    return then(ask(known, "services", given), first, *told)


def listed(talk: Talk, option: str, given: Given) -> Turn:
    """A choice under the services: ask one of them for the person, look for something else."""
    if option == "other":
        return ask(talk.with_answer("help.need", None), "help.need", given)
    if not option.startswith("at_"):
        return menu(_without(talk), given)
    return ask(replace(talk, wanted=option.removeprefix("at_")), "refer", given)


def refer(talk: Talk, option: str, given: Given) -> Turn:
    """Yes: staff ask the service, with these words and no others. No: nothing happened."""
    service = next((each for each in given.programme.services if each.key == talk.wanted), None)
    left = replace(_without(talk), wanted="")
    if option != "yes" or service is None:
        return menu(left, given, say.NOT_REFERRED)
    agreed = left.agreeing(consent.REFER.answered(given=True))
    category = given.programme.category_of("referral")
    told = near.told(talk, given, service)
    answers = (("service", service.name.in_("en")), *((key, near.english(each)) for key, each in told))
    report = Report(
        "referral", category.key, category.desk, talk.language, answers, (), "confidential", human=False,
        first_look_by=given.after(category.first_look_days), answer_by=given.after(category.answer_days),
        keep_days=category.keep_days, area=talk.area, terms=talk.terms, consents=agreed.consents,
    )  # fmt: skip
    dates = say.DATES.with_(first_look=report.first_look_by, answer=report.answer_by)
    receipt = (say.REFERRED.with_(reference=given.receipt.reference), say.YOUR_CODE)
    return then(let_go(ask(agreed, "kept", given, dates)), FileCase(report), *handed(given, *receipt))


def violence(talk: Talk, given: Given) -> Turn:
    """Violence by somebody who does not bring help: warm words, services, a trained person; no case, no word kept.

    Seed B advises not to document gender-based violence. The draft is erased, and only a count grows (Decision 1).
    """
    found = given.programme.help_about("gbv", given.today, talk.area)
    lines = tuple(Say(Letter((near.line(each),))) for each in found)
    gone = wiped(replace(talk, held="", held_intent="", wanted=""))
    turn = ask(gone, "gbv", given)
    listed_ = say.WHO_CAN_HELP if found else say.NO_SERVICE_NEAR
    numbers = given.programme.area(talk.area)
    danger = say.DANGER.with_(emergency=numbers.emergency if numbers else given.programme.emergency)
    first = (Say(Letter((say.SORRY, say.NOTHING_WRITTEN, danger))), Say(Letter((listed_,))))
    return then(turn, *erased(talk), Count(GBV, talk.area or "-"), *first, *lines)


def _without(talk: Talk) -> Talk:
    kept = tuple(each for each in talk.answers if not each[0].startswith(f"{HELP.key}."))
    return replace(talk, answers=kept)

"""What was asked, as a letter: every prompt's words and choices, derived from where the talk stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions import consent, near
from actions import sentences as say
from actions.flow import Flow, Prose, Question, options, shown
from actions.flows import CALL, FLOWS, parts
from actions.languages import NAMES, PICK
from actions.talk import Given, Helped, Kept, Talk
from actions.words import N_, Choice, Letter, Text, Wording

_CHOICE = re.compile(r"(\d+)\.(\d+)\.([a-z_.]+)~([a-z0-9_]+)")
_RATING = re.compile(r"helped\.([0-9A-Z-]{4,20})~([a-z]+)")
LONGEST_CHOICE = 64

Options = tuple[tuple[str, Wording], ...]

MENU: dict[str, Text] = {
    "resume": N_("Go on with my report"),
    "report": N_("Report a problem"),
    "telling": N_("Ask, suggest, thank or request something"),
    "services": N_("Get help without reporting"),
    "status": N_("What became of my report?"),
    "human": N_("Talk to a person"),
    "emergency": N_("I am in danger now"),
    "more": N_("More"),
    "other": N_("Tell us for somebody else"),
    "subscribe": N_("Get announcements"),
    "unsubscribe": N_("End the announcements"),
    "about": N_("Who we are"),
    "help": N_("How this works"),
    "faq": N_("Frequent questions"),
    "contact": N_("Where to meet us"),
    "redlines": N_("What we never do"),
    "terms": N_("How you may write to me"),
    "language": N_("Language"),
    "aloud": N_("Read to me what you ask"),
    "silent": N_("Do not read to me"),
    "mydata": N_("What you keep about me"),
    "exit": N_("Leave, and delete this chat where possible"),
    "menu": N_("Menu"),
}
# What words may be about that were not understood for sure; each is an intent.
MEANT: dict[str, Text] = {
    "report_problem": MENU["report"],
    "report_misconduct": FLOWS["misconduct"].title,
    "report_sea": FLOWS["sea"].title,
    "disclose_gbv": parts.BY_OTHERS,
    "report_child_risk": FLOWS["child"].title,
    "report_threat": FLOWS["threat"].title,
    "emergency": MENU["emergency"],
    "request_patrol": FLOWS["patrol"].title,
    "ask_information": FLOWS["question"].title,
    "request_assistance": FLOWS["assistance"].title,
    "suggest": FLOWS["suggestion"].title,
    "praise": FLOWS["praise"].title,
    "report_rumour": FLOWS["rumour"].title,
    "check_status": MENU["status"],
    "add_to_case": N_("Add something to my report"),
    "talk_to_human": MENU["human"],
    "delete_my_data": N_("Erase what you keep about me"),
    "subscribe": MENU["subscribe"],
    "unsubscribe": MENU["unsubscribe"],
    "ask_why": N_("Why you ask, and who reads it"),
    "ask_about_service": MENU["services"],
    "not_my_phone": N_("This phone is not mine alone"),
    "report_for_other": MENU["other"],
    "why_not_in_report": N_("Why something is not in your reports"),
    "complain_about_us": N_("Complain about this chat"),
    "change_language": MENU["language"],
    "cso_submit": N_("Tell something for an organisation"),
}
# The three pages about us, as they can be recorded.
ABOUT = ("about.role", "about.activities", "about.limits")
LISTEN, READ = "\N{SPEAKER WITH THREE SOUND WAVES}", "\N{SPEAKER WITH CANCELLATION STROKE}"
# What a person can begin to tell besides a report of a problem; each is a flow.
_TELLING = ("question", "assistance", "patrol", "suggestion", "praise", "rumour", "tell")
_GO_BACK = N_("Go back")
_YES, _NO = N_("Yes"), N_("No")
_FIXED: dict[str, Options] = {
    "offer": (
        ("send", N_("Send it as it is")),
        ("details", N_("Answer a few questions first")),
        ("human", N_("Talk to a person")),
        ("drop", N_("Do not send it")),
    ),
    "consent": (("agree", N_("Yes, I agree")), ("more", N_("Tell me more first")), ("no", N_("No, only help"))),
    "unfinished": (("yes", N_("Yes, pass it on")), ("no", N_("No, erase it"))),
    "resume": (("go_on", N_("Go on")), ("again", N_("Erase it and begin again"))),
    "stop": (("keep", N_("Keep it for a day")), ("erase", N_("Erase it now")), ("go_on", N_("Go on with it"))),
    "data": (("erase", N_("Erase everything about this chat")), ("menu", MENU["menu"])),
    "done": (("menu", MENU["menu"]),),
    "called": (("call_me", CALL.title), ("menu", MENU["menu"])),
    "kept": (("yes", N_("I have kept it")), ("not_yet", N_("Not yet")), ("menu", MENU["menu"])),
    "refer": (("yes", N_("Yes, ask them")), ("no", N_("No, do not ask"))),
    "gbv": (
        ("woman", N_("Speak to a woman")),
        ("anyone", N_("Speak to a trained person")),
        ("services", MENU["services"]),
        ("exit", MENU["exit"]),
        ("menu", MENU["menu"]),
    ),
    "answered": (("yes", _YES), ("no", N_("No, ask a person")), ("menu", MENU["menu"])),
    "terms": (*((key, label) for key, label in parts.WRITING.items()), ("menu", _GO_BACK)),
    "switch": (("yes", _YES), ("no", _NO)),
    "audience": (("women", _YES), ("all", _NO)),
    "woman": (
        ("wait", N_("Wait for a woman")),
        ("anyone", N_("Anyone may deal with it")),
        ("again", _GO_BACK),
    ),
    "sending": (
        ("wait", N_("Send it, and wait for a woman")),
        ("anyone", N_("Send it; anyone may deal with it")),
        ("again", _GO_BACK),
    ),
    "more": (("go_on", N_("That is all")),),
}
_REVIEW = {
    "send": N_("Send it"),
    "change": N_("Change an answer"),
    "details": N_("Make it a full complaint"),
    "evidence": N_("Keep my files unchanged, as evidence"),
    "picture": N_("Do not keep them as evidence"),
    "stop": N_("Do not send it now"),
}
_FOUND = {
    "add": N_("Add something"),
    "refuse": N_("I do not want to answer that"),
    "mode": N_("Change how far I am known"),
    "rate": N_("Say whether it helped"),
    "renew": N_("Get a new code"),
    "withdraw": N_("Take this report back"),
    "erase": N_("Erase this report"),
    "menu": MENU["menu"],
}
_ERASE: dict[Kept, Options] = {
    "": (("erase", N_("Yes, erase it")), ("keep", N_("No, keep it"))),
    "evidence": (("erase", N_("Erase it all the same")), ("keep", N_("Keep it"))),
    "hold": (("later", N_("Erase it when that ends")), ("human", MENU["human"]), ("keep", _GO_BACK)),
}
_ERASING: dict[Kept, tuple[Text, ...]] = {
    "": (say.ERASE_CASE,),
    "evidence": (say.KEPT_AS_EVIDENCE, say.ERASE_CASE),
    "hold": (say.KEPT_ON_HOLD,),
}
_STEPS = frozenset(f"complaint.{each}" for each in ("more", "woman", "sending", "review", "change"))
_BESIDES = (
    "language", "menu", "mean", "telling", "services", "where_now", "faq", "found", "status.mode", "status.rate",
    "status.erase", "status.withdraw", *(f"guess.{each}" for each in say.GUESS),
)  # fmt: skip
_QUESTIONS = (each.ask.context for flow in FLOWS.values() for each in flow.questions)
# Everything that can be recorded for people who would rather listen (R11, R48).
SPOKEN = frozenset((*_QUESTIONS, *_STEPS, *_BESIDES, *ABOUT, *_FIXED)) - {"woman", "sending"}
# What can be done with a case belongs to the code that was given for it, not to the next one.
OF_A_CASE = frozenset(
    {
        "found",
        "status.add",
        "status.renew",
        "status.name",
        "status.mode",
        "status.erase",
        "status.withdraw",
        "status.rate",
    }
)
SKIP, BACK, WHY = "skip_it", "go_back", "ask_why"
_CONTROLS: Options = ((SKIP, N_("Skip")), (BACK, N_("Back")), (WHY, N_("Why do you ask?")))


@dataclass(frozen=True, slots=True)
class Tap:
    """What a choice's id says: the talk's serial and revision when it was shown, what was asked, and the option."""

    serial: int
    revision: int
    asked: str
    option: str


def read_tap(choice: str) -> Tap | None:
    """The meaning of a choice's id, or None for one that was never ours."""
    match = _CHOICE.fullmatch(choice)
    return Tap(int(match[1]), int(match[2]), match[3], match[4]) if match else None


def read_rating(choice: str) -> tuple[str, Helped] | None:
    """The case and the answer of a choice under the letter that says a case is closed, or None for another choice."""
    match = _RATING.fullmatch(choice)
    found = next((each for each in say.HELPED if match and each == match[2]), None)
    return (match[1], found) if match and found else None


def question_of(asked: str) -> tuple[Flow, Question] | None:
    """The flow and question of that name, or None for other prompts."""
    flow = FLOWS.get(asked.partition(".")[0])
    question = flow.question(asked) if flow else None
    return (flow, question) if flow and question else None


def takes_prose(asked: str) -> bool:
    """Whether any words are an answer to it."""
    found = question_of(asked)
    return asked.endswith(".more") or (found is not None and isinstance(found[1].kind, Prose))


def letter(talk: Talk, given: Given, before: tuple[Wording, ...] = ()) -> Letter:
    """What is asked now, after the paragraphs of `before`."""
    choices = tuple(
        Choice(f"{talk.serial}.{talk.revision}.{talk.asked}~{option}", label) for option, label in offered(talk, given)
    )
    return Letter((*before, *_words(talk, given)), choices, spoken(talk.asked) if talk.aloud else "")


def spoken(asked: str) -> str:
    """By which name it is recorded; what several flows ask in the same words has one name."""
    if found := question_of(asked):
        return found[1].ask.context
    flow, _, step = asked.partition(".")
    return f"complaint.{step}" if flow in FLOWS and f"complaint.{step}" in _STEPS else asked


def offered(talk: Talk, given: Given) -> Options:
    """The options under what is asked now."""
    if found := question_of(talk.asked):
        return (*options(found[1], given.programme), *_CONTROLS)
    if talk.reporting:
        return _of_the_draft(talk)
    programme = given.programme
    match talk.asked:
        case "language":
            aloud = (("aloud", READ if talk.aloud else LISTEN),) if programme.recorded else ()
            return (*((each, NAMES[each]) for each in programme.languages), *aloud)
        case "menu" | "more":
            return tuple((each, MENU[each]) for each in (_menu(talk) if talk.asked == "menu" else _more(talk, given)))
        case "telling":
            flows = tuple((each, FLOWS[each].title) for each in _TELLING)
            return (*flows, ("other", MENU["other"]), ("menu", MENU["menu"]))
        case "mean":
            return (*((each, MEANT[each]) for each in talk.maybe if each in MEANT), ("other", N_("Something else")))
        case "stop":
            ending = (("unsubscribe", MENU["unsubscribe"]),) if talk.updates == "on" else ()
            return (*_FIXED["stop"], *ending)
        case "where_now":
            return (*parts.areas(programme), ("menu", MENU["menu"]))
        case "services":
            return _services(talk, given)
        case "faq":
            return (*((each.key, each.question) for each in programme.faqs), ("menu", MENU["menu"]))
        case "found":
            return tuple((each, _FOUND[each]) for each in _holding(talk, given))
        case "status.mode":
            return (*((each, label) for each, label in say.MODES.items() if each != talk.case_mode), ("keep", _GO_BACK))
        case "status.erase":
            return _ERASE[given.case_kept]
        case "status.rate":
            return (*say.HELPED.items(), ("keep", _GO_BACK))
        case "status.withdraw":
            return (("withdraw", N_("Yes, take it back")), ("keep", N_("No, go on with it")))
        case asked if asked.startswith("guess."):
            return (("yes", _YES), ("no", _NO))
        case asked if asked.startswith("next."):
            return tuple((each, MENU[each]) for each in asked.removeprefix("next.").split("_") if each in MENU)
        case asked:
            return _FIXED.get(asked, _FIXED["done"])


def _of_the_draft(talk: Talk) -> Options:
    """The steps of a draft that are no questions."""
    match talk.step:
        case "review":
            return tuple((each, _REVIEW[each]) for each in _reviewing(talk))
        case "change":
            flow = FLOWS[talk.draft]
            back = (("review", _GO_BACK),)
            answered = tuple(each for each in flow.asked_of(talk) if talk.answer(flow.name(each)) is not None)
            return (*((each.key, each.label) for each in answered), *back)
        case step:
            return _FIXED.get(step, _FIXED["done"])


def _menu(talk: Talk) -> tuple[str, ...]:
    return (
        *(("resume",) if talk.has_draft else ()),
        "report", "telling", "services", "status", "human", "emergency", "more",
    )  # fmt: skip


def _more(talk: Talk, given: Given) -> tuple[str, ...]:
    listening = ("silent" if talk.aloud else "aloud",) if talk.language in given.programme.recorded else ()
    return (
        *listening,
        "about", "help", "faq", "contact", "redlines", "unsubscribe" if talk.updates == "on" else "subscribe", "terms",
        "language", "mydata", "exit", "menu",
    )  # fmt: skip


def _services(talk: Talk, given: Given) -> Options:
    """Under the services: those that can be asked for the person, another need, a person."""
    asked = tuple(
        (f"at_{each.key}", N_("Ask {name} for me").with_(name=each.name))
        for each in near.chosen(talk, given)
        if each.referral
    )
    return (*asked, ("other", N_("Other help")), ("human", MENU["human"]), ("menu", MENU["menu"]))


def _reviewing(talk: Talk) -> tuple[str, ...]:
    """Under the review card; what becomes of files is asked only where there are some."""
    files = () if not talk.files else ("picture",) if talk.evidence else ("evidence",)
    upgrade = ("details",) if talk.draft == "tell" else ()
    return ("send", "change", *upgrade, *files, "stop")


def _holding(talk: Talk, given: Given) -> tuple[str, ...]:
    """What can be done with the case whose code was given."""
    if not talk.case:
        return ("menu",)
    shown_ = given.found if given.found and given.found.reference == talk.case else None
    is_open = shown_.state != "closed" if shown_ else given.case_open
    asked = shown_.question if shown_ else given.case_question
    question = ("refuse",) if asked and is_open else ()
    first, last = (("add",), ("withdraw",)) if is_open else (("rate",), ())
    return (*first, *question, "mode", "renew", *last, "erase", "menu")


def _words(talk: Talk, given: Given) -> tuple[Wording, ...]:
    if found := question_of(talk.asked):
        return (*found[1].help, found[1].ask)
    if talk.reporting:
        return _words_of_the_draft(talk, given)
    match talk.asked:
        case "language":
            return (" · ".join(PICK[each] for each in given.programme.languages),)
        case "menu":
            return (say.CALL_GOES_ON, say.MENU) if talk.call and given.call_open else (say.MENU,)
        case "consent":
            return consent.REPORT.said
        case "unfinished":
            return consent.UNFINISHED.said
        case "refer":
            return near.shared(talk, given)
        case "services":
            return (say.ASK_ONE if any(each.referral for each in near.chosen(talk, given)) else say.FURTHER,)
        case "status.erase":
            return _ERASING[given.case_kept]
        case "status.rate":
            return (say.DID_IT_HELP,)
        case "status.mode":
            return (*(text for each, text in say.MODE_MEANS.items() if each != talk.case_mode), say.HOW_FAR)
        case "found":
            return (say.FOUND_NEXT,) if talk.case else ()
        case asked if asked.startswith("guess."):
            return (say.GUESS[asked.removeprefix("guess.")],)
        case asked:
            return _SAID.get(asked, ())


_SAID: dict[str, tuple[Text, ...]] = {
    "mean": (say.WHICH,),
    "telling": (say.TELLING,),
    "more": (say.FURTHER,),
    "resume": (say.RESUME,),
    "stop": (say.STOP_DRAFT,),
    "kept": (say.CODE_KEPT,),
    "where_now": (say.WHERE_NOW,),
    "gbv": (say.TRAINED_PERSON,),
    "answered": (say.ANY_OTHER,),
    "faq": (say.FURTHER,),
    "terms": (parts.WRITE.ask,),
    "audience": (say.FOR_WOMEN,),
    "status.withdraw": (say.WITHDRAW,),
}


def _words_of_the_draft(talk: Talk, given: Given) -> tuple[Wording, ...]:
    match talk.step:
        case "review":
            return (*card(talk, given), *((say.EVIDENCE,) if talk.files else ()), say.REVIEW)
        case "change":
            return (say.CHANGE,)
        case "more":
            return (say.MORE,)
        case _:
            return (say.NO_WOMAN, say.WHO_THEN)


def card(talk: Talk, given: Given) -> tuple[Wording, ...]:
    """The review card: every answer under its label."""
    flow = FLOWS[talk.draft]
    lines = tuple(
        say.CARD_LINE.with_(label=each.label, answer=shown(each, answer, given.programme))
        for each in flow.asked_of(talk)
        if (answer := talk.answer(flow.name(each))) is not None
    )
    files = (say.CARD_FILES.with_(count=str(len(talk.files))),) if talk.files else ()
    return (*lines, *files, *((say.KEPT_UNCHANGED,) if talk.files and talk.evidence else ()))

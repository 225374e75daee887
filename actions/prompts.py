"""What was asked, as a letter: every prompt's words and choices, derived from where the talk stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions import sentences as say
from actions.flow import Flow, Prose, Question, options, shown
from actions.flows import COMPLAINT, FLOWS
from actions.languages import NAMES, PICK
from actions.talk import Given, Kept, Talk
from actions.words import N_, Choice, Letter, Text, Wording

_CHOICE = re.compile(r"(\d+)\.(\d+)\.([a-z_.]+)~([a-z0-9_]+)")
LONGEST_CHOICE = 64

Options = tuple[tuple[str, Wording], ...]

MENU: dict[str, Text] = {
    "resume": N_("Go on with my report"),
    "report": N_("Report a problem"),
    "status": N_("What became of my report?"),
    "human": N_("Talk to a person"),
    "emergency": N_("I am in danger now"),
    "subscribe": N_("Get announcements"),
    "unsubscribe": N_("End the announcements"),
    "about": N_("How this works"),
    "language": N_("Language"),
    "mydata": N_("What you keep about me"),
    "menu": N_("Menu"),
}
_GO_BACK = N_("Go back")
_FIXED: dict[str, Options] = {
    "offer": (
        ("send", N_("Send it as it is")),
        ("details", N_("Answer a few questions first")),
        ("human", N_("Talk to a person")),
        ("drop", N_("Do not send it")),
    ),
    "resume": (("go_on", N_("Go on")), ("again", N_("Erase it and begin again"))),
    "stop": (("keep", N_("Keep it for a day")), ("erase", N_("Erase it now")), ("go_on", N_("Go on with it"))),
    "data": (("erase", N_("Erase everything about this chat")), ("menu", MENU["menu"])),
    "done": (("menu", MENU["menu"]),),
    "kept": (("yes", N_("I have kept it")), ("not_yet", N_("Not yet")), ("menu", MENU["menu"])),
    "complaint.woman": (
        ("wait", N_("Wait for a woman")),
        ("anyone", N_("Anyone may deal with it")),
        ("again", _GO_BACK),
    ),
    "complaint.sending": (
        ("wait", N_("Send it, and wait for a woman")),
        ("anyone", N_("Send it; anyone may deal with it")),
        ("again", _GO_BACK),
    ),
}
_REVIEW = {
    "send": N_("Send it"),
    "change": N_("Change an answer"),
    "evidence": N_("Keep my files unchanged, as evidence"),
    "picture": N_("Do not keep them as evidence"),
    "stop": N_("Do not send it now"),
}
_FOUND = {
    "add": N_("Add something"),
    "mode": N_("Change how far I am known"),
    "renew": N_("Get a new code"),
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
# What can be done with a case belongs to the code that was given for it, not to the next one.
OF_A_CASE = frozenset({"found", "status.add", "status.renew", "status.name", "status.mode", "status.erase"})
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


def question_of(asked: str) -> tuple[Flow, Question] | None:
    """The flow and question of that name, or None for other prompts."""
    flow = FLOWS.get(asked.partition(".")[0])
    question = flow.question(asked) if flow else None
    return (flow, question) if flow and question else None


def takes_prose(asked: str) -> bool:
    """Whether any words are an answer to it."""
    found = question_of(asked)
    return found is not None and isinstance(found[1].kind, Prose)


def letter(talk: Talk, given: Given, before: tuple[Wording, ...] = ()) -> Letter:
    """What is asked now, after the paragraphs of `before`."""
    choices = tuple(
        Choice(f"{talk.serial}.{talk.revision}.{talk.asked}~{option}", label) for option, label in offered(talk, given)
    )
    return Letter((*before, *_words(talk, given)), choices)


def offered(talk: Talk, given: Given) -> Options:
    """The options under what is asked now."""
    if found := question_of(talk.asked):
        return (*options(found[1], given.programme), *_CONTROLS)
    match talk.asked:
        case "language":
            return tuple((each, NAMES[each]) for each in given.programme.languages)
        case "menu":
            return tuple((each, MENU[each]) for each in _menu(talk))
        case "stop":
            ending = (("unsubscribe", MENU["unsubscribe"]),) if talk.updates == "on" else ()
            return (*_FIXED["stop"], *ending)
        case "complaint.review":
            return tuple((each, _REVIEW[each]) for each in _reviewing(talk))
        case "complaint.change":
            return tuple((each.key, each.label) for each in COMPLAINT.asked_of(talk))
        case "found":
            return tuple((each, _FOUND[each]) for each in _holding(talk, given))
        case "status.mode":
            return (*((each, label) for each, label in say.MODES.items() if each != talk.case_mode), ("keep", _GO_BACK))
        case "status.erase":
            return _ERASE[given.case_kept]
        case asked if asked.startswith("next."):
            return tuple((each, MENU[each]) for each in asked.removeprefix("next.").split("_") if each in MENU)
        case asked:
            return _FIXED.get(asked, _FIXED["done"])


def _menu(talk: Talk) -> tuple[str, ...]:
    return (
        *(("resume",) if talk.began("complaint") or talk.files else ()),
        "report", "status", "human", "emergency", "unsubscribe" if talk.updates == "on" else "subscribe", "about",
        "language", "mydata",
    )  # fmt: skip


def _reviewing(talk: Talk) -> tuple[str, ...]:
    """Under the review card; what becomes of files is asked only where there are some."""
    files = () if not talk.files else ("picture",) if talk.evidence else ("evidence",)
    return ("send", "change", *files, "stop")


def _holding(talk: Talk, given: Given) -> tuple[str, ...]:
    """What can be done with the case whose code was given."""
    if not talk.case:
        return ("menu",)
    shown = given.found if given.found and given.found.reference == talk.case else None
    is_open = shown.state != "closed" if shown else given.case_open
    return (*(("add",) if is_open else ()), "mode", "renew", "erase", "menu")


def _words(talk: Talk, given: Given) -> tuple[Wording, ...]:
    if found := question_of(talk.asked):
        return (*found[1].help, found[1].ask)
    match talk.asked:
        case "language":
            return (" · ".join(PICK[each] for each in given.programme.languages),)
        case "menu":
            return (say.CALL_GOES_ON, say.MENU) if talk.call and given.call_open else (say.MENU,)
        case "resume":
            return (say.RESUME,)
        case "stop":
            return (say.STOP_DRAFT,)
        case "complaint.review":
            return (*card(talk, given), *((say.EVIDENCE,) if talk.files else ()), say.REVIEW)
        case "complaint.change":
            return (say.CHANGE,)
        case "complaint.woman" | "complaint.sending":
            return (say.NO_WOMAN, say.WHO_THEN)
        case "kept":
            return (say.CODE_KEPT,)
        case "found":
            return (say.FOUND_NEXT,) if talk.case else ()
        case "status.mode":
            return (*(text for each, text in say.MODE_MEANS.items() if each != talk.case_mode), say.HOW_FAR)
        case "status.erase":
            return _ERASING[given.case_kept]
        case _:
            return ()


def card(talk: Talk, given: Given) -> tuple[Wording, ...]:
    """The review card: every answer under its label."""
    lines = tuple(
        say.CARD_LINE.with_(label=each.label, answer=shown(each, answer, given.programme))
        for each in COMPLAINT.asked_of(talk)
        if (answer := talk.answer(COMPLAINT.name(each))) is not None
    )
    files = (say.CARD_FILES.with_(count=str(len(talk.files))),) if talk.files else ()
    return (*lines, *files, *((say.KEPT_UNCHANGED,) if talk.files and talk.evidence else ()))

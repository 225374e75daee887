"""What somebody answers in each whole conversation, by the name of what is asked; the language is put in later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from actions import code, prompts
from actions.talk import Event, File, Found, Said, Sent, Unkept, Wish, Wished
from tests.actions.replies import COMPLAINT
from tests.actions.test_conversations import CODE, FOUND

SKIP = prompts.SKIP


@dataclass(frozen=True)
class Word:
    """The word with that meaning, as people are told it in their language."""

    wish: Wish


@dataclass(frozen=True)
class Quiet:
    """Nothing is said for so long; then that time of the diary comes."""

    name: str
    time: timedelta


Step = Mapping[str, str | Event | Word | Quiet]
ASKED: Found = replace(FOUND, question=True)
HELLO: Step = {"language": "en"}
REPORT: Step = {"menu": "report"}
SHOWN: Step = {"menu": Said(code.spoken(CODE))}
PHOTO = File("f1", "photo", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")


def _answers(flow: str, **answers: str | Event | Word) -> Step:
    return {f"{flow}.{key}": answer for key, answer in answers.items()}


def _sent(flow: str, contact: bool = True) -> list[Step]:
    anonymous: Step = {f"{flow}.contact": "anonymous"} if contact else {}
    return [{**anonymous, f"{flow}.review": "send"}, {"kept": "yes"}]


def _asked(flow: str) -> Step:
    return {"menu": "telling", "telling": flow}


def _in_category(category: str) -> list[Step]:
    return [HELLO, REPORT, {"complaint.category": category}]


def _after(flow: str, *left: str) -> Step:
    return {f"{flow}.{each}": SKIP for each in left}


YOU: Step = {"you.age": "30_59", "you.sex": "woman", "you.disability": SKIP}
SCRIPTS: dict[str, list[Step]] = {
    "complaint": [
        HELLO, {**REPORT, "consent": "more"}, {"consent": "agree", "unfinished": "no"},
        _answers("complaint", category="cash", handler="either", party="self"),
        {"complaint.what": Word("why")},
        _answers("complaint", what=Sent(PHOTO, "My card did not work."), more=Said("It was the same last month.")),
        {"complaint.more": "go_on", "complaint.where": Said("Camp 4"), "complaint.when": "yesterday"},
        {"complaint.wish": Word("back")},
        _answers("complaint", when="today", wish=Said("A new card"), relation="yes", contact="confidential"),
        _answers("complaint", others="yes", write="yes", hours="morning"),
        {"complaint.review": "change", "complaint.change": "where", "complaint.where": SKIP},
        {"complaint.review": "send"}, {"kept": "not_yet"}, {"kept": "yes"}, YOU,
    ],
    "misconduct": [
        *_in_category("conduct"), _answers("misconduct", handler="either", what=Said("He wanted money for a card.")),
        _answers("misconduct", more="go_on", whose="partner", where="north"), *_sent("misconduct"),
    ],
    "sea": [
        *_in_category("sea"), _answers("sea", handler="woman", safe="no", whose="staff", where="river", what=SKIP),
        *_sent("sea"),
    ],
    "gbv": [
        HELLO, {"menu": Said("my husband beats me", "disclose_gbv")}, {"guess.disclose_gbv": "yes"},
        {"gbv": "services"}, {"help.area": "north", "help.need": "women"}, {"services": "menu"},
    ],
    "child": [
        *_in_category("child"), _answers("child", who="me", handler="woman", adult=Said("My teacher")),
        _answers("child", what=Said("I am alone."), more="go_on"), *_sent("child"),
    ],
    "threat": [
        *_in_category("safety"), {"threat.handler": "either", "threat.contact": "confidential"},
        _answers("threat", others="no", write="neutral", hours="evening", what=Said("They said they will come."),
                 more="go_on", why="yes", where="south", at_risk="women"),
        *_sent("threat", contact=False),
    ],
    "patrol": [
        HELLO, _asked("patrol"), _answers("patrol", kind="night", where="river", when="nights", at_risk="women"),
        {"patrol.what": SKIP}, *_sent("patrol"), _after("you", "age", "sex", "disability"),
    ],
    "assistance": [
        HELLO, _asked("assistance"), _answers("assistance", need="shelter", what=Said("Our tent is torn.")),
        _answers("assistance", more="go_on", where="river"), *_sent("assistance"),
    ],
    "question": [
        HELLO, _asked("question"), _answers("question", what=Said("When is the next payment?"), more="go_on"),
        {"question.where": SKIP}, *_sent("question"),
    ],
    "suggestion": [
        HELLO, _asked("suggestion"), _answers("suggestion", what=Said("Open earlier."), more="go_on"),
        *_sent("suggestion", contact=False),
    ],
    "praise": [
        HELLO, _asked("praise"), _answers("praise", what=Said("The nurse was kind."), more="go_on"),
        *_sent("praise", contact=False),
    ],
    "rumour": [
        HELLO, _asked("rumour"), _answers("rumour", what=Said("The camp will close."), more="go_on", where="river"),
        *_sent("rumour", contact=False),
    ],
    "tell": [
        HELLO, {"menu": Said("Broken lights here")}, {"offer": "send"}, {"tell.review": "details"},
        {"complaint.category": Word("back")}, {"menu": "resume"},
        _answers("complaint", category="quality", handler=SKIP, party="group"),
        _after("complaint", "where", "when", "wish", "relation"), *_sent("complaint"),
    ],
    "help": [
        HELLO, {"menu": "services", "help.area": "north", "help.need": "food"}, {"services": "at_food_point"},
        {"refer": "no"}, {"menu": "services", "help.need": "food"}, {"services": "at_food_point"}, {"refer": "yes"},
        {"kept": "yes"},
    ],
    "emergency": [
        HELLO, {"menu": "emergency"}, {"where_now": "north"}, {"next.human_report_menu": "menu"},
        {"menu": Said("they are coming", "emergency")}, {"guess.emergency": Quiet("danger", timedelta(minutes=3))},
        {"guess.emergency": "yes"},
    ],
    "human": [
        HELLO, {"menu": "human", "human.about": Said("My card")}, {"human.write": "neutral"},
        {"called": Said("Are you there?")},
    ],
    "call": [
        HELLO, {"menu": "human", "human.about": "skip_it"}, {"human.write": "no"}, {"called": "call_me"},
        {"call.number": Said("0661 234 567"), "call.time": "evening"},
    ],
    "mean": [
        HELLO, {"menu": Said("That thing", None, (), ("report_problem", "ask_information", "check_status"))},
        {"mean": "other"}, {"offer": "drop"},
        {"menu": Said("Still waiting", None, (), ("check_status", "praise", "suggest"))}, {"mean": "check_status"},
    ],
    "status": [
        HELLO, {"menu": "status", "status.code": Said("1234")}, {"status.code": Said(code.spoken(CODE))},
        {"found": "refuse"}, {"found": "add", "status.add": Said("It still does not work.")},
    ],
    "mode": [
        HELLO, SHOWN, {"found": "mode", "status.mode": "open"}, {"status.name": Said("Ann Example")},
        {"found": "mode", "status.mode": "anonymous"}, {"found": "menu"},
    ],
    "renew": [
        HELLO, SHOWN, {"found": "renew", "status.renew": Said("1234 5678 9012 3456")},
        {"status.renew": Said(code.spoken(CODE))}, {"kept": "yes"},
    ],
    "erase": [
        HELLO, SHOWN, {"found": "erase", "status.erase": "keep"}, {"found": "erase"}, {"status.erase": "erase"},
    ],
    "withdraw": [HELLO, SHOWN, {"found": "withdraw", "status.withdraw": "withdraw"}, {"found": "menu"}],
    "evidence": [
        *_in_category("quality"), _answers("complaint", handler="either", party="self"),
        {"complaint.what": Sent(PHOTO, "The rice was wet."), "complaint.where": Said("Camp 4")},
        {"complaint.when": "today", **_after("complaint", "wish", "relation")},
        _answers("complaint", contact="open", name=Said("Ann Example"), others="no", write="yes", hours="any"),
        {"complaint.review": "evidence"}, {"complaint.review": "send"},
    ],
    "woman": [
        *_in_category("quality"), {"complaint.handler": "woman"}, {"complaint.woman": "again"},
        {"complaint.handler": "woman", "complaint.woman": "wait"},
        _answers("complaint", party="self", what=Said("A man in the queue follows me.")),
        _after("complaint", "where", "when", "wish", "relation"), *_sent("complaint"),
    ],
    "announcements": [
        HELLO, {"menu": "more", "more": "subscribe"}, {"audience": "women"}, {"menu": Said("STOP")},
    ],
    "own_words": [
        {"language": Said("No water here")}, HELLO, {"offer": "details", "complaint.category": "quality"},
        {"complaint.handler": SKIP, "complaint.party": Said("nobody came")}, {"complaint.party": Word("stop")},
        {"stop": "erase"}, {"menu": Unkept("kind")}, {"menu": Said("Broken lights here")}, {"offer": "drop"},
    ],
    "code_in_words": [
        *_in_category("cash"), _answers("complaint", handler="either", party="self"),
        {"complaint.what": Said(f"You told me to use {code.spoken(CODE)} but nobody answered")},
        {"complaint.what": Sent(PHOTO, f"My code {CODE}")}, {"complaint.what": Said("Nobody answered")},
    ],
    "exit": [
        *_in_category("other"), _answers("complaint", handler="either", party="self", what=Said("He took my card.")),
        {"complaint.where": Word("exit")},
    ],
    "shared_phone": [
        HELLO, {"menu": Said("not my phone", "not_my_phone")}, {"next.report_status_menu": "menu"},
    ],
    "for_other": [
        HELLO, _asked("other"), _answers("complaint", category="left_out", handler="either", agreed="yes"),
        _answers("complaint", reach=Said("At the school"), what=Said("My neighbour is not on the list.")),
        _after("complaint", "where", "when", "wish", "relation"), *_sent("complaint"),
    ],
    "consent_refused": [
        HELLO, {**REPORT, "consent": "no"}, {"next.services_human_menu": "services"},
        {"help.area": SKIP, "help.need": "health"}, {"services": "menu"},
    ],
    "unfinished": [
        HELLO, {"menu": "more", "more": "terms", "terms": "neutral"}, {**REPORT, "unfinished": "yes"},
        _answers("complaint", category="cash", handler="either", party="self", what=Said("My card did not work.")),
        {"complaint.where": Word("stop")}, {"stop": "keep"},
        {"menu": Quiet("reminder", timedelta(hours=20))}, {"menu": Quiet("draft", timedelta(hours=4))},
    ],
    "mydata": [
        *_in_category("cash"), {"complaint.handler": Wished("mydata")}, {"data": "menu"},
        {"menu": "more", "more": "mydata"}, {"data": "erase"},
    ],
    "about_you": [
        HELLO, REPORT, {name: SKIP for name in COMPLAINT if name.startswith("complaint.")},
        {"complaint.review": "send"}, {"kept": "yes"}, {"you.age": Word("why")}, YOU,
    ],
    "about": [
        HELLO, {"menu": "more"}, {"more": "about"}, {"more": "redlines"}, {"more": "contact"}, {"more": "help"},
        {"more": "faq"}, {"faq": "who_may"}, {"answered": "no", "question.what": Said("May my friend complain?")},
    ],
}  # fmt: skip

"""What a person can rely on in each guided flow; the number behind a claim is its row of the requirements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions import code, consent, prompts
from actions.flows import FLOWS, HUMAN
from actions.flows.misconduct import ALLOWED
from actions.programme import Programme
from actions.talk import (
    Alarm,
    Append,
    Count,
    DropFiles,
    Event,
    File,
    FileCase,
    Found,
    Leave,
    Picked,
    Reach,
    Said,
    Say,
    Sent,
    Skipped,
    Speak,
    Tapped,
    Terms,
    Told,
    Updates,
    Wished,
    to_json,
)
from tests.actions.replies import COMPLAINT, REACHED, SKIPPED, TEXTS, Person
from tests.conftest import NOON_S

CODE = code.complete("31415926535897932384626433")
FOUND = Found("BBBB-1234", "read", date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 15))
_LONGEST = 40
REPORTS = [each for each in FLOWS.values() if each.reviewed]


@pytest.fixture
def ann(programme: Programme) -> Person:
    return Person(programme)


def greeted(ann: Person) -> Person:
    ann.play({"language": "en"})
    return ann


def through(ann: Person, **answers: str | Event) -> Person:
    """Every question of the draft answered by name, skipped where nothing is said, up to the review card."""
    for _ in range(_LONGEST):
        if ann.talk.step == "review":
            return ann
        answer = answers.get(ann.talk.step, ann.usual() or prompts.SKIP)
        ann.tap(answer) if isinstance(answer, str) else ann.hear(answer)
    raise AssertionError(f"no review card; asked is {ann.talk.asked}")


# --- first contact and consent ----------------------------------------------------------------------------------------


def test_first_contact_is_five_short_messages_with_the_language_first(ann: Person) -> None:
    """I open the chat: first my language, then who you are, that it is free, that it is no emergency service. (R47)"""
    ann.hear(Tapped("start"))
    asked = ann.talk.asked

    ann.tap("en")

    told = ann.told()
    assert ("language", "menu") == (asked, ann.talk.asked)
    assert 5 == len(ann.letters)
    assert all(each in told for each in ("It is free", "not an emergency service", "people read what you send"))


def test_nothing_is_expected_in_exchange_is_said_at_once_and_in_the_receipt(ann: Person) -> None:
    """I read in the first messages and in the receipt that nobody may ask me for anything. (R18)"""
    greeted(ann)
    welcome = ann.told()
    ann.play({**{k: v for k, v in COMPLAINT.items() if k != "language"}, "complaint.review": "send"})

    assert "nobody may ask for anything in exchange" in welcome
    assert "Nothing is expected from you in exchange for help" in ann.told()


def test_on_a_platform_its_company_is_named_before_anything_is_told(programme: Programme) -> None:
    """I write on somebody's platform: I am told at the start that its company can see that I write. (R101)"""
    ann = greeted(Person(programme, channel="telegram"))

    assert "The company behind this app can see" in ann.told()


def test_consent_is_asked_before_anything_is_kept_and_recorded_with_its_words(ann: Person) -> None:
    """Before I report I am asked, with more to read if I want; what I agreed to is filed with its version. (R101)"""
    greeted(ann).tap("report")
    asked = ann.talk.asked
    ann.tap("more")
    more = ann.told()

    ann.play({**{k: v for k, v in COMPLAINT.items() if k[:9] == "complaint"}, "complaint.review": "send"})

    assert "consent" == asked
    assert all(each in more for each in ("the Sample Relief Partnership", "You can complain about us", "erased"))
    [report] = ann.filed()
    assert {("report", consent.REPORT.version, True), ("unfinished", consent.UNFINISHED.version, False)} == {
        (each.point, each.version, each.given) for each in report.consents
    }


def test_consent_is_asked_again_when_its_words_have_changed(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """You changed what I agreed to: I am asked again before the next report, and not before. (R101)"""
    ann.play({**COMPLAINT, "complaint.review": "send", "kept": "menu"})
    ann.tap("report")
    unchanged = ann.talk.asked
    ann.say("menu")
    changed = replace(consent.REPORT, said=(*consent.REPORT.said, consent.REPORT.more[0]))
    monkeypatch.setattr(consent, "REPORT", changed)

    ann.tap("report")

    assert ("complaint.category", "consent") == (unchanged, ann.talk.asked)


def test_who_does_not_agree_gets_help_and_nothing_is_kept(ann: Person) -> None:
    """I do not agree: help is there all the same, and nothing of mine is kept. (R13)"""
    greeted(ann).say("There is no water", "report_problem")

    ann.tap("no")
    ann.tap("services")
    ann.play({"help.area": ann.programme.areas[0].key, "help.need": ann.programme.needs[0].key})

    assert "services" == ann.talk.asked
    assert "no water" not in to_json(ann.talk)
    assert [] == ann.filed()


@pytest.mark.parametrize("where", ["menu", "complaint.category", "complaint.what", "complaint.contact"])
def test_help_is_reached_from_anywhere_without_reporting(ann: Person, where: str) -> None:
    """From the menu, or in the middle of a report, I ask for help only and get it. (R13)"""
    greeted(ann)
    if where != "menu":
        names = list(COMPLAINT)
        ann.play({name: COMPLAINT[name] for name in names[1 : names.index(where)]})

    ann.hear(Wished("services"))

    assert "help.area" == ann.talk.asked
    assert [] == ann.filed()


# --- a complaint ------------------------------------------------------------------------------------------------------


def test_what_the_person_hopes_for_is_asked_and_filed(ann: Person) -> None:
    """I am asked what I would like to happen, may skip it, and it goes along. (R01)"""
    ann.play({**COMPLAINT, "complaint.review": "send"})

    assert "A new card" == dict(ann.filed()[0].answers)["wish"]


def test_the_receipt_says_who_when_and_what_may_never_come(ann: Person) -> None:
    """I get a code, the day somebody looks, the day of the answer, and what you cannot do. (R02)"""
    ann.play({**COMPLAINT, "complaint.review": "send"})

    told = ann.told()
    assert all(
        each in told for each in ("AAAA-", "Thursday, March 12, 2026", "Tuesday, March 24, 2026", "What we cannot do:")
    )


@pytest.mark.parametrize("relation", ["yes", "no", "rather_not", prompts.SKIP])
def test_who_gets_no_help_from_you_is_heard_in_the_same_time(ann: Person, relation: str) -> None:
    """I get nothing from you, or will not say: my report has the same dates. (R43)"""
    ann.play({**COMPLAINT, "complaint.relation": relation, "complaint.review": "send"})

    [report] = ann.filed()
    assert (date(2026, 3, 12), date(2026, 3, 24)) == (report.first_look_by, report.answer_by)


def test_a_guessed_category_is_confirmed_in_plain_words(ann: Person) -> None:
    """You believe that you know what it is about: you say so in plain words, and I choose. (R65)"""
    greeted(ann).say("The rice was wet", "report_problem")
    ann.play({})

    assert "complaint.category" == ann.talk.asked
    assert f"It sounds like this: {ann.programme.category('quality').label.in_('en')}" in ann.told()
    assert ann.talk.answer("complaint.category") is None


def test_several_messages_in_a_row_are_one_story(ann: Person) -> None:
    """I tell it in pieces, with a picture and my voice between: all of it is what happened. (R46)"""
    names = list(COMPLAINT)
    ann.play({name: COMPLAINT[name] for name in names[: names.index("complaint.what")]})

    ann.say("The truck came.")
    ann.hear(Sent(File("f1", "photo"), "Look."))
    ann.hear(Sent(File("v1", "voice")))
    ann.say("Then it left.")
    ann.tap("go_on")

    assert Told("The truck came.\nLook.\nThen it left.") == ann.talk.answer("complaint.what")
    assert ("f1", "v1") == tuple(each.id for each in ann.talk.files)
    assert "complaint.where" == ann.talk.asked


def test_a_voice_message_is_enough(ann: Person) -> None:
    """I only speak: my voice is filed, and nothing makes me type. (R46)"""
    ann.play({**COMPLAINT, "complaint.what": Sent(File("v1", "voice")), "complaint.review": "send"})

    assert ("v1",) == tuple(each.id for each in ann.filed()[0].files)


def test_for_somebody_else_there_are_two_people(ann: Person) -> None:
    """I tell it for my neighbour: whether she agrees is asked, and both of us are told apart. (R20)"""
    greeted(ann)
    ann.play({"menu": "telling", "telling": "other", "complaint.category": "cash", "complaint.handler": "either",
              "complaint.agreed": "yes", "complaint.reach": Said("At the school")})  # fmt: skip
    through(ann).tap("send")

    [report] = ann.filed()
    assert ("other", "yes", "At the school") == (report.party, report.agreed, dict(report.answers)["reach"])


def test_terms_of_contact_are_asked_of_whoever_can_be_written_to(ann: Person) -> None:
    """I want the answer here: you ask who else sees this phone, whether and when you may write. (R91)"""
    ann.play({**COMPLAINT, "complaint.contact": "confidential", "complaint.others": "yes", "complaint.write": "yes",
              "complaint.hours": "morning", "complaint.review": "send"})  # fmt: skip

    assert Terms("neutral", (6, 12)) == ann.filed()[0].terms
    assert [Reach(Terms("neutral", (6, 12)))] == ann.done(Reach)


def test_who_says_nothing_about_it_is_not_written_to(ann: Person) -> None:
    """I skip all of that: you do not write first, and say so. (R91)"""
    skipped = {name: prompts.SKIP for name in REACHED if name != "complaint.hours"}
    ann.play({**COMPLAINT, "complaint.contact": "confidential", **skipped, "complaint.review": "send"})

    assert "no" == ann.done(Reach)[0].terms.write
    assert "Answers wait until you write" in ann.told()


def test_the_receipt_shows_what_proves_a_file(ann: Person) -> None:
    """I keep my photo as evidence: the receipt has its SHA-256. (R106)"""
    ann.play({**COMPLAINT, "complaint.what": Sent(File("f1", "photo", "ab" * 32), "wet rice")})
    ann.play({"complaint.review": "evidence"})
    ann.tap("send")

    assert f"Its SHA-256 is {'ab' * 32}" in ann.told()


def test_who_a_person_is_like_is_only_counted(ann: Person) -> None:
    """After sending I may say my age and more: it is counted, beside no report, and I can skip it. (R51)"""
    ann.play({**COMPLAINT, "complaint.review": "send", "kept": "yes"})

    ann.play({"you.age": "18_29", "you.sex": prompts.SKIP, "you.disability": "no"})

    assert [Count("age", "18_29"), Count("sex", "not_stated"), Count("disability", "no")] == ann.done(Count)
    assert "18_29" not in to_json(ann.talk) + str(ann.filed())
    assert "done" == ann.talk.asked


# --- short ways -------------------------------------------------------------------------------------------------------


def test_one_line_is_enough(ann: Person) -> None:
    """I just tell you something: one message, one look, sent; or I make it a full complaint. (R45)"""
    greeted(ann).play({"menu": "telling", "telling": "tell", "tell.what": Said("The queue was calm today.")})
    full = ann.copy()

    ann.tap("send")
    full.tap("details")

    [report] = ann.filed()
    assert ("tell", "tell", "The queue was calm today.") == (report.flow, report.category, dict(report.answers)["what"])
    assert "Thank you" in ann.told()
    assert "complaint.category" == full.talk.asked
    assert Told("The queue was calm today.") == full.talk.answer("complaint.what")


@pytest.mark.parametrize("flow", ["question", "assistance", "patrol", "suggestion", "praise", "rumour"])
def test_every_short_way_ends_in_a_case_of_its_own_kind(ann: Person, flow: str) -> None:
    """Thanks, an idea, a rumour, a question, a request: each is kept as what it is, with a date. (R75)"""
    greeted(ann).play({"menu": "telling", "telling": flow})

    through(ann, what=Said("words of mine")).tap("send")

    [report] = ann.filed()
    assert (flow, flow) == (report.flow, ann.programme.category(report.category).path)
    assert "words of mine" == dict(report.answers)["what"]
    assert report.answer_by > ann.now.date()


def test_a_request_for_a_patrol_says_that_it_may_not_be_granted(ann: Person) -> None:
    """We fear the way to the forest: I am asked for which way, when, and who; it may not be granted. (R80)"""
    greeted(ann).say("we fear going to the forest for wood on Friday", "request_patrol")
    ann.play({})

    through(ann, kind="firewood", where=Said("the forest"), when=Said("Friday"), at_risk="women").tap("send")

    told = dict(ann.filed()[0].answers)
    keys = ("kind", "where", "when", "at_risk")
    assert ("firewood", "the forest", "Friday", "women") == tuple(told[key] for key in keys)
    assert "It may not be granted" in ann.told()
    assert "forest for wood" in told["what"]


def test_a_question_that_was_not_answered_is_tracked(ann: Person) -> None:
    """The ready answer was not mine: I ask a person, and there is a date for it. (R22)"""
    greeted(ann).play({"menu": "more", "more": "faq", "faq": ann.programme.faqs[0].key})
    shown = ann.told()

    ann.tap("no")
    ann.play({"question.what": Said("And for my mother?")})
    through(ann).tap("send")

    assert ann.programme.faqs[0].answer.in_("en") in shown
    assert "question" == ann.filed()[0].category


def test_why_a_case_is_not_in_a_report(ann: Person) -> None:
    """I ask why my case is not in your report: only examples are, and that says nothing about mine. (R05)"""
    greeted(ann).say("why is my case not in the report", "why_not_in_report")

    assert "example" in ann.told().lower()
    assert [] == ann.filed()


def test_who_you_are_comes_in_three_short_messages(ann: Person) -> None:
    """I ask who you are: your role, what you do, what you cannot do. (R11)"""
    greeted(ann)
    before = len(ann.letters)

    ann.play({"menu": "more", "more": "about"})

    about = ann.programme.about
    told = [TEXTS.render(each, "en").text for each in ann.letters[before:]]
    assert [each.in_("en") for each in (about.role, about.activities, about.limits)] == told[1:4]


def test_what_you_never_do_can_be_read(ann: Person) -> None:
    """I read your red lines, with the day of their wording. (R09)"""
    greeted(ann).hear(Wished("redlines"))

    lines = ann.programme.red_lines
    assert lines.version in ann.told()
    assert all(each.in_("en") in ann.told() for each in lines.lines)


@pytest.mark.parametrize("how", ["contact", "not_my_phone"])
def test_other_ways_to_reach_you_are_told(ann: Person, how: str) -> None:
    """I cannot use this phone safely: I read where else, when it is open, and the telephone. (R55, R70)"""
    greeted(ann)
    ann.hear(Wished("contact")) if how == "contact" else ann.say("this is not my phone", "not_my_phone")

    assert all(
        each in ann.told() for site in ann.programme.sites
        for each in (site.place.in_("en"), site.hours.in_("en"), site.phone)
    )  # fmt: skip


def test_on_somebody_elses_phone_nothing_comes_by_itself(ann: Person) -> None:
    """The phone is my husband's: I am told how to be safe, and you never write first. (R50)"""
    greeted(ann).say("this is my husband's phone", "not_my_phone")

    assert [Reach(Terms("no"))] == ann.done(Reach)
    assert "choose to stay anonymous" in ann.told()
    assert "exit" in ann.told()


# --- help without reporting -------------------------------------------------------------------------------------------


def _with_a_referral(programme: Programme) -> tuple[str, str]:
    service = next(each for each in programme.services if each.referral)
    return service.key, service.need


def test_help_is_listed_with_process_time_and_when_it_was_checked(ann: Person) -> None:
    """I look for help: how I get it, how long it takes, and when you last checked it. (R15, R16)"""
    service = ann.programme.services[0]
    area = service.areas[0] if service.areas else ann.programme.areas[0].key
    greeted(ann).tap("services")

    ann.play({"help.area": area, "help.need": service.need})

    told = ann.told()
    assert all(each.in_("en") in told for each in (service.name, service.process, service.timeframe))
    assert [] == ann.filed()


def test_help_that_nobody_checked_lately_is_not_shown(ann: Person) -> None:
    """An address that was not checked for too long is not shown to me. (R14)"""
    service = ann.programme.services[0]
    old = replace(service, verified=ann.now.date() - timedelta(days=ann.programme.verify_days + 1), areas=())
    ann.programme = replace(ann.programme, services=(old,))
    greeted(ann).tap("services")

    ann.play({"help.area": ann.programme.areas[0].key, "help.need": service.need})

    assert service.name.in_("en") not in ann.told()
    assert "I know of no service for this that was checked lately" in ann.told()


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_referral_shows_exactly_what_is_shared_and_asks(ann: Person, answer: str) -> None:
    """You would ask somebody for me: I see every word that goes there, and decide. (R15)"""
    key, need = _with_a_referral(ann.programme)
    service = next(each for each in ann.programme.services if each.key == key)
    area = service.areas[0] if service.areas else ann.programme.areas[0].key
    greeted(ann).play({"menu": "services", "help.area": area, "help.need": need, "services": f"at_{key}"})
    shown = ann.last()

    ann.tap(answer)

    named = ann.programme.area(area)
    assert named is not None
    assert all(each in shown for each in (service.name.in_("en"), named.label.in_("en"), "Not your name"))
    told = [dict(each.answers) for each in ann.filed()]
    need_label = next(each.label.in_("en") for each in ann.programme.needs if each.key == need)
    expected = {"service": service.name.in_("en"), "area": named.label.in_("en"), "need": need_label,
                "language": "English"}  # fmt: skip
    assert ([expected] if answer == "yes" else []) == told


# --- sensitive paths --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flow", ["misconduct", "sea"])
def test_nobody_investigates_here(ann: Person, flow: str) -> None:
    """I tell what staff did: only what has to be passed on is asked, and nothing like a hearing. (R68)"""
    asked = {each.key for each in FLOWS[flow].questions}

    assert asked <= ALLOWED
    assert not asked & {"when", "who", "witness", "name_of_person", "how_often"}


@pytest.mark.parametrize("category", ["conduct", "sea"])
def test_misconduct_is_passed_on_and_the_direct_way_is_shown(ann: Person, category: str) -> None:
    """I report staff: you pass it on, do not investigate, and tell me how to go there myself. (R67)"""
    greeted(ann).play({"menu": "report", "complaint.category": category})

    through(ann, what=Said("He wanted money for the card.")).tap("send")

    told, mandated = ann.told(), ann.programme.mandated
    [report] = ann.filed()
    assert ("psea", category) == (report.desk, report.category)
    assert mandated.body.in_("en") in told
    assert mandated.direct.in_("en") in told


@pytest.mark.parametrize(
    ("intent", "flow"),
    [("report_sea", "sea"), ("report_child_risk", "child"), ("report_threat", "threat"),
     ("report_misconduct", "misconduct")],
)  # fmt: skip
@pytest.mark.parametrize("sure", [True, False])
def test_a_guess_is_asked_before_it_counts_and_costs_one_tap(ann: Person, intent: str, flow: str, sure: bool) -> None:
    """You believe that it is grave: you ask me first; a no costs me one tap, a yes loses no word of mine. (R65)"""
    greeted(ann)
    ann.hear(Said("words of mine", intent if sure else None, () if sure else (intent,)))
    asked, no = ann.talk.asked, ann.copy()

    ann.tap("yes")
    ann.play({})
    no.tap("no")

    assert f"guess.{intent}" == asked
    assert flow == ann.talk.draft
    assert Told("words of mine") == ann.talk.answer(f"{flow}.what")
    assert ("offer", "words of mine") == (no.talk.asked, no.talk.held)
    assert [] == [*ann.filed(), *no.filed()]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_guess_in_the_middle_of_a_report_loses_nothing(ann: Person, answer: str) -> None:
    """In my own words you hear something grave: a no goes on where I was, a yes takes everything along."""
    names = list(COMPLAINT)
    ann.play({name: COMPLAINT[name] for name in names[: names.index("complaint.what")]})
    ann.hear(Said("the driver asked my sister for something", None, ("report_sea",)))

    ann.tap(answer)

    draft = "sea" if answer == "yes" else "complaint"
    assert draft == ann.talk.draft
    assert Told("the driver asked my sister for something") == ann.talk.answer(f"{draft}.what")
    assert Picked("either") == ann.talk.answer(f"{draft}.handler")
    assert ("complaint.more" if answer == "no" else "sea.safe") == ann.talk.asked


def test_violence_by_others_is_a_choice_and_makes_no_case(ann: Person) -> None:
    """I tap violence at home: warm words, who can help, a trained person if I want; no case, only a count. (R71)"""
    greeted(ann).play({"menu": "report", "complaint.category": "violence"})

    told = ann.told()
    assert "gbv" == ann.talk.asked
    assert "It is not your fault" in told
    assert all(each.name.in_("en") in told for each in ann.programme.help_about("gbv", ann.now.date()))
    assert ([Count("gbv", "-")], []) == (ann.done(Count), ann.filed())


def test_a_trained_person_after_violence_asks_nothing(ann: Person) -> None:
    """I want to speak to a woman: she is called with no word about why. (R71, R52)"""
    greeted(ann).play({"menu": "report", "complaint.category": "violence", "gbv": "woman"})

    [report] = ann.filed()
    assert ("woman", "women", (("about", ""),), True) == (report.handler, report.desk, report.answers, report.human)


def test_where_no_woman_works_that_is_said_after_violence_too(programme: Programme) -> None:
    """I want to speak to a woman and none is there: I am told that it can take longer; no man answers instead. (R52)"""
    ann = greeted(Person(programme, women=frozenset()))

    ann.play({"menu": "report", "complaint.category": "violence", "gbv": "woman"})

    assert ("woman", "women") == (ann.filed()[0].handler, ann.filed()[0].desk)
    assert "You can wait for one; that can take longer" in ann.told()


def test_who_wants_to_leave_after_violence_leaves_nothing(ann: Person) -> None:
    """I want this chat gone: it is deleted where it can be. (R71, R100)"""
    greeted(ann).play({"menu": "report", "complaint.category": "violence", "gbv": "exit"})

    assert [Leave()] == ann.done(Leave)


def test_a_child_is_spoken_to_as_a_child(ann: Person) -> None:
    """I say that I am thirteen: I am asked less, in simple words; my family is not told by itself. (R64, R94)"""
    greeted(ann).say("I am 13 and they do not give me food")
    asked = ann.talk.asked

    ann.tap("yes")
    ann.play({})
    through(ann, adult=Said("my teacher")).tap("send")

    [report] = ann.filed()
    assert ("guess.younger", "child", "child") == (asked, report.flow, report.desk)
    assert ("me", "my teacher") == (dict(report.answers)["who"], dict(report.answers)["adult"])
    assert not {"when", "where", "wish", "relation"} & dict(report.answers).keys()


@pytest.mark.parametrize("words", ["I am 13", "J'ai 12 ans", "tengo 15 años", "عمري ١٣", "nina miaka 14"])
def test_an_age_is_understood_in_every_language(ann: Person, words: str) -> None:
    """I say my age in my own language and digits. (R64)"""
    greeted(ann).say(words)

    assert "guess.younger" == ann.talk.asked


@pytest.mark.parametrize("words", ["I am 34", "I am 13 km away", "we are 13", "J'ai 12 sacs"])
def test_other_numbers_are_no_age(ann: Person, words: str) -> None:
    """Not every number is my age."""
    greeted(ann).say(words)

    assert "guess.younger" != ann.talk.asked


def test_a_threat_begins_with_how_to_write_safely(ann: Person) -> None:
    """I am threatened: first you ask how to write to me safely, and say what this chat is not. (R08, R91)"""
    greeted(ann).play({"menu": "report", "complaint.category": "safety", "threat.handler": "either"})
    order = [each.key for each in FLOWS["threat"].questions]

    assert "threat.contact" == ann.talk.asked
    assert order.index("write") < order.index("what")
    assert "This chat is not an emergency service" in ann.told()


@pytest.mark.parametrize("on_duty", [True, False])
def test_danger_gets_numbers_and_calls_staff_and_is_honest(ann: Person, on_duty: bool) -> None:
    """Attack now: I read whom to call at once; somebody is called, or I am told that nobody is on duty. (R81)"""
    ann.on_duty = on_duty
    greeted(ann)
    before = len(ann.letters)

    effects = ann.hear(Wished("emergency"))

    first = next(each for each in effects if isinstance(each, Say))
    assert "call 117" in TEXTS.render(first.letter, "en").text
    assert ("Nobody of our staff is on duty" in ann.told(before)) is not on_duty
    assert [""] == [each.area for each in ann.done(Alarm)]


def test_danger_asks_where_and_gives_the_numbers_of_that_place(ann: Person) -> None:
    """I say where I am: I read the numbers of that place, and staff learn the area. (R81)"""
    area = ann.programme.areas[0]
    greeted(ann).hear(Wished("emergency"))

    ann.tap(area.key)

    assert area.emergency.in_("en") in ann.told()
    assert [Alarm("", NOON_S), Alarm(area.key, NOON_S)] == ann.done(Alarm)


def test_where_somebody_was_long_ago_is_another_danger(ann: Person) -> None:
    """I tap my area an hour after the alarm: that is a new alarm, so that somebody is called. (R81)"""
    area = ann.programme.areas[0]
    greeted(ann).hear(Wished("emergency"))

    ann.now += timedelta(hours=1)
    ann.tap(area.key)

    assert [Alarm("", NOON_S), Alarm(area.key, NOON_S + 3600)] == ann.done(Alarm)


def test_the_area_is_remembered_for_the_next_danger(ann: Person) -> None:
    """I said before where I am: the first answer has the numbers of that place. (R81)"""
    area = ann.programme.areas[0]
    greeted(ann).play({"menu": "services", "help.area": area.key, "help.need": prompts.SKIP})

    effects = ann.hear(Wished("emergency"))

    first = next(each for each in effects if isinstance(each, Say))
    assert area.emergency.in_("en") in TEXTS.render(first.letter, "en").text
    assert [area.key] == [each.area for each in ann.done(Alarm)]


def test_a_guessed_danger_is_asked_and_silence_is_not_taken_for_safety(ann: Person) -> None:
    """You believe that I am in danger: numbers at once, you ask, and if I cannot answer, somebody is called. (R81)"""
    greeted(ann).say("they are breaking the door", "emergency")
    told, asked = ann.told(), ann.talk.asked
    no = ann.copy()

    no.tap("no")
    ann.wait("danger", minutes=3)

    assert "call 117" in told
    assert ("guess.emergency", []) == (asked, no.done(Alarm))
    assert [""] == [each.area for each in ann.done(Alarm)]


@pytest.mark.parametrize("where", ["menu", "complaint.what"])
@pytest.mark.parametrize("photo", [False, True])
def test_a_question_about_danger_is_not_lost_behind_other_words(ann: Person, where: str, photo: bool) -> None:
    """You ask whether I am in danger and I write on: the question stays, and silence still calls somebody. (R81)"""
    greeted(ann)
    if where != "menu":
        names = list(COMPLAINT)
        ann.play({name: COMPLAINT[name] for name in names[1 : names.index(where)]})
    ann.say("they are breaking the door", "emergency")

    ann.hear(Sent(File("f1", "photo"), "at the door")) if photo else ann.say("they are at the door")
    asked = ann.talk.asked
    ann.wait("danger", minutes=3)

    assert "guess.emergency" == asked
    assert "at the door" in to_json(ann.talk)
    assert [""] == [each.area for each in ann.done(Alarm)]


# --- later ------------------------------------------------------------------------------------------------------------


def test_what_depends_on_others_is_said(ann: Person) -> None:
    """My report was passed on: I read for whom it waits, and when you ask them again. (R07)"""
    ann.known[CODE] = replace(FOUND, waiting=(("the water agency", date(2026, 3, 20)),))
    greeted(ann).say(CODE)

    assert "It waits for the water agency, which is not in our control" in ann.told()
    assert "March 20, 2026" in ann.told()


@pytest.mark.parametrize("answer", ["add", "refuse"])
def test_a_question_of_staff_can_be_answered_or_not(ann: Person, answer: str) -> None:
    """Staff ask me something: I answer with my code, or say that I do not want to. (R27)"""
    ann.known[CODE] = replace(FOUND, question=True)
    greeted(ann).say(CODE)

    ann.tap(answer)
    ann.say("On Monday") if answer == "add" else None

    [append] = ann.appended()
    assert "BBBB-1234" == append.case
    assert append.words == ("On Monday" if answer == "add" else "The person does not want to answer this question.")


def test_a_report_is_taken_back_with_its_code(ann: Person) -> None:
    """I take my report back: staff are told to do nothing more, and I can still read it. (R102)"""
    ann.known[CODE] = FOUND
    greeted(ann).play({"menu": Said(CODE), "found": "withdraw", "status.withdraw": "withdraw"})

    assert [("BBBB-1234", "The person takes this report back and wants nothing more done.")] == [
        (each.case, each.words) for each in ann.appended()
    ]


def test_a_complaint_about_you_goes_to_another_desk(ann: Person) -> None:
    """I complain about you: another desk reads it than those I complain about. (R125)"""
    greeted(ann).say("you never answered me", "complain_about_us")
    ann.play({})

    through(ann).tap("send")

    assert ("about_us", "about_us") == (ann.filed()[0].category, ann.filed()[0].desk)


# --- manners ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flow", [each.key for each in REPORTS])
def test_every_question_of_every_flow_can_be_skipped_and_explained(ann: Person, flow: str) -> None:
    """In every flow: “why” explains and loses nothing, “skip” goes on, and what I sent is filed once. (R06, R100)"""
    start: dict[str, str | Event] = (
        {"menu": "telling", "telling": flow} if flow in dict(_TELLING) else {"menu": "report"}
    )
    category = next((each.key for each in ann.programme.listed if each.path == flow), "")
    greeted(ann).play({**start, **({"complaint.category": category} if "telling" not in start else {})})
    for _ in range(_LONGEST):
        if ann.talk.step == "review":
            break
        before, question = ann.talk, FLOWS[flow].question(ann.talk.asked)
        ann.say("why") if question else None
        assert question is None or (ann.talk == before and question.why.msgid in ann.last())
        ann.tap(ann.usual() or prompts.SKIP)

    ann.tap("send")

    assert [flow] == [each.flow for each in ann.filed()]


_TELLING = [(key, "") for key in ("question", "assistance", "patrol", "suggestion", "praise", "rumour", "tell")]


@pytest.mark.parametrize("where", ["", "menu", "consent", *COMPLAINT, "complaint.review", "kept", "gbv", "found"])
@pytest.mark.parametrize("word", ["exit", "XX", "إغلاق"])
def test_leaving_at_once_leaves_nothing_to_see(ann: Person, where: str, word: str) -> None:
    """One word, anywhere: the talk is over, what I had not sent is gone, and the answer gives nothing away. (R100)"""
    ann.known[CODE] = FOUND
    if where == "found":
        greeted(ann).say(CODE)
    elif where == "gbv":
        greeted(ann).play({"menu": "report", "complaint.category": "violence"})
    elif where == "kept":
        ann.play({**COMPLAINT, "complaint.review": "send"})
    elif where == "consent":
        greeted(ann).tap("report")
    elif where == "menu":
        greeted(ann)
    elif where in COMPLAINT and where != "language":
        names = list(COMPLAINT)
        ann.play({name: COMPLAINT[name] for name in names[: names.index(where)]})
        ann.hear(Sent(File("f1", "photo"))) if "complaint" in where else None
    elif where == "complaint.review":
        ann.play(COMPLAINT)
    drafted, before = ann.talk.files, len(ann.letters)

    ann.say(word)

    assert [Leave()] == ann.done(Leave)
    assert ((), (), "", "", "") == (ann.talk.answers, ann.talk.files, ann.talk.case, ann.talk.call, ann.talk.asked)
    assert [DropFiles(drafted)] * bool(drafted) == ann.done(DropFiles)
    assert ["Thank you. Goodbye."] == [TEXTS.render(each, "en").text for each in ann.letters[before:]]


def test_who_comes_back_is_not_greeted_with_their_case(ann: Person) -> None:
    """Somebody else opens the chat after me: they see a greeting and a menu, and nothing of mine. (R50, R108)"""
    ann.play({**COMPLAINT, "complaint.review": "send"})
    ann.say("exit")
    before = len(ann.letters)

    ann.hear(Tapped("start"))

    told = ann.told(before)
    assert "menu" == ann.talk.asked
    assert not any(each in told for each in ("AAAA", "report with us", "card", "Go on with my report"))


def test_a_reminder_comes_once_and_only_to_whoever_may_be_written_to(ann: Person) -> None:
    """I stopped in the middle: one neutral line at most, and none if I did not say that you may write. (R100)"""
    silent = Person(ann.programme)
    for person, terms in ((ann, Terms("neutral")), (silent, None)):
        person.play({"language": "en", "menu": "report", "complaint.category": "cash"})
        person.talk = replace(person.talk, terms=terms)
    before = len(ann.letters), len(silent.letters)

    for person in (ann, silent):
        person.wait("reminder", hours=20)
        person.wait("reminder", hours=1)

    told = ann.told(before[0])
    assert (1, 0) == (len(ann.letters) - before[0], len(silent.letters) - before[1])
    assert not any(each in told for each in ("card", "report", "problem"))


@pytest.mark.parametrize("agreed", ["yes", "no"])
def test_an_unfinished_report_is_passed_on_only_if_that_was_agreed(ann: Person, agreed: str) -> None:
    """I did not finish: what I told is passed on if I had agreed at the start, and erased if not. (R75, R100)"""
    ann.play({"language": "en", "menu": "report", "consent": "agree", "unfinished": agreed,
              "complaint.category": "cash", "complaint.handler": "either", "complaint.party": "self",
              "complaint.what": Said("My card did not work.")})  # fmt: skip

    ann.wait("draft", hours=24)

    partial = [(each.partial, dict(each.answers)["what"], each.mode) for each in ann.filed()]
    assert ([(True, "My card did not work.", "anonymous")] if agreed == "yes" else []) == partial
    assert ((), "") == (ann.talk.answers, ann.talk.draft)


def test_several_numbers_in_one_message_answer_one_after_the_other(ann: Person) -> None:
    """I answer three questions with “2, 3, 1”: all three are taken; nothing is sent by it."""
    ann.play({"language": "en", "menu": "report"})

    ann.say("2, 3, 1")

    got = [ann.talk.answer(f"complaint.{key}") for key in ("category", "handler", "party")]
    assert [Picked(ann.programme.listed[1].key), Picked("either"), Picked("self")] == got
    assert "complaint.what" == ann.talk.asked


def test_a_report_can_be_made_with_numbers_only(ann: Person) -> None:
    """I cannot read much: numbers alone take me from the language to the receipt. (R48)"""
    ann.hear(Tapped("start"))
    for _ in range(40):
        if ann.filed():
            break
        offered = [key for key, _ in prompts.offered(ann.talk, ann.given(Tapped("start")))]
        wanted = {"language": "en", "menu": "report"}.get(ann.talk.asked) or ann.usual()
        wanted = wanted or ("send" if ann.talk.step == "review" else prompts.SKIP)
        ann.say(str(offered.index(wanted) + 1))

    assert ["complaint"] == [each.flow for each in ann.filed()]


def test_another_language_is_noticed_and_offered_once(ann: Person) -> None:
    """I write in my own language: you offer to go on in it, and hear what I said either way."""
    greeted(ann).say("No hay agua en el campamento desde el lunes y los niños tienen sed")
    asked, stays = ann.talk.asked, ann.copy()

    ann.tap("yes")
    stays.tap("no")

    assert ("switch", "es", "en") == (asked, ann.talk.language, stays.talk.language)
    assert Speak("es") in ann.effects
    assert all("No hay agua" in to_json(each.talk) for each in (ann, stays))


def test_a_person_is_told_how_they_are_written_to(ann: Person) -> None:
    """I ask for a person: whether they may write first is asked, and said. (R46, R91)"""
    greeted(ann).play({"menu": "human", "human.about": Said("my card"), "human.write": "neutral"})

    assert ([Reach(Terms("neutral"))], "neutral") == (ann.done(Reach), ann.filed()[0].terms.write)  # type: ignore[union-attr]
    assert "You have a message" in ann.told()
    assert HUMAN.key == ann.filed()[0].flow


def test_how_i_may_be_written_to_can_be_changed(ann: Person) -> None:
    """I change my mind about messages: it holds from now on. (R91)"""
    greeted(ann).play({"menu": "more", "more": "terms", "terms": "no"})

    assert [Reach(Terms("no"))] == ann.done(Reach)


@pytest.mark.parametrize(("option", "audience"), [("women", "women"), ("all", "all")])
def test_announcements_for_women_go_to_who_asks_for_them(ann: Person, option: str, audience: str) -> None:
    """I say myself whether I want what is only for women; nobody guesses it, and START keeps it. (R56)"""
    greeted(ann).play({"menu": "more", "more": "subscribe", "audience": option})

    ann.say("STOP")
    ann.say("START")

    assert (True, audience) == (ann.done(Updates)[-1].wanted, ann.done(Updates)[-1].audience)


def test_nothing_is_filed_before_send(ann: Person) -> None:
    """Up to the review card nothing of mine was filed, in no flow. (R100)"""
    greeted(ann).play({"menu": "report", **{k: v for k, v in SKIPPED.items() if k != "complaint.category"},
                       "complaint.category": "cash"})  # fmt: skip

    assert ([], [], []) == (ann.filed(), ann.done(FileCase), ann.done(Append))
    assert Skipped() == ann.talk.answer("complaint.wish")

"""What a person can rely on in every conversation, whatever they answer and in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions import code, prompts
from actions.flows import COMPLAINT as FLOW
from actions.flows import FLOWS
from actions.intents import MOVES, SAFETY
from actions.programme import Programme
from actions.talk import (
    Alarm,
    ChangeMode,
    Count,
    DropFiles,
    Due,
    EraseCase,
    File,
    Forget,
    Found,
    Keep,
    Picked,
    Said,
    Sent,
    Skipped,
    Speak,
    Talk,
    Tapped,
    Told,
    Undue,
    Unkept,
    Updates,
    Wished,
    to_json,
)
from tests.actions.replies import COMPLAINT, EVERY, REACHED, SKIPPED, TEXTS, Person

CODE = code.complete("31415926535897932384626433")
FOUND = Found("BBBB-1234", "answered", date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 15), ("We sent a new card.",))
QUESTIONS = [FLOW.name(each) for each in FLOW.questions]
ALWAYS = [each for each in QUESTIONS if each in COMPLAINT]


@pytest.fixture
def ann(programme: Programme) -> Person:
    return Person(programme)


def upto(ann: Person, asked: str) -> Person:
    """The complaint answered up to a question or the review card."""
    answers = EVERY if asked in EVERY and asked not in COMPLAINT else COMPLAINT
    names = list(answers)
    until = names.index(asked) if asked in names else len(names)
    ann.play({name: answers[name] for name in names[:until]})
    assert asked == ann.talk.asked
    return ann


# --- a report ---------------------------------------------------------------------------------------------------------


def test_a_complaint_ends_in_a_receipt(ann: Person) -> None:
    """I told what happened: it is filed as I said it, and I have a code, two dates and what you cannot do."""
    upto(ann, "complaint.review")
    before = len(ann.letters)

    ann.tap("send")

    [report] = ann.filed()
    told = ann.told(before)
    assert {
        "category": "cash", "what": "My card did not work.", "where": "Camp 4", "when": "yesterday",
        "wish": "A new card", "relation": "yes", "contact": "anonymous",
    } == dict(report.answers)  # fmt: skip
    assert ("general", "anonymous", False, "en") == (report.desk, report.mode, report.human, report.language)
    assert all(
        each in told
        for each in ("Thursday, March 12, 2026", "Tuesday, March 24, 2026", "we cannot pay out money", "AAAA-")
    )
    codes = [each for each in (code.read(line) for line in told.splitlines()) if each]
    assert 1 == len(codes)
    assert (Talk(language="en", serial=1, revision=7).answers, ()) == (ann.talk.answers, ann.talk.files)
    assert Undue("draft") in ann.effects


def test_every_question_can_be_skipped(ann: Person) -> None:
    """I need not answer anything: an empty report is filed as well, with the last category's desk and clocks."""
    ann.play({"language": "en", "menu": "report", **SKIPPED, "complaint.review": "send"})

    [report] = ann.filed()
    apart = ("complaint.handler", "complaint.party")
    assert {name.removeprefix("complaint."): "" for name in ALWAYS if name not in apart} == dict(report.answers)
    assert (ann.programme.listed[-1].key, "anonymous") == (report.category, report.mode)
    assert ("either", "", False) == (report.handler, report.name, report.evidence)


def test_who_wants_an_answer_in_the_chat_is_told_so(ann: Person) -> None:
    """I chose to be answered here: the report keeps the way to me, and nothing tells me to come back."""
    ann.play({**COMPLAINT, "complaint.contact": "confidential", **REACHED, "complaint.review": "send"})

    assert "confidential" == ann.filed()[0].mode
    assert "We answer in this chat" in ann.told()
    assert "We do not know who you are" not in ann.told()


@pytest.mark.parametrize("question", QUESTIONS)
def test_back_keeps_the_answers(ann: Person, question: str) -> None:
    """I go back one question: everything I said is still there, and I go on from there."""
    upto(ann, question)
    before = ann.talk.answers

    ann.say("back")

    asked = [FLOW.name(each) for each in FLOW.asked_of(ann.talk)]
    at = asked.index(question)
    assert before == ann.talk.answers
    assert (asked[at - 1] if at else "menu") == ann.talk.asked


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("how", ["words", "button"])
def test_why_says_why_and_asks_again(ann: Person, question: str, how: str) -> None:
    """I ask why you ask: I am told, the same question stands there again, and nothing is lost."""
    upto(ann, question)
    before = ann.talk

    ann.say("why?") if how == "words" else ann.tap(prompts.WHY)

    asked = FLOW.question(question)
    assert asked is not None
    assert before == ann.talk
    assert asked.why.msgid in ann.last()
    assert asked.ask.msgid in ann.last()


@pytest.mark.parametrize("question", ALWAYS)
def test_any_answer_is_changed_from_the_review_card(ann: Person, question: str) -> None:
    """Before I send I change one answer; the others stay, and I see the card again."""
    upto(ann, "complaint.review")
    before = dict(ann.talk.answers)

    ann.tap("change")
    ann.tap(question.removeprefix("complaint."))
    ann.tap(prompts.SKIP)

    assert {**before, question: Skipped()} == dict(ann.talk.answers)
    assert "complaint.review" == ann.talk.asked
    asked = FLOW.question(question)
    assert asked is not None
    assert TEXTS.say(asked.skipped, "en") in ann.last()


def test_the_review_card_shows_every_answer(ann: Person) -> None:
    """What I read before I send is what I said."""
    upto(ann, "complaint.review")

    answers = ("My card did not work.", "Camp 4", "Yesterday", "A new card", "Anonymous", "Cash, card")
    assert [] == [each for each in answers if each not in ann.last()]


def test_sending_twice_files_once(ann: Person) -> None:
    """I tap “send” twice because the network is slow: one report is filed."""
    upto(ann, "complaint.review")
    send = f"{ann.talk.serial}.{ann.talk.revision}.complaint.review~send"

    for _ in range(3):
        ann.hear(Tapped(send))

    assert 1 == len(ann.filed())
    assert "belongs to something earlier" in ann.last()


def test_a_report_is_sent_only_from_its_review_card(ann: Person) -> None:
    """No word of mine sends a report, also not “yes” or “send”, before I saw the card."""
    upto(ann, "complaint.contact")

    for words in ("send", "yes", "ok", "Send it", "1 2"):
        ann.say(words, "affirm")

    assert [] == ann.filed()


# --- stopping, waiting, erasing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS[1:])
def test_stop_asks_what_becomes_of_the_draft(ann: Person, question: str) -> None:
    """I write “stop” anywhere: I can keep it, erase it or go on where I was."""
    upto(ann, question)
    ann.say("stop")
    asked = ann.talk.asked
    keeper, eraser, goer = (replace(ann, effects=[], letters=[], choices=[]) for _ in range(3))

    keeper.tap("keep")
    eraser.tap("erase")
    goer.tap("go_on")

    assert "stop" == asked
    assert ann.talk.answers == keeper.talk.answers
    assert ["draft", "reminder"] == [each.name for each in keeper.done(Due)]
    assert ((), [Undue("draft"), Undue("reminder")]) == (eraser.talk.answers, eraser.done(Undue))
    assert (ann.talk.answers, question) == (goer.talk.answers, goer.talk.asked)


def test_a_kept_draft_goes_on_from_the_menu(ann: Person) -> None:
    """Tomorrow I go on with what I began."""
    upto(ann, "complaint.where")
    ann.play({"complaint.where": Wished("stop"), "stop": "keep"})

    ann.say("menu")
    ann.tap("resume")

    assert "complaint.where" == ann.talk.asked


def test_a_new_report_offers_the_one_that_was_begun(ann: Person) -> None:
    """I begin again: I am asked whether to go on with the old one; erasing it takes its files along."""
    upto(ann, "complaint.where")
    ann.hear(Sent(File("f1", "photo")))
    ann.say("menu")
    ann.tap("report")
    asked = ann.talk.asked

    ann.tap("again")

    assert ("resume", "complaint.category") == (asked, ann.talk.asked)
    assert [DropFiles((File("f1", "photo"),))] == ann.done(DropFiles)
    assert ((), ()) == (ann.talk.answers, ann.talk.files)


def test_a_draft_is_erased_after_its_hours_and_not_before(ann: Person) -> None:
    """What I did not send is gone after a day, with its files; I am told; an hour earlier it is still there."""
    upto(ann, "complaint.where")
    ann.hear(Sent(File("f1", "photo")))
    before = ann.talk.answers

    early = ann.wait(hours=23)
    kept = ann.talk.answers
    late = ann.wait(hours=1)

    assert [Due] == [type(each) for each in early]
    assert before == kept
    assert DropFiles((File("f1", "photo"),)) in late
    assert ((), (), "") == (ann.talk.answers, ann.talk.files, ann.talk.flow)
    assert "now erased" in ann.last()


def test_a_draft_is_not_erased_while_the_person_writes(ann: Person) -> None:
    """I wrote an hour ago: the day begins again from there."""
    upto(ann, "complaint.where")
    ann.wait(hours=20)
    ann.say("Camp 4")

    [due] = [each for each in ann.wait(hours=5) if isinstance(each, Due)]

    assert 19 * 3600 == (due.at - ann.now).total_seconds()
    assert Told("Camp 4") == ann.talk.answer("complaint.where")


def test_a_silence_after_everything_was_sent_says_nothing(ann: Person) -> None:
    """I sent my report; nothing is said the day after."""
    ann.play({**COMPLAINT, "complaint.review": "send"})

    assert () == ann.wait(hours=48)


def test_forgetting_leaves_nothing(ann: Person) -> None:
    """Erase everything about this chat: the bot knows me no more."""
    upto(ann, "complaint.where")
    ann.say("my data") if ann.talk.asked == "menu" else ann.hear(Wished("mydata"))

    effects = ann.tap("erase")

    assert Talk() == ann.talk
    assert Forget() in effects


@pytest.mark.parametrize("option", ["telling", "more", "report", "status", "services"])
def test_an_old_menu_begins_nothing_before_a_language_is_chosen(ann: Person, option: str) -> None:
    """I had everything erased and tap an old menu: I am asked for my language first, and then things begin."""
    ann.play({"language": "en"})
    old = f"{ann.talk.serial}.{ann.talk.revision}.menu~{option}"
    ann.play({"menu": Wished("mydata"), "data": "erase"})

    ann.hear_choice(old)

    assert ("language", "") == (ann.talk.asked, ann.talk.language)
    assert "Choose your language" in ann.last()


def test_danger_in_an_old_menu_does_not_wait_for_a_language(ann: Person) -> None:
    """I had everything erased and tap “I am in danger now” in an old menu: staff are called, the numbers come."""
    ann.play({"language": "en"})
    old = f"{ann.talk.serial}.{ann.talk.revision}.menu~emergency"
    ann.play({"menu": Wished("mydata"), "data": "erase"})

    ann.hear_choice(old)

    assert [""] == [each.area for each in ann.done(Alarm)]
    assert "call 117" in ann.told(-2)
    assert "language" == ann.talk.asked


# --- words, numbers, files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zero", ["0", "\u0660", "\u06f0", "\u0966", "\u09e6", "\u1040", "\uff10"])
def test_a_number_in_any_script_chooses(ann: Person, zero: str) -> None:
    """I write the number of a choice with my own digits."""
    upto(ann, "complaint.category")

    ann.say(chr(ord(zero) + 2) + ".")

    assert Picked("cash") == ann.talk.answer("complaint.category")


def test_the_label_of_a_button_chooses(ann: Person) -> None:
    """I type what the button says, in capitals or without accents."""
    ann.play({"language": Said("français"), "menu": Said("SIGNALER UN PROBLEME")})

    assert ("fr", "complaint.category") == (ann.talk.language, ann.talk.asked)


def test_a_number_that_is_no_choice_is_heard_as_words(ann: Person) -> None:
    """“19” at “where” is my answer and not a choice that does not exist."""
    upto(ann, "complaint.where")

    ann.say("19")

    assert Told("19") == ann.talk.answer("complaint.where")


def test_words_where_a_choice_was_asked_are_kept(ann: Person) -> None:
    """I tell my story where I should have tapped: it is in my report, and I am asked to tap again."""
    upto(ann, "complaint.category")

    ann.say("they asked for money")
    ann.say("again and again")

    assert Told("they asked for money\nagain and again") == ann.talk.answer("complaint.what")
    assert "complaint.category" == ann.talk.asked


def test_first_words_before_a_language_are_kept(ann: Person) -> None:
    """My very first message tells everything: once I chose a language it is heard with its meaning."""
    unsure = ann.copy()
    ann.say("There is no water in Camp 4", "report_problem")
    unsure.say("There is no water in Camp 4")

    ann.play({"language": "en"})
    unsure.tap("en")

    assert Told("There is no water in Camp 4") == ann.talk.answer("complaint.what")
    assert "I kept what you wrote" in ann.told()
    assert ("offer", "There is no water in Camp 4") == (unsure.talk.asked, unsure.talk.held)


def test_the_last_of_several_first_messages_does_not_take_the_others_place(ann: Person) -> None:
    """I write three short messages before I notice the question about the language: all three are kept."""
    for words in ("There is no water", "in Camp 4", "since Monday"):
        ann.say(words, "report_problem")

    ann.play({"language": "en"})

    assert Told("There is no water\nin Camp 4\nsince Monday") == ann.talk.answer("complaint.what")


def test_a_first_photo_does_not_take_the_place_of_first_words(ann: Person) -> None:
    """I write, then send a photo, before I notice the question about the language: both are kept."""
    ann.say("There is no water")
    ann.hear(Sent(File("f1", "photo")))

    ann.play({"language": "en"})

    assert (Told("There is no water"), (File("f1", "photo"),)) == (ann.talk.answer("complaint.what"), ann.talk.files)


def test_words_after_an_offer_do_not_take_the_place_of_those_before(ann: Person) -> None:
    """I go on telling instead of tapping “send it”: what I said first is not forgotten."""
    ann.play({"language": "en"})

    ann.say("the lights are broken")
    ann.say("near the latrines")

    assert [] == [each for each in ("lights", "latrines") if each not in ann.talk.held]


@pytest.mark.parametrize("option", ["send", "details", "human"])
def test_words_outside_a_flow_are_offered_to_be_sent(ann: Person, option: str) -> None:
    """I say something nobody asked for: I am asked whether to send it, and whatever I choose, my words go along."""
    ann.play({"language": "en"})
    ann.say("the lights are broken")
    asked = ann.talk.asked

    ann.tap(option)
    if option == "send":
        ann.play({"tell.review": "send"})
    if option == "human":
        ann.play({"human.write": "yes"})
    if option == "details":
        open_ = {name: each for name, each in SKIPPED.items() if name != "complaint.what"}
        ann.play({**open_, "complaint.review": "send"})

    assert "offer" == asked
    assert "the lights are broken" in dict(ann.filed()[0].answers).values()


def test_words_nobody_wanted_are_dropped_when_the_person_says_so(ann: Person) -> None:
    """I do not want it sent: it is kept nowhere."""
    ann.play({"language": "en"})
    ann.say("the lights are broken")

    ann.tap("drop")

    assert "lights" not in to_json(ann.talk)
    assert [] == ann.filed()


@pytest.mark.parametrize("intent", sorted(MOVES))
def test_every_intent_is_answered_and_none_files_by_itself(ann: Person, intent: str) -> None:
    """Whatever the computer believes I meant, I am answered, and nothing is sent that I did not agree to."""
    ann.play({"language": "en"})
    before = len(ann.letters)

    ann.say("some words of mine", intent)

    assert len(ann.letters) > before
    if MOVES[intent].__class__.__name__ != "Do" or intent != "talk_to_human":
        assert [] == ann.filed()


@pytest.mark.parametrize("intent", sorted(SAFETY))
@pytest.mark.parametrize("where", ["menu", *QUESTIONS])
def test_danger_is_answered_with_the_emergency_numbers_and_decides_nothing(
    ann: Person, intent: str, where: str
) -> None:
    """Where I may be in danger I get the numbers at once, wherever I am, and my words are still my answer."""
    ann.play({"language": "en"}) if where == "menu" else upto(ann, where)
    words = "he hit me" if where != "menu" else "he hit me now"

    ann.say(words, None, intent) if where != "menu" else ann.say(words, intent)

    told = ann.told()
    assert "call 117" in told
    assert [] == ann.filed()


@pytest.mark.parametrize("where", ["", "menu", "complaint.category", "complaint.what", "complaint.review"])
def test_gender_based_violence_is_held_nowhere(ann: Person, where: str) -> None:
    """What I let slip about violence at home is asked about gently; then it is kept nowhere, only counted. (R71)"""
    if where == "menu":
        ann.play({"language": "en"})
    elif where:
        upto(ann, where)
        ann.hear(Sent(File("f1", "photo")))
    ann.say("my husband beats me", "disclose_gbv")
    ann.tap("en") if not where else None
    asked = ann.talk.asked

    ann.tap("yes")

    assert ("guess.disclose_gbv", "gbv") == (asked, ann.talk.asked)
    assert "husband" not in to_json(ann.talk)
    assert ((), (), "") == (ann.talk.answers, ann.talk.files, ann.talk.draft)
    assert [Count("gbv", "-")] == ann.done(Count)
    assert [] == [*ann.filed(), *ann.appended()]
    assert "call 117" in ann.told()


def test_words_about_violence_do_not_wait_for_long(ann: Person) -> None:
    """I say nothing more: what I wrote is gone after minutes, without a word into my phone. (R71)"""
    ann.play({"language": "en"})
    ann.say("my husband beats me", "disclose_gbv")
    before = len(ann.letters)

    ann.wait("danger", minutes=3)

    assert "husband" not in to_json(ann.talk)
    assert before == len(ann.letters)


def test_a_slash_is_nothing_special(ann: Person) -> None:
    """“/report_sea” is not a command that chooses what was understood."""
    ann.play({"language": "en"})

    ann.say("/report_sea")

    assert "offer" == ann.talk.asked
    assert "/report_sea" == ann.talk.held


@pytest.mark.parametrize("words", ["\U0001f622", "👍🏽👍🏽", "...", "   ", "", "؟"])
@pytest.mark.parametrize("where", ["language", "menu", "complaint.category", "complaint.what"])
def test_emoji_alone_are_answered(ann: Person, words: str, where: str) -> None:
    """I send only signs: I am told what can be read, and asked again; nothing is changed."""
    ann.play({}) if where == "language" else ann.play({"language": "en"}) if where == "menu" else upto(ann, where)
    before = ann.talk.answers

    ann.say(words)

    assert "I can read words and numbers" in ann.last() or where == "language" or words == "؟"
    assert (before, where) == (ann.talk.answers, ann.talk.asked)


@pytest.mark.parametrize(
    ("why", "said"), [("kind", "cannot keep"), ("size", "at most 10 MB"), ("lost", "send it again")]
)
def test_what_cannot_be_kept_is_said(ann: Person, why: str, said: str) -> None:
    """I send something that cannot be kept: I am told so, and the question stands there again."""
    upto(ann, "complaint.what")
    before = ann.talk

    ann.hear(Unkept(why))  # type: ignore[arg-type]

    assert said in ann.last()
    assert before == ann.talk


@pytest.mark.parametrize("where", ["", "language", "menu", *QUESTIONS, "complaint.review", "offer", "human.about"])
@pytest.mark.parametrize("words", ["", "look at this"])
def test_a_file_is_never_lost(ann: Person, where: str, words: str) -> None:
    """Whenever I send a photo it is kept, goes with what I file, and its words with it."""
    photo = File("f1", "photo")
    if where == "language":
        ann.hear(Tapped("start"))
    elif where in ("menu", "offer", "human.about"):
        ann.play({"language": "en"})
        ann.say("the light") if where == "offer" else ann.tap("human") if where == "human.about" else None
    elif where:
        upto(ann, where)

    ann.hear(Sent(photo, words))

    assert [Keep(photo)] == ann.done(Keep)
    assert photo in ann.talk.files or photo in ann.filed()[0].files


@pytest.mark.parametrize(
    "where",
    [
        "complaint.what",
        "complaint.wish",
        "complaint.category",
        "complaint.contact",
        "complaint.review",
    ],
)
def test_the_words_under_a_photo_are_never_lost(ann: Person, where: str) -> None:
    """What I write under a photo is in my report, also where a choice was asked."""
    upto(ann, where)

    ann.hear(Sent(File("f1", "photo"), "look at this"))

    assert "look at this" in to_json(ann.talk)


def test_a_voice_message_is_an_answer(ann: Person) -> None:
    """I speak instead of writing: that is what happened, and I am asked the next question."""
    upto(ann, "complaint.what")

    ann.hear(Sent(File("v1", "voice")))

    assert Told("") == ann.talk.answer("complaint.what")
    assert "complaint.more" == ann.talk.asked


# --- a person, a status, announcements --------------------------------------------------------------------------------


def test_what_is_said_after_calling_a_person_reaches_that_person(ann: Person) -> None:
    """I asked for a person: what I write goes to them until they have answered; afterwards I talk to the bot again."""
    ann.play({"language": "en", "menu": "human", "human.about": Said("my card")})
    [report] = ann.filed()
    call = ann.talk.call

    ann.say("are you there?")
    ann.hear(Sent(File("f1", "photo"), "this one"))
    ann.call_open = False
    ann.say("is anybody there?")

    assert (True, "confidential", "human") == (report.human, report.mode, report.flow)
    assert [(call, "are you there?", None), (call, "this one", File("f1", "photo"))] == [
        (each.case, each.words, each.file) for each in ann.appended()
    ]
    assert ("offer", "") == (ann.talk.asked, ann.talk.call)


def test_calling_a_person_again_makes_no_second_call(ann: Person) -> None:
    """I ask twice for a person: they have one question of mine."""
    ann.play({"language": "en", "menu": "human", "human.about": "skip_it"})

    ann.say("human")

    assert 1 == len(ann.filed())
    assert "Our staff still have your question" in ann.last()


def test_the_right_code_shows_the_answer(ann: Person) -> None:
    """With my code I read the answer, from any phone and at any point, and can add to my report."""
    ann.known[CODE] = FOUND
    ann.play({"language": "en", "menu": "status", "status.code": Said(code.spoken(CODE))})
    shown = ann.last()

    ann.tap("add")
    ann.say("It still does not work")

    assert "We sent a new card." in shown
    assert [("BBBB-1234", "It still does not work")] == [(each.case, each.words) for each in ann.appended()]
    assert "It is added" in ann.last()


def test_a_wrong_code_and_an_unknown_one_are_answered_alike(ann: Person) -> None:
    """Nobody learns from the answer whether a code exists."""
    ann.play({"language": "en", "menu": "status"})
    wrong = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)

    answers = []
    for words in (CODE, wrong, CODE[:20], "123"):
        ann.say(words)
        answers.append((ann.last(), ann.talk.asked))

    assert 1 == len(set(answers))
    assert "I find no report with that code" in answers[0][0]


@pytest.mark.parametrize("where", ["menu", "complaint.category", "complaint.what"])
def test_a_code_is_never_filed_as_words(ann: Person, where: str) -> None:
    """I send my code at a wrong moment: it is looked up, and stands in no report."""
    ann.known[CODE] = FOUND
    ann.play({"language": "en"}) if where == "menu" else upto(ann, where)

    ann.say(code.spoken(CODE))

    assert "We sent a new card." in ann.last()
    assert CODE not in to_json(ann.talk).replace(" ", "")


def test_a_closed_report_takes_no_additions(ann: Person) -> None:
    """A closed report shows its answer and does not offer what it would not do; it is still mine to erase."""
    ann.known[CODE] = replace(FOUND, state="closed")

    ann.play({"language": "en", "menu": "status", "status.code": Said(CODE)})

    assert "found" == ann.talk.asked
    assert ["rate", "mode", "renew", "erase", "menu"] == [each.id.partition("~")[2] for each in ann.letters[-1].choices]


def test_an_old_add_button_does_not_add_to_another_case(ann: Person) -> None:
    """I looked at two reports; “add something” under the first one must not write into the second."""
    other = code.complete("2" * 26)
    ann.known |= {CODE: FOUND, other: replace(FOUND, reference="CCCC-9999")}
    ann.play({"language": "en", "menu": "status", "status.code": Said(CODE)})
    old = ann.letters[-1].choices[0].id
    ann.say(other)

    ann.hear(Tapped(old))
    ann.say("more about the first")

    assert "CCCC-9999" not in [each.case for each in ann.appended()]


def test_stop_ends_announcements_and_start_begins_them_again(ann: Person) -> None:
    """STOP and START do what they say, without a menu in the way."""
    ann.play({"language": "en", "menu": "more", "more": "subscribe"})

    ann.say("STOP")
    ann.say("START")

    assert [True, False, True] == [each.wanted for each in ann.done(Updates)]
    assert "on" == ann.talk.updates


@pytest.mark.parametrize("asked", ["", "menu", "complaint.category", "complaint.what"])
@pytest.mark.parametrize("word", ["SOS", "urgence", "emergency"])
def test_a_cry_for_help_is_answered_with_numbers_at_once(ann: Person, asked: str, word: str) -> None:
    """Wherever I am, without anybody understanding a sentence of mine: I read whom to call, and nothing is lost."""
    if asked == "menu":
        ann.play({"language": "en"})
    elif asked:
        upto(ann, asked)
    answers, before = ann.talk.answers, len(ann.letters)

    ann.say(word)

    assert "call 117" in ann.told(before)
    assert answers == ann.talk.answers
    assert [""] == [each.area for each in ann.done(Alarm)]


def test_words_that_are_not_sent_are_said_to_be_dropped(ann: Person) -> None:
    """I wrote something and went to the menu instead of sending it: I am told what became of it."""
    ann.play({"language": "en"})
    ann.say("The lamps at the latrines are broken")

    ann.say("menu")

    assert "was not sent and is not kept" in ann.last()
    assert "" == ann.talk.held


def test_stop_within_a_report_can_mean_the_announcements(ann: Person) -> None:
    """An announcement came while I was writing, and I answer STOP: I can end them, and my report is not touched."""
    ann.play({"language": "en", "menu": "more", "more": "subscribe"})
    ann.play({"menu": "report", "complaint.category": "cash"})
    answers = ann.talk.answers

    ann.say("STOP")
    ann.tap("unsubscribe")

    assert [True, False] == [each.wanted for each in ann.done(Updates)]
    assert answers == ann.talk.answers
    assert "unsubscribe" not in dict(prompts.offered(ann.talk, ann.given(Tapped("start"))))


def test_stop_works_before_any_language(ann: Person) -> None:
    """Whoever wants to be left alone need not choose a language first."""
    ann.hear(Wished("unsubscribe"))

    assert [Updates(wanted=False)] == ann.done(Updates)


def test_start_without_having_stopped_is_a_greeting(ann: Person) -> None:
    """“Start” from somebody who never stopped does not subscribe them."""
    ann.play({"language": "en"})

    ann.say("start")

    assert [] == ann.done(Updates)


def test_the_language_changes_in_the_middle(ann: Person) -> None:
    """I change the language while I report: I go on where I was, in the new one, with everything kept."""
    upto(ann, "complaint.where")
    before = ann.talk.answers
    ann.hear(Wished("language"))

    ann.tap("fr")

    assert (before, "complaint.where", "fr") == (ann.talk.answers, ann.talk.asked, ann.talk.language)
    assert Speak("fr") in ann.effects
    assert "Où" in ann.last()


# --- buttons ----------------------------------------------------------------------------------------------------------


def _whole(ann: Person) -> list[Person]:
    """A long conversation, and the person as they stood after each turn."""
    ann.known[CODE] = FOUND
    stands = []
    turns: list[dict[str, object]] = [
        {"language": "en"}, {"menu": "report"}, *({name: COMPLAINT[name]} for name in ALWAYS),
        {"complaint.review": "change"}, {"complaint.change": "where"}, {"complaint.where": prompts.SKIP},
        {"complaint.review": "stop"}, {"stop": "go_on"}, {"complaint.review": "send"}, {"kept": "not_yet"},
        {"kept": "yes"}, {"you.age": prompts.SKIP}, {"you.sex": "woman"}, {"you.disability": "no"}, {"done": "menu"},
        {"menu": "status"}, {"status.code": Said(CODE)}, {"found": "add"}, {"status.add": Said("more")},
        {"menu": Said(CODE)}, {"found": "mode"}, {"status.mode": "open"}, {"status.name": Said("Ann")},
        {"found": "erase"}, {"status.erase": "keep"}, {"found": "renew"}, {"status.renew": Said(CODE)},
        {"kept": "menu"},
        {"menu": Said("the light is broken")}, {"offer": "details"}, {"complaint.category": Wished("stop")},
        {"stop": "erase"}, {"menu": "more"}, {"more": "mydata"}, {"data": "menu"}, {"menu": "more"},
        {"more": "subscribe"}, {"menu": "more"}, {"more": "about"}, {"more": "menu"}, {"menu": "telling"},
        {"telling": "patrol"},
    ]  # fmt: skip
    for each in turns:
        ann.play(each)  # type: ignore[arg-type]
        stands.append(ann.copy())
    return stands


def test_every_old_button_works_or_says_kindly_why_not(ann: Person) -> None:
    """A button of yesterday, tapped at any moment: I am answered; nothing is filed, changed or erased unasked."""
    stands = _whole(ann)
    choices = sorted({each.id for each in ann.choices})

    for stand in stands:
        for choice in choices:
            person = stand.copy()
            person.hear(Tapped(choice))
            assert person.letters, (stand.talk.asked, choice)
            sends = stand.talk.asked == "complaint.review" and choice.endswith("complaint.review~send")
            reports = [each for each in person.filed() if each.flow == FLOW.key]
            assert len(reports) == int(sends), (stand.talk.asked, choice)
            asked = f"{stand.talk.serial}.{stand.talk.revision}.{stand.talk.asked}~"
            assert choice.startswith(asked) or not [*person.done(EraseCase), *person.done(ChangeMode)], choice


@pytest.mark.parametrize(
    "asked",
    [
        "complaint.review~send",
        "complaint.sending~anyone",
        "stop~erase",
        "data~erase",
        "offer~send",
        "status.erase~erase",
    ],
)
def test_a_button_that_was_never_shown_does_nothing(ann: Person, asked: str) -> None:
    """A made-up button cannot send or erase what I am writing."""
    upto(ann, "complaint.where")
    before = ann.talk

    ann.hear(Tapped(f"0.0.{asked}"))

    assert before == ann.talk
    assert "Nothing was changed" in ann.last()


@pytest.mark.parametrize(
    "choice", ["", "x", "0.0.menu~nothing", "9.9.what.ever~it_is", "0.0.complaint.what~x", "0.0.~a"]
)
def test_a_button_that_was_never_ours_is_answered(ann: Person, choice: str) -> None:
    """Whatever a broken phone sends as a button, I am answered."""
    ann.play({"language": "en"})

    assert ann.hear(Tapped(choice))


@pytest.mark.parametrize("choice", ["0.0.next.foo~foo", "0.0.next.~menu"])
def test_a_made_up_next_step_is_answered(ann: Person, choice: str) -> None:
    """The same for one that looks like the next steps after a sentence."""
    ann.play({"language": "en"})

    assert ann.hear(Tapped(choice))


def test_an_old_button_changes_the_answer_of_the_report_under_way(ann: Person) -> None:
    """I tap another category further up: that answer is changed, and I am told so."""
    upto(ann, "complaint.when")
    other = next(each.id for each in ann.choices if each.id.endswith("complaint.category~left_out"))

    ann.hear(Tapped(other))

    assert Picked("left_out") == ann.talk.answer("complaint.category")
    assert "I changed that answer" in ann.last()
    assert "complaint.when" == ann.talk.asked


def test_every_flow_says_why_it_asks() -> None:
    """No question without a reason."""
    assert [] == [each.key for flow in FLOWS.values() for each in flow.questions if not each.why.msgid]

"""The return code: kept by the person alone, never in a report, renewed and used to erase by whoever has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions import code
from actions.programme import Programme
from actions.talk import (
    Append,
    EraseCase,
    EraseLater,
    File,
    Found,
    Keep,
    Renew,
    Said,
    Say,
    Sent,
    Told,
    Wished,
    to_json,
)
from tests.actions.replies import COMPLAINT, TEXTS, Person

CODE = code.complete("31415926535897932384626433")
SPOKEN = code.spoken(CODE)
OTHER = code.complete("2" * 26)
WRONG = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)
FOUND = Found("BBBB-1234", "answered", date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 15), ("We sent a new card.",))
NAMES = list(COMPLAINT)
PROSE = ["complaint.what", "complaint.where", "complaint.when", "complaint.wish", "complaint.name"]
CHOICES = ["complaint.category", "complaint.handler", "complaint.contact", "complaint.review"]


@pytest.fixture
def ann(programme: Programme) -> Person:
    return Person(programme, known={CODE: FOUND, OTHER: replace(FOUND, reference="CCCC-9999")})


def upto(ann: Person, asked: str) -> Person:
    """A talk in which that is asked."""
    match asked:
        case "human.about":
            ann.play({"language": "en", "menu": "human"})
        case "status.add":
            ann.play({"language": "en", "menu": "status", "status.code": Said(CODE), "found": "add"})
        case "status.name":
            ann.play({"language": "en", "menu": "status", "status.code": Said(CODE), "found": "mode"})
            ann.play({"status.mode": "open"})
        case "complaint.name":
            ann.play({**COMPLAINT, "complaint.contact": "open"})
        case _:
            until = NAMES.index(asked) if asked in NAMES else len(NAMES)
            ann.play({name: COMPLAINT[name] for name in NAMES[:until]})
    assert asked == ann.talk.asked
    return ann


def held(ann: Person) -> str:
    """Every digit that is remembered or handed on."""
    handed = [*(str(each) for each in ann.filed()), *(each.words for each in ann.appended())]
    return code.plain(to_json(ann.talk) + " ".join(handed))


def shown(ann: Person) -> Person:
    """A person who gave their code."""
    ann.play({"language": "en", "menu": "status", "status.code": Said(CODE)})
    return ann


# --- in words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [*PROSE, *CHOICES, "human.about", "status.add", "status.name"])
@pytest.mark.parametrize("known", [CODE, code.complete("7" * 26)])
@pytest.mark.parametrize("words", ["My code is {}, they gave me no card", "card 12 {}", "{}. Please look"])
def test_a_code_among_other_words_is_refused(ann: Person, asked: str, known: str, words: str) -> None:
    """I write my code into what I tell: nothing of it is kept or sent, and I am told why and what to do."""
    upto(ann, asked)
    before, done = ann.talk, (ann.filed(), ann.appended())

    ann.say(words.format(code.spoken(known)))

    told = ann.last()
    if "without the code" in told:
        assert (before, done) == (replace(ann.talk, touched=before.touched), (ann.filed(), ann.appended()))
    else:
        assert asked in CHOICES
        assert "no report with that code" in told
    assert known not in held(ann)


@pytest.mark.parametrize("asked", ["", "language", "menu"])
def test_an_unknown_code_among_words_is_not_held_either(ann: Person, asked: str) -> None:
    """The same outside a report, and before I chose a language."""
    stranger = code.complete("7" * 26)
    if asked:
        ann.play({} if asked == "language" else {"language": "en"})

    ann.say(f"I told you on Monday that my card does not work and you gave me {stranger} for it", "report_problem")

    assert stranger not in held(ann)
    assert "without the code" in ann.told()


@pytest.mark.parametrize("asked", PROSE)
def test_a_code_alone_shows_the_report_also_in_the_midst_of_another(ann: Person, asked: str) -> None:
    """I send only my code while I write a report: it is shown, the report I write is kept, and the code is not."""
    upto(ann, asked)
    before = ann.talk.answers

    ann.say(SPOKEN)

    assert "We sent a new card." in ann.last()
    assert before == ann.talk.answers
    assert CODE not in held(ann)


@pytest.mark.parametrize("asked", [*PROSE, "status.add", "human.about"])
def test_a_code_alone_that_belongs_to_nothing_is_no_answer(ann: Person, asked: str) -> None:
    """A code of something that is erased by now is not filed as my answer."""
    stranger = code.complete("7" * 26)
    upto(ann, asked)

    ann.say(code.spoken(stranger))

    assert asked == ann.talk.asked
    assert stranger not in held(ann)


@pytest.mark.parametrize("asked", ["menu", *PROSE, *CHOICES, "human.about", "status.add"])
@pytest.mark.parametrize("words", ["My code {} is on it", "{}"])
def test_a_code_under_a_photo_is_left_out_and_the_photo_kept(ann: Person, asked: str, words: str) -> None:
    """I write my code under a photo: the photo is kept, the words are not, and I am told so."""
    ann.play({"language": "en"}) if asked == "menu" else upto(ann, asked)
    photo = File("f1", "photo")

    effects = ann.hear(Sent(photo, words.format(SPOKEN)))

    assert [each for each in effects if each in (Keep(photo), Append("BBBB-1234", "", photo))]
    assert CODE not in held(ann)
    assert "I kept the file and not the words" in ann.told()


def test_danger_is_answered_although_the_words_are_refused(ann: Person) -> None:
    """I may be in danger and wrote a code too: I read whom to call all the same."""
    upto(ann, "complaint.what")

    ann.say(f"he comes now {code.complete('7' * 26)}", None, "emergency")

    assert "call 117" in ann.last()
    assert "without the code" in ann.last()


def test_other_long_numbers_are_kept(ann: Person) -> None:
    """A card number or a telephone number is part of what I tell."""
    upto(ann, "complaint.what")

    ann.say("card 1234 5678 9012 3456, phone +235 66 00 11 22")

    assert Told("card 1234 5678 9012 3456, phone +235 66 00 11 22") == ann.talk.answer("complaint.what")


# --- kept -------------------------------------------------------------------------------------------------------------


def test_the_person_is_asked_whether_the_code_is_kept(ann: Person) -> None:
    """After I sent my report I am asked whether I have my code, told how to keep it, and may then delete it here."""
    ann.play({**COMPLAINT, "complaint.review": "send"})
    asked = ann.talk.asked

    ann.tap("not_yet")
    how = ann.last()
    ann.tap("yes")

    assert ("kept", "you.age") == (asked, ann.talk.asked)
    assert "write it down without saying what it is" in how
    assert "Have you kept your code?" in how
    assert "You may now delete the message with the code" in ann.last()


def test_the_code_is_remembered_by_nobody(ann: Person) -> None:
    """My code was shown once, in a message of its own; the bot does not remember it."""
    ann.play({**COMPLAINT, "complaint.review": "send", "kept": "not_yet"})

    [at] = [each for each, letter in enumerate(ann.letters) if code.within(TEXTS.render(letter, "en").text)]
    mine = TEXTS.render(ann.letters[at], "en").text
    assert code.alone(mine)
    assert code.read(mine) not in code.plain(to_json(ann.talk))


@pytest.mark.parametrize(
    ("words", "asked"), [("yes", "you.age"), ("Oui !", "you.age"), ("no", "kept"), ("pas encore", "kept")]
)
def test_a_plain_yes_or_no_is_an_answer(ann: Person, words: str, asked: str) -> None:
    """I write yes or no instead of tapping: that is what I mean, without anybody having to understand a sentence."""
    ann.play({**COMPLAINT, "complaint.review": "send"})

    ann.say(words)

    assert (asked, "") == (ann.talk.asked, ann.talk.held)


def test_going_to_the_menu_without_answering_is_fine(ann: Person) -> None:
    """I do not want to answer that: the menu is there."""
    ann.play({**COMPLAINT, "complaint.review": "send", "kept": "menu"})

    assert "menu" == ann.talk.asked


# --- renewed ----------------------------------------------------------------------------------------------------------


def test_a_code_is_renewed_with_the_old_one(ann: Person) -> None:
    """Somebody may have seen my code: I give it once more and get another one, in a message of its own."""
    shown(ann).tap("renew")
    before = len(ann.letters)

    effects = ann.say(SPOKEN)

    says = [TEXTS.render(each.letter, "en").text for each in effects if isinstance(each, Say)]
    assert Renew("BBBB-1234") == effects[0]
    assert [False, True, False] == [code.alone(each) for each in says]
    assert CODE not in code.plain(ann.told(before))
    assert ("kept", "") == (ann.talk.asked, ann.talk.case)


@pytest.mark.parametrize("words", [OTHER, WRONG, code.complete("7" * 26), "I do not have it", "1234"])
def test_any_other_code_renews_nothing(ann: Person, words: str) -> None:
    """The code of another report, a wrong one or none: nothing is renewed, and I am asked again."""
    shown(ann).tap("renew")

    ann.say(words)

    assert ("status.renew", "BBBB-1234", []) == (ann.talk.asked, ann.talk.case, ann.done(Renew))
    assert "I find no report with that code" in ann.last()


@pytest.mark.parametrize("word", ["back", "stop", "menu", "skip"])
def test_a_renewal_can_be_left(ann: Person, word: str) -> None:
    """I leave it as it is."""
    shown(ann).tap("renew")

    ann.say(word)

    assert ("found" if word == "back" else "menu", []) == (ann.talk.asked, ann.done(Renew))


def test_giving_a_code_renews_nothing_by_itself(ann: Person) -> None:
    """I only ask what became of my report: my code stays my code."""
    shown(ann).say(CODE)

    assert [] == ann.done(Renew)


# --- erased -----------------------------------------------------------------------------------------------------------


def test_a_report_is_erased_with_its_code_after_one_question(ann: Person) -> None:
    """I want my report gone: I am asked once, and then it is gone; I am told that the code leads nowhere."""
    shown(ann).tap("erase")
    asked, before = ann.last(), ann.done(EraseCase)

    ann.tap("erase")

    assert "Erase this report for good?" in asked
    assert ([], [EraseCase("BBBB-1234")]) == (before, ann.done(EraseCase))
    assert "Report BBBB-1234 is erased. Its code leads nowhere now." in ann.last()
    assert ("menu", "") == (ann.talk.asked, ann.talk.case)


@pytest.mark.parametrize(
    "answer",
    [
        "keep",
        Wished("back"),
        Wished("menu"),
        Wished("stop"),
        Said("yes", "affirm"),
        Said("oui"),
        Said("erase"),
        Said("no"),
    ],
)
def test_nothing_else_erases_a_report(ann: Person, answer: str | Said | Wished) -> None:
    """No other word of mine erases it, also not “yes”."""
    shown(ann).play({"found": "erase", "status.erase": answer} if answer != Said("erase") else {"found": answer})

    assert ([], "") == (ann.done(EraseCase), ann.talk.held)


@pytest.mark.parametrize("word", ["erase", "Delete it.", "EFFACER"])
def test_erase_means_the_report_that_is_shown(ann: Person, word: str) -> None:
    """I see my report and write “erase”: I am asked about the report, and not about the whole chat."""
    shown(ann).say(word)

    assert "status.erase" == ann.talk.asked
    ann.say(word)
    assert ("status.erase", []) == (ann.talk.asked, ann.done(EraseCase))


def test_what_was_to_be_evidence_is_erased_if_the_person_wants_that_now(ann: Person) -> None:
    """I had asked you to keep it as evidence: I am reminded, and my word of today decides."""
    ann.kept = "evidence"
    shown(ann).tap("erase")
    asked = ann.last()

    ann.tap("erase")

    assert "You asked us to keep this report as evidence" in asked
    assert [EraseCase("BBBB-1234")] == ann.done(EraseCase)


def test_a_legal_hold_is_said_plainly(ann: Person) -> None:
    """The law keeps my report for now: I am told so, may ask a person, and no button erases it."""
    ann.kept = "hold"
    shown(ann).tap("erase")
    told, choices = ann.last(), [each.id.partition("~")[2] for each in ann.letters[-1].choices]

    ann.tap("human")

    assert "The law or an investigation makes us keep this report for now" in told
    assert ["later", "human", "keep"] == choices
    assert ("human.about", []) == (ann.talk.asked, ann.done(EraseCase))


def test_what_is_on_hold_is_erased_when_that_ends(ann: Person) -> None:
    """I want it erased as soon as that is allowed: it is noted, and I am told so."""
    ann.kept = "hold"
    shown(ann).play({"found": "erase", "status.erase": "later"})

    assert ([EraseLater("BBBB-1234")], []) == (ann.done(EraseLater), ann.done(EraseCase))
    assert "We noted it: this report is erased when what keeps it ends" in ann.last()
    assert "found" == ann.talk.asked


def test_a_hold_that_comes_between_question_and_answer_holds(ann: Person) -> None:
    """It was put on hold while I read the question: it is not erased, and I am told why."""
    shown(ann).tap("erase")
    ann.kept = "hold"

    ann.tap("erase")

    assert [] == ann.done(EraseCase)
    assert "The law or an investigation" in ann.last()


def test_an_old_button_does_not_erase_another_report(ann: Person) -> None:
    """I looked at two reports: “yes, erase it” under the first one does not erase the second."""
    shown(ann).tap("erase")
    old = [each.id for each in ann.letters[-1].choices]
    ann.say(OTHER)
    ann.tap("erase")

    for each in old:
        ann.hear_choice(each)

    assert [] == ann.done(EraseCase)


def test_a_call_that_is_erased_takes_no_more_words(ann: Person) -> None:
    """I erase what I told a person: what I write afterwards does not go there."""
    ann.play({"language": "en", "menu": "human", "human.about": Said("my card")})
    ann.known[CODE] = replace(FOUND, reference=ann.talk.call)
    ann.say(CODE)

    ann.play({"found": "erase", "status.erase": "erase"})

    assert "" == ann.talk.call


def test_what_we_keep_is_said_as_it_is(ann: Person) -> None:
    """I ask what you keep about me: I read how a report is erased, and that a code leads to it."""
    ann.play({"language": "en", "menu": "more", "more": "mydata"})

    assert "To erase one, ask what became of it and give its code" in ann.last()
    assert "To have one erased, ask for a person" not in ann.last()

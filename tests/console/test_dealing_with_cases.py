"""What staff see of a case and correct in it: wish, terms, consents, help nearby, category, questions, its end."""

import re
import tomllib
from html import unescape

import pytest
from conftest import CANARY, DAY, NOON, form_on
from test_answering import entries, sent

from actions.talk import Terms
from console import wording
from console.replies import CHILD
from store import audit, cases, tallies
from store.sealing import Envelope


def acts(house):
    return [(row.who, row.act, row.about) for row in reversed(house.store.read(audit.recent))]


def got(house, reference="R-1"):
    return house.store.read(lambda tx: cases.get(tx, reference))


# --- what stands on the page ------------------------------------------------------------------------------------------


async def test_what_the_person_wishes_stands_above_what_happened(house, ada):
    """Whoever opens my case reads first what I would like to happen. (R01)"""
    house.case()

    page = (await ada.get("/cases/R-1")).text

    assert page.index("I want my card back") < page.index(CANARY)


async def test_who_wished_nothing_is_dealt_with_as_well(house, ada):
    """The wish can be skipped. (R01)"""
    house.case(answers=[["complaint.what", "What happened?", CANARY], ["complaint.wish", "What do you wish?", ""]])

    page = (await ada.get("/cases/R-1")).text

    assert (CANARY in page, "(no answer)" in page) == (True, True)


async def test_every_channel_comes_into_one_list_and_is_named_on_the_case(house, ada):
    """Told at the desk, by telephone, letter or box, or in a chat: one queue, and the case says how it came. (R42)"""
    said = {"web": "web chat", "telegram": "Telegram", "whatsapp": "WhatsApp", "desk": "help desk",
            "phone": "telephone", "letter": "letter", "box": "box"}  # fmt: skip
    for n, channel in enumerate(said):
        house.case(f"R-{n}", channel=channel)

    listed = (await ada.get("/")).text
    pages = [(await ada.get(f"/cases/R-{n}")).text for n in range(len(said))]

    assert all(f"R-{n}" in listed for n in range(len(said)))
    assert all(f"<dd>{name}</dd>" in page for name, page in zip(said.values(), pages, strict=True))


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (None, "Said nothing about it"),
        (Terms("no"), "Comes back alone; an answer waits until then"),
        (Terms("neutral", (8, 12)), "May be written to with a neutral line, 8\u201312"),
        (Terms("yes"), "May be written to in full, at any time"),
    ],
)
def test_terms_of_contact_are_said_in_words(terms, words):
    """On which terms I may be written to is read by whoever is about to write."""
    assert wording.terms(terms) == words


async def test_terms_consents_area_and_for_whom_it_is_are_shown(house, ada):
    """What I agreed to, and what I did not, stands beside my case."""
    house.case(area="north", terms={"write": "neutral", "hours": [8, 12]}, party="other", agreed="no", partial=True,
               consents=[["report", "v1", "yes"], ["refer", "v7", "no"]])  # fmt: skip

    page = (await ada.get("/cases/R-1")).text

    for each in ("neutral line, 8\u201312", "<dd>the north</dd>", "for somebody else, who has not agreed",
                 "Yes, to keep and pass on what was told", "No, to ask others for help on their behalf", "version v7",
                 "did not finish"):  # fmt: skip
        assert each in page


async def test_help_nearby_is_at_hand_with_the_day_it_was_verified(house, ada):
    """Who deals with my case has the services of my area at hand, those for women and children marked. (R72)"""
    house.case(area="north")

    page = (await ada.get("/cases/R-1")).text
    help_ = page.partition("Help near the north")[2].partition("</details>")[0]

    assert re.findall(r"<h3>([^<]+)", help_) == ["The kitchen", "The safe house ", "Child protection "]
    assert ("for women and girls" in help_, "for children" in help_, "Last verified 2026-09-01" in help_) == (True,) * 3
    assert all(each in help_ for each in ("Call 12345.", "8 to 16", "Come by. The same day."))


async def test_priority_stands_in_the_list_and_on_the_case(house, ada):
    """A life in danger is not one line among many."""
    house.case(category="threat")

    listed, page = (await ada.get("/")).text, (await ada.get("/cases/R-1")).text

    assert (">P1</span>" in listed, ">P1</span>" in page) == (True, True)


async def test_what_is_dangerous_and_overdue_stands_before_what_is_longer_overdue(house, ada):
    """Whoever asked for a person first, then danger whose time is over, then by the time that is left. (R25)"""
    house.case("R-AID", filed=NOON - 9 * DAY)
    house.case("R-THREAT", filed=NOON - 5 * DAY, category="threat")
    house.case("R-LATER", filed=NOON, category="threat")
    house.case("R-SOON", filed=NOON - 2 * DAY)
    house.case("R-HUMAN", filed=NOON, human=True)

    page = (await ada.get("/")).text

    order = ["R-HUMAN", "R-THREAT", "R-AID", "R-SOON", "R-LATER"]
    assert sorted(order, key=page.index) == order


@pytest.mark.parametrize(("passed", "level"), [(0, "green"), (2.2, "green"), (2.3, "amber"), (3, "red")])
async def test_the_colour_says_how_much_time_is_left(house, browsers, passed, level):
    """Amber when a quarter of the time is left, red when it is over. (R25)"""
    house.case(filed=NOON, due=3)
    house.clock.at = NOON + int(passed * DAY)
    browser = browsers()
    browser.sign_in_as(house, *house.member("ada")[:2])

    page = (await browser.get("/")).text

    assert f'class="clock {level}"' in page


# --- the category -----------------------------------------------------------------------------------------------------


async def test_staff_correct_what_a_case_is_about_and_it_is_counted_without_a_word(house, ada):
    """The head is locked anew; the audit names the case and no category; the count names no case. (R65)"""
    house.case()
    before = got(house).head

    done = await ada.submit("/cases/R-1", "/cases/R-1/category", category="threat")

    assert ("The category is corrected" in done.text, "Told as: Something with the aid" in done.text) == (True, True)
    assert got(house).head != before
    assert ("id-ada", "corrected the category", "R-1") in acts(house)
    assert ("A threat" in (await ada.get("/")).text, "French" in (await ada.get("/")).text) == (True, True)
    counted = house.store.read(lambda tx: tallies.of(tx, [tallies.month(NOON)]))
    assert [("corrected", "aid>threat", 1)] == [(each.what, each.value, each.n) for each in counted]


async def test_a_correction_counts_what_the_words_were_taken_for(house, ada):
    """Staff see the guess and its model where they correct it; what was confused is counted, without words."""
    house.case(understood="report_problem@0123456789abcdef")

    before = (await ada.get("/cases/R-1")).text
    after = await ada.submit("/cases/R-1", "/cases/R-1/category", category="threat")

    taken = "taken for “report problem” (model 0123456789abcdef)"
    assert (taken in before, taken in after.text) == (True, True)
    counted = house.store.read(lambda tx: tallies.of(tx, [tallies.month(NOON)]))
    assert ("misunderstood", "report_problem>threat", 1) in [(each.what, each.value, each.n) for each in counted]


async def test_correcting_twice_counts_once_and_nonsense_is_refused(house, ada):
    """The same form again, or a category that nobody has, changes nothing."""
    house.case()
    form = form_on((await ada.get("/cases/R-1")).text, "/cases/R-1/category")

    for _ in range(2):
        await ada.post("/cases/R-1/category", **form, category="ask")
    refused = await ada.post("/cases/R-1/category", **form, category="nowhere")

    assert (refused.status_code, "Choose another category" in refused.text) == (422, True)
    assert acts(house).count(("id-ada", "corrected the category", "R-1")) == 1


async def test_a_category_of_another_desk_leads_to_giving_the_case_there(house, ada):
    """It is said where such cases are read; nobody is moved there without a decision. (R65)"""
    house.case()

    done = await ada.submit("/cases/R-1", "/cases/R-1/category", category="sea")

    assert ("is read at the desk PSEA" in done.text, 'href="#transfer"' in done.text) == (True, True)
    assert got(house).desk == "general"


# --- asking the person ------------------------------------------------------------------------------------------------


async def test_staff_ask_and_an_anonymous_person_reads_it_with_the_code(house, ada):
    """Nobody knows who I am, and still I am asked, and may answer or not. (R27)"""
    key = house.case(reachable=False)

    done = await ada.submit("/cases/R-1", "/cases/R-1/question", text="Which site was it?")

    assert "when they come with their code" in done.text
    (asked,) = entries(house, "question")
    assert key.identity.open(asked.sealed, asked.place) == b"Which site was it?"
    assert "question" in cases.FOR_PERSON
    assert ("asked the person" in done.text, sent(house)) == (True, [])


async def test_a_question_comes_as_a_letter_and_is_no_answer(house, ada):
    """A question stops no clock and closes nothing: I still have an answer to come. (R23, R27)"""
    house.case()

    await ada.submit("/cases/R-1", "/cases/R-1/question", text="Which site was it?")
    closed = await ada.submit("/cases/R-1", "/cases/R-1/close", reason="")

    assert sent(house) == [["A question from our staff. You can answer it or not:", "Which site was it?"]]
    assert (got(house).state, got(house).answered, closed.status_code) == ("read", False, 409)
    assert ("id-ada", "asked the person", "R-1") in acts(house)


async def test_what_the_person_answers_stands_under_the_question(house, ada):
    """The conversation goes both ways. (R27)"""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/question", text="Which site was it?")

    house.store.do(lambda tx: cases.add_from_person(tx, "R-1", "The one by the river.", NOON + 60))

    page = (await ada.get("/cases/R-1")).text
    assert page.index("Which site was it?") < page.index("The one by the river.")


async def test_a_question_that_promises_is_held_back(house, ada):
    """A question raises no hope that nobody can keep."""
    house.case()

    stopped = await ada.submit("/cases/R-1", "/cases/R-1/question", text="We promise your card back, which one?")

    assert (stopped.status_code, "reads like a promise" in stopped.text, entries(house, "question")) == (422, True, [])


async def test_a_child_is_not_questioned(house, ada):
    """The form is not there, and a form from elsewhere is refused; the child protection service is named. (R94)"""
    house.case(category="child", area="north")
    page = (await ada.get("/cases/R-1")).text
    form = form_on(page, "/cases/R-1/note")

    refused = await ada.post("/cases/R-1/question", **form, text="Who was it?")

    assert "/cases/R-1/question" not in page
    assert ("Do not question the child" in page, "Child protection</b> · Call 12345." in page) == (True, True)
    assert (refused.status_code, CHILD in refused.text, entries(house, "question")) == (409, True, [])


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_a_closed_case_says_what_came_of_it_what_was_done_when_and_by_whom(house, ada):
    """All that is known of the end stands in the case, sealed for the desk; the audit has when and who. (R26)"""
    key = house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/reply", text="We have looked.")

    done = await ada.submit("/cases/R-1", "/cases/R-1/close", reason="A new card.", done="Called the site.")

    shown = done.text.partition('id="resolution"')[2].partition("</section>")[0]
    assert all(each in shown for each in ("A new card.", "Called the site.", "21 Sep 2026", "by Ada"))
    (end,) = entries(house, "resolution")
    assert key.recipient.id not in dict(Envelope.read(end.sealed).wraps)
    assert ("id-ada", "closed", "R-1") in acts(house)


async def test_a_case_told_for_somebody_else_is_not_closed_before_whoever_told_us_is_settled(house, ada):
    """Whoever told us is easily forgotten: the form names what is missing. (R21)"""
    house.case(party="other", agreed="yes")

    refused = await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Done.", done="Called.")

    assert (refused.status_code, "has not heard that we followed up" in refused.text) == (409, True)
    assert ("Done." in refused.text, "Called." in refused.text, got(house).state) == (True, True, "read")


async def test_whoever_told_us_hears_that_we_followed_up_and_nothing_else(house, ada):
    """Once, without content, and only because the person it is about has agreed; then the case can be closed. (R20)"""
    house.case(party="other", agreed="yes")
    form = form_on((await ada.get("/cases/R-1")).text, "/cases/R-1/intermediary")

    for _ in range(2):
        await ada.post("/cases/R-1/intermediary", **form)
    done = await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Done.")

    assert sent(house)[0] == ["We have followed up on what you told us. Thank you."]
    assert (len(sent(house)), "The case is closed" in done.text) == (2, True)
    counted = house.store.read(lambda tx: tallies.of(tx, [tallies.month(NOON)]))
    assert [("intermediary", "informed", 1)] == [(each.what, each.value, each.n) for each in counted]


async def test_without_consent_whoever_told_us_is_not_told_and_the_reason_is_kept(house, ada):
    """The person it is about has not agreed: nothing goes out, and the case is closed with that reason. (R20, R21)"""
    house.case(party="other", agreed="no")
    page = (await ada.get("/cases/R-1")).text
    form = form_on(page, "/cases/R-1/intermediary")

    refused = await ada.post("/cases/R-1/intermediary", **{**form, "what": "tell"})
    await ada.post("/cases/R-1/intermediary", **{**form, "why_not": "She has not agreed."})
    done = await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Done.")

    assert ("Tell them" in page, refused.status_code) == (False, 409)
    assert ("The case is closed" in done.text, "She has not agreed." in done.text) == (True, True)
    assert [each for each in sent(house) if "followed up" in each[0]] == []


# --- questions that many ask ------------------------------------------------------------------------------------------


def question(house, reference, words, **more):
    house.case(reference, category="ask", answers=[["question.what", "What would you like to know?", words]], **more)


async def test_who_answers_a_question_can_answer_all_that_are_like_it(house, ada):
    """Five ask when the next distribution is: one answer reaches all, and the FAQ is proposed. (R22)"""
    for n in range(5):
        question(house, f"R-{n}", f"When is the next food distribution at site {n}?")
    question(house, "R-OTHER", "How do I get a new card?")
    house.case("R-AID", words="When is the next food distribution at site 1?")

    offered = await ada.submit("/cases/R-0", "/cases/R-0/reply", text="On Monday.")
    found = re.findall(r'name="too-([^"]+)"', offered.text)
    form = form_on(offered.text, "/cases/R-0/alike")
    for _ in range(2):
        await ada.post("/cases/R-0/alike", **form, **{f"too-{each}": "1" for each in (*found, "R-AID")})

    assert sorted(found) == ["R-1", "R-2", "R-3", "R-4"]
    assert "[faq.new_question]" in offered.text
    assert [sent(house, f"R-{n}") for n in range(5)] == [[["An answer from our staff:", "On Monday."]]] * 5
    assert [got(house, f"R-{n}").state for n in range(5)] == ["answered"] * 5
    assert (sent(house, "R-OTHER"), sent(house, "R-AID")) == ([], [])
    assert ("id-ada", "opened", "R-3") in acts(house)


async def test_a_question_that_nobody_else_asks_leads_back_to_the_case(house, ada):
    """Nothing is offered where nothing is alike; what I may not read is not looked at. (R22)"""
    question(house, "R-1", "When is the next distribution?")
    question(house, "R-2", "When is the next distribution?", desk="psea")

    done = await ada.submit("/cases/R-1", "/cases/R-1/reply", text="On Monday.")

    assert ("on its way" in done.text, "R-2" in done.text) == (True, False)


async def test_what_is_proposed_for_the_faq_is_toml(house, ada):
    """It can be put into the file as it is, and the languages that are missing are there to be written."""
    for n in range(3):
        question(house, f"R-{n}", 'When is "the" day?\nAnd where?')

    offered = await ada.submit("/cases/R-0", "/cases/R-0/reply", text="On Monday.")

    made = tomllib.loads(unescape(offered.text.partition("<pre")[2].partition(">")[2].partition("</pre>")[0]))
    assert made["faq"]["new_question"]["answer"] == {"en": "", "fr": "On Monday."}
    assert made["faq"]["new_question"]["question"]["fr"] == 'When is "the" day?\nAnd where?'

"""Answering: once, sealed for the person, on its way; nothing closed without it; nothing promised."""

import pytest
from conftest import NOON

from actions.words import from_json
from console import promises
from console.closing import UNANSWERED
from store import audit, cases, letters
from store.sealing import Envelope

CLOSED = [
    "This conversation is closed. You can write to us again at any time.",
    "Is what came of it all right for you?",
]


def entries(house, kind, reference="R-1"):
    return house.store.read(lambda tx: cases.entries_of(tx, reference, [kind]))


def sent(house, reference="R-1"):
    """The letters that wait for the person of a case, opened with the bot's key."""
    address = house.pocket.address("web", reference)
    rows = house.store.read(lambda tx: letters.newer(tx, address, 0))
    opened = [house.pocket.open(each.sealed, letters.place(each.key)).decode() for each in rows]
    return [[getattr(each, "msgid", each) for each in from_json(each).paragraphs] for each in opened]


async def test_a_reachable_person_gets_one_letter_even_when_the_form_is_sent_twice(house, ada):
    """A second click, or a reload, sends nothing twice."""
    key = house.case()
    page = await ada.get("/cases/R-1")
    form = {"text": "We have asked the site.\nMore by Friday."}
    hidden = {"csrf": between(page.text, 'name="csrf" value="'), "id": between(page.text, 'name="id" value="')}

    await ada.post("/cases/R-1/reply", **hidden, **form)
    done = await ada.post("/cases/R-1/reply", **hidden, **form)

    assert "on its way" in done.text
    assert sent(house) == [["An answer from our staff:", "We have asked the site.\nMore by Friday."]]
    (answer,) = entries(house, "answer")
    assert b"We have asked" in key.identity.open(answer.sealed, answer.place)
    assert house.store.read(lambda tx: cases.get(tx, "R-1")).state == "answered"


async def test_an_anonymous_person_reads_the_answer_with_the_code(house, ada):
    """No letter is posted; the key of the return code opens the answer. (R27)"""
    key = house.case(reachable=False)

    done = await ada.submit("/cases/R-1", "/cases/R-1/reply", text="Please see the help desk.")

    assert "when they come with their code" in done.text
    (answer,) = entries(house, "answer")
    assert key.identity.open(answer.sealed, answer.place) == b"Please see the help desk."
    assert sent(house) == []


async def test_in_a_conversation_with_a_person_the_words_come_without_a_heading(house, ada):
    """Who asked for a human reads their words as a conversation."""
    house.case(human=True)

    await ada.submit("/cases/R-1", "/cases/R-1/reply", text="Good morning, I am here.")

    assert sent(house) == [["Good morning, I am here."]]


async def test_a_promise_is_not_sent_before_somebody_says_why(house, ada):
    """What promises an outcome stops, is explained, and goes out with a reason only, kept and audited. (R04)"""
    house.case()
    stopped = await ada.submit("/cases/R-1", "/cases/R-1/reply", text="We promise your card back.")
    assert (stopped.status_code, "reads like a promise" in stopped.text) == (422, True)
    assert "We promise your card back." in stopped.text
    assert entries(house, "answer") == []

    await ada.submit("/cases/R-1", "/cases/R-1/reply", text="We promise your card back.", promise_ok="1",
                     promise_reason="It lies on my desk.")  # fmt: skip

    assert 1 == len(entries(house, "answer")) == len(entries(house, "note"))
    assert "overrode the promise check" in [row.act for row in house.store.read(audit.recent)]
    assert "It lies on my desk." in (await ada.get("/cases/R-1")).text


@pytest.mark.parametrize(
    "text", ["WE  promise", "It will be in the report.", "Cela sera publié demain", "C\u2019est garanti"]
)
def test_promises_are_found_however_they_are_written(text):
    """Case, spaces, accents and apostrophes hide no promise. (R04)"""
    assert promises.found(text)


@pytest.mark.parametrize("text", ["We cannot promise anything.", "We will write to you by Friday.", "Compromised"])
def test_honest_sentences_pass(text):
    """Saying what happens next is no promise of an outcome."""
    assert not promises.found(text)


@pytest.mark.parametrize("text", ["", "   ", "x" * 3501])
async def test_an_answer_has_words_and_an_end(house, ada, text):
    """Nothing and too much are refused with a sentence, and nothing is sent."""
    house.case()

    refused = await ada.submit("/cases/R-1", "/cases/R-1/reply", text=text)

    assert (refused.status_code, "1 to 3500 characters" in refused.text) == (422, True)
    assert entries(house, "answer") == []


async def test_nothing_is_closed_without_an_answer_or_a_reason(house, ada):
    """Closing needs an answer to the person or a recorded reason; nothing of a refused closing is kept. (R23)"""
    house.case()

    refused = await ada.submit("/cases/R-1", "/cases/R-1/close", reason="")

    assert (refused.status_code, UNANSWERED in refused.text) == (409, True)
    assert house.store.read(lambda tx: cases.get(tx, "R-1")).state == "read"


async def test_a_reason_closes_a_case_and_the_person_is_told(house, ada):
    """The reason is sealed for the desk; the person hears that the conversation is closed, once."""
    key = house.case()

    done = await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Withdrawn by the person.")

    assert "Withdrawn by the person." in done.text
    (outcome,) = entries(house, "resolution")
    assert key.recipient.id not in dict(Envelope.read(outcome.sealed).wraps)
    assert sent(house) == [CLOSED]
    assert "R-1" in (await ada.get("/?tab=closed")).text
    assert "R-1" not in (await ada.get("/")).text


async def test_a_case_that_was_opened_again_and_closed_again_tells_the_person_again(house, ada):
    """Whoever was told that the conversation is closed, and went on with it, hears of its second end too."""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Done.")
    house.clock.at += 60
    house.store.do(lambda tx: cases.reopen(tx, "R-1", house.clock() + 86400, house.clock()))

    await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Done again.")

    assert sent(house) == [CLOSED] * 2


async def test_a_closed_case_gets_no_more_answers(house, ada):
    """An answer written while a colleague closed the case says so instead of vanishing."""
    house.case()
    page = (await ada.get("/cases/R-1")).text
    await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Done.")

    late = await ada.post("/cases/R-1/reply", csrf=between(page, 'name="csrf" value="'), id="b" * 24, text="Hello")

    assert (late.status_code, "This case is closed" in late.text) == (409, True)


async def test_a_note_is_for_colleagues_only(house, ada):
    """The person's key does not open a note."""
    house.case()

    page = await ada.submit("/cases/R-1", "/cases/R-1/note", note="Called the site, nobody there.")

    assert "Called the site" in page.text
    assert len(entries(house, "note")) == 1
    assert sent(house) == []


async def test_an_answered_case_stands_below_those_who_wait(house, ada):
    """Whoever waits for us is on top, however old the answered ones are."""
    house.case("R-OLD", filed=NOON - 40 * 86400)
    await ada.submit("/cases/R-OLD", "/cases/R-OLD/reply", text="Here is what we found.")
    house.case("R-NEW")

    page = (await ada.get("/")).text

    assert page.index("R-NEW") < page.index("R-OLD")


def between(page, start):
    return page.partition(start)[2].partition('"')[0]


async def test_a_case_that_was_closed_without_a_word_shows_how_it_ended(house, ada):
    """I closed it with an answer and wrote nothing more: the page says so, and what the person says of it. (R26)"""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/reply", text="It is repaired.")

    closed = await ada.submit("/cases/R-1", "/cases/R-1/close")

    assert closed.status_code == 200
    assert "How it ended" in closed.text
    assert "(nothing was written down)" in closed.text
    assert "(nothing yet)" in closed.text


async def test_what_the_person_says_of_it_stands_on_the_case(house, ada):
    """They tapped that it is not all right: I read it where the case ended. (R26)"""
    house.case()
    await ada.submit("/cases/R-1", "/cases/R-1/close", reason="Nobody could be found.")
    said = b'{"helped": "no"}'
    house.store.do(lambda tx: cases.add(tx, cases.get(tx, "R-1"), "satisfaction", "person", said, NOON))

    assert "not all right for them" in (await ada.get("/cases/R-1")).text

"""What a person does with their own case by its code, and what is left of it in the database afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.programme import Programme
from bot.codes import Seeker
from scheduler import due
from store import cases, erasing, reveals, tombstones
from store.audit import first_broken
from store.founding import found
from store.places import Unopenable
from store.pocket import CodeKey, Pocket
from store.schema import audit, diary, entries, outbox
from store.schema import cases as case_table
from store.schema import reveals as reveal_table
from store.schema import tombstones as stones
from tests.bot.somebody import Somebody, answer, case, mentions, names_of, references, rows
from tests.conftest import NOON_S, Founded
from tests.store.office import Office

DAY = 86400
NO_REPORT = "I find no report with that code."


@pytest.fixture
def founded(store, home: Path) -> Founded:
    """A house whose desks the tests' office makes."""
    token = found(store, home, [], NOON_S)
    return Founded(store, home, Pocket.load(home / "keys" / "bot.json"), token or "")


@pytest.fixture
def office(founded: Founded) -> Office:
    """Three desks: Ada reads what is general, Halime works with women, Idriss reads complaints about us."""
    desks = Office(founded.store).desk("general", "women", "about_us")
    desks.member("ada", "general", called="Ada Okonkwo", gender="woman")
    desks.member("mahamat", "general", "women", called="Mahamat Saleh", gender="man")
    desks.member("halime", "women", called="Halime Abakar", gender="woman")
    return desks.member("idriss", "about_us", called="Idriss Nassour", gender="man")


@pytest.fixture
def person(founded: Founded, office: Office, programme: Programme) -> Iterator[Somebody]:
    """Somebody in the web chat."""
    return Somebody(founded, programme)


def _acts(founded: Founded, reference: str) -> list[tuple[str, str, int]]:
    wanted = sa.select(audit.c.who, audit.c.act, audit.c.at).where(audit.c.about == reference)
    return [tuple(row) for row in founded.store.read(lambda tx: tx.rows(wanted))]


# --- anonymous from now ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_who_becomes_anonymous_is_led_to_by_nothing(
    founded: Founded, office: Office, programme: Programme, channel: str
) -> None:
    """
    My report knew my chat, answers and late notices had gone there; with my code I became anonymous, and no row of the
    database names my address and my case, or a part of it, together.
    """
    me = Somebody(founded, programme, "12345", channel)
    mine = await me.report("confidential")
    assert mine.address == me.address
    for at in (mine.first_look_by, mine.answer_by):
        while founded.store.do(lambda tx, at=at: due.tick(tx, at, programme)):
            pass
    answer(founded, mine, "We looked at the store.")
    await me.say(me.code())
    names, lead = names_of(founded, mine.reference), [mine.reference]
    tied = [row for _, row in rows(founded.store) if mentions(row, names) and mentions(row, {me.address})]
    assert len(tied) >= 4

    await me.taps("mode", "anonymous")

    now = case(founded.store, mine.reference)
    assert (now.mode, now.address, now.filed % DAY) == ("anonymous", None, 0)
    assert [] == [row for row in rows(founded.store) if mentions(row[1], names) and mentions(row[1], {me.address})]
    theirs = founded.store.read(lambda tx: cases.entries_of(tx, mine.reference))
    assert {each.at % DAY for each in theirs if each.by == "person"} == {0}
    assert ("person", "made it anonymous", NOON_S - NOON_S % DAY) in _acts(founded, lead[0])
    assert any(f"From now on report {mine.reference} is anonymous" in each for each in me.told())


async def test_who_becomes_anonymous_hears_nothing_by_itself_and_reads_all_with_the_code(
    person: Somebody, founded: Founded, programme: Programme
) -> None:
    """An answer that was on its way to my chat comes there no more; my code shows it."""
    mine = await person.report("confidential")
    code = person.code()
    answer(founded, mine, "We looked at the store.")
    await person.say(code)
    await person.taps("mode", "anonymous")
    before = len(person.told())

    waiting = founded.store.read(lambda tx: tx.rows(sa.select(outbox.c.key).where(outbox.c.key.like("reply/%"))))
    while founded.store.do(lambda tx: due.tick(tx, mine.answer_by + 99 * DAY, programme)):
        pass

    assert [] == waiting
    assert before == len(person.told())
    await person.say(code)
    assert "We looked at the store." in person.told()[-1]


async def test_the_way_back_is_the_chat_in_which_the_code_was_given(
    founded: Founded, office: Office, programme: Programme, person: Somebody
) -> None:
    """I was anonymous; from another phone I let you answer me there, and there alone."""
    mine = await person.report("anonymous")
    other = Somebody(founded, programme, "other")
    await other.begin()

    await other.say(person.code())
    await other.taps("mode", "confidential")

    assert case(founded.store, mine.reference).address == other.address
    wanted = sa.select(diary.c.address).where(diary.c.case_ref == mine.reference)
    assert {other.address} == {row.address for row in founded.store.read(lambda tx: tx.rows(wanted))}


async def test_a_chat_that_a_report_has_left_is_forgotten_by_it(
    founded: Founded, office: Office, programme: Programme, person: Somebody
) -> None:
    """I moved my report to another phone: what was posted to the first one ties it to my case no more."""
    mine = await person.report("confidential")
    answer(founded, mine, "We looked at the store.")
    other = Somebody(founded, programme, "other")
    await other.begin()

    await other.say(person.code())
    await other.tap("mode")
    await other.taps("open")
    await other.say("Zenaba")

    names = names_of(founded, mine.reference)
    assert case(founded.store, mine.reference).address == other.address
    assert [] == [row for row in rows(founded.store) if mentions(row[1], names) and mentions(row[1], {person.address})]


# --- open ------------------------------------------------------------------------------------------------------------


async def test_a_name_lies_apart_from_what_was_told(person: Somebody, founded: Founded, office: Office) -> None:
    """I let you use my name: it is an entry of its own, not in the report, and opens for my desk."""
    mine = await person.report("open", name="Zenaba Idriss Deby")

    opened = founded.store.read(lambda tx: office.ring("ada").case(tx, mine))
    entries = founded.store.read(lambda tx: cases.entries_of(tx, mine.reference))
    assert opened is not None
    read = {each.kind: opened.entry(each) for each in entries}
    assert {"report", "identity"} == set(read)
    assert {"name": "Zenaba Idriss Deby"} == json.loads(read["identity"])
    assert b"Zenaba" not in read["report"]
    assert not [row for row in rows(founded.store) if "Zenaba" in str(row)]


@pytest.mark.parametrize("to", ["anonymous", "confidential"])
async def test_who_is_open_no_more_has_no_name_in_the_case(person: Somebody, founded: Founded, to: str) -> None:
    """I had given my name, and took it back with my code: it is gone, and so is a wish to see it. (R44)"""
    mine = await person.report("open", name="Zenaba")
    [name] = founded.store.read(lambda tx: cases.entries_of(tx, mine.reference, ("identity",)))
    founded.store.do(lambda tx: reveals.ask(tx, "wish", mine, name.id, "to pay her", "ada", NOON_S))
    await person.say(person.code())

    await person.taps("mode", to)

    assert [] == founded.store.read(lambda tx: cases.entries_of(tx, mine.reference, ("identity",)))
    assert [] == founded.store.read(lambda tx: tx.rows(sa.select(reveal_table)))
    assert 1 == len(founded.store.read(lambda tx: cases.entries_of(tx, mine.reference, ("report",))))
    assert ("person", f"made it {to}", NOON_S - NOON_S % DAY) in _acts(founded, mine.reference)


async def test_a_name_given_later_is_an_entry_of_its_own(person: Somebody, founded: Founded, office: Office) -> None:
    """I told you my name afterwards, with my code: it stands in the case, apart."""
    mine = await person.report("anonymous")
    await person.say(person.code())
    await person.taps("mode", "open")
    await person.say("Zenaba")

    now = case(founded.store, mine.reference)
    opened = founded.store.read(lambda tx: office.ring("ada").case(tx, now))
    [name] = founded.store.read(lambda tx: cases.entries_of(tx, mine.reference, ("identity",)))
    assert opened is not None
    assert ({"name": "Zenaba"}, "open", person.address) == (json.loads(opened.entry(name)), now.mode, now.address)


# --- a new code ------------------------------------------------------------------------------------------------------


async def test_a_new_code_shows_the_answers_and_the_old_one_nothing(person: Somebody, founded: Founded) -> None:
    """Somebody may have seen my code: I got another, which shows all answers, and the old one leads nowhere."""
    mine = await person.report("anonymous")
    answer(founded, mine, "We looked at the store.")
    old = person.code()
    await person.say(old)
    await person.tap("renew")
    await person.say(old)
    new = person.code()
    assert new != old

    before = len(person.told())
    await person.say(old)
    refused = person.told()[before:]
    await person.say(new)

    assert any(NO_REPORT in each for each in refused)
    assert not any("We looked at the store." in each for each in refused)
    assert "We looked at the store." in person.told()[-1]
    assert _opens(founded, mine.reference, new)
    assert not _opens(founded, mine.reference, old)
    assert ("person", "renewed the code", NOON_S - NOON_S % DAY) in _acts(founded, mine.reference)


def _opens(founded: Founded, reference: str, code: str) -> bool:
    """Whether a code with the case's salt opens what was answered, whatever it finds."""
    now = case(founded.store, reference)
    key = CodeKey.from_code(code.replace(" ", ""), now.salt, founded.pocket)
    [each] = founded.store.read(lambda tx: cases.entries_of(tx, reference, cases.FOR_PERSON))
    try:
        return key.identity.open(each.sealed, each.place) == b"We looked at the store."
    except Unopenable:
        return False


async def test_a_damaged_answer_is_told_and_hides_no_other(person: Somebody, founded: Founded) -> None:
    """One of my two answers was tampered with: I read the other and hear of this one, also after a new code."""
    mine = await person.report("anonymous")
    answer(founded, mine, "We looked at the store.")
    answer(founded, mine, "The rice is dry now.")
    [first, _] = founded.store.read(lambda tx: cases.entries_of(tx, mine.reference, cases.FOR_PERSON))
    spoilt = first.sealed[:-1] + bytes([first.sealed[-1] ^ 1])
    founded.store.do(lambda tx: tx.do(sa.update(entries).where(entries.c.id == first.id).values(sealed=spoilt)))

    await person.say(person.code())
    told = person.told()[-1]
    await person.tap("renew")
    await person.say(person.code())
    await person.say(person.code())

    for words in (told, person.told()[-1]):
        assert "An answer to you was damaged" in words
        assert "The rice is dry now." in words
        assert "We looked at the store." not in words
    about = sa.select(audit.c.who, audit.c.act).where(audit.c.about == f"{mine.reference}/{first.id}")
    assert {("bot", "could not open")} == {tuple(row) for row in founded.store.read(lambda tx: tx.rows(about))}


async def test_what_is_answered_after_a_new_code_is_read_with_it(person: Somebody, founded: Founded) -> None:
    """Staff answered after I had got another code: that code shows it, the old one would not."""
    mine = await person.report("anonymous")
    old = person.code()
    await person.say(old)
    await person.tap("renew")
    await person.say(old)

    answer(founded, case(founded.store, mine.reference), "We looked at the store.")

    assert _opens(founded, mine.reference, person.code())
    assert not _opens(founded, mine.reference, old)


# --- erased ----------------------------------------------------------------------------------------------------------


async def test_an_erased_case_is_in_no_table(person: Somebody, founded: Founded, programme: Programme) -> None:
    """I erased my report: only the stone and the audit speak of it, its code leads nowhere, my other stays. (R102)"""
    mine = await person.report("open", name="Zenaba")
    code = person.code()
    other = await person.report("confidential", what="And the oil was old.")
    while founded.store.do(lambda tx: due.tick(tx, mine.answer_by, programme)):
        pass
    answer(founded, mine, "We looked at the store.")
    names = names_of(founded, mine.reference)
    await person.say(code)

    await person.taps("erase", "erase")

    assert [] == [row for row in rows(founded.store, "audit") if mentions(row[1], names)]
    assert [other.reference] == references(founded.store)
    stone = tombstones.name_of("case", mine.reference)
    laid = founded.store.read(lambda tx: tx.rows(sa.select(stones.c.kind, stones.c.name, stones.c.at, stones.c.why)))
    assert [("case", stone, NOON_S - NOON_S % DAY, "person")] == [tuple(each) for each in laid]
    assert ("person", "erased a case", NOON_S - NOON_S % DAY) in _acts(founded, mine.reference)
    assert founded.store.read(first_broken) is None
    await person.say(code)
    assert NO_REPORT in "".join(person.told()[-2:])


async def test_a_hold_keeps_a_case_and_the_wish_to_erase_it(person: Somebody, founded: Founded) -> None:
    """An investigation keeps my report: I am told so, nothing is erased, and my wish waits for the end of it. (R102)"""
    mine = await person.report("anonymous")
    founded.store.do(lambda tx: tx.do(sa.update(case_table).values(hold=True)))
    await person.say(person.code())

    await person.taps("erase", "later")

    assert [mine.reference] == references(founded.store)
    assert founded.store.read(lambda tx: erasing.wished(tx, mine.reference))
    assert ("person", "wants it erased", NOON_S - NOON_S % DAY) in _acts(founded, mine.reference)
    told = "".join(person.told()[-2:])
    assert "this report is erased when what keeps it ends" in told
    assert [] == founded.store.read(lambda tx: tx.rows(sa.select(stones)))


# --- who deals with it -----------------------------------------------------------------------------------------------


async def test_who_asks_for_a_woman_is_read_by_women_alone(person: Somebody, founded: Founded, office: Office) -> None:
    """I asked for a woman: it is with the women's desk, and no man has it in his list, even one there. (R52, R53)"""
    mine = await person.report(handler="woman")

    assert ("women", "woman") == (mine.desk, mine.handler)
    assert {"halime": [mine.reference], "mahamat": [], "ada": [], "idriss": []} == {
        name: office.listed(name) for name in office.members
    }
    assert not office.access("mahamat").may(mine)


@pytest.mark.parametrize(
    "what",
    [
        "Ada Okonkwo asked me for money.",
        "She works there:\nAda Okonkwo",
        'her name\n\tis "Ada"\nOKONKWO',
        "Âda… Okonkwo!",
    ],
)  # fmt: skip
async def test_a_report_about_a_member_is_shut_to_that_member(
    person: Somebody, founded: Founded, office: Office, what: str
) -> None:
    """I complained about somebody of your staff by name: her colleagues read it, and she never gets its key. (R77)"""
    mine = await person.report(what=what)

    keys = {name: founded.store.read(lambda tx, name=name: office.ring(name).case(tx, mine)) for name in office.members}
    assert ["mahamat"] == [name for name, opened in keys.items() if opened]
    assert [] == office.listed("ada")


async def test_words_said_one_after_the_other_name_a_member_too(
    person: Somebody, founded: Founded, office: Office
) -> None:
    """I wrote the name as a message of its own, before I was asked: it counts like any other word."""
    await person.begin()
    await person.say("report", "somebody took my rice", "Ada Okonkwo")
    await person.through({"category": "quality"})
    await person.tap("send")

    [mine] = references(founded.store)
    assert founded.store.read(lambda tx: office.ring("ada").case(tx, case(founded.store, mine))) is None


async def test_where_all_of_a_desk_are_named_another_desk_reads_it(
    person: Somebody, founded: Founded, office: Office
) -> None:
    """I named everybody who reads such reports: it goes to those who hear complaints about you."""
    mine = await person.report(what="Ada Okonkwo and Mahamat Saleh share the bribes.")

    assert ("about_us", [mine.reference]) == (mine.desk, office.listed("idriss"))
    assert [] == [*office.listed("ada"), *office.listed("mahamat"), *office.listed("halime")]


# --- guessing --------------------------------------------------------------------------------------------------------


async def test_who_guesses_codes_waits_and_nobody_else_does(
    person: Somebody, founded: Founded, programme: Programme
) -> None:
    """After three wrong codes my conversation waits, longer each time; my neighbour's and the case itself do not."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    mine = await person.report("anonymous")
    right = person.code()
    wrong = "3141 5926 5358 9793 2384 6264 3398"
    seeker = Seeker(founded.store, founded.pocket, programme, pause)

    for _ in range(3):
        assert await seeker.seek("guesser", wrong) is None
    assert [] == waited
    for _ in range(6):
        assert await seeker.seek("guesser", wrong) is None
    assert [1, 2, 4, 8, 8, 8] == waited

    shown = await seeker.seek("neighbour", right)
    assert shown
    assert shown.found.reference == mine.reference
    assert 6 == len(waited)
    assert await seeker.seek("guesser", "no code at all") is None
    assert 6 == len(waited)
    again = await seeker.seek("guesser", right)
    assert again
    assert 7 == len(waited)
    assert await seeker.seek("guesser", wrong) is None
    assert 7 == len(waited)

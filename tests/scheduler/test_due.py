"""What happens when a noted time has come: each thing once, nothing forgotten, whatever the clock does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from actions.programme import Programme
from house import programme
from scheduler import due, main
from store import announcements, cases, diary, keys, letters, people, plans, referrals, schema
from store.db import Store, Tx
from store.letters import Lane
from store.pocket import Pocket

ROOT = Path(__file__).resolve().parents[2]
POCKET = Pocket.new()
NOW, DAY = 1_764_000_000, 24 * 3600
RULES: Programme = programme.load(ROOT / "programme")
ANN = POCKET.address("telegram", "1")
CASE = cases.Case(
    "R-1", "general", "filed", False, "confidential", "either", ANN, NOW, NOW + 2 * DAY, NOW + 14 * DAY, False, b"salt",
    b"r" * 32, NOW, 365,
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'amana.db'}")
    schema.meta.create_all(store.engine)
    store.do(lambda tx: keys.publish(tx, "bot", "bot", POCKET.recipient, 1))
    store.do(lambda tx: keys.publish(tx, "desk", "general", POCKET.recipient, 1))
    store.do(lambda tx: people.know(tx, ANN, "telegram", "person", lambda: b"sealed", 0) and None)
    yield store
    store.close()


def file(store: Store, case: cases.Case = CASE) -> None:
    """A case as the bot files it, with its three dates."""

    def unit(tx: Tx) -> None:
        cases.file(tx, case, f"locator of {case.reference}", b"head", b"report")
        diary.write(tx, "first_look", case.first_look_by, case=case.reference)
        diary.write(tx, "answer", case.answer_by, case=case.reference, address=case.address)
        diary.write(tx, "follow_up", case.first_look_by, case=case.reference, address=case.address)

    store.do(unit)


def tick(store: Store, now: int) -> None:
    main.tick(store, RULES, now)


def posted(store: Store) -> list[tuple[Lane, str, dict[str, object]]]:
    """Lane, sentence and values of every letter, oldest first."""
    rows = store.do(lambda tx: tx.rows(sa.select(schema.outbox).order_by(schema.outbox.c.id)))
    found = [(row.lane, json.loads(POCKET.open(row.sealed, letters.place(row.key)))["p"][0]) for row in rows]
    return [(Lane(lane), each["t"], each["v"]) for lane, each in found]


def alerts(store: Store) -> dict[str, list[str]]:
    every = [row.reference for row in store.do(lambda tx: tx.rows(sa.select(schema.cases.c.reference)))]
    return store.do(lambda tx: cases.alerts_of(tx, every))


def noted(store: Store) -> list[tuple[str, int]]:
    return [(row.kind, row.due) for row in store.do(lambda tx: tx.rows(sa.select(schema.diary)))]


def test_nothing_happens_before_its_time(store: Store) -> None:
    """A second before the first date nobody hears anything."""
    file(store)
    tick(store, CASE.first_look_by - 1)

    assert posted(store) == []
    assert alerts(store) == {}


def test_who_waits_is_told_that_they_are_not_forgotten(store: Store) -> None:
    """While there is no answer, a letter says by when there will be one; the date is that of the programme's place."""
    file(store)
    tick(store, CASE.first_look_by)

    ((lane, sentence, values),) = posted(store)
    assert lane is Lane.FOLLOW_UP
    assert sentence == "We have not forgotten your message {reference}. You hear from us by {date}."
    assert values["reference"] == "R-1"
    assert values["date"] == {"d": datetime.fromtimestamp(CASE.answer_by, ZoneInfo(RULES.timezone)).date().isoformat()}


def test_an_answered_case_is_followed_up_no_more(store: Store) -> None:
    """Whoever has an answer is not told to wait for it, even where the diary was not struck."""
    file(store)
    store.do(lambda tx: tx.do(sa.update(schema.cases).values(state="answered")))
    tick(store, CASE.answer_by)

    assert posted(store) == []
    assert alerts(store) == {}


def test_a_case_that_nobody_opened_in_time_is_an_alert(store: Store) -> None:
    """Past its first clock it is shown to staff; once opened it is not."""
    file(store)
    file(store, replace(CASE, reference="R-2"))
    store.do(lambda tx: cases.read_by_staff(tx, "R-2", NOW + 1))
    tick(store, CASE.first_look_by)

    assert alerts(store) == {"R-1": ["first_look"]}


def test_a_missed_answer_is_said_to_both_and_gets_a_new_date(store: Store) -> None:
    """Staff get an alert, the person an apology with a new date, and that date can be missed in turn. (R24)"""
    file(store)
    tick(store, CASE.answer_by)

    found = store.do(lambda tx: cases.get(tx, "R-1"))
    assert found is not None
    assert found.answer_by == CASE.answer_by + 7 * DAY
    assert set(alerts(store)["R-1"]) == {"first_look", "answer"}
    assert [sentence.split(".")[0] for _, sentence, _ in posted(store)] == [
        "We have not forgotten your message {reference}",
        "We are late with your message {reference}",
    ]
    assert noted(store) == [("answer", found.answer_by)]

    tick(store, found.answer_by)
    assert len(posted(store)) == 3


def test_who_is_anonymous_gets_no_letter_and_staff_still_hear_of_it(store: Store) -> None:
    """There is no address to write to; the clocks run all the same."""
    file(store, replace(CASE, mode="anonymous", address=None))
    tick(store, CASE.answer_by)

    assert posted(store) == []
    assert set(alerts(store)["R-1"]) == {"first_look", "answer"}


def test_who_has_erased_everything_is_not_written_to(store: Store) -> None:
    """The case goes on, its person is nobody we know."""
    file(store)
    store.do(lambda tx: people.forget(tx, ANN, "person", 0))
    tick(store, CASE.answer_by)

    assert posted(store) == []


def test_a_silence_is_an_event_of_that_persons_talk(store: Store) -> None:
    """A draft's time is up: it waits in the inbox like a message, on the person's own channel."""
    store.do(lambda tx: diary.write(tx, "draft", NOW, address=ANN))
    store.do(lambda tx: diary.write(tx, "draft", NOW, address="nobody we know"))
    tick(store, NOW)

    (waiting,) = store.do(lambda tx: people.waiting(tx, ("telegram",)))
    assert (waiting.address, waiting.silence, waiting.sealed) == (ANN, "draft", None)
    assert noted(store) == []


def test_an_erased_address_goes_too_unless_its_person_wrote_again(store: Store) -> None:
    """The bare address was kept only to say that all is erased."""
    ben = POCKET.address("telegram", "2")
    store.do(lambda tx: people.know(tx, ben, "telegram", "person", lambda: b"sealed", 0) and None)
    store.do(lambda tx: people.keep(tx, ben, b"a new talk"))
    for address in (ANN, ben):
        store.do(lambda tx, address=address: diary.write(tx, "forget", NOW, address=address))
    tick(store, NOW)

    assert store.do(lambda tx: people.sealed_address(tx, ANN)) is None
    assert store.do(lambda tx: people.sealed_address(tx, ben)) == b"sealed"


def test_a_clock_that_jumps_loses_and_doubles_nothing(store: Store) -> None:
    """A year ahead, back again, and once more from the start: every letter and alert is there once."""
    file(store)
    for now in (NOW + 365 * DAY, NOW, CASE.first_look_by, NOW + 3 * DAY, NOW + 365 * DAY + 1):
        tick(store, now)

    assert len(posted(store)) == 2
    assert set(alerts(store)["R-1"]) == {"first_look", "answer"}
    assert noted(store) == [("answer", NOW + 372 * DAY)]


def test_a_tick_that_is_cut_off_is_simply_done_again(store: Store) -> None:
    """What was due stays due until all that follows from it is kept."""
    file(store)

    class Killed(Exception):
        """The process is gone before the commit."""

    def cut_off(tx: Tx) -> None:
        due.tick(tx, CASE.answer_by, RULES)
        raise Killed

    with pytest.raises(Killed):
        store.do(cut_off)
    assert posted(store) == []
    tick(store, CASE.answer_by)

    assert len(posted(store)) == 2


def test_a_row_that_cannot_be_acted_upon_stops_no_other(store: Store) -> None:
    """It is put off by an hour, and everything else happens."""
    store.do(lambda tx: tx.new(schema.diary, key="x", kind="from the future", due=NOW - 5, case_ref="R-9"))
    store.do(lambda tx: diary.write(tx, "follow_up", NOW - 5, case="R-1", address=ANN))
    file(store)
    tick(store, CASE.first_look_by)

    assert len(posted(store)) == 1
    assert ("from the future", CASE.first_look_by + 3600) in noted(store)


def test_what_fails_half_way_leaves_nothing_half_done(store: Store) -> None:
    """No letter could be sealed: no new date, no alert either, and the row is there in an hour."""
    file(store)
    store.do(lambda tx: tx.do(sa.delete(schema.keys).where(schema.keys.c.kind == "bot")))
    store.do(lambda tx: due.tick(tx, CASE.answer_by, RULES))

    found = store.do(lambda tx: cases.get(tx, "R-1"))
    assert found is not None
    assert found.answer_by == CASE.answer_by
    assert alerts(store) == {"R-1": ["first_look"]}
    assert ("answer", CASE.answer_by + 3600) in noted(store)


def test_two_schedulers_do_everything_once(store: Store, tmp_path: Path) -> None:
    """Started twice by mistake, or for safety: no letter is doubled."""
    for number in range(30):
        file(store, replace(CASE, reference=f"R-{number}"))
    second = Store(f"sqlite:///{tmp_path / 'amana.db'}")
    while store.do(lambda tx: due.tick(tx, CASE.answer_by, RULES)) + second.do(
        lambda tx: due.tick(tx, CASE.answer_by, RULES)
    ):
        pass
    second.close()

    assert len(posted(store)) == 60


def test_an_approved_announcement_is_posted_to_everybody_once(store: Store) -> None:
    """250 subscribers, in small transactions; a tick more changes nothing."""
    for number in range(250):
        address = POCKET.address("telegram", f"s{number}")
        store.do(lambda tx, a=address: people.know(tx, a, "telegram", "person", lambda: b"sealed", 0) and None)
        store.do(lambda tx, a=address: people.subscribe(tx, a, 1))
    store.do(lambda tx: announcements.write(tx, "a1", '{"en": "Water"}', "ada", [POCKET.recipient], 1))
    tick(store, NOW)
    assert store.do(lambda tx: tx.rows(sa.select(schema.outbox))) == []
    store.do(lambda tx: announcements.approve(tx, "a1", "ben", 2))
    for _ in range(3):
        tick(store, NOW)

    rows = store.do(lambda tx: tx.rows(sa.select(schema.outbox.c.address)))
    assert len(rows) == len({row.address for row in rows}) == 250
    assert [each.state for each in store.do(announcements.every)] == ["sent"]


def test_who_else_has_a_case_is_asked_again_until_they_have_said_how_it_ended(store: Store) -> None:
    """The day comes on which we said we ask again: staff are told, for each body in its turn. (R07)"""
    file(store)
    for n, days in enumerate((20, 30)):
        each = referrals.Referral(f"r{n}", "R-1", "agency", "passed_on", NOW + days * DAY)
        store.do(lambda tx, each=each: referrals.pass_on(tx, each, NOW))
    store.do(lambda tx: cases.answered(tx, "R-1", NOW))

    tick(store, NOW + 20 * DAY)
    first = alerts(store)
    [asked, _] = store.do(lambda tx: referrals.of(tx, "R-1"))
    store.do(lambda tx: referrals.move(tx, asked, "done", asked.ask_again, NOW + 21 * DAY))
    calm = alerts(store)
    tick(store, NOW + 30 * DAY)

    assert (first, calm, alerts(store)) == ({"R-1": ["ask_again"]}, {}, {"R-1": ["ask_again"]})


def test_before_a_plan_ends_staff_and_the_person_are_told_once(store: Store) -> None:
    """A week before what protects me ends, whoever planned it is told, and I am asked whether I need more. (R17)"""
    file(store)
    store.do(lambda tx: plans.add(tx, "p1", "R-1", NOW + 30 * DAY, NOW))
    store.do(lambda tx: cases.answered(tx, "R-1", NOW))

    tick(store, NOW + 23 * DAY - 1)
    before = (alerts(store), posted(store))
    for at in (NOW + 23 * DAY, NOW + 29 * DAY, NOW + 31 * DAY):
        tick(store, at)

    assert before == ({}, [])
    assert alerts(store) == {"R-1": ["plan_ends"]}
    [(_, sentence, values)] = posted(store)
    assert (sentence.startswith("Your message {reference}: something that we planned"), values["reference"]) == (
        True, "R-1"
    )  # fmt: skip


def test_a_plan_of_a_closed_case_reminds_nobody(store: Store) -> None:
    """What is over is not asked about."""
    file(store)
    store.do(lambda tx: plans.add(tx, "p1", "R-1", NOW + 30 * DAY, NOW))
    store.do(lambda tx: cases.close(tx, "R-1", NOW, reason=True))

    tick(store, NOW + 23 * DAY)

    assert (alerts(store), posted(store)) == ({}, [])

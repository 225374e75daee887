"""Told once, kept once: kill -9 of bot, scheduler and console, again and again, while people talk and staff answer."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tests.fakes.bot_api import BotApi
from tests.whole.house import EVERY, House, wait_until
from tests.whole.people import (
    CODE,
    REFERENCE,
    REPORT,
    Answer,
    Asked,
    Receipt,
    Staff,
    TelegramPerson,
    WebPerson,
    chats,
    receipt,
)

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("AMANA_TEST_KILLS", "200"))
SEED = int(os.environ.get("AMANA_TEST_SEED", str(time.time_ns() % 1_000_000)))
ON_THE_WEB, ON_TELEGRAM = 26, 14
_WORDS = 20
_BETWEEN_KILLS = 0.9
_STORM = max(10.0, KILLS * _BETWEEN_KILLS)
_UNIQUE = re.compile(r"\bz\d{2}k\d{3}q\b")


class Storm:
    """Kills one process after the other; half of the bot's deaths come while somebody's message is on its way."""

    def __init__(self, house: House, chance: Random) -> None:
        self.house, self.chance = house, chance
        self.sending = threading.Event()
        self.over = threading.Event()
        self.killed: Counter[str] = Counter()

    def blow(self) -> None:
        try:
            for _ in range(KILLS):
                name = self.chance.choice(EVERY)
                time.sleep(self.chance.uniform(0.1, 2 * _BETWEEN_KILLS - 0.3))
                if name == "bot" and self.chance.random() < 0.5:
                    self.sending.clear()
                    self.sending.wait(1)
                    time.sleep(self.chance.uniform(0, 0.03))
                self.house.again(name)
                self.killed[name] += 1
        finally:
            self.over.set()


@dataclass
class Talker:
    """Somebody who tells a story a word at a time, and what they know at the end."""

    number: int
    storm: Storm
    chance: Random
    pause: float
    subscribed: float = 0.0
    told: list[str] = field(default_factory=list)
    got: Receipt | None = None

    def word(self) -> str:
        self.told.append(f"z{self.number:02}k{len(self.told):03}q")
        return self.told[-1]

    def rest(self) -> None:
        time.sleep(self.chance.uniform(0, 2 * self.pause))
        self.storm.sending.set()


class Restless(WebPerson):
    """Taps and words; every message is repeated under its id until it is kept, and some are sent twice anyway."""

    def __init__(self, house: House, me: Talker, **settings: float) -> None:
        super().__init__(house, **settings)
        self.me = me
        self.typed: list[str] = []

    def answer(self, question: Asked, given: Answer) -> None:
        self.me.rest()
        self.typed.append(question.number(given) if isinstance(given, str) and given in question.options else "")
        super().answer(question, given)

    def word(self) -> None:
        """The next word of the story."""
        text, id_ = self.me.word(), f"{self.me.number}-{len(self.me.told)}-{self.me.chance.random()}"
        for _ in range(2 if self.me.chance.random() < 0.2 else 1):
            self.say(text, id_)


def _on_the_web(me: Talker, person: Restless, *, subscribes: bool) -> None:
    """A story before the first question, and the answers to all that is asked."""
    person.begin()
    person.report(until="menu")
    if subscribes:
        person.say("subscribe")
        me.subscribed = time.monotonic()
        person.tap("report")
    person.report(until="category")
    for _ in range(_WORDS):
        me.rest()
        person.typed.append("")
        person.word()
    me.got = person.report({**REPORT, "where": person.word, "when": "today", "wish": person.word})


def _on_telegram(me: Talker, person: TelegramPerson, steps: list[str]) -> None:
    """Somebody impatient: types numbers and words, as the calm talk needed them, and does not wait for our letters."""
    for each in ("/start", *steps):
        me.rest()
        person.say(each or me.word())
    me.got = receipt(person)


def _plain(texts: list[str]) -> list[str]:
    """Letters without what differs from talk to talk."""
    return [REFERENCE.sub("REF", CODE.sub("CODE", _UNIQUE.sub("WORD", each))) for each in texts]


def _answering(staff: Staff, storm: Storm, answered: dict[str, str], enough: Callable[[], bool]) -> None:
    """Staff answer every case as it comes, once."""
    while not (storm.over.is_set() and enough()):
        for reference in staff.cases():
            if reference not in answered:
                answered[reference] = f"answer {len(answered):03} to {reference}."
                page = staff.reply(reference, answered[reference])
                assert answered[reference] in page.words
        time.sleep(0.5)


def _announcing(writer: Staff, approver: Staff, storm: Storm, approved: dict[str, float]) -> None:
    """Three announcements while the storm blows."""
    for number in range(3):
        storm.over.wait(_STORM / 4)
        text = f"announcement number {number}."
        writer.write(text)
        approved[text] = time.monotonic()
        approver.approve()


@dataclass
class Outcome:
    """What everybody knows when the storm is over and all is delivered."""

    house: House
    api: BotApi
    staff: Staff
    storm: Storm
    web: dict[int, tuple[Talker, Restless]]
    telegram: dict[int, tuple[Talker, TelegramPerson]]
    answered: dict[str, str]
    approved: dict[str, float]
    undisturbed: list[str]

    @property
    def talkers(self) -> list[Talker]:
        return [me for me, _ in (*self.web.values(), *self.telegram.values())]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Forty talks, the staff and the storm; asked about by the tests below."""
    print(f"seed {SEED}, {KILLS} kills")
    folder = tmp_path_factory.mktemp("storm")
    with BotApi() as api, House(folder, api=api) as house:
        yield _weather(house, api, Random(SEED))


def _weather(house: House, api: BotApi, chance: Random) -> Outcome:
    writer, approver = Staff(house, "mariam", "Mariam Haroun"), Staff(house, "idriss", "Idriss Saleh")
    writer.enrol(house.first_token)
    approver.enrol(writer.invite())
    storm = Storm(house, chance)

    calm = Restless(house, Talker(99, storm, Random(1), 0))
    _on_the_web(calm.me, calm, subscribes=False)

    pause = 0.7 * _STORM / (_WORDS + 11)
    patience = 120 + _STORM
    talkers = {n: Talker(n, storm, Random(f"{SEED}/{n}"), pause) for n in range(ON_THE_WEB)}
    web = {n: (me, Restless(house, me, patience=patience)) for n, me in talkers.items()}
    telegram = {
        n: (
            Talker(n, storm, Random(f"{SEED}/{n}"), pause),
            TelegramPerson(api, chat, patience=patience),
        )
        for n, chat in zip(range(ON_THE_WEB, ON_THE_WEB + ON_TELEGRAM), chats(), strict=False)
    }
    answered: dict[str, str] = {}
    approved: dict[str, float] = {}
    with ThreadPoolExecutor(ON_THE_WEB + ON_TELEGRAM + 3) as threads:
        talks: list[Future[None]] = [
            *(threads.submit(_on_the_web, *each, subscribes=n % 2 == 0) for n, each in web.items()),
            *(threads.submit(_on_telegram, *each, calm.typed) for each in telegram.values()),
        ]
        talked = lambda: all(each.done() for each in talks)  # noqa: E731
        office = [
            threads.submit(
                _answering, writer, storm, answered, lambda: talked() and len(answered) > ON_THE_WEB + ON_TELEGRAM
            ),
            threads.submit(_announcing, approver, writer, storm, approved),
        ]
        storm.blow()
        for each in (*talks, *office):
            each.result(_STORM + 300)
    print(f"killed {dict(storm.killed)}; web repeats {sum(each.repeats for _, each in web.values())}")
    outcome = Outcome(house, api, writer, storm, web, telegram, answered, approved, _plain(calm.texts()))
    _settled(outcome)
    return outcome


def _settled(outcome: Outcome) -> None:
    """Everything has arrived that is to arrive."""
    for _, person in outcome.telegram.values():
        # Nobody of them has said that we may write unasked: the answer comes when they write again (R91).
        person.say("menu")
        person.wait_for("An answer from our staff")
    wait_until(lambda: _waits(outcome.house.database) == 0, "all letters to Telegram are settled", 150)
    for _, person in outcome.web.values():
        person.wait_for("An answer from our staff")
    for me, person in outcome.web.values():
        if me.subscribed:
            for text in _due(me, outcome.approved):
                person.wait_for(text)


def _due(me: Talker, approved: dict[str, float]) -> list[str]:
    return [text for text, at in approved.items() if me.subscribed and at > me.subscribed]


def _waits(database: Path) -> int:
    wanted = "SELECT count(*) FROM outbox WHERE channel = 'telegram' AND state = 'waiting'"
    return int(_ask(database, wanted)[0][0])


def _ask(database: Path, select: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(select).fetchall()


def test_no_talk_is_stuck(outcome: Outcome) -> None:
    """
    However often it broke off, everybody came to a receipt of their own.
    """
    receipts = [each.got for each in outcome.talkers if each.got]

    assert len(receipts) == ON_THE_WEB + ON_TELEGRAM
    assert len({each.reference for each in receipts}) == len({each.code for each in receipts}) == len(receipts)
    assert sum(outcome.storm.killed.values()) == KILLS


def test_what_was_told_is_kept_once(outcome: Outcome) -> None:
    """
    Every word that was acknowledged stands in its report once, and in nobody else's.
    """
    for me in outcome.talkers:
        assert me.got
        read = Counter(_UNIQUE.findall(outcome.staff.open(me.got.reference).words))
        assert dict.fromkeys(me.told, 1) == dict(read)
    assert ON_THE_WEB + ON_TELEGRAM + 1 == len(outcome.staff.cases())


def test_every_letter_comes_once_and_in_order(outcome: Outcome) -> None:
    """
    On the web page I read what somebody reads whose talk was not disturbed: nothing twice, nothing missing.
    """
    announced = set(outcome.approved)
    for me, person in outcome.web.values():
        texts = [each for each in person.texts() if each.partition("\n")[0] not in announced]
        if me.subscribed:
            texts = [each for each in texts if "You will get our announcements here" not in each]
        ours = _plain(texts)
        assert outcome.undisturbed == ours[: len(outcome.undisturbed)]
        assert len(ours) == len(outcome.undisturbed) + 1


def test_every_answer_of_staff_comes_once(outcome: Outcome) -> None:
    """
    Staff answered me once although the console died under their hands, and I have the answer once.
    """
    for me, person in outcome.web.values():
        assert me.got
        answers = [each for each in person.texts() if "An answer from our staff" in each]
        assert [f"An answer from our staff:\n\n{outcome.answered[me.got.reference]}"] == answers


def test_every_announcement_comes_once(outcome: Outcome) -> None:
    """
    I subscribed before it was approved: it came, and it came once; who has not subscribed got none.
    """
    assert len(outcome.approved) == 3
    for me, person in outcome.web.values():
        first_lines = Counter(each.partition("\n")[0] for each in person.texts())
        came = {text: first_lines[text] for text in outcome.approved if first_lines[text]}
        assert max(came.values(), default=1) == 1
        assert set(_due(me, outcome.approved)) <= set(came)
        assert me.subscribed or not came


def test_in_the_store_every_letter_was_left_once(outcome: Outcome) -> None:
    """
    The store knows each letter once, numbered without a gap; nothing is parked, dead or waiting.
    """
    database = outcome.house.database

    assert _ask(database, "SELECT key FROM outbox GROUP BY key HAVING count(*) > 1") == []
    assert (
        _ask(
            database,
            "SELECT a.id FROM addresses a JOIN outbox o ON o.address = a.id GROUP BY a.id, a.letters "
            "HAVING count(*) != a.letters OR max(o.n) != a.letters",
        )
        == []
    )
    assert _ask(database, "SELECT count(*) FROM inbox WHERE state != 'done'") == [(0,)]
    assert _ask(database, "SELECT count(*) FROM outbox WHERE state = 'dead'") == [(0,)]
    on_telegram = _ask(
        database,
        "SELECT count(*) FROM outbox WHERE channel = 'telegram' AND key NOT LIKE 'reply/%' GROUP BY address",
    )
    # And the menu, for which each of them asked at the end.
    assert {len(outcome.undisturbed) + 1} == {each[0] for each in on_telegram}


def test_telegram_has_every_letter_in_order(outcome: Outcome) -> None:
    """
    On Telegram every letter came and none overtook another; only one whose sending was cut off came again.
    """
    for me, person in outcome.telegram.values():
        assert me.got
        texts = _without_repeats(person.texts())
        assert texts[-2] == f"An answer from our staff:\n\n{outcome.answered[me.got.reference]}"
        assert len([each for each in texts if "Its number is" in each]) == 1
    assert outcome.api.pending() == []


def _without_repeats(texts: list[str]) -> list[str]:
    return [each for n, each in enumerate(texts) if n == 0 or each != texts[n - 1]]


def test_the_audit_is_whole(outcome: Outcome) -> None:
    """
    No kill has broken the chain of the audit.
    """
    verified = outcome.house.run("verify").stdout.splitlines()
    assert ("The audit is whole.", 3) == (verified[0], len(verified))
    assert verified[2].startswith("Signed with ")

"""With the real processes: what a person's code does to their case, over both databases and on both channels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from store.schema import meta
from store.tombstones import name_of
from tests.fakes.bot_api import BotApi
from tests.whole.house import House
from tests.whole.people import CODE, Person, Receipt, Staff, TelegramPerson, WebPerson, complain

pytestmark = pytest.mark.slow
_CHAT = 7_348_215_590
_NO_REPORT = "I find no report with that code"


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path, api: BotApi) -> Iterator[House]:
    """All three processes over each of the two databases."""
    database = {}
    if request.param == "postgresql":
        database["AMANA_DATABASE_URL"] = request.getfixturevalue("postgresql").new()
    with House(tmp_path, api=api, **database) as house:
        yield house


def _read(house: House, wanted: sa.Select[Any]) -> list[tuple[str, ...]]:
    """What the database says to whoever has no key."""
    engine = sa.create_engine(house.environment.get("AMANA_DATABASE_URL", f"sqlite:///{house.database}"))
    try:
        with engine.connect() as connection:
            return [tuple(str(cell) for cell in row) for row in connection.execute(wanted)]
    finally:
        engine.dispose()


def _rows(house: House, *but: str) -> list[tuple[str, ...]]:
    """Every row of every table, except for some."""
    return [row for table in meta.sorted_tables if table.name not in but for row in _read(house, sa.select(table))]


def _names(house: House, reference: str) -> set[str]:
    """The case and its parts, as the database calls them."""
    entries = meta.tables["entries"]
    parts = _read(house, sa.select(entries.c.id).where(entries.c.case_ref == reference))
    return {reference, *(id_ for (id_,) in parts)}


def _tied(rows: list[tuple[str, ...]], some: set[str], others: set[str]) -> list[tuple[str, ...]]:
    """The rows that name one of both."""
    return [row for row in rows if all(any(name in cell for cell in row for name in each) for each in (some, others))]


def _addresses(house: House) -> set[str]:
    return {id_ for (id_,) in _read(house, sa.select(meta.tables["addresses"].c.id))}


def _code_given(person: Person, got: Receipt) -> None:
    before = len(person.texts())
    person.say(got.code)
    person.wait_for(f"Report {got.reference}", before)


def test_from_anonymous_to_erased(house: House, api: BotApi) -> None:
    """
    I was answered in my chat; then I became anonymous, got a new code and erased my report, my neighbour on Telegram as
    well: at each step the database says no more than it may, and the audit stays whole.
    """
    staff = Staff(house, "mariam", "Mariam Haroun")
    staff.enrol(house.first_token)
    for person in (WebPerson(house), TelegramPerson(api, _CHAT)):
        got = complain(person, how="confidential")
        staff.reply(got.reference, "Dry rice came today.")
        if isinstance(person, TelegramPerson):
            # Nothing is pushed to whoever has not said on which terms: it waits until they write (R91).
            person.say("menu")
        person.wait_for("An answer from our staff")
        names, addresses = _names(house, got.reference), _addresses(house)
        assert len(_tied(_rows(house), names, addresses)) >= 2

        _code_given(person, got)
        person.tap("mode")
        person.tap("status.mode~anonymous")
        person.wait_for(f"From now on report {got.reference} is anonymous")
        assert [] == _tied(_rows(house), names, addresses)
        heard = len(person.texts())
        staff.reply(got.reference, "And oil tomorrow.")

        person.tap("renew")
        person.wait_for("code", heard)
        person.say(got.code)
        person.wait_for("The old code works no more", heard)
        new = Receipt(got.reference, CODE.findall(person.wait_for(CODE, heard))[0], "")
        before = len(person.texts())
        person.say(got.code)
        person.wait_for(_NO_REPORT, before)
        _code_given(person, new)
        assert "And oil tomorrow." in person.wait_for(f"Report {got.reference}", before)
        assert not [each for each in person.texts()[heard:] if "An answer from our staff" in each]

        names = _names(house, got.reference)
        before = len(person.texts())
        person.tap("found~erase")
        person.tap("status.erase~erase")
        person.wait_for(f"Report {got.reference} is erased", before)
        assert [] == _tied(_rows(house, "audit"), names, names)
        assert name_of("case", got.reference) in {cell for row in _rows(house) for cell in row}
        before = len(person.texts())
        person.say(new.code)
        person.wait_for(_NO_REPORT, before)
        assert staff.cases() == []
        assert staff.get(f"/cases/{got.reference}").status == 404
    assert house.run("verify").stdout.startswith("The audit is whole.")


def test_a_report_about_a_member_of_staff_is_not_shown_to_that_member(house: House) -> None:
    """
    I named Mariam: Idriss reads my report, and for Mariam there is none.
    """
    mariam, idriss = Staff(house, "mariam", "Mariam Haroun"), Staff(house, "idriss", "Idriss Saleh")
    mariam.enrol(house.first_token)
    idriss.enrol(mariam.invite())
    person = WebPerson(house)

    about_her = complain(person, what="Who sells our rice:\nMariam HAROUN")

    assert [about_her.reference] == idriss.cases()
    assert "sells our rice" in idriss.open(about_her.reference).words
    assert [] == mariam.cases()
    assert 404 == mariam.get(f"/cases/{about_her.reference}").status

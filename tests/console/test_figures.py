"""Figures: for one desk only, with no number by which somebody could be found out; and what staff have to verify."""

import calendar
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest
from conftest import PROGRAMME, House, said

from actions.programme import Area, Desk, Service
from console import coverage, main, statistics, suppressing
from store import audit, tallies, tasks
from store.db import Store
from store.founding import found
from store.pocket import Pocket
from store.tallies import Tally

OLD = Service(
    "shelter", "home", said("Shelter"), said("p"), said("t"), said("h"), said("c"), "Kim", date(2026, 1, 1)
)  # fmt: skip
RULES = replace(
    PROGRAMME,
    areas=(Area("north", said("North"), said("e"), 60), Area("south", said("South"), said("e"), 40)),
    disability=15,
    desks=(*PROGRAMME.desks, Desk("statistics", said("Statistics"))),
    services=(OLD,),
)  # fmt: skip
MONTHS = ("2026-01", "2026-02")


@pytest.fixture
def house(tmp_path, clock):
    store = Store(f"sqlite:///{tmp_path / 'amana.db'}")
    token = found(store, tmp_path, tuple(each.key for each in RULES.desks), clock())
    assert token
    yield House(store, tmp_path, Pocket.load(tmp_path / "keys" / "bot.json"), token, clock)
    store.close()


@pytest.fixture
def app(house):
    return main.app(house.store, RULES, house.home, now=house.clock, pause=house.clock.pause)


@pytest.fixture
def sam(house, browsers):
    """Sam works at the desk of statistics and nowhere else."""
    browser = browsers()
    browser.sign_in_as(house, *house.member("sam", ("statistics",))[:2])
    return browser


def last_month(house):
    return int(datetime(*map(int, statistics.whole_months(house.clock())[-1].split("-")), 2, tzinfo=UTC).timestamp())


def count(house, what, value, times, at=None):
    for _ in range(times):
        house.store.do(lambda tx: tallies.count(tx, what, value, at or last_month(house)))


async def test_figures_are_for_the_members_of_one_desk(house, ada, sam):
    """For everybody else there is no such page and no link to it, and who tried is in the audit. (R66)"""
    refused, seen = await ada.get("/figures"), await sam.get("/figures")

    assert (404, 200) == (refused.status_code, seen.status_code)
    assert 'href="/figures"' not in (await ada.get("/")).text
    assert 'href="/figures"' in (await sam.get("/")).text
    acts = {(each.who, each.act, each.about) for each in house.store.read(audit.recent)}
    assert {("id-ada", "refused", "figures"), ("id-sam", "looked at the figures", "")} <= acts


async def test_small_numbers_are_not_shown(house, sam):
    """Four people in my area told of violence; the page does not tell how many, nor that there were any. (R66, R143)"""
    before = (await sam.get("/figures")).text
    count(house, "gbv", "north", 4)
    few = (await sam.get("/figures")).text
    count(house, "gbv", "north", 1)

    enough = (await sam.get("/figures")).text

    assert before == few
    assert ("<td>5</td>" in few, "<td>5</td>" in enough) == (False, True)


async def test_the_month_that_runs_is_not_shown(house, sam):
    """Who looks every day cannot see me come: I am counted when the month is over. (R66)"""
    before = (await sam.get("/figures")).text

    count(house, "gbv", "north", 9, at=house.clock())
    house.case()

    assert before == (await sam.get("/figures")).text


async def test_cases_are_counted_by_desk_and_state_and_by_nothing_sealed(house, sam):
    """Five reports of last month are five at their desk; the two at the desk for abuse are fewer than five. (R66)"""
    for n in range(5):
        house.case(f"R-{n}", filed=last_month(house))
    for n in range(2):
        house.case(f"S-{n}", desk="psea", filed=last_month(house))

    page = (await sam.get("/figures")).text

    general = page.partition('<th scope="row">General</th>')[2].partition("</tr>")[0]
    psea = page.partition('<th scope="row">PSEA</th>')[2].partition("</tr>")[0]
    assert ("<td>5</td>" in general, "5 or more" in general) == (True, True)
    assert (4, True) == (psea.count("&lt;5"), "too few to show" in psea)


async def test_the_share_of_not_stated_is_shown(house, sam):
    """Ten did not say how old they are and five did: at most 67 of a hundred. (R51)"""
    count(house, "age", "not_stated", 10)
    count(house, "age", "18_59", 5)

    assert "Not stated: at most 67 %" in (await sam.get("/figures")).text


def test_what_is_hidden_cannot_be_worked_out():
    """Whatever the small numbers are, everything else that is shown is the same. (R66, R143)"""

    def shown(small):
        counted = [Tally("2026-01", "sex", "woman", 20), Tally("2026-02", "sex", "woman", small[0]),
                   Tally("2026-01", "sex", "man", 8), Tally("2026-02", "sex", "man", 6),
                   Tally("2026-01", "sex", "not_stated", 9), Tally("2026-02", "sex", "not_stated", small[1]),
                   Tally("2026-01", "sex", "other", small[2]), Tally("2026-02", "gbv", "north", small[0]),
                   Tally("2026-01", "area", "north", small[0]), Tally("2026-02", "area", "north", 30),
                   Tally("2026-01", "area", "south", small[1]), Tally("2026-02", "area", "-", small[2]),
                   Tally("2026-01", "disability", "yes", small[1]),
                   Tally("2026-02", "disability", "no", 40)]  # fmt: skip
        there = [each for each in counted if each.n]
        return statistics.tables(there, MONTHS, RULES), coverage.reached(there, RULES)

    assert 1 == len({shown(small) for small in product(range(suppressing.FEW), repeat=3)})


async def test_whom_we_do_not_reach_is_shown_beside_what_was_expected(house, sam):
    """Ninety come from the north and ten from the south, where forty were expected; few have a disability. (R60)"""
    count(house, "area", "north", 90)
    count(house, "area", "south", 10)
    count(house, "disability", "yes", 5)
    count(house, "disability", "no", 95)

    page = (await sam.get("/figures")).text.partition("Whom we reach</h2>")[2].partition("</table>")[0]
    lines = [" | ".join(re.findall(r">([^<>]+)</t[dh]>", each)) for each in page.split("<tr>")[2:]]

    assert [
        "North | about 90 % | 60 %",
        "South | about 10 % | 40 % | Fewer than half of what was expected.",
        "People with a disability | about 5 % | 15 % | Fewer than half of what was expected.",
    ] == lines


async def test_an_area_nobody_hears_from_is_said(house, sam):
    """Nobody writes from the south: it stands there, and not that there was nobody at all. (R60)"""
    count(house, "area", "north", 90)

    assert "Hardly anybody reaches us from here." in (await sam.get("/figures")).text


def test_a_month_in_which_an_area_is_three_times_as_loud_is_named():
    """Thirty reports came from an area that sends eight or ten: it is named, whatever they said. (R49)"""
    row = {"2026-01": 8, "2026-02": 10, "2026-03": 30, "2026-04": 9}

    assert ("2026-03",) == coverage.unusual(row, tuple(row))
    assert () == coverage.unusual({"2026-01": 1, "2026-02": 2, "2026-03": 9}, tuple(row))


async def test_a_loud_month_is_told_on_the_page(house, sam):
    """Somebody sends reports for others: staff are told where to look. (R49)"""
    months = statistics.whole_months(house.clock())
    for each, times in zip(months[-3:], (6, 6, 20), strict=True):
        at = int(datetime(*map(int, each.split("-")), 2, tzinfo=UTC).timestamp())
        count(house, "area", "south", times, at=at)

    assert f"South, {months[-1]}: three times as many as usual or more." in (await sam.get("/figures")).text


def test_the_months_are_those_that_are_over():
    """On the first of March the twelve months end with February."""
    first = int(calendar.timegm((2026, 3, 1, 0, 0, 0)))

    assert ("2025-03", "2026-02") == (statistics.whole_months(first)[0], statistics.whole_months(first)[-1])
    assert 12 == len(statistics.whole_months(first))
    assert "2025-12" == statistics.whole_months(first + 86400 * 40)[-4]


# --- what has to be verified ------------------------------------------------------------------------------------------


async def test_staff_read_which_services_people_are_not_shown(house, ada):
    """The shelter was not verified in time: on the list I read its key, and what to do. (R14)"""
    house.store.do(lambda tx: tasks.agree(tx, {"shelter": 1, "unknown": 1}))

    page = (await ada.get("/")).text

    assert "1 service any more" in page
    assert "<code>shelter</code>" in page
    assert "programme/services.toml" in page
    assert "<code>unknown</code>" not in page


async def test_the_monthly_calls_are_done_under_a_name(house, ada):
    """I called every emergency number, said so, and it is in the audit; the task is gone. (R82)"""
    house.store.do(lambda tx: tasks.ask(tx, tasks.NUMBERS, "2026-09", 1))

    done = await ada.submit("/", "/tasks/numbers/2026-09")

    assert "It is kept that the emergency numbers were called." in done.text
    assert "/tasks/numbers/2026-09" not in done.text
    acts = [(each.who, each.act) for each in house.store.read(audit.recent)]
    assert ("id-ada", "did: numbers") in acts

"""What the organisation decides: the sample loads, and every fault is refused with its file and key."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from actions.flows import FLOWS
from actions.programme import Path as Told
from actions.words import Words
from amana import check, founding
from house.programme import WrongProgramme, desks, load, too_early
from house.settings import Settings
from nlu.intents import INTENTS
from tests.conftest import NOON

SAMPLE = Path(__file__).parent.parent / "programme"
PROFILE, DESKS, CATEGORIES = "profile.toml", "desks.toml", "categories.toml"
AREAS, SERVICES, SITES, ROTA = "areas.toml", "services.toml", "sites.toml", "rota.toml"
RED_LINES, FAQ = "red_lines.toml", "faq.toml"
FILES = (PROFILE, DESKS, CATEGORIES, AREAS, SERVICES, SITES, ROTA, RED_LINES, FAQ)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample programme, to be spoilt."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "programme"))


def spoil(path: Path, pattern: str, replacement: str) -> None:
    """Change one place of a file."""
    changed, places = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert places == 1
    path.write_text(changed, encoding="utf-8")


def texts(part: object) -> Iterator[Words]:
    """Every text of the organisation's own in a programme."""
    match part:
        case Words():
            yield part
        case tuple():
            for each in part:
                yield from texts(each)
        case _ if is_dataclass(part):
            for each in fields(part):
                yield from texts(getattr(part, each.name))


def test_the_sample_loads_in_five_languages() -> None:
    """Whoever begins has something that works, in every language it offers."""
    programme = load(SAMPLE)

    assert programme.languages == ("en", "fr", "es", "ar", "sw")
    assert all(tuple(language for language, _ in each.by_language) == programme.languages for each in texts(programme))


def test_the_sample_is_short() -> None:
    """One breath to read: each text of the sample has at most 160 characters, in every language."""
    long = [said for each in texts(load(SAMPLE)) for _, said in each.by_language if len(said) > 160]

    assert [] == long


def test_the_sample_is_translated() -> None:
    """No text but the service's name stands in two languages alike, and Arabic is in its own script."""
    programme = load(SAMPLE)
    alike = {
        each.in_("en")
        for each in texts(programme)
        for language in ("fr", "es", "sw")
        if each.in_(language) == each.in_("en")
    }

    assert {"Amana", "General", "Protection"} == alike
    assert all(re.search(r"[\u0600-\u06ff]", each.in_("ar")) for each in texts(programme))


def test_every_desk_has_its_key_whether_a_category_sends_there_or_not() -> None:
    """The founding makes a key for each desk of the file: cases can be handed there later."""
    programme = load(SAMPLE)

    assert desks(programme) == ("general", "psea", "protection", "child", "women", "cso", "about_us", "statistics")
    assert {each.desk for each in (programme.human, *programme.categories)} < set(desks(programme))


def test_the_sample_s_sensitive_reports_go_to_desks_that_need_two_for_a_name() -> None:
    """Conduct, safety and children are read apart from late deliveries, and one person alone cannot ask for a name."""
    programme = load(SAMPLE)
    apart = {each.key: programme.desk(each.desk) for each in programme.categories if each.desk != "general"}

    assert {key: desk.key for key, desk in apart.items() if desk and desk.sensitive} == {
        "conduct": "psea", "sea": "psea", "safety": "protection", "child": "child",
        "patrol": "protection", "referral": "protection",
    }  # fmt: skip
    assert [each.key for each in programme.desks if each.women] == ["women"]


def test_a_child_at_risk_goes_to_the_child_desk() -> None:
    """Words about a hurt child suggest the category whose desk knows what to do, within a day."""
    child = load(SAMPLE).category_for("report_child_risk")

    assert child is not None
    assert (child.key, child.desk, child.first_look_days) == ("child", "child", 1)


def test_every_report_ends_some_day_and_is_announced_before() -> None:
    """What was read from the files stands in the programme: how long to keep, when to warn, when to forget a talk."""
    programme = load(SAMPLE)

    assert {each.key: each.keep_days for each in programme.categories} == {
        "quality": 365, "cash": 365, "left_out": 365, "conduct": 730, "sea": 730, "safety": 730, "child": 730,
        "about_us": 365, "other": 365, "patrol": 365, "assistance": 365, "question": 365, "suggestion": 365,
        "praise": 365, "rumour": 365, "tell": 365, "referral": 365, "incomplete": 90,
    }  # fmt: skip
    assert (programme.human.keep_days, programme.warn_days, programme.silent_days) == (365, 14, 180)


def test_the_sample_s_clocks_run_forward() -> None:
    """The first look comes before the answer."""
    programme = load(SAMPLE)

    assert all(each.first_look_days <= each.answer_days for each in (programme.human, *programme.categories))


def test_what_fits_nothing_goes_to_the_last_category() -> None:
    """A skipped question never leaves a report without a desk."""
    programme = load(SAMPLE)

    assert programme.category("") == programme.category(None) == programme.listed[-1]
    assert programme.listed[-1].key == "other"
    assert programme.category_for("nothing") is None
    assert programme.category_for("report_misconduct") == programme.category("conduct")


def test_the_sample_suggests_only_for_what_can_be_understood() -> None:
    """Each intent is a name the understanding knows."""
    programme = load(SAMPLE)

    assert {intent for each in (*programme.categories, *programme.faqs) for intent in each.intents} <= INTENTS


def test_the_sample_s_clocks_are_as_fast_as_the_subject_is_grave() -> None:
    """Fear, children and sexual abuse are looked at within a day; praise and rumours can wait a week."""
    programme = load(SAMPLE)
    clocks = {each.key: (each.priority, each.first_look_days, each.answer_days) for each in programme.categories}

    assert {clock for clock in clocks.values() if clock[0] == 1} == {(1, 1, 1), (1, 1, 2)}
    assert {clock for clock in clocks.values() if clock[0] == 2} == {(2, 1, 3)}
    assert {clock for clock in clocks.values() if clock[0] == 5} == {(5, 7, 30)}
    assert (clocks["safety"], clocks["sea"], clocks["quality"]) == ((1, 1, 1), (1, 1, 2), (3, 2, 14))


def test_nine_things_can_be_reported_by_one_digit() -> None:
    """What is chosen under “What is it about?” has nine buttons at most, and what takes the rest stands last."""
    programme = load(SAMPLE)

    assert [each.key for each in programme.listed] == [
        "quality", "cash", "left_out", "conduct", "sea", "safety", "child", "about_us", "other",
    ]  # fmt: skip
    assert all(len(label) <= 60 for each in programme.listed for _, label in each.label.by_language)


def test_every_way_of_telling_leads_to_a_category() -> None:
    """Praise, questions, patrols, a single message: none of them ends where nobody reads."""
    programme = load(SAMPLE)

    assert all(programme.category_of(path).path == path for path in get_args(Told))


def test_somebody_who_met_violence_and_a_child_find_help_in_every_area() -> None:
    """Wherever I am, there is a service for me that was verified, with how one gets it and how long it takes. (R16)"""
    programme = load(SAMPLE)

    for area in programme.areas:
        for help_ in (programme.help_about("gbv", NOON.date(), area.key),
                      programme.help_about("child", NOON.date(), area.key)):  # fmt: skip
            assert help_
            assert all(each.process and each.timeframe and each.contact for each in help_)


def test_every_need_of_the_sample_has_a_service() -> None:
    """No button leads to an empty page."""
    programme = load(SAMPLE)

    assert all(programme.help(NOON.date(), need=each.key) for each in programme.needs)


def test_a_service_is_shown_for_as_long_as_the_file_says(folder: Path) -> None:
    """What was verified too long ago is hidden, and named as what is to be verified."""
    spoil(folder / SERVICES, r"^verify_days = 365$", "verify_days = 90")
    programme = load(folder)
    last = programme.services[0].verified + timedelta(days=90)

    assert (programme.services, ()) == (programme.help(last), programme.stale(last))
    assert ((), programme.services) == (programme.help(last + timedelta(days=1)), programme.stale(last + timedelta(1)))


@pytest.mark.parametrize(
    ("when", "called"),
    [
        pytest.param(datetime(2026, 3, 10, 9, tzinfo=UTC), ("ada", "ben"), id="a Tuesday morning"),
        pytest.param(datetime(2026, 3, 10, 16, tzinfo=UTC), ("ada",), id="a Tuesday afternoon"),
        pytest.param(datetime(2026, 3, 11, 2, tzinfo=UTC), ("ben",), id="the night after"),
        pytest.param(datetime(2026, 3, 14, 2, tzinfo=UTC), ("ben",), id="the night to Saturday"),
        pytest.param(datetime(2026, 3, 14, 12, tzinfo=UTC), ("ada",), id="a Saturday"),
        pytest.param(datetime(2026, 3, 15, 2, tzinfo=UTC), (), id="the night to Sunday"),
    ],
)
def test_the_sample_s_rota_says_who_is_called(when: datetime, called: tuple[str, ...]) -> None:
    """By day and over midnight somebody is on duty, in an order; where nobody is, nobody is pretended."""
    assert called == load(SAMPLE).on_duty(when)


def test_a_duty_from_an_hour_to_the_same_hour_is_a_whole_day(folder: Path) -> None:
    """Whoever is on call around the clock writes one duty."""
    (folder / ROTA).write_text(
        'ack_minutes = 5\n[[duty]]\nlogin = "Ada"\ndays = ["sat"]\nbegins = "08:00"\nends = "08:00"\n',
        encoding="utf-8",
    )
    programme = load(folder)
    begins = datetime(2026, 3, 14, 7, tzinfo=UTC)

    assert ("ada",) == programme.on_duty(begins) == programme.on_duty(begins + timedelta(hours=23, minutes=59))
    assert () == programme.on_duty(begins + timedelta(hours=24)) == programme.on_duty(begins - timedelta(minutes=1))


def answer(key: str) -> str:
    """What the sample answers to a frequent question, in English."""
    return next(each.answer.in_("en") for each in load(SAMPLE).faqs if each.key == key)


def test_why_a_case_is_in_no_report_has_its_answer() -> None:
    """I learn that reports name examples, that mine was not ignored, and nothing that raises my hopes. (R05)"""
    faq = next(each for each in load(SAMPLE).faqs if "why_not_in_report" in each.intents)

    assert "only some cases, as examples" in faq.answer.in_("en")
    assert "does not mean it was ignored" in faq.answer.in_("en")
    assert "We cannot say which cases a report names" in faq.answer.in_("en")


def test_which_cases_are_taken_has_its_answer() -> None:
    """I ask whether you take cases from my place: I hear who decides, and no legal advice on my case. (R12)"""
    assert "Courts and other bodies decide which cases they take" in answer("jurisdiction")


def test_misconduct_and_a_problem_with_help_are_told_apart_both_ways() -> None:
    """I learn by examples what each is, who investigates, and that a case can come back. (R69)"""
    assert all(said in answer("misconduct") for said in ("asks for money, sex or favours", "We do not investigate"))
    assert all(
        said in answer("problem_with_help") for said in ("Wet rice", "Paying to be on a list", "come back to us")
    )


def test_leaders_do_not_see_what_is_reported() -> None:
    """I can complain about those who speak for us: they do not read it. (R49)"""
    assert "Leaders, committees and volunteers of the community cannot read reports" in answer("leaders")


def within(table: str, key: str) -> str:
    """The line of a key within a table; group 1 is what stands before it."""
    return rf"(^\[{re.escape(table)}\]\n(?:[^\[\n].*\n)*?){key} = .*\n"


def wordings(table: str, key: str) -> str:
    """Every wording of a text within a table; group 1 is what stands before them."""
    return rf"(^\[{re.escape(table)}\]\n(?:[^\[\n].*\n)*?)(?:{key}\.\w+ = .*\n)+"


@pytest.mark.parametrize(
    ("file", "pattern", "replacement", "named"),
    [
        pytest.param(CATEGORIES, within("category.cash", "desk"), '\\1desk = "money"\n',
                     "category.cash.desk: there is no desk money; add it to desks.toml, or use one of general, psea",
                     id="a desk that is not there"),
        pytest.param(CATEGORIES, within("human", "desk"), '\\1desk = "nobody"\n',
                     "human.desk: there is no desk nobody; add it", id="a person at a desk that is not there"),
        pytest.param(CATEGORIES, within("category.cash", "keep_days"), r"\1", "category.cash.keep_days: Field required",
                     id="a category that is kept for ever"),
        pytest.param(CATEGORIES, within("category.cash", "keep_days"), "\\1keep_days = 29\n",
                     "category.cash.keep_days: Input should be greater than or equal to 30", id="kept too short"),
        pytest.param(CATEGORIES, within("human", "keep_days"), "\\1keep_days = 3651\n",
                     "human.keep_days: Input should be less than or equal to 3650", id="kept for more than ten years"),
        pytest.param(DESKS, r"^\[desk\.general\]$", "[desk.all]", "desk: Value error, add [desk.general]:",
                     id="no general desk"),
        pytest.param(DESKS, r"^\[desk\.cso\]$", "[desk.CSO]", "desk.CSO", id="a desk whose name is no key"),
        pytest.param(DESKS, within("desk.cso", "sensitive"), "\\1sensitive = false\nwomen = true\n",
                     "women and cso have women = true; leave it at one", id="two desks for women"),
        pytest.param(DESKS, within("desk.cso", "sensitive"), r"\1", "desk.cso.sensitive: Field required",
                     id="a desk that does not say whether a name needs two"),
        pytest.param(DESKS, within("desk.cso", r"label\.fr"), r"\1",
                     "desk.cso.label has no wording in fr; add it", id="a desk without French"),
        pytest.param(PROFILE, within("retention", "warn_days"), "\\1warn_days = 0\n",
                     "retention.warn_days: Input should be greater", id="no warning before erasing"),
        pytest.param(PROFILE, within("retention", "warn_days"), "\\1warn_days = 61\n",
                     "retention.warn_days: Input should be less", id="a warning of more than sixty days"),
        pytest.param(PROFILE, within("retention", "silent_days"), "\\1silent_days = 29\n",
                     "retention.silent_days: Input should be greater", id="a talk forgotten too soon"),
        pytest.param(PROFILE, within("retention", "silent_days"), "\\1silent_days = 731\n",
                     "retention.silent_days: Input should be less", id="a talk kept too long"),
        pytest.param(PROFILE, r"^\[retention\]$", "[keeping]", "retention: Field required", id="no retention"),
        pytest.param(CATEGORIES, wordings("category.cash", "limits"), r"\1", "category.cash.limits: Field required",
                     id="a category without limits"),
        pytest.param(CATEGORIES, within("category.cash", r"limits\.fr"), r"\1",
                     "category.cash.limits has no wording in fr; add it", id="limits without French"),
        pytest.param(CATEGORIES, within("human", r"label\.fr"), r"\1",
                     "human.label has no wording in fr; add it", id="asking for a person without French"),
        pytest.param(CATEGORIES, within("category.cash", "answer_days"), "\\1answer_days = 999\n",
                     "category.cash.answer_days", id="a clock of years"),
        pytest.param(CATEGORIES, within("category.cash", "desk"), '\\1desk = "The Desk"\n',
                     "category.cash.desk", id="a desk that is no key"),
        pytest.param(CATEGORIES, r"^\[category\.cash\]$", "[category.Cash]", "category.Cash",
                     id="a category that is no key"),
        pytest.param(CATEGORIES, r"^\[human\]$", "[person]", "human: Field required", id="nobody to ask for"),
        pytest.param(PROFILE, within("hours", "fr"), r"\1", "hours has no wording in fr; add it",
                     id="hours without French"),
        pytest.param(PROFILE, within("hours", "fr"), '\\1fr = ""\n', "hours.fr", id="a wording that is empty"),
        pytest.param(PROFILE, r"\A", 'colour = "blue"\n', "colour: Extra inputs", id="an unknown key"),
        pytest.param(PROFILE, r"\Z", "\n[broken", "this is not TOML", id="no TOML"),
        pytest.param(PROFILE, r"^timezone = .*$", 'timezone = "Mars/Olympus"',
                     "timezone: Value error, write a zone like Africa/Nairobi", id="an unknown timezone"),
        pytest.param(PROFILE, r"^timezone = .*$", 'timezone = "../../etc"',
                     "timezone: Value error, write a zone like Africa/Nairobi", id="a path for a timezone"),
        pytest.param(PROFILE, r"^languages = .*$", 'languages = ["en", "xx"]',
                     "languages: Value error, use languages of en, fr", id="an unknown language"),
        pytest.param(PROFILE, r"^languages = .*$", 'languages = ["fr"]',
                     "languages: Value error, use languages of en, fr", id="English left out"),
        pytest.param(PROFILE, r"^\[about\.limits\]$", "[limits]", "about.limits: Field required",
                     id="who we are without what we cannot do"),
        pytest.param(PROFILE, r"^\[mandated\.direct\]$", "[direct]", "mandated.direct: Field required",
                     id="no way past us to the investigators"),
        pytest.param(PROFILE, r"(^\[about\.role\]\n(?:.*\n)*?)sw = .*\n", r"\1",
                     "about.role has no wording in sw; add it", id="who we are without Swahili"),
        pytest.param(PROFILE, r"^languages = .*$", 'languages = ["en", "fr", "fr"]',
                     "languages: Value error, use languages of en, fr", id="a language named twice"),
        pytest.param(CATEGORIES, within("category.sea", "path"), '\\1path = "rape"\n',
                     "category.sea.path: Input should be 'complaint', 'misconduct'", id="a path that is not there"),
        pytest.param(CATEGORIES, within("category.praise", "path"), '\\1path = "complaint"\n',
                     'category: none has path = "praise"; give it to one', id="no category for praise"),
        pytest.param(CATEGORIES, within("category.cash", "priority"), "\\1priority = 6\n",
                     "category.cash.priority: Input should be 0, 1", id="a priority below praise"),
        pytest.param(CATEGORIES, within("category.patrol", "listed"), "\\1listed = true\n",
                     "category: 10 are listed, 9 is the most; write listed = false for some of quality",
                     id="ten listed"),
        pytest.param(CATEGORIES, within("category.cash", r"label\.ar"), rf'\1label.ar = "{"ن" * 61}"\n',
                     "category.cash: Value error, label is too long for a button in ar; use at most 60",
                     id="a label that fits no button"),
        pytest.param(AREAS, within("area.north", r"emergency\.ar"), r"\1",
                     "area.north.emergency has no wording in ar; add it", id="an emergency without Arabic"),
        pytest.param(SERVICES, wordings("service.legal_aid", "timeframe"), r"\1",
                     "service.legal_aid.timeframe: Field required", id="a service without its time"),
        pytest.param(SERVICES, wordings("service.legal_aid", "process"), r"\1",
                     "service.legal_aid.process: Field required", id="a service without the way to it"),
        pytest.param(SERVICES, within("service.legal_aid", "need"), '\\1need = "money"\n',
                     "service.legal_aid.need: there is no need money; add [need.money], or use one of food, water",
                     id="a need that is not there"),
        pytest.param(SERVICES, within("service.food_point", "areas"), '\\1areas = ["moon"]\n',
                     "service.food_point.areas: there is no area moon; add it to areas.toml, or use one of north",
                     id="a service in no area"),
        pytest.param(SERVICES, within("service.food_point", "verified"), '\\1verified = "lately"\n',
                     "service.food_point.verified: Input should be a valid date", id="a day that is none"),
        pytest.param(SERVICES, within("need.women", "about"), r"\1",
                     'service: none is for somebody who has met violence; add one whose need has about = "gbv"',
                     id="nothing for who has met violence"),
        pytest.param(SERVICES, within("need.children", "about"), r"\1",
                     'service: none is for a child; add one whose need has about = "child"', id="nothing for a child"),
        pytest.param(SERVICES, r"^verify_days = .*$", "verify_days = 366",
                     "verify_days: Input should be less than or equal to 365", id="verified for ever"),
        pytest.param(SITES, wordings("site.camp", "hours"), r"\1", "site.camp.hours: Field required",
                     id="a site without hours"),
        pytest.param(SITES, wordings("site.camp", "place"), r"\1", "site.camp.place: Field required",
                     id="a site without its place"),
        pytest.param(SITES, within("site.camp", "phone"), r"\1", "site.camp.phone: Field required",
                     id="a site without a telephone"),
        pytest.param(SITES, within("site.camp", "phone"), '\\1phone = "ask"\n', "site.camp.phone: String should match",
                     id="a telephone that is no number"),
        pytest.param(SITES, within("site.camp", "area"), '\\1area = "moon"\n',
                     "site.camp.area: there is no area moon; add it to areas.toml", id="a site in no area"),
        pytest.param(ROTA, r'^begins = "18:00"$', 'begins = "24:00"',
                     "duty.3.begins: Value error, write a time from 00:00 to 23:59, like 08:00",
                     id="no time of a clock"),
        pytest.param(ROTA, r'^ends = "18:00"$', 'ends = "6 pm"',
                     "duty.1.ends: Value error, write a time from 00:00 to 23:59", id="a time in words"),
        pytest.param(ROTA, r'"mon", ', '"monday", ', "duty.1.days.1: Input should be 'mon', 'tue'",
                     id="a day by another name"),
        pytest.param(ROTA, r'^login = "ada"$', 'login = "Ada Adams"', "duty.1.login: String should match",
                     id="a name that signs nobody in"),
        pytest.param(ROTA, r"^ack_minutes = 5$", "ack_minutes = 0", "ack_minutes: Input should be greater",
                     id="no time to answer"),
        pytest.param(RED_LINES, r"^version = .*\n", "", "version: Field required", id="red lines without a version"),
        pytest.param(RED_LINES, r"(^\[\[line\]\]\n(?:.*\n)*?\[\[line\]\]\n(?:.*\n)*?)ar = .*\n", r"\1",
                     "line.2 has no wording in ar; add it", id="a red line without Arabic"),
        pytest.param(FAQ, within("faq.cost", r"answer\.es"), r"\1", "faq.cost.answer has no wording in es; add it",
                     id="an answer without Spanish"),
    ],
)  # fmt: skip
def test_each_fault_is_refused_by_file_and_key(
    folder: Path, file: str, pattern: str, replacement: str, named: str
) -> None:
    """The sentence names the file and the key, so that it can be mended without reading code."""
    spoil(folder / file, pattern, replacement)

    with pytest.raises(WrongProgramme) as refused:
        load(folder)

    assert str(refused.value).startswith(f"{folder / file}: ")
    assert named in str(refused.value)


def test_a_programme_without_limits_text_serves_nobody(folder: Path) -> None:
    """The start is refused with the category named: nobody reports without hearing what you cannot do. (R03)"""
    spoil(folder / CATEGORIES, wordings("category.sea", "limits"), r"\1")

    with pytest.raises(WrongProgramme, match=r"category\.sea\.limits: Field required"):
        load(folder)


def test_a_service_without_timeframe_is_refused(folder: Path) -> None:
    """Nobody is sent somewhere without knowing how long it takes. (R16)"""
    spoil(folder / SERVICES, wordings("service.water_team", "timeframe"), r"\1")

    with pytest.raises(WrongProgramme, match=r"service\.water_team\.timeframe: Field required"):
        load(folder)


def test_a_site_without_hours_is_refused(folder: Path) -> None:
    """Nobody walks to a closed door. (R55)"""
    spoil(folder / SITES, wordings("site.market", "hours"), r"\1")

    with pytest.raises(WrongProgramme, match=r"site\.market\.hours: Field required"):
        load(folder)


def test_the_last_listed_category_takes_what_fits_no_other(folder: Path) -> None:
    """What is skipped must not end in a flow for something else."""
    spoil(folder / CATEGORIES, within("category.other", "priority"), '\\1path = "child"\npriority = 3\n')

    with pytest.raises(WrongProgramme, match=r"category\.other\.path: the last listed category takes what fits no "):
        load(folder)


def test_a_programme_in_which_nothing_is_listed_is_refused(folder: Path) -> None:
    """There is always something to choose."""
    written = (folder / CATEGORIES).read_text(encoding="utf-8").replace("listed = false\n", "")
    written = re.sub(r"^(\[category\.\w+\])$", r"\1\nlisted = false", written, flags=re.MULTILINE)
    (folder / CATEGORIES).write_text(written, encoding="utf-8")

    with pytest.raises(WrongProgramme, match=r"category: none is listed; write listed = true"):
        load(folder)


def test_every_broken_rule_is_said_at_once(folder: Path) -> None:
    """Whoever mends a programme reads all that is wrong between its files, not one a day."""
    spoil(folder / CATEGORIES, within("category.cash", "desk"), '\\1desk = "money"\n')
    spoil(folder / SITES, within("site.camp", "area"), '\\1area = "moon"\n')

    with pytest.raises(WrongProgramme) as refused:
        load(folder)

    assert [f"{folder / CATEGORIES}: category.cash.desk", f"{folder / SITES}: site.camp.area"] == [
        line[: line.index(": there is")] for line in str(refused.value).splitlines()
    ]


def test_a_service_that_was_verified_in_the_future_is_said_and_shown(folder: Path) -> None:
    """A wrong day is found before it is relied on; the service is shown all the same, it may be the clock."""
    programme = load(folder)
    the_day_before = programme.services[0].verified - timedelta(days=1)

    said = list(too_early(folder, programme, the_day_before))

    assert len(programme.services) == len(said)
    assert said[0].startswith(f"{folder / SERVICES}: service.food_point.verified: 2026-10-01 has not come yet; ")
    assert [] == list(too_early(folder, programme, programme.services[0].verified))
    assert programme.services == programme.help(the_day_before)


def test_a_case_that_would_be_erased_before_its_warning_is_refused(folder: Path) -> None:
    """Nobody is promised a warning that comes after the erasing."""
    spoil(folder / PROFILE, within("retention", "warn_days"), "\\1warn_days = 30\n")
    spoil(folder / CATEGORIES, within("category.cash", "keep_days"), "\\1keep_days = 30\n")

    with pytest.raises(WrongProgramme) as refused:
        load(folder)

    assert str(refused.value) == (
        f"{folder / CATEGORIES}: category.cash.keep_days: 30 days end before the warning can come; "
        "keep it for more than the 30 days of retention.warn_days in profile.toml."
    )


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_refused(folder: Path, file: str) -> None:
    """Nobody is served without a profile, nor without any other file; the setting that points there is named. (R79)"""
    (folder / file).unlink()

    with pytest.raises(WrongProgramme, match=rf"{re.escape(file)}: .* Set AMANA_PROGRAMME"):
        load(folder)


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    """An editor that does not write UTF-8 is found before anybody reads broken letters."""
    (folder / PROFILE).write_bytes((folder / PROFILE).read_text(encoding="utf-8").encode("utf-16"))

    with pytest.raises(WrongProgramme, match=r"profile\.toml: this is not TOML"):
        load(folder)


def test_the_check_says_what_the_programme_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`amana check` prints the same sentence and fails."""
    spoil(folder / CATEGORIES, wordings("category.cash", "limits"), r"\1")

    said = "category.cash.limits: Field required. docs/programme.md says what each key holds."
    assert check.run(Settings(programme=folder), tuple(FLOWS), tests=folder / "tests") == 1
    assert capsys.readouterr().out == f"{folder / CATEGORIES}: {said}\n"


def test_the_check_finds_an_intent_that_nobody_understands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt intent would never suggest anything."""
    spoil(folder / CATEGORIES, r'"report_misconduct"', '"report_misconducts"')

    assert check.run(Settings(programme=folder), tuple(FLOWS), tests=folder / "tests") == 1
    assert capsys.readouterr().out.startswith(f"{folder / CATEGORIES}: category.conduct.intents: report_misconducts ")


def test_the_check_finds_a_question_by_an_intent_that_nobody_understands(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A frequent question is answered only by a name of the understanding."""
    spoil(folder / FAQ, r'"why_not_in_report"', '"why_not"')

    assert check.run(Settings(programme=folder), tuple(FLOWS), tests=folder / "tests") == 1
    assert capsys.readouterr().out.startswith(
        f"{folder / FAQ}: faq.not_in_report.intents: why_not is nothing that can "
    )


def test_the_check_finds_a_day_that_has_not_come(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A service nobody can have verified yet is a slip of the pen."""
    spoil(folder / SERVICES, within("service.hospital", "verified"), "\\1verified = 9999-01-01\n")

    assert check.run(Settings(programme=folder), tuple(FLOWS), tests=folder / "tests") == 1
    assert f"{folder / SERVICES}: service.hospital.verified: 9999-01-01 has not come yet" in capsys.readouterr().out


def test_the_start_says_a_day_that_has_not_come(folder: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said and nothing is refused: the machine's clock may be slow, and somebody may need us now."""
    spoil(folder / SERVICES, within("service.hospital", "verified"), "\\1verified = 9999-01-01\n")

    assert founding.found(Settings(programme=folder, home=home, database=f"sqlite:///{home / 'amana.db'}"))
    assert "service.hospital.verified: 9999-01-01 has not come yet" in capsys.readouterr().err

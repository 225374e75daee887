"""What the organisation decides: the sample loads, and every fault is refused with its file and key."""

import re
import shutil
from pathlib import Path

import pytest

from actions.flows import FLOWS
from amana import check
from house.programme import WrongProgramme, desks, load
from house.settings import Settings
from nlu.intents import INTENTS

SAMPLE = Path(__file__).parent.parent / "programme"
PROFILE, DESKS, CATEGORIES = "profile.toml", "desks.toml", "categories.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample programme, to be spoilt."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "programme"))


def spoil(path: Path, pattern: str, replacement: str) -> None:
    """Change one place of a file."""
    changed, places = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert places == 1
    path.write_text(changed, encoding="utf-8")


def test_the_sample_loads() -> None:
    """Whoever begins has something that works, in every language it offers."""
    programme = load(SAMPLE)

    assert programme.languages == ("en", "fr")
    for words in (
        programme.name,
        programme.organisation,
        programme.emergency,
        *(c.limits for c in programme.categories),
        *(d.label for d in programme.desks),
    ):
        assert all(words.in_(language) for language in programme.languages)


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
        "conduct": "psea", "safety": "protection", "child": "child",
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
        "quality": 365, "cash": 365, "left_out": 365, "conduct": 730, "safety": 730, "child": 730,
        "about_us": 365, "other": 365,
    }  # fmt: skip
    assert (programme.human.keep_days, programme.warn_days, programme.silent_days) == (365, 14, 180)


def test_the_sample_s_clocks_run_forward() -> None:
    """The first look comes before the answer."""
    programme = load(SAMPLE)

    assert all(each.first_look_days <= each.answer_days for each in (programme.human, *programme.categories))


def test_what_fits_nothing_goes_to_the_last_category() -> None:
    """A skipped question never leaves a report without a desk."""
    programme = load(SAMPLE)

    assert programme.category("") == programme.category(None) == programme.categories[-1]
    assert programme.category_for("nothing") is None
    assert programme.category_for("report_misconduct") == programme.category("conduct")


def test_the_sample_suggests_only_for_what_can_be_understood() -> None:
    """Each intent is a name the understanding knows."""
    assert {intent for each in load(SAMPLE).categories for intent in each.intents} <= INTENTS


def within(table: str, key: str) -> str:
    """The line of a key within a table; group 1 is what stands before it."""
    return rf"(^\[{re.escape(table)}\]\n(?:[^\[\n].*\n)*?){key} = .*\n"


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
        pytest.param(DESKS, within("desk.cso", "label"), '\\1label = { en = "Civil society" }\n',
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
        pytest.param(CATEGORIES, within("category.cash", "limits"), r"\1", "category.cash.limits: Field required",
                     id="a category without limits"),
        pytest.param(CATEGORIES, within("category.cash", "limits"), r'\1limits = { en = "we cannot pay." }\n',
                     "category.cash.limits has no wording in fr; add it", id="limits without French"),
        pytest.param(CATEGORIES, within("human", "label"), r'\1label = { en = "Asked" }\n',
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


@pytest.mark.parametrize("file", [PROFILE, DESKS, CATEGORIES])
def test_a_missing_file_is_refused(folder: Path, file: str) -> None:
    """The sentence says which setting points there."""
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
    spoil(folder / CATEGORIES, within("category.cash", "limits"), r"\1")

    assert check.run(Settings(programme=folder), tuple(FLOWS)) == 1
    assert capsys.readouterr().out == f"{folder / CATEGORIES}: category.cash.limits: Field required.\n"


def test_the_check_finds_an_intent_that_nobody_understands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt intent would never suggest anything."""
    spoil(folder / CATEGORIES, r'"report_misconduct"', '"report_misconducts"')

    assert check.run(Settings(programme=folder), tuple(FLOWS)) == 1
    assert capsys.readouterr().out.startswith(f"{folder / CATEGORIES}: category.conduct.intents: report_misconducts ")

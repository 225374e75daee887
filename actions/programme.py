"""The organisation's own rules and words as the core needs them; `house.programme` reads and checks the files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from actions.words import Words

# The guided flow that a category is told in; `actions.flows` has one of each name.
Path: TypeAlias = Literal[
    "complaint", "misconduct", "sea", "child", "threat", "patrol", "assistance", "question", "suggestion", "praise",
    "rumour", "tell", "referral", "incomplete",
]  # fmt: skip
# 0 is life or safety now, 5 is praise (REQUIREMENTS.md 3.3).
Priority: TypeAlias = Literal[0, 1, 2, 3, 4, 5]
Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of report: who reads it (desk), its clocks in days, and what cannot be promised (limits).

    `path` is the guided flow it is told in, `listed` whether it stands under “What is it about?”. `keep_days` is how
    long a closed case is kept after the last thing that happened in it.
    """

    key: str
    label: Words
    desk: str
    first_look_days: int
    answer_days: int
    limits: Words
    intents: tuple[str, ...] = ()
    keep_days: int = 365
    path: Path = "complaint"
    priority: Priority = 3
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Desk:
    """A group of staff with a key of its own.

    At a `sensitive` desk a second person lets an identity be revealed; at a `women` desk only women work.
    """

    key: str
    label: Words
    sensitive: bool = False
    women: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A coarse part of where the organisation works, and whom to call there in an emergency.

    `share`: of a hundred reports so many are expected from there; 0 says nothing (R60).
    """

    key: str
    label: Words
    emergency: Words
    share: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """What a service helps with; `about` marks those that are shown where a talk turns to violence or to a child."""

    key: str
    label: Words
    about: Literal["", "gbv", "child"] = ""


@dataclass(frozen=True, slots=True)
class Service:
    """Help that somebody gives without any report: how one gets it, how long it takes, and when that was checked.

    `areas` are keys; none means everywhere. It is shown only until `verify_days` after `verified` (R14). `referral`
    says whether we may ask them for somebody who wants that.
    """

    key: str
    need: str
    name: Words
    process: Words
    timeframe: Words
    hours: Words
    contact: Words
    owner: str
    verified: date
    areas: tuple[str, ...] = ()
    referral: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """Where somebody of ours can be met: place, opening hours, telephone."""

    key: str
    label: Words
    area: str
    place: Words
    hours: Words
    phone: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is called when somebody is in danger: a sign-in name, on which days, from when until when (local)."""

    login: str
    days: tuple[Day, ...]
    begins: time
    ends: time

    def at(self, local: datetime) -> bool:
        """Whether it is theirs at that local time; a duty may run over midnight."""
        now, today = local.time(), DAYS[local.weekday()]
        if self.begins < self.ends:
            return today in self.days and self.begins <= now < self.ends
        before = DAYS[(local - timedelta(days=1)).weekday()]
        return (today in self.days and now >= self.begins) or (before in self.days and now < self.ends)


@dataclass(frozen=True, slots=True)
class Faq:
    """A question that is often asked, its answer, and the intents that mean it."""

    key: str
    question: Words
    answer: Words
    intents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RedLines:
    """What the organisation never does and cannot do, with a version that changes with the words (R09)."""

    version: str
    lines: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class About:
    """Three short pages: what the organisation is there for, what it does, what it cannot do (R11)."""

    role: Words
    activities: Words
    limits: Words


@dataclass(frozen=True, slots=True)
class Mandated:
    """The body that alone may investigate staff, and how a person reaches it without us (R67)."""

    body: Words
    direct: Words


@dataclass(frozen=True, slots=True)
class Programme:
    """One organisation's profile, contacts, desks and categories; the last listed category takes what fits no other.

    `warn_days` before a closed case is erased, staff and the person are told; talks that are silent for
    `silent_days` are forgotten. A service is shown for `verify_days` after it was verified. Whoever is on duty and
    does not answer an alarm within `ack_minutes` is followed by the next one. `calls`: staff can call people back.
    `disability`: of a hundred people who say it, so many are expected to have one; 0 says nothing (R60). `recorded` are
    the languages in which something of what is asked was recorded (R48).
    """

    name: Words
    organisation: Words
    purpose: Words
    emergency: Words
    contact: Words
    hours: Words
    languages: tuple[str, ...]
    timezone: str
    human: Category
    categories: tuple[Category, ...]
    desks: tuple[Desk, ...]
    about: About
    mandated: Mandated
    red_lines: RedLines
    warn_days: int = 14
    silent_days: int = 180
    areas: tuple[Area, ...] = ()
    needs: tuple[Need, ...] = ()
    services: tuple[Service, ...] = ()
    sites: tuple[Site, ...] = ()
    rota: tuple[Duty, ...] = ()
    faqs: tuple[Faq, ...] = ()
    verify_days: int = 90
    ack_minutes: int = 5
    calls: bool = False
    disability: int = 0
    recorded: tuple[str, ...] = ()

    def desk(self, key: str) -> Desk | None:
        """The desk of that key."""
        return next((each for each in self.desks if each.key == key), None)

    @property
    def listed(self) -> tuple[Category, ...]:
        """What can be chosen under “What is it about?”."""
        return tuple(each for each in self.categories if each.listed)

    def category(self, key: str | None) -> Category:
        """The category of that key; the last listed one for a skipped or forgotten key."""
        return next((each for each in (*self.categories, self.human) if each.key == key), self.listed[-1])

    def category_for(self, intent: str | None) -> Category | None:
        """The category the programme suggests for an intent, if it names one."""
        return next((each for each in self.categories if intent in each.intents), None)

    def category_of(self, path: Path) -> Category:
        """The first category that is told in that flow; the last listed one where the programme has none."""
        return next((each for each in self.categories if each.path == path), self.listed[-1])

    def area(self, key: str) -> Area | None:
        """The area of that key."""
        return next((each for each in self.areas if each.key == key), None)

    def help(self, today: date, area: str = "", need: str = "") -> tuple[Service, ...]:
        """The services that were verified lately, of an area and a need where these are named."""
        return tuple(
            each
            for each in self.services
            if each.verified + timedelta(days=self.verify_days) >= today
            and (not area or not each.areas or area in each.areas)
            and (not need or each.need == need)
        )

    def stale(self, today: date) -> tuple[Service, ...]:
        """The services that are not shown any more until somebody verifies them."""
        return tuple(each for each in self.services if each not in self.help(today))

    def help_about(self, about: Literal["gbv", "child"], today: date, area: str = "") -> tuple[Service, ...]:
        """The services for somebody who has met violence, or for a child."""
        needs = {each.key for each in self.needs if each.about == about}
        return tuple(each for each in self.help(today, area) if each.need in needs)

    def on_duty(self, now: datetime) -> tuple[str, ...]:
        """Who is called at that (aware) time, in the order in which they are called."""
        local = now.astimezone(ZoneInfo(self.timezone))
        return tuple(dict.fromkeys(each.login for each in self.rota if each.at(local)))

"""Everything that can be told to a house, told with words nobody else says; and every place where they could lie."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from tests.fakes.bot_api import BotApi
from tests.whole import hunting
from tests.whole.house import House, wait_until
from tests.whole.people import PASSWORD, Receipt, Staff, TelegramPerson, WebPerson

GROUP, CHAT, PHONE = -1_007_348_215_590, 7_348_215_590, "+235 66 91 47 03"


@dataclass
class Told:
    """Everything that was told in one house, by what it is; `beside` are folders that are searched as well."""

    house: House
    staff: Staff
    words: dict[str, Iterable[bytes]] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    beside: list[Path] = field(default_factory=list)

    def canary(self, name: str) -> str:
        """A word nobody else says."""
        return self.secret(
            name, "kanarie" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(14)) + "é"
        )

    def secret(self, name: str, word: str) -> str:
        assert name not in self.words, name
        self.words[name] = tuple(hunting.forms(word.encode()))
        return word

    def photo(self, name: str) -> bytes:
        """A real photo with a word in its comment and a picture nobody else has."""
        out = io.BytesIO()
        noise = Image.frombytes("RGB", (48, 48), secrets.token_bytes(48 * 48 * 3))
        noise.save(out, "JPEG", quality=90, comment=self.canary(name).encode())
        whole = out.getvalue()
        self.words[f"{name}, the picture"] = (whole[-900:-860],)
        return whole

    def document(self, name: str) -> bytes:
        return b"%PDF-1.4\n% " + self.canary(name).encode() + b"\n" + secrets.token_bytes(2000) + b"\n%%EOF\n"

    def voice(self, name: str) -> bytes:
        head = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01"
        return head + secrets.token_bytes(200) + self.canary(name).encode() + secrets.token_bytes(2000)

    def receipt(self, name: str, got: Receipt) -> Receipt:
        self.secret(f"{name} code", got.code)
        self.secret(f"{name} code without spaces", got.digits)
        self.references[name], self.codes[name] = got.reference, got.code
        return got

    def places(self) -> Iterator[Path]:
        """Every file the house has left, and what lies beside it."""
        yield from self.house.files()
        for folder in self.beside:
            yield from (path for path in folder.rglob("*") if path.is_file())

    def found(self) -> list[str]:
        """Which words lie where; nothing is the right answer."""
        return hunting.found(self.words, self.places())


def begun(house: House, api: BotApi | None = None) -> Told:
    """A house with its first member."""
    told = Told(house, Staff(house, "mariam", "Mariam Haroun"))
    if api:
        told.secret("Telegram's token", api.token)
    told.secret("enrolment token", house.first_token)
    told.staff.enrol(house.first_token)
    told.secret("password", PASSWORD)
    told.secret("second factor", told.staff.secret)
    return told


def a_report(told: Told, name: str, *ending: str) -> tuple[WebPerson, Receipt]:
    """A whole report by web, with a photo, a caption and words for every question."""
    person = WebPerson(told.house)
    person.begin()
    told.secret(f"{name} bearer", person.token)
    told.secret(f"{name} bearer's secret part", person.token.partition(".")[0])
    person.tap("English")
    person.say(told.canary(f"{name} words before a report"))
    photo, caption = told.photo(f"{name} photo"), told.canary(f"{name} caption")
    file_name = told.canary(f"{name} file name") + ".jpg"
    about_me = dict(zip(("contact", "name"), ending or ("confidential",), strict=False))
    got = person.report({
        # What happened is told already; the photo is sent where something else is asked, and its words are added to it.
        "offer": "details", "category": "cash",
        "handler": (lambda: person.send_file(photo, file_name, "image/jpeg", caption), "either"),
        "where": told.canary(f"{name} where"), "when": told.canary(f"{name} when"),
        "wish": told.canary(f"{name} wish"), **about_me,
    })  # fmt: skip
    return person, told.receipt(name, got)


def by_web(told: Told) -> None:
    """A report with a name; an addition; a question to a person; an answer."""
    person, got = a_report(told, "web", "open", told.canary("web name"))
    before = len(person.texts())
    person.say(got.code)
    person.wait_for("Report", before)
    person.tap("add")
    person.say(told.canary("web addition"))
    person.wait_for("It is added", before)
    person.tap("human")
    person.report({"about": told.canary("web question to a person")}, until="called")
    told.receipt("web call", _call(person))
    person.say(told.canary("web word to a person"))
    person.say("subscribe")
    person.wait_for("You will get our announcements here")
    before = len(person.texts())
    told.staff.reply(got.reference, told.canary("web reply"))
    person.wait_for("An answer from our staff", before)


def _call(person: WebPerson) -> Receipt:
    words = person.wait_for("A person will answer you")
    before = next(n for n, text in enumerate(person.texts()) if "read the answer with this code" in text)
    return Receipt("", person.wait_for(r"^\d{4} \d{4}", before), words)


def half_a_report(told: Told) -> None:
    """A draft that lies under the bot's own keys."""
    person = WebPerson(told.house)
    person.begin()
    told.secret("other web bearer", person.token)
    person.report({"language": "fr", "category": "other", "handler": "either"}, until="what")
    person.say(told.canary("draft"))
    person.send_file(told.photo("draft photo"), "photo.jpg", "image/jpeg")
    person.wait_for("gardé")


def by_telegram(told: Told, api: BotApi) -> None:
    """An anonymous report with trouble on the way."""
    first, username = told.canary("Telegram first name"), told.canary("Telegram user name")
    person = TelegramPerson(api, CHAT, name=first, username=username)
    told.words["chat id"] = tuple(hunting.number_forms(CHAT))
    person.begin()
    person.tap("English")
    # Trouble is what a process writes about.
    api.fail(500, n=2)
    api.fail(500, n=1, method="getFile")
    api.too_many(retry_after=1)
    api.sends(CHAT, contact={"phone_number": told.secret("phone number", PHONE), "first_name": first, "user_id": CHAT})
    told.secret("phone number without spaces", PHONE.replace(" ", ""))
    person.wait_for("I cannot keep that kind of message")
    photo, caption = told.photo("Telegram photo"), told.canary("Telegram caption")
    document, file_name = told.document("Telegram document"), told.canary("Telegram file name") + ".pdf"
    got = person.report({
        "category": "safety", "handler": "either",
        "what": lambda: person.send_file(photo, "", "image/jpeg", caption),
        "where": (
            lambda: person.send_file(document, file_name, "application/pdf"),
            lambda: (person.wait_for("I kept what you sent"), person.say(told.canary("Telegram where"))),
        ),
        "contact": "anonymous",
    })  # fmt: skip
    told.receipt("Telegram", got)
    told.staff.reply(got.reference, told.canary("reply to somebody anonymous"))
    before = len(person.texts())
    person.say(got.code)
    person.wait_for("Our staff have answered", before)


def at_the_console(told: Told, api: BotApi) -> Staff:
    """Notes, reasons, invitations, partners, announcements; the colleague."""
    staff = told.staff
    web, telegram = told.references["web"], told.references["Telegram"]
    staff.note(telegram, told.canary("note"))
    staff.close(telegram, told.canary("reason for closing"))
    invitation = told.secret("colleague's enrolment token", staff.invite("general"))
    colleague = Staff(told.house, "idriss", "Idriss Saleh")
    colleague.enrol(invitation)
    told.secret("colleague's second factor", colleague.secret)
    told.secret("unused enrolment token", staff.invite())
    told.secret("colleague's session cookie", str(colleague.http.cookies["amana_console"]))
    code = told.secret("link code", staff.link_code(told.canary("partner")))
    told.secret("link code without dashes", code.replace("-", ""))
    told.words["group id"] = tuple(hunting.number_forms(GROUP))
    api.group(GROUP, told.canary("group name"))
    api.says_in_group(GROUP, CHAT, told.canary("words in a group"))
    api.says_in_group(GROUP, CHAT, f"/link {code}")
    wait_until(lambda: any("is linked" in each.text for each in api.sent(GROUP)), "the group is linked")
    announcement = told.canary("announcement")
    staff.write(announcement, **{"text-fr": told.canary("French announcement")})
    colleague.approve()
    wait_until(lambda: any(announcement in each.text for each in api.sent(GROUP)), "the group has the announcement", 60)
    shown = staff.open(web).words + staff.open(telegram).words
    read = (
        "web caption",
        "web where",
        "web when",
        "web wish",
        "web addition",
        "Telegram caption",
        "Telegram where",
        "note",
    )
    assert not [name for name in read if next(iter(told.words[name])).decode() not in shown]
    return colleague


def recovery(told: Told) -> list[str]:
    """The recovery key's shares, made by a signed-in member's password where the command asks for it."""
    made = told.house.run("keys", "recovery")
    assert made.returncode == 0, made.stderr
    shares = [line for line in made.stdout.splitlines() if len(line.split()) > 20]
    for number, each in enumerate(shares):
        told.secret(f"share {number}", each)
    return shares


def memory(pid: int, into: Path) -> Path:
    """What a process holds in memory, as a core dump has it: every region that can be written."""
    with Path(f"/proc/{pid}/mem").open("rb", 0) as mem, into.open("wb") as core:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if not found or "[vvar]" in line:
                continue
            first, last = int(found[1], 16), int(found[2], 16)
            try:
                mem.seek(first)
                core.write(mem.read(last - first))
            except OSError:
                continue
    return into

"""Ten thousand changes to what is stored, and to codes: nothing opens, and nothing but `Unopenable` is ever raised."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom

import pytest

from actions import code
from actions.programme import Programme
from bot.codes import Seeker
from bot.inbound import Particulars
from store import announcements, casekeys, cases, erasing, letters, opening, relays, reveals, staff
from store.cases import Case
from store.db import Store, Tx
from store.locks import PASSWORD, Lock, stretched
from store.places import Place, Unopenable
from store.pocket import CodeKey, Pocket
from store.sealing import KEY_ID, MAGIC, WRAP, Envelope, seal
from tests.conftest import NOON_S
from tests.store.office import Office, case

STORED, CODES = 9000, 1000
START = len(MAGIC) + 1
SIZE = KEY_ID + WRAP
LOCK_ID = slice(3, 11)
POCKET = Pocket.new()


@pytest.fixture
def url(home: Path) -> str:
    """One database: what is changed here is bytes, not rows."""
    return f"sqlite:///{home / 'amana.db'}"


@pytest.fixture
def chance() -> tuple[int, Random]:
    """A seed and what comes of it; a failure prints the seed, `AMANA_TEST_SEED` repeats it."""
    seed = int(os.environ.get("AMANA_TEST_SEED") or SystemRandom().randrange(10**6))
    return seed, Random(seed)


@dataclass(frozen=True)
class Thing:
    """Something stored: its bytes, its place, and what opens it for whoever may."""

    kind: str
    sealed: bytes
    place: Place
    open: Callable[[bytes, Place], bytes]
    mine: bytes

    @property
    def enveloped(self) -> bool:
        """Whether it is an envelope, and not shut by a lock."""
        return self.sealed.startswith(MAGIC)

    @property
    def at(self) -> int:
        """Where in the envelope the wrap of whoever opens it begins."""
        ids = [id_ for id_, _ in Envelope.read(self.sealed).wraps]
        return START + ids.index(self.mine) * SIZE

    @property
    def counts(self) -> list[int]:
        """Every byte that this opener relies on: all but the wraps of others."""
        if not self.enveloped:
            return list(range(len(self.sealed)))
        body = START + len(Envelope.read(self.sealed).wraps) * SIZE
        return [*range(START), *range(self.at, self.at + SIZE), *range(body, len(self.sealed))]

    def differs(self, sealed: bytes) -> bool:
        """Whether anything that this opener relies on is not as it was."""
        return len(sealed) != len(self.sealed) or any(sealed[at] != self.sealed[at] for at in self.counts)


# --- all that is stored -----------------------------------------------------------------------------------------------


def _office(store: Store) -> Office:
    made = Office(store).desk("general", "women")
    return made.member("ann", "general", "women").member("ben", "general").member("wen", "women")


def _of_case(office: Office, filed: Case, key: CodeKey) -> list[Thing]:
    """A case's key, head, entries, the reasons beside it, and a passage that waits for an interpreter."""

    def fill(tx: Tx) -> None:
        cases.add(tx, filed, "words", "person", b"more", NOON_S)
        cases.add(tx, filed, "file", "person", b"\0" * 5000, NOON_S)
        cases.add(tx, filed, "note", "ann", b"", NOON_S)
        cases.add(tx, filed, "answer", "ann", b"we came", NOON_S, None, [key.recipient])
        reveals.ask(tx, f"r-{filed.reference}", filed, "e", "why", "ann", NOON_S)
        to = office.members["wen"].recipient
        relays.ask(tx, f"s-{filed.reference}", filed.reference, "wen", to, "sa carte", "ann", "fr", NOON_S)
        erasing.wish(tx, filed, NOON_S)

    office.store.do(fill)
    found = office.opened("ann", filed.reference)
    assert found is not None
    me, every = filed.key.id, office.store.read(lambda tx: cases.entries_of(tx, filed.reference))
    things = [Thing(f"entry: {each.kind}", each.sealed, each.place, found.thing, me) for each in every]
    answer = every[-1]
    things.append(Thing("entry: answer by code", answer.sealed, answer.place, key.identity.open, key.recipient.id))
    head = casekeys.head_lock(found._key.private)
    things.append(Thing("head", filed.head, casekeys.head_place(filed.reference), head.open, head.id))
    [reveal] = office.store.read(lambda tx: reveals.of_case(tx, filed.reference))
    things.append(Thing("reveal", reveal.sealed, reveal.place, found.thing, me))
    [relay], wen = office.store.read(lambda tx: relays.of_case(tx, filed.reference)), office.members["wen"]
    things.append(Thing("relay", relay.sealed, relay.place, wen.open, wen.recipient.id))
    return [*things, *_wraps(office, filed)]


def _wraps(office: Office, filed: Case) -> list[Thing]:
    ring = office.ring("ann")
    found = office.store.read(lambda tx: casekeys.wraps_for(tx, filed.reference, ring.holders))
    return [
        Thing("case wrap", sealed, casekeys.place(filed.reference, holder), key.open, key.recipient.id)
        for holder, sealed in found
        for key in [ring.every.get(holder, ring.me)]
    ]


def _of_desks(office: Office) -> list[Thing]:
    return [
        Thing("desk wrap", each.sealed, each.place, office.members[name].open, office.members[name].recipient.id)
        for name in ("ann", "ben", "wen")
        for each in office.store.read(lambda tx, name=name: staff.wraps(tx, name))
    ]


def _of_people() -> list[Thing]:
    """Talks, drafts, addresses and letters, under the bot's lock and, from console and scheduler, under its key."""
    things = []
    for n in range(3):
        for kind, place in (
            ("talk", Place("talks", f"a{n}", "talk")),
            ("draft", cases.draft_place(f"d{n}")),
            ("letter", letters.place(f"web/{n}/1")),
        ):
            things.append(Thing(kind, POCKET.lock.shut(b"words", place), place, POCKET.open, POCKET.lock.id))
        here = letters.place(f"reply/{n}")
        things.append(
            Thing("answer's letter", seal(b"{}", here, [POCKET.recipient]), here, POCKET.open, POCKET.recipient.id)
        )
        sealed, where = Particulars(f"chat {n}").sealed(POCKET, f"a{n}"), Place("addresses", f"a{n}", "particulars")
        mine = POCKET.lock.id if Lock.shut_it(sealed) else POCKET.recipient.id
        things.append(Thing("address", sealed, where, POCKET.open, mine))
    return things


def _of_staff(office: Office) -> list[Thing]:
    """Accounts under a password (stretched once: each costs 64 MiB), sessions, announcements for bot and desk."""
    things = []
    for name in ("ann", "ben"):
        member, identity = opening.new_member(name, name, name, f"{name}'s password", "TOTP")
        lock = Lock(stretched(f"{name}'s password", member.salt, PASSWORD))
        things.append(Thing("account", member.locked, staff.keys_place(name), lock.open, lock.id))
        session = opening.new_session(name, identity, f"{name}'s token", NOON_S)
        shut = opening._session_lock(f"{name}'s token")
        things.append(Thing("session", session.locked, staff.session_place(session.id), shut.open, shut.id))
        here, desk = announcements.place(name), office.desks["general"]
        sealed = seal(b"{}", here, [desk.recipient, POCKET.recipient])
        things.append(Thing("announcement", sealed, here, desk.open, desk.recipient.id))
        things.append(Thing("announcement by the bot", sealed, here, POCKET.open, POCKET.recipient.id))
    return things


def _stored(store: Store) -> list[Thing]:
    office, things = _office(store), []
    for n, (desk, shut) in enumerate((("general", []), ("general", []), ("women", []), ("general", ["ben"]))):
        key = CodeKey.from_code(code.complete(f"{n}" * code.RANDOM_DIGITS), b"%016d" % n, POCKET)
        new = case(f"AAAA-000{n}", desk=desk, salt=key.salt, reporter=key.recipient.public)
        filed = office.file(new, shut=shut, locator=key.locator)
        things += _of_case(office, filed, key)
    return [*things, *_of_desks(office), *_of_people(), *_of_staff(office)]


# --- changes ----------------------------------------------------------------------------------------------------------

Change = Callable[[Random, Thing, Thing], tuple[bytes, Place]]
"""What stands at a place afterwards, made of a thing and another."""


def _flip(chance: Random, thing: Thing, _: Thing) -> tuple[bytes, Place]:
    changed = bytearray(thing.sealed)
    for at in chance.sample(thing.counts, chance.choice([1, 1, 1, 2, 8])):
        changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed), thing.place


def _byte(chance: Random, thing: Thing, _: Thing) -> tuple[bytes, Place]:
    at = chance.choice(thing.counts)
    return thing.sealed[:at] + chance.randbytes(1) + thing.sealed[at + 1 :], thing.place


def _cut(chance: Random, thing: Thing, _: Thing) -> tuple[bytes, Place]:
    at = chance.randrange(len(thing.sealed))
    return chance.choice([thing.sealed[:at], thing.sealed[at:], thing.sealed[:-1]]), thing.place


def _cut_out(chance: Random, thing: Thing, _: Thing) -> tuple[bytes, Place]:
    at = chance.randrange(len(thing.sealed))
    return thing.sealed[:at] + thing.sealed[at + chance.randrange(1, 40) :], thing.place


def _lengthen(chance: Random, thing: Thing, _: Thing) -> tuple[bytes, Place]:
    at, more = chance.randrange(len(thing.sealed)), chance.randbytes(chance.choice([1, 12, 16, SIZE]))
    return chance.choice(
        [thing.sealed + more, more + thing.sealed, thing.sealed[:at] + more + thing.sealed[at:], thing.sealed + b"\0"]
    ), thing.place


def _splice(chance: Random, thing: Thing, other: Thing) -> tuple[bytes, Place]:
    """The beginning of one and the end of another."""
    at = chance.randrange(1, min(len(thing.sealed), len(other.sealed)))
    return chance.choice([thing.sealed[:at] + other.sealed[at:], other.sealed[:at] + thing.sealed[at:]]), thing.place


def _move(_: Random, thing: Thing, other: Thing) -> tuple[bytes, Place]:
    """The other's bytes in this one's row."""
    return other.sealed, thing.place


def _misplace(_: Random, thing: Thing, other: Thing) -> tuple[bytes, Place]:
    """These bytes in the other's row."""
    return thing.sealed, other.place


def _version(chance: Random, thing: Thing, _: Thing) -> tuple[bytes, Place]:
    """Version, algorithm, magic or number of wraps."""
    at = chance.randrange(START if thing.enveloped else 3)
    return thing.sealed[:at] + chance.randbytes(1) + thing.sealed[at + 1 :], thing.place


def _other_kind(chance: Random, thing: Thing, _: Thing) -> tuple[bytes, Place]:
    """An envelope that says it is a lock's, and the other way round."""
    head = b"AL\x02" if thing.enveloped else MAGIC
    return head + thing.sealed[chance.choice([3, 4]) :], thing.place


def _name(chance: Random, thing: Thing, other: Thing) -> tuple[bytes, Place]:
    """Another key's name over this one's."""
    where = slice(thing.at, thing.at + KEY_ID) if thing.enveloped else LOCK_ID
    name = chance.choice([other.mine, chance.randbytes(KEY_ID), bytes(KEY_ID)])
    return thing.sealed[: where.start] + name + thing.sealed[where.stop :], thing.place


def _body(_: Random, thing: Thing, other: Thing) -> tuple[bytes, Place]:
    """The other's words under this one's beginning."""
    if not (thing.enveloped and other.enveloped):
        return thing.sealed[: LOCK_ID.stop] + other.sealed[LOCK_ID.stop :], thing.place
    return Envelope(Envelope.read(thing.sealed).wraps, Envelope.read(other.sealed).body).written(), thing.place


def _wrap(chance: Random, thing: Thing, other: Thing) -> tuple[bytes, Place]:
    """This one's words with wraps from another envelope, doubled, dropped, or under each other's names."""
    if not (thing.enveloped and other.enveloped):
        return _body(chance, thing, other)
    ours, theirs = Envelope.read(thing.sealed), Envelope.read(other.sealed)
    foreign = chance.choice(theirs.wraps)[1]
    kept = [each for each in ours.wraps if each[0] != thing.mine]
    own = dict(ours.wraps)[thing.mine]
    wraps = chance.choice([
        [(thing.mine, foreign), *kept], [*ours.wraps, (thing.mine, foreign)], [(thing.mine, own), (thing.mine, own)],
        kept, [], [(id_, foreign) for id_, _ in ours.wraps], list(theirs.wraps),
        [(each, own) for each, _ in kept] + [(thing.mine, foreign)],
    ])  # fmt: skip
    return Envelope(tuple(wraps), ours.body).written(), thing.place


def _noise(chance: Random, thing: Thing, _: Thing) -> tuple[bytes, Place]:
    """Noise, zeros or nothing in place of all, or of all behind the beginning."""
    head = chance.choice([0, 3, START, START + KEY_ID])
    length = len(thing.sealed) - head
    rest = chance.choice([chance.randbytes(length), bytes(length), b"", b"\xff" * length])
    return thing.sealed[:head] + rest, thing.place


CHANGES: dict[str, Change] = {
    each.__name__: each
    for each in (
        _flip, _byte, _cut, _cut_out, _lengthen, _splice, _move, _misplace, _version, _other_kind, _name, _body, _wrap,
        _noise,
    )
}  # fmt: skip


def _changed(chance: Random, things: list[Thing], kinds: dict[str, list[Thing]]) -> tuple[str, Thing, bytes, Place]:
    """One change that really changes something: of every kind of thing as many, half of them among their own kind."""
    while True:
        name = chance.choice(list(CHANGES))
        thing = chance.choice(kinds[chance.choice(list(kinds))])
        every = kinds[thing.kind] if chance.random() < 0.5 else things
        # The same thing as others open it is no other thing.
        other = chance.choice([each for each in every if each.place != thing.place])
        sealed, place = CHANGES[name](chance, thing, other)
        if place != thing.place or thing.differs(sealed):
            return name, thing, sealed, place


def test_nothing_opens_after_any_of_nine_thousand_changes(store: Store, chance: tuple[int, Random]) -> None:
    """
    Whoever can write every byte of the database makes nothing readable, makes no words anybody else's, and makes no
    program fail in a way it does not expect: what was changed is refused, by name.
    """
    seed, random = chance
    things = _stored(store)
    kinds: dict[str, list[Thing]] = {}
    for each in things:
        assert each.open(each.sealed, each.place) is not None
        kinds.setdefault(each.kind, []).append(each)
    done: Counter[str] = Counter()

    for number in range(STORED):
        name, thing, sealed, place = _changed(random, things, kinds)
        done.update([name, thing.kind])
        try:
            thing.open(sealed, place)
        except Unopenable:
            continue
        except Exception as error:
            pytest.fail(f"seed {seed}, change {number}: {name} of {thing.kind} raised {type(error).__name__}")
        pytest.fail(f"seed {seed}, change {number}: {name} of {thing.kind} opened")

    # Every change was made to hundreds of things, and every kind of thing was changed hundreds of times.
    assert {*CHANGES, *kinds} == set(done), f"seed {seed}"
    assert min(done.values()) > 200, f"seed {seed}: {done.most_common()[-1]}"


def test_what_is_done_to_another_s_way_in_takes_nothing_from_me(store: Store, chance: tuple[int, Random]) -> None:
    """A wrap for somebody else that was spoilt or dropped changes not one of the words that I read."""
    seed, random = chance
    shared = [each for each in _stored(store) if each.enveloped and len(Envelope.read(each.sealed).wraps) > 1]
    assert len(shared) > 8
    for _ in range(300):
        thing = random.choice(shared)
        envelope = Envelope.read(thing.sealed)
        wraps = [
            (id_, wrapped if id_ == thing.mine else random.randbytes(WRAP)) for id_, wrapped in envelope.wraps
        ]  # fmt: skip
        for kept in (wraps, [each for each in wraps if each[0] == thing.mine]):
            spoilt = Envelope(tuple(kept), envelope.body).written()
            assert thing.open(spoilt, thing.place) == thing.open(thing.sealed, thing.place), f"seed {seed}"


# --- codes ------------------------------------------------------------------------------------------------------------


def _one_wrong(chance: Random, digits: str, _: str) -> str:
    at = chance.randrange(len(digits))
    return digits[:at] + chance.choice("0123456789") + digits[at + 1 :]


def _some_wrong(chance: Random, digits: str, _: str) -> str:
    for _ in range(chance.randrange(2, 6)):
        digits = _one_wrong(chance, digits, "")
    return digits


def _swapped(chance: Random, digits: str, _: str) -> str:
    one, two = sorted(chance.sample(range(len(digits)), 2))
    return digits[:one] + digits[two] + digits[one + 1 : two] + digits[one] + digits[two + 1 :]


def _shortened(chance: Random, digits: str, _: str) -> str:
    at = chance.randrange(len(digits))
    return chance.choice([digits[:at], digits[at + 1 :], digits[:at] + digits[at + 1 :]])


def _longer(chance: Random, digits: str, _: str) -> str:
    at = chance.randrange(len(digits) + 1)
    return digits[:at] + chance.choice("0123456789") + digits[at:]


def _joined(chance: Random, digits: str, other: str) -> str:
    at = chance.randrange(1, len(digits))
    return digits[:at] + other[at:]


def _other(chance: Random, *_: str) -> str:
    return "".join(chance.choices("0123456789", k=code.RANDOM_DIGITS + 2))


def _well_formed(how: Callable[[Random, str, str], str]) -> Callable[[Random, str, str], str]:
    """The same with check digits that are right, as somebody who guesses would write it."""
    return lambda chance, digits, other: code.complete(
        how(chance, digits, other)[: code.RANDOM_DIGITS].ljust(code.RANDOM_DIGITS, "0")
    )


_WAYS = (_one_wrong, _some_wrong, _swapped, _shortened, _longer, _joined, _other)
WAYS = (*_WAYS, *map(_well_formed, _WAYS))


def _written(chance: Random, digits: str) -> str:
    return chance.choice([digits, code.spoken(digits), f"my code: {'-'.join(digits)}.", f" {digits}\n"])


async def test_nothing_is_found_by_any_of_a_thousand_wrong_codes(
    store: Store, chance: tuple[int, Random], programme: Programme
) -> None:
    """A code with wrong, swapped, missing or other digits finds no report, with check digits that are right or not."""
    seed, random = chance
    right = [code.complete(_other(random)[: code.RANDOM_DIGITS]) for _ in range(8)]
    office = Office(store).desk("general")
    for n, digits in enumerate(right):
        key = CodeKey.from_code(digits, b"%016d" % n, POCKET)
        office.file(case(f"AAAA-000{n}", salt=key.salt, reporter=key.recipient.public), locator=key.locator)

    seeker, sought, done = Seeker(store, POCKET, programme, _at_once), 0, 0
    while done < CODES:
        digits, other = random.sample(right, 2)
        wrong = random.choice(WAYS)(random, digits, other)
        if wrong in right:
            continue
        done += 1
        read = code.read(_written(random, wrong))
        assert read in (None, wrong), f"seed {seed}, code {done}"
        if read is not None:
            sought += 1
            names = POCKET.tokens("code", read)
            assert store.read(lambda tx, names=names: cases.seek(tx, names)) is None, f"seed {seed}, code {done}"
            if sought <= 40:
                assert await seeker.seek("a", read) is None, f"seed {seed}, code {done}"

    assert sought > CODES // 4, f"seed {seed}"
    shown = await seeker.seek("a", right[0])
    assert shown is not None
    assert "AAAA-0000" == shown.found.reference


async def _at_once(_: float) -> None:
    """Nobody waits in a test."""

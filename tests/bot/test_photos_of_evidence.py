"""A photo on its way from a phone to staff: without its place, unless its person keeps it as evidence."""

from __future__ import annotations

import io
from hashlib import sha256

import pytest
from PIL import Image

from actions.programme import Programme
from actions.talk import Said
from store import cases, files, opening
from store.files import Stored
from store.opening import Ring
from tests.bot.pictures import COMMENT, jpeg
from tests.bot.somebody import Somebody, case, references
from tests.conftest import NOON_S, Founded

GPS = 0x8825


def _staff(founded: Founded) -> Ring:
    """The keys of somebody who reads such reports."""
    member, identity = opening.new_member("ann", "ann", "Ann", "a password", "TOTP")
    assert founded.store.do(lambda tx: opening.enrol(tx, founded.token, member, NOON_S))
    return founded.store.read(lambda tx: opening.ring_of(tx, "ann", identity))


def _read(founded: Founded, ring: Ring, reference: str) -> Stored:
    """The file of a case, as its desk opens it."""

    def unit(tx: object) -> list[Stored]:
        key = ring.case(tx, found)  # type: ignore[arg-type]
        assert key is not None
        return [files.from_json(key.entry(each)) for each in entries if each.kind == "file"]

    found = case(founded.store, reference)
    entries = founded.store.read(lambda tx: cases.entries_of(tx, reference))
    [stored] = founded.store.read(unit)
    return stored


@pytest.mark.parametrize("evidence", [True, False])
async def test_where_a_photo_was_taken_reaches_staff_only_as_evidence(
    founded: Founded, programme: Programme, evidence: bool
) -> None:
    """I send a photo with the place in it: staff see it without; the original only if I keep it as evidence. (R106)"""
    ring, me, photo = _staff(founded), Somebody(founded, programme), jpeg()
    assert dict(Image.open(io.BytesIO(photo)).getexif().get_ifd(GPS))
    await me.begin()
    await me.say("report")
    await me.through({"category": "cash", "what": Said("My card did not work"), "where": photo})
    if evidence:
        await me.tap("evidence")
    await me.tap("send")

    [reference] = references(founded.store)
    stored = _read(founded, ring, reference)
    drawn = b"".join(files.opened(founded.store, stored))
    shown = Image.open(io.BytesIO(drawn))
    assert (40, 60) == shown.size
    assert ({}, {}) == (dict(shown.getexif()), dict(shown.getexif().get_ifd(GPS)))
    assert not [each for each in (b"Exif", b"CANARY", COMMENT) if each in drawn]
    assert evidence == (stored.original is not None)
    if stored.original is not None:
        assert photo == b"".join(files.opened(founded.store, stored.original))
        assert sha256(photo).hexdigest() == stored.original.sha256


@pytest.mark.parametrize("evidence", [True, False])
async def test_the_receipt_says_the_hash_of_what_is_kept_as_evidence(
    founded: Founded, programme: Programme, evidence: bool
) -> None:
    """I keep my photo as evidence: my receipt has the SHA-256 of the very bytes I sent, and else none. (R106)"""
    me, photo = Somebody(founded, programme), jpeg()
    await me.begin()
    await me.say("report")
    await me.through({"category": "cash", "what": Said("My card did not work"), "where": photo})
    if evidence:
        await me.tap("evidence")
    before = len(me.told())
    await me.tap("send")

    receipt = "\n".join(me.told()[before:])
    assert evidence == (sha256(photo).hexdigest() in receipt)
    assert evidence == ("SHA-256" in receipt)

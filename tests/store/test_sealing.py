"""Sealed is sealed: only the right key opens a thing, at its own place, unchanged; and the format stays what it is."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from store import cases
from store.locks import CODE, PASSWORD, Cost, Lock, derived, stretched
from store.places import Place, Unopenable, pad, unpad
from store.pocket import Pocket
from store.sealing import KEY_ID, MAGIC, NONCE, SUITE, WRAP, Envelope, Recipient, seal
from store.unsealing import Identity

HERE = Place("entries", "e1", "report")
ELSEWHERE = [Place("outbox", "e1", "report"), Place("entries", "e2", "report"), Place("entries", "e1", "answer")]
MINE, HERS, THEIRS, NOBODYS = Identity.new(), Identity.new(), Identity.new(), Identity.new()
KNOWN = Path(__file__).with_name("envelope_v1.hex")


@given(st.binary(max_size=3000))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    """Whatever I said comes out as I said it."""
    assert plain == MINE.open(seal(plain, HERE, [MINE.recipient]), HERE)


def test_each_of_two_recipients_opens_it_and_nobody_else() -> None:
    """Both the desk and the recovery key can read it; a third key cannot."""
    sealed = seal(b"words", HERE, [MINE.recipient, HERS.recipient])

    assert [b"words", b"words"] == [each.open(sealed, HERE) for each in (MINE, HERS)]
    with pytest.raises(Unopenable):
        NOBODYS.open(sealed, HERE)


def test_a_wrap_for_another_does_not_open_under_a_borrowed_name() -> None:
    """Writing my key's name over somebody else's wrap opens nothing."""
    sealed = bytearray(seal(b"words", HERE, [HERS.recipient]))
    sealed[len(MAGIC) + 1 : len(MAGIC) + 1 + KEY_ID] = NOBODYS.recipient.id

    with pytest.raises(Unopenable):
        NOBODYS.open(bytes(sealed), HERE)


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_sealed_thing_cannot_be_moved(place: Place) -> None:
    """Whoever can write to the database cannot put one person's words into another's case."""
    sealed, locked = seal(b"words", HERE, [MINE.recipient]), Lock(bytes(32)).shut(b"words", HERE)

    with pytest.raises(Unopenable):
        MINE.open(sealed, place)
    with pytest.raises(Unopenable):
        Lock(bytes(32)).open(locked, place)


def test_the_parts_of_a_place_cannot_run_into_each_other() -> None:
    """`a` in `bc` is another place than `ab` in `c`."""
    assert Place("a", "bc", "d").bound() != Place("ab", "c", "d").bound()


def test_every_changed_byte_is_refused() -> None:
    """One flipped bit anywhere in an envelope for me, and it does not open."""
    sealed = seal(b"words", HERE, [MINE.recipient])

    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Unopenable):
            MINE.open(changed, HERE)


def test_every_truncated_envelope_is_refused() -> None:
    """A half-written envelope is an error and not a blank."""
    sealed = seal(b"words", HERE, [MINE.recipient, HERS.recipient])

    for length in (*range(200), *range(len(sealed) - 40, len(sealed))):
        with pytest.raises(Unopenable):
            MINE.open(sealed[:length], HERE)
    with pytest.raises(Unopenable):
        MINE.open(sealed + b"\0", HERE)


@given(st.binary(max_size=400))
def test_garbage_is_refused(garbage: bytes) -> None:
    """Whatever lies in the column, it is `Unopenable` and nothing else."""
    for words in (garbage, MAGIC + garbage, MAGIC + b"\x01" + MINE.recipient.id + garbage):
        with pytest.raises(Unopenable):
            MINE.open(words, HERE)
        with pytest.raises(Unopenable):
            Lock(bytes(32)).open(words, HERE)
        with pytest.raises(Unopenable):
            Lock(bytes(32)).open(b"AL\x01" + words, HERE)


def test_a_thing_is_not_sealed_for_nobody() -> None:
    """Words that nobody could ever open are refused when they are sealed."""
    with pytest.raises(ValueError, match="nobody"):
        seal(b"words", HERE, [])


def test_the_size_says_little_about_what_was_told() -> None:
    """From one letter to two hundred, every sealed answer is as long as every other."""
    sizes = {len(seal(b"x" * length, HERE, [MINE.recipient])) for length in range(1, 201, 7)}
    locked = {len(Lock(bytes(32)).shut(b"x" * length, HERE)) for length in range(1, 201)}

    assert (1, 1) == (len(sizes), len(locked))


@given(st.binary(max_size=70_000))
def test_padding_is_taken_off_again(plain: bytes) -> None:
    """Padding never eats a byte, and there are few sizes."""
    padded = pad(plain)

    assert plain == unpad(padded)
    assert len(padded) in {256 << n for n in range(9)} or len(padded) % 65536 == 0


def test_the_same_words_never_look_the_same() -> None:
    """Two people who say the same are not seen to say the same."""
    assert seal(b"words", HERE, [MINE.recipient]) != seal(b"words", HERE, [MINE.recipient])
    assert Lock(bytes(32)).shut(b"words", HERE) != Lock(bytes(32)).shut(b"words", HERE)


def test_a_lock_refuses_another_key_and_every_changed_byte() -> None:
    """A half-filled talk opens with the bot's own lock only, and unchanged."""
    locked = Lock(bytes(32)).shut(b"words", HERE)

    assert b"words" == Lock(bytes(32)).open(locked, HERE)
    with pytest.raises(Unopenable):
        Lock(b"\1" * 32).open(locked, HERE)
    for at in range(len(locked)):
        with pytest.raises(Unopenable):
            Lock(bytes(32)).open(locked[:at] + bytes([locked[at] ^ 1]) + locked[at + 1 :], HERE)
        with pytest.raises(Unopenable):
            Lock(bytes(32)).open(locked[:at], HERE)


def test_keys_are_never_printed() -> None:
    """A key that ends in a traceback or a log shows nothing."""
    pocket = Pocket.new()
    shown = repr(pocket) + repr(pocket.held) + repr(MINE) + repr(Lock(b"k" * 32)) + str(pocket)

    rings = (*pocket.held.lookups, *(each.private for each in pocket.held.keys))
    secrets = (*rings, pocket.lock.key, MINE.private, b"k" * 32)
    assert not any(repr(each)[2:-1] in shown or each.hex() in shown for each in secrets)


# --- wraps that are added and dropped ---------------------------------------------------------------------------------


def test_a_thing_is_handed_over_without_being_sealed_anew() -> None:
    """What was told is given to another key as it lies there: the words and everybody else's way in stay, mine goes."""
    sealed = seal(b"words", HERE, [HERS.recipient, MINE.recipient])

    handed = MINE.rewrapped(sealed, HERE, [THEIRS.recipient])

    before, after = Envelope.read(sealed), Envelope.read(handed)
    assert before.body == after.body
    assert [HERS.recipient.id, THEIRS.recipient.id] == [id_ for id_, _ in after.wraps]
    assert before.wraps[0] == after.wraps[0]
    assert [b"words", b"words"] == [each.open(handed, HERE) for each in (HERS, THEIRS)]
    with pytest.raises(Unopenable):
        MINE.open(handed, HERE)


def test_a_wrap_that_is_there_stays_as_it_is() -> None:
    """Handing a thing over twice, or to somebody who has it, changes nothing for them; my own key can be renewed."""
    sealed = seal(b"words", HERE, [MINE.recipient, HERS.recipient])

    again = MINE.rewrapped(sealed, HERE, [HERS.recipient, MINE.recipient])

    assert dict(Envelope.read(sealed).wraps)[HERS.recipient.id] == dict(Envelope.read(again).wraps)[HERS.recipient.id]
    assert [b"words", b"words"] == [each.open(again, HERE) for each in (MINE, HERS)]


def test_only_whoever_can_open_a_thing_hands_it_over() -> None:
    """Neither a stranger, nor from another place, nor to nobody."""
    sealed = seal(b"words", HERE, [MINE.recipient])

    with pytest.raises(Unopenable):
        NOBODYS.rewrapped(sealed, HERE, [NOBODYS.recipient])
    with pytest.raises(Unopenable):
        MINE.rewrapped(sealed, ELSEWHERE[0], [HERS.recipient])
    with pytest.raises(ValueError, match="nobody"):
        MINE.rewrapped(sealed, HERE, [])
    assert b"words" == HERS.open(MINE.rewrapped(sealed, HERE, [HERS.recipient]), HERE)


def _with(sealed: bytes, *, wraps: list[tuple[bytes, bytes]] | None = None, head: bytes = MAGIC) -> bytes:
    """The same envelope with other wraps or another beginning."""
    envelope = Envelope.read(sealed)
    kept = list(envelope.wraps) if wraps is None else wraps
    return head + bytes([len(kept)]) + b"".join(id_ + each for id_, each in kept) + envelope.body


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "a key id twice": lambda s: _with(s, wraps=[Envelope.read(s).wraps[0]] * 2),
    "a key id twice, with another's wrap": lambda s: _with(
        s, wraps=[Envelope.read(s).wraps[0], (MINE.recipient.id, Envelope.read(s).wraps[1][1])]
    ),
    "no wrap": lambda s: _with(s, wraps=[]),
    "my wrap dropped": lambda s: _with(s, wraps=[Envelope.read(s).wraps[1]]),
    "names exchanged": lambda s: _with(
        s, wraps=[(MINE.recipient.id, Envelope.read(s).wraps[1][1]), (HERS.recipient.id, Envelope.read(s).wraps[0][1])]
    ),
    "cut": lambda s: s[:-1],
    "cut in the middle": lambda s: s[: len(s) // 2],
    "lengthened": lambda s: s + b"\0",
    "lengthened at the front": lambda s: b"\0" + s,
    "another version": lambda s: _with(s, head=b"AM\x02\x01"),
    "another algorithm": lambda s: _with(s, head=b"AM\x01\x02"),
    "another magic": lambda s: _with(s, head=b"AL\x01\x01"),
    "one wrap more than there are": lambda s: s[:4] + bytes([s[4] + 1]) + s[5:],
    "one wrap less than there are": lambda s: s[:4] + bytes([s[4] - 1]) + s[5:],
    "as many wraps as a byte can say": lambda s: s[:4] + b"\xff" + s[5:],
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_envelope_is_refused(how: str) -> None:
    """Whatever was done to an envelope as a whole, it is an error and not a blank."""
    whole = seal(b"words", HERE, [MINE.recipient, HERS.recipient])
    assert whole == _with(whole)

    spoilt = SPOILT[how](whole)

    with pytest.raises(Unopenable):
        MINE.open(spoilt, HERE)


@pytest.mark.parametrize("byte", [2, 3])
def test_version_and_algorithm_are_bound_into_the_ciphertext(byte: int) -> None:
    """A later version cannot be made to read what this one sealed as its own: the bytes themselves would not open."""
    sealed = seal(b"words", HERE, [MINE.recipient])
    head = bytearray(MAGIC)
    head[byte] += 1
    [(name, wrapped)] = Envelope.read(sealed).wraps

    for told, opens in ((bytes(MAGIC), True), (bytes(head), False), (b"", False)):
        key = X25519PrivateKey.from_private_bytes(MINE.private)
        try:
            SUITE.decrypt(wrapped, key, info=name + told + HERE.bound())
        except InvalidTag:
            assert not opens
        else:
            assert opens


@pytest.mark.parametrize(
    "elsewhere",
    [
        cases.place("BBBB-AAAA", "e1", "words", "person"),
        cases.place("AAAA-BBBB", "e2", "words", "person"),
        cases.place("AAAA-BBBB", "e1", "answer", "person"),
        cases.place("AAAA-BBBB", "e1", "words", "ann"),
        cases.draft_place("AAAA-BBBB/e1"),
        cases.draft_place("e1"),
    ],
)
def test_an_entry_belongs_to_its_case_its_kind_and_its_author(elsewhere: Place) -> None:
    """Nobody who writes to the database makes my words another case's, an answer of staff, or somebody else's words."""
    here = cases.place("AAAA-BBBB", "e1", "words", "person")
    sealed = seal(b"words", here, [MINE.recipient])

    assert b"words" == MINE.open(sealed, here)
    with pytest.raises(Unopenable):
        MINE.open(sealed, elsewhere)


# --- locks that say which they are ------------------------------------------------------------------------------------


def test_a_lock_knows_what_it_shut() -> None:
    """While two locks are in use, each thing says which of them opens it, and says nothing else."""
    one, other = Lock(b"1" * 32), Lock(b"2" * 32)
    locked = one.shut(b"words", HERE)

    assert (True, False) == (one.is_of(locked), other.is_of(locked))
    assert b"AL\x02" + sha256(b"amana lock " + b"1" * 32).digest()[:8] == locked[:11]
    assert (True, False) == (Lock.shut_it(locked), Lock.shut_it(seal(b"words", HERE, [MINE.recipient])))
    with pytest.raises(Unopenable):
        other.open(locked, HERE)


def test_a_thing_under_a_borrowed_lock_name_does_not_open() -> None:
    """Writing my lock's name over another's opens nothing, and neither does another version's."""
    mine, other = Lock(b"1" * 32), Lock(b"2" * 32)
    locked = other.shut(b"words", HERE)

    for changed in (mine.shut(b"", HERE)[:11] + locked[11:], b"AL\x01" + locked[3:], b"AL\x03" + locked[3:]):
        for lock in (mine, other):
            with pytest.raises(Unopenable):
                lock.open(changed, HERE)


# --- known answers ----------------------------------------------------------------------------------------------------


def _extract(salt: bytes, suite: bytes, label: bytes, words: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + words, "sha256")


def _expand(key: bytes, suite: bytes, label: bytes, info: bytes, length: int) -> bytes:
    info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    out = block = b""
    for n in range(1, -(-length // 32) + 1):
        block = hmac.digest(key, block + info + bytes([n]), "sha256")
        out += block
    return out[:length]


def rfc9180_open(private: bytes, enc: bytes, sealed: bytes, info: bytes, aad: bytes, key_size: int) -> bytes:
    """RFC 9180 base mode, written from its sections 4.1, 5.1 and 5.2: X25519, HKDF-SHA256, AES-GCM."""
    kem, aead = b"KEM\x00\x20", {16: b"\x00\x01", 32: b"\x00\x02"}[key_size]
    suite = b"HPKE\x00\x20\x00\x01" + aead
    mine = X25519PrivateKey.from_private_bytes(private)
    shared = mine.exchange(X25519PublicKey.from_public_bytes(enc))
    context = enc + mine.public_key().public_bytes_raw()
    secret = _expand(_extract(b"", kem, b"eae_prk", shared), kem, b"shared_secret", context, 32)
    context = b"\0" + _extract(b"", suite, b"psk_id_hash", b"") + _extract(b"", suite, b"info_hash", info)
    keyed = _extract(secret, suite, b"secret", b"")
    key, nonce = _expand(keyed, suite, b"key", context, key_size), _expand(keyed, suite, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, sealed, aad)


def test_our_reading_of_rfc_9180_gives_its_own_test_vector() -> None:
    """RFC 9180, A.1.1.1, sequence number 0."""
    opened = rfc9180_open(
        bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
        bytes.fromhex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
        bytes.fromhex("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"),
        bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"),
        b"Count-0",
        16,
    )

    assert b"Beauty is truth, truth beauty" == opened


def test_an_envelope_is_what_its_description_says() -> None:
    """Somebody who has only the RFC and our description opens an envelope without our code."""
    sealed = seal(b"words", HERE, [HERS.recipient, MINE.recipient])

    at = len(MAGIC) + 1 + KEY_ID + WRAP
    name, wrap = sealed[at : at + KEY_ID], sealed[at + KEY_ID : at + KEY_ID + WRAP]
    data_key = rfc9180_open(MINE.private, wrap[:32], wrap[32:], name + b"AM\x01\x01" + HERE.bound(), b"", 32)
    body = sealed[at + KEY_ID + WRAP :]
    padded = AESGCM(data_key).decrypt(body[:NONCE], body[NONCE:], b"AM\x01\x01" + HERE.bound())

    assert (b"AM\x01\x01\x02", sha256(MINE.recipient.public).digest()[:8]) == (sealed[:5], name)
    assert b"words" == padded[4 : 4 + int.from_bytes(padded[:4], "big")]
    assert (256, bytes(247)) == (len(padded), padded[9:])


def test_an_envelope_of_the_first_version_opens_for_ever() -> None:
    """What was sealed years ago is still opened: the format does not change unnoticed."""
    kept = dict(line.split(" ") for line in KNOWN.read_text().splitlines() if not line.startswith("#"))

    opened = Identity(bytes.fromhex(kept["private"])).open(bytes.fromhex(kept["envelope"]), HERE)
    unlocked = Lock(bytes.fromhex(kept["lock"])).open(bytes.fromhex(kept["locked"]), HERE)

    assert (b"There is no water at the well.",) * 2 == (opened, unlocked)


def test_passwords_and_codes_become_the_keys_they_always_became() -> None:
    """Nobody is locked out by an update: Argon2id and HKDF give what they gave, at the cost that was decided."""
    kept = dict(line.split(" ") for line in KNOWN.read_text().splitlines() if not line.startswith("#"))

    assert (Cost(65536, 3, 4), Cost(8192, 1, 1)) == (PASSWORD, CODE)
    assert kept["password"] == stretched("correct horse", b"0123456789abcdef", PASSWORD).hex()
    assert kept["code"] == stretched("0" * 28, b"0123456789abcdef", CODE).hex()
    assert kept["derived"] == derived(b"token", "session").hex()


def test_argon2id_gives_what_the_reference_implementation_gives() -> None:
    """phc-winner-argon2, src/test.c, version 0x13: argon2id, t=2, m=2^16, p=1."""
    expected = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"

    assert expected == stretched("password", b"somesalt", Cost(65536, 2, 1)).hex()


def test_a_recipient_has_the_key_id_of_its_public_key() -> None:
    """The short name in an envelope is the beginning of the key's SHA-256."""
    assert sha256(bytes(32)).digest()[:8] == Recipient(bytes(32)).id

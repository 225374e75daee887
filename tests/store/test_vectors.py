"""Known answers from outside: what we build on gives what its standards print, and our own use of it gives the same."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.sealing import SUITE, Recipient
from store.unsealing import Identity

hexed = bytes.fromhex


# --- X25519 (RFC 7748) ------------------------------------------------------------------------------------------------


def test_x25519_gives_the_shared_secret_of_rfc_7748() -> None:
    """RFC 7748, 6.1: Bob's private key, Alice's public key; and his public key, as our identities make it."""
    private = hexed("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    alice = hexed("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")

    shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(alice))

    assert "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742" == shared.hex()
    bob = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    assert Recipient(hexed(bob)) == Identity(private).recipient


def test_x25519_multiplies_as_rfc_7748_does() -> None:
    """RFC 7748, 5.2, the first vector; bits of the scalar that do not count are not counted."""
    scalar = hexed("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = hexed("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")

    out = X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(point))

    assert "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552" == out.hex()


# --- HKDF-SHA256 (RFC 5869) -------------------------------------------------------------------------------------------


def test_hkdf_gives_what_rfc_5869_prints() -> None:
    """RFC 5869, A.1."""
    made = HKDF(
        algorithm=SHA256(), length=42, salt=hexed("000102030405060708090a0b0c"), info=hexed("f0f1f2f3f4f5f6f7f8f9")
    )

    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert expected == made.derive(b"\x0b" * 22).hex()


# --- AES-256-GCM (McGrew and Viega, The Galois/Counter Mode of Operation, appendix B) ---------------------------------

_KEY = "feffe9928665731c6d6a8f9467308308" * 2
_IV = "cafebabefacedbaddecaf888"
_WORDS = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
    "ba637b391aafd255"
)
_SEALED = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
    "bcc9f662898015ad"
)
GCM = {
    13: ("00" * 32, "00" * 12, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    14: ("00" * 32, "00" * 12, "00" * 16, "", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"),
    15: (_KEY, _IV, _WORDS, "", _SEALED, "b094dac5d93471bdec1a502270e3cc6c"),
    16: (
        _KEY, _IV, _WORDS[:-8], "feedfacedeadbeeffeedfacedeadbeefabaddad2", _SEALED[:-8],
        "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", GCM)
def test_aes_256_gcm_gives_what_its_authors_print(number: int) -> None:
    """Test cases 13 to 16, both ways; and one wrong bit of tag or associated data is refused."""
    key, iv, words, beside, sealed, tag = map(hexed, GCM[number])

    assert sealed + tag == AESGCM(key).encrypt(iv, words, beside)
    assert words == AESGCM(key).decrypt(iv, sealed + tag, beside)
    for spoilt, bound in ((sealed + tag[:-1] + bytes([tag[-1] ^ 1]), beside), (sealed + tag, beside + b"\0")):
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(iv, spoilt, bound)


# --- Argon2id (RFC 9106) ----------------------------------------------------------------------------------------------


def test_argon2id_gives_what_rfc_9106_prints() -> None:
    """RFC 9106, 5.3, with secret and associated data."""
    made = Argon2id(
        salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\4" * 12, secret=b"\3" * 8
    )  # fmt: skip

    assert "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659" == made.derive(b"\1" * 32).hex()


# --- HPKE (RFC 9180) --------------------------------------------------------------------------------------------------

_MINE = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"
_ENC = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
_INFO = "4f6465206f6e2061204772656369616e2055726e"


def test_hpke_comes_to_the_key_that_rfc_9180_prints() -> None:
    """
    RFC 9180, A.1.1 (X25519, HKDF-SHA256, AES-128-GCM, base mode): what was sealed under the key and nonce printed there
    is opened by the library with the recipient's private key, so its KEM and its key schedule are those of the RFC.

    The printed ciphertexts have associated data, which the library's one-shot calls do not take: `test_sealing.py`
    opens one of them with the RFC's own steps, and our envelopes, which are AES-256-GCM, with the same steps.
    """
    key, nonce = hexed("4531685d41d65f03dc48f6b8302c05b0"), hexed("56d890e5accaaf011cff4b7d")
    sealed = hexed(_ENC) + AESGCM(key).encrypt(nonce, b"Beauty is truth, truth beauty", b"")
    suite, mine = (
        Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM),
        X25519PrivateKey.from_private_bytes(hexed(_MINE)),
    )

    assert b"Beauty is truth, truth beauty" == suite.decrypt(sealed, mine, info=hexed(_INFO))
    for info in (b"", hexed(_INFO) + b"\0"):
        with pytest.raises(InvalidTag):
            suite.decrypt(sealed, mine, info=info)


def test_the_key_and_nonce_of_rfc_9180_open_its_first_ciphertext() -> None:
    """RFC 9180, A.1.1.1, sequence number 0: the key and nonce of the claim before are the printed ones."""
    sealed = "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
    key, nonce = hexed("4531685d41d65f03dc48f6b8302c05b0"), hexed("56d890e5accaaf011cff4b7d")

    assert b"Beauty is truth, truth beauty" == AESGCM(key).decrypt(nonce, hexed(sealed), b"Count-0")


def test_our_suite_is_another_than_that_of_the_printed_vector() -> None:
    """AES-256-GCM is bound into our key schedule: the same bytes under the 128-bit suite's key do not open with it."""
    key, nonce = hexed("4531685d41d65f03dc48f6b8302c05b0"), hexed("56d890e5accaaf011cff4b7d")
    sealed = hexed(_ENC) + AESGCM(key).encrypt(nonce, b"words", b"")

    with pytest.raises(InvalidTag):
        SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(hexed(_MINE)), info=hexed(_INFO))

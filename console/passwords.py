"""What a password must be: long, not common, not the name beside it (ASVS 5.0 6.2: no rules of composition)."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 12, 128
# The roots of what people write when they are asked for twelve characters; digits and signs at the ends do not count.
_COMMON = frozenset((
    "password", "passw0rd", "passwort", "motdepasse", "contrasena", "contraseña", "qwerty", "qwertyuiop",
    "qwertyuiopasdf", "azerty", "azertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedc", "qazwsxedcrfv", "zaqxswcde",
    "iloveyou", "jetaime", "letmein", "letmeinplease", "welcome", "bienvenue", "administrator",
    "administrateur", "admin", "changeme", "changemenow", "secret", "supersecret", "sunshine", "princess",
    "football", "baseball", "superman", "batman", "dragon", "monkey", "master", "shadow", "michael", "jennifer",
    "whatever", "trustno", "starwars", "computer", "internet", "abcdefgh", "abcdefghijkl", "abcdefghijklm",
    "abcdefghijklmnop", "bismillah", "mashallah", "amana", "amanaamana", "humanitarian", "unitednations",
    "protection", "complaint", "feedback", "staff", "console", "test", "testtest", "testing",
))  # fmt: skip
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p",
         "1qaz2wsx3edc4rfv5tgb6yhn", "azertyuiopqsdfghjklmwxcvbn")  # fmt: skip


def refusal(password: str, login: str, name: str) -> str:
    """Why this password is refused, or nothing."""
    if len(password) < SHORTEST:
        return f"The password needs at least {SHORTEST} characters. Four unrelated words are easy to remember."
    if len(password) > LONGEST:
        return f"The password can have at most {LONGEST} characters."
    if _known(password.casefold(), login.casefold(), name.casefold()):
        return "This password is too easy to guess. Four unrelated words are easy to remember."
    return ""


def _known(password: str, login: str, name: str) -> bool:
    names = {each for each in (login, name, *name.split()) if len(each) > 2}  # noqa: PLR2004 - shorter says nothing
    few = len(set(password)) < 5  # noqa: PLR2004 - aaaaaaaaaaaa, 121212121212
    run = any(password in each * 2 or password in each[::-1] * 2 for each in _RUNS)
    root = _ENDS.sub("", password)
    return few or run or password in names or not {root, _once(root)}.isdisjoint(_COMMON | names)


def _once(root: str) -> str:
    """What a password repeats: `abcabcabc` is `abc` (a word that stands in its own double earlier than at its end)."""
    at = (root * 2).find(root, 1) if root else 0
    return _ENDS.sub("", root[:at])

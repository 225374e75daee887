"""The return code: 26 random digits and two check digits, spoken in seven groups of four.

26 digits are 86.4 bits (the auditor of a comparable system asked for at least 80: SECURITY.md 7.1.5). The check digits
are ISO/IEC 7064 MOD 97-10: every single wrong digit and every swap of neighbours is noticed. Digits of any script and
any spaces, dashes, commas (Arabic ones too), keycap frames and marks of direction between them are accepted, because
people read a code out of notebooks and over the telephone.
"""

from __future__ import annotations

import re
import unicodedata

RANDOM_DIGITS = 26
GROUP = 4
_LENGTH = RANDOM_DIGITS + 2
# Arabic comma, full stop, decimal and thousands separators, tatweel; the same of Chinese and of full width.
_BETWEEN = (
    r"\s\-\u2010-\u2015\u2212\uff0d.·_,/\u060c\u06d4\u066b\u066c\u0640\u3001\u3002\uff0c\uff0e"
    # Seen by nobody: soft hyphen, marks, embeddings and isolates of direction, joiners, frames of keycaps.
    r"\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufe0f\u20e3"
)
_RUN = re.compile(rf"\d(?:[{_BETWEEN}]*\d)*")


def complete(digits: str) -> str:
    """The whole code for 26 random digits."""
    return f"{digits}{98 - int(digits + '00') % 97:02d}"


def spoken(code: str) -> str:
    """The code in groups, as it is shown and read aloud."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read(words: str) -> str | None:
    """The code that these words hold, in plain digits, or None; a wrong check digit is None too."""
    for run in _RUN.finditer(words):
        digits = plain(run.group())
        if len(digits) == _LENGTH and int(digits) % 97 == 1:
            return digits
    return None


def alone(words: str) -> bool:
    """Whether these words are a whole code and nothing else."""
    beside = _RUN.sub("", words)
    return read(words) is not None and len(plain(words)) == _LENGTH and not any(each.isalpha() for each in beside)


def without(words: str) -> str:
    """The words beside whatever is as long as a code."""
    return _RUN.sub(lambda run: " " if len(plain(run.group())) >= _LENGTH else run.group(), words).strip()


def within(words: str) -> bool:
    """Whether a whole code stands in these words, also right behind other digits (a house, a date)."""
    return any(
        int(digits[at : at + _LENGTH]) % 97 == 1
        for run in _RUN.finditer(words)
        for digits in (plain(run.group()),)
        for at in range(len(digits) - _LENGTH + 1)
    )


def attempted(words: str) -> bool:
    """Whether these words look like somebody giving a code, right or wrong: long digits and hardly anything else."""
    digits = plain(words)
    letters = sum(1 for each in words if each.isalpha())
    return len(digits) >= RANDOM_DIGITS // 2 and letters <= len(digits)


def plain(words: str) -> str:
    """Only the digits, whatever script they were written in, as 0-9."""
    return "".join(str(unicodedata.digit(each)) for each in words if each.isdigit() and each.isdecimal())

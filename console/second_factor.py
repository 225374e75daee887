"""The second factor: a code of six digits that an authenticator makes from a shared secret and the time (RFC 6238)."""

from __future__ import annotations

import hmac
import io
import re

import pyotp
import segno
from markupsafe import Markup

STEP = 30
_SECRET = re.compile(r"[A-Z2-7]{32}")


def new_secret() -> str:
    """A fresh secret, 160 bits."""
    return pyotp.random_base32()


def usable(secret: str) -> bool:
    """Whether this is a secret of ours."""
    return _SECRET.fullmatch(secret) is not None


def step_of(secret: str, code: str, now: int) -> int | None:
    """The time step whose code this is, now or one step beside it; None for a wrong code."""
    digits = "".join(each for each in code if each.isascii() and each.isdigit())
    totp = pyotp.TOTP(secret)
    found = None
    for step in (now // STEP - 1, now // STEP, now // STEP + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            found = step
    return found


def picture(secret: str, organisation: str) -> Markup:
    """The secret as a QR picture for an authenticator; no inline style, so the content policy holds."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=organisation, issuer_name="Amana")
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=3, dark="#000", light="#fff", svgclass="qr"
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704  # nosec B704  # drawn by segno, no text of anybody's in it


def in_groups(secret: str) -> str:
    """The secret in groups of four, to be typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))

"""Pictures drawn anew: nothing of where, when and with what they were taken, and nothing that could run."""

from __future__ import annotations

import threading
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

TYPE = "image/jpeg"
_FEW_COLOURS = ("1", "P", "PA")
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 2000
# A picture of that many pixels takes 160 MB while it is decoded.
_one_at_a_time = threading.Lock()


def drawn(content: bytes) -> bytes | None:
    """The picture as a new JPEG; None when it cannot be drawn safely. One at a time, and not for an event loop."""
    try:
        with _one_at_a_time, Image.open(BytesIO(content), formats=_FORMATS) as opened:
            return None if opened.width * opened.height > _MOST_PIXELS else _anew(opened)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError, Warning):
        return None


def _anew(opened: Image.Image) -> bytes:
    # Made small before anything is copied; what has a palette must have colours first.
    small = opened.convert("RGBA") if opened.mode in _FEW_COLOURS else opened
    small.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    upright = ImageOps.exif_transpose(small).convert("RGBA")
    # On a fresh white sheet: it has no metadata to save, and what was transparent stays unseen.
    clean, out = Image.new("RGB", upright.size, "white"), BytesIO()
    clean.paste(upright, mask=upright)
    clean.save(out, "JPEG", quality=85)
    return out.getvalue()

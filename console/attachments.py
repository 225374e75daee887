"""What people send beside words: taken apart, made harmless, and shown so that it can do nothing in the console."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from io import BytesIO
from typing import Literal, TypeAlias

from PIL import Image, ImageOps, UnidentifiedImageError

Kind: TypeAlias = Literal["photo", "sound", "file"]

_SOUNDS = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/webm"})
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 2000
# A picture of that many pixels takes 160 MB while it is decoded.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file's particulars and its bytes."""

    type: str
    name: str
    size: int
    kind: Kind
    content: bytes


def read(plain: bytes) -> Attachment:
    """The file that was sealed: a line of JSON, then its bytes."""
    line, _, content = plain.partition(b"\n")
    told = json.loads(line)
    type_ = str(told.get("type", "")).partition(";")[0].strip().lower()
    kind: Kind = "photo" if type_ in _PICTURES else "sound" if type_ in _SOUNDS else "file"
    return Attachment(type_, str(told.get("name", "")), len(content), kind, content)


def picture(content: bytes) -> bytes | None:
    """The picture drawn anew as JPEG: no place, no device, no script in it; None when it cannot be drawn safely."""
    try:
        with _one_at_a_time, Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            drawn = ImageOps.exif_transpose(opened).convert("RGB")
            drawn.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            # A fresh picture has no metadata to save.
            clean, out = Image.new("RGB", drawn.size), BytesIO()
            clean.paste(drawn)
            clean.save(out, "JPEG", quality=85)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError, Warning):
        return None

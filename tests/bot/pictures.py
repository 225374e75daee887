"""Small files of every kind, as phones make them."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

COMMENT = b"CANARY taken at home"


def jpeg(width: int = 60, height: int = 40, *, noise: bool = False) -> bytes:
    """A photo with everything a camera writes: place, device, description, comment."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x010E], exif[0x010F], exif[0x0112] = "CANARY described", "CANARY phone", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (12.0, 6.0, 40.0), 3: "E", 4: (15.0, 2.0, 57.0), 29: "2026:03:10"})
    shown = (
        Image.effect_noise((width, height), 90).convert("RGB") if noise else Image.new("RGB", (width, height), "teal")
    )
    shown.save(out, "JPEG", exif=exif, comment=COMMENT, quality=95)
    return out.getvalue()


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def box(brand: bytes, *tracks: bytes) -> bytes:
    """A file in MP4's kind of box, its tracks told at the end as phones do."""
    head = b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x02\x00isommp42"
    return head + bytes(9000) + b"".join(b"hdlr" + bytes(8) + each for each in tracks)


def webm(codec: bytes) -> bytes:
    return bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104") + bytes(200) + codec


OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01" + bytes(300)
MP3 = (b"\xff\xfb\x90\x00" + bytes(413)) * 4
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100)
PDF = b"%PDF-1.7\n1 0 obj CANARY endobj"

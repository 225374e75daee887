"""What a file is by its own bytes; what a browser or platform says about it decides nothing.

A closed list of signatures, and everything that is not on it is unknown: pages, drawings with scripts, programs. The
list is ours because a general one (puremagic 1.30 was tried) calls an Android program a letter, cannot tell a voice
note from a film, and leaves text, scripts and batch files alike unnamed.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from actions.talk import FileKind

# How a file of that type may be called when staff save it; the first where its own name ends otherwise.
ENDINGS: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "image/webp": (".webp",), "image/gif": (".gif",),
    "audio/ogg": (".ogg", ".oga", ".opus"), "audio/mpeg": (".mp3",), "audio/mp4": (".m4a",), "audio/webm": (".weba",),
    "audio/wav": (".wav",), "audio/amr": (".amr",),
    "video/mp4": (".mp4",), "video/3gpp": (".3gp",), "video/quicktime": (".mov",), "video/webm": (".webm",),
    "application/pdf": (".pdf",), "text/plain": (".txt", ".csv"),
    "application/zip": (".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"),
    "application/x-ole-storage": (".doc", ".xls", ".ppt"),
}  # fmt: skip
_HEAD = 4096
_PICTURES = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
)
_OTHERS = (
    (re.compile(rb"OggS\x00.{22}.{1,40}(?:OpusHead|\x01vorbis|Speex   |\x7fFLAC)", re.DOTALL), "audio/ogg"),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"#!AMR(?:-WB)?\n"), "audio/amr"),
    (re.compile(rb"ID3[\x02-\x04]"), "audio/mpeg"),
    (re.compile(rb"%PDF-[12]\."), "application/pdf"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "application/x-ole-storage"),
    # The first thing that an office program packs; any other archive may hold a program.
    (
        re.compile(
            rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|word/|xl/|ppt/"
            rb"|mimetypeapplication/vnd\.oasis\.opendocument\.)",
            re.DOTALL,
        ),
        "application/zip",
    ),
)
_BOXES = re.compile(rb"\x00\x00\x00.ftyp(?P<brand>.{4})", re.DOTALL)
_BRANDS = {
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash"),
                    "video/mp4"),
    b"qt  ": "video/quicktime",
}  # fmt: skip
_PHONE = (b"3gp", b"3g2")
_FILM, _SOUND = b"hdlr" + bytes(8) + b"vide", b"hdlr" + bytes(8) + b"soun"
_EBML = b"\x1a\x45\xdf\xa3"
_CONTROLS = re.compile(rb"[^\t\n\f\r\x20-\x7e\x80-\xff]")
_MARKUP = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<|<\s*(?:!doctype|!entity|\?php|\?xml|html|head|body|script|svg|iframe|object|embed|meta|"
    rb"link|style|form|img|math|base)\b",
    re.IGNORECASE,
)
_SCRIPT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:#!|@echo\b|\{\\rtf|%!PS|rem\s|set-executionpolicy)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is: how it is shown, and its type."""

    kind: FileKind
    type: str


class Seen:
    """Looks at a file while it passes by: its beginning, and the few signs that may stand anywhere."""

    def __init__(self) -> None:
        self._head, self._tail = b"", b""
        self._film = self._sound = False
        self._plain = True

    def look(self, data: bytes) -> None:
        """The next bytes of it."""
        if len(self._head) < _HEAD:
            self._head += data[: _HEAD - len(self._head)]
        self._plain = self._plain and not _CONTROLS.search(data)
        if self._head[4:8] == b"ftyp":
            for near in (self._tail + data[: len(_FILM)], data):
                self._film, self._sound = self._film or _FILM in near, self._sound or _SOUND in near
            self._tail = (self._tail + data[-len(_FILM) :])[-len(_FILM) :]

    def content(self) -> Content | None:
        """What it is, once all of it has passed; None for anything that is not on the list."""
        type_ = self._type()
        if type_ is None:
            return None
        kinds: dict[str, FileKind] = {"image": "photo", "audio": "voice"}
        return Content(kinds.get(type_.partition("/")[0], "file"), type_)

    def _type(self) -> str | None:
        listed = next((type_ for sign, type_ in (*_PICTURES, *_OTHERS) if sign.match(self._head)), None)
        return listed or self._boxed() or _webm(self._head) or _mp3(self._head) or self._text()

    def _boxed(self) -> str | None:
        """MP4 and its kin: a voice note may be in a box that is made for films, so the tracks in it decide."""
        box = _BOXES.match(self._head)
        if box is None:
            return None
        brand = box["brand"]
        type_ = "video/3gpp" if brand[:3] in _PHONE else _BRANDS.get(brand)
        return "audio/mp4" if type_ and self._sound and not self._film else type_

    def _text(self) -> str | None:
        """Words without control characters, which are no page and no script at their beginning."""
        head = self._head
        if not (head and self._plain and _readable(head)) or _SCRIPT.match(head) or _MARKUP.search(head):
            return None
        return "text/plain"


def _readable(head: bytes) -> bool:
    """Words in UTF-8, or mostly plain letters in an older code."""
    try:
        # A letter may be cut where the head ends.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return sum(each < 0x80 for each in head) * 2 > len(head)  # noqa: PLR2004 - the end of ASCII
    return True


def _webm(head: bytes) -> str | None:
    if not head.startswith(_EBML) or b"webm" not in head[:64]:
        return None
    return "video/webm" if re.search(rb"V_(?:VP|AV|MPEG)", head) or b"A_" not in head else "audio/webm"


_RATES = (44100, 48000, 32000)
_BITS = {1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
         2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)}  # fmt: skip


def _mp3(head: bytes) -> str | None:
    """Two bytes are no proof: a second frame must stand where the first one ends."""
    size = _frame(head[:4])
    return "audio/mpeg" if size and _frame(head[size : size + 4]) else None


def _frame(header: bytes) -> int:
    """The length of an MPEG layer III frame by its header; 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:  # noqa: PLR2004 - the standard's own bits
        return 0
    version, bits, rate = (header[1] >> 3) & 3, header[2] >> 4, (header[2] >> 2) & 3
    if version == 1 or not 0 < bits < 15 or rate == 3:  # noqa: PLR2004
        return 0
    family = 1 if version == 3 else 2  # noqa: PLR2004
    samples = _RATES[rate] // (1 if family == 1 else 2 if version == 2 else 4)  # noqa: PLR2004
    return (144 if family == 1 else 72) * _BITS[family][bits - 1] * 1000 // samples + ((header[2] >> 1) & 1)

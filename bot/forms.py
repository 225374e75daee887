"""A form with one file, taken apart while it arrives: short fields are gathered, the file is passed on in pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

_MOST_FIELDS = 4


class Broken(Exception):
    """This is not a whole form with short fields and at most one file."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True)
class Field:
    """A field, all of it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class FileBegins:
    """The form's file begins here; what it is called is the browser's word."""

    part: str
    name: str


@dataclass(frozen=True, slots=True)
class FilePiece:
    """More of the file."""

    data: bytes


Event: TypeAlias = Field | FileBegins | FilePiece


class Form:
    """Feed it the body as it comes; what it has understood so far comes back."""

    def __init__(self, content_type: str, longest: int) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise Broken
        self._longest = longest
        self._events: list[Event] = []
        self._header, self._header_name = bytearray(), b""
        self._part, self._file_name = "", ""
        self._field: bytearray | None = None
        self._fields = self._files = 0
        self._whole = False
        self._parser = self._new_parser(boundary)

    def _new_parser(self, boundary: bytes) -> MultipartParser:
        try:
            return MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begins, "on_header_field": self._header_field,
                    "on_header_value": self._header_value, "on_header_end": self._header_ends,
                    "on_headers_finished": self._headers_end, "on_part_data": self._data,
                    "on_part_end": self._part_ends, "on_end": self._end,
                },
            )  # fmt: skip
        except FormParserError:
            raise Broken from None

    def feed(self, data: bytes) -> list[Event]:
        """What these bytes complete."""
        try:
            self._parser.write(data)
        except FormParserError:
            raise Broken from None
        events, self._events = self._events, []
        return events

    def end(self) -> None:
        """The body is over; `Broken` when the form is not."""
        if not self._whole:
            raise Broken

    # --- what the parser tells ---------------------------------------------------------------------------------------

    def _part_begins(self) -> None:
        self._part, self._file_name, self._field = "", "", None
        self._header.clear()
        self._header_name = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_ends(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            options = parse_options_header(bytes(self._header))[1]
            self._part = options.get(b"name", b"").decode("utf-8", "replace")
            self._field = None if b"filename" in options else bytearray()
            self._file_name = options.get(b"filename", b"").decode("utf-8", "replace")
        self._header.clear()
        self._header_name = b""

    def _headers_end(self) -> None:
        if self._field is not None:
            self._fields += 1
        else:
            self._files += 1
            self._events.append(FileBegins(self._part, self._file_name))
        if not self._part or self._fields > _MOST_FIELDS or self._files > 1:
            raise Broken

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            self._events.append(FilePiece(data[start:end]))
            return
        self._field += data[start:end]
        if len(self._field) > self._longest:
            raise Broken

    def _part_ends(self) -> None:
        if self._field is not None:
            self._events.append(Field(self._part, self._field.decode("utf-8", "replace")))

    def _end(self) -> None:
        self._whole = True

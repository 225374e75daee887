"""A request's body, never longer than it may be, whatever its headers say."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from starlette.requests import Request


class TooLong(Exception):
    """The body is longer than it may be; the rest was not read."""


async def pieces(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body as it comes in; `TooLong` as soon as it is."""
    told, size = request.headers.get("content-length", ""), 0
    if told.isascii() and told.isdigit() and int(told) > most:
        raise TooLong
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise TooLong
        yield piece


async def whole(request: Request, most: int) -> bytes:
    """The whole body."""
    return b"".join([piece async for piece in pieces(request, most)])

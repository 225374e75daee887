"""A file on its way in: sealed and stored piece by piece, recognised by its content, and pictures drawn anew."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from house import pictures
from house.contents import Content, Seen
from store import files
from store.db import Store, StoreUnavailable
from store.files import Chunk, Growing, Stored
from store.places import Unopenable

LARGEST_MB = 10
LARGEST = LARGEST_MB * 1024 * 1024
_LONGEST_NAME = 100


class TooLarge(Exception):
    """The file is larger than it may be; nothing of it is kept."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Uploads:
    """Takes files in; `begin` one, `write` what comes, and `end` it."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store, self._now = store, now
        # A picture is held whole, and many times its size while it is decoded: one at a time.
        self._drawing = asyncio.Semaphore(1)

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[Upload, None]:
        """A new file; unless it was ended well inside the block, nothing of it stays."""
        upload = Upload(self._store, self._now, self._drawing)
        try:
            yield upload
        finally:
            if not upload.ended:
                await upload.drop()


class Upload:
    """One file while it arrives: at most two pieces of it are in memory, and none of it is anywhere in clear."""

    def __init__(self, store: Store, now: Callable[[], int], drawing: asyncio.Semaphore) -> None:
        self._store, self._now, self._drawing = store, now, drawing
        self._growing, self._seen = Growing(), Seen()
        self._begun: list[str] = []
        self.ended = False

    @property
    def size(self) -> int:
        """How much has arrived."""
        return self._growing.size

    async def write(self, data: bytes) -> None:
        """Take in what came; `TooLarge` as soon as it is. Returns once full pieces are stored, so the sender waits."""
        if self.size + len(data) > LARGEST:
            raise TooLarge
        self._seen.look(data)
        for chunk in self._growing.add(data):
            await self._keep(chunk)

    async def end(self, name: str = "") -> Stored | None:
        """The particulars, once all of it is stored; None for a kind of file that is not kept."""
        last, stored = self._growing.end()
        content = self._seen.content()
        if content is None:
            return None
        await self._keep(last)
        known = _known(stored, content, name)
        kept = await self._drawn(known) if content.kind == "photo" else known
        self.ended = kept is not None
        return kept

    async def drop(self) -> None:
        """Erase what has arrived; where the store fails, tidying does it later."""
        if self._begun:
            with contextlib.suppress(StoreUnavailable):
                await self._store.run(lambda tx: files.drop(tx, self._begun))

    async def _keep(self, chunk: Chunk) -> None:
        if chunk.file not in self._begun:
            self._begun.append(chunk.file)
        await self._store.run(lambda tx: files.write(tx, chunk, self._now()))

    async def _drawn(self, original: Stored) -> Stored | None:
        """The picture drawn anew, with the untouched one beside it for as long as it may become evidence."""
        async with self._drawing:
            content = await asyncio.to_thread(self._draw, original)
        if content is None:
            return None
        growing = Growing()
        for chunk in growing.add(content):
            await self._keep(chunk)
        last, stored = growing.end()
        await self._keep(last)
        return replace(stored, kind="photo", type=pictures.TYPE, original=original)

    def _draw(self, original: Stored) -> bytes | None:
        try:
            return pictures.drawn(b"".join(files.opened(self._store, original)))
        except Unopenable:
            return None


def _known(stored: Stored, content: Content, name: str) -> Stored:
    # What a phone calls photos and recordings names the second they were made.
    shown = name[-_LONGEST_NAME:] if content.kind == "file" else ""
    return replace(stored, kind=content.kind, type=content.type, name=shown)

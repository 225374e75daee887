"""One file of a case, opened piece by piece: pictures drawn anew, sound as it is, everything else only to be saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from console import attachments, beside, damaged
from console.attachments import FILES, Attachment
from console.case import work_on
from console.visit import NotHere, Refused, Visit
from house import pictures
from store import audit, cases, files
from store.cases import Case, Entry
from store.db import Tx
from store.files import Stored
from store.opening import Opened
from store.places import Unopenable

_ACTS = {"": "looked at a file", "original": "saved an original"}
_SANDBOX = {"Content-Security-Policy": "sandbox; default-src 'none'"}
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def show(visit: Visit) -> Response:
    """GET /cases/{reference}/files/{entry}."""
    opened, entry = _found(visit)
    try:
        return _shown(visit, attachments.read(opened.entry(entry)), entry)
    except Unopenable:
        raise Refused(damaged.told(visit, [f"{entry.case}/{entry.id}"])) from None


def _shown(visit: Visit, file: Attachment, entry: Entry) -> Response:
    match visit.asked("save"), file.kind:
        case "original", _:
            if not file.original:
                raise NotHere
            return _to_save(visit, file.evidence, entry)
        case "", "photo":
            drawn = pictures.drawn(b"".join(files.opened(visit.office.store, file.stored)))
            return (
                Response(drawn, media_type=pictures.TYPE, headers=_SANDBOX)
                if drawn
                else _to_save(visit, file.stored, entry)
            )
        case "", "sound":
            return _sound(visit, file)
        case _:
            return _to_save(visit, file.stored, entry)


def _found(visit: Visit) -> tuple[Opened, Entry]:
    id_ = visit.path("entry")
    # A player asks for later parts of the same sound: that is one look.
    again = not visit.request.headers.get("range", "bytes=0-").startswith("bytes=0-")

    def look(tx: Tx, case: Case) -> tuple[Opened | None, Entry | None]:
        entry = cases.entry(tx, case.reference, id_)
        if entry is not None and not beside.may_see(tx, visit, entry):
            audit.note(tx, visit.now, visit.member.id, "refused", attachments.about(case.reference, id_))
            entry = None
        if entry is not None and not again:
            act = _ACTS.get(visit.asked("save"), "saved a file")
            audit.note(tx, visit.now, visit.member.id, act, attachments.about(case.reference, id_))
        return visit.ring.case(tx, case), entry

    opened, entry = work_on(visit, look)
    if opened is None or entry is None or entry.kind not in FILES:
        raise NotHere
    return opened, entry


def _sound(visit: Visit, file: Attachment) -> Response:
    headers, stored, store = {**_SANDBOX, "Accept-Ranges": "bytes"}, file.stored, visit.office.store
    asked = _RANGE.fullmatch(visit.request.headers.get("range", ""))
    if asked is None or int(asked[1]) >= file.size:
        return _streamed(files.opened(store, stored), file.size, 200, file.type, headers)
    first = int(asked[1])
    last = min(int(asked[2] or file.size - 1), file.size - 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    return _streamed(files.part(store, stored, first, last), max(last - first + 1, 0), 206, file.type, headers)


def _to_save(visit: Visit, stored: Stored, entry: Entry) -> Response:
    name = quote(attachments.saved_as(stored, entry.id))
    headers = {**_SANDBOX, "Content-Disposition": f"attachment; filename=\"file\"; filename*=UTF-8''{name}"}
    pieces = files.opened(visit.office.store, stored)
    return _streamed(pieces, stored.size, 200, "application/octet-stream", headers)


def _streamed(pieces: Iterator[bytes], size: int, status: int, type_: str, headers: dict[str, str]) -> Response:
    """One piece in memory at a time. The first is opened now, so that a file that does not open is no answer at all."""
    first = next(pieces, b"")
    told = {**headers, "Content-Length": str(size)}
    return StreamingResponse(chain((first,), pieces), status, media_type=type_, headers=told)

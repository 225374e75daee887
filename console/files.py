"""One file of a case: pictures drawn anew, sound as it is, everything else only to be saved."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.responses import Response

from console import attachments, beside
from console.attachments import Attachment
from console.case import work_on
from console.visit import NotHere, Visit
from store import audit, cases
from store.cases import Case, Entry
from store.db import Tx
from store.opening import Opened
from store.places import Unopenable

_SANDBOX = {"Content-Security-Policy": "sandbox; default-src 'none'"}
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


def show(visit: Visit) -> Response:
    """GET /cases/{reference}/files/{entry}."""
    opened, entry = _found(visit)
    try:
        file = attachments.read(opened.entry(entry))
    except Unopenable:
        raise NotHere from None
    if file.kind == "photo" and not visit.asked("save") and (drawn := attachments.picture(file.content)):
        return Response(drawn, media_type="image/jpeg", headers=_SANDBOX)
    if file.kind == "sound" and not visit.asked("save"):
        return _sound(visit, file)
    return _to_save(file, entry)


def _found(visit: Visit) -> tuple[Opened, Entry]:
    id_ = visit.path("entry")
    # A player asks for later parts of the same sound: that is one look.
    again = not visit.request.headers.get("range", "bytes=0-").startswith("bytes=0-")

    def look(tx: Tx, case: Case) -> tuple[Opened | None, Entry | None]:
        entry = cases.entry(tx, case.reference, id_)
        if entry is not None and not beside.may_see(tx, visit, entry):
            audit.note(tx, visit.now, visit.member.id, "refused", f"{case.reference}/{id_}")
            entry = None
        if entry is not None and not again:
            act = "saved a file" if visit.asked("save") else "looked at a file"
            audit.note(tx, visit.now, visit.member.id, act, f"{case.reference}/{id_}")
        return visit.ring.case(tx, case), entry

    opened, entry = work_on(visit, look)
    if opened is None or entry is None:
        raise NotHere
    return opened, entry


def _sound(visit: Visit, file: Attachment) -> Response:
    headers = {**_SANDBOX, "Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(visit.request.headers.get("range", ""))
    if asked is None or int(asked[1]) >= file.size:
        return Response(file.content, media_type=file.type, headers=headers)
    first = int(asked[1])
    last = min(int(asked[2] or file.size - 1), file.size - 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    return Response(file.content[first : last + 1], 206, media_type=file.type, headers=headers)


def _to_save(file: Attachment, entry: Entry) -> Response:
    name = re.sub(r"[^\w.\- ]", "_", file.name)[-100:] or f"file-{entry.id[:8]}"
    saved = f"attachment; filename=\"file\"; filename*=UTF-8''{quote(name)}"
    headers = {**_SANDBOX, "Content-Disposition": saved}
    return Response(file.content, media_type="application/octet-stream", headers=headers)

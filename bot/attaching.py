"""Where a file that has arrived belongs: to a draft, then to a case, or nowhere; done in the turn's own transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from actions.talk import File
from store import audit, cases, files
from store.cases import Case
from store.db import Tx
from store.files import Stored
from store.places import Unopenable
from store.pocket import Pocket

_PERSON, _BOT = "person", "bot"


def keep(tx: Tx, pocket: Pocket, file: File, stored: Stored, address: str, now: int) -> None:
    """Keep a file as part of somebody's draft; its particulars are under the bot's lock."""
    locked = pocket.lock.shut(stored.to_json(), cases.draft_place(file.id))
    cases.keep_draft_file(tx, file.id, address, locked, now)
    files.keep_in_draft(tx, stored, now)


def adopt(tx: Tx, pocket: Pocket, case: Case, sent: Sequence[File], address: str) -> None:
    """The draft's files become the case's: their particulars are sealed for it, and gone from the draft."""
    for file in sent:
        try:
            stored = _of_draft(tx, pocket, file.id, address)
        except Unopenable:
            # Damaged or changed: it must not hold up the report it belongs to.
            audit.note(tx, case.filed, _BOT, "could not open", f"entries/{file.id}")
            continue
        if stored is not None:
            kept = _as_wanted(tx, case, stored)
            entry = cases.add(tx, case, _kind(kept), _PERSON, kept.to_json(), case.filed)
            files.keep_in_case(tx, kept, entry, case.filed)
    if sent:
        cases.drop_files(tx, [each.id for each in sent], address)


def append(tx: Tx, reference: str, stored: Stored, now: int) -> None:
    """A file for a case that is filed already; where that is closed meanwhile nothing of it stays."""
    case, entry = cases.get(tx, reference), cases.new_id()
    kept = _as_wanted(tx, case, stored) if case else stored
    if cases.add_file(tx, reference, _kind(kept), kept.to_json(), now, entry):
        files.keep_in_case(tx, kept, entry, now)
    else:
        files.drop(tx, stored.ids)


def drop(tx: Tx, pocket: Pocket, ids: Sequence[str], address: str) -> None:
    """Erase files of a draft with all their pieces."""
    for each in ids:
        # What cannot be read can be erased all the same; its pieces are then tidied away (`files.drop_orphans`).
        with contextlib.suppress(Unopenable):
            stored = _of_draft(tx, pocket, each, address)
            files.drop(tx, stored.ids if stored else ())
    cases.drop_files(tx, ids, address)


def _of_draft(tx: Tx, pocket: Pocket, id_: str, address: str) -> Stored | None:
    locked = cases.draft_file(tx, id_, address)
    return files.from_json(pocket.open(locked, cases.draft_place(id_))) if locked is not None else None


def _as_wanted(tx: Tx, case: Case, stored: Stored) -> Stored:
    """The untouched original stays only where the person said that it is evidence."""
    if case.evidence or stored.original is None:
        return stored
    files.drop(tx, stored.original.ids)
    return stored.without_original()


def _kind(stored: Stored) -> str:
    """A voice tells who somebody is, so it is kept apart."""
    return "voice" if stored.kind == "voice" else "file"

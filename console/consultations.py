"""What groups suggested when they were asked, and the answer to each of them: accepted or not, and why (R10)."""

from __future__ import annotations

import json

from starlette.responses import Response

from actions.words import to_json
from console import announcements as page
from console import answering, promises
from console.answering import DESK
from console.visit import Refused, Visit, go
from store import announcements, audit, consultations, keys
from store.db import Tx
from store.places import Unopenable

_LONGEST = 500
_GONE = "This consultation is closed, or it was not asked yet. Nothing was kept."
_ENGLISH = f"Who suggested what, and the reason, are needed in English, each in at most {_LONGEST} characters."
_NOTHING = "Write down first what was suggested, and what was decided. It was not closed."
_TOO_LONG = f"The answer has at most {page.LONGEST} characters in each language. It was not closed."


def suggest(visit: Visit) -> Response:
    """POST /announcements/{id}/suggestions."""
    id_, to, office = visit.form_id(), page.general(visit).path("id"), visit.office
    what, why = _words(visit, "what"), _words(visit, "why")
    decision = {"yes": True, "no": False}.get(visit.text("accepted"))
    if decision is None:
        raise Refused("Choose whether it is accepted. Nothing was kept.", 422)
    if promised := [each for _, text in (*what, *why) for each in promises.found(text)]:
        raise Refused(
            f"This reads like a promise: “{'”, “'.join(promised)}”. Say what is known. Nothing was kept.", 422
        )
    words = json.dumps({"what": dict(what), "accepted": decision, "why": dict(why)}, ensure_ascii=False)

    def keep(tx: Tx) -> bool:
        found = announcements.get(tx, to)
        asked = found is not None and found.state != "draft"
        desk = keys.desk(tx, DESK)
        done = asked and consultations.suggest(tx, id_, to, words, visit.member.id, desk, visit.now)
        if done:
            audit.note(tx, visit.now, visit.member.id, "wrote down a suggestion", to)
        return done

    if not office.store.do(keep):
        raise Refused(_GONE)
    return go("/announcements?said=suggested")


def close(visit: Visit) -> Response:
    """POST /announcements/{id}/close: the answer is an announcement that a colleague approves."""
    id_, of = visit.form_id(), page.general(visit).path("id")

    def answer(tx: Tx) -> bool:
        asked, groups = announcements.get(tx, of), answering.groups(visit, consultations.suggested(tx, of))
        if asked is None or not groups:
            raise Refused(_NOTHING, 422)
        letter = answering.result(visit, groups)
        if any(len(text) > page.LONGEST for _, text in answering.read(visit, letter)):
            raise Refused(_TOO_LONG, 422)
        done = consultations.close(tx, of, id_)
        if done:
            to = [keys.desk(tx, DESK), keys.bot(tx)]
            announcements.write(tx, id_, to_json(letter), visit.member.id, to, visit.now, asked.audience)
            audit.note(tx, visit.now, visit.member.id, "closed a consultation", of)
        return done

    try:
        done = visit.office.store.do(answer)
    except Unopenable:
        raise Refused("A suggestion was changed or damaged: it cannot be opened. It was not closed.") from None
    if not done:
        raise Refused(_GONE)
    return go("/announcements?said=closed")


def _words(visit: Visit, name: str) -> tuple[tuple[str, str], ...]:
    said = {code: visit.text(f"{name}-{code}") for code in visit.office.programme.languages}
    if not said.get("en") or any(len(each) > _LONGEST for each in said.values()):
        raise Refused(f"{_ENGLISH} Nothing was kept.", 422)
    return tuple((code, text) for code, text in said.items() if text)

"""Telling a person what happened with their case: by a letter, or with their code where nothing else leads to them."""

from __future__ import annotations

import json
from functools import cache

from actions.words import Letter, to_json
from console.visit import Visit
from house.texts import Texts
from store import cases, keys, letters
from store.cases import Case
from store.db import Tx
from store.letters import Lane
from store.sealing import Recipient


def send(tx: Tx, visit: Visit, case: Case, letter: Letter, key: str) -> None:
    """Post a letter to whoever can be reached; the terms on which they may be written to are the bot's to keep."""
    if case.address:
        letters.post(tx, key, case.address, to_json(letter), Lane.FOLLOW_UP, keys.bot(tx), visit.now)


def tell(tx: Tx, visit: Visit, case: Case, letter: Letter, key: str) -> None:
    """Post it, or leave it sealed for the code, in the language that the person speaks."""
    send(tx, visit, case, letter, key)
    if not case.address:
        leave(tx, visit, case, in_words(visit, letter, _language(tx, visit, case)))


def leave(tx: Tx, visit: Visit, case: Case, words: str) -> None:
    """Keep words that the person reads when they come with their code."""
    cases.add(tx, case, "notice", visit.member.id, words.encode(), visit.now, also=[Recipient(case.reporter)])


def in_words(visit: Visit, letter: Letter, language: str) -> str:
    """A letter as the person reads it."""
    texts = _texts(visit.office.programme.languages)
    return "\n".join(texts.say(each, language) for each in letter.paragraphs)


def _language(tx: Tx, visit: Visit, case: Case) -> str:
    opened = visit.ring.case(tx, case)
    return str(json.loads(opened.head())["language"]) if opened else "en"


@cache
def _texts(languages: tuple[str, ...]) -> Texts:
    return Texts.load(languages)

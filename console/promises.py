"""Finding a promise in what staff are about to send: nothing Amana or staff send promises an outcome."""

from __future__ import annotations

import re
import unicodedata

# Spoken at the person and about the outcome. Kept short: a check that cries wolf is switched off in people's heads.
PHRASES = (
    "we promise", "i promise", "we guarantee", "i guarantee", "guaranteed that", "it is guaranteed",
    "we assure you", "i assure you", "we will make sure that you", "you will definitely", "you will certainly",
    "you will surely", "will be in the report", "will be in our report", "will be published", "will be punished",
    "will be fired", "will be dismissed", "will be arrested", "will be compensated", "will be paid back",
    "nous promettons", "nous vous promettons", "je promets", "je vous promets", "nous garantissons", "je garantis",
    "nous vous garantissons", "je vous garantis", "c'est garanti", "nous vous assurons que", "je vous assure que",
    "sera dans le rapport", "sera dans notre rapport", "sera publie", "sera puni", "sera licencie", "sera arrete",
    "sera indemnise", "vous serez indemnise", "vous recevrez certainement",
    "prometemos", "le prometo", "garantizamos", "estara en el informe",
)  # fmt: skip


def found(text: str) -> list[str]:
    """The promises in a text, as they stand in the list."""
    plain = _plain(text)
    return [each for each in PHRASES if re.search(rf"\b{re.escape(_plain(each))}\b", plain)]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())

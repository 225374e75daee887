"""Plain words with one fixed meaning, exactly as typed, in every language at once.

These are lists and not a classifier on purpose: `back` or `stop` must never be guessed, and no consent is ever taken
from a probability (UNDERSTANDING.md, Traps).
"""

from __future__ import annotations

import unicodedata

from actions.code import plain
from actions.talk import Wish

_WORDS: dict[Wish, tuple[str, ...]] = {
    "start": ("/start",),
    "again": ("start", "begin", "commencer", "demarrer", "debut"),
    "menu": ("menu", "/menu"),
    "report": ("report", "/report", "complain", "complaint", "signaler", "plainte", "plaindre"),
    "status": ("status", "/status", "statut", "suivi", "my report", "mon signalement"),
    "human": ("human", "/human", "person", "agent", "humain", "personne", "quelqu'un", "conseiller"),
    "language": ("language", "/language", "lang", "langue", "langues"),
    "mydata": ("my data", "mydata", "/mydata", "mes donnees", "erase", "delete", "effacer", "supprimer"),
    "stop": ("stop", "/stop", "cancel", "quit", "end", "arret", "arreter", "arrete", "annuler", "fin"),
    "help": ("help", "/help", "?", "aide", "aidez-moi"),
    "back": ("back", "go back", "previous", "retour", "precedent", "revenir"),
    "skip": ("skip", "pass", "next", "passer", "suivant", "sauter"),
    "why": ("why", "why?", "why do you ask", "why do you ask?", "pourquoi", "pourquoi?", "pourquoi ?",
            "pourquoi cette question", "pourquoi cette question ?"),
    "emergency": ("emergency", "danger", "sos", "attack", "urgence", "au secours", "attaque"),
    "subscribe": ("subscribe", "updates", "abonner", "nouvelles", "s'abonner"),
    "unsubscribe": ("unsubscribe", "stop updates", "desabonner", "se desabonner", "stop nouvelles"),
}  # fmt: skip
# Inside an answer in own words only these act: any other may be the answer itself ("a person", "help").
_IN_PROSE: frozenset[Wish] = frozenset({"back", "skip", "stop", "menu", "why"})
_ALSO_IN_PROSE = frozenset(
    {"emergency", "sos", "urgence", "au secours", "human", "humain", "mydata", "my data", "mes donnees"}
)
# Only where exactly that was asked.
_YES = frozenset({"yes", "y", "yes i have", "oui", "o", "oui je l'ai garde"})
_NO = frozenset({"no", "n", "not yet", "non", "pas encore"})
_ERASE = frozenset({"erase", "erase it", "delete", "delete it", "effacer", "effacez", "supprimer", "supprimez"})
_LONGEST_NUMBER = 2
_MEANING = {word: wish for wish, words in _WORDS.items() for word in words}


def _folded(words: str) -> str:
    bare = unicodedata.normalize("NFKD", words.strip().casefold().replace("\u2019", "'"))
    return " ".join("".join(each for each in bare if not unicodedata.combining(each)).split())


def wish(words: str, *, in_prose: bool = False) -> Wish | None:
    """What these words ask for if they are one of the fixed words and nothing else."""
    folded = _folded(words)
    meant = _MEANING.get(folded) or _MEANING.get(folded.rstrip(".!"))
    acts = not in_prose or meant in _IN_PROSE or folded in _ALSO_IN_PROSE or folded.startswith("/")
    return meant if acts else None


def agreed(words: str) -> bool | None:
    """Whether these words are a plain yes or a plain no, or None."""
    folded = _folded(words).rstrip(" .!")
    return True if folded in _YES else False if folded in _NO else None


def erases(words: str) -> bool:
    """Whether these words ask to erase what is spoken of."""
    return _folded(words).rstrip(" .!") in _ERASE


def number(words: str) -> int | None:
    """The number these words are, in the digits of any script (`2`, `2.`, `٢`), or None."""
    bare = words.strip().rstrip(".)")
    return (
        int(plain(bare)) if bare and len(bare) <= _LONGEST_NUMBER and all(each.isdecimal() for each in bare) else None
    )


def same(words: str, label: str) -> bool:
    """Whether somebody typed a button's label."""
    return bool(words.strip()) and _folded(words) == _folded(label)


def wordless(words: str) -> bool:
    """Whether there is nothing to read in a message: emoji, punctuation, nothing."""
    return not any(each.isalnum() for each in words)


def several(words: str) -> list[str]:
    """The numbers, if these words are several numbers and nothing else."""
    return []

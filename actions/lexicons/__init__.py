"""The fixed words of every language; a new language is one module here and one line below."""

from __future__ import annotations

from collections.abc import Mapping

from actions.lexicons import ar, en, es, fr, sw
from actions.lexicons.vocabulary import Vocabulary as Vocabulary

VOCABULARIES: Mapping[str, Vocabulary] = {
    "en": en.WORDS,
    "fr": fr.WORDS,
    "es": es.WORDS,
    "ar": ar.WORDS,
    "sw": sw.WORDS,
}

"""In which of our languages a text is written, where that is plain: by its script, or by its small words."""

from __future__ import annotations

from collections.abc import Mapping

from actions.folding import bare, fold

_FEWEST_WORDS = 4
# So many small words that no other language of ours has; so many times those of the next one; so large a share of all.
_FEWEST_OWN, _MARGIN, _SHARE = 2, 3, 0.2
# The most frequent small words, and a few that people say to us again and again.
_SMALL: Mapping[str, str] = {
    "en": "the and to of a in is was i my me we our you your he she they them him his her it that this not for on"
    " with are were have has had do does did be been but or at by from as so if when where what who why how"
    " there can will would because about received money list",
    "fr": "le la les un une des du de et est sont était je j ai mon ma mes me moi nous notre nos vous votre il elle"
    " ils elles on ce cette ces que qui qu ne n pas plus pour dans sur avec par au aux en à a ont mais ou où"
    " si quand comment pourquoi parce c d l s y leur été fait reçu argent carte liste",
    "es": "el la los las un una unos del de y es son era yo mi mis me nos nosotros nuestro nuestra usted ustedes él"
    " ella ellos su sus se lo le les que quien no para por en con sin al a ha han hay pero o si cuando como"
    " dónde porque esto esta este eso muy más también fue están recibido recibí dinero tarjeta lista nadie",
    "sw": "na ya wa kwa ni za la cha vya katika kuwa hii hiyo huyu hili hilo haya sana lakini au kama yangu wangu"
    " langu zangu yetu wetu yao wao mimi sisi yeye watu mtu kwamba hapa huko leo jana bado tu pia ili baada"
    " kabla mwa hakuna nina tuna ana wana si cha wakati kila nini pesa kadi orodha",
}
# Letters that Persian, Urdu, Pashto and Kurdish have and Arabic has not; where one stands it is not ours.
_NOT_ARABIC = frozenset("پچژگٹڈڑںےہھۓټډړښګڼېۍەێڵڕ")


def language_of(text: str) -> str | None:
    """The language of a text of four words or more, or None where it is short, mixed or of no language of ours."""
    words = _words(text)
    if len(words) < _FEWEST_WORDS:
        return None
    arabic = sum(any("\u0600" <= each <= "\u06ff" for each in word) for word in words)
    if arabic:
        return "ar" if arabic * 2 > len(words) and not _NOT_ARABIC.intersection(text) else None
    return _by_small_words(words)


def _words(text: str) -> list[str]:
    """The words, without figures; what an apostrophe ties together is two words (French)."""
    apart = (bare(each) for each in fold(text).replace("'", " ").split())
    return [each for each in apart if any(letter.isalpha() for letter in each)]


def _by_small_words(words: list[str]) -> str | None:
    own = {language: len(small.intersection(words)) for language, small in _OWN.items()}
    (first, most), (_, next_) = sorted(own.items(), key=lambda each: -each[1])[:2]
    plain = most >= _FEWEST_OWN and most >= next_ * _MARGIN and most >= _SHARE * len(words)
    return first if plain else None


_FOLDED = {language: frozenset(fold(words).split()) for language, words in _SMALL.items()}
# What two languages share speaks for neither.
_OWN = {
    language: small.difference(*(others for other, others in _FOLDED.items() if other != language))
    for language, small in _FOLDED.items()
}

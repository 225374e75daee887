"""What reads like a promise, in every language: nothing Amana or staff send promises an outcome."""

from __future__ import annotations

import re
from collections.abc import Mapping

from actions.folding import fold

# Spoken at the person and about the outcome. Kept short: a check that cries wolf is switched off in people's heads.
PHRASES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "we promise", "i promise", "we guarantee", "i guarantee", "guaranteed that", "it is guaranteed",
        "we assure you", "i assure you", "we will make sure that you", "we will solve", "we will get you",
        "we will punish", "we will make them pay", "you will definitely", "you will certainly", "you will surely",
        "you will be safe", "nothing will happen to you", "nobody will ever know", "will be in the report",
        "will be in our report", "will be published", "will be punished", "will be fired", "will be dismissed",
        "will be arrested", "will be compensated", "will be paid back", "will be solved", "you will be paid",
    ),
    "fr": (
        "nous promettons", "nous vous promettons", "je promets", "je vous promets", "nous garantissons", "je garantis",
        "nous vous garantissons", "je vous garantis", "c'est garanti", "nous vous assurons que", "je vous assure que",
        "nous allons résoudre", "nous résoudrons", "sera résolu", "sera dans le rapport", "sera dans notre rapport",
        "figurera dans le rapport", "figurera dans notre rapport", "sera publié", "sera publiée", "sera puni",
        "seront punis", "sera licencié", "sera arrêté", "sera indemnisé", "vous serez indemnisé",
        "vous serez indemnisée", "vous serez remboursé", "vous serez remboursée", "vous recevrez certainement",
        "vous serez en sécurité", "personne ne saura jamais",
    ),
    "es": (
        "prometemos", "le prometo", "te prometo", "garantizamos", "le garantizo", "te garantizo", "está garantizado",
        "le aseguramos que", "te aseguramos que", "le aseguro que", "resolveremos", "vamos a resolver", "será resuelto",
        "será resuelta", "estará en el informe", "estará en nuestro informe", "aparecerá en el informe",
        "será publicado", "será publicada", "será castigado", "serán castigados", "será despedido", "será detenido",
        "será indemnizado", "será indemnizada", "será compensado", "será compensada", "recibirá sin duda",
        "estará a salvo", "nadie sabrá nunca",
    ),
    "ar": (
        "نعدك", "نعدكم", "أعدك", "أعدكم", "نضمن", "أضمن", "سنضمن", "مضمون أن", "نؤكد لك أن", "نؤكد لكم أن",
        "أؤكد لك أن", "سنحل", "سوف نحل", "سيتم حل", "سيكون في التقرير", "ستكون في التقرير", "سيكون في تقريرنا",
        "سيظهر في التقرير", "سيذكر في التقرير", "سيتم نشر", "سينشر", "سيعاقب", "ستتم معاقبة", "سيتم معاقبة",
        "سيفصل من العمل", "سيتم فصله", "سيتم اعتقال", "سيتم تعويضك", "سيتم تعويضكم", "سنعوضك", "سنعوضكم",
        "ستحصل بالتأكيد", "ستحصلون بالتأكيد", "ستكون في أمان", "ستكونون في أمان", "لن يعرف أحد أبدا",
    ),
    "sw": (
        "tunaahidi", "tunakuahidi", "tunawaahidi", "ninaahidi", "ninakuahidi", "nakuahidi", "naahidi",
        "tunahakikisha kwamba", "tunakuhakikishia", "tunawahakikishia", "ninakuhakikishia", "nakuhakikishia",
        "imehakikishwa kwamba", "tutatatua", "tutasuluhisha", "litatatuliwa", "yatatatuliwa", "itakuwa kwenye ripoti",
        "itakuwa katika ripoti", "yatakuwa katika ripoti", "utakuwa katika ripoti", "itachapishwa", "yatachapishwa",
        "ataadhibiwa", "wataadhibiwa", "atafukuzwa", "atakamatwa", "utalipwa fidia", "utafidiwa", "hakika utapata",
        "bila shaka utapata", "utakuwa salama", "hakuna atakayejua",
    ),
}  # fmt: skip
# Right before a phrase these turn it into its opposite. English and Swahili say no in the verb itself.
_NOT: Mapping[str, tuple[str, ...]] = {
    "en": ("not", "never", "nothing", "nobody", "no one", "no report", "no name"),
    "fr": ("ne", "rien ne", "personne ne"),
    "es": ("no", "nunca", "tampoco", "nada", "nadie", "no se", "no le", "no les", "no te", "no os", "no lo"),
    "ar": ("لا", "لن", "لم", "لا يمكن أن", "لا نستطيع أن", "لا يمكننا أن"),
    "sw": (),
}
# In Arabic "and" and "so" are written onto the word behind them.
_ONTO: Mapping[str, str] = {"ar": "[وف]?"}


def promises(text: str, language: str | None = None) -> list[str]:
    """The promises in a text, as they stand in the list of that language, or of every language."""
    folded = fold(text)
    languages = PHRASES if language is None else (language,)
    return [phrase for each in languages for phrase, looks in _LOOKS.get(each, ()) if looks.search(folded)]


def _looks(phrase: str, language: str) -> re.Pattern[str]:
    """The phrase as whole words, without what denies it before it."""
    never = "".join(rf"(?<!\b{re.escape(fold(each))} )" for each in _NOT[language])
    return re.compile(rf"{never}\b{_ONTO.get(language, '')}{re.escape(fold(phrase))}\b")


_LOOKS = {
    language: tuple((phrase, _looks(phrase, language)) for phrase in phrases) for language, phrases in PHRASES.items()
}

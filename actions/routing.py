"""Which desk reads a report, and whether a woman works there, or somebody who reads its language."""

from __future__ import annotations

from actions import sentences as say
from actions.languages import NAMES
from actions.programme import Category, Programme
from actions.talk import Given, Handler
from actions.words import Text


def desk_for(category: Category, handler: Handler, programme: Programme) -> str:
    """The category's desk; the women's desk for whoever asks for a woman, unless their category needs its own."""
    own = programme.desk(category.desk)
    women = next((each.key for each in programme.desks if each.women), None)
    if handler != "woman" or women is None or (own is not None and own.sensitive):
        return category.desk
    return women


def lacks_a_woman(desk: str, handler: Handler, given: Given) -> bool:
    """Whether a woman is asked for and none works at that desk now."""
    return handler == "woman" and desk not in given.women


def unread(desk: str, language: str, given: Given) -> tuple[Text, ...]:
    """What is said where nobody at that desk reads the person's language (R61)."""
    if desk not in given.unread:
        return ()
    return (say.NO_READER.with_(language=NAMES.get(language, language)),)

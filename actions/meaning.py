"""What words mean to which nothing was asked: the intent's own move, and care where somebody may be in danger."""

from __future__ import annotations

from actions import sentences as say
from actions.asking import again, ask, then
from actions.intents import MOVES, SAFETY, AskToSend, Begin, Do, Repeat, Tell
from actions.reporting import begin, due
from actions.talk import Given, Said, Talk, Turn
from actions.wishes import wished
from actions.words import Wording


def free(talk: Talk, said: Said, given: Given) -> Turn:
    """Words to which nothing was asked: the intent's own move."""
    careful = danger(said, given)
    match MOVES[said.intent or "out_of_scope"]:
        case Do(wish):
            return wished(talk, wish, given)
        case Begin(first):
            return begin(talk.holding(said.words), given, *careful, *first, *_suggested(said, given))
        case AskToSend(first):
            return then(ask(talk.holding(said.words), "offer", given, *careful, first), due(given))
        case Tell(sentences, offers, keep):
            filled = tuple(
                each.with_(emergency=given.programme.emergency, contact=given.programme.contact)
                if "{" in each.msgid else each
                for each in sentences
            )  # fmt: skip
            turn = ask(talk.holding(said.words) if keep else talk, "next." + "_".join(offers), given, *filled)
            return then(turn, due(given)) if keep else turn
        case Repeat():
            return again(talk, given)


def _suggested(said: Said, given: Given) -> tuple[Wording, ...]:
    """What the programme takes these words to be about; the person says what is right."""
    category = given.programme.category_for(said.intent)
    return (say.SOUNDS_LIKE.with_(category=category.label),) if category else ()


def danger(said: Said, given: Given) -> tuple[Wording, ...]:
    """Where safety may be at stake the emergency numbers come first; nothing is decided by it."""
    if said.intent in SAFETY or SAFETY.intersection(said.also):
        return (say.DANGER.with_(emergency=given.programme.emergency),)
    return ()

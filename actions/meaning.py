"""What words mean to which nothing was asked: the intent's own move, and care where somebody may be in danger."""

from __future__ import annotations

from dataclasses import replace

from actions import consent, guessing
from actions import sentences as say
from actions.asking import again, ask, then
from actions.danger import TURNS, VIOLENCE, ask_about, careful, confirmed, guessed
from actions.intents import MOVES, UNSURE, AskFirst, AskToSend, Begin, Do, Look, NotMine, Repeat, Tell
from actions.languages import NAMES
from actions.prompts import MEANT
from actions.reporting import begin, due
from actions.talk import Given, Reach, Said, Say, Talk, Terms, Turn
from actions.wishes import sites, wished
from actions.words import Letter, Text, Wording

# So many meanings, and "something else", are read at a glance.
_ASKED_ABOUT = 3


def free(talk: Talk, said: Said, given: Given) -> Turn:
    """Words to which nothing was asked: what they may be about is asked first, then the intent's own move."""
    talk = understood(talk, said)
    numbers = careful(talk, said, given)
    guess = guessed(talk, said)
    if guess is not None:
        turn = ask_about(talk.holding(said.words, said.intent or ""), guess, given, *numbers)
        return then(turn, *due(given))
    if (language := _other_language(talk, said, given)) is not None:
        asking = replace(talk.holding(said.words, said.intent or ""), wanted=language)
        return then(ask(asking, "switch", given, say.SWITCH.with_(language=NAMES[language])), *due(given))
    return moved(talk, said, given, *numbers)


def understood(talk: Talk, said: Said) -> Talk:
    """The talk with what these words were taken for, so that staff's corrections show what the model confuses.

    Nowhere does it stand that somebody's words sounded like violence at home: of that only a count is kept.
    """
    if not said.guess:
        return talk
    violence = said.guess.startswith(f"{VIOLENCE}@") or VIOLENCE in said.also
    return replace(talk, understood="" if violence else said.guess)


def _other_language(talk: Talk, said: Said, given: Given) -> str | None:
    """Another of our languages in which these words seem to be, asked about once."""
    seems = guessing.language_of(said.words)
    known = seems in given.programme.languages and seems != talk.language and "language" not in talk.guessed
    return seems if known else None


def meant(talk: Talk, option: str, given: Given) -> Turn:
    """The person has said which of them it is; none of them: the words can still be sent as they are."""
    words, heard = talk.held, replace(talk, maybe=(), asked="menu")
    if option not in talk.maybe:
        return then(ask(heard, "offer", given), *due(given))
    if option in TURNS:
        return confirmed(replace(heard, asked=f"guess.{option}", guessed=(*talk.guessed, option)), "yes", given)
    return moved(replace(heard, held="", held_intent=""), Said(words, option), given)


def moved(talk: Talk, said: Said, given: Given, *numbers: Wording) -> Turn:
    """The move of an intent that nothing stands in the way of; where none is sure, the likeliest are asked about."""
    maybe = tuple(each for each in said.maybe if each in MEANT)[:_ASKED_ABOUT]
    if maybe and (said.intent or UNSURE) == UNSURE:
        asking = replace(talk.holding(said.words), maybe=maybe)
        return then(ask(asking, "mean", given, *numbers), *due(given))
    match MOVES[said.intent or UNSURE]:
        case Do(wish):
            return wished(talk, wish, given)
        case Begin(flow, first, preset):
            suggested = _suggested(said, given) if flow == "complaint" and not preset else ()
            held = talk.holding(said.words)
            return begin(held, flow, given, *numbers, *first, *suggested, **dict(preset))
        case AskToSend(first):
            return then(ask(talk.holding(said.words), "offer", given, *numbers, first), *due(given))
        case AskFirst():
            return then(ask(talk.holding(said.words), "offer", given, *numbers, say.NOT_SURE), *due(given))
        case Look(otherwise):
            return _looked_up(talk, said, given, otherwise)
        case NotMine():
            return not_mine(talk, given)
        case Tell(sentences, offers, keep):
            filled = consent.filled(sentences, given.programme)
            turn = ask(talk.holding(said.words) if keep else talk, "next." + "_".join(offers), given, *filled)
            return then(turn, *due(given)) if keep else turn
        case Repeat():
            return again(talk, given)


def _looked_up(talk: Talk, said: Said, given: Given, otherwise: Text) -> Turn:
    found = next((each for each in given.programme.faqs if said.intent in each.intents), None)
    return ask(talk.holding(said.words), "answered", given, found.answer if found else otherwise)


def not_mine(talk: Talk, given: Given) -> Turn:
    """Somebody else's telephone: nothing is ever written to it first, and a desk is another way (R50)."""
    terms = Terms("no")
    turn = ask(replace(talk, terms=terms), "next.report_status_menu", given, say.SHARED_PHONE, say.LEAVE_AT_ONCE)
    return then(turn, Reach(terms), *(Say(Letter((each,))) for each in sites(given)))


def _suggested(said: Said, given: Given) -> tuple[Wording, ...]:
    """What the programme takes these words to be about; the person says what is right."""
    category = given.programme.category_for(said.intent)
    return (say.SOUNDS_LIKE.with_(category=category.label),) if category else ()

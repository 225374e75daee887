"""The one place where a conversation moves: `advance(talk, event, given) -> (talk, effects)`, pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from actions import code, danger, lexicon, prompts
from actions import sentences as say
from actions.asking import again, ask, let_go, then
from actions.case import renewed
from actions.filing import add, answered
from actions.flows import HUMAN, STATUS
from actions.intents import SAFETY
from actions.meaning import free, understood
from actions.reporting import begin, due, narrated, with_held
from actions.silences import silence
from actions.talk import (
    CODE_HOLDS_FOR,
    Append,
    Effect,
    Event,
    File,
    Given,
    Keep,
    Said,
    Say,
    Sent,
    Silence,
    Talk,
    Tapped,
    Told,
    Turn,
    Unkept,
    Wished,
)  # fmt: skip
from actions.taps import chosen, tapped
from actions.wishes import found, wished
from actions.words import Letter, Text, Wording

MOST_FILES = 20
_UNKEPT: dict[str, Text] = {"kind": say.NOT_KEPT_KIND, "size": say.TOO_LARGE, "lost": say.LOST_FILE}
# What is asked to look at once more before it is done: not taken from a row of numbers.
_ONE_BY_ONE = frozenset({"review", "sending", "erase", "data", "kept", "refer", "found"})


def advance(talk: Talk, event: Event, given: Given) -> Turn:
    """One turn: what is remembered after this event, and what is to be done about it."""
    if _too_long_ago(talk, event, given):
        return _with_the_code_again(talk, event, given)
    match event:
        case Silence(name):
            return silence(talk, name, given)
        case Tapped(choice):
            return tapped(_awake(talk, given), choice, given)
        case Wished(wish):
            return wished(_awake(talk, given), wish, given)
        case Sent():
            return _sent(_awake(talk, given), event, given)
        case Said():
            return _said(_awake(talk, given), event, given)
        case Unkept(why):
            return again(_awake(talk, given), given, _UNKEPT[why].with_(size=str(given.largest)))


def _too_long_ago(talk: Talk, event: Event, given: Given) -> bool:
    """Whether a code was given so long ago that somebody else may hold the phone by now."""
    last = datetime.fromtimestamp(talk.touched, UTC)
    return bool(talk.case) and not isinstance(event, Silence) and last + CODE_HOLDS_FOR < given.now


def _with_the_code_again(talk: Talk, event: Event, given: Given) -> Turn:
    """What is done with a case waits for its code; anything else goes on."""
    asking = talk.asked in prompts.OF_A_CASE
    shut, _ = let_go((replace(talk, asked="status.code" if asking else talk.asked), ()))
    turn = advance(shut, event, given)
    tell = asking and given.found is None and not isinstance(event, Wished)
    return then(turn, Say(Letter((say.CODE_AGAIN,)))) if tell else turn


def _awake(talk: Talk, given: Given) -> Talk:
    return replace(talk, touched=int(given.now.timestamp()))


def _said(talk: Talk, said: Said, given: Given) -> Turn:
    if talk.asked == "status.renew" and given.found is not None:
        return renewed(talk, given.found, given)
    if given.found is not None and (code.alone(said.words) or not _would_keep(talk)):
        return found(talk, given.found, given)
    if (tap := _typed(talk, said.words, given)) is not None:
        return chosen(talk, tap, given)
    if (plainly := _plainly(talk, said.words)) is not None:
        return chosen(talk, plainly, given) if plainly else again(talk, given, say.CHOOSE_ONE)
    wish = lexicon.wish(said.words, in_prose=prompts.takes_prose(talk.asked))
    if wish is not None:
        return wished(talk, wish, given)
    if lexicon.wordless(said.words):
        return again(talk, given, say.NO_WORDS)
    tried = talk.asked == "status.code" or (code.attempted(said.words) and not prompts.takes_prose(talk.asked))
    if talk.asked == "status.renew":
        return renewed(talk, None, given)
    said = danger.heeded(talk, said)
    numbers = danger.careful(talk, said, given)
    if code.within(said.words) and not tried:
        return again(talk, given, *numbers, say.CODE_IN_WORDS)
    if not talk.language:
        return _before_language(talk, said, given, *numbers, tried=tried)
    if tried:
        return ask(replace(talk, flow=STATUS.key), "status.code", given, say.NO_SUCH_CODE)
    return _in_own_words(talk, said, given, *numbers)


def _in_own_words(talk: Talk, said: Said, given: Given, *numbers: Wording) -> Turn:
    """Words that have no fixed meaning: an answer, a continuation, or something new."""
    if talk.in_doubt:
        return danger.told_meanwhile(talk, said, given, *numbers)
    if talk.reporting and talk.step == "more":
        more = narrated(talk, said.words)
        return _screened(ask(more, talk.asked, given, *numbers), said, given, *numbers)
    if prompts.takes_prose(talk.asked):
        told = understood(talk, said) if talk.step == "what" and not talk.understood else talk
        turn = _more_of(talk, answered(told, Told(said.words), given, *numbers), given)
        return _screened(turn, said, given, *numbers)
    if (rest := lexicon.several(said.words)) and len(rest) > 1:
        return _in_a_row(talk, [int(each) for each in rest], given)
    if talk.reporting or talk.asked in ("consent", "unfinished"):
        return _screened(_added_words(talk, said, given, *numbers), said, given, *numbers)
    if talk.call and given.call_open:
        return talk, (Append(talk.call, said.words), Say(Letter((*numbers, say.PASSED_ON))))
    return free(replace(talk, call=""), said, given)


def _more_of(before: Talk, turn: Turn, given: Given) -> Turn:
    """What happened may take several messages; whether there is more is asked once it was begun."""
    question = prompts.question_of(before.asked)
    if not before.reporting or question is None or not getattr(question[1].kind, "more", False):
        return turn
    talk, effects = turn
    others = tuple(each for each in effects if not isinstance(each, Say))
    return then(ask(talk, f"{talk.draft}.more", given), *others)


def _screened(turn: Turn, said: Said, given: Given, *numbers: Wording) -> Turn:
    """What an answer may be about is asked before it counts; the answer itself is kept."""
    talk, effects = turn
    guess = danger.guessed(talk, said) if talk.reporting else None
    if guess is None:
        return turn
    others = tuple(each for each in effects if not isinstance(each, Say))
    return then(danger.ask_about(talk, guess, given, *numbers), *others)


def _in_a_row(talk: Talk, numbers: list[int], given: Given) -> Turn:
    """Several numbers in one message answer what is asked one after the other, as far as they are choices."""
    kept: tuple[Effect, ...] = ()
    turn: Turn = (talk, ())
    for number in numbers:
        now = turn[0]
        offered = prompts.offered(now, given)
        alone = now.step in _ONE_BY_ONE or now.asked in _ONE_BY_ONE or prompts.takes_prose(now.asked)
        if (turn[1] and alone) or not 0 < number <= len(offered):
            break
        kept = (*kept, *(each for each in turn[1] if not isinstance(each, Say)))
        turn = chosen(now, offered[number - 1][0], given)
        if alone:
            break
    return then(turn, *kept) if turn[1] else again(talk, given, say.CHOOSE_ONE)


def _would_keep(talk: Talk) -> bool:
    """Whether words would become part of a report, so that a code among them would be read by others."""
    return talk.reporting or (prompts.takes_prose(talk.asked) and talk.asked != "status.code")


def _before_language(talk: Talk, said: Said, given: Given, *numbers: Wording, tried: bool) -> Turn:
    """The very first words are held until they can be answered in a language; danger does not wait for that."""
    if tried or lexicon.number(said.words) is not None:
        return ask(talk, "language", given)
    meant = talk.held_intent if talk.held_intent in SAFETY else said.intent or talk.held_intent
    return then(ask(understood(talk.holding(said.words, meant), said), "language", given, *numbers), *due(given))


def _typed(talk: Talk, words: str, given: Given) -> str | None:
    """The option somebody typed by its number or its label."""
    offered = prompts.offered(talk, given)
    number = lexicon.number(words, in_prose=prompts.takes_prose(talk.asked))
    if number is not None and 0 < number <= len(offered) and talk.asked:
        return offered[number - 1][0]
    labels = ((option, given.say(label, talk.language)) for option, label in offered)
    return next((option for option, label in labels if talk.asked and lexicon.same(words, label)), None)


_YES_NO = ("yes", "no")
_AGREEING = {
    "kept": ("yes", "not_yet"),
    "audience": ("women", "all"),
    "switch": _YES_NO,
    "unfinished": _YES_NO,
    "answered": _YES_NO,
}


def _plainly(talk: Talk, words: str) -> str | None:
    """The option that a plain yes, no or “erase” means here; "" where it has to be chosen, None where it is no answer.

    What nobody can bring back is chosen from what is offered, and not said in passing.
    """
    agreed = lexicon.agreed(words)
    yes_or_no = _YES_NO if talk.in_doubt else _AGREEING.get(talk.asked)
    match talk.asked:
        case _ if yes_or_no and agreed is not None:
            return yes_or_no[0] if agreed else yes_or_no[1]
        case "found" if talk.case and lexicon.erases(words):
            return "erase"
        case "status.erase" if agreed is not None or lexicon.erases(words):
            return "keep" if agreed is False else ""
        case _:
            return None


def _added_words(talk: Talk, said: Said, given: Given, *numbers: Wording) -> Turn:
    """Words where a choice was asked for: they belong to the narrative, and the choice is asked again."""
    if not talk.reporting:
        return again(talk.holding(said.words), given, *numbers, say.NOT_LEFT_OUT, say.CHOOSE_ONE)
    added = _before_sending(with_held(talk.holding(said.words)))
    return again(added, given, *numbers, say.ADDED_WORDS, say.CHOOSE_ONE)


def _before_sending(talk: Talk) -> Talk:
    """What is added at the last moment is seen on the review card before it is sent."""
    return replace(talk, asked=f"{talk.draft}.review") if talk.step == "sending" else talk


def _sent(talk: Talk, sent: Sent, given: Given) -> Turn:
    """A file; a caption with a code in it is left out, and the person is told."""
    if not code.within(sent.words):
        return _kept(talk, sent, given)
    return then(_kept(talk, replace(sent, words=""), given), Say(Letter((say.CODE_IN_CAPTION,))))


def _kept(talk: Talk, sent: Sent, given: Given) -> Turn:
    plain_file = File(sent.file.id, sent.file.kind, sent.file.sha256)
    if talk.asked == "status.add" and talk.case:
        return add(talk, Append(talk.case, sent.words, sent.file), given)
    if talk.call and given.call_open and not talk.reporting:
        return talk, (Append(talk.call, sent.words, sent.file), Say(Letter((say.PASSED_ON,))))
    if len(talk.files) >= MOST_FILES:
        return again(talk, given, say.TOO_MANY_FILES.with_(count=str(MOST_FILES)))
    kept = replace(talk, files=(*talk.files, plain_file))
    return then(_with_file(kept, sent, given), Keep(plain_file))


def _with_file(talk: Talk, sent: Sent, given: Given) -> Turn:
    """A file in a draft: with words or a voice it is the answer, otherwise words are still asked for."""
    speaks = bool(sent.words) or sent.file.kind == "voice"
    if not talk.language:
        return then(ask(talk.holding(sent.words), "language", given), *due(given))
    if talk.in_doubt:
        return again(danger.going_along(talk, sent.words) if sent.words else talk, given, say.NOT_LEFT_OUT)
    if talk.reporting and talk.step == "more":
        return ask(narrated(talk, sent.words), talk.asked, given)
    if speaks and prompts.takes_prose(talk.asked) and (talk.reporting or talk.flow == HUMAN.key):
        return _more_of(talk, answered(talk, Told(sent.words), given), given)
    if talk.reporting:
        kept = say.KEPT_FILE if prompts.takes_prose(talk.asked) else say.NOT_LEFT_OUT
        return again(_before_sending(with_held(talk.holding(sent.words))), given, kept)
    if talk.asked in ("human.about", "consent", "unfinished"):
        kept = say.KEPT_FILE if talk.asked == "human.about" else say.NOT_LEFT_OUT
        return again(talk.holding(sent.words), given, kept)
    return begin(talk.holding(sent.words), talk.draft or "complaint", given, say.NOT_LEFT_OUT)

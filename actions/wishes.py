"""What a person can ask for by name, from any point of the talk."""

from __future__ import annotations

from dataclasses import replace

from actions import consent, danger, helping, notices, prompts
from actions import sentences as say
from actions.asking import again, ask, menu, onward, then
from actions.filing import answered, call
from actions.flows import FLOWS, HUMAN, STATUS
from actions.reporting import begin
from actions.talk import (
    CODE,
    CODE_HOLDS_FOR,
    Due,
    Found,
    Given,
    Handler,
    Leave,
    Reach,
    Say,
    Skipped,
    Speak,
    Talk,
    Terms,
    Told,
    Turn,
    Undue,
    Updates,
    Wish,
    Writing,
)
from actions.words import Letter, Wording

# What is heard before a language is chosen: ending things, danger, and leaving at once.
_BEFORE_LANGUAGE = frozenset({"unsubscribe", "stop", "emergency", "exit"})


def wished(talk: Talk, wish: Wish, given: Given) -> Turn:
    """Do what is asked for by name; before a language is chosen, only ending things and danger are heard."""
    if not talk.language and wish not in _BEFORE_LANGUAGE:
        return ask(talk, "language", given)
    match wish:
        case "start":
            return again(talk, given) if talk.asked else _welcome(talk, given)
        case "again":
            return _subscribe(talk, given) if talk.updates == "off" else wished(talk, "start", given)
        case "menu":
            return menu(talk, given)
        case "report":
            return begin(talk, "complaint", given)
        case "other":
            return begin(talk, "complaint", given, say.FOR_OTHERS, party="other")
        case "services":
            return helping.services(talk, given)
        case "status" | "withdraw":
            return ask(replace(talk, flow=STATUS.key), "status.code", given)
        case "human":
            return human(talk, given)
        case "emergency":
            return danger.declared(talk, given)
        case "language":
            return ask(talk, "language", given)
        case "mydata":
            return ask(talk, "data", given, say.HELD, say.HELD_CODE, say.HELD_CASES, say.HELD_LINKS)
        case "stop":
            return _stop(talk, given)
        case "exit":
            return _exit(talk)
        case "help":
            return _help(talk, given)
        case "about":
            return _about(talk, given)
        case "contact":
            return _tell(talk, given, *sites(given))
        case "redlines":
            lines = given.programme.red_lines
            return _tell(talk, given, say.RED_LINES.with_(version=lines.version), *lines.lines)
        case "continue":
            return onward(talk, given) if talk.began(talk.draft) else menu(talk, given)
        case "back":
            return _back(talk, given)
        case "skip":
            return answered(talk, Skipped(), given) if prompts.question_of(talk.asked) else again(talk, given)
        case "why":
            found = prompts.question_of(talk.asked)
            return again(talk, given, found[1].why) if found else _why(talk, given)
        case "subscribe":
            return _subscribe(talk, given)
        case "unsubscribe":
            return _unsubscribe(talk, given)


def _welcome(talk: Talk, given: Given) -> Turn:
    """First contact in five short messages, the question for the language among them (R47)."""
    person = Say(Letter((say.WAITING_FOR_YOU, given.programme.hours)))
    return then(menu(talk, given), hello(given), Say(Letter((say.FREE, say.NO_EMERGENCY_SERVICE))), person)


def _tell(talk: Talk, given: Given, *pages: Wording) -> Turn:
    """A message a page; what was asked is asked again."""
    turn = again(talk, given) if talk.asked else menu(talk, given)
    return then(turn, *(Say(Letter((each,))) for each in pages))


def _about(talk: Talk, given: Given) -> Turn:
    """Who we are, what we do, what we cannot do: three pages, each of which can be listened to (R11)."""
    about = given.programme.about
    pages = zip(prompts.ABOUT, (about.role, about.activities, about.limits), strict=True)
    turn = again(talk, given) if talk.asked else menu(talk, given)
    return then(turn, *(Say(Letter((page,), (), name if talk.aloud else "")) for name, page in pages))


def sites(given: Given) -> tuple[Wording, ...]:
    """Where somebody can be met, each place in a line of its own (R55)."""
    return notices.contact(given.programme).paragraphs


def _help(talk: Talk, given: Given) -> Turn:
    numbers = say.DANGER.with_(emergency=danger.numbers(talk, given))
    explained = (say.HOW_IT_WORKS, say.THEN, say.FREE, say.LEAVE_AT_ONCE, numbers)
    return again(talk, given, *explained) if talk.asked else menu(talk, given, *explained)


def _why(talk: Talk, given: Given) -> Turn:
    """Why this is asked, where no flow's question stands: the purpose, and the same again."""
    if talk.asked in ("consent", "unfinished"):
        return again(talk, given, *consent.filled(consent.REPORT.more, given.programme))
    return again(talk, given, say.HOW_IT_WORKS, say.THEN)


def _exit(talk: Talk) -> Turn:
    """Leave at once: what was not sent is erased, the platform's messages too, and nothing is said of it (R100)."""
    gone, effects = danger.left(talk)
    code = (Undue(CODE),) if talk.case else ()
    return gone, (*effects, *code, Leave(), Say(Letter((say.EXITED,))))


def speak(talk: Talk, language: str, given: Given) -> Turn:
    """The language is chosen: go on where the talk stood."""
    speaking = replace(talk, language=language)
    if not talk.language:
        turn = _welcome(speaking, given)
    elif speaking.draft and speaking.flow == speaking.draft:
        turn = onward(speaking, given)
    else:
        turn = ask(speaking, "offer", given) if speaking.held else menu(speaking, given)
    return then(turn, Speak(language))


def hello(given: Given) -> Say:
    """Who is speaking, and who else can see it."""
    programme = given.programme
    named = say.WELCOME.with_(name=programme.name, organisation=programme.organisation, purpose=programme.purpose)
    seen = (say.SEEN_BY_PLATFORM,) if given.channel != "web" else ()
    return Say(Letter((named, *seen)))


def human(talk: Talk, given: Given, wanted: Handler = "either") -> Turn:
    """Ask what it is about, unless that is known; a person already called is not called again."""
    if talk.call and given.call_open:
        return menu(talk, given)
    asking = replace(talk, flow=HUMAN.key)
    if wanted != "either":
        return call(replace(asking, held="", held_intent=""), "", given, wanted=wanted)
    if talk.held:
        return answered(replace(asking, held="", asked="human.about"), Told(talk.held), given)
    return ask(asking, "human.about", given)


def trained(talk: Talk, option: str, given: Given) -> Turn:
    """After a disclosure of violence: a person who asks nothing, help, or out of here; nothing of it is written."""
    match option:
        case "woman":
            return human(talk, given, "woman")
        case "anyone":
            return call(replace(talk, flow=HUMAN.key), "", given)
        case "services":
            return helping.services(talk, given)
        case "exit":
            return _exit(talk)
        case _:
            return menu(talk, given)


def reach(talk: Talk, option: str, given: Given) -> Turn:
    """How the person may be written to from now on."""
    writing: dict[str, Writing] = {"yes": "yes", "neutral": "neutral", "no": "no"}
    if option not in writing:
        return menu(talk, given)
    terms = Terms(writing[option])
    return then(menu(replace(talk, terms=terms), given, say.TERMS_NOW[terms.write]), Reach(terms))


def faq(talk: Talk, option: str, given: Given) -> Turn:
    """An answer of the programme, and whether that was it (R22)."""
    found = next((each for each in given.programme.faqs if each.key == option), None)
    return ask(talk, "answered", given, found.answer) if found else menu(talk, given)


def was_answered(talk: Talk, option: str, given: Given) -> Turn:
    """A question that was not answered becomes one that is tracked until it is."""
    match option:
        case "no":
            return begin(talk, "question", given)
        case _:
            return menu(replace(talk, held="", held_intent=""), given)


def _back(talk: Talk, given: Given) -> Turn:
    """To the question before, or to what the code showed; from the first one to the menu, with everything kept."""
    if talk.asked in prompts.OF_A_CASE and talk.asked != "found" and talk.case:
        return ask(talk, "found", given)
    if talk.reporting:
        flow = FLOWS[talk.draft]
        match talk.step:
            case "woman":
                return ask(talk, f"{flow.key}.handler", given)
            case "sending" | "change":
                return onward(talk, given)
            case "more":
                return ask(talk, f"{flow.key}.what", given)
            case _:
                before = flow.before(talk.asked, talk)
                return ask(talk, flow.name(before), given) if before else menu(talk, given)
    return menu(talk, given)


def _stop(talk: Talk, given: Given) -> Turn:
    if talk.draft and talk.flow == talk.draft and talk.has_draft:
        return ask(talk, "stop", given)
    if (talk.flow or talk.asked in ("consent", "unfinished")) and talk.language:
        return menu(talk, given)
    if talk.updates == "on":
        dropped = (Say(Letter((say.WORDS_DROPPED,))),) if talk.held else ()
        return then(_unsubscribe(replace(talk, held="", held_intent=""), given), *dropped)
    asked = "menu" if talk.language else talk.asked
    said = say.WORDS_DROPPED if talk.held else say.NOTHING_TO_STOP
    return replace(talk, flow="", asked=asked, held="", held_intent=""), (Say(Letter((said,))),)


def _subscribe(talk: Talk, given: Given) -> Turn:
    """Subscribed at once; whether also to what is for women alone is asked of nobody twice (R56)."""
    subscribed = replace(talk, updates="on", flow="")
    asking = ask(subscribed, "audience", given, say.SUBSCRIBED)
    turn = asking if talk.audience == "all" else menu(subscribed, given, say.SUBSCRIBED)
    return then(turn, Updates(wanted=True, audience=talk.audience))


def audience(talk: Talk, option: str, given: Given) -> Turn:
    """Whether announcements for women are wanted too; who says nothing gets those for everybody."""
    if option != "women":
        return menu(talk, given)
    return then(menu(replace(talk, audience="women"), given), Updates(wanted=True, audience="women"))


def _unsubscribe(talk: Talk, given: Given) -> Turn:
    ended = replace(talk, updates="off")
    if talk.flow:
        return then(again(ended, given, say.UNSUBSCRIBED), Updates(wanted=False))
    return replace(ended, asked="menu" if talk.language else talk.asked), (
        Updates(wanted=False),
        Say(Letter((say.UNSUBSCRIBED,))),
    )


def found(talk: Talk, found: Found, given: Given) -> Turn:
    """What the code shows; words that are written now go to that case. Nothing of it stays beside the address."""
    when = say.CLOSED_UNANSWERED if found.state == "closed" and not found.answers else say.STATE[found.state].with_(
        first_look=found.first_look_by, answer=found.answer_by
    )  # fmt: skip
    told = say.FOUND.with_(reference=found.reference, filed=found.filed, state=when)
    waits = tuple(say.WAITING_FOR.with_(body=body, date=on) for body, on in found.waiting)
    asked = (say.THEY_ASKED,) if found.question and found.state != "closed" else ()
    shown = replace(talk, case=found.reference, case_mode=found.mode, flow=STATUS.key, revision=talk.revision + 1)
    if not talk.language:
        return ask(talk, "language", given, told, *found.answers, *waits)
    turn = ask(shown, "found", given, told, *found.answers, *waits, *asked)
    return then(turn, Due(CODE, given.now + CODE_HOLDS_FOR))


def offer(talk: Talk, option: str, given: Given) -> Turn:
    """Words nobody asked for: send them as they are, ask more first, hand them to a person, or drop them."""
    match option:
        case "send":
            return begin(talk, "tell", given)
        case "details":
            return begin(talk, "complaint", given)
        case "human":
            return human(talk, given)
        case _:
            return menu(talk, given)

"""The one place where a conversation moves: `advance(talk, event, given) -> (talk, effects)`, pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from actions import code, lexicon, prompts
from actions import sentences as say
from actions.flow import plain
from actions.flows import COMPLAINT, HUMAN, STATUS
from actions.intents import MOVES, SAFETY, AskToSend, Begin, Do, Repeat, Tell
from actions.talk import (
    Append,
    DropFiles,
    Due,
    Event,
    FileCase,
    Forget,
    Found,
    Given,
    Keep,
    Picked,
    Report,
    Said,
    Say,
    Sent,
    Silence,
    Skipped,
    Speak,
    Talk,
    Tapped,
    Told,
    Turn,
    Undue,
    Unkept,
    Updates,
    Wish,
    Wished,
)  # fmt: skip
from actions.words import Letter, Text, Wording

DRAFT = "draft"
_UNKEPT: dict[str, Text] = {"kind": say.NOT_KEPT_KIND, "size": say.TOO_LARGE, "lost": say.LOST_FILE}


def advance(talk: Talk, event: Event, given: Given) -> Turn:
    """One turn: what is remembered after this event, and what is to be done about it."""
    match event:
        case Silence(name):
            return _silence(talk, name, given)
        case Tapped(choice):
            return _tapped(_awake(talk, given), choice, given)
        case Wished(wish):
            return _wished(_awake(talk, given), wish, given)
        case Sent():
            return _sent(_awake(talk, given), event, given)
        case Said():
            return _said(_awake(talk, given), event, given)
        case Unkept(why):
            return _again(_awake(talk, given), given, _UNKEPT[why].with_(size=str(given.largest)))


def _awake(talk: Talk, given: Given) -> Talk:
    return replace(talk, touched=int(given.now.timestamp()))


# --- asking ----------------------------------------------------------------------------------------------------------


def _ask(talk: Talk, asked: str, given: Given, *before: Wording) -> Turn:
    """Ask something; from now on a message answers this and nothing else."""
    asking = replace(talk, asked=asked)
    return asking, (Say(prompts.letter(asking, given, before)),)


def _again(talk: Talk, given: Given, *before: Wording) -> Turn:
    """Ask the same once more."""
    return _ask(talk, talk.asked or ("menu" if talk.language else "language"), given, *before)


def _onward(talk: Talk, given: Given, *before: Wording) -> Turn:
    """Go on in the report: the first open question, or the review card."""
    question = COMPLAINT.next_open(talk)
    asked = COMPLAINT.name(question) if question else "complaint.review"
    return _ask(replace(talk, flow=COMPLAINT.key), asked, given, *before)


def _then(turn: Turn, *effects: Say | Keep | DropFiles | Speak | Updates | Due | Undue | Append | FileCase) -> Turn:
    """The same turn with effects that come first."""
    return turn[0], (*effects, *turn[1])


# --- what was said ---------------------------------------------------------------------------------------------------


def _said(talk: Talk, said: Said, given: Given) -> Turn:
    if given.found is not None:
        return _found(talk, given.found, given)
    if (tap := _typed(talk, said.words, given)) is not None:
        return _chosen(talk, tap, given)
    wish = lexicon.wish(said.words, in_prose=prompts.takes_prose(talk.asked))
    if wish is not None:
        return _wished(talk, wish, given)
    if lexicon.wordless(said.words):
        return _again(talk, given, say.NO_WORDS)
    tried = talk.asked == "status.code" or (code.attempted(said.words) and not prompts.takes_prose(talk.asked))
    if not talk.language:
        return _ask(replace(talk, held="" if tried else said.words), "language", given)
    if tried:
        return _ask(replace(talk, flow=STATUS.key), "status.code", given, say.NO_SUCH_CODE)
    if prompts.takes_prose(talk.asked):
        return _answered(talk, Told(said.words), given, *_danger(said, given))
    if talk.flow == COMPLAINT.key and talk.asked.startswith("complaint."):
        return _added_words(talk, said, given)
    if talk.call and given.call_open:
        return talk, (Append(talk.call, said.words), Say(Letter((*_danger(said, given), say.PASSED_ON))))
    return _free(replace(talk, call=""), said, given)


def _typed(talk: Talk, words: str, given: Given) -> str | None:
    """The option somebody typed by its number or its label."""
    offered = prompts.offered(talk, given)
    number = lexicon.number(words)
    if number is not None and 0 < number <= len(offered) and talk.asked:
        return offered[number - 1][0]
    labels = ((option, given.say(label, talk.language)) for option, label in offered)
    return next((option for option, label in labels if talk.asked and lexicon.same(words, label)), None)


def _danger(said: Said, given: Given) -> tuple[Wording, ...]:
    """Where safety may be at stake the emergency numbers come first; nothing is decided by it."""
    if said.intent in SAFETY or SAFETY.intersection(said.also):
        return (say.DANGER.with_(emergency=given.programme.emergency),)
    return ()


def _added_words(talk: Talk, said: Said, given: Given) -> Turn:
    """Words where a choice was asked for: they belong to the narrative, and the choice is asked again."""
    what = talk.answer("complaint.what")
    words = f"{what.words}\n{said.words}" if isinstance(what, Told) and what.words else said.words
    kept = talk.with_answer("complaint.what", Told(words))
    return _again(kept, given, *_danger(said, given), say.ADDED_WORDS, say.CHOOSE_ONE)


def _free(talk: Talk, said: Said, given: Given) -> Turn:
    """Words to which nothing was asked: the intent's own move."""
    danger = _danger(said, given)
    match MOVES[said.intent or "out_of_scope"]:
        case Do(wish):
            return _wished(talk, wish, given)
        case Begin(first):
            return _begin(replace(talk, held=said.words), given, *danger, *first)
        case AskToSend(first):
            return _ask(replace(talk, held=said.words), "offer", given, *danger, first)
        case Tell(sentences, offers, keep):
            filled = tuple(
                each.with_(emergency=given.programme.emergency, contact=given.programme.contact)
                if "{" in each.msgid else each
                for each in sentences
            )  # fmt: skip
            held = said.words if keep else ""
            return _ask(replace(talk, held=held), "next." + "_".join(offers), given, *filled)
        case Repeat():
            return _again(talk, given)


# --- buttons ---------------------------------------------------------------------------------------------------------


def _tapped(talk: Talk, choice: str, given: Given) -> Turn:
    if choice == "start":
        return _wished(talk, "start", given)
    tap = prompts.read_tap(choice)
    if tap is None:
        return _again(talk, given, say.OLD_BUTTON)
    asking = replace(talk, asked=tap.asked)
    known = tap.option in dict(prompts.offered(asking, given))
    if known and tap.asked == talk.asked and tap.serial == talk.serial:
        return _chosen(talk, tap.option, given)
    if known and tap.asked in ("menu", "language"):
        return _chosen(asking, tap.option, given)
    if known and tap.serial == talk.serial and talk.began(COMPLAINT.key) and COMPLAINT.question(tap.asked):
        return _changed(asking, tap.option, given)
    return _again(talk, given, say.OLD_BUTTON)


def _changed(talk: Talk, option: str, given: Given) -> Turn:
    """An old button of the report under way: that answer is asked again or changed."""
    if option in (prompts.SKIP, prompts.BACK, prompts.WHY):
        return _again(replace(talk, flow=COMPLAINT.key), given)
    return _onward(talk.with_answer(talk.asked, Picked(option)), given, say.CHANGED)


def _chosen(talk: Talk, option: str, given: Given) -> Turn:
    """An option of what is asked now."""
    if prompts.question_of(talk.asked) is not None:
        return _control(talk, option, given) or _answered(talk, Picked(option), given)
    match talk.asked:
        case "language":
            return _language(talk, option, given)
        case "offer":
            return _offer(talk, option, given)
        case "resume" | "stop":
            return _draft(talk, option, given)
        case "data":
            return (Talk(), (Forget(), Say(Letter((say.FORGOTTEN,))))) if option == "erase" else _menu(talk, given)
        case "found":
            return _ask(replace(talk, flow=STATUS.key), "status.add", given) if option == "add" else _menu(talk, given)
        case "complaint.review":
            return _reviewed(talk, option, given)
        case "complaint.change":
            return _ask(talk, f"complaint.{option}", given)
        case _:
            return _next(talk, option, given)


def _next(talk: Talk, option: str, given: Given) -> Turn:
    """A choice of the menu or of the next steps offered after a sentence."""
    if option == "resume":
        return _onward(talk, given)
    wishes: dict[str, Wish] = {
        "report": "report", "status": "status", "human": "human", "subscribe": "subscribe",
        "unsubscribe": "unsubscribe", "about": "about", "language": "language", "mydata": "mydata", "menu": "menu",
    }  # fmt: skip
    return _wished(talk, wishes[option], given)


def _control(talk: Talk, option: str, given: Given) -> Turn | None:
    """Skip, back and why stand under every question."""
    wishes: dict[str, Wish] = {prompts.SKIP: "skip", prompts.BACK: "back", prompts.WHY: "why"}
    return _wished(talk, wishes[option], given) if option in wishes else None


# --- wishes ----------------------------------------------------------------------------------------------------------


def _wished(talk: Talk, wish: Wish, given: Given) -> Turn:
    if not talk.language and wish not in ("unsubscribe", "stop"):
        return _ask(talk, "language", given)
    match wish:
        case "start":
            return _again(talk, given) if talk.asked else _welcome(talk, given)
        case "again":
            return _subscribe(talk, given) if talk.updates == "off" else _wished(talk, "start", given)
        case "menu":
            return _menu(talk, given)
        case "report":
            return _begin(talk, given)
        case "status":
            return _ask(replace(talk, flow=STATUS.key), "status.code", given)
        case "human":
            return _human(talk, given)
        case "language":
            return _ask(talk, "language", given)
        case "mydata":
            return _ask(talk, "data", given, say.HELD, say.HELD_CASES)
        case "stop":
            return _stop(talk, given)
        case "help" | "about":
            return _about(talk, given)
        case "back":
            return _back(talk, given)
        case "skip":
            return _answered(talk, Skipped(), given) if prompts.question_of(talk.asked) else _again(talk, given)
        case "why":
            found = prompts.question_of(talk.asked)
            return _again(talk, given, found[1].why) if found else _about(talk, given)
        case "subscribe":
            return _subscribe(talk, given)
        case "unsubscribe":
            return _unsubscribe(talk, given)


def _menu(talk: Talk, given: Given, *before: Wording) -> Turn:
    return _ask(replace(talk, flow="", held="", case=""), "menu", given, *before)


def _welcome(talk: Talk, given: Given) -> Turn:
    programme = given.programme
    hello = say.WELCOME.with_(name=programme.name, organisation=programme.organisation, purpose=programme.purpose)
    seen = (say.SEEN_BY_PLATFORM,) if given.channel != "web" else ()
    return _then(
        _menu(talk, given), Say(Letter((hello,))), Say(Letter((say.FREE,))), Say(Letter((say.WAITING_FOR_YOU, *seen)))
    )


def _about(talk: Talk, given: Given) -> Turn:
    explained = (say.HOW_IT_WORKS, say.THEN, say.FREE, say.DANGER.with_(emergency=given.programme.emergency))
    return _again(talk, given, *explained) if talk.asked else _menu(talk, given, *explained)


def _language(talk: Talk, language: str, given: Given) -> Turn:
    """The language is chosen: go on where the talk stood; the very first words are heard now."""
    first = not talk.language
    speaking = replace(talk, language=language)
    if speaking.files or speaking.held:
        turn = _begin(speaking, given, say.NOT_LEFT_OUT)
    elif first:
        turn = _welcome(speaking, given)
    else:
        turn = _onward(speaking, given) if speaking.flow == COMPLAINT.key else _menu(speaking, given)
    return _then(turn, Speak(language))


def _human(talk: Talk, given: Given) -> Turn:
    if talk.call and given.call_open:
        return _menu(talk, given)
    if talk.held:
        return _answered(replace(talk, flow=HUMAN.key, asked="human.about"), Told(talk.held), given)
    return _ask(replace(talk, flow=HUMAN.key), "human.about", given)


def _back(talk: Talk, given: Given) -> Turn:
    """To the question before; from the first one to the menu, with everything kept."""
    if talk.flow == COMPLAINT.key and talk.asked.startswith("complaint."):
        before = COMPLAINT.before(talk.asked)
        if before is not None:
            return _ask(talk, COMPLAINT.name(before), given)
    return _menu(talk, given)


def _stop(talk: Talk, given: Given) -> Turn:
    if talk.flow == COMPLAINT.key and (talk.began(COMPLAINT.key) or talk.files):
        return _ask(talk, "stop", given)
    if talk.flow and talk.language:
        return _menu(talk, given)
    if talk.updates == "on":
        return _unsubscribe(talk, given)
    return replace(talk, flow="", asked="menu"), (Say(Letter((say.NOTHING_TO_STOP,))),)


def _subscribe(talk: Talk, given: Given) -> Turn:
    return _then(_menu(replace(talk, updates="on"), given, say.SUBSCRIBED), Updates(wanted=True))


def _unsubscribe(talk: Talk, given: Given) -> Turn:
    ended = replace(talk, updates="off")
    if talk.flow:
        return _then(_again(ended, given, say.UNSUBSCRIBED), Updates(wanted=False))
    return replace(ended, asked="menu"), (Updates(wanted=False), Say(Letter((say.UNSUBSCRIBED,))))


# --- a report --------------------------------------------------------------------------------------------------------


def _begin(talk: Talk, given: Given, *before: Wording) -> Turn:
    """Begin a report; one that was begun is offered first, and words held become the narrative."""
    if talk.began(COMPLAINT.key) and not talk.held:
        return _ask(replace(talk, flow=COMPLAINT.key), "resume", given, *before)
    opening = () if talk.began(COMPLAINT.key) else COMPLAINT.opening
    return _then(_onward(_with_held(talk), given, *before, *opening), _due(given))


def _with_held(talk: Talk) -> Talk:
    if not talk.held:
        return talk
    what = talk.answer("complaint.what")
    words = f"{what.words}\n{talk.held}" if isinstance(what, Told) and what.words else talk.held
    return replace(talk.with_answer("complaint.what", Told(words)), held="")


def _due(given: Given) -> Due:
    return Due(DRAFT, given.now + timedelta(hours=given.programme.draft_hours))


def _offer(talk: Talk, option: str, given: Given) -> Turn:
    """Words nobody asked for: send them as they are, ask more first, hand them to a person, or drop them."""
    match option:
        case "send":
            return _then(_onward(_short(_with_held(talk)), given), _due(given))
        case "details":
            return _begin(talk, given)
        case "human":
            return _human(talk, given)
        case _:
            return _menu(talk, given)


def _short(talk: Talk) -> Talk:
    """Everything but the words and the way to answer is left open by choice."""
    for key in ("category", "where", "when", "wish"):
        if talk.answer(f"complaint.{key}") is None:
            talk = talk.with_answer(f"complaint.{key}", Skipped())
    return talk


def _draft(talk: Talk, option: str, given: Given) -> Turn:
    """What becomes of a report that was begun."""
    match option:
        case "erase":
            return _then(_menu(_wiped(talk), given, say.DRAFT_ERASED), *_erased(talk))
        case "again":
            return _then(_begin(_wiped(talk), given), *_erased(talk))
        case "keep":
            return replace(talk, flow="", asked="menu"), (Say(Letter((say.DRAFT_KEPT,))), _due(given))
        case _:
            return _onward(talk, given)


def _wiped(talk: Talk) -> Talk:
    return replace(talk.without(COMPLAINT.key), files=(), flow="")


def _erased(talk: Talk) -> tuple[DropFiles | Undue, ...]:
    return (*((DropFiles(talk.files),) if talk.files else ()), Undue(DRAFT))


def _reviewed(talk: Talk, option: str, given: Given) -> Turn:
    match option:
        case "send":
            return _file(talk, given)
        case "change":
            return _ask(talk, "complaint.change", given)
        case _:
            return _ask(talk, "stop", given)


def _answered(talk: Talk, answer: Told | Picked | Skipped, given: Given, *before: Wording) -> Turn:
    """An answer to the question that was asked."""
    match talk.asked.partition(".")[0]:
        case COMPLAINT.key:
            return _onward(talk.with_answer(talk.asked, answer), given, *before)
        case HUMAN.key:
            return _call(talk, plain(answer), given, *before)
        case _:
            return _status_answered(talk, answer, given, *before)


def _status_answered(talk: Talk, answer: Told | Picked | Skipped, given: Given, *before: Wording) -> Turn:
    if talk.asked != "status.add" or not isinstance(answer, Told):
        return _menu(talk, given)
    return _add(talk, Append(talk.case, answer.words), given, *before)


def _add(talk: Talk, append: Append, given: Given, *before: Wording) -> Turn:
    return _then(_menu(talk, given, *before, say.ADDED), append)


def _file(talk: Talk, given: Given) -> Turn:
    """Send the report: it is filed whole, the draft is gone, and the receipt says what comes next."""
    answers = tuple(
        (each.key, plain(answer))
        for each in COMPLAINT.questions
        if (answer := talk.answer(COMPLAINT.name(each))) is not None
    )
    category = given.programme.category(dict(answers).get("category"))
    anonymous = talk.answer("complaint.contact") != Picked("reachable")
    first_look, answer_by = given.after(category.first_look_days), given.after(category.answer_days)
    report = Report(
        COMPLAINT.key, category.key, category.desk, talk.language, answers, talk.files, anonymous=anonymous,
        human=False, first_look_by=first_look, answer_by=answer_by,
    )  # fmt: skip
    dates = say.DATES.with_(first_look=first_look, answer=answer_by)
    how = say.COME_BACK.with_(first_look=first_look) if anonymous else say.ANSWER_HERE
    done = replace(talk.without(COMPLAINT.key), files=(), flow="")
    return _then(
        _ask(done, "done", given, dates, say.CANNOT.with_(limits=category.limits), how, say.NOTHING_EXPECTED),
        FileCase(report),
        Undue(DRAFT),
        *_code(given, say.RECEIVED.with_(reference=given.receipt.reference), say.YOUR_CODE),
    )


def _code(given: Given, *before: Wording) -> tuple[Say, Say]:
    """The code stands alone in a letter, so that it can be copied, forwarded or read out."""
    return Say(Letter(before)), Say(Letter((code.spoken(given.receipt.code),)))


def _call(talk: Talk, about: str, given: Given, *before: Wording) -> Turn:
    """A person was asked for: that is a case of its own, on top of everybody's list."""
    human = given.programme.human
    files = () if talk.began(COMPLAINT.key) else talk.files
    report = Report(
        HUMAN.key, human.key, human.desk, talk.language, (("about", about),), files, anonymous=False, human=True,
        first_look_by=given.after(human.first_look_days), answer_by=given.after(human.answer_days),
    )  # fmt: skip
    called = replace(talk, call=given.receipt.reference, flow="", held="", files=talk.files[len(files) :])
    return _then(
        _ask(called, "done", given, *before, say.CALLED.with_(hours=given.programme.hours)),
        FileCase(report),
        *_code(given, say.CALL_CODE),
    )


def _found(talk: Talk, found: Found, given: Given) -> Turn:
    """What the right code shows."""
    state = say.STATE[found.state]
    if found.state == "closed" and not found.answers:
        state = say.CLOSED_UNANSWERED
    when = state.with_(first_look=found.first_look_by, answer=found.answer_by) if "{" in state.msgid else state
    told = say.FOUND.with_(reference=found.reference, filed=found.filed, state=when)
    shown = replace(talk, case=found.reference, flow=STATUS.key)
    if not talk.language:
        return _ask(talk, "language", given, told, *found.answers)
    return _ask(shown, "found" if found.state != "closed" else "done", given, told, *found.answers)


# --- files and silence -----------------------------------------------------------------------------------------------


def _sent(talk: Talk, sent: Sent, given: Given) -> Turn:
    if talk.asked == "status.add" and talk.case:
        return _add(talk, Append(talk.case, sent.words, sent.file), given)
    if talk.call and given.call_open and talk.flow != COMPLAINT.key:
        return talk, (Append(talk.call, sent.words, sent.file), Say(Letter((say.PASSED_ON,))))
    kept = replace(talk, files=(*talk.files, sent.file))
    return _then(_with_file(kept, sent, given), Keep(sent.file))


def _with_file(talk: Talk, sent: Sent, given: Given) -> Turn:
    """A file in a draft: with words or a voice it is the answer, otherwise words are still asked for."""
    speaks = bool(sent.words) or sent.file.kind == "voice"
    if not talk.language:
        return _ask(replace(talk, held=sent.words), "language", given)
    if speaks and prompts.takes_prose(talk.asked) and talk.flow in (COMPLAINT.key, HUMAN.key):
        return _answered(talk, Told(sent.words), given)
    if talk.flow == COMPLAINT.key and talk.asked.startswith("complaint."):
        return _again(talk, given, say.KEPT_FILE if prompts.takes_prose(talk.asked) else say.NOT_LEFT_OUT)
    if talk.asked == "human.about":
        return _again(talk, given, say.KEPT_FILE)
    return _begin(replace(talk, held=sent.words), given, say.NOT_LEFT_OUT)


def _silence(talk: Talk, name: str, given: Given) -> Turn:
    """The draft's time is over, unless the person wrote since: then it begins again from there."""
    if name != DRAFT or not (talk.began(COMPLAINT.key) or talk.files):
        return talk, ()
    last = given.now.timestamp() - talk.touched
    left = timedelta(hours=given.programme.draft_hours).total_seconds() - last
    if left > 0:
        return talk, (Due(DRAFT, given.now + timedelta(seconds=left)),)
    gone = replace(_wiped(talk), asked="menu")
    return gone, (*_erased(talk), Say(Letter((say.DRAFT_TOO_OLD,))))

"""Everything the bot says outside a flow's questions; short, plain, without any promise of an outcome."""

from __future__ import annotations

from actions.talk import CaseState, Helped, Mode
from actions.words import N_, Text

EXITED = N_("Thank you. Goodbye.")
TELLING = N_("What would you like to tell or ask?")
FURTHER = N_("What else would you like to know or change?")
WELCOME = N_("Hello. This is {name}, by {organisation}. {purpose}")
FREE = N_("It is free. Help never depends on reporting, and nobody may ask for anything in exchange.")
SEEN_BY_PLATFORM = N_("The company behind this app can see that you write to us.")
WAITING_FOR_YOU = N_("I am a computer program; people read what you send. You can ask for a person at any time.")
MENU = N_("What would you like to do? Tap, or write a number.")
NOT_LEFT_OUT = N_("I kept what you wrote.")
KEPT_FILE = N_("I kept what you sent. Please add a few words, or skip.")
WORDS_DROPPED = N_("What you had written was not sent and is not kept.")
ADDED_WORDS = N_("I added your words to your report.")
CHOOSE_ONE = N_("Please tap one of these, or write its number.")
NO_WORDS = N_("I can read words and numbers, and keep photos, files and voice messages.")
SOUNDS_LIKE = N_("It sounds like this: {category}. Please choose what is right.")
OLD_BUTTON = N_("That button belongs to something earlier. Nothing was changed.")
CHANGED = N_("I changed that answer.")
NOT_KEPT_KIND = N_("I cannot keep that kind of message. Please write, or send a photo, a file or a voice message.")
TOO_LARGE = N_("That file is too large: at most {size} MB. Nothing of it was kept.")
TOO_MANY_FILES = N_("One report holds {count} files. This one was not kept; send it with another report.")
LOST_FILE = N_("I could not fetch that file. Please send it again.")
RESUME = N_("You have a report that was not sent. Go on with it?")
REVIEW = N_("Please read it again. Shall I send this?")
CARD_LINE = N_("{label}: {answer}")
CARD_FILES = N_("Photos, files and voice messages: {count}")
CHANGE = N_("Which answer would you like to change?")
EVIDENCE = N_("Unchanged files can also show where and when a photo was taken. Otherwise we keep only the picture.")
KEPT_UNCHANGED = N_("Your files are kept unchanged, as evidence.")
STOP_DRAFT = N_("Your report was not sent. Keep it for a day, or erase it now?")
DRAFT_KEPT = N_("It is kept until tomorrow and read by nobody. Write “menu” to go on.")
MORE = N_("I kept it. Is there more? Write or send it, or tap “That is all”.")
TURNED = N_("Then I ask a little differently. What you told me is kept.")
DRAFT_WAITS = N_("It is kept until tomorrow, and then passed on as it is, as you agreed. Write “menu” to go on.")
DRAFT_ERASED = N_("It is erased. You can write to us again at any time.")
DRAFT_PASSED_ON = N_("You did not finish. As you agreed, what you had told us was passed on.")
REMINDER = N_("You can go on whenever you like. Write “menu”.")
DRAFT_TOO_OLD = N_("What you had begun to write was not sent and is now erased. You can write again at any time.")
NOTHING_TO_STOP = N_("There is nothing to stop. You can write to us at any time.")

RECEIVED = N_("Thank you. Your report is with us. Its number is {reference}.")
YOUR_CODE = N_("Only with this code you can read the answer from any phone, or add something. Keep it safe and secret:")
READ_BY = N_("It is meant for this team: {desk}.")
DATES = N_("We first look at it by {first_look}. You get an answer by {answer}.")
CANNOT = N_("What we cannot do: {limits}")
COME_BACK = N_("We do not know who you are, so we cannot write to you. Ask with your code from {first_look}.")
ANSWER_HERE = N_("We answer in this chat. Nobody of ours will ever ask you for your code.")
NOTHING_EXPECTED = N_("Nothing is expected from you in exchange for help.")

CODE_KEPT = N_("Have you kept your code? We cannot show it again.")
HOW_TO_KEEP = N_(
    "Copy it, take a picture of it, or write it down without saying what it is. Or tell it to somebody you trust."
)
MAY_BE_DELETED = N_("Good. You may now delete the message with the code from this phone.")
CODE_IN_WORDS = N_(
    "There is a code in what you wrote, so I kept nothing of it: whoever reads it could use it. "
    "Please write it again without the code."
)
CODE_IN_CAPTION = N_(
    "There is a code in the words with your file. I kept the file and not the words: whoever reads them could use it."
)

MODES: dict[Mode, Text] = {
    "confidential": N_("Confidential, answer me here"),
    "anonymous": N_("Anonymous, with a code only"),
    "open": N_("Open, you may use my name"),
}
MODE_MEANS: dict[Mode, Text] = {
    "confidential": N_("Confidential: only the few people who deal with it know this chat. We answer you here."),
    "anonymous": N_("Anonymous: we keep no way back to this chat. You read the answer with your code."),
    "open": N_("Open: those who deal with it may use your name. We answer you here."),
}
MODE_NOW: dict[Mode, Text] = {
    "confidential": N_(
        "From now on report {reference} is confidential: only the few people who deal with it know this chat. "
        "We answer you here."
    ),
    "anonymous": N_(
        "From now on report {reference} is anonymous: it leads to no chat and no name. Only your code shows the answer."
    ),
    "open": N_("From now on report {reference} is open: those who deal with it may use your name. We answer you here."),
}
READ_BEFORE = N_("What our staff have read before, they may remember.")
HOW_FAR = N_("How far may we know you?")

NO_WOMAN = N_("No woman deals with such reports now. You can wait for one; that can take longer.")
WHO_THEN = N_("Who should deal with your report then?")
WAITS = N_("Your report waits for a woman. That can take longer than these dates.")

FOUND = N_("Report {reference}, sent on {filed}. {state}")
STATE: dict[CaseState, Text] = {
    "filed": N_("Nobody has opened it yet; we look at it by {first_look}."),
    "read": N_("Our staff have read it. You get an answer by {answer}."),
    "answered": N_("Our staff have answered:"),
    "closed": N_("It is closed. Our answer was:"),
}
CLOSED_UNANSWERED = N_("It is closed.")
NO_SUCH_CODE = N_("I find no report with that code. Please check each group of four digits and write it again.")
CODE_AGAIN = N_("You gave your code some time ago. Before anything is done with the report I need it again.")
FOUND_NEXT = N_("What would you like to do with this report?")
NEW_CODE = N_("The old code works no more. This is your new one. Keep it safe and secret:")
ERASE_CASE = N_("Erase this report for good? Nobody can bring it back.")
KEPT_AS_EVIDENCE = N_("You asked us to keep this report as evidence. You can erase it all the same.")
KEPT_ON_HOLD = N_(
    "The law or an investigation makes us keep this report for now. "
    "You can have it erased when that ends, or ask a person about it."
)
ERASED_LATER = N_("We noted it: this report is erased when what keeps it ends.")
CASE_ERASED = N_("Report {reference} is erased. Its code leads nowhere now.")
ADDED = N_("It is added to your report.")
NOT_ADDED = N_("That report is closed, so nothing was added. You can make a new report.")

NO_READER = N_("Nobody at this desk reads {language} now. We ask an interpreter; that can take longer.")
CALLED = N_("A person will answer you in this chat. {hours}")
CALLED_BACK = N_("A person will call you, and says who they are only when they know that it is you. {hours}")
# Staff read this beside the number.
CALL_WITH_CARE = (
    "(Somebody else may answer. Say who you are only to the person, and write down afterwards what was said.)"
)
CALL_CODE = N_("If you change your phone, you can read the answer with this code:")
DID_IT_HELP = N_("Is what came of it all right for you?")
RATED = N_("Thank you for saying so. Our staff see it beside your case.")
RATED_NO = N_("Thank you for saying so. Our staff see it beside your case. If something is left, tell us again.")
HELPED: dict[Helped, Text] = {"yes": N_("Yes"), "partly": N_("In part"), "no": N_("No")}
PASSED_ON = N_("I passed it on to our staff.")
CALL_GOES_ON = N_("Our staff still have your question. What you write here goes to them.")

SUBSCRIBED = N_("You will get our announcements here. Write STOP to end them.")
FOR_WOMEN = N_("Would you also like announcements that are only for women?")
UNSUBSCRIBED = N_("You get no more announcements. Write START to get them again.")

HELD = N_(
    "In this chat we keep: your language and area, what you have begun to write, what you agreed to, "
    "and how we may write to you."
)
HELD_CODE = N_("For an hour after you gave a code, this chat also knows which report it belongs to.")
HELD_CASES = N_(
    "Reports you sent are kept apart. To erase one, ask what became of it and give its code. "
    "If you erase this chat, only the code leads to it."
)
HELD_LINKS = N_(
    "A report that is not anonymous knows this chat, so that we can answer. With its code you can change that."
)
FORGOTTEN = N_("I erase everything about this chat now. You may also want to delete it on your phone.")

WHICH = N_("I am not sure I understood. What is it about?")
NOT_SURE = N_("I am not sure I understood. Shall I send your words to our staff as they are?")
GOODBYE = N_("Thank you. You can write to us at any time.")
DANGER = N_("If you or somebody else is in danger now: {emergency}")
IN_AREA = N_("In {area}: {emergency}")
CALLED_ON_DUTY = N_("I am calling somebody of our staff. I cannot say when they answer. Call the numbers first.")
NOBODY_ON_DUTY = N_("Nobody of our staff is on duty now. Please call these numbers yourself.")
WHERE_NOW = N_("Where are you? Then I can give you the numbers of that place.")
IN_DANGER_UNANSWERED = N_("You did not answer, so I told our staff that somebody may be in danger.")
NO_EMERGENCY_SERVICE = N_("This chat is not an emergency service and nobody may be reading now.")
SORRY = N_("I am sorry this happened. It is not your fault. You do not have to tell any details here.")
HELP_WITHOUT_REPORT = N_("You can get help without reporting anything. {contact}")
SHARED_PHONE = N_("If others use this phone, choose to stay anonymous: you get a code and nothing comes by itself.")
FOR_OTHERS = N_("You can report for somebody else. Please ask them first if you can, and give no name if unsure.")
ONLY_EXAMPLES = N_(
    "Public reports show only some cases, as examples. That yours is not named does not mean it was ignored."
)
GUESS: dict[str, Text] = {
    "emergency": N_("Are you, or is somebody else, in danger now?"),
    "disclose_gbv": N_("Do I understand you right: somebody who does not bring help hurt or forced you?"),
    "report_sea": N_("Is it about somebody who brings help and asked for sex, touched or forced somebody?"),
    "report_child_risk": N_("Is it about a child who is hurt, alone or at risk?"),
    "report_threat": N_("Is it about somebody who threatens you or somebody else?"),
    "report_misconduct": N_("Is it about somebody who brings help and asked for money or favours, or did wrong?"),
    "younger": N_("Are you younger than 18?"),
}
NOTHING_WRITTEN = N_("I keep nothing of what you wrote about it. You are not alone, and help needs no report.")
WHO_CAN_HELP = N_("These people can help you. You decide whether and when:")
NO_SERVICE_NEAR = N_("I know of no service for this that was checked lately. Please ask a person.")
TRAINED_PERSON = N_("Would you like to speak to a trained person? You need not tell them anything.")
SERVICE = N_("{name}: {process} {timeframe} {hours} {contact} (Checked on {verified}.)")
ASK_ONE = N_("Shall we ask one of them for you? You see first what we would tell them.")
HELP_LIST = N_("This help is there without any report:")
REFER_WHAT = N_(
    "We would ask {name} for you and tell them only this: where you are ({area}), what you need ({need}), "
    "and your language."
)
REFER_NOT = N_("Not your name, not this chat. They answer us, and we tell you here when you write.")
REFERRED = N_("Thank you. We ask them for you. Its number is {reference}. They may say no.")
NOT_REFERRED = N_("Then nothing is passed on.")
DIRECT = N_("You can also go straight to {body}: {direct}")
RED_LINES = N_("What we never do, and cannot do (of {version}):")
ANY_OTHER = N_("Did this answer your question?")
WAITING_FOR = N_("It waits for {body}, which is not in our control. We ask again on {date}.")
THEY_ASKED = N_("Our staff have a question for you. You can answer it, or say that you do not want to.")
NO_ANSWER_WANTED = N_("I tell them that you do not want to answer that. Nothing changes for you.")
WITHDRAW = N_("Shall nothing more be done with this report? You can still read it with your code.")
WITHDRAWN = N_("I told our staff that you take it back and want nothing more done.")
REFUSED_QUESTION = N_("The person does not want to answer this question.")
TAKES_BACK = N_("The person takes this report back and wants nothing more done.")
TERMS_NOW: dict[str, Text] = {
    "no": N_("We do not write to you first. Answers wait until you write."),
    "neutral": N_("We only ever write “You have a message” first."),
    "yes": N_("We write to you here when there is an answer."),
}
NOT_AGREED = N_("Then I keep nothing. You can get help without it, or come back at any time.")
FILE_HASH = N_("File {number} is kept unchanged. Its SHA-256 is {hash}.")
SWITCH = N_("You seem to write in another language. Shall I go on in {language}?")
PARTNERS = N_("If you work for a partner organisation, our staff can link your group. You can also report here.")
LEAVE_AT_ONCE = N_("Write “exit” to leave at once: this chat ends, and what you had not sent is erased.")
HOW_IT_WORKS = N_("You tell me what happened, step by step. I seal it so that only our staff can read it.")
THEN = N_("You get a code and two dates: when we first look at it, and when you get an answer.")
GROUP_LINKED = N_("This group is linked. Announcements will appear here. I read nothing else that is written here.")
GROUP_NOT_LINKED = N_("That code is not valid: unknown, used or too old. Please ask our staff for a new one.")
LETTER_BROKEN = N_("A message from us to you was damaged. Please write to us, or ask with your code.")
TALK_BROKEN = N_("What we spoke of here was damaged. Please begin again. Reports you sent are safe.")
ANSWER_BROKEN = N_("An answer to you was damaged and cannot be read. Please ask us to write it again.")

"""What a person is asked to agree to before anything is kept: layered, with the version of the words (R101).

The version is made from the words themselves, so a changed sentence is asked about again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from actions.programme import Programme
from actions.talk import Consent, Talk
from actions.words import N_, Text

_ASK = N_("May we keep and pass on what you tell us in this way?")
_REPORT = (
    N_("What you send is sealed at once. Only staff who deal with it can read it. You can skip any question."),
    N_("Help never depends on it. We cannot promise what comes of it. You can take it back or erase it later."),
)
_MORE = (
    N_("This is a computer program of {organisation}. People read what you send. {hours}"),
    N_("We keep what you write and send, the day, and your language. If you stay anonymous, no way back to this chat."),
    N_("If staff ask for sex, or a life or a child is in danger, we must tell those who may act, not who you are."),
    N_("The company behind this app can see that you write to us. Bots here are not sealed from end to end."),
    N_("A closed case is erased after a fixed time. With your code you can ask, correct, take it back or erase it."),
    N_("We show your words to nobody outside, and put them in no report, unless you say so each time."),
    N_("You can complain about us: choose “Report a problem”, then “About this service”."),
    N_("This is not an emergency service. In danger: {emergency}"),
)
_UNFINISHED = N_("If you do not finish within a day: may we pass on what you told us until then?")
_REFER = N_("May we ask them for you?")
_EVIDENCE = N_("Keep my files unchanged, as evidence")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to agree to: what is said, and more for whoever asks."""

    key: str
    said: tuple[Text, ...]
    more: tuple[Text, ...] = ()

    @property
    def version(self) -> str:
        """Changes with the words."""
        words = "\n".join(each.msgid for each in (*self.said, *self.more))
        return sha256(words.encode()).hexdigest()[:8]

    def answered(self, given: bool) -> Consent:
        """The person's answer to this point as it is worded now."""
        return Consent(self.key, self.version, given)

    def open(self, talk: Talk) -> bool:
        """Whether it was never answered in these words."""
        said = talk.consent(self.key)
        return said is None or said.version != self.version

    def given(self, talk: Talk) -> bool:
        """Whether it was agreed to in these words."""
        said = talk.consent(self.key)
        return said is not None and said.given and said.version == self.version


REPORT = Point("report", (*_REPORT, _ASK), _MORE)
UNFINISHED = Point("unfinished", (_UNFINISHED,))
REFER = Point("refer", (_REFER,))
EVIDENCE = Point("evidence", (_EVIDENCE,))


def filled(sentences: Iterable[Text], programme: Programme) -> tuple[Text, ...]:
    """Sentences with the programme's own words in their braces."""
    values = {
        "organisation": programme.organisation, "hours": programme.hours, "emergency": programme.emergency,
        "contact": programme.contact, "body": programme.mandated.body, "direct": programme.mandated.direct,
    }  # fmt: skip
    return tuple(
        each.with_(**{name: value for name, value in values.items() if f"{{{name}}}" in each.msgid})
        if "{" in each.msgid
        else each
        for each in sentences
    )

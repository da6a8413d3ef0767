"""Drafts a scenario from a brief: a few words of a person about what is to be tested.

By rules, as from a session: the brief's own sentences, told of the user, are the intent and
the journey. Nothing is made up, so there is no mock world, and no ending that was not told.
"""

import re
from uuid import UUID

from shared.core.errors import InvalidInput
from shared.scenarios.domain import MAX_INTENT, MAX_JOURNEY, Draft
from shared.scenarios.intent import goal_of, intent_of
from shared.scenarios.redaction.redaction import Redaction
from shared.scenarios.text import cut, one_line, sentences, writable
from shared.sessions.models import AgentRef, SessionKind
from shared.sessions.transcript import Transcript, UserSaid

#: Characters of a name: names stand in lists. The contract allows 255.
_MAX_NAME = 80
#: What a sentence may end in, in any script.
_ENDS = ".!?\u3002\uff01\uff1f\u061f\u201d"
#: Who stands for the user in a brief.
_USER = re.compile(
    r"^(?:an?\s|the\s|our\s|some\s|one\s)?(?:(?!agent|assistant|bot)[\w-]+\s){0,2}?"
    r"(?:customer|user|caller|travell?er|passenger|guest|client|patient|member|shopper|buyer|"
    r"person|someone|somebody|subscriber|visitor|employee|student|tenant|owner)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:named|called|name is)\s+([A-Z][\w'-]+(?:\s[A-Z][\w'-]+){0,2})")
_AGENT = re.compile(r"^(?:the\s|our\s)?(?:agent|assistant|bot|system|model|it\b)", re.IGNORECASE)
_OWN_WORDS = re.compile(r"\b(?:I|I'm|I'd|I've|I'll|my|me|please)\b")
_SEEKS = re.compile(
    r"^The user (?:(?:wants|would like|needs|tries|asks|wishes|has) to|(?:wants|needs|asks for))\s",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"^(?:test|check|verify|try|make sure|ensure|see)(?:\s(?:that|whether|if|how))?\s",
    re.IGNORECASE,
)


def draft_from_brief(brief: str, agent: AgentRef, persona_id: UUID | None = None) -> Draft:
    """Return the draft that a brief stands for, with no personal data in its words.

    Raises ``InvalidInput`` (``brief_empty``) for one without a word.
    """
    told = [step for part in re.split(r"[;\n]+", _redacted(brief)) for step in sentences(part)]
    if not told:
        raise InvalidInput("brief: says nothing.", code="brief_empty")
    steps = [_of_user(sentence) for sentence in told]
    intent = _intent(told, steps)
    return Draft(
        name=writable(_name(intent)),
        intent=writable(intent),
        journey=writable(_journey(steps, agent)),
        mock_world={},
        agent=agent,
        brief=brief,
        persona_id=persona_id,
    )


def _redacted(brief: str) -> str:
    # Names are known by how people tell theirs.
    names = (UserSaid(f"My name is {found[1]}.") for found in _NAMED.finditer(brief))
    transcript = Transcript(kind=SessionKind.AGENT, entries=(UserSaid(brief), *names))
    return Redaction.of(transcript).told(brief)


def _of_user(sentence: str) -> str:
    """Tell a sentence of the user, whoever the brief has in the user's place."""
    plain = one_line(_TASK.sub("", sentence, count=1)) or sentence
    if _AGENT.match(plain):
        return _ended(plain)
    if found := _USER.match(plain):
        return _ended(f"The user{plain[found.end() :]}")
    if _OWN_WORDS.search(plain):
        return intent_of([plain], goal_of([plain]))
    return _ended(plain)


def _intent(told: list[str], steps: list[str]) -> str:
    """Return what the user wants: the sentences about the user, those of the agent left out."""
    own = [step for step in steps if step.startswith("The user")]
    if not own:
        subject = next((one for one in told if not _AGENT.match(one)), told[0])
        opening = "The user needs help with this: "
        return opening + cut(_ended(subject), MAX_INTENT - len(opening))
    return cut(" ".join(own), MAX_INTENT)


def _name(intent: str) -> str:
    wanted = sentences(intent)[0].removeprefix("The user needs help with this: ")
    wanted = cut(_SEEKS.sub("", wanted, count=1), _MAX_NAME).rstrip(".,;:")
    return wanted[:1].upper() + wanted[1:]


def _journey(steps: list[str], agent: AgentRef) -> str:
    opening = f"The user starts a conversation with the agent “{one_line(agent.name)}”."
    lines = [f"{number}. {step}" for number, step in enumerate([opening, *steps], 1)]
    return cut("\n".join(lines), MAX_JOURNEY)


def _ended(sentence: str) -> str:
    sentence = sentence[:1].upper() + sentence[1:]
    return sentence if sentence[-1] in _ENDS else f"{sentence}."

"""Brief drafter: a scenario from a person's short description of the test.

Rule-based, as for sessions: the brief's own sentences, rephrased about the user, become the
intent and the journey. Nothing is invented: there is no mock world and no ending.
"""

import re
from uuid import UUID

from shared.core.errors import InvalidInput
from shared.core.json import valid_text
from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.naming import render_title
from shared.scenarios.library.domain import MAX_INTENT, MAX_JOURNEY
from shared.scenarios.redaction.classifier import Classifier
from shared.scenarios.redaction.redactor import Redactor
from shared.scenarios.text import collapse_spaces, split_sentences, truncate
from shared.sessions.agent_ref import AgentRef
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Transcript, UserSaid

#: Characters of a name, for lists; the contract allows 255.
_MAX_NAME = 80
#: End marks of a sentence, in any script.
_ENDS = ".!?\u3002\uff01\uff1f\u061f\u201d"
_SAYS = "The user says: \u201c"
_NEEDS_HELP = "The user needs help with this: "
#: Subjects that denote the user.
_USER = re.compile(
    r"^(?:an?\s|the\s|our\s|some\s|one\s)?(?:(?!agent|assistant|bot)[\w-]+\s){0,2}?"
    r"(?:customer|user|caller|travell?er|passenger|guest|client|patient|member|shopper|buyer|"
    r"person|someone|somebody|subscriber|visitor|employee|student|tenant|owner)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:named|called|name is)\s+([A-Z][\w'-]+(?:\s[A-Z][\w'-]+){0,2})")
_AGENT = re.compile(r"^(?:the\s|our\s)?(?:agent|assistant|bot|system|model|it\b)", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I'd|I've|I'll|my|me|please)\b")
_SEEKS = re.compile(
    r"^The user (?:(?:wants|would like|needs|tries|asks|wishes|has) to|(?:wants|needs|asks for))\s",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"^(?:test|check|verify|try|make sure|ensure|see)(?:\s(?:that|whether|if|how))?\s",
    re.IGNORECASE,
)


def draft_from_brief(
    brief: str, agent: AgentRef, classify: Classifier, persona_id: UUID | None = None
) -> Draft:
    """Draft a scenario from a brief, with no personal data in its texts.

    Raises ``InvalidInput`` (``brief_empty``) for a brief without a sentence.
    """
    redactor = _redactor(brief, classify)
    parts = re.split(r"[;\n]+", redactor.redact_again(brief)[0])
    sentences = [sentence for part in parts for sentence in split_sentences(part)]
    if not sentences:
        raise InvalidInput("brief: must contain at least one sentence.", code="brief_empty")
    steps = [_rephrase(sentence) for sentence in sentences]
    intent = _intent(sentences, steps)
    texts = [valid_text(text) for text in (_name(intent), intent, _journey(steps, agent))]
    name, intent, journey = texts
    return Draft(
        name=name,
        intent=intent,
        journey=journey,
        mock_world={},
        agent=agent,
        brief=brief,
        persona_id=persona_id,
        replacements=redactor.replacements.within(texts, ()),
    )


def _redactor(brief: str, classify: Classifier) -> Redactor:
    # The redactor recognizes names by their introductions.
    names = (UserSaid(f"My name is {found[1]}.") for found in _NAMED.finditer(brief))
    transcript = Transcript(kind=SessionKind.AGENT, entries=(UserSaid(brief), *names))
    return Redactor.of(transcript, classify)


def _rephrase(sentence: str) -> str:
    """Return a sentence with "the user" as its subject, whatever the brief calls them."""
    plain = collapse_spaces(_TASK.sub("", sentence, count=1)) or sentence
    if _AGENT.match(plain):
        return _end(plain)
    if subject := _USER.match(plain):
        return _end(f"The user{plain[subject.end() :]}")
    if _FIRST_PERSON.search(plain):
        return f"{_SAYS}{_end(plain)}\u201d"
    return _end(plain)


def _intent(sentences: list[str], steps: list[str]) -> str:
    """Return the sentences about the user, without those about the agent."""
    about_user = [
        step.removeprefix(_SAYS).removesuffix("\u201d") if step.startswith(_SAYS) else step
        for step in steps
        if step.startswith("The user")
    ]
    if about_user:
        return truncate(" ".join(about_user), MAX_INTENT)
    subject = next((one for one in sentences if not _AGENT.match(one)), sentences[0])
    return _NEEDS_HELP + truncate(_end(subject), MAX_INTENT - len(_NEEDS_HELP))


def _name(intent: str) -> str:
    goal = split_sentences(intent)[0].removeprefix(_NEEDS_HELP)
    title = truncate(render_title(_SEEKS.sub("", goal, count=1)), _MAX_NAME).rstrip(".,;:")
    return title or truncate(goal, _MAX_NAME)


def _journey(steps: list[str], agent: AgentRef) -> str:
    name = collapse_spaces(agent.name)
    opening = f"The user starts a conversation with the agent “{name}”."
    lines = [f"{number}. {step}" for number, step in enumerate([opening, *steps], 1)]
    return truncate("\n".join(lines), MAX_JOURNEY)


def _end(sentence: str) -> str:
    """Return a sentence with a capital letter and an end mark."""
    sentence = sentence[:1].upper() + sentence[1:]
    return sentence if sentence[-1] in _ENDS else f"{sentence}."

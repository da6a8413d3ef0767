"""Facts that a simulated user states where no messages of a user are recorded."""

import re

from shared.simulation.users.domain import UserBrief

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,3}[.)]|[-*\u2022])\s+")
#: Line of a drafted journey that quotes the user, and any line that is not the user's.
_QUOTED = re.compile(r"^The user [a-z ]+: \u201c(.*)\u201d\.?$", re.DOTALL)
_OF_OTHERS = re.compile(
    r"^(?:The|An?|Your) (?:assistant|agent|bot|system|tool|approval|workflow|session"
    r"|conversation)\b|^\[.* left out.*\]$|^The user ends the conversation\.?$",
    re.IGNORECASE,
)
_OF_USER = re.compile(
    r"^(?:The|An?) (?:user|customer|caller|client|traveler|guest) ", re.IGNORECASE
)
#: Verbs of the third person that do not only lose their "s".
_VERBS = {"is": "am", "has": "have", "does": "do", "was": "was", "goes": "go", "tries": "try"}


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def facts_of(brief: UserBrief) -> list[str]:
    """Return the intent, if there is one, and the journey's sentences, each as the user says it.

    Of a drafted journey these are the user's quoted words; lines about the agent are left out.
    """
    lines = [_NUMBERED.sub("", one).strip() for one in brief.journey.split("\n")]
    quoted = [match[1] for one in lines if (match := _QUOTED.match(one))]
    facts = [in_first_person(brief.intent)] if brief.intent.strip() else []
    if quoted:
        # The first message is what the intent says.
        facts += quoted[1:] if facts else quoted
    else:
        facts += [
            in_first_person(sentence)
            for line in lines
            for sentence in sentences(line)
            if not _OF_OTHERS.match(sentence)
        ]
    return list(dict.fromkeys(facts))


def in_first_person(text: str) -> str:
    """Return "I want a refund." for "The user wants a refund."; other texts as they are."""
    text = text.strip()
    subject = _OF_USER.match(text)
    if not subject:
        return text
    verb, space, rest = text[subject.end() :].partition(" ")
    if verb not in _VERBS and not (verb.endswith("s") and not verb.endswith("ss")):
        return f"I {verb}{space}{rest}"
    own = _VERBS.get(verb) or (verb[:-2] if verb.endswith(("shes", "ches")) else verb[:-1])
    return f"I {own}{space}{rest}"

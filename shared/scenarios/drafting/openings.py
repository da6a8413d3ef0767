"""Phrases around the clauses of a message: greetings, fillers, conjunctions, courtesies."""

import re
from collections.abc import Iterator

from shared.scenarios.text import any_of

_I = re.IGNORECASE

#: Fillers if a punctuation mark follows: "Good. Find me …", but not "good seats".
_MARKED = any_of(
    "hi|hello|hey|(?:hi|hello|hey) (?:there|again)|good (?:morning|afternoon|evening|day)",
    "yes|yeah|yep|no|nope|sure|great|perfect|awesome|good|fine|right|certainly|absolutely",
    "of course|thanks(?: a lot| so much)?|thank you(?: so much| very much)?",
    "(?:i'm )?(?:really |so |very )?sorry(?: about that)?",
    "i apologi[sz]e(?: for [^,.]{1,40})?",
    "i (?:understand|see)|got it|understood|no (?:problem|worries)",
    "that's (?:okay|ok|all right|alright|fine)",
    "in that case|in the meantime|besides|anyway|if possible",
    "change of plans?|on second thought|thinking about it|never ?mind",
    "before proceeding[^,]{0,40}|once [^,]{1,60}",
)
#: Fillers in any case.
_BARE = any_of(
    "ok|okay|alright|all right|well|oh|ah|uh|um|hmm|so(?! (?:far|long|much|many))",
    "and|but|then|now|also|actually|meanwhile|unfortunately|instead|hold on|wait",
    r"i can tell you(?: that)?",
    r"yes(?= (?:please|that|it|i|but|and)\b)",
    r"no(?= (?:thank|that|it|i)\b)",
    # "No Find restaurants in …": a sentence without its end mark.
    "(?-i:[Nn]o(?= [A-Z]))",
    "(?:that|this|it) (?:works|sounds (?:good|great|all ?right|fine)"
    r"|(?:is|will be|would be) (?:fine|perfect|great|good))(?: (?:for|to) me)?"
    r"(?=,? (?:but|and)\b)",
)
_OPENING = re.compile(
    rf"\s{{0,9}}(?:{_MARKED}(?: then)?\s*[,.!;:\u2014-]+\s*|{_BARE}\b\s*[,.!;:]*\s*)", _I
)
#: Start of an independent clause after a conjunction.
_BEGINNING = (
    r"(?:also )?(?:i(?:'m|'d|'ll|'ve)? |(?:can|could|would|will) (?:you|i|we) |please "
    r"|(?:also )?(?:need|want|wish|would like) to |let's |find |book "
    r"|(?:what|where|when|how|do|does|is|are) )"
)
_PARTS = re.compile(
    rf"[,;]? (?:and|but|so|then) (?={_BEGINNING})"
    r"|, (?=(?:can|could|would|will) you |please )|; ",
    _I,
)
_CLOSING = re.compile(
    r"(?:[\s,]*\b(?:please|thanks|thank you|if (?:that's|it's) (?:ok|okay|possible)|if possible"
    r"|can you help(?: me)?(?: out)?(?: with (?:that|this|it))?))*[\s.!?,\u3002\u2026]*$",
    _I,
)
_PLEASE = re.compile(r",? please,? ", _I)
_CHANGE = re.compile(
    r"\b(?:actually|instead|rather|changed my mind|on second thought|thinking about it"
    r"|in that case|oh,? wait|never ?mind)\b|^change of plans?\b",
    _I,
)


def split_clauses(sentence: str) -> Iterator[str]:
    """Split a sentence into clauses, each without leading fillers."""
    whole = _without_opening(sentence)
    # A condition stays with its main clause.
    for part in [whole] if whole[:3].lower() == "if " else _PARTS.split(whole):
        yield _without_opening(part)


def strip_courtesies(clause: str) -> str:
    """Return a clause without its end mark, "please" and "thanks"."""
    return _PLEASE.sub(" ", _CLOSING.sub("", clause)).strip(" ,;:-")


def announces_change(sentence: str) -> bool:
    """Check whether a sentence revises an earlier one."""
    return _CHANGE.search(sentence) is not None


def _without_opening(text: str) -> str:
    """Drop greetings and fillers at the start of a clause."""
    while (found := _OPENING.match(text)) and found.end():
        text = text[found.end() :]
    return text

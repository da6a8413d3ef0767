"""What a message asks of the built-in tools, as the scripted model understands it."""

import re
from typing import Any

#: Characters of a message that are looked at: patterns over a long text take long.
_LOOKED_AT = 1000

_TIME = re.compile(
    r"\b(?:(?:what|current|the) time|time is it|what day|(?:what|the|current|today's) date)\b", re.I
)
_ZONE = re.compile(r"\bin ([A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_]+)+|UTC)\b")
_SPOKEN_OPERATORS = {
    "plus": "+",
    "minus": "-",
    "times": "*",
    "multiplied by": "*",
    "divided by": "/",
    "to the power of": "**",
}
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_NUMBER = r"[(\s]*-?\d+(?:\.\d+)?[)\s]*"
_SUM = re.compile(rf"{_NUMBER}(?:(?:\*\*|//|[-+*/%]){_NUMBER})+")
_ASKS = re.compile(
    r"\b(?:what|how much|how many|calculat\w*|comput\w*|work out|solve|evaluate|add|sum)\b|[=?]",
    re.I,
)
_FACT = re.compile(
    r"\b(?:remember|note)(?: down)?(?: that)?:? (?:my |the )?(.{1,80}?) (?:is|=) (.{1,500}?)[.!]?$",
    re.I,
)
_REMINDER = re.compile(r"\b(?:remember|note)(?: down)?(?: that| to)?:? (.{1,500}?)[.!]?$", re.I)
_RECALL = re.compile(
    r"\b(?:what(?:'s| is| was)|recall|look up) (?:my|the note (?:on|about)) (.{1,80}?)[?.!]*$", re.I
)
_NOTES = re.compile(r"\b(?:list|show|what are|read)\b.{0,40}\bnotes\b", re.I)

type Wanted = tuple[str, dict[str, Any]]


def wanted_tools(said: str) -> list[Wanted]:
    """Return the tools that a message asks for, with arguments, in the order looked for."""
    said = said[:_LOOKED_AT]
    wanted: list[Wanted] = []
    if _TIME.search(said):
        zone = _ZONE.search(said)
        wanted.append(("current_time", {"timezone": zone[1]} if zone else {}))
    if expression := _expression(said):
        wanted.append(("calculator", {"expression": expression}))
    if note := _note(said):
        wanted.append(("session_notes", note))
    return wanted


def _expression(said: str) -> str | None:
    text = _DATE.sub("", said)
    for words, operator in _SPOKEN_OPERATORS.items():
        text = re.sub(rf"\b{words}\b", operator, text, flags=re.I)
    found = _SUM.search(text)
    if found is None or not (_ASKS.search(text) or found[0].strip() == text.strip()):
        return None
    return found[0].strip()


def _note(said: str) -> dict[str, Any] | None:
    if fact := _FACT.search(said):
        return {"action": "set", "key": fact[1].strip(), "value": fact[2].strip()}
    if recall := _RECALL.search(said):
        return {"action": "get", "key": recall[1].strip()}
    if _NOTES.search(said):
        return {"action": "list"}
    if reminder := _REMINDER.search(said):
        return {"action": "set", "key": reminder[1].strip()[:80], "value": reminder[1].strip()}
    return None

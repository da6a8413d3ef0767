"""Tool calls that a message requests, as the scripted model recognizes them."""

import re
from typing import Any

#: Characters of a message that are searched: patterns are slow on a long text.
_SEARCHED = 1000

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


def requested_tools(message: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the names and arguments of the tools that a message requests."""
    message = message[:_SEARCHED]
    calls: list[tuple[str, dict[str, Any]]] = []
    if _TIME.search(message):
        zone = _ZONE.search(message)
        calls.append(("current_time", {"timezone": zone[1]} if zone else {}))
    if expression := _expression(message):
        calls.append(("calculator", {"expression": expression}))
    if note := _note(message):
        calls.append(("session_notes", note))
    return calls


def _expression(message: str) -> str | None:
    text = _DATE.sub("", message)
    for words, operator in _SPOKEN_OPERATORS.items():
        text = re.sub(rf"\b{words}\b", operator, text, flags=re.I)
    match = _SUM.search(text)
    if match is None or not (_ASKS.search(text) or match[0].strip() == text.strip()):
        return None
    return match[0].strip()


def _note(message: str) -> dict[str, Any] | None:
    if fact := _FACT.search(message):
        return {"action": "set", "key": fact[1].strip(), "value": fact[2].strip()}
    if recall := _RECALL.search(message):
        return {"action": "get", "key": recall[1].strip()}
    if _NOTES.search(message):
        return {"action": "list"}
    if reminder := _REMINDER.search(message):
        return {"action": "set", "key": reminder[1].strip()[:80], "value": reminder[1].strip()}
    return None

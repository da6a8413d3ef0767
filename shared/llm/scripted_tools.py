"""Tool calls that a message requests, as the scripted model recognizes them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from json import JSONDecodeError, JSONDecoder
from typing import Any

#: Characters of a message that are searched: patterns are slow on a long text.
_SEARCHED = 1000

#: Beginning of a call in the words of a test; a JSON object and a bracket follow.
_CALL = re.compile(r"\[call ([A-Za-z0-9_-]{1,64}) ?")
_WEATHER = re.compile(r"\bweather\b.{0,80}?\bin ([A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*)")

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
    calls = list(_marked_calls(message))
    if _TIME.search(message):
        zone = _ZONE.search(message)
        calls.append(("current_time", {"timezone": zone[1]} if zone else {}))
    if expression := _expression(message):
        calls.append(("calculator", {"expression": expression}))
    if note := _note(message):
        calls.append(("session_notes", note))
    if city := _WEATHER.search(message):
        calls.append(("get_weather", {"city": city[1]}))
    return calls


def _marked_calls(message: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for marker in _CALL.finditer(message):
        arguments: Any = {}
        end = marker.end()
        with suppress(JSONDecodeError, RecursionError):  # no arguments, or no marker
            arguments, end = JSONDecoder().raw_decode(message, end)
        if isinstance(arguments, dict) and message[end : end + 1] == "]":
            yield marker[1], arguments


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

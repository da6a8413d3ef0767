"""Checks of messages: words, patterns, JSON schema."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.json import loads_strict
from shared.core.patterns import MAX_PATTERN_MEMORY, compile_pattern
from shared.runs.checks.calls import calls_of
from shared.runs.checks.domain import JsonSchema, Pattern, Says, Speaker
from shared.runs.checks.matching import short
from shared.runs.checks.verdicts import Verdict, failed, passed, undecided
from shared.simulation.conversation import Conversation, Said

#: Characters of all messages that a pattern is searched in: a second for the slowest one.
MAX_SEARCHED = 200_000
#: Keys of a schema that refer to other parts: nested ones double the work at each level.
_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_QUOTES, _DASHES = "\u2018\u2019\u201c\u201d", "\u2010\u2011\u2012\u2013\u2014\u2212"
_MARKS = str.maketrans(_QUOTES + _DASHES, "''\"\"" + "-" * len(_DASHES))
_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MARKUP = re.compile(r"[*`]+")
_DECIMAL = re.compile(r"\d\.\d+\Z")
_FENCE = re.compile(r"\s*```\w*\n(.*?)\n?```\s*", re.DOTALL)


def check_says(check: Says, conversation: Conversation) -> Verdict:
    """Check that a message contains the text.

    Ignored are case, white space, the form of quotation marks and dashes, emphasis in
    Markdown, and separators of thousands; a number is never found within a longer one.
    """
    pattern = _words(check.text)
    messages = _messages(conversation, check.by)
    found = next((one for one in messages if pattern.search(_plain(one.text))), None)
    return _verdict(check.absent, f"“{check.text}”", check.by, messages, found)


def check_pattern(check: Pattern, conversation: Conversation) -> Verdict:
    """Check that a message matches the pattern; undecided if they are too long to search."""
    search = compile_pattern(check.pattern)
    messages = _messages(conversation, check.by)
    left = MAX_SEARCHED
    found = None
    for message in messages:
        if len(message.text) > left:
            return undecided("The messages are too long to be searched.", message.sequence)
        left -= len(message.text)
        if search(message.text):
            found = message
            break
    return _verdict(check.absent, f"The pattern “{check.pattern}”", check.by, messages, found)


def check_schema(check: JsonSchema, conversation: Conversation) -> Verdict:
    """Check JSON: the last message of the agent, or the arguments of each call of a tool."""
    if check.tool is not None:
        return _check_arguments(check.schema, check.tool, conversation)
    messages = _messages(conversation, "agent")
    if not messages:
        return failed("There is no message of the agent.")
    last = messages[-1]
    try:
        value = loads_strict(_unfenced(last.text))
    except ValueError as error:
        return failed(f"The last message is not JSON: {error}", last.sequence)
    if reason := _error(check.schema, value):
        return failed(f"The last message does not fit: {reason}", last.sequence)
    return passed("The last message fits the schema.", last.sequence)


def _check_arguments(schema: dict[str, Any], tool: str, conversation: Conversation) -> Verdict:
    calls = [call for call in calls_of(conversation) if call.tool == tool]
    for call in calls:
        if error := _error(schema, call.arguments):
            return failed(f"The arguments of {tool} do not fit: {error}", call.sequence)
    if not calls:
        return failed(f"{tool} was not called.")
    return passed(f"The arguments of {tool} fit the schema.", calls[-1].sequence)


def check_schema_itself(schema: dict[str, Any]) -> None:
    """Raise ``InvalidInput`` for a schema that cannot be used."""
    if refers(schema):
        raise InvalidInput("schema: must not contain references; write each part in its place.")
    import jsonschema_rs  # noqa: PLC0415  # few scenarios need it

    try:
        _validator(schema)
    except (ValueError, jsonschema_rs.ValidationError) as error:
        message = getattr(error, "message", str(error))
        raise InvalidInput(f"schema: must be a JSON schema: {message[:300]}") from error


def refers(value: Any) -> bool:
    """Check that a schema refers to other parts of itself or to other documents."""
    if isinstance(value, dict):
        return not _REFERENCES.isdisjoint(value) or any(map(refers, value.values()))
    return isinstance(value, list) and any(map(refers, value))


def _validator(schema: dict[str, Any]) -> Any:
    import jsonschema_rs  # noqa: PLC0415  # few scenarios need it

    # Linear patterns, and no requests to other hosts.
    limits = jsonschema_rs.RegexOptions(
        size_limit=MAX_PATTERN_MEMORY, dfa_size_limit=MAX_PATTERN_MEMORY
    )
    return jsonschema_rs.validator_for(schema, pattern_options=limits, offline=True)


def _error(schema: dict[str, Any], value: Any) -> str | None:
    """Return the first place that does not fit a schema, and why."""
    for error in _validator(schema).iter_errors(value):
        place = "/".join(map(str, error.instance_path)) or "the value"
        keyword = str(error.schema_path[-1]) if error.schema_path else "false"
        return f"{place}: {short(error.instance)} violates {keyword}."
    return None


def _messages(conversation: Conversation, by: Speaker) -> list[Said]:
    return [one for one in conversation.entries if isinstance(one, Said) and one.role == by]


def _verdict(
    absent: bool, subject: str, by: str, messages: list[Said], found: Said | None
) -> Verdict:
    if found is not None:
        verdict = failed if absent else passed
        return verdict(f"{subject} is in a message of the {by}.", found.sequence)
    last = messages[-1].sequence if messages else None
    reason = f"{subject} is in no message of the {by}."
    return passed(reason) if absent else failed(reason, last)


@lru_cache(maxsize=64)
def _words(text: str) -> re.Pattern[str]:
    """Return a pattern of plain characters: no quantifier, so that it cannot backtrack."""
    plain = _plain(text)
    before = r"(?<!\d)(?<!\d[.,])" if plain[:1].isdigit() else ""
    after = ""
    if plain[-1:].isdigit():
        # 327 is 327.00, and 0.5 is 0.50.
        after = r"0*(?!\d)" if _DECIMAL.search(plain) else r"(?!\d|[.,]\d*[1-9])"
    return re.compile(before + re.escape(plain) + after)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_MARKS).casefold()
    return " ".join(_SEPARATOR.sub("", _MARKUP.sub("", text)).split())


def _unfenced(text: str) -> str:
    fenced = _FENCE.fullmatch(text)
    return fenced[1] if fenced else text

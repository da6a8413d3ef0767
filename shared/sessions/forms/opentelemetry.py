"""OpenTelemetry's GenAI conventions: events, and attributes of spans and log records.

Reads what SDKs print (``to_json``) and what OTLP carries as JSON. A span or event of anything
else than a conversation is left out.
"""

from collections.abc import Iterator
from typing import Any

from shared.sessions.conversation_payloads import parse_json
from shared.sessions.forms import chat
from shared.sessions.forms.fields import answered, arguments_of, first_of
from shared.sessions.forms.histories import Histories, Uncovered
from shared.sessions.forms.otlp import NAMES, Record, attributes_of, records_in
from shared.sessions.forms.parts import text_of_all
from shared.sessions.forms.steps import Called, Instructed, Steps, refuse
from shared.sessions.forms.times import time_of

#: Keys of a line with records.
KEYS = (
    "resourceLogs", "resource_logs", "logRecords", "log_records", "logs",
    "resourceSpans", "resource_spans", "spans", "events",
)  # fmt: skip
_PREFIX = "gen_ai."
_ROLES = {
    f"{_PREFIX}{role}.message": role
    for role in ("system", "developer", "user", "assistant", "tool")
}
_CHOICE = f"{_PREFIX}choice"
_MESSAGES = (f"{_PREFIX}input.messages", f"{_PREFIX}output.messages")
_INSTRUCTIONS = f"{_PREFIX}system_instructions"
#: Events about a conversation whose bodies are no messages.
_EVENTS = (f"{_PREFIX}client.", f"{_PREFIX}evaluation.")
#: Attribute of spans whose messages are those that no earlier span has: nothing is merged.
NEW_MESSAGES = "agent_sessions.new_messages"
_MESSAGE_KEYS = ("content", "message", "tool_calls")
#: Contents in forms that the conventions have given up.
_UNKNOWN = tuple(f"{_PREFIX}{name}" for name in ("prompt", "completion", "content."))


def matches(value: Any) -> bool:
    """Return whether a value is a record of the conventions."""
    if not isinstance(value, dict):
        return False
    names = [*attributes_of(value), *(str(value.get(key)) for key in NAMES)]
    return any(name.startswith(_PREFIX) for name in names)


def read(steps: Steps, path: str, values: list[Any]) -> None:
    """Add the conversation in records, in the order of time and span."""
    groups: list[Steps] = []
    tools: list[list[Record]] = []
    new: list[bool] = []
    for group in _grouped(sorted(records_in(path, values), key=lambda one: one.order)):
        history = Steps()
        tools.append([one for one in group if f"{_PREFIX}tool.call.result" in one.attributes])
        for record in group:
            _read_record(history, record)
            agent = record.attributes.get(f"{_PREFIX}agent.name")
            steps.agent = steps.agent or (agent if isinstance(agent, str) else None)
        groups.append(history)
        new.append(any(one.attributes.get(NEW_MESSAGES) is True for one in group))
    merged, lacking = Histories(steps), Uncovered(groups)
    for history, records, is_new in zip(groups, tools, new, strict=True):
        if is_new:
            steps.extend(history)
        else:
            merged.add(history)
        for record in records:
            _read_tool(steps, record, lacking)


def _grouped(records: list[Record]) -> Iterator[list[Record]]:
    """Yield the records of each span; without spans, those up to each answer."""
    by_span: dict[str, list[Record]] = {}
    for record in records:
        by_span.setdefault(record.span, []).append(record)
    for group in by_span.values():
        together: list[Record] = []
        for record in group:
            if together and together[-1].name == _CHOICE and record.name != _CHOICE:
                yield together
                together = []
            together.append(record)
        yield together


def _read_record(history: Steps, record: Record) -> None:
    history.at = record.at
    name, attributes, path = record.name, record.attributes, record.path
    body = attributes if record.body is None else record.body
    if name in _ROLES:
        fields = _message(path, body)
        if _ROLES[name] == "tool":
            fields["tool_call_id"] = fields.pop("id", None)
        chat.read(history, path, {**fields, "role": _ROLES[name]})
    elif name == _CHOICE:
        message = first_of(body, ("message",)) if isinstance(body, dict) else None
        fields = _message(path, body if message is None else message)
        chat.read(history, path, {**fields, "role": "assistant"})
    elif not name.startswith(_EVENTS) and _has_message(record.body):
        refuse(f"{path}.event_name", f"must be one of {', '.join([*_ROLES, _CHOICE])}")
    for fields in (attributes, record.body if isinstance(record.body, dict) else {}):
        if unknown := next((key for key in fields if key.startswith(_UNKNOWN)), None):
            refuse(
                f"{path}.{unknown}", f"is unknown; contents are read from {' and '.join(_MESSAGES)}"
            )
        if (instructions := parse_json(fields.get(_INSTRUCTIONS))) is not None:
            history.add(Instructed(text_of_all(instructions)))
        for key in _MESSAGES:
            _read_list(history, f"{path}.{key}", parse_json(fields.get(key)))


def _read_list(history: Steps, path: str, messages: Any) -> None:
    """Add messages at their own times, or that of their record."""
    if messages is None:
        return
    at = history.at
    if not isinstance(messages, list):
        refuse(path, "must be a list")
    for number, message in enumerate(messages):
        if not isinstance(message, dict):
            refuse(f"{path}.{number}", "must be an object")
        history.at = time_of(f"{path}.{number}", message) or at
        chat.read(history, f"{path}.{number}", message)
    history.at = at


def _has_message(body: Any) -> bool:
    return isinstance(body, dict) and not body.keys().isdisjoint(_MESSAGE_KEYS)


def _message(path: str, body: Any) -> dict[str, Any]:
    """Return the fields of a message in an event; some SDKs record its text only."""
    if isinstance(body, str):
        return {"content": body}
    if not isinstance(body, dict):
        refuse(f"{path}.body", "must be an object with a content")
    return {
        key: value
        for key, value in body.items()
        if key not in ("index", "finish_reason") and not key.startswith(_PREFIX)
    }


def _read_tool(steps: Steps, record: Record, lacking: Uncovered) -> None:
    """Add the run of a tool that no model call has in its history."""
    fields = record.attributes
    identifier = str(fields.get(f"{_PREFIX}tool.call.id") or "")
    tool = str(fields.get(f"{_PREFIX}tool.name") or record.name.rpartition(" ")[2])
    result = parse_json(fields[f"{_PREFIX}tool.call.result"])
    answer = answered(identifier, tool, result, error=fields.get("error.type"))
    if lacking.lacks_answer(answer):
        call = Called(
            identifier,
            tool,
            arguments_of({"arguments": fields.get(f"{_PREFIX}tool.call.arguments")}),
        )
        if lacking.lacks_step(call):
            steps.add(call, record.at)
        steps.add(answer, record.at)

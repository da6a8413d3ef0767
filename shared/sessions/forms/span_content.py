"""Content of one span, or of one exchange in log records: messages, texts, a tool's run.

Knows OpenTelemetry's GenAI conventions in all their versions, OpenInference, and the flat
attributes of OpenLLMetry.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.json import as_text
from shared.sessions.conversation_payloads import parse_json
from shared.sessions.forms import chat, langchain
from shared.sessions.forms.fields import answered, arguments_of, first_of
from shared.sessions.forms.flat_attributes import INPUTS, OUTPUTS, has_messages, messages_in
from shared.sessions.forms.otlp import Record
from shared.sessions.forms.parts import text_of_all
from shared.sessions.forms.steps import Answered, Called, Instructed, Steps, refuse
from shared.sessions.forms.times import time_of

PREFIX = "gen_ai."
ROLES = {
    f"{PREFIX}{role}.message": role for role in ("system", "developer", "user", "assistant", "tool")
}
CHOICE = f"{PREFIX}choice"
#: Attribute of spans whose messages are those that no earlier span has: nothing is merged.
NEW_MESSAGES = "agent_sessions.new_messages"
#: Attributes with lists of messages; those of agents, which the spans of models repeat.
_MESSAGES = (f"{PREFIX}input.messages", f"{PREFIX}output.messages")
_ALL_MESSAGES = ("pydantic_ai.all_messages", "all_messages_events")
_LEGACY = (f"{PREFIX}prompt", f"{PREFIX}completion")
_INSTRUCTIONS = f"{PREFIX}system_instructions"
#: Events about a conversation whose bodies are no messages.
_EVENTS = (f"{PREFIX}client.", f"{PREFIX}evaluation.")
_MESSAGE_KEYS = ("content", "message", "tool_calls")
#: Contents in forms that the conventions have given up.
_UNKNOWN = (*_LEGACY, f"{PREFIX}content.")
_KINDS = ("openinference.span.kind", "traceloop.span.kind")
_AGENTS = ("agent", "chain", "workflow", "create_agent", "invoke_agent", "invoke_workflow")
_RESULTS = (f"{PREFIX}tool.call.result", "tool_response")
_TEXTS = (("input.value", "traceloop.entity.input"), ("output.value", "traceloop.entity.output"))
_TOOL_NAMES = (
    f"{PREFIX}tool.name",
    "tool.name",
    "tool_call.function.name",
    "traceloop.entity.name",
)
_ARGUMENTS = (f"{PREFIX}tool.call.arguments", "tool_arguments", "tool_call.function.arguments")


@dataclass(slots=True)
class SpanContent:
    """Content of a span.

    Attributes
    ----------
    history
        Messages before a model's answer, and the answer.
    answered_from
        Position in the history of the answer.
    asked, told
        Input and output of an agent or a chain as text; "" without one.
    run
        Call and answer of a tool, if the span is its run.
    is_agent
        True for the run of an agent or a workflow, around those of models and tools.
    is_new
        True if no earlier span has any of the messages.
    """

    history: Steps = field(default_factory=Steps)
    answered_from: int = 0
    asked: str = ""
    told: str = ""
    run: tuple[Called, Answered] | None = None
    is_agent: bool = False
    is_new: bool = False
    span: str = ""
    parent: str = ""
    order: tuple[str, int] = ("", 0)
    at: datetime | None = None
    ended: datetime | None = None


def content_of(records: list[Record]) -> SpanContent:
    """Return the content of the records of one span. Raises ``InvalidInput``."""
    first = records[0]
    content = SpanContent(span=first.span, order=first.order, at=first.at)
    for record in records:
        content.parent = content.parent or record.parent
        content.ended = content.ended or record.ended
        content.is_new = content.is_new or record.attributes.get(NEW_MESSAGES) is True
        _read_record(content, record)
    return content


def agent_of(record: Record) -> str | None:
    """Return the name of the agent in a record."""
    names = (record.attributes.get(key) for key in (f"{PREFIX}agent.name", "agent.name"))
    return next((name for name in names if isinstance(name, str) and name.strip()), None)


def is_agent(attributes: dict[str, Any]) -> bool:
    """Return whether a span is the run of an agent or a workflow, by its attributes."""
    kind = str(first_of(attributes, _KINDS) or "").lower()
    return kind in _AGENTS or attributes.get(f"{PREFIX}operation.name") in _AGENTS


def _read_record(content: SpanContent, record: Record) -> None:
    history = content.history
    history.at = record.at
    _read_event(content, record)
    for fields in (record.attributes, record.body if isinstance(record.body, dict) else {}):
        _check_known(record.path, fields)
        if (instructions := parse_json(fields.get(_INSTRUCTIONS))) is not None:
            history.add(Instructed(text_of_all(instructions)))
        for key in _MESSAGES:
            if key == _MESSAGES[1]:
                content.answered_from = len(history.steps)
                history.at = record.ended or record.at
            _read_list(history, f"{record.path}.{key}", parse_json(fields.get(key)))
        history.at = record.at
        if not has_messages(fields):
            _read_other_lists(content, record.path, fields)
    if has_messages(record.attributes):
        _read_flat(content, record)
    _read_kind(content, record)


def _read_other_lists(content: SpanContent, path: str, fields: dict[str, Any]) -> None:
    """Add lists of messages of earlier conventions, unless the current ones are there."""
    if any(key in fields for key in _MESSAGES):
        return
    for key in (*_ALL_MESSAGES, *_LEGACY):
        messages = parse_json(fields.get(key))
        if isinstance(messages, list):
            if key == _LEGACY[1]:
                content.answered_from = len(content.history.steps)
            messages = [_without_index(one) for one in messages]
            _read_list(content.history, f"{path}.{key}", messages)


def _without_index(message: Any) -> Any:
    """Return the message of an event that is recorded as an attribute's JSON."""
    if not isinstance(message, dict) or "event.name" not in message:
        return message
    role = ROLES.get(str(message["event.name"]), "assistant")
    fields = message["message"] if isinstance(message.get("message"), dict) else message
    known = {key: one for key, one in fields.items() if not key.startswith((PREFIX, "event."))}
    if role == "tool" and "id" in known:
        known["tool_call_id"] = known.pop("id")
    return {"role": role, **known}


def _read_event(content: SpanContent, record: Record) -> None:
    history, name, path = content.history, record.name, record.path
    body = record.attributes if record.body is None else record.body
    if name in ROLES:
        fields = _event_message(path, body)
        if ROLES[name] == "tool":
            fields["tool_call_id"] = fields.pop("id", None)
        chat.read(history, path, {**fields, "role": ROLES[name]})
    elif name == CHOICE:
        content.answered_from = len(history.steps)
        message = parse_json(first_of(body, ("message",))) if isinstance(body, dict) else None
        fields = _event_message(path, body if message is None else message)
        chat.read(history, path, {**fields, "role": "assistant"})
    elif not name.startswith(_EVENTS) and _has_message(record.body):
        refuse(f"{path}.event_name", f"must be one of {', '.join([*ROLES, CHOICE])}")


def _check_known(path: str, fields: dict[str, Any]) -> None:
    for key, value in fields.items():
        if not key.startswith(_UNKNOWN) or key.startswith((*INPUTS, *OUTPUTS)):
            continue
        if key not in _LEGACY or not isinstance(parse_json(value), list):
            known = " and ".join(_MESSAGES)
            refuse(f"{path}.{key}", f"is unknown; contents are read from {known}")


def _read_flat(content: SpanContent, record: Record) -> None:
    history, path = content.history, record.path
    for message in messages_in(record.attributes, INPUTS, "user"):
        chat.read(history, path, message)
    content.answered_from = len(history.steps)
    history.at = record.ended or record.at
    for message in messages_in(record.attributes, OUTPUTS, "assistant"):
        chat.read(history, path, message)


def _read_kind(content: SpanContent, record: Record) -> None:
    """Add a tool's run, or the texts of another span without messages."""
    fields = record.attributes
    kind = str(first_of(fields, _KINDS) or "").lower()
    operation = fields.get(f"{PREFIX}operation.name")
    content.is_agent = content.is_agent or is_agent(fields)
    result = first_of(fields, _RESULTS)
    if result is not None or kind == "tool" or operation == "execute_tool":
        content.run = _run(record, result, by_value=kind == "tool")
        return
    asked, told = (first_of(fields, keys) for keys in _TEXTS)
    if kind == "llm" and not content.history.steps:
        content.history.at = record.at
        content.history.say(_value_text(asked), by_user=True)
        content.answered_from = len(content.history.steps)
        content.history.at = record.ended or record.at
        content.history.say(_value_text(told), by_user=False)
    elif kind in ("agent", "chain", "workflow", "task"):
        content.asked, content.told = _value_text(asked), _value_text(told)


def _value_text(value: Any) -> str:
    """Return an input or output as text: of an object with one value, that value."""
    parsed = parse_json(value)
    while isinstance(parsed, dict) and len(parsed) == 1:
        [parsed] = parsed.values()
        value = parsed
    return "" if value is None else as_text(value)


def _run(record: Record, result: Any, *, by_value: bool) -> tuple[Called, Answered] | None:
    """Return the call and answer of a tool's span; None if it has neither content nor error."""
    fields = record.attributes
    identifier = str(first_of(fields, (f"{PREFIX}tool.call.id", "tool_call.id")) or "")
    tool = str(first_of(fields, _TOOL_NAMES) or record.name.rpartition(" ")[2]) or "tool"
    arguments = first_of(fields, _ARGUMENTS)
    if by_value:
        arguments = arguments if arguments is not None else first_of(fields, _TEXTS[0])
        result = result if result is not None else first_of(fields, _TEXTS[1])
    error = fields.get("error.type")
    if record.error is not None:
        error = record.error or error or "failed"
    if result is None and arguments is None and error is None:
        return None
    answer = _tool_message(record.path, result)
    if answer is None:
        answer = answered(identifier, tool, parse_json(result), error=error)
    identifier = identifier or answer.identifier
    return Called(identifier, tool, arguments_of({"arguments": arguments})), answer


def _tool_message(path: str, result: Any) -> Answered | None:
    """Return the answer in a message that a tool returned, as LangChain's do; None of others."""
    message = parse_json(result)
    if not isinstance(message, dict) or not langchain.matches(message):
        return None
    found = Steps()
    with suppress(InvalidInput):  # an output of the tool's own that looks like a message
        langchain.read(found, path, message)
    return next((step for step in found.steps if isinstance(step, Answered)), None)


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


def _event_message(path: str, body: Any) -> dict[str, Any]:
    """Return the fields of a message in an event; some SDKs record its text only."""
    if isinstance(body, str):
        return {"content": body}
    if not isinstance(body, dict):
        refuse(f"{path}.body", "must be an object with a content")
    fields = {
        key: value
        for key, value in body.items()
        if key not in ("index", "finish_reason") and not key.startswith(PREFIX)
    }
    if isinstance(calls := parse_json(fields.get("tool_calls")), list):
        fields["tool_calls"] = calls
    return fields

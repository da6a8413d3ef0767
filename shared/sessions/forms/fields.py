"""Fields of tool calls and answers, by their names in the known forms."""

from typing import Any

from shared.core.json import as_text
from shared.sessions.conversation_payloads import is_parts, parse_json
from shared.sessions.forms.content import plain_text
from shared.sessions.forms.steps import Answered, Called, Steps, refuse
from shared.sessions.tool_errors import error_in, is_marked

#: An item of OpenAI's Responses has an ``id`` of its own beside its ``call_id``.
_IDENTIFIERS = (
    "tool_call_id", "tool_use_id", "call_id", "toolCallId", "toolUseId", "approval_request_id",
    "id",
)  # fmt: skip
_NAMES = ("name", "tool_name", "toolName", "tool")
_ARGUMENTS = ("arguments", "args", "input", "parameters", "server_tool_call")
_OUTPUTS = ("output", "result", "response", "content", "value", "server_tool_call_response")


def first_of(fields: dict[str, Any], keys: tuple[str, ...]) -> Any:
    """Return the first value among keys that is not null."""
    return next((fields[key] for key in keys if fields.get(key) is not None), None)


def identifier_of(fields: dict[str, Any]) -> str:
    """Return the identifier of a call or answer; "" without one."""
    found = first_of(fields, _IDENTIFIERS)
    return "" if found is None else as_text(found)


def tool_of(fields: dict[str, Any]) -> str:
    """Return the tool's name; "" without one."""
    found = first_of(fields, _NAMES)
    return found if isinstance(found, str) else ""


def read_call(steps: Steps, path: str, call: Any, tool: str = "") -> None:
    """Add a call, and its answer if that is beside it.

    Raises ``InvalidInput`` for a call without a name: it could not be recovered later.
    """
    if not isinstance(call, dict):
        refuse(path, "must be an object")
    nested = next((call[key] for key in ("function", "custom") if key in call), call)
    name = tool or (tool_of(nested) if isinstance(nested, dict) else "")
    if not name.strip():
        refuse(path, "must have a function with a name")
    steps.add(Called(identifier_of(call), name, arguments_of(nested)))
    if any(call.get(key) is not None for key in ("output", "result", "error")):
        steps.add(answer_of({**call, "name": name}, ("output", "result")))


def arguments_of(fields: dict[str, Any]) -> Any:
    """Return a call's arguments, parsed if they are JSON text; ``{}`` without any."""
    return parsed_arguments(first_of(fields, _ARGUMENTS))


def parsed_arguments(arguments: Any) -> Any:
    """Return arguments, parsed if they are JSON text; ``{}`` without any."""
    arguments = parse_json(arguments)
    return {} if arguments is None or arguments == "" else arguments


def answer_of(fields: dict[str, Any], outputs: tuple[str, ...] = _OUTPUTS) -> Answered:
    """Return an answer, with its output or error."""
    return answered(
        identifier_of(fields),
        tool_of(fields),
        first_of(fields, outputs),
        failed=is_marked(fields),
        error=fields.get("error"),
    )


def answered(
    identifier: str, tool: str, content: Any, *, failed: bool = False, error: Any = None
) -> Answered:
    """Return an answer with a content; ``failed`` and ``error`` are its form's own marks."""
    output = output_of(content)
    if error not in (None, "", False, True):
        repeated = output in (None, "", error) or content == error
        parts = [] if repeated else [as_text(output)]
        return Answered(identifier, tool, error="\n".join([*parts, as_text(error)]))
    found = error_in(output)
    if failed or error not in (None, "", False):
        text = "" if output is None else as_text(output)
        return Answered(identifier, tool, error=found or text or "failed")
    if found is not None:
        return Answered(identifier, tool, error=found)
    return Answered(identifier, tool, output)


def output_of(content: Any) -> Any:
    """Return an answer's content as a JSON value: parts as their text, text in JSON parsed."""
    if is_parts(content) or (content and isinstance(content, list) and _is_texts(content)):
        text = plain_text(content)
        if text is not None:
            content = text
    return parse_json(content)


def _is_texts(content: list[Any]) -> bool:
    return all(isinstance(part, dict) and list(part) == ["text"] for part in content)

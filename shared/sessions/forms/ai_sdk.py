"""Parts and tool invocations of Vercel's AI SDK, versions 4 and 5."""

from typing import Any

from shared.sessions.forms.fields import answered, arguments_of, first_of, read_call
from shared.sessions.forms.steps import Answered, Called, Steps, refuse

_DENIED = "output-denied"
#: Parts that divide a message, without content.
_EMPTY = frozenset({"step-start"})
_SOURCES = ("source", "source-url", "source-document")


def read_part(steps: Steps, path: str, part: dict[str, Any]) -> bool:
    """Add a call, an answer, or a tool part, which holds both."""
    kind = part.get("type")
    if not isinstance(kind, str):
        return False
    if kind in _EMPTY:
        return True
    if kind == "tool-invocation":
        read_invocation(steps, f"{path}.toolInvocation", part.get("toolInvocation"))
    elif kind == "tool-call":
        read_call(steps, path, part)
    elif kind in ("tool-result", "tool-error"):
        steps.add(_result(part))
    elif kind == "dynamic-tool" or (kind.startswith("tool-") and "toolCallId" in part):
        tool = "" if kind == "dynamic-tool" else kind.removeprefix("tool-")
        _read_tool(steps, path, part, tool)
    else:
        return False
    return True


def source_text(part: Any) -> str | None:
    """Return a source that the answer cites as text; None for any other part."""
    if not isinstance(part, dict) or part.get("type") not in _SOURCES:
        return None
    source = part["source"] if isinstance(part.get("source"), dict) else part
    found = [source.get(key) for key in ("title", "url", "filename")]
    return " ".join(["[source]", *(text for text in found if isinstance(text, str))])


def read_invocation(steps: Steps, path: str, invocation: Any) -> None:
    """Add a tool invocation of version 4: a call, and its result in the state ``result``."""
    if not isinstance(invocation, dict):
        refuse(path, "must be an object")
    _add_call(steps, path, invocation)
    if invocation.get("state") == "result" or invocation.get("result") is not None:
        steps.add(_result(invocation))


def _read_tool(steps: Steps, path: str, part: dict[str, Any], tool: str) -> None:
    """Add a tool part of version 5; its state says whether it has an answer."""
    _add_call(steps, path, part, tool)
    identifier = str(part.get("toolCallId") or "")
    state = part.get("state")
    if state in ("output-error", _DENIED) or part.get("errorText") is not None:
        error = first_of(part, ("errorText", "output")) or state
        steps.add(answered(identifier, tool, part.get("output"), error=error))
    elif state == "output-available" or part.get("output") is not None:
        steps.add(answered(identifier, tool, part.get("output")))


def _add_call(steps: Steps, path: str, fields: dict[str, Any], tool: str = "") -> None:
    tool = tool or fields.get("toolName") or ""
    if not isinstance(tool, str) or not tool.strip():
        refuse(path, "must have a toolName")
    arguments = arguments_of(fields)
    if arguments == {} and fields.get("rawInput") is not None:
        arguments = fields["rawInput"]  # what the model wrote, if that was no valid input
    steps.add(Called(str(fields.get("toolCallId") or ""), tool, arguments))


def _result(part: dict[str, Any]) -> Answered:
    identifier, tool = str(part.get("toolCallId") or ""), str(part.get("toolName") or "")
    output = first_of(part, ("output", "result"))
    failed = part.get("isError") is True or part.get("type") == "tool-error"
    if isinstance(output, dict) and set(output) <= {"type", "value", "providerOptions"}:
        failed = failed or str(output.get("type")).startswith("error-")
        output = output.get("value", output)
    return answered(identifier, tool, output, failed=failed, error=part.get("error"))

"""Items of OpenAI's Responses: messages, calls, their outputs, and reasoning."""

from typing import Any

from shared.sessions.forms.anthropic import thought_text
from shared.sessions.forms.fields import answer_of, answered, identifier_of, read_call
from shared.sessions.forms.parts import read_part
from shared.sessions.forms.steps import Called, Steps, Thought, refuse

#: Fields of an item that are neither arguments nor outputs of its call.
_OWN = frozenset({"id", "type", "status", "call_id", "name", "object", "created_by"})
_OUTPUTS = ("output", "outputs", "results", "result", "error")
_OUTPUT = "_output"


def matches(item: dict[str, Any]) -> bool:
    """Return whether an item has a type and no role."""
    return isinstance(item.get("type"), str) and "role" not in item


def read(steps: Steps, path: str, item: dict[str, Any]) -> None:
    """Add an item. Raises ``InvalidInput`` for one of an unknown type."""
    kind = str(item["type"])
    if kind in ("function_call", "custom_tool_call"):
        read_call(steps, path, item)
    elif kind.endswith("_call_output"):
        steps.add(answer_of({**item, "id": None}, ("output",)))
    elif kind == "reasoning":
        steps.add(Thought(thought_text(path, item)))
    elif kind.endswith("_call") and kind != "tool_call":
        _read_hosted(steps, item, kind.removesuffix("_call"))
    elif not read_part(steps, path, item):
        refuse(f"{path}.type", f"{kind[:100]} is unknown; must be a message, a call or its output")


def _read_hosted(steps: Steps, item: dict[str, Any], tool: str) -> None:
    """Add a call of a tool that the provider ran, and its outputs if the item has them."""
    identifier = identifier_of(item)
    fields = {
        key: value for key, value in item.items() if key not in _OWN and value not in (None, [])
    }
    outputs = {key: fields.pop(key) for key in _OUTPUTS if key in fields}
    arguments = fields.popitem()[1] if list(fields) in (["action"], ["arguments"]) else fields
    name = item.get("name")
    tool = name if isinstance(name, str) and name else tool
    steps.add(Called(identifier, tool, arguments))
    error = outputs.pop("error", None)
    if tool == "image_generation" and "result" in outputs:
        outputs["result"] = "[image]"
    if outputs or error or item.get("status") == "failed":
        content = next(iter(outputs.values())) if len(outputs) == 1 else outputs or None
        failed = item.get("status") == "failed"
        steps.add(answered(identifier, tool, content, failed=failed, error=error))

"""Content blocks of Anthropic's Messages, and the parts that other forms share with them."""

from typing import Any

from shared.core.json import as_text
from shared.sessions.forms.fields import answer_of, answered, first_of, identifier_of, read_call
from shared.sessions.forms.steps import Steps, Thought

_CALLS = frozenset(
    {
        "tool_use", "server_tool_use", "mcp_tool_use",
        "tool_call", "server_tool_call", "invalid_tool_call", "function_call",
    }
)  # fmt: skip
_RESULTS = frozenset(
    {
        "tool_result", "server_tool_result",
        "tool_call_response", "server_tool_call_response", "function_call_output",
    }
)  # fmt: skip
_THOUGHTS = frozenset({"thinking", "redacted_thinking", "reasoning", "reasoning_text"})
_THOUGHT_KEYS = ("thinking", "reasoning", "text", "content", "data")


def read_part(steps: Steps, path: str, part: dict[str, Any]) -> bool:
    """Add a call, an answer or a thought: also those of server tools."""
    kind = part.get("type")
    if not isinstance(kind, str):
        return False
    if kind in _CALLS:
        read_call(steps, path, part)
    elif kind in _RESULTS:
        steps.add(answer_of(part))
    elif kind.endswith("_tool_result"):
        content = part.get("content")
        failed = isinstance(content, dict) and str(content.get("type")).endswith("_error")
        failed = failed or part.get("is_error") is True
        tool = kind.removesuffix("_tool_result")
        steps.add(answered(identifier_of(part), tool, content, failed=failed))
    elif kind in _THOUGHTS:
        steps.add(Thought(thought_text(part)))
    else:
        return False
    return True


def thought_text(part: dict[str, Any]) -> str:
    """Return the text of a reasoning part or item; encrypted reasoning has none."""
    if part.get("type") == "redacted_thinking":
        return ""
    if any(isinstance(part.get(key), list) for key in ("summary", "content")):
        parts = [*(part.get("summary") or []), *(part.get("content") or [])]
        texts = [one.get("text") for one in parts if isinstance(one, dict)]
        return "\n".join(text for text in texts if isinstance(text, str))
    found = first_of(part, _THOUGHT_KEYS)
    return "" if found is None else as_text(found)

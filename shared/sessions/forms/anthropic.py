"""Content blocks of Anthropic's Messages, and the parts that other forms share with them."""

from typing import Any

from shared.core.json import as_text
from shared.sessions.content_parts import as_parts
from shared.sessions.forms.content import Texts, joined
from shared.sessions.forms.fields import answer_of, answered, identifier_of, read_call
from shared.sessions.forms.steps import Steps, Thought, refuse

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
_THOUGHT_KEYS = ("thinking", "reasoning", "text", "summary", "content")


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
        steps.add(Thought(thought_text(path, part)))
    else:
        return False
    return True


def thought_text(path: str, part: dict[str, Any]) -> str:
    """Return the text of a reasoning part or item; encrypted reasoning has none.

    Raises ``InvalidInput`` for a summary or a content that is neither text nor a list.
    """
    if str(part.get("type")).endswith(("redacted_thinking", "encrypted")):
        return ""
    for key in ("summary", "content"):
        if not isinstance(part.get(key), str | list | dict | None):
            refuse(f"{path}.{key}", "must be a string or a list")
    texts: list[str] = []
    for key in _THOUGHT_KEYS:
        text = joined(_thought(one) for one in as_parts(part.get(key)))
        if not Texts(texts).contain(text):
            texts.append(text)
    if not texts and part.get("data") is not None:
        return as_text(part["data"])
    return joined(texts)


def _thought(part: Any) -> str:
    """Return a part of reasoning as text."""
    if part in (None, {}, []):
        return ""
    text = part.get("text", "") if isinstance(part, dict) and "text" in part else part
    return "" if text is None else as_text(text)

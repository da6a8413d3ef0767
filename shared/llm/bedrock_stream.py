"""Streamed answers of Bedrock: the events of ConverseStream, accumulated to one response."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shared.core.json import loads_strict


def read_stream(
    stream: Iterable[Mapping[str, Any]], on_text: Callable[[str], None]
) -> dict[str, Any] | None:
    """Return a response in the form of ``Converse``; None if the stream ended before its answer.

    ``on_text`` gets the whole text so far; what it raises passes through, and so do the SDK's
    errors within the stream.
    """
    texts: dict[int, str] = {}
    uses: dict[int, dict[str, Any]] = {}
    response: dict[str, Any] = {}
    for event in stream:
        if "contentBlockStart" in event:
            block = event["contentBlockStart"]
            if "toolUse" in block["start"]:
                uses[block["contentBlockIndex"]] = {**block["start"]["toolUse"], "input": ""}
        elif "contentBlockDelta" in event:
            index, delta = (
                event["contentBlockDelta"]["contentBlockIndex"],
                event["contentBlockDelta"]["delta"],
            )
            if delta.get("text"):
                texts[index] = texts.get(index, "") + delta["text"]
                on_text("".join(texts[one] for one in sorted(texts)))
            elif "toolUse" in delta and index in uses:
                uses[index]["input"] += delta["toolUse"]["input"]
        elif "messageStop" in event:
            response["stopReason"] = event["messageStop"]["stopReason"]
        elif "metadata" in event:
            response["usage"] = event["metadata"].get("usage", {})
    if "stopReason" not in response:
        return None
    blocks: dict[int, dict[str, Any]] = {index: {"text": text} for index, text in texts.items()}
    blocks |= {index: {"toolUse": _with_input(use)} for index, use in uses.items()}
    content = [blocks[index] for index in sorted(blocks)]
    return response | {"output": {"message": {"role": "assistant", "content": content}}}


def _with_input(use: dict[str, Any]) -> dict[str, Any]:
    """Return a tool use with its input parsed; the text itself if it is not JSON."""
    try:
        return use | {"input": loads_strict(use["input"]) if use["input"] else {}}
    except ValueError:
        return use

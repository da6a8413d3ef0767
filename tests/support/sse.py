"""Parser of finite streams of server-sent events."""

import json
from typing import Any


def frames(text: str) -> list[tuple[str, Any]]:
    """Return the frames of a stream: event names and data."""
    assert text.endswith("\n\n")
    return [_frame(block) for block in text.removesuffix("\n\n").split("\n\n")]


def _frame(block: str) -> tuple[str, Any]:
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    return fields["event"], json.loads(fields["data"])


def last(text: str) -> tuple[str, Any]:
    return frames(text)[-1]

"""Streamed answers of Chat Completions: server-sent events, accumulated to one answer."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from shared.core.json import loads_strict
from shared.llm.openai_answers import Unreadable, build_answer, has_reasoning, text_of
from shared.llm.port import ModelAnswer, ModelRequest

_DONE = "[DONE]"
_LINE_END = re.compile(rb"\r\n|\n|\r")
_MARK = b"\xef\xbb\xbf"  # byte order mark


class BrokenOff(Exception):
    """Stream that ended before its answer did."""


class ErrorEvent(Exception):
    """Error that a server sends instead of a piece or a completion."""

    def __init__(self, error: Any) -> None:
        super().__init__("the server sent an error")
        self.error = error


def events(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the data of each server-sent event; chunks may end anywhere, even in a character."""
    data: list[str] = []
    for line in _lines(chunks):
        if not line:
            if data:
                yield "\n".join(data)
            data = []
        elif line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
    if data:
        yield "\n".join(data)


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = bytearray()
    is_first, is_halved = True, False  # whether a \n may follow that belongs to the last \r
    for chunk in chunks:
        rest += chunk.removeprefix(b"\n") if is_halved else chunk
        is_halved = chunk.endswith(b"\r")
        if b"\n" not in chunk and b"\r" not in chunk:
            continue
        *lines, last = _LINE_END.split(rest)
        rest = bytearray(last)
        for line in lines:
            yield _text(line, is_first=is_first)
            is_first = False
    if rest:
        yield _text(rest, is_first=is_first)


def _text(line: bytes | bytearray, *, is_first: bool) -> str:
    return (line.removeprefix(_MARK) if is_first else line).decode("utf-8", "replace")


def _parsed(data: str) -> Any:
    try:
        return loads_strict(data)
    except ValueError as error:
        raise Unreadable(f"a piece is not JSON: {error}") from error


class Accumulator:
    """Answer that grows piece by piece."""

    def __init__(self, request: ModelRequest, on_text: Callable[[str], None]) -> None:
        self._request = request
        self._on_text = on_text
        self._text = ""
        self._calls: list[dict[str, Any]] = []
        self._by_index: dict[Any, dict[str, Any]] = {}
        self._has_reasoning = False
        self._finish_reason: Any = None
        self._usage: Any = None

    def read(self, chunks: Iterable[bytes]) -> ModelAnswer:
        """Read a stream to its end.

        Raises ``ErrorEvent`` and ``BrokenOff``, ``Unreadable`` for an event that is not JSON,
        and what ``build_answer`` and ``on_text`` raise.
        """
        is_done = False
        for data in events(chunks):
            if is_done := data.strip() == _DONE:
                break
            self._add(_parsed(data))
        if not is_done and self._finish_reason is None:
            raise BrokenOff
        return build_answer(
            self._request,
            text=self._text,
            calls=self._calls,
            has_reasoning=self._has_reasoning,
            finish_reason=self._finish_reason,
            usage=self._usage,
        )

    def _add(self, piece: Any) -> None:
        if not isinstance(piece, dict):
            raise Unreadable("a piece is no object")
        if piece.get("error"):
            raise ErrorEvent(piece["error"])
        self._usage = piece.get("usage") or self._usage
        choices = piece.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            return
        self._finish_reason = choices[0].get("finish_reason") or self._finish_reason
        delta = choices[0].get("delta")
        if not isinstance(delta, dict):
            return
        self._has_reasoning = self._has_reasoning or has_reasoning(delta)
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            if isinstance(call, dict):
                self._add_call(call)
        if text := text_of(delta.get("content")):
            self._text += text
            self._on_text(self._text)

    def _add_call(self, piece: dict[str, Any]) -> None:
        call = self._call_of(piece)
        function = piece.get("function")
        if not isinstance(function, dict):
            return
        known = call["function"]
        known["name"] = known["name"] or function.get("name")
        arguments = function.get("arguments")
        if isinstance(arguments, str) and isinstance(known["arguments"], str | None):
            known["arguments"] = (known["arguments"] or "") + arguments
        elif arguments is not None:
            known["arguments"] = arguments

    def _call_of(self, piece: dict[str, Any]) -> dict[str, Any]:
        """Return the call that a piece belongs to: a new one for a new index or another id.

        Some servers give every call the index 0, others give no index.
        """
        index, identifier = piece.get("index"), piece.get("id")
        call = self._by_index.get(index if isinstance(index, int) else None)
        is_new = call is None or (identifier and call["id"] and identifier != call["id"])
        if call is None or is_new:
            call = {"id": identifier, "function": {"name": None, "arguments": None}}
            self._calls.append(call)
            self._by_index[index if isinstance(index, int) else None] = call
        call["id"] = call["id"] or identifier
        return call

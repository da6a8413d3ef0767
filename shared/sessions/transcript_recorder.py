"""Transcript recorder: appends entries and matches each tool answer with its call."""

from typing import Any

from shared.sessions.transcript import AssistantSaid, Entry, ToolAnswered, ToolCalled, UserSaid


class TranscriptRecorder:
    """Collects entries.

    A call or answer may occur twice, as a part of a message and as an event of its own; it
    is recorded once. An answer without a recorded call records the call too, so that every
    answer has one.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._calls = 0
        self._pending: list[tuple[str, ToolCalled]] = []
        self._answered: set[str] = set()

    def add(self, entry: Entry) -> None:
        """Record an entry unchanged."""
        self.entries.append(entry)

    def user(self, text: str) -> None:
        """Record a user message unless it is blank."""
        if text.strip():
            self.entries.append(UserSaid(text))

    def assistant(self, text: str) -> None:
        """Record an assistant message unless it is blank."""
        if text.strip():
            self.entries.append(AssistantSaid(text))

    def call(self, identifier: str, tool: str, arguments: Any) -> None:
        """Record a call unless the same one is pending; "" stands for no identifier."""
        if identifier and any(
            known == identifier and call.tool == tool for known, call in self._pending
        ):
            return
        self._calls += 1
        called = ToolCalled(self._calls, tool, arguments)
        self._pending.append((identifier, called))
        self.entries.append(called)

    def answer(
        self, identifier: str, tool: str, *, output: Any = None, error: str | None = None
    ) -> None:
        """Record an answer, or its ``error``, unless its call is already answered."""
        pending = self._find_pending(identifier, tool)
        if pending is None:
            # An identifier may be reused for another call, but that call would be pending.
            if identifier in self._answered:
                return
            self.call(identifier, tool or "unknown_tool", {})
            pending = self._pending[-1]
        self._pending.remove(pending)
        if identifier:
            self._answered.add(identifier)
        called = pending[1]
        self.entries.append(ToolAnswered(called.call, called.tool, output, error))

    def _find_pending(self, identifier: str, tool: str) -> tuple[str, ToolCalled] | None:
        """Find the call of an answer: by identifier, else by tool, else the oldest."""
        if identifier:
            return next((one for one in self._pending if one[0] == identifier), None)
        if tool:
            return next((one for one in self._pending if one[1].tool == tool), None)
        return self._pending[0] if self._pending else None

"""Writes a transcript entry by entry, and finds the call that each answer belongs to."""

from typing import Any

from shared.sessions.transcript import (
    AssistantSaid,
    Entry,
    ToolAnswered,
    ToolCalled,
    UserSaid,
)


class TranscriptRecorder:
    """Collects entries.

    Calls and answers may come twice, once as a part of a message and once as an event of
    their own; they are kept once. An answer whose call was not recorded brings its call
    along, so that every answer has one.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._calls = 0
        self._waiting: list[tuple[str, ToolCalled]] = []
        self._answered: set[str] = set()

    def add(self, entry: Entry) -> None:
        """Record an entry as it is."""
        self.entries.append(entry)

    def user(self, text: str) -> None:
        """Record what the user said, if it is more than blanks."""
        if text.strip():
            self.entries.append(UserSaid(text))

    def assistant(self, text: str) -> None:
        """Record what the assistant said, if it is more than blanks."""
        if text.strip():
            self.entries.append(AssistantSaid(text))

    def call(self, identifier: str, tool: str, arguments: Any) -> None:
        """Record a call, unless the same is waiting for its answer; no identifier is ""."""
        if identifier and any(
            known == identifier and call.tool == tool for known, call in self._waiting
        ):
            return
        self._calls += 1
        called = ToolCalled(self._calls, tool, arguments)
        self._waiting.append((identifier, called))
        self.entries.append(called)

    def answer(
        self, identifier: str, tool: str, *, output: Any = None, error: str | None = None
    ) -> None:
        """Record an answer, or its ``error``, unless its call has been answered already."""
        found = self._waiting_for(identifier, tool)
        if found is None:
            # Identifiers may be used again for another call, but that one would be waiting.
            if identifier in self._answered:
                return
            self.call(identifier, tool or "unknown_tool", {})
            found = self._waiting[-1]
        self._waiting.remove(found)
        if identifier:
            self._answered.add(identifier)
        called = found[1]
        self.entries.append(ToolAnswered(called.call, called.tool, output, error))

    def _waiting_for(self, identifier: str, tool: str) -> tuple[str, ToolCalled] | None:
        """Find the call an answer is for: by identifier, else by tool, else the oldest."""
        if identifier:
            return next((w for w in self._waiting if w[0] == identifier), None)
        if tool:
            return next((w for w in self._waiting if w[1].tool == tool), None)
        return self._waiting[0] if self._waiting else None

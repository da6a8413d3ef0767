"""Lines of imports: those of real programs, and what is read of messages."""

import json
from pathlib import Path
from typing import Any

from shared.core.json import as_text, loads_strict
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.forms.steps import Thought
from shared.sessions.transcript import AssistantSaid, Entry, ToolAnswered, ToolCalled, UserSaid

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "imports"
LINES = [
    loads_strict(line)
    for path in sorted(FIXTURES.glob("*.jsonl"))
    for line in path.read_text().splitlines()
]
TRANSCRIPTS: dict[str, list[str]] = json.loads((FIXTURES / "transcripts.json").read_text())
USER = {"role": "user", "content": "Hello"}
CALL = {"id": "c", "type": "function", "function": {"name": "look", "arguments": '{"n": 1}'}}


def told(entry: Entry | Thought) -> str:
    """Return an entry as a line of transcripts.json."""
    match entry:
        case UserSaid(text):
            return f"user: {text}"
        case AssistantSaid(text):
            return f"agent: {text}"
        case Thought(text):
            return f"thinks: {text}"
        case ToolCalled(call, tool, arguments):
            return f"call {call}: {tool} {as_text(arguments)}"
        case ToolAnswered(call, _, output, None):
            return f"result {call}: {as_text(output)}"
        case ToolAnswered(call, _, _, error):
            return f"error {call}: {error}"
    raise AssertionError(entry)


def read(*messages: Any, key: str = "messages", **fields: Any) -> list[str]:
    found = read_conversation({"id": "i", key: list(messages), **fields})
    return [told(entry) for entry in found.entries]

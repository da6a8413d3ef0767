"""Conversations to import, and the sessions imported from them."""

import json
from typing import Any

from shared.agents.transcript import AGENT_TRANSCRIPT
from shared.core.ids import SessionId
from shared.evaluations.transcript import EVALUATION_TRANSCRIPT
from shared.sessions.captured_conversations import read_conversation
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Transcript
from shared.sessions.transcript_reader import TranscriptReader
from shared.storage.table import table
from tests.support.captured_sessions import CONVERSATIONS
from tests.support.gateway import Gateway

AGENT, EVALUATION = SessionKind.AGENT, SessionKind.EVALUATION
KINDS = [AGENT, EVALUATION]
CAPTURED = [
    json.loads(line)
    for path in sorted(CONVERSATIONS.glob("*.jsonl"))
    for line in path.read_text().splitlines()
]


def _call(name: str, arguments: str) -> list[dict[str, Any]]:
    return [{"id": "x", "type": "function", "function": {"name": name, "arguments": arguments}}]


TALK: dict[str, Any] = {
    "id": "talk-1",
    "agent": "Order desk",
    "tags": ["web"],
    "messages": [
        {"role": "system", "content": "You look after orders."},
        {"role": "user", "content": "Where is 4711?"},
        {"role": "assistant", "content": None, "tool_calls": _call("get_order", '{"id": 4711}')},
        {"role": "tool", "tool_call_id": "x", "content": '{"status": "late"}'},
        {"role": "assistant", "content": "It is late."},
        {"role": "user", "content": "Cancel it."},
        {"role": "assistant", "content": "One moment.", "tool_calls": _call("cancel", "{}")},
        {"role": "tool", "tool_call_id": "x", "content": '{"error": "too late"}'},
        {"role": "assistant", "content": "That is no longer possible."},
    ],
}


def session_id(api: Gateway, kind: SessionKind, value: dict[str, Any]) -> SessionId:
    request = read_conversation(value).request(api.organization_id, kind)
    return SessionId(request.uuid())


def transcript(api: Gateway, kind: SessionKind, value: dict[str, Any]) -> Transcript:
    identifier = session_id(api, kind, value)
    sources = (AGENT_TRANSCRIPT, EVALUATION_TRANSCRIPT)
    reader = TranscriptReader(table(), sources, head_bytes=10**8)
    return reader.read(api.organization_id, identifier.uuid)

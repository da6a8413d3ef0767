"""Trace of a session in the API: its turns, nodes, tool calls and edges."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel


class TracedTool(BaseModel):
    """A tool call and its answer: an output or an error.

    ``at_ms`` counts from the start of the turn; ``delay_ms`` is the delay that the mock world
    gives the tool, of which a turn may have waited less.
    """

    tool_call_id: str
    tool: str
    arguments: dict[str, Any]
    output: Any = None
    error: str | None = None
    at_ms: int
    took_ms: int = 0
    delay_ms: int = 0


class PassedOver(BaseModel):
    """An outgoing edge skipped because its condition was false."""

    edge_id: str
    condition: str | None
    seen: dict[str, Any]


class TracedWay(BaseModel):
    """The edge taken to the next node, with its condition and the values it was evaluated on.

    ``edge_id`` is null for the edges that leave an approval: its node names them.
    """

    edge_id: str | None
    to: str
    because: str
    condition: str | None
    seen: dict[str, Any]
    passed_over: list[PassedOver]


class TracedNode(BaseModel):
    """One run of a node, or the decision on an approval.

    ``outcome`` is ``waiting`` if the turn ended before the node was completed; ``failed`` is
    the reason for taking a failure path. ``asked`` is the variable that the user was asked
    for; ``skipped`` has the values that did not fit their variable, with the reason.
    """

    node_id: str
    type: str
    at_ms: int
    took_ms: int = 0
    outcome: Literal["completed", "failed", "waiting"] = "waiting"
    failed: str | None = None
    said: list[str] = []
    asked: str | None = None
    tools: list[TracedTool] = []
    set: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    signals: list[str] = []
    approver_role: str | None = None
    approval_deadline: datetime | None = None
    way: TracedWay | None = None


class TracedTurn(BaseModel):
    """A turn: the message or decision that started it, and the nodes it ran."""

    turn: int
    started_at: datetime
    took_ms: int = 0
    message: str | None = None
    decision: Literal["approve", "deny"] | None = None
    note: str | None = None
    decided_by: Literal["person", "deadline"] | None = None
    nodes: list[TracedNode] = []

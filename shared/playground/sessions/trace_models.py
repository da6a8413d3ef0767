"""What the API says of a session's trace: turn by turn, where it went and why."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel


class TracedTool(BaseModel):
    """A tool's call and its answer: an output, or an error.

    ``at_ms`` counts from the beginning of the turn; ``delay_ms`` is how long the mock world
    has the tool take, of which a turn may have waited less.
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
    """A way that was not taken, since its condition did not hold for what it saw."""

    edge_id: str
    condition: str | None
    seen: dict[str, Any]


class TracedWay(BaseModel):
    """The way from a node to the next, and why: its condition and the values that it saw.

    ``edge_id`` is null for the ways out of an approval: its node names them.
    """

    edge_id: str | None
    to: str
    because: str
    condition: str | None
    seen: dict[str, Any]
    passed_over: list[PassedOver]


class TracedNode(BaseModel):
    """One run of a node, or the decision over an approval.

    ``outcome`` is ``waiting`` where the turn ended with the node unfinished; ``failed`` says
    why a failure path was taken. ``asked`` is the variable that the user was asked for;
    ``skipped`` tells what was to be set but did not fit, and why.
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
    """A turn: what it began with (a message, or a decision) and the nodes that it ran."""

    turn: int
    started_at: datetime
    took_ms: int = 0
    message: str | None = None
    decision: Literal["approve", "deny"] | None = None
    note: str | None = None
    decided_by: Literal["person", "deadline"] | None = None
    nodes: list[TracedNode] = []

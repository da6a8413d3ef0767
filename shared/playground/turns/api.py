"""Trace of a session in the API: its turns, nodes, tool calls and edges."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.core.api_types import is_none
from shared.sessions.recorded_worlds.answers import Matched


class TracedTool(BaseModel):
    """A tool call and its answer: an output or an error.

    ``at_ms`` counts from the start of the turn; ``delay_ms`` is the delay that the mock world
    gives the tool, of which a turn may have waited less.
    """

    tool_call_id: str
    """Id of the call, unique in the session."""

    sequence: int | None = None
    """Position of the call's event in the log, as checks name it."""

    tool: str
    """Slug of the tool."""

    arguments: dict[str, Any]
    """Arguments of the call."""

    output: Any = None
    """Output of the tool."""

    error: str | None = None
    """Error of the tool; null if it has an output."""

    at_ms: int
    """Milliseconds from the start of the turn to the call."""

    took_ms: int = 0
    """Milliseconds from the call to its answer."""

    delay_ms: int = 0
    """Delay that the mock world gives the tool, in milliseconds."""

    matched: Matched | None = Field(default=None, exclude_if=is_none)
    """Rule that chose the answer from a recorded world; absent in other worlds.

    `exact`: equal arguments. `normalized`: arguments equal in meaning. `order`: the recorded order
    of several such calls. `nearest`, `last`: no such call, and the session's `on_unmatched`.
    `any`: an answer that its author gave without arguments. `none`: an error, since nothing
    recorded answers the call.
    """

    recorded: int | None = Field(default=None, exclude_if=is_none)
    """Index in the tool's recorded `calls`; absent if the answer is from none of them."""


class PassedOver(BaseModel):
    """An outgoing edge skipped because its condition was false."""

    edge_id: str
    """Edge that was skipped: `<index>:<from>-><to>`."""

    condition: str | None
    """Condition that was false."""

    seen: dict[str, Any]
    """Variables of the condition and their values."""


class TracedWay(BaseModel):
    """The edge taken to the next node, with its condition and the values it was evaluated on.

    ``edge_id`` is null for the edges that leave an approval: its node names them.
    """

    edge_id: str | None
    """Edge that was taken: `<index>:<from>-><to>`."""

    to: str
    """Next node."""

    because: str
    """Reason for the edge."""

    condition: str | None
    """Condition that was true; null if the edge has none."""

    seen: dict[str, Any]
    """Variables of the condition and their values."""

    passed_over: list[PassedOver]
    """Edges before it whose condition was false."""


class TracedNode(BaseModel):
    """One run of a node, or the decision on an approval.

    ``outcome`` is ``waiting`` if the turn ended before the node was completed; ``failed`` is
    the reason for taking a failure path. ``asked`` is the variable that the user was asked
    for; ``skipped`` has the values that did not fit their variable, with the reason.
    """

    node_id: str
    """Node that ran."""

    type: str
    """Type of the node: `agent`, `action`, `handoff` or `approval`."""

    at_ms: int
    """Milliseconds from the start of the turn to the start of the node."""

    took_ms: int = 0
    """Milliseconds that the node ran."""

    outcome: Literal["completed", "failed", "waiting"] = "waiting"
    """Result of the run."""

    failed: str | None = None
    """Reason for taking a failure path."""

    said: list[str] = []
    """Texts of the assistant."""

    said_sequences: list[int] = []
    """Positions of the texts' events in the log."""

    asked: str | None = None
    """Variable that the user was asked for."""

    tools: list[TracedTool] = []
    """Tool calls, in order."""

    set: dict[str, Any] = {}
    """Variables that were set."""

    skipped: dict[str, str] = {}
    """Values that did not fit their variable: the reason, by variable."""

    signals: list[str] = []
    """Signals, in order."""

    approver_role: str | None = None
    """Role of the person whose decision is awaited."""

    approval_deadline: datetime | None = None
    """Time after which the approval counts as denied."""

    way: TracedWay | None = None
    """Edge to the next node; null if the turn or the session ended here."""


class TracedTurn(BaseModel):
    """A turn: the message or decision that started it, and the nodes it ran."""

    turn: int
    """Number of the turn, from 1."""

    sequence: int
    """Position of the turn's first event in the log: that of its message or decision."""

    started_at: datetime
    """Start of the turn."""

    took_ms: int = 0
    """Milliseconds that the turn took."""

    message: str | None = None
    """Message of the user; null in a turn that a decision started."""

    decision: Literal["approve", "deny"] | None = None
    """Decision that started the turn."""

    note: str | None = None
    """Reason of the decision."""

    decided_by: Literal["person", "deadline"] | None = None
    """Decider: a person, or `deadline` if nobody decided in time."""

    nodes: list[TracedNode] = []
    """Nodes that ran, in order."""

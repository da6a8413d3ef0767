"""API models of the list of all sessions."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.core.api_types import Cursor, Line, UtcDatetime
from shared.core.errors import InvalidInput
from shared.core.ids import AgentId
from shared.sessions.domain import SessionKind
from shared.sessions.summaries import domain
from shared.sessions.summaries.domain import CapturedSessionStatus, SummaryFilter


class ListCapturedSessionsParameters(BaseModel):
    """Query parameters of the list of all sessions. All conditions must hold.

    `kind`, `agent_id` and the times select a part of an index. `status` and `search` are compared
    with each session that is read, so a page may have fewer sessions than `limit`, or none, and a
    cursor. Unknown parameters are rejected.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[list[SessionKind], Field(max_length=3)] = Field(default=[])
    """Only sessions of these kinds; all kinds if absent."""
    agent_id: AgentId | None = None
    """Only sessions of this agent, which are of the kind `agent`."""
    created_after: UtcDatetime | None = None
    """Only sessions created at this time or later."""
    created_before: UtcDatetime | None = None
    """Only sessions created at this time or earlier."""
    status: CapturedSessionStatus | None = None
    """Only sessions in this status. Filters what is read: at most 1,000 sessions a page."""
    search: Line = ""
    """Only sessions with this text in id, title, agent's name, preview or a tag, ignoring case.
    Filters what is read: at most 1,000 sessions a page."""
    limit: int = Field(default=50, ge=1, le=200)
    """Number of sessions of a page, at most."""
    cursor: Cursor | None = None
    """`next_cursor` of the previous page, with the same filters."""

    @property
    def filters(self) -> dict[str, Any]:
        """Filters that a cursor is bound to."""
        given = self.model_dump(mode="json", exclude={"cursor", "limit"})
        return given | {"kind": sorted(set(given["kind"]))}

    def to_domain(self) -> SummaryFilter:
        """Return the filter. Raises ``InvalidInput`` for times in the wrong order."""
        after, before = self.created_after, self.created_before
        if after is not None and before is not None and after > before:
            raise InvalidInput("created_after: must not be later than created_before.")
        return SummaryFilter(
            kinds=frozenset(self.kind or SessionKind),
            agent_id=self.agent_id,
            created_from=after,
            created_to=before,
            status=self.status,
            search=self.search,
        )


class CapturedSessionAgent(BaseModel):
    """Agent of a session."""

    model_config = ConfigDict(from_attributes=True)

    id: Annotated[str, BeforeValidator(str)]
    """Id of the agent."""
    name: str
    """Name of the agent when the session was created."""


class CapturedSessionWorkflow(BaseModel):
    """Workflow of a playground session."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    """Name of the graph."""
    catalog_slug: str | None
    """Workflow of the catalog; null for a revision."""
    revision_id: str | None
    """Revision of a workflow, a UUID; null for a workflow of the catalog."""


class CapturedSessionEvaluated(BaseModel):
    """Subject of an evaluation session."""

    model_config = ConfigDict(from_attributes=True)

    product_id: str
    """Product of the version."""
    version_id: str
    """Version of the product that the session talks to."""
    test_id: str | None
    """Test of the test case; null without one."""
    test_case_id: str | None
    """Test case that the session runs; null without one."""
    run_id: str | None
    """Evaluation run that the session was created in; null without one."""


class CapturedSessionSimulation(BaseModel):
    """Simulation that a session is the conversation of."""

    model_config = ConfigDict(from_attributes=True)

    run_id: str
    """Run of the simulation, a UUID."""
    number: int | None
    """Number of the simulation in the run; null for a playground session, whose row lacks it."""


class CapturedSessionUsage(BaseModel):
    """Tokens and cost of all turns of a session."""

    model_config = ConfigDict(from_attributes=True)

    input_tokens: int
    """Tokens that models read."""
    output_tokens: int
    """Tokens that models wrote."""
    total_tokens: int
    """Tokens of both; a client of evaluations may report this number alone."""
    cost: float | None
    """Cost as the client of an evaluation session reported it; null for other kinds."""


class CapturedSessionOrigin(BaseModel):
    """The beginning of a fork's log."""

    model_config = ConfigDict(from_attributes=True)

    session_id: str
    """Id of the session that was forked; it may be deleted."""
    sequence: int
    """Sequence of the last event that both have."""


class CapturedSession(BaseModel):
    """A session of any kind, as its row in the lists holds it; what the row lacks is null."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    """Id in the form of the session's own routes: a UUID for a playground session, `session_` and
    32 hexadecimal digits for the others."""
    kind: SessionKind
    """`agent`: `/v1/sessions/{id}`; `playground`: `/v1/workflow/playground/sessions/{id}`;
    `evaluation`: `/sessions/{id}`."""
    status: CapturedSessionStatus
    """`open`: accepts a message, nothing is in progress (agent `started`, `idle`; evaluation
    `PENDING`). `running`: during a turn (agent `active`). `waiting`: for a decision (playground
    awaiting approval) or for results of the client's tools (agent `waitingfortoolresults`).
    `completed`: ended (evaluation `COMPLETED`; playground without a next node). `failed`: ended
    with an error (evaluation `FAILED`)."""
    own_status: str | None
    """Status in the words of the session's own routes; for a playground session its last signal,
    null before the first."""
    title: str | None
    """Title of an agent session, name of a playground session's graph, or the client's own id of
    an evaluation session."""
    preview: str | None
    """Beginning of the first user message, of an agent session; at most 200 characters."""
    output_preview: str | None
    """Beginning of the agent's last message; at most 200 characters."""
    tags: list[str]
    """Labels of the session."""
    agent: CapturedSessionAgent | None
    """Agent that the session was opened for or captured from."""
    workflow: CapturedSessionWorkflow | None
    """Workflow of a playground session."""
    evaluated: CapturedSessionEvaluated | None
    """Subject of an evaluation session."""
    simulation: CapturedSessionSimulation | None
    """Simulation that the session is the conversation of; null for any other."""
    awaiting_approval: bool
    """True for a playground session that awaits a decision."""
    event_count: int
    """Events of the log."""
    turn_count: int
    """Turns so far."""
    message_count: int | None
    """Messages of the user and the agent, of an agent session."""
    usage: CapturedSessionUsage | None
    """Tokens and cost of all turns; null if there are none, and for playground sessions."""
    created_at: datetime
    """Time of creation."""
    updated_at: datetime
    """Time of the last change."""
    finished_at: datetime | None
    """Time of the end, of a playground session; other rows have none."""
    forked_from: CapturedSessionOrigin | None
    """Origin of a fork; null for any other session."""

    @classmethod
    def of(cls, summary: domain.SessionSummary) -> "CapturedSession":
        return cls.model_validate(summary)

"""Agent sessions in the API: requests and responses."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.agents.api import (
    HARNESS_ID,
    AgentCapabilityConfig,
    Capabilities,
    ClientSideTool,
    InitialFiles,
    NotServedFields,
    OffsetParameters,
    Tags,
    TokenUsage,
    ToolInputs,
    Tools,
    text_up_to,
    tools_to_domain,
)
from shared.agents.limits import MAX_TAG_LENGTH, MAX_TAGS, MAX_TITLE_LENGTH
from shared.agents.sessions import domain
from shared.agents.sessions.domain import SessionStatus
from shared.agents.sessions.filters import SessionFilter
from shared.agents.sessions.service import SessionChanges, SessionInput
from shared.core.api_types import Line, UtcDatetime
from shared.core.errors import InvalidInput
from shared.core.ids import AgentId, ModelId

#: Sessions in one page (the Everruns API).
MAX_LIMIT = 100


_Title = Annotated[str, text_up_to(MAX_TITLE_LENGTH)]


class CreateSessionRequest(NotServedFields):
    """A session to create."""

    agent_id: AgentId
    """Agent of the session."""
    title: _Title | None = None
    """Title for people; at most 255 characters."""
    tags: Tags = Field(default=[])
    """Labels of the session; at most 50, of 128 characters each."""
    model_id: ModelId | None = None
    """Model of the session; the agent's default if absent."""
    capabilities: Capabilities = Field(default=[])
    """Added to the agent's; at most 250, with 64 KiB of settings."""
    initial_files: InitialFiles | None = None
    """Files that the session starts with, beside the agent's; in place of the agent's at the same
    path. At most 50, with 128 KiB of content."""
    tools: ToolInputs = None
    """Tools that the client runs, beside the agent's; at most 64, of 64 KiB together."""

    def to_domain(self) -> SessionInput:
        return SessionInput(
            agent_id=self.agent_id,
            title=self.title,
            tags=tuple(self.tags),
            model_id=self.model_id,
            capabilities=tuple(one.to_domain() for one in self.capabilities),
            initial_files=tuple(one.to_domain() for one in self.initial_files or ()),
            tools=tools_to_domain(self.tools),
        )


class UpdateSessionRequest(NotServedFields):
    """Fields to set; null or absent leaves a field unchanged."""

    title: _Title | None = None
    """Title for people; at most 255 characters."""
    tags: Tags | None = None
    """Replaces all tags; at most 50, of 128 characters each."""
    tools: ToolInputs = None
    """Replaces all tools that the client runs; at most 64, of 64 KiB together."""

    def to_domain(self) -> SessionChanges:
        return SessionChanges(
            title=self.title,
            tags=None if self.tags is None else tuple(self.tags),
            tools=None if self.tools is None else tools_to_domain(self.tools),
        )


_Tags = Annotated[
    list[Annotated[str, StringConstraints(max_length=MAX_TAG_LENGTH)]], Field(max_length=MAX_TAGS)
]
_Limit = Annotated[int, Field(ge=0), AfterValidator(lambda limit: min(limit, MAX_LIMIT))]


class ListSessionsParameters(OffsetParameters):
    """Query parameters of the list of sessions. All conditions must hold.

    `agent_id` and the times select a part of an index. `tags`, `status` and `search` are
    compared with each session that is read, so a page may have fewer sessions than `limit`,
    or none, and a cursor.
    """

    agent_id: AgentId | None = None
    """Only sessions of this agent."""
    created_after: UtcDatetime | None = None
    """Only sessions created at this time or later."""
    created_before: UtcDatetime | None = None
    """Only sessions created at this time or earlier."""
    tags: _Tags = Field(default=[])
    """Only sessions with all of these tags. Filters what is read: at most 1,000 sessions a page."""
    status: SessionStatus | None = None
    """Only sessions in this status. Filters what is read: at most 1,000 sessions a page."""
    search: Line = ""
    """Only sessions whose title contains this text, ignoring case. Filters what is read: at most
    1,000 sessions a page."""
    limit: _Limit = 20
    """Maximum number of sessions; above 100 it is 100, and the page says so."""

    @model_validator(mode="before")
    @classmethod
    def _refuse_metadata(cls, given: Any) -> Any:
        if isinstance(given, dict) and "metadata" in given:
            message = "metadata: is not served, sessions have none; filter by tags"
            raise PydanticCustomError("not_served", message)
        return given

    @property
    def filters(self) -> dict[str, Any]:
        """Filters that a cursor is bound to; those that are absent are left out."""
        given = self.model_dump(mode="json", exclude={"cursor", "offset", "limit"})
        return {"agent_id": None} | {name: value for name, value in given.items() if value}

    def to_domain(self) -> SessionFilter:
        """Return the filter. Raises ``InvalidInput`` for times in the wrong order."""
        after, before = self.created_after, self.created_before
        if after is not None and before is not None and after > before:
            raise InvalidInput("created_after: must not be later than created_before.")
        return SessionFilter(
            agent_id=self.agent_id,
            created_from=after,
            created_to=before,
            tags=frozenset(self.tags),
            status=self.status,
            search=self.search,
        )


class ForkedFrom(BaseModel):
    """The beginning of a fork's log."""

    session_id: str
    """Id of the session that was forked; it may be deleted."""
    sequence: int
    """Sequence of the last event that both have."""


class Session(BaseModel):
    """A conversation with an agent."""

    id: str
    """Id of the session."""
    organization_id: str
    """Organization of the session."""
    agent_id: str
    """Agent of the session."""
    title: str | None = None
    """Title for people."""
    status: SessionStatus
    """`started` before the first turn, `active` during a turn, `idle` after it;
    `waitingfortoolresults` while a turn waits for results of tools that the client runs."""
    preview: str | None = None
    """Beginning of the first user message; at most 200 characters."""
    output_preview: str | None = None
    """Beginning of the agent's last message; at most 200 characters."""
    model_id: str | None = None
    """The requested model, or the agent's default when the session was created."""
    tags: list[str] = []
    """Labels of the session."""
    capabilities: list[AgentCapabilityConfig] = []
    """The session's own, without the agent's."""
    tools: Tools = []
    """Tools that the client runs: the session's own; absent if there are none."""
    usage: TokenUsage | None = None
    """Tokens of all turns; null if there are none."""
    created_at: datetime
    """Time of creation."""
    updated_at: datetime
    """Time of the last change."""
    started_at: datetime | None = None
    """Start of the first turn."""
    finished_at: datetime | None = None
    """Always null: a session has no final status."""
    forked_from: Annotated[ForkedFrom | None, Field(exclude_if=lambda one: one is None)] = None
    """Origin of a fork; absent from any other session."""
    harness_id: str = HARNESS_ID
    """A constant, for clients that reject sessions without it."""

    @classmethod
    def of(cls, session: domain.AgentSession) -> "Session":
        return cls(
            id=str(session.id),
            organization_id=str(session.organization_id),
            agent_id=str(session.agent_id),
            title=session.title,
            status=session.status,
            preview=session.preview,
            output_preview=session.output_preview,
            model_id=str(session.model_id) if session.model_id else None,
            tags=list(session.tags),
            capabilities=AgentCapabilityConfig.list_of(session.capabilities),
            tools=ClientSideTool.list_of(session.tools),
            usage=TokenUsage.of(session.usage),
            created_at=session.created_at,
            updated_at=session.updated_at,
            started_at=session.started_at,
            forked_from=_forked_from(session),
        )


def _forked_from(session: domain.AgentSession) -> ForkedFrom | None:
    point = session.forked_from
    if point is None:
        return None
    return ForkedFrom(session_id=str(point.session_id), sequence=point.sequence)


class PaginatedResponse_Session(BaseModel):  # noqa: N801  # the schema's name in the API
    """A page of sessions, newest first."""

    data: list[Session]
    """The sessions of the page."""
    total: int = Field(ge=0)
    """Number of matching sessions on all pages. It is exact on the first page and those by `offset`
    if no page follows; otherwise it may lack creates and deletes of the last seconds, but is
    never lower than this page shows. With times, `tags`, `status` or `search`, which no counter
    has: those that `offset` skipped and those on this page, plus one if the page ended at a
    further match. So it counts from the `cursor` on, and is 0 with a `limit` of 0."""
    offset: int = Field(ge=0)
    """Number of skipped sessions."""
    limit: int = Field(ge=0)
    """Maximum number of sessions in a page; 100 where more were requested."""
    next_cursor: str | None = None
    """Cursor of the next page; null on the last page."""

    @classmethod
    def of(
        cls,
        data: list[Session],
        total: int,
        page: ListSessionsParameters,
        next_cursor: str | None,
    ) -> "PaginatedResponse_Session":
        offset, limit = page.offset, page.limit
        return cls(data=data, total=total, offset=offset, limit=limit, next_cursor=next_cursor)


class CancelStatus(StrEnum):
    """Result of a cancellation: `no_op` if no turn was running and no message waiting."""

    CANCELLED = "cancelled"
    NO_OP = "no_op"


class CancelTurnResponse(BaseModel):
    """Result of a cancellation."""

    status: CancelStatus
    """`cancelled`, or `no_op` if no turn was running and no message waiting."""
    message: str
    """The status in words, for people."""

    @classmethod
    def of(cls, cancelled: bool) -> "CancelTurnResponse":
        if cancelled:
            return cls(status=CancelStatus.CANCELLED, message="The turn was cancelled.")
        return cls(status=CancelStatus.NO_OP, message="No turn is running.")

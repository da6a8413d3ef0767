"""Agent sessions in the API: what clients send and what they get."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from shared.agents import domain
from shared.agents.domain import SessionStatus
from shared.agents.models import HARNESS_ID, AgentCapabilityConfig, OffsetParameters, TokenUsage
from shared.agents.session_service import SessionChanges, SessionInput, SessionPage, SessionQuery
from shared.core.ids import AgentId, ModelId

#: Sessions in one page (the Everruns API).
MAX_LIMIT = 100


class CreateSessionRequest(BaseModel):
    """A session to open."""

    agent_id: AgentId = Field(description="The agent to talk with.")
    title: str | None = Field(default=None, description="For people; 255 characters at most.")
    tags: list[str] = Field(default=[], description="50 at most, of 128 characters.")
    model_id: ModelId | None = Field(
        default=None, description="The model to use; the agent's default one, if left out."
    )
    capabilities: list[AgentCapabilityConfig] = Field(
        default=[], description="Added to the agent's; 250 at most, 64 KiB of settings."
    )

    def to_domain(self) -> SessionInput:
        return SessionInput(
            agent_id=self.agent_id,
            title=self.title,
            tags=tuple(self.tags),
            model_id=self.model_id,
            capabilities=tuple(one.to_domain() for one in self.capabilities),
        )


class UpdateSessionRequest(BaseModel):
    """What to set of a session; null or left out is unchanged."""

    title: str | None = None
    tags: list[str] | None = Field(default=None, description="Takes the place of all tags.")

    def to_domain(self) -> SessionChanges:
        return SessionChanges(self.title, None if self.tags is None else tuple(self.tags))


class ListSessionsParameters(OffsetParameters):
    """Which sessions to list, and which part of the list."""

    agent_id: AgentId | None = Field(default=None, description="Only sessions of this agent.")
    limit: int = Field(default=20, ge=0, description="How many at most; above 100 it is 100.")

    def to_domain(self, *, after: str | None) -> SessionQuery:
        return SessionQuery(
            agent_id=self.agent_id,
            offset=self.offset,
            limit=min(self.limit, MAX_LIMIT),
            after=after,
        )


class Session(BaseModel):
    """A conversation with an agent."""

    id: str
    organization_id: str
    agent_id: str
    title: str | None = None
    status: SessionStatus = Field(
        description="`started` before the first turn, `active` during one, `idle` after."
    )
    preview: str | None = Field(
        default=None, description="Beginning of the first user message, 200 characters at most."
    )
    output_preview: str | None = Field(
        default=None, description="Beginning of the agent's last message, 200 characters at most."
    )
    model_id: str | None = Field(
        default=None, description="The model asked for, or the agent's default when it was opened."
    )
    tags: list[str] = []
    capabilities: list[AgentCapabilityConfig] = Field(
        default=[], description="The session's own, without the agent's."
    )
    usage: TokenUsage | None = Field(
        default=None, description="Tokens of all turns; null while there are none."
    )
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = Field(default=None, description="When the first turn began.")
    finished_at: datetime | None = Field(
        default=None, description="Always null: a session has no end state."
    )
    harness_id: str = Field(
        default=HARNESS_ID, description="A constant, for clients that refuse sessions without it."
    )

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
            capabilities=[
                AgentCapabilityConfig(ref=one.ref, config=one.config)
                for one in session.capabilities
            ],
            usage=TokenUsage.of(session.usage),
            created_at=session.created_at,
            updated_at=session.updated_at,
            started_at=session.started_at,
        )


class PaginatedResponse_Session(BaseModel):  # noqa: N801  # the schema's name in the API
    """Sessions, newest first."""

    data: list[Session]
    total: int = Field(ge=0, description="Sessions that match, on all pages.")
    offset: int = Field(ge=0, description="How many were passed over.")
    limit: int = Field(ge=0, description="How many a page holds at most.")
    next_cursor: str | None = Field(
        default=None, description="Goes on behind this page; null at the end."
    )

    @classmethod
    def of(
        cls, page: SessionPage, query: SessionQuery, next_cursor: str | None
    ) -> "PaginatedResponse_Session":
        return cls(
            data=[Session.of(session) for session in page.sessions],
            total=page.total,
            offset=query.offset,
            limit=query.limit,
            next_cursor=next_cursor,
        )


class CancelStatus(StrEnum):
    """Whether there was a turn to cancel."""

    CANCELLED = "cancelled"
    NO_OP = "no_op"


class CancelTurnResponse(BaseModel):
    """What a request to cancel came to."""

    status: CancelStatus
    message: str = Field(description="The same, for people.")

    @classmethod
    def of(cls, cancelled: bool) -> "CancelTurnResponse":
        if cancelled:
            return cls(status=CancelStatus.CANCELLED, message="The turn was cancelled.")
        return cls(status=CancelStatus.NO_OP, message="No turn is running.")

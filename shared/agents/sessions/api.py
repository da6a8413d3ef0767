"""Agent sessions in the API: requests and responses."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from shared.agents.api import HARNESS_ID, AgentCapabilityConfig, OffsetParameters, TokenUsage
from shared.agents.sessions import domain
from shared.agents.sessions.domain import SessionStatus
from shared.agents.sessions.service import SessionInput
from shared.core.ids import AgentId, ModelId

#: Sessions in one page (the Everruns API).
MAX_LIMIT = 100


class CreateSessionRequest(BaseModel):
    """A session to create."""

    agent_id: AgentId = Field(description="Agent of the session.")
    title: str | None = Field(default=None, description="For people; at most 255 characters.")
    tags: list[str] = Field(default=[], description="At most 50, of 128 characters each.")
    model_id: ModelId | None = Field(
        default=None, description="Model of the session; the agent's default if absent."
    )
    capabilities: list[AgentCapabilityConfig] = Field(
        default=[], description="Added to the agent's; at most 250, with 64 KiB of settings."
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
    """Fields to set; null or absent leaves a field unchanged."""

    title: str | None = None
    tags: list[str] | None = Field(default=None, description="Replaces all tags.")


class ListSessionsParameters(OffsetParameters):
    """Query parameters of the list of sessions."""

    agent_id: AgentId | None = Field(default=None, description="Only sessions of this agent.")
    limit: Annotated[int, AfterValidator(lambda limit: min(limit, MAX_LIMIT))] = Field(
        default=20, ge=0, description="Maximum number of sessions; above 100 it is 100."
    )


class Session(BaseModel):
    """A conversation with an agent."""

    id: str
    organization_id: str
    agent_id: str
    title: str | None = None
    status: SessionStatus = Field(
        description="`started` before the first turn, `active` during a turn, `idle` after it."
    )
    preview: str | None = Field(
        default=None, description="Beginning of the first user message; at most 200 characters."
    )
    output_preview: str | None = Field(
        default=None,
        description="Beginning of the agent's last message; at most 200 characters.",
    )
    model_id: str | None = Field(
        default=None,
        description="The requested model, or the agent's default when the session was created.",
    )
    tags: list[str] = []
    capabilities: list[AgentCapabilityConfig] = Field(
        default=[], description="The session's own, without the agent's."
    )
    usage: TokenUsage | None = Field(
        default=None, description="Tokens of all turns; null if there are none."
    )
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = Field(default=None, description="Start of the first turn.")
    finished_at: datetime | None = Field(
        default=None, description="Always null: a session has no final status."
    )
    harness_id: str = Field(
        default=HARNESS_ID, description="A constant, for clients that reject sessions without it."
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
            capabilities=AgentCapabilityConfig.list_of(session.capabilities),
            usage=TokenUsage.of(session.usage),
            created_at=session.created_at,
            updated_at=session.updated_at,
            started_at=session.started_at,
        )


class PaginatedResponse_Session(BaseModel):  # noqa: N801  # the schema's name in the API
    """A page of sessions, newest first."""

    data: list[Session]
    total: int = Field(ge=0, description="Number of matching sessions on all pages.")
    offset: int = Field(ge=0, description="Number of skipped sessions.")
    limit: int = Field(ge=0, description="Maximum number of sessions in a page.")
    next_cursor: str | None = Field(
        default=None, description="Cursor of the next page; null on the last page."
    )

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
    """Result of a cancellation: `no_op` if no turn was running."""

    CANCELLED = "cancelled"
    NO_OP = "no_op"


class CancelTurnResponse(BaseModel):
    """Result of a cancellation."""

    status: CancelStatus
    message: str = Field(description="The status in words, for people.")

    @classmethod
    def of(cls, cancelled: bool) -> "CancelTurnResponse":
        if cancelled:
            return cls(status=CancelStatus.CANCELLED, message="The turn was cancelled.")
        return cls(status=CancelStatus.NO_OP, message="No turn is running.")

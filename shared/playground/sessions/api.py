"""Playground session requests and answers, in the form of the Feather API."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.core.errors import NotFound
from shared.core.ids import RevisionId, SessionId
from shared.playground.catalog import CatalogEntry
from shared.playground.engine.values import MAX_TEXT
from shared.playground.pinned_graph import PinnedGraph
from shared.playground.sessions.domain import PlaygroundSession

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def to_session_id(text: str) -> SessionId:
    """Return the id that this surface shows as text.

    The Feather API accepts any text, so text that is not an id raises ``NotFound``.
    """
    if not _UUID.fullmatch(text):
        raise NotFound("Session not found")
    return SessionId(UUID(text))


class CreatePlaygroundSessionRequest(BaseModel):
    """Open a session against a catalog workflow (``catalog_slug``) or a revision
    (``revision_id``). Exactly one source must be supplied.
    """

    catalog_slug: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    revision_id: RevisionId | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.catalog_slug is None) == (self.revision_id is None):
            raise ValueError("exactly one of catalog_slug and revision_id must be supplied")
        return self


class GraphMeta(BaseModel):
    """The small graph descriptor surfaced to a client on session start and read."""

    name: str
    entry_node_id: str
    persona: str | None = None

    @classmethod
    def of(cls, graph: PinnedGraph) -> "GraphMeta":
        return cls(name=graph.name, entry_node_id=graph.entry_node_id, persona=graph.persona)


class PlaygroundSessionResponse(BaseModel):
    """A session: exactly one of ``catalog_slug`` and ``revision_id`` is set."""

    session_id: str
    catalog_slug: str | None = None
    revision_id: UUID | None = None
    graph: GraphMeta
    current_step_id: str | None
    completed_steps: list[str]
    context_vars: dict[str, Any]
    step_count: int
    last_signal: str | None
    awaiting_approval: bool = False
    created_at: datetime

    @classmethod
    def of(cls, session: PlaygroundSession) -> "PlaygroundSessionResponse":
        return cls(
            **_common(session),
            completed_steps=list(session.completed_steps),
            context_vars=session.context_vars,
        )


class SessionListParameters(BaseModel):
    """Filters and page of a list of sessions. Unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid")

    awaiting_approval: bool | None = Field(
        default=None,
        description="true: only sessions that await an approval; false: only the others.",
    )
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None


class PlaygroundSessionListResponse(BaseModel):
    """A session in a list, without its variables and completed steps."""

    session_id: str
    catalog_slug: str | None
    revision_id: UUID | None
    graph: GraphMeta
    current_step_id: str | None
    step_count: int
    last_signal: str | None
    awaiting_approval: bool
    approval_deadline: datetime | None
    tags: list[str] = Field(description="`scenario:<id>` if the session replays a scenario.")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, session: PlaygroundSession) -> "PlaygroundSessionListResponse":
        return cls(
            **_common(session),
            approval_deadline=session.approval_deadline,
            tags=list(session.tags),
            updated_at=session.updated_at,
        )


def _common(session: PlaygroundSession) -> dict[str, Any]:
    """Return the fields that a session has alone and in a list."""
    return {
        "session_id": str(session.id.uuid),
        "catalog_slug": session.catalog_slug,
        "revision_id": session.revision_id,
        "graph": GraphMeta.of(session.graph),
        "current_step_id": session.current_step_id,
        "step_count": session.step_count,
        "last_signal": session.last_signal,
        "awaiting_approval": session.awaiting_approval,
        "created_at": session.created_at,
    }


class SendMessageRequest(BaseModel):
    """A message of the user to the current node."""

    message: Annotated[
        str,
        Field(
            max_length=MAX_TEXT,
            pattern=r"\S",
            description="Must contain a character other than white space.",
        ),
    ]


class ResumeApprovalRequest(BaseModel):
    """Approve or deny the approval the session is suspended on."""

    decision: Literal["approve", "deny"]
    note: Annotated[str, Field(max_length=50_000)] | None = None


class CatalogWorkflow(BaseModel):
    """A workflow of the catalog; a session is opened on its slug."""

    slug: str
    name: str
    description: str
    persona: str | None
    entry_node_id: str

    @classmethod
    def of(cls, entry: CatalogEntry) -> "CatalogWorkflow":
        return cls(
            slug=entry.slug,
            name=entry.pinned.name,
            description=entry.description,
            persona=entry.pinned.persona,
            entry_node_id=entry.pinned.entry_node_id,
        )


class CatalogResponse(BaseModel):
    """The whole catalog, by slug."""

    items: list[CatalogWorkflow]

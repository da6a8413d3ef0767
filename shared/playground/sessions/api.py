"""Playground session requests and answers, in the form of the Feather API."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.core.api_types import Cursor
from shared.core.errors import NotFound
from shared.core.ids import EventId, RevisionId, SessionId, session_id_in_any_form
from shared.playground.catalog import CatalogEntry
from shared.playground.engine.values import MAX_TEXT
from shared.playground.pinned_graph import PinnedGraph
from shared.playground.sessions.domain import PlaygroundSession
from shared.sessions.recorded_worlds.answers import OnUnmatched

#: A session's id as any surface formats it: a UUID, ``session_`` and its digits, or these alone.
_ID = re.compile(
    r"(session_)?[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)


def to_session_id(text: str) -> SessionId:
    """Return the session id of a text in the form of any surface.

    The Feather API accepts any text, so text that is not an id raises ``NotFound``.
    """
    if not _ID.fullmatch(text):
        raise NotFound("Session not found")
    return session_id_in_any_form(text.lower())


class CreatePlaygroundSessionRequest(BaseModel, extra="forbid"):
    """Open a session against a catalog workflow (``catalog_slug``) or a revision
    (``revision_id``). Exactly one source must be supplied.
    """

    catalog_slug: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """Workflow of the catalog, as `GET /v1/workflow/playground/catalog` lists them."""

    revision_id: RevisionId | None = None
    """Revision of a workflow; it must have a graph."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.catalog_slug is None) == (self.revision_id is None):
            raise ValueError("exactly one of catalog_slug and revision_id must be supplied")
        return self


class ForkSessionRequest(BaseModel, extra="forbid"):
    """The turn at which to fork a session."""

    at_turn: Annotated[int, Field(ge=0, le=1_000_000)]
    """Number of the last turn that the fork begins with: from 0, for none, to the session's
    last."""


class ReplayScenarioRequest(CreatePlaygroundSessionRequest):
    """Open a session in the mock world of a scenario, against a catalog workflow
    (``catalog_slug``) or a revision (``revision_id``). Exactly one source must be supplied.
    """

    on_unmatched: OnUnmatched = "error"
    """Answer to a tool call whose arguments were not recorded. `error`: an error
    `no_recorded_answer` that names the nearest recorded arguments. `nearest`: the answer to
    these. `last`: the last recorded answer of the tool.
    """


class ForkedFrom(BaseModel):
    """The beginning of a fork's log."""

    session_id: str
    """Id of the session that was forked, a UUID; it may be deleted."""

    sequence: int
    """Sequence of the last event that both have."""


class GraphMeta(BaseModel):
    """The small graph descriptor surfaced to a client on session start and read."""

    name: str
    """Name of the graph."""

    entry_node_id: str
    """Node that the session starts at."""

    persona: str | None = None
    """Style in which the assistant speaks."""

    @classmethod
    def of(cls, graph: PinnedGraph) -> "GraphMeta":
        return cls(name=graph.name, entry_node_id=graph.entry_node_id, persona=graph.persona)


class PlaygroundSessionResponse(BaseModel):
    """A session: exactly one of ``catalog_slug`` and ``revision_id`` is set."""

    session_id: str
    """Id of the session, a UUID."""

    catalog_slug: str | None = None
    """Workflow of the catalog that the session was opened on."""

    revision_id: UUID | None = None
    """Revision that the session was opened on; later changes of it do not affect the session."""

    graph: GraphMeta
    """Graph that the session runs."""

    current_step_id: str | None
    """Node that awaits the user or a decision; null once the session has ended."""

    completed_steps: list[str]
    """Nodes in the order of their completion; a repeated node stands repeatedly."""

    context_vars: dict[str, Any]
    """Values of the variables that have one."""

    step_count: int
    """Nodes that were run."""

    last_signal: str | None
    """Last signal of the last turn, such as `approval_required` or `completed`."""

    awaiting_approval: bool = False
    """True if the session awaits a decision."""

    created_at: datetime
    """Time of creation."""

    forked_from: Annotated[ForkedFrom | None, Field(exclude_if=lambda one: one is None)] = None
    """Origin of a fork; absent from any other session."""

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

    awaiting_approval: bool | None = None
    """true: only sessions that await an approval; false: only the others."""

    limit: int = Field(default=50, ge=1, le=200)
    """Sessions in one page, at most; fewer if they are large."""

    cursor: Cursor | None = None
    """`next_cursor` of the previous page, with the same filters."""


class StreamParameters(BaseModel):
    """Position in the stream of a session. Unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid")

    since_id: EventId | None = None
    """Only frames after the one with this id; from the first turn on if absent."""


class PlaygroundSessionListResponse(BaseModel):
    """A session in a list, without its variables and completed steps."""

    session_id: str
    """Id of the session, a UUID."""

    catalog_slug: str | None
    """Workflow of the catalog that the session was opened on."""

    revision_id: UUID | None
    """Revision that the session was opened on."""

    graph: GraphMeta
    """Graph that the session runs."""

    current_step_id: str | None
    """Node that awaits the user or a decision; null once the session has ended."""

    step_count: int
    """Nodes that were run."""

    last_signal: str | None
    """Last signal of the last turn, such as `approval_required` or `completed`."""

    awaiting_approval: bool
    """True if the session awaits a decision."""

    approval_deadline: datetime | None
    """Time after which the awaited approval counts as denied."""

    tags: list[str]
    """`scenario:<id>` if the session replays a scenario."""

    created_at: datetime
    """Time of creation."""

    updated_at: datetime
    """Time of the last turn."""

    forked_from: Annotated[ForkedFrom | None, Field(exclude_if=lambda one: one is None)] = None
    """Origin of a fork; absent from any other session."""

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
        "forked_from": _forked_from(session),
    }


def _forked_from(session: PlaygroundSession) -> ForkedFrom | None:
    point = session.forked_from
    if point is None:
        return None
    return ForkedFrom(session_id=str(point.session_id.uuid), sequence=point.sequence)


class SendMessageRequest(BaseModel, extra="forbid"):
    """A message of the user to the current node."""

    message: Annotated[str, Field(max_length=MAX_TEXT, pattern=r"\S")]
    """Text of the user; must contain a character other than white space."""


class ResumeApprovalRequest(BaseModel, extra="forbid"):
    """Approve or deny the approval the session is suspended on."""

    decision: Literal["approve", "deny"]
    """Decision of a person: the session continues at the node for it."""

    note: Annotated[str, Field(max_length=50_000)] | None = None
    """Reason of the decision, for the trace."""


class CatalogWorkflow(BaseModel):
    """A workflow of the catalog; a session is opened on its slug."""

    slug: str
    """Name in requests, as `catalog_slug`."""

    name: str
    """Name for people."""

    description: str
    """Purpose of the workflow."""

    persona: str | None
    """Style in which the assistant speaks."""

    entry_node_id: str
    """Node that sessions start at."""

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
    """Workflows, by slug."""

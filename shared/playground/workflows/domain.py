"""A workflow and its revisions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.core.ids import OrganizationId, RevisionId, WorkflowId
from shared.playground.pinned import PinnedGraph

#: What ``compilation_status`` tells: no graph yet, or a valid one.
PENDING = "pending"
COMPILED = "compiled"
#: Where a revision does not say how its graph comes to be and what starts it.
DEFAULT_STRATEGY = "manual"
DEFAULT_TRIGGER = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow: a name for a line of revisions, one of which may be active."""

    id: WorkflowId
    organization_id: OrganizationId
    name: str
    description: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    active_revision_id: RevisionId | None = None
    created_at: datetime
    updated_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionContent:
    """What a client writes in a revision, without its graph.

    Model settings and policies are kept for the client and have no effect in the
    playground.
    """

    name: str
    description: str | None = None
    instructions: str
    system_prompt: str | None = None
    compilation_strategy: str = DEFAULT_STRATEGY
    trigger_type: str = DEFAULT_TRIGGER
    trigger_config: dict[str, Any] = field(default_factory=dict)
    router_config_id: str | None = None
    analyzer_model_settings: dict[str, Any] | None = None
    router_model_settings: dict[str, Any] | None = None
    policy_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a workflow that can be written, tried and made active.

    Attributes
    ----------
    graph
        The graph it runs, by its content; None until a valid one was put.
    active
        True while it is its workflow's active revision: then nothing in it changes.
    """

    id: RevisionId
    workflow_id: WorkflowId
    organization_id: OrganizationId
    content: RevisionContent
    graph: PinnedGraph | None = None
    active: bool = False
    created_by: str
    created_at: datetime
    updated_at: datetime
    version: int = 1

    @property
    def compilation_status(self) -> str:
        return PENDING if self.graph is None else COMPILED

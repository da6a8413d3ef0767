"""Workflow revision, and the rule that an active one does not change."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.core.errors import Conflict
from shared.core.ids import OrganizationId, RevisionId, WorkflowId
from shared.playground.pinned_graph import PinnedGraph

#: Values of ``compilation_status``: without a graph, and with a valid one.
PENDING = "pending"
COMPILED = "compiled"
DEFAULT_STRATEGY = "manual"
DEFAULT_TRIGGER = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionContent:
    """The fields of a revision that a client writes, without its graph.

    Model settings and policies are stored for the client and have no effect in the
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
    """One state of a workflow.

    ``graph`` is None until a valid one was put. An ``active`` revision does not change.
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


def require_inactive(revision: Revision) -> None:
    """Raise ``Conflict`` for an active revision."""
    if revision.active:
        raise Conflict(
            "The revision is active and cannot change; create a new one based on it.",
            code="revision_active",
        )

"""What the API says of workflows, revisions and graphs, as the Feather API has it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.playground.graph import Graph
from shared.playground.workflows.domain import Revision, Workflow
from shared.playground.workflows.requests import ModelChainEntry


class InputArgType(StrEnum):
    """Whether an agent may overwrite a configured input of a tool."""

    DEFAULT = "default"
    PINNED = "pinned"


class InputArgConfig(BaseModel):
    """A configured input of a tool."""

    model_config = ConfigDict(extra="forbid")

    value: Any
    type: InputArgType = InputArgType.DEFAULT


class WorkflowRevisionResponse(BaseModel):
    """A revision.

    A graph that was put is compiled at once: ``compilation_status`` is ``pending`` without
    a graph and ``compiled`` with one, and ``compilation_input_hash`` is the graph's content
    hash. There are no compile jobs, attached tools or knowledge bases in this service, so
    their fields are null or empty. In lists ``compiled_graph`` is left out (null).
    """

    id: UUID
    workflow_id: UUID
    name: str
    description: str | None = None
    instructions: str
    system_prompt: str | None = None
    compiled_graph: dict[str, Any] | None = None
    quality_report: dict[str, Any] | None = None
    compilation_errors: list[str] | None = None
    compilation_strategy: str
    compilation_status: str
    compilation_task_id: str | None = None
    compilation_input_hash: str | None = None
    trigger_type: str
    trigger_config: dict[str, Any]
    router_config_id: UUID | None = None
    analyzer_model_settings: ModelChainEntry | None = None
    router_model_settings: ModelChainEntry | None = None
    policy_ids: list[Any] = Field(default_factory=list)
    tool_input_defaults: dict[str, dict[str, InputArgConfig]] | None = None
    tools: list[dict[str, Any]] = Field(default_factory=list)
    knowledge_base_ids: list[UUID] = Field(default_factory=list)
    created_by: str | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, revision: Revision, graph: Graph | None = None) -> "WorkflowRevisionResponse":
        content = revision.content
        return cls.model_validate(
            {
                "id": revision.id,
                "workflow_id": revision.workflow_id,
                "name": content.name,
                "description": content.description,
                "instructions": content.instructions,
                "system_prompt": content.system_prompt,
                "compiled_graph": graph.normalized() if graph else None,
                "compilation_strategy": content.compilation_strategy,
                "compilation_status": revision.compilation_status,
                "compilation_input_hash": revision.graph and revision.graph.hash,
                "trigger_type": content.trigger_type,
                "trigger_config": content.trigger_config,
                "router_config_id": content.router_config_id,
                "analyzer_model_settings": content.analyzer_model_settings,
                "router_model_settings": content.router_model_settings,
                "policy_ids": list(content.policy_ids),
                "created_by": revision.created_by,
                "created_at": revision.created_at,
                "updated_at": revision.updated_at,
            }
        )


class WorkflowListResponse(BaseModel):
    """A workflow as a list shows it."""

    id: UUID
    organization_id: UUID
    name: str
    description: str | None = None
    active_revision_id: UUID | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, workflow: Workflow) -> "WorkflowListResponse":
        return cls(**_identity(workflow))


class WorkflowResponse(BaseModel):
    """A workflow with its active revision, whose graph is left out (null)."""

    id: UUID
    organization_id: UUID
    name: str
    description: str | None = None
    active_revision_id: UUID | None = None
    active_revision: WorkflowRevisionResponse | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, workflow: Workflow, active: Revision | None = None) -> "WorkflowResponse":
        return cls(
            **_identity(workflow),
            active_revision=WorkflowRevisionResponse.of(active) if active else None,
            metadata=workflow.metadata,
        )


class WorkflowAttachmentResponse(BaseModel):
    """An agent's revision that a workflow is attached to."""

    agent_id: UUID
    agent_name: str
    agent_revision_id: UUID
    priority: int
    enabled: bool
    is_active_revision: bool


class WorkflowDetailResponse(BaseModel):
    """A workflow in full. Workflows are not attached to agents in this service."""

    id: UUID
    organization_id: UUID
    name: str
    description: str | None = None
    active_revision_id: UUID | None = None
    active_revision: WorkflowRevisionResponse | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    created_at: datetime
    updated_at: datetime
    attachments: list[WorkflowAttachmentResponse] = Field(default_factory=list)

    @classmethod
    def of(
        cls, workflow: Workflow, active: Revision | None, graph: Graph | None
    ) -> "WorkflowDetailResponse":
        return cls(
            **_identity(workflow),
            active_revision=WorkflowRevisionResponse.of(active, graph) if active else None,
            metadata=workflow.metadata,
        )


def _identity(workflow: Workflow) -> dict[str, Any]:
    return {
        "id": workflow.id,
        "organization_id": workflow.organization_id.uuid,
        "name": workflow.name,
        "description": workflow.description,
        "active_revision_id": workflow.active_revision_id,
        "created_at": workflow.created_at,
        "updated_at": workflow.updated_at,
    }

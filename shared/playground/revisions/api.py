"""Workflow revision requests and answers, in the form of the Feather API."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from shared.core.ids import RevisionId
from shared.playground.graph import Graph
from shared.playground.revisions.domain import Revision

#: Nullable fields of a workflow or a revision: null in an update clears them, and leaves any
#: other field unchanged.
_NULLABLE = {
    "description",
    "system_prompt",
    "router_config_id",
    "analyzer_model_settings",
    "router_model_settings",
}


class ModelConfig(BaseModel):
    """Settings of a model. Stored for the client; the playground has its own model."""

    temperature: FiniteFloat | None = None
    max_tokens: int | None = None
    top_p: FiniteFloat | None = None
    stop_sequences: list[str] | None = None
    reasoning_effort: Literal["none", "low", "medium", "high", "xhigh"] | None = None
    request_timeout_ms: int | None = None
    thinking_budget: int | None = Field(default=None, ge=1)


class ModelChainEntry(BaseModel):
    """A model and its settings."""

    model: str
    config: ModelConfig = Field(default_factory=ModelConfig)


class _RevisionFields(BaseModel):
    description: str | None = None
    system_prompt: str | None = None
    compilation_strategy: str | None = None
    trigger_type: str | None = None
    trigger_config: dict[str, Any] | None = None
    router_config_id: UUID | None = None
    analyzer_model_settings: ModelChainEntry | None = None
    router_model_settings: ModelChainEntry | None = None
    policy_ids: list[UUID] | None = None


class WorkflowRevisionCreate(_RevisionFields):
    """A revision to create.

    With ``based_on_revision_id``, another revision of the workflow, omitted fields and the
    graph are taken from that one.
    """

    name: str
    instructions: str
    based_on_revision_id: RevisionId | None = None

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, as fields of ``RevisionContent``."""
        return _content(self.model_dump(mode="json", exclude_none=True))


class WorkflowRevisionUpdate(_RevisionFields):
    """Changes of a revision; omitted fields stay unchanged."""

    name: str | None = None
    instructions: str | None = None

    def changes(self) -> dict[str, Any]:
        """Return the changes, as fields of ``RevisionContent``."""
        return _content(changed_fields(self))


class InputArgType(StrEnum):
    """Kind of a configured tool input: a default that an agent may change, or pinned."""

    DEFAULT = "default"
    PINNED = "pinned"


class InputArgConfig(BaseModel):
    """A configured input of a tool."""

    model_config = ConfigDict(extra="forbid")

    value: Any
    type: InputArgType = InputArgType.DEFAULT


class WorkflowRevisionResponse(BaseModel):
    """A revision.

    A graph is compiled when it is put: ``compilation_status`` is ``pending`` without a graph
    and ``compiled`` with one, and ``compilation_input_hash`` is the content hash of the graph.
    There are no compile jobs, attached tools or knowledge bases in this service, so their
    fields are null or empty. In lists ``compiled_graph`` is null.
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
        return cls.model_validate(
            {
                **asdict(revision.content),
                "id": revision.id,
                "workflow_id": revision.workflow_id,
                "compiled_graph": graph.normalized() if graph else None,
                "compilation_status": revision.compilation_status,
                "compilation_input_hash": revision.graph and revision.graph.hash,
                "created_by": revision.created_by,
                "created_at": revision.created_at,
                "updated_at": revision.updated_at,
            }
        )


def changed_fields(update: BaseModel) -> dict[str, Any]:
    """Return the fields that an update sets; null clears nullable fields only."""
    sent = update.model_dump(mode="json", exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name in _NULLABLE}


def _content(fields: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name != "based_on_revision_id"}
    if "policy_ids" in kept:
        kept["policy_ids"] = tuple(kept["policy_ids"])
    return kept

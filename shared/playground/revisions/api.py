"""Workflow revision requests and answers, in the form of the Feather API."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from shared.core.api_types import Line, LongText, Paragraph, at_most_bytes
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


#: Bytes of a trigger's settings as JSON, entries of a revision's lists.
MAX_TRIGGER_BYTES = 64 * 1024
MAX_ENTRIES = 100


class ModelConfig(BaseModel):
    """Settings of a model. Stored for the client; the playground has its own model."""

    temperature: FiniteFloat | None = None
    """Randomness of the answers."""

    max_tokens: int | None = None
    """Tokens of an answer, at most."""

    top_p: FiniteFloat | None = None
    """Share of the probability that tokens are drawn from."""

    stop_sequences: list[str] | None = None
    """Texts that end an answer; at most 100 in a request."""

    reasoning_effort: Literal["none", "low", "medium", "high", "xhigh"] | None = None
    """Amount of reasoning before an answer."""

    request_timeout_ms: int | None = None
    """Timeout of a request to the model, in milliseconds."""

    thinking_budget: int | None = Field(default=None, ge=1)
    """Tokens of reasoning, at most."""


class ModelChainEntry(BaseModel):
    """A model and its settings."""

    model: str
    """Name of the model."""

    config: ModelConfig = Field(default_factory=ModelConfig)
    """Settings of the model."""


class ModelConfigInput(ModelConfig, extra="forbid"):
    """Settings of a model in a request. The limits do not apply to what is stored already."""

    stop_sequences: Annotated[list[Line], Field(max_length=MAX_ENTRIES)] | None = None


class ModelChainEntryInput(ModelChainEntry, extra="forbid"):
    """A model and its settings in a request."""

    model: Line
    config: ModelConfigInput = Field(default_factory=ModelConfigInput)


class _RevisionFields(BaseModel, extra="forbid"):
    description: Paragraph | None = None
    """Changes of the revision; null in an update removes the text."""

    system_prompt: LongText | None = None
    """Prompt of the workflow, stored for the client; null in an update removes it."""

    compilation_strategy: Line | None = None
    """Stored for the client; `manual` by default. Graphs are not compiled from instructions."""

    trigger_type: Line | None = None
    """Stored for the client; `manual` by default."""

    trigger_config: Annotated[dict[str, Any], at_most_bytes(MAX_TRIGGER_BYTES)] | None = None
    """Settings of the trigger, stored for the client; at most 64 KiB as JSON."""

    router_config_id: UUID | None = None
    """Stored for the client; null in an update removes it."""

    analyzer_model_settings: ModelChainEntryInput | None = None
    """Stored for the client; the playground has its own model. Null in an update removes it."""

    router_model_settings: ModelChainEntryInput | None = None
    """Stored for the client; the playground has its own model. Null in an update removes it."""

    policy_ids: Annotated[list[UUID], Field(max_length=MAX_ENTRIES)] | None = None
    """Policies, stored for the client; an update replaces all of them."""


class WorkflowRevisionCreate(_RevisionFields):
    """A revision to create.

    With ``based_on_revision_id``, another revision of the workflow, omitted fields and the
    graph are taken from that one.
    """

    name: Line
    """Name for people."""

    instructions: LongText
    """Purpose of the workflow, for people: a session runs the graph."""

    based_on_revision_id: RevisionId | None = None
    """Revision of the same workflow that omitted fields and the graph are copied from."""

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, as fields of ``RevisionContent``."""
        return _content(self.model_dump(mode="json", exclude_none=True))


class WorkflowRevisionUpdate(_RevisionFields):
    """Changes of a revision; omitted fields stay unchanged."""

    name: Line | None = None
    """New name; null leaves it unchanged."""

    instructions: LongText | None = None
    """New instructions; null leaves them unchanged."""

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
    """Value of the input."""

    type: InputArgType = InputArgType.DEFAULT
    """Permission of an agent to change the value."""


class WorkflowRevisionResponse(BaseModel):
    """A revision.

    A graph is compiled when it is put: ``compilation_status`` is ``pending`` without a graph
    and ``compiled`` with one, and ``compilation_input_hash`` is the content hash of the graph.
    There are no compile jobs, attached tools or knowledge bases in this service, so their
    fields are null or empty. In lists ``compiled_graph`` is null.
    """

    id: UUID
    """Id of the revision."""

    workflow_id: UUID
    """Workflow that the revision belongs to."""

    name: str
    """Name for people."""

    description: str | None = None
    """Changes of the revision."""

    instructions: str
    """Purpose of the workflow, for people."""

    system_prompt: str | None = None
    """Prompt of the workflow, as it was sent."""

    compiled_graph: dict[str, Any] | None = None
    """Graph with its defaults filled in; null without one, and in lists."""

    quality_report: dict[str, Any] | None = None
    """Always null in this service."""

    compilation_errors: list[str] | None = None
    """Always null: an invalid graph is not stored."""

    compilation_strategy: str
    """As it was sent; `manual` by default."""

    compilation_status: str
    """`pending` without a graph, `compiled` with one."""

    compilation_task_id: str | None = None
    """Always null in this service."""

    compilation_input_hash: str | None = None
    """SHA-256 of the graph's content, in hexadecimal."""

    trigger_type: str
    """As it was sent; `manual` by default."""

    trigger_config: dict[str, Any]
    """Settings of the trigger, as they were sent."""

    router_config_id: UUID | None = None
    """As it was sent."""

    analyzer_model_settings: ModelChainEntry | None = None
    """As they were sent."""

    router_model_settings: ModelChainEntry | None = None
    """As they were sent."""

    policy_ids: list[Any] = Field(default_factory=list)
    """As they were sent."""

    tool_input_defaults: dict[str, dict[str, InputArgConfig]] | None = None
    """Always null in this service."""

    tools: list[dict[str, Any]] = Field(default_factory=list)
    """Always empty: the graph names its tools."""

    knowledge_base_ids: list[UUID] = Field(default_factory=list)
    """Always empty: the graph names its knowledge bases."""

    created_by: str | None = None
    """API key that created the revision."""

    created_at: datetime
    """Time of creation."""

    updated_at: datetime
    """Time of the last change."""

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

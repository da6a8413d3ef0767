"""What the API takes for workflows and revisions, as the Feather API has it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, FiniteFloat

from shared.core.ids import RevisionId

#: Fields of a workflow or a revision that may be empty: null in an update clears them,
#: and leaves any other field as it is.
_NULLABLE = {
    "description",
    "system_prompt",
    "router_config_id",
    "analyzer_model_settings",
    "router_model_settings",
}


class ModelConfig(BaseModel):
    """How a model is to be called. Kept for the client; the playground has its own model."""

    temperature: FiniteFloat | None = None
    max_tokens: int | None = None
    top_p: FiniteFloat | None = None
    stop_sequences: list[str] | None = None
    reasoning_effort: Literal["none", "low", "medium", "high", "xhigh"] | None = None
    request_timeout_ms: int | None = None
    thinking_budget: int | None = Field(default=None, ge=1)


class ModelChainEntry(BaseModel):
    """A model and how it is to be called."""

    model: str
    config: ModelConfig = Field(default_factory=ModelConfig)


class WorkflowCreate(BaseModel):
    """A workflow to make."""

    name: str
    description: str | None = None
    metadata: dict[str, Any] | None = None


class WorkflowUpdate(BaseModel):
    """What to change in a workflow; what is left out stays as it is."""

    name: str | None = None
    description: str | None = None
    metadata: dict[str, Any] | None = None

    def changes(self) -> dict[str, Any]:
        """Return what is to be changed, as fields of ``Workflow``."""
        return _changes(self)


class WorkflowRevisionCreate(BaseModel):
    """A revision to make.

    With ``based_on_revision_id``, another revision of the workflow, what is left out is
    taken from that one, its graph included.
    """

    name: str
    description: str | None = None
    based_on_revision_id: RevisionId | None = None
    instructions: str
    system_prompt: str | None = None
    compilation_strategy: str | None = None
    trigger_type: str | None = None
    trigger_config: dict[str, Any] | None = None
    router_config_id: UUID | None = None
    analyzer_model_settings: ModelChainEntry | None = None
    router_model_settings: ModelChainEntry | None = None
    policy_ids: list[UUID] | None = None

    def given(self) -> dict[str, Any]:
        """Return what the client wrote, as fields of ``RevisionContent``."""
        return _content(self.model_dump(mode="json", exclude_none=True))


class WorkflowRevisionUpdate(BaseModel):
    """What to change in a revision; what is left out stays as it is."""

    name: str | None = None
    description: str | None = None
    instructions: str | None = None
    system_prompt: str | None = None
    compilation_strategy: str | None = None
    trigger_type: str | None = None
    trigger_config: dict[str, Any] | None = None
    router_config_id: UUID | None = None
    analyzer_model_settings: ModelChainEntry | None = None
    router_model_settings: ModelChainEntry | None = None
    policy_ids: list[UUID] | None = None

    def changes(self) -> dict[str, Any]:
        """Return what is to be changed, as fields of ``RevisionContent``."""
        return _content(_changes(self))


class WorkflowGraphRequest(BaseModel):
    """A graph to validate or to put into a revision; see ``graph.py`` for its form."""

    compiled_graph: dict[str, Any]


class SetActiveRevisionRequest(BaseModel):
    """The revision to make active."""

    revision_id: RevisionId


def _changes(update: BaseModel) -> dict[str, Any]:
    sent = update.model_dump(mode="json", exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name in _NULLABLE}


def _content(fields: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name != "based_on_revision_id"}
    if "policy_ids" in kept:
        kept["policy_ids"] = tuple(kept["policy_ids"])
    return kept

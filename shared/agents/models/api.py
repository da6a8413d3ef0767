"""Language models in the API."""

from datetime import UTC, datetime

from pydantic import BaseModel

from shared.agents.api import ListResponse
from shared.core.ids import derived_uuid
from shared.llm import registry

#: Models are part of the stack's configuration, which has no times.
_CONFIGURED_AT = datetime(2026, 1, 1, tzinfo=UTC)


class ModelInfo(BaseModel):
    """A language model of the stack.

    ``id``, ``name`` and ``provider`` are this API's; the other fields are those of newer
    versions of the Everruns API, whose clients reject a model without them.
    """

    id: str
    """Id that sessions, agents and messages refer to."""
    name: str
    """The provider's name of the model."""
    provider: str
    """`scripted`, `bedrock` or `openai`."""
    model_id: str
    """The same as `name`."""
    display_name: str
    """The same as `name`."""
    provider_id: str
    """Id derived from the provider."""
    provider_name: str
    """The same as `provider`."""
    provider_type: str
    """The same as `provider`."""
    capabilities: list[str] = ["chat", "tools"]
    """Abilities of the model, the same for all."""
    enabled: bool = True
    """Always true: a model of the stack can be used."""
    healthy: bool = True
    """True if the model's server is reachable, measured at most 30 s ago (`openai`); always true
    of the others, whose check would cost or say nothing."""
    health_reason: str | None = None
    """Reason why the model is not healthy; null if it is."""
    is_favorite: bool = False
    """Always false: there are no favorites."""
    source: str = "manual"
    """Always `manual`: models are configured with the stack."""
    created_at: datetime = _CONFIGURED_AT
    """A constant: the configuration has no times."""
    updated_at: datetime = _CONFIGURED_AT
    """A constant: the configuration has no times."""

    @classmethod
    def of(cls, model: registry.Model, unreachable: str | None = None) -> "ModelInfo":
        """Return a model; ``unreachable`` is the reason if its server does not answer."""
        return cls(
            id=str(model.id),
            name=model.name,
            provider=model.provider,
            model_id=model.name,
            display_name=model.name,
            provider_id=f"provider_{derived_uuid('model provider', model.provider).hex}",
            provider_name=model.provider,
            provider_type=model.provider,
            healthy=unreachable is None,
            health_reason=unreachable,
        )


class ListResponse_ModelInfo(ListResponse[ModelInfo]):  # noqa: N801  # the schema's name in the API
    """Language models of the stack."""

"""What agents and sessions have in common, as JSON values, and back."""

from typing import Any

from shared.agents.domain import CapabilityConfig
from shared.core.ids import ModelId


def capabilities_to_document(capabilities: tuple[CapabilityConfig, ...]) -> list[dict[str, Any]]:
    """Write capabilities; one without a configuration is its reference alone."""
    return [
        {"ref": one.ref} if one.config is None else {"ref": one.ref, "config": one.config}
        for one in capabilities
    ]


def capabilities_from_document(document: list[dict[str, Any]]) -> tuple[CapabilityConfig, ...]:
    """Read what :func:`capabilities_to_document` wrote."""
    return tuple(CapabilityConfig(one["ref"], one.get("config")) for one in document)


def model_to_document(model_id: ModelId | None) -> str | None:
    """Write the id of a model, or that there is none."""
    return str(model_id) if model_id else None


def model_from_document(document: str | None) -> ModelId | None:
    """Read what :func:`model_to_document` wrote."""
    return ModelId.parse(document) if document else None

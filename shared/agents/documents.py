"""What agents and sessions have in common, as JSON values, and back."""

from dataclasses import asdict
from typing import Any

from shared.agents.domain import CapabilityConfig, Turn
from shared.core.clock import moment, timestamp
from shared.core.ids import MessageId, ModelId, TurnId
from shared.llm.port import TokenUsage


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


def usage_to_document(usage: TokenUsage) -> dict[str, int]:
    """Write tokens; the counts that are 0 are left out."""
    return {name: tokens for name, tokens in asdict(usage).items() if tokens}


def turn_to_document(turn: Turn) -> dict[str, Any]:
    """Write a running turn."""
    return {
        "id": turn.id.hex,
        "input_message_id": turn.input_message_id.hex,
        "input_sequence": turn.input_sequence,
        "runner": turn.runner,
        "cause": turn.cause,
        "started_at": timestamp(turn.started_at),
        "heartbeat_at": timestamp(turn.heartbeat_at),
        "iterations": turn.iterations,
        "usage": usage_to_document(turn.usage),
    }


def turn_from_document(document: dict[str, Any]) -> Turn:
    """Read what :func:`turn_to_document` wrote."""
    return Turn(
        id=TurnId.parse(f"turn_{document['id']}"),
        input_message_id=MessageId.parse(f"message_{document['input_message_id']}"),
        input_sequence=document["input_sequence"],
        runner=document["runner"],
        cause=document["cause"],
        started_at=moment(document["started_at"]),
        heartbeat_at=moment(document["heartbeat_at"]),
        iterations=document["iterations"],
        usage=TokenUsage(**document["usage"]),
    )

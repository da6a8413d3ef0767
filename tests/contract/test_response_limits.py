"""Limits of requests do not apply to responses: what is stored always stays readable."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from local.whole_api import routes
from shared.core.api_types import at_most_bytes
from shared.runs.personas.api import (
    PersonaBehaviorConfig,
    PersonaCutInConfig,
    PersonaYieldConfig,
)

#: What a core schema rejects too large values by.
LIMITS = {"max_length", "le", "lt", "multiple_of", "pattern"}
#: What it rejects too small values by; a count is never negative.
LOWER_LIMITS = {"min_length", "ge", "gt"}
#: Limits that the contract states, in force ever since, by model and field.
CONTRACTS_OWN = {
    "ScenarioDraft.name",
    "ScenarioDraft.intent",
    "ScenarioDraft.journey",
    "ScenarioDraft.source_brief",
    "SuccessCriterion.description",
    "ModelConfig.thinking_budget",
    *(
        f"{model.__name__}.{name}"
        for model in (PersonaBehaviorConfig, PersonaCutInConfig, PersonaYieldConfig)
        for name, field in model.model_fields.items()
        if field.annotation in (int, float, str | None, int | None, float | None)
        or name == "backchannel_overrides"
    ),
}
SIZE_LIMIT = at_most_bytes(1).func.__code__

RESPONSES: list[tuple[str, Any]] = [
    (f"{min(route.methods or ())} {route.path} {status}", model)
    for route in routes()
    for status, model in [
        (route.status_code or 200, route.response_model),
        *((status, described.get("model")) for status, described in route.responses.items()),
    ]
    if model is not None
]


def limits(schema: Any, place: str = "") -> Iterator[str]:
    """Yield the model and field of each limit that a core schema enforces."""
    if isinstance(schema, list | tuple):
        for part in schema:
            yield from limits(part, place)
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("type"), str) and _is_limited(schema):
        yield place
    if schema.get("type") == "model":
        place = schema["cls"].__name__
    if schema.get("type") == "model-fields":
        for name, field in schema["fields"].items():
            yield from limits(field, f"{place}.{name}")
        return
    for name in schema.keys() - {"metadata", "serialization", "default"}:
        yield from limits(schema[name], place)


def _is_limited(schema: dict[str, Any]) -> bool:
    function = schema.get("function")
    called = function.get("function") if isinstance(function, dict) else None
    return (
        not LIMITS.isdisjoint(schema)
        or any(schema[name] != 0 for name in LOWER_LIMITS & schema.keys())
        or getattr(called, "__code__", None) is SIZE_LIMIT
    )


@pytest.mark.parametrize(("response", "model"), RESPONSES, ids=[name for name, _ in RESPONSES])
def test_response_enforces_no_limit(response: str, model: Any) -> None:
    found = set(limits(TypeAdapter(model).core_schema))
    assert not found - CONTRACTS_OWN


def test_limits_of_requests_are_found() -> None:
    bodies: list[Any] = [
        route.body_field.field_info.annotation for route in routes() if route.body_field
    ]
    found = {place for body in bodies for place in limits(TypeAdapter(body).core_schema)}
    assert {
        "WorkflowCreate.name",
        "WorkflowCreate.metadata",
        "ScenarioCreate.mock_world",
        "TestCaseInput.user_score",
        "SendMessageRequest.message",
        "InputMessage.content",
    } <= found


def test_allowances_are_in_use() -> None:
    found = {place for _, model in RESPONSES for place in limits(TypeAdapter(model).core_schema)}
    assert found >= CONTRACTS_OWN

"""Changes of products, versions, tests and test cases in the API.

A field left out stays, null clears it. What cannot change may be sent as it is, so that a
client can send back what it was answered.
"""

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from shared.evaluations.api import NotNull, NullableContext, NullableInput, Request
from shared.evaluations.parent_models import Positive

_STAYS = "Cannot be changed; it may be sent as it is."
_Name = Annotated[
    str | None, NotNull, Field(min_length=1), WithJsonSchema({"type": "string", "minLength": 1})
]
_Flag = Annotated[bool | None, NotNull, WithJsonSchema({"type": "boolean"})]


class Update(Request):
    """What all four have in common."""

    id: str | None = Field(default=None, description=_STAYS)
    user_id: str | None = Field(default=None, description=_STAYS)
    created_at: str | None = Field(default=None, description=_STAYS)
    deleted_at: str | None = Field(default=None, description=_STAYS)

    def told(self) -> dict[str, Any]:
        """Return the fields that were sent, null among them."""
        return self.model_dump(exclude_unset=True)


class ProductUpdate(Update):
    """What to change of a product."""

    organization_id: str | None = Field(default=None, description=_STAYS)
    name: _Name = None
    description: Annotated[str | None, NotNull, WithJsonSchema({"type": "string"})] = None


class VersionUpdate(Update):
    """What to change of a version."""

    product_id: str | None = Field(default=None, description=_STAYS)
    name: _Name = None
    description: str | None = None
    system_prompt: str | None = None
    model_id: str | None = None
    dataset_description: str | None = None
    dataset_uri: str | None = None
    guardrails: str | None = None


class TestUpdate(Update):
    """What to change of a test."""

    product_id: str | None = Field(default=None, description=_STAYS)
    name: _Name = None
    type: str | None = None
    language_code: str | None = None
    ground_truth_uri: str | None = None
    few_shot: str | None = None
    custom_user_persona: str | None = None
    variants: list[str] | None = None
    strategies: list[str] | None = None
    custom_variant_description: str | None = None
    max_test_cases: Positive | None = None
    max_iterations: Positive | None = None
    uri: str | None = None
    status: str | None = None
    metadata: Any = None


class TestCaseUpdate(Update):
    """What to change of a test case; sessions that run it keep the context they began with."""

    test_id: str | None = Field(default=None, description=_STAYS)
    input: NullableInput = None
    context: NullableContext = None
    expected_output: str | None = None
    expected_tools: list[str] | None = None
    user_persona: str | None = None
    scenario: str | None = None
    goal: str | None = None
    stopping_criterias: list[str] | None = None
    max_iterations: Positive | None = None
    variant: str | None = None
    strategy: str | None = None
    language_code: str | None = None
    source: str | None = None
    source_file: str | None = None
    source_test_case_id: str | None = None
    is_augmented: _Flag = None
    confidence: float | None = None
    confidence_reason: str | None = None
    reviewed_by_id: str | None = None
    user_score: int | None = None
    user_score_reason: str | None = None

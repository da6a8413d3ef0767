"""Products, versions, tests and test cases in the API. Names are the Galtea API's.

The official SDK sends every field it knows, most of them null: all but the names of
things and of their parents may be.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from shared.evaluations.api import (
    Answer,
    Id,
    Moment,
    NullableContext,
    NullableId,
    NullableInput,
    NullableMoment,
    Request,
)

Name = Annotated[str, Field(min_length=1)]
Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ProductInput(Request):
    """A product to evaluate."""

    name: Name
    description: str = ""


class Product(Answer):
    """A product under evaluation."""

    id: Id
    organization_id: Id
    user_id: NullableId
    name: str
    description: str
    created_at: Moment
    deleted_at: NullableMoment


class VersionInput(Request):
    """A version of a product; without a name it gets the next number, as in `v3`."""

    product_id: str
    name: str | None = None
    description: str | None = None
    system_prompt: str | None = None
    model_id: str | None = None
    dataset_description: str | None = None
    dataset_uri: str | None = None
    guardrails: str | None = None


class Version(Answer):
    """A version of a product."""

    id: Id
    product_id: Id
    user_id: NullableId
    name: str
    description: str | None
    system_prompt: str | None
    model_id: str | None
    dataset_description: str | None
    dataset_uri: str | None
    guardrails: str | None
    created_at: Moment
    deleted_at: NullableMoment


class TestInput(Request):
    """A test of a product: a set of test cases."""

    product_id: str
    name: Name
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


class Test(Answer):
    """A test of a product."""

    id: Id
    product_id: Id
    user_id: NullableId
    name: str
    type: str | None
    language_code: str | None
    ground_truth_uri: str | None
    few_shot: str | None
    custom_user_persona: str | None
    variants: list[str] | None
    strategies: list[str] | None
    custom_variant_description: str | None
    max_test_cases: int | None
    max_iterations: int | None
    uri: str | None
    status: str | None
    metadata: Any
    created_at: Moment
    deleted_at: NullableMoment


class TestCaseInput(Request):
    """A case of a test: what the user says or wants, and what is expected."""

    test_id: str
    input: NullableInput = Field(
        default=None, description="What the user says; a string is kept as `{user_message: …}`."
    )
    context: NullableContext = Field(
        default=None, description="What it is about; a string is kept as `{value: …}`."
    )
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
    is_augmented: Annotated[bool, BeforeValidator(bool)] = False
    confidence: float | None = None
    confidence_reason: str | None = None
    reviewed_by_id: str | None = None
    user_score: int | None = None
    user_score_reason: str | None = None


class TestCase(Answer):
    """A case of a test."""

    id: Id
    test_id: Id
    user_id: NullableId
    expected_output: str | None
    source: str | None
    source_file: str | None
    confidence_reason: str | None
    variant: str | None
    strategy: str | None
    language_code: str | None
    user_persona: str | None
    scenario: str | None
    goal: str | None
    reviewed_by_id: str | None
    user_score_reason: str | None
    source_test_case_id: str | None
    input: Annotated[dict[str, Any], BeforeValidator(lambda value: value or {})]
    context: Annotated[dict[str, Any], BeforeValidator(lambda value: value or {})]
    expected_tools: Annotated[list[str], BeforeValidator(lambda value: value or [])]
    stopping_criterias: Annotated[list[str], BeforeValidator(lambda value: value or [])]
    max_iterations: int | None
    is_augmented: bool
    confidence: float | None
    user_score: int | None
    credits_used: int | None
    created_at: Moment
    deleted_at: NullableMoment
